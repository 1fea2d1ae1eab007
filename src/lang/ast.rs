//! A line as it was typed, before its words are interpreted.

use super::operator::{self, Operator};
use super::{OptionDef, Own, Piece, Tag, TagKind, Word};
use model::Span;

/// One line: a method or a local command with what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The accounts named before the line, as `@work,@home` in `@work,@home service.list`.
    pub accounts: Option<Word>,
    /// The profile named before the method, as `work` in `work:service.list`.
    pub profile: Option<Word>,
    /// Set for a call by a service's own method name, or by an address.
    pub raw: Option<Raw>,
    /// The method or command.
    pub head: Word,
    /// Names and values in order.
    pub items: Vec<Item>,
    /// Options, in any position.
    pub options: Vec<OptionUse>,
    /// Where the result goes.
    pub redirect: Option<Redirect>,
    /// The command of the user's own shell that it is, or ends with.
    pub own: Option<Own>,
    /// The call after `| each`, which is made once for each member of the result.
    pub each: Option<Box<Line>>,
    /// From the first word to the last.
    pub span: Span,
    /// The words were separate arguments, split by another shell: quotes have no meaning in it.
    pub in_words: bool,
}

impl Line {
    /// The word between `|` and the call that is made for each member of a result.
    pub const EACH: &str = operator::EACH;
}

/// The words before a name or an address that need not be in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The word `call`.
    pub word: Word,
    /// The verb before an address.
    pub verb: Option<Word>,
}

impl Raw {
    /// The word that such a line begins with.
    pub const WORD: &str = "call";

    /// Whether a word can be the verb of an address: it is written in capitals.
    pub(super) fn is_verb(word: &Word) -> bool {
        let text = word.text();
        word.is_bare() && text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

/// A name or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The type before it.
    pub tag: Option<Tag>,
    /// The text; empty after `(null)`.
    pub word: Word,
}

impl Item {
    /// A value that is this text and nothing else, in the place of another.
    pub fn of_text(text: &str, span: Span) -> Item {
        Item { tag: None, word: Word { pieces: vec![Piece { text: text.to_owned(), quoted: true }], span } }
    }

    /// Whether its type makes it a list.
    pub fn is_list(&self) -> bool {
        matches!(self.tag, Some(Tag { kind: TagKind::List(_), .. }))
    }
}

/// An option that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionUse {
    /// Which one.
    pub option: &'static OptionDef,
    /// Its value; always present if the option requires one.
    pub value: Option<Word>,
    /// The option as typed, with anything joined to it.
    pub typed: String,
    /// The option with its value.
    pub span: Span,
}

/// Where the result goes instead of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The kind of redirect, with its target.
    pub kind: RedirectKind,
    /// The operator with its file or command.
    pub span: Span,
}

/// The ways to send a result elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    /// `| FILE`
    Pipe(Word),
    /// `> FILE`
    Write(Word),
    /// `>> FILE`
    Append(Word),
    /// `>! FILE`
    Force(Word),
    /// `|! COMMAND …`, the command as it was typed.
    Command(String),
}

impl RedirectKind {
    /// The redirect for an operator with a file.
    pub(super) fn onto(operator: Operator, file: Word) -> RedirectKind {
        match operator {
            Operator::Append => RedirectKind::Append(file),
            Operator::Force => RedirectKind::Force(file),
            Operator::Write => RedirectKind::Write(file),
            Operator::Pipe => RedirectKind::Pipe(file),
        }
    }

    /// The operator as it is typed.
    pub fn symbol(&self) -> &'static str {
        match self {
            RedirectKind::Pipe(_) => Operator::Pipe.symbol(),
            RedirectKind::Write(_) => Operator::Write.symbol(),
            RedirectKind::Append(_) => Operator::Append.symbol(),
            RedirectKind::Force(_) => Operator::Force.symbol(),
            RedirectKind::Command(_) => operator::COMMAND,
        }
    }

    /// The file, unless it is a command.
    pub fn file(&self) -> Option<&Word> {
        match self {
            RedirectKind::Pipe(file)
            | RedirectKind::Write(file)
            | RedirectKind::Append(file)
            | RedirectKind::Force(file) => Some(file),
            RedirectKind::Command(_) => None,
        }
    }

    /// The command, unless it is a file.
    pub fn command(&self) -> Option<&str> {
        match self {
            RedirectKind::Command(command) => Some(command),
            _ => None,
        }
    }
}
