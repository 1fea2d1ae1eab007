//! How far a line has come, where that decides what a `!` or a colon means.

use super::lexeme::Kind;
use super::operator::Operator;
use super::{Line, Own};

/// The words of a line so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// None: the next one is its head.
    Fresh,
    /// `let`.
    Let,
    /// `let` and a name.
    Named,
    /// `save`.
    Save,
    /// A command of the user's own shell may follow: after `let NAME =` and `save NAME`.
    Value,
    /// `|`.
    Piped,
    /// `| each`: the next one is the head of a call.
    Fed,
    /// Others.
    Inside,
}

impl Stage {
    /// Whether a `!` begins a command of the user's own shell here.
    pub(super) fn takes_command(self) -> bool {
        matches!(self, Stage::Fresh | Stage::Value)
    }

    /// Whether the next word is a head, which an account may come before.
    pub(super) fn takes_head(self) -> bool {
        matches!(self, Stage::Fresh | Stage::Fed)
    }

    /// The stage after a further part of the text.
    pub(super) fn after(self, part: &Kind) -> Stage {
        let is = |text: &str| matches!(part, Kind::Word(word) if word.is(text));
        match (self, part) {
            (_, Kind::Separator) => Stage::Fresh,
            (_, Kind::Operator(Operator::Pipe)) => Stage::Piped,
            (Stage::Piped, _) if is(Line::EACH) => Stage::Fed,
            (stage, Kind::Profile(_) | Kind::Comment) => stage,
            (Stage::Fresh, _) if is(Own::LET) => Stage::Let,
            (Stage::Fresh, _) if is(Own::SAVE) => Stage::Save,
            (Stage::Let, Kind::Word(_)) => Stage::Named,
            (Stage::Named, _) if is("=") => Stage::Value,
            (Stage::Save, Kind::Word(_)) => Stage::Value,
            _ => Stage::Inside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::Lexer;

    #[test]
    fn a_command_may_follow_where_a_line_begins_and_where_its_output_is_wanted() {
        for (text, takes) in [
            ("", true),
            ("x;", true),
            ("x\n # c\n", true),
            ("let x =", true),
            ("save x", true),
            ("x", false),
            ("let", false),
            ("let x", false),
            ("let =", false),
            ("let x = y", false),
            ("let x = (string)", false),
            ("'let' x =", false),
            ("save", false),
            ("save x y", false),
            ("x | each", false),
            ("x | each y", false),
        ] {
            let stage = Lexer::new(text).fold(Stage::Fresh, |stage, lexeme| stage.after(&lexeme.kind));
            assert_eq!(stage.takes_command(), takes, "{text}");
        }
    }

    #[test]
    fn a_head_begins_a_line_and_a_call_for_each_member() {
        for (text, takes) in
            [("", true), ("x;", true), ("x | each", true), ("x |", false), ("x | 'each'", false), ("x > each", false)]
        {
            let stage = Lexer::new(text).fold(Stage::Fresh, |stage, lexeme| stage.after(&lexeme.kind));
            assert_eq!(stage.takes_head(), takes, "{text}");
        }
    }
}
