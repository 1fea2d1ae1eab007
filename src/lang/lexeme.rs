//! The smallest parts of a line, from which the parser makes lines and colours.

use super::operator::Operator;
use super::{SyntaxError, TagKind, Word};
use model::Span;

/// The smallest thing the grammar knows.
#[derive(Debug)]
pub(super) struct Lexeme {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is.
    pub(super) span: Span,
    /// Whether it belongs to the lead just before it.
    pub(super) glued: bool,
    /// What is wrong with it. It can be read all the same, so that what follows still makes sense.
    pub(super) fault: Option<SyntaxError>,
}

/// The kinds of lexemes.
#[derive(Debug)]
pub(super) enum Kind {
    /// Any word without a meaning of its own.
    Word(Word),
    /// `work` in `work:service.list`.
    Profile(Word),
    /// `(int)`.
    Tag(TagKind),
    /// `--output` or `-o`, known or not.
    Option(String),
    /// A redirect that a file follows.
    Operator(Operator),
    /// `|!` with its command, which is at the span.
    Command(String, Span),
    /// From `#` to the end of the line.
    Comment,
    /// A newline or `;`.
    Separator,
}
