//! A line as it was typed, before anyone asks what it means.

use super::operator::{self, Operator};
use super::{OptionDef, Tag, TagKind, Word};
use model::Span;

/// One line: a method or a local command with what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The profile named before the method, as `work` in `work:service.list`.
    pub profile: Option<Word>,
    /// What makes it a call by the service's own name for a method, or by an address.
    pub raw: Option<Raw>,
    /// The method or command.
    pub head: Word,
    /// Names and values in order.
    pub items: Vec<Item>,
    /// Options, wherever they were.
    pub options: Vec<OptionUse>,
    /// Where the result goes.
    pub redirect: Option<Redirect>,
    /// From the first word to the last.
    pub span: Span,
    /// Its words came apart already, from another shell: quotes mean nothing in it.
    pub in_words: bool,
}

/// The words in front of a name or an address that need not be in any catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The word `call`.
    pub word: Word,
    /// The verb in front of an address.
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

/// A value or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The type in front of it.
    pub tag: Option<Tag>,
    /// The text; empty after `(null)`.
    pub word: Word,
}

impl Item {
    /// Whether the word is a list by its type.
    pub fn is_list(&self) -> bool {
        matches!(self.tag, Some(Tag { kind: TagKind::List(_), .. }))
    }
}

/// An option that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionUse {
    /// Which one.
    pub option: &'static OptionDef,
    /// Its value; there is one whenever the option wants one.
    pub value: Option<Word>,
    /// The option as it was typed, with what was glued to it.
    pub typed: String,
    /// The option with its value.
    pub span: Span,
}

/// Where the result goes instead of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// What it is sent to.
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
    /// The redirect of an operator to a file.
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

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Word> {
        match self {
            RedirectKind::Pipe(file)
            | RedirectKind::Write(file)
            | RedirectKind::Append(file)
            | RedirectKind::Force(file) => Some(file),
            RedirectKind::Command(_) => None,
        }
    }

    /// The command, if it is one.
    pub fn command(&self) -> Option<&str> {
        match self {
            RedirectKind::Command(command) => Some(command),
            _ => None,
        }
    }
}
