//! The smallest parts of a line, from which the parser builds lines and colours.

use super::operator::Operator;
use super::{Line, SyntaxError, TagKind, Word};
use model::Span;

/// The smallest unit of the grammar.
#[derive(Debug)]
pub(super) struct Lexeme {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is.
    pub(super) span: Span,
    /// Whether it is joined to the lead before it.
    pub(super) glued: bool,
    /// What is wrong with it. It can still be read, so that the rest makes sense.
    pub(super) fault: Option<SyntaxError>,
}

impl Lexeme {
    /// Whether it is the word `each`, which means something after `|`.
    pub(super) fn is_each(&self) -> bool {
        matches!(&self.kind, Kind::Word(word) if word.is(Line::EACH))
    }
}

/// The kinds of lexemes.
#[derive(Debug)]
pub(super) enum Kind {
    /// Any other word.
    Word(Word),
    /// `work` in `work:service.list`.
    Profile(Word),
    /// `(int)`.
    Tag(TagKind),
    /// `--output` or `-o`, known or not.
    Option(String),
    /// A redirect to a file.
    Operator(Operator),
    /// `|!` with its command, and the command's position.
    Command(String, Span),
    /// `!` with a command of the user's own shell, and the command's position.
    Own(String, Span),
    /// From `#` to the end of the line.
    Comment,
    /// A newline or `;`.
    Separator,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bare_word_is_each() {
        let lexeme = |kind| Lexeme { kind, span: Span::new(0, 4), glued: false, fault: None };
        let word = |text: &str, quoted| {
            let mut word = Word::default();
            word.push(text, quoted);
            lexeme(Kind::Word(word)).is_each()
        };
        assert!(word("each", false) && !word("each", true) && !word("Each", false) && !word("./each", false));
        assert!(!lexeme(Kind::Separator).is_each());
    }
}
