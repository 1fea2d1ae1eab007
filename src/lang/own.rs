//! A command of the user's own shell in a line: `!ls`, `let files = !ls`, `save files !ls`.

use model::Span;

/// A command of the user's own shell. It is the whole line after `!`, or the last part of a line of `let` or `save`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The command as it was typed.
    pub text: String,
    /// Its position, without the `!`.
    pub span: Span,
}

impl Own {
    /// The head of a line that is such a command and nothing else.
    pub const HEAD: &str = "!";
    /// The command that stores what such a command writes under a name.
    pub const LET: &str = "let";
    /// The command that saves such a line under a name.
    pub const SAVE: &str = "save";
}

#[cfg(test)]
mod tests {
    use crate::parse;

    #[test]
    fn the_rest_of_the_row_is_the_command() {
        for (text, command, whole) in [
            ("!ls -l | wc; x > f # c", "ls -l | wc; x > f # c", true),
            ("  ! ls", "ls", true),
            ("!echo 'a\nb'", "echo 'a\nb'", true),
            ("!!", "!", true),
            ("x; !ls", "ls", true),
            ("work:!ls", "ls", true),
            ("# c\n!ls", "ls", true),
            ("let x = !date; y", "date; y", false),
            ("let x = ! date", "date", false),
            ("save up !uptime -p", "uptime -p", false),
        ] {
            let line = parse(text).unwrap().pop().unwrap();
            assert_eq!(line.own.as_ref().map(|own| own.text.as_str()), Some(command), "{text}");
            assert_eq!(line.own_command().is_some(), whole, "{text}");
            let again = parse(&line.to_string()).unwrap().remove(0);
            assert_eq!(again.own.map(|own| own.text).as_deref(), Some(command), "{text} as {line}");
        }
    }

    #[test]
    fn elsewhere_it_is_text() {
        for text in ["x n !ls", "let x = '!ls'", "let x = a !ls", "'!ls'", "save 'a' b !ls", "x; let y = a!"] {
            assert!(parse(text).unwrap().iter().all(|line| line.own.is_none()), "{text}");
        }
    }
}
