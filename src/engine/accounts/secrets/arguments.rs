//! The words after a method: which of them are values of secrets, or may be.

use std::sync::Arc;

use super::names::{apart, option, sounds_secret, unquoted};
use super::place::{Doubt, Found};
use super::word::{Scope, Word, variable};
use lang::TokenKind;
use model::Method;
use model::suggest::nearest;

/// The arguments of a line that calls a method.
pub(super) struct Arguments<'s> {
    pub(super) scope: Scope<'s>,
    pub(super) methods: Vec<Arc<Method>>,
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

impl<'s> Arguments<'s> {
    /// Reads the words. Returns whether one of the methods takes a secret, so that anything beside them may be one.
    pub(super) fn read(&self, words: &[Word<'s>], found: &mut Found<'s>) -> bool {
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
        wary
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
            // A word that belongs to nothing may be in front of the name of a secret.
            Known::Not if !wary && self.names_secret(behind) => behind,
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
            if self.scope.is_set(word, found) {
                continue;
            }
            found.add(word.range.clone(), doubt);
        }
        rest.get(more..).unwrap_or_default()
    }

    /// Whether these words begin with what sounds like the name of a secret and something that is no name.
    fn names_secret(&self, words: &[Word<'s>]) -> bool {
        let known = |word: Option<&Word<'s>>| word.map(|word| self.known(word.meant()));
        known(words.first()) == Some(Known::Almost { secret: true }) && known(words.get(1)) == Some(Known::Not)
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

/// The words after a value. An unknown option has none.
fn after_value<'w, 's>(words: &'w [Word<'s>]) -> &'w [Word<'s>] {
    match words.split_first() {
        Some((first, rest)) if first.kind != TokenKind::Error || !first.text.starts_with('-') => rest,
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
