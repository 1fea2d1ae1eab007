//! One line of a text, word by word.

use std::ops::Range;
use std::sync::Arc;

use super::arguments::Arguments;
use super::names::{self, apart, password_of_address, secrets_of_json, secrets_of_text, sounds_secret, unquoted};
use super::own;
use super::place::{Doubt, Found};
use super::word::{Scope, Word, variable};
use crate::engine::state::memory::Memory;
use lang::{Hole, Own, Raw, Token, TokenKind};
use model::suggest::nearest;
use model::{Method, Span};
use registry::raw::{self, Named};
use registry::{Registry, Source, embedded};

/// The local command that names a value.
const LET: &str = "let";
/// The local commands whose words are names and values.
const SETS: [&str; 2] = [LET, "set"];
/// The local commands whose words are to be found in something.
const SEARCHES: [&str; 6] = ["search", "methods", "history", "help", "?", "explain"];
/// The local commands that people give keys to, as they do in front of the prompt.
const SETS_UP: [&str; 2] = ["login", "doctor"];
/// The local command that saves a line, which may be in quotes.
const SAVE: &str = "save";
/// The name of this program, which people type in front of a line by habit.
const PROGRAM: &str = "marsh";

/// A line.
pub(super) struct Statement<'s> {
    registry: &'s Registry,
    scope: Scope<'s>,
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
            Statement::of(text, line, registry, Scope { memory, fed }).read(found);
            let Some((border, behind)) = rest.split_first() else { return };
            (fed, tokens) = (border.kind == TokenKind::Each, behind);
        }
    }

    fn of(text: &'s str, tokens: &[Token], registry: &'s Registry, scope: Scope<'s>) -> Statement<'s> {
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
        Statement { registry, scope, text, words, asides, commands, stranger, whole }
    }

    pub(super) fn read(&self, found: &mut Found<'s>) {
        for word in &self.words {
            if let Some(part) = password_of_address(word.text) {
                found.add(word.part(part), Doubt::None);
            }
            secrets_of_text(word.text).into_iter().for_each(|part| found.add(word.part(part), Doubt::None));
            if word.text.contains('{') {
                secrets_of_json(word.text).into_iter().for_each(|part| found.add(word.part(part), Doubt::None));
            }
        }
        self.stranger.iter().for_each(|range| found.add(range.clone(), Doubt::Great));
        match self.subject() {
            Subject::Methods(methods, from) => {
                self.front(from - 1, found);
                let wary =
                    Arguments { scope: self.scope, methods }.read(self.words.get(from..).unwrap_or_default(), found);
                if wary {
                    self.asides(found);
                }
            }
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
        let named = Named { verb, name: named.meant(), span: Span::default(), given: &[] };
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
            return self.given(words, head.meant(), found);
        }
        if let (LET, [name, equals, value, ..]) = (head.meant(), words)
            && equals.text == "="
        {
            if sounds_secret(name.meant()) && !self.scope.is_set(value, found) {
                found.add(value.range.clone(), Doubt::None);
            } else if !self.scope.is_set(value, found) {
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
        Statement::all(text, &tokens, self.registry, self.scope.memory, &mut inner);
        let is_hole = |place: &Range<usize>| text.get(place.clone()).is_some_and(|part| Hole::read(part).is_some());
        if text.contains(char::is_whitespace) && inner.places.iter().any(|place| !is_hole(&place.range)) {
            found.add(whole.range.clone(), Doubt::Little);
        }
    }

    /// What is given to a command that takes no secrets: a name like that of one is a mistake, but its value is none. Words
    /// to search for are ordinary words.
    fn given(&self, words: &[Word<'s>], command: &str, found: &mut Found<'s>) {
        if SEARCHES.contains(&command) {
            let options = words.iter().enumerate().filter(|(_, word)| word.text.starts_with('-'));
            options.for_each(|(at, _)| self.sounding(words.get(at..at + 2).unwrap_or_default(), found));
        } else {
            self.sounding(words, found);
        }
    }

    /// The values of words that sound like names of secrets.
    fn sounding(&self, words: &[Word<'s>], found: &mut Found<'s>) {
        for (at, word) in words.iter().enumerate() {
            let glued = apart(word.text).filter(|(name, _)| sounds_secret(name));
            let key = word.text.strip_prefix("-k").filter(|key| !key.is_empty() && word.kind == TokenKind::Error);
            match (glued, words.get(at + 1)) {
                (Some((_, part)), _) => found.add(word.part(part), Doubt::None),
                _ if key.is_some() => found.add(word.part(2..word.text.len()), Doubt::None),
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
        if let Some((head, words)) = front.split_first().filter(|(head, _)| begins(head)) {
            return self.given(words, head.meant(), found);
        }
        self.sounding(front, found);
        let names = |word: &&Word<'_>| word.text.starts_with('-') || apart(word.text).is_some() || word.text == PROGRAM;
        front.iter().filter(|word| !names(word)).for_each(|word| found.add(word.range.clone(), Doubt::Little));
    }

    fn asides(&self, found: &mut Found<'s>) {
        self.asides.iter().for_each(|range| found.add(range.clone(), Doubt::Great));
    }
}

fn is_profile(text: &str, range: &Range<usize>, registry: &Registry) -> bool {
    let name = text.get(range.clone()).unwrap_or_default();
    registry.source(unquoted(name.trim_end_matches(':'))).is_some()
}

/// The program's own option for the key.
fn is_key_option(word: &Word<'_>) -> bool {
    matches!(word.text, "-k" | "--api-key")
}

fn near(name: &str, source: &Source) -> Vec<Arc<Method>> {
    let names = nearest(name, source.entries().map(|entry| entry.name));
    names.into_iter().filter_map(|name| source.method(name)?.ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_that_are_keys_are_known() {
        let word = |text| Word { text, range: 0..0, kind: TokenKind::Name };
        assert!(is_key_option(&word("-k")) && is_key_option(&word("--api-key")));
        assert!(!is_key_option(&word("-q")) && !is_key_option(&word("k")));
    }
}
