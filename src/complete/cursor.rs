//! The kind of word at the cursor, and what surrounds it.

use std::sync::Arc;

use lang::{OptionDef, TagKind, Takes, Token, TokenKind, tokens};
use model::{Method, Span};
use registry::accounts::named;
use registry::{Registry, Source};

/// The kind of word that is expected.
#[derive(Debug, PartialEq)]
pub(super) enum Place<'t> {
    /// Accounts before a line.
    Accounts,
    /// A method or a command.
    Head,
    /// The name of a parameter, or a word of a command.
    Name,
    /// A type; the name is the parameter's.
    Tag(&'t str),
    /// A value of the parameter of that name.
    Value(&'t str),
    Option,
    OptionValue(&'static OptionDef),
    File,
    Nothing,
}

/// The word being typed, with its surroundings.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    /// Where the word begins.
    pub(super) start: usize,
    /// The part of it before the cursor.
    pub(super) word: &'t str,
    pub(super) place: Place<'t>,
    /// The accounts before the line.
    pub(super) accounts: Option<&'t str>,
    /// The word before the colon of the method.
    pub(super) profile: Option<&'t str>,
    pub(super) head: Option<&'t str>,
    /// How many names and values come before the word.
    pub(super) nth: usize,
    /// The type before the word, with its parentheses.
    pub(super) tag: Option<&'t str>,
    /// Names of parameters in the rest of the line, including after the cursor.
    pub(super) used: Vec<&'t str>,
    /// The values there, each with the name before it. Of a list, the first word.
    pub(super) given: Vec<(&'t str, &'t str)>,
    /// Options in the rest of the line.
    pub(super) options: Vec<&'static str>,
    /// The line before `| each`, if the word is in the call for each member of its result.
    pub(super) source: Option<&'t str>,
    /// The word is what follows `|`.
    pub(super) piped: bool,
}

impl<'t> Cursor<'t> {
    /// Analyses a line with the cursor at one of its bytes.
    pub(super) fn of(line: &'t str, cursor: usize) -> Cursor<'t> {
        let typed = line.get(..cursor).unwrap_or(line);
        let (mut found, begin) = Cursor::at_end(typed, &tokens(typed));
        found.around(line, begin, &tokens(line.get(begin..).unwrap_or("")));
        found
    }

    /// Analyses the end of words that are already split. `typed` is all of them, separated by spaces.
    pub(super) fn of_words(typed: &'t str, tokens: &[Token]) -> Cursor<'t> {
        let (mut found, _) = Cursor::at_end(typed, tokens);
        found.around(typed, 0, tokens);
        found
    }

    /// Analyses the end of a text, and returns where its last line begins.
    fn at_end(typed: &'t str, all: &[Token]) -> (Cursor<'t>, usize) {
        let ends = |token: &Token| token.kind == TokenKind::Each && token.span.end < typed.len();
        let border = |token: &Token| token.kind == TokenKind::Separator || ends(token);
        let begin = all.iter().rposition(border).map_or(0, |at| at + 1);
        let fed = begin.checked_sub(1).and_then(|at| all.get(..at)).filter(|_| all.get(begin - 1).is_some_and(ends));
        let source = fed.and_then(|before| {
            let start = before.iter().rposition(|token| token.kind == TokenKind::Separator).map_or(0, |at| at + 1);
            let (first, last) = (before.get(start)?, before.last()?);
            typed.get(first.span.start..last.span.start)
        });
        let tokens = all.get(begin..).unwrap_or_default();
        // A word that touches the cursor is being typed; after a space a new one begins.
        let (before, touched) = match tokens.split_last() {
            Some((last, before)) if last.span.end == typed.len() && can_go_on(last.kind) => (before, Some(last)),
            _ => (tokens, None),
        };
        let text = |token: &Token| typed.get(token.span.range()).unwrap_or("");
        let start = touched.map_or(typed.len(), |token| token.span.start);
        let find = |kind| before.iter().find(|token| token.kind == kind).map(text);
        let mut found = Cursor {
            start,
            word: typed.get(start..).unwrap_or(""),
            place: Place::Nothing,
            accounts: find(TokenKind::Accounts),
            profile: find(TokenKind::Profile),
            // In a call by a service's own method name, the name comes last.
            head: before.iter().rfind(|token| token.kind == TokenKind::Head).map(text),
            nth: before.iter().filter(|t| matches!(t.kind, TokenKind::Name | TokenKind::Value)).count(),
            tag: before.last().filter(|last| last.kind == TokenKind::Tag).map(text),
            used: Vec::new(),
            given: Vec::new(),
            options: Vec::new(),
            source,
            piped: before.last().is_some_and(|last| last.kind == TokenKind::Operator && text(last) == "|"),
        };
        found.place = match found.head {
            None => found.at_head(),
            Some(_) => found.place(typed, before, touched),
        };
        (found, begin_of(tokens))
    }

    /// Records the rest of the line: names and options, including those after the cursor.
    fn around(&mut self, line: &'t str, begin: usize, tokens: &[Token]) {
        let start = self.start;
        let mut name = None;
        for token in tokens.iter().take_while(|token| token.kind != TokenKind::Separator) {
            let at = token.span.start + begin;
            let text = line.get(at..token.span.end + begin).unwrap_or("");
            match token.kind {
                _ if at == start => name = None,
                TokenKind::Name => {
                    self.used.push(text);
                    name = Some(text);
                }
                TokenKind::Value => self.given.extend(name.take().map(|name| (name, text))),
                TokenKind::Option => self.options.extend(OptionDef::find(text).map(|option| option.long)),
                _ => {}
            }
        }
    }

    /// After `work:` only a method can come.
    fn at_head(&mut self) -> Place<'t> {
        if self.word.starts_with('@') && self.accounts.is_none() {
            let part = self.word.rfind(',').map_or(0, |comma| comma + 1);
            self.start += part;
            self.word = self.word.get(part..).unwrap_or("");
            return Place::Accounts;
        }
        if let Some(profile) = self.word.strip_suffix(':').filter(|name| !name.is_empty() && !name.contains(':')) {
            self.profile = Some(profile);
            self.start += self.word.len();
            self.word = "";
        }
        Place::Head
    }

    fn place(&self, typed: &'t str, before: &[Token], touched: Option<&Token>) -> Place<'t> {
        let text = |token: &Token| typed.get(token.span.range()).unwrap_or("");
        let name = before.iter().rfind(|token| token.kind == TokenKind::Name).map_or("", text);
        let due = |value: bool| match value {
            true if self.word.starts_with('(') => Place::Tag(name),
            true => Place::Value(name),
            false if self.word.starts_with('-') => Place::Option,
            false => Place::Name,
        };
        let Some(last) = before.last() else { return Place::Nothing };
        match (last.kind, touched.map(|token| token.kind)) {
            (_, Some(TokenKind::Comment | TokenKind::Command)) => Place::Nothing,
            (TokenKind::Comment | TokenKind::Command, _) => Place::Nothing,
            (TokenKind::Operator, _) if text(last) == "|!" => Place::Nothing,
            (TokenKind::Operator, _) => Place::File,
            (TokenKind::Each, _) => Place::Head,
            (TokenKind::File, _) if self.word.starts_with('-') => Place::Option,
            (TokenKind::File, _) => Place::Nothing,
            (TokenKind::Option, _) => match option_value(text(last), typed.get(last.span.end..self.start)) {
                Some(option) => Place::OptionValue(option),
                None => due(false),
            },
            (TokenKind::Tag, _) => match tag_kind(text(last)) {
                Some(TagKind::File | TagKind::Base64) => Place::File,
                Some(TagKind::Null) => due(false),
                _ => Place::Value(name),
            },
            (TokenKind::Name, _) => due(true),
            // A list continues after a comma.
            (TokenKind::Value, _) if text(last).ends_with(',') => Place::Value(name),
            (_, Some(TokenKind::Error)) if !self.word.starts_with(['-', '$']) => Place::Nothing,
            _ => due(false),
        }
    }

    /// The source that the line's method belongs to: that of its profile, or else the first that has it.
    pub(super) fn source<'r>(&self, registry: &'r Registry) -> Option<&'r Source> {
        match self.profile {
            Some(profile) => registry.source(profile),
            None => self.sources(registry).into_iter().find(|source| self.head.is_some_and(|head| source.has(head))),
        }
    }

    /// The sources that the line may be for: those of its accounts, or else all.
    pub(super) fn sources<'r>(&self, registry: &'r Registry) -> Vec<&'r Source> {
        let named = self.accounts.and_then(|word| named(registry, word, Span::default()).ok());
        match named {
            Some(named) => named.iter().filter_map(|profile| registry.source(profile)).collect(),
            None => registry.sources().collect(),
        }
    }

    /// The line's command, if it is one of the shell's own, or its view.
    pub(super) fn command(&self, registry: &Registry) -> Option<Arc<Method>> {
        let head = self.head.filter(|_| self.profile.is_none() && self.accounts.is_none());
        let command = head.and_then(|head| registry.local(head));
        command.or_else(|| self.view(registry))
    }

    /// The view of the line in the form of a method, whether it begins with its name or with `view`.
    pub(super) fn view(&self, registry: &Registry) -> Option<Arc<Method>> {
        let named = self.used.first().filter(|_| self.head == Some("view") && self.profile.is_none());
        let (profile, name) = match named {
            Some(named) => named.split_once(':').map_or((None, *named), |(profile, name)| (Some(profile), name)),
            None => (self.profile, self.head.filter(|head| self.profile.is_some() || !registry.is_command(head))?),
        };
        registry.view(profile, name).map(|known| Arc::clone(&known.method))
    }

    /// The method of the line.
    pub(super) fn method(&self, registry: &Registry) -> Option<Arc<Method>> {
        self.source(registry)?.method(self.head?)?.ok()
    }
}

fn begin_of(tokens: &[Token]) -> usize {
    tokens.first().map_or(0, |token| token.span.start)
}

/// Whether a part can be continued by typing more.
fn can_go_on(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Tag | TokenKind::Operator | TokenKind::Separator)
}

pub(super) fn tag_kind(tag: &str) -> Option<TagKind> {
    TagKind::parse(tag.strip_prefix('(')?.strip_suffix(')')?)
}

/// The option whose value comes next; an optional value is joined with `=`.
fn option_value(name: &str, between: Option<&str>) -> Option<&'static OptionDef> {
    let option = OptionDef::find(name)?;
    match option.takes {
        Takes::Value(_) => Some(option),
        Takes::Maybe(_) => (between == Some("=")).then_some(option),
        Takes::Nothing => None,
    }
}
