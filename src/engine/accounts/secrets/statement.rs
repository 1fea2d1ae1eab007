//! One line of a text, word by word.

use std::ops::Range;
use std::sync::Arc;

use super::names::{self, apart, option, password_of_address, secrets_of_json, sounds_secret, unquoted};
use super::own;
use super::place::{Doubt, Found};
use crate::engine::state::memory::Memory;
use lang::{Hole, Own, Raw, Token, TokenKind, Variable};
use model::suggest::nearest;
use model::{Method, Span};
use registry::raw::{self, Named};
use registry::{Registry, Source, embedded};

/// The local command that names a value.
const LET: &str = "let";
/// The local commands whose words are names and values.
const SETS: [&str; 2] = [LET, "set"];
/// The local commands that people give keys to, as they do in front of the prompt.
const SETS_UP: [&str; 2] = ["login", "doctor"];
/// The local command that saves a line, which may be in quotes.
const SAVE: &str = "save";
/// The name of this program, which people type in front of a line by habit.
const PROGRAM: &str = "marsh";

/// A line.
pub(super) struct Statement<'s> {
    registry: &'s Registry,
    memory: &'s Memory,
    text: &'s str,
    words: Vec<Word<'s>>,
    /// Comments, and commands that a result is piped into.
    asides: Vec<Range<usize>>,
    /// Commands that run in the user's own shell or read a result.
    commands: Vec<Range<usize>>,
    /// A profile that does not exist.
    stranger: Option<Range<usize>>,
    /// All of it.
    whole: Range<usize>,
    /// It comes after `| each`, so that a word in brackets is a field of something else.
    fed: bool,
}

/// A word that is no option of a line and no redirect.
#[derive(Clone, Debug)]
struct Word<'s> {
    text: &'s str,
    range: Range<usize>,
    kind: TokenKind,
}

impl<'s> Word<'s> {
    /// The text of the word without quotes.
    fn meant(&self) -> &'s str {
        unquoted(self.text)
    }

    /// A part of it, as a place in the text.
    fn part(&self, part: Range<usize>) -> Range<usize> {
        self.range.start + part.start..self.range.start + part.end
    }
}

/// What a line is about.
enum Subject {
    /// One of these methods, whose arguments begin at a word.
    Methods(Vec<Arc<Method>>, usize),
    /// A call that carries others, whose arguments begin at a word. Nothing is known about what is inside.
    Carrier(usize),
    /// A command of the shell.
    Local,
    /// Nothing that is known.
    Nothing,
}

impl<'s> Statement<'s> {
    /// Reads all lines of a text, and the calls for each member of a result.
    pub(super) fn all(
        text: &'s str,
        mut tokens: &[Token],
        registry: &'s Registry,
        memory: &'s Memory,
        found: &mut Found<'s>,
    ) {
        let mut fed = false;
        loop {
            let end = tokens.iter().position(|token| matches!(token.kind, TokenKind::Separator | TokenKind::Each));
            let (line, rest) = tokens.split_at(end.unwrap_or(tokens.len()));
            Statement { fed, ..Statement::of(text, line, registry, memory) }.read(found);
            let Some((border, behind)) = rest.split_first() else { return };
            (fed, tokens) = (border.kind == TokenKind::Each, behind);
        }
    }

    fn of(text: &'s str, tokens: &[Token], registry: &'s Registry, memory: &'s Memory) -> Statement<'s> {
        use TokenKind::{Accounts, Command, Comment, Error, Head, Name, Profile, Value};
        let (mut words, mut asides, mut commands, mut stranger) = (Vec::new(), Vec::new(), Vec::new(), None);
        for token in tokens {
            let range = token.span.range();
            match token.kind {
                kind @ (Head | Name | Value | Error) => {
                    words.push(Word { text: text.get(range.clone()).unwrap_or(""), range, kind });
                }
                Comment => asides.push(range),
                Command => {
                    asides.push(range.clone());
                    commands.push(range);
                }
                Accounts => stranger = names::strange_accounts(text, range, registry),
                Profile => stranger = Some(range).filter(|range| !is_profile(text, range, registry)),
                _ => {}
            }
        }
        let ends = tokens.first().zip(tokens.last());
        let whole = ends.map_or(0..0, |(first, last)| first.span.start..last.span.end);
        Statement { registry, memory, text, words, asides, commands, stranger, whole, fed: false }
    }

    pub(super) fn read(&self, found: &mut Found<'s>) {
        for word in &self.words {
            if let Some(part) = password_of_address(word.text) {
                found.add(word.part(part), Doubt::None);
            }
            if word.text.contains('{') {
                secrets_of_json(word.text).into_iter().for_each(|part| found.add(word.part(part), Doubt::None));
            }
        }
        self.stranger.iter().for_each(|range| found.add(range.clone(), Doubt::Great));
        match self.subject() {
            Subject::Methods(methods, from) => Arguments { statement: self, methods }.read(from, found),
            Subject::Local => self.local(found),
            Subject::Carrier(from) => {
                self.words.iter().skip(from).for_each(|word| found.add(word.range.clone(), Doubt::Little));
            }
            Subject::Nothing => {
                self.sounding(&self.words, found);
                if self.words.first().is_some_and(|head| SETS_UP.contains(&head.meant())) {
                    self.words.iter().skip(1).for_each(|word| found.add(word.range.clone(), Doubt::Little));
                }
                let is_key = |word: &&Word<'_>| {
                    self.registry.sources().any(|source| source.provider().auth.is_key(word.meant()))
                };
                self.words.iter().filter(is_key).for_each(|word| found.add(word.range.clone(), Doubt::None));
                found.add(self.whole.clone(), Doubt::Great);
            }
        }
    }

    fn subject(&self) -> Subject {
        let Some(head) = self.words.first() else { return Subject::Local };
        let name = head.meant();
        let begins = head.kind == TokenKind::Head;
        if begins && self.registry.sources().any(|source| source.provider().carries(name)) {
            return Subject::Carrier(1);
        }
        // A line with only a variable shows its value.
        if begins && name == Raw::WORD {
            return self.called();
        }
        let is_local = begins && (self.registry.local(name).is_some() || variable(name).is_some());
        if is_local && SETS_UP.contains(&name) && !self.names_an_account() {
            return Subject::Nothing;
        }
        if begins && !is_local {
            let mut methods = self.methods(name);
            if methods.is_empty() {
                // A mistyped name: every method that may have been meant.
                methods = self.registry.sources().flat_map(|source| near(name, source)).collect();
            }
            if !methods.is_empty() {
                return Subject::Methods(methods, 1);
            }
        }
        let inner = self.words.iter().enumerate().skip(1).find_map(|(at, word)| {
            let methods = self.methods(word.meant().rsplit(':').next().unwrap_or_default());
            (!methods.is_empty()).then_some((methods, at + 1))
        });
        match inner {
            // `help METHOD …` and the like, or the options of the program in front of a line.
            Some((methods, from)) => Subject::Methods(methods, from),
            None if is_local => Subject::Local,
            None => Subject::Nothing,
        }
    }

    /// Whether at most one word follows, and that is a provider or an account: anything else may be a key.
    fn names_an_account(&self) -> bool {
        let known = |word: &Word<'_>| {
            let name = word.meant();
            embedded::find(name).is_some() || self.registry.source(name).is_some()
        };
        match self.words.get(1..).unwrap_or_default() {
            [] => true,
            [only] => known(only),
            _ => false,
        }
    }

    /// The subject of a call by the service's own name or address. What is in the catalogue uses its entry.
    fn called(&self) -> Subject {
        let heads = self.words.iter().take_while(|word| word.kind == TokenKind::Head).count();
        let (verb, named) = match self.words.get(1..heads).unwrap_or_default() {
            [named] => (None, named),
            [verb, named, ..] => (Some((verb.meant(), Span::default())), named),
            [] => return Subject::Local,
        };
        let named = Named { verb, name: named.meant(), span: Span::default() };
        if self.registry.sources().any(|source| source.provider().carries(named.name)) {
            return Subject::Carrier(heads);
        }
        let methods: Vec<_> = self.registry.sources().filter_map(|source| raw::called(source, named).ok()).collect();
        Subject::Methods(methods, heads)
    }

    fn methods(&self, name: &str) -> Vec<Arc<Method>> {
        self.registry.sources().filter_map(|source| source.method(name)?.ok()).collect()
    }

    fn local(&self, found: &mut Found<'s>) {
        let Some((head, words)) = self.words.split_first() else { return };
        if let (SAVE, [_, whole]) = (head.meant(), words) {
            self.quoted_line(whole, found);
        }
        if head.meant() == Own::HEAD || head.meant() == LET {
            self.commands.iter().for_each(|own| own::read(self.text, own, found));
        }
        if !SETS.contains(&head.meant()) {
            return;
        }
        if let (LET, [name, equals, value, ..]) = (head.meant(), words)
            && equals.text == "="
        {
            if sounds_secret(name.meant()) && !self.is_set(value, found) {
                found.add(value.range.clone(), Doubt::None);
            } else if !self.is_set(value, found) {
                found.values.push((name.meant(), value.range.clone()));
            }
            found.set.push(name.meant());
        } else {
            self.sounding(words, found);
        }
    }

    /// A line in quotes that is to be saved: all of it is left out if there may be a secret in it.
    fn quoted_line(&self, whole: &Word<'s>, found: &mut Found<'s>) {
        let (text, mut inner) = (whole.meant(), Found::default());
        let tokens = lang::tokens(text);
        Statement::all(text, &tokens, self.registry, self.memory, &mut inner);
        let is_hole = |place: &Range<usize>| text.get(place.clone()).is_some_and(|part| Hole::read(part).is_some());
        if text.contains(char::is_whitespace) && inner.places.iter().any(|place| !is_hole(&place.range)) {
            found.add(whole.range.clone(), Doubt::Little);
        }
    }

    /// The values of words that sound like names of secrets.
    fn sounding(&self, words: &[Word<'s>], found: &mut Found<'s>) {
        for (at, word) in words.iter().enumerate() {
            let glued = apart(word.text).filter(|(name, _)| sounds_secret(name));
            match (glued, words.get(at + 1)) {
                (Some((_, part)), _) => found.add(word.part(part), Doubt::None),
                (None, Some(next)) if is_key_option(word) || sounds_secret(word.meant()) => {
                    found.add(next.range.clone(), Doubt::None);
                }
                _ => {}
            }
        }
    }

    /// The words before the method's name. They are most likely options of this program.
    fn front(&self, until: usize, found: &mut Found<'s>) {
        let front = self.words.get(..until).unwrap_or_default();
        let begins = |head: &Word<'_>| head.meant() == Raw::WORD || self.registry.local(head.meant()).is_some();
        if front.first().is_some_and(begins) {
            return;
        }
        self.sounding(front, found);
        let names = |word: &&Word<'_>| word.text.starts_with('-') || apart(word.text).is_some() || word.text == PROGRAM;
        front.iter().filter(|word| !names(word)).for_each(|word| found.add(word.range.clone(), Doubt::Little));
    }

    fn asides(&self, found: &mut Found<'s>) {
        self.asides.iter().for_each(|range| found.add(range.clone(), Doubt::Great));
    }

    /// Whether a word is a variable that is set here or before, or a part of one.
    fn is_set(&self, word: &Word<'_>, found: &Found<'_>) -> bool {
        if self.fed && word.text.starts_with('{') && word.text.ends_with('}') {
            return true;
        }
        let is_set = |name| name == Variable::LAST || self.memory.get(name).is_some() || found.set.contains(&name);
        variable(word.text).is_some_and(is_set)
    }
}

/// The words after a value. An unknown option has none.
fn after_value<'w, 's>(words: &'w [Word<'s>]) -> &'w [Word<'s>] {
    match words.split_first() {
        Some((first, rest)) if first.kind != TokenKind::Error || !first.text.starts_with('-') => rest,
        _ => words,
    }
}

fn is_profile(text: &str, range: &Range<usize>, registry: &Registry) -> bool {
    let name = text.get(range.clone()).unwrap_or_default();
    registry.source(unquoted(name.trim_end_matches(':'))).is_some()
}

/// The name of the variable that a word is.
fn variable(word: &str) -> Option<&str> {
    word.strip_prefix('$').and_then(|name| name.split(['.', '[']).next()).filter(|name| Variable::is_name(name))
}

/// The program's own option for the key, with or without the key attached to it.
fn is_key_option(word: &Word<'_>) -> bool {
    word.kind == TokenKind::Error && matches!(word.text, "-k" | "--api-key")
}

fn near(name: &str, source: &Source) -> Vec<Arc<Method>> {
    let names = nearest(name, source.entries().map(|entry| entry.name));
    names.into_iter().filter_map(|name| source.method(name)?.ok()).collect()
}

/// The arguments of a line that calls a method.
struct Arguments<'a, 's> {
    statement: &'a Statement<'s>,
    methods: Vec<Arc<Method>>,
}

/// What a name is to the methods.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Secret,
    Plain,
    /// Not a parameter, but perhaps meant for one, or named like a secret. It is not a secret itself.
    Almost {
        secret: bool,
    },
    Not,
}

impl<'s> Arguments<'_, 's> {
    fn read(&self, from: usize, found: &mut Found<'s>) {
        self.statement.front(from - 1, found);
        let words = self.statement.words.get(from..).unwrap_or_default();
        let wary = self.methods.iter().any(|method| method.params.iter().any(|param| param.secret));
        // If no word is the name of a parameter, all of them may be values.
        let names_any = words.iter().any(|word| matches!(self.known(word.meant()), Known::Secret | Known::Plain));
        let mut rest = words;
        while let Some((word, behind)) = rest.split_first() {
            rest = match word.kind {
                TokenKind::Error if word.text.starts_with('-') => self.unknown_option(word, behind, wary, found),
                _ => self.pair(word, behind, (wary, names_any), found),
            };
        }
        if wary {
            self.statement.asides(found);
        }
    }

    /// Reads an unknown option, with its value if that may be a secret. Returns the rest of the words.
    fn unknown_option<'w>(
        &self,
        word: &Word<'s>,
        behind: &'w [Word<'s>],
        wary: bool,
        found: &mut Found<'s>,
    ) -> &'w [Word<'s>] {
        if let Some(key) = word.text.strip_prefix("-k").filter(|key| !key.is_empty()) {
            found.add(word.part(2..2 + key.len()), Doubt::None);
            return behind;
        }
        let name = option(word.text).unwrap_or_default();
        let secret = name == "k" || matches!(self.known(name), Known::Secret | Known::Almost { secret: true });
        let doubt = if secret { Doubt::None } else { Doubt::Little };
        if !secret && !wary {
            return behind;
        }
        if let Some(at) = word.text.find(['=', ':']) {
            found.add(word.part(at + 1..word.text.len()), doubt);
            return behind;
        }
        // The name of a parameter is not the value of the option.
        match behind.first() {
            Some(next) if secret || self.known(next.meant()) == Known::Not => self.value(behind, doubt, found),
            _ => behind,
        }
    }

    /// Reads a name and its value. Returns the rest of the words.
    fn pair<'w>(
        &self,
        word: &Word<'s>,
        behind: &'w [Word<'s>],
        (wary, names_any): (bool, bool),
        found: &mut Found<'s>,
    ) -> &'w [Word<'s>] {
        if let Some((name, part)) = apart(word.text) {
            match self.known(unquoted(name)) {
                Known::Secret | Known::Almost { secret: true } => found.add(word.part(part), Doubt::None),
                Known::Not if wary => found.add(word.range.clone(), Doubt::Little),
                Known::Almost { .. } if wary => found.add(word.part(part), Doubt::Little),
                _ => {}
            }
            return behind;
        }
        // In `name = value`, the sign is not the value.
        let behind = match behind.split_first() {
            Some((sign, rest)) if matches!(sign.text, "=" | ":") => rest,
            _ => behind,
        };
        match self.known(word.meant().trim_end_matches(['=', ':'])) {
            Known::Secret | Known::Almost { secret: true } => self.value(behind, Doubt::None, found),
            Known::Plain => after_value(behind),
            _ if !wary => after_value(behind),
            Known::Almost { .. } => self.value(behind, Doubt::Little, found),
            Known::Not => {
                let next = behind.first().map(|next| self.known(next.meant()));
                let stray = !names_any || matches!(next, None | Some(Known::Secret | Known::Plain));
                found.add(word.range.clone(), if stray { Doubt::Little } else { Doubt::Great });
                match next {
                    Some(Known::Secret | Known::Plain) => behind,
                    _ => self.value(behind, Doubt::Little, found),
                }
            }
        }
    }

    /// Reads a value, which may be a list of several words. Returns the rest of the words.
    fn value<'w>(&self, behind: &'w [Word<'s>], doubt: Doubt, found: &mut Found<'s>) -> &'w [Word<'s>] {
        let Some((first, rest)) = behind.split_first() else { return behind };
        // Something invalid, such as an unknown type, may be a part of the value.
        let part = |word: &&Word<'_>| word.kind == TokenKind::Value;
        let more = match first.kind {
            TokenKind::Error | TokenKind::Value => rest.iter().take_while(part).count(),
            _ => 0,
        };
        for word in std::iter::once(first).chain(rest.iter().take(more)) {
            if let (Doubt::None, Some(name)) = (doubt, variable(word.text)) {
                found.variables.push(name);
            }
            if self.statement.is_set(word, found) {
                continue;
            }
            found.add(word.range.clone(), doubt);
        }
        rest.get(more..).unwrap_or_default()
    }

    fn known(&self, word: &str) -> Known {
        let root = word.split(['.', '[']).next().unwrap_or(word);
        let params = || self.methods.iter().flat_map(|method| &method.params);
        let mut named = params().filter(|param| param.name == root || param.name == word).peekable();
        if named.peek().is_some() {
            let inner = word.get(root.len()..).is_some_and(sounds_secret);
            return if inner || named.any(|param| param.secret) { Known::Secret } else { Known::Plain };
        }
        let secret = sounds_secret(word);
        let near = nearest(root, params().map(|param| param.name.as_str()));
        match near.first() {
            Some(_) => {
                let secret = secret || params().any(|param| param.secret && near.contains(&param.name.as_str()));
                Known::Almost { secret }
            }
            None if secret => Known::Almost { secret },
            None => Known::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_with_a_dollar_are_variables() {
        for (word, name) in [
            ("$pw", Some("pw")),
            ("$pw.a[0]", Some("pw")),
            ("$_", Some("_")),
            ("$pw[1]", Some("pw")),
            ("pw", None),
            ("$", None),
            ("$1x-", None),
        ] {
            assert_eq!(variable(word), name, "{word}");
        }
    }

    #[test]
    fn an_option_is_not_taken_for_a_value() {
        let word = |text, kind| Word { text, range: 0..0, kind };
        let words = [word("a", TokenKind::Value), word("b", TokenKind::Name)];
        assert_eq!(after_value(&words).len(), 1);
        let words = [word("--a", TokenKind::Error), word("b", TokenKind::Name)];
        assert_eq!(after_value(&words).len(), 2);
        assert_eq!(after_value(&[]).len(), 0);
    }
}
