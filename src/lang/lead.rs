//! The prefixes of words that are separate parts: a type, an option, a profile.
//!
//! `(int)5`, `-ojson`, `--output=json` and `work:list` look like one word but are two parts in the grammar: a lead, and
//! what is joined to it. The prompt and the arguments of the program both use this module, so that they cannot differ.

use super::lexeme::{Kind, Lexeme};
use super::{SyntaxError, TagKind, Word};
use model::Span;

/// A lead found at the start of a word.
pub(super) struct Lead {
    /// The lead itself.
    pub(super) lexeme: Lexeme,
    /// Whether a word is joined to it, even an empty one.
    pub(super) glued: bool,
}

/// The context of the beginning of a word.
pub(super) struct Around {
    /// The line has no head yet.
    pub(super) fresh: bool,
    /// The next character, if it belongs to the word.
    pub(super) next: Option<char>,
}

/// Whether a profile before a method cannot have this character. A word of a command line may have any: one that would
/// end a word of a typed line is part of the method's name, which can be written in quotes.
fn cannot_name(c: char) -> bool {
    c.is_whitespace() || ":'\"|;".contains(c)
}

/// The lead that the bare text is, checked after every character.
pub(super) fn lead(text: &str, span: Span, around: &Around) -> Option<Lead> {
    let glued = around.next.is_some();
    let but_last = Span::new(span.start, span.end.saturating_sub(1));
    let (kind, span, glued) = match text.chars().next()? {
        '(' => return text.ends_with(')').then(|| tag(text, span, glued)),
        '-' => match text.strip_suffix('=') {
            Some(name) if is_option(name) => (Kind::Option(name.to_owned()), but_last, true),
            None if is_short(text) && around.next != Some('=') => (Kind::Option(text.to_owned()), span, glued),
            _ => return None,
        },
        '?' if around.fresh && text == "?" => (Kind::Word(Word::bare(text, span)), span, false),
        _ => {
            if !around.fresh || !glued {
                return None;
            }
            let profile = text.strip_suffix(':').filter(|name| !name.is_empty() && !name.contains(cannot_name))?;
            (Kind::Profile(Word::bare(profile, but_last)), but_last, true)
        }
    };
    Some(Lead { lexeme: Lexeme { kind, span, glued: false, fault: None }, glued })
}

/// The kind of a word that has ended without a lead.
pub(super) fn whole(word: Word) -> (Kind, Option<SyntaxError>) {
    let start = word.pieces.first().filter(|piece| !piece.quoted).map_or("", |piece| &piece.text);
    if start.starts_with('(') && !word.pieces.iter().any(|piece| !piece.quoted && piece.text.contains(')')) {
        let fault = SyntaxError::OpenType { text: word.text(), span: word.span };
        return (Kind::Word(word), Some(fault));
    }
    if is_option(start) {
        return (Kind::Option(word.text()), None);
    }
    (Kind::Word(word), None)
}

/// A type in parentheses. An unknown one counts as a string, so that the rest can still be read.
fn tag(text: &str, span: Span, glued: bool) -> Lead {
    let name = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let kind = TagKind::parse(name);
    let fault = kind.is_none().then(|| SyntaxError::UnknownType { name: name.to_owned(), span });
    let kind = Kind::Tag(kind.unwrap_or(TagKind::String));
    Lead { lexeme: Lexeme { kind, span, glued: false, fault }, glued }
}

fn is_option(text: &str) -> bool {
    let letters = text.strip_prefix("--").or(text.strip_prefix('-')).unwrap_or("");
    letters.starts_with(char::is_alphabetic)
}

fn is_short(text: &str) -> bool {
    let mut letters = text.chars().skip(1);
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}
