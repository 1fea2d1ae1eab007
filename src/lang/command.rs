//! The command after `|!`: text for the user's own shell.

use std::borrow::Cow;

use super::outside::unseen_outside;

/// The most lines that an open quote may join to a command: without a limit, one missing quote in a long script would
/// be tried at every newline to its end.
const MAX_LINES: usize = 1000;

/// The command at the start of `text`: up to the first newline outside quotes that is not escaped. `None` when it does
/// not end.
pub(super) fn at_start(text: &str) -> Option<&str> {
    let ends = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]);
    ends.take(MAX_LINES)
        .filter_map(|end| text.get(..end))
        .map(|command| command.trim_end_matches('\r'))
        .find(|command| shlex::split(command).is_some())
}

/// Whether there is nothing to run.
pub(super) fn is_empty(command: &str) -> bool {
    shlex::split(command).is_some_and(|words| words.is_empty())
}

/// The command from separate arguments: text joined to the operator and a single argument are command text; several
/// arguments are words of a command. `None` when a quote is open or an argument cannot be part of a command.
pub(super) fn from_arguments(glued: &str, arguments: &[&str]) -> Option<String> {
    let glued = glued.trim_start();
    let command: Cow<'_, str> = match (glued, arguments) {
        (_, []) => glued.into(),
        ("", [only]) => only.trim_start().into(),
        ("", words) => shlex::try_join(words.iter().copied()).ok()?.into(),
        (_, words) => format!("{glued} {}", shlex::try_join(words.iter().copied()).ok()?).into(),
    };
    let words = shlex::split(&command)?;
    // Text that reads the same on one line is kept unchanged.
    match at_start(&command) {
        Some(line) if line == command && !has_unseen(&command) => Some(command.into_owned()),
        _ => words.iter().map(|word| spelt(word)).collect::<Option<Vec<_>>>().map(|words| words.join(" ")),
    }
}

/// Whether there is an invisible character outside quotes.
fn has_unseen(command: &str) -> bool {
    unseen_outside(command, &['\'', '"'], 0).is_some()
}

/// A word of a command, with quotes around invisible characters.
fn spelt(word: &str) -> Option<String> {
    let plain = shlex::try_quote(word).ok()?.into_owned();
    let quoted = || format!("'{}'", word.replace('\'', r"'\''"));
    Some(if has_unseen(&plain) { quoted() } else { plain })
}

/// Words quoted for a POSIX shell; `None` when one contains a character that no shell can pass on.
pub(super) fn joined<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    shlex::try_join(words).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_with_its_line() {
        for (text, command) in [
            ("jq .", Some("jq .")),
            ("jq .a;b | c\nnext", Some("jq .a;b | c")),
            ("jq '.a\n.b' x\nnext", Some("jq '.a\n.b' x")),
            ("jq \\\n .\nnext", Some("jq \\\n .")),
            ("jq .\r\nnext", Some("jq .")),
            ("jq . # it's all\nnext", Some("jq . # it's all")),
            ("jq '.a", None),
            ("jq \\", None),
        ] {
            assert_eq!(at_start(text), command, "{text}");
        }
    }

    #[test]
    fn arguments_make_one_command() {
        for (glued, arguments, command) in [
            ("", &["jq", ".a b"][..], Some("jq '.a b'")),
            ("", &["jq .a | head"], Some("jq .a | head")),
            ("jq .a", &[], Some("jq .a")),
            (" jq", &["a b"], Some("jq 'a b'")),
            ("", &["jq\n."], Some("jq .")),
            ("", &["jq 'a\nb'"], Some("jq 'a\nb'")),
            ("", &[], Some("")),
            ("jq 'a", &[], None),
            ("", &["a\0b", "c"], None),
        ] {
            assert_eq!(from_arguments(glued, arguments).as_deref(), command, "{glued} {arguments:?}");
        }
    }
}
