//! What is secret in a text that was typed, whether or not it makes sense as a line.
//!
//! A line that is refused is quoted and kept all the same, so that this cannot wait for the line to be understood.

use std::ops::Range;
use std::sync::Arc;

use crate::lang::{Token, TokenKind};
use crate::model::Method;
use crate::model::suggest::nearest;
use crate::registry::{Registry, Source};

/// Where secrets stand: behind the name of a secret parameter, whatever is wrong around it.
pub(super) fn places(text: &str, tokens: &[Token], registry: &Registry) -> Vec<Range<usize>> {
    let mut names = Names::default();
    let mut state = State::Open;
    let mut places = Vec::new();
    for token in tokens {
        let range = token.span.range();
        let word = text.get(range.clone()).unwrap_or("");
        match token.kind {
            TokenKind::Separator => (names, state) = (Names::default(), State::Open),
            TokenKind::Head => names = Names::of(unquoted(word), registry),
            TokenKind::Name | TokenKind::Value | TokenKind::Error => {
                let hidden = state == State::Behind || (state == State::Within && token.kind == TokenKind::Value);
                let (name, glued) = apart(word, token.kind);
                let names_one = names.are_secret(unquoted(name), token.kind);
                match glued {
                    _ if hidden => places.push(range),
                    Some(value) if names_one => places.push(range.end - value.len()..range.end),
                    _ => {}
                }
                state = match (hidden, names_one && glued.is_none()) {
                    (_, true) => State::Behind,
                    (true, false) if token.kind != TokenKind::Name => State::Within,
                    _ => State::Open,
                };
            }
            _ => {}
        }
    }
    places
}

/// A word as a name and the value glued to it, if any.
fn apart(word: &str, kind: TokenKind) -> (&str, Option<&str>) {
    let key = word.strip_prefix("-k").filter(|key| kind == TokenKind::Error && !key.is_empty());
    match (key, word.split_once('=')) {
        (Some(key), _) => ("-k", Some(key)),
        (None, Some((name, value))) => (name, Some(value)),
        (None, None) => (word, None),
    }
}

/// A word as it is meant, as far as quotes around it go.
pub(super) fn unquoted(word: &str) -> &str {
    let open = word.strip_prefix(['\'', '"']).unwrap_or(word);
    open.strip_suffix(['\'', '"']).unwrap_or(open)
}

/// How the next word stands to a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Behind,
    /// In a list, which goes over several words.
    Within,
}

/// What is known of the names in one line.
#[derive(Default)]
struct Names {
    methods: Vec<Arc<Method>>,
    local: bool,
}

impl Names {
    fn of(head: &str, registry: &Registry) -> Names {
        let local = registry.local(head).is_some();
        let mut methods: Vec<_> = registry.sources().filter_map(|source| source.method(head)?.ok()).collect();
        if methods.is_empty() && !local {
            // A mistyped name: whatever it may have been meant for.
            methods = registry.sources().flat_map(|source| near(head, source)).collect();
        }
        Names { methods, local }
    }

    /// Whether a secret follows this word: it is a secret parameter, or nobody knows it and it is called like one.
    fn are_secret(&self, word: &str, kind: TokenKind) -> bool {
        if kind == TokenKind::Error && matches!(word, "-k" | "--api-key") {
            // The program's own option for the key, which is none of a line.
            return true;
        }
        let root = word.split(['.', '[']).next().unwrap_or(word);
        let mut known = self.methods.iter().filter_map(|method| method.param(root)).peekable();
        match known.peek() {
            Some(_) => known.any(|param| param.secret),
            None => !self.local && kind == TokenKind::Name && sounds_secret(word),
        }
    }
}

fn near(name: &str, source: &Source) -> Vec<Arc<Method>> {
    let names = nearest(name, source.entries().map(|entry| entry.name));
    names.into_iter().filter_map(|name| source.method(name)?.ok()).collect()
}

fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["passw", "passphrase", "secret", "token", "api_key", "apikey", "private_key"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang;
    use crate::registry::catalog::Catalog;
    use crate::registry::embedded;

    fn registry() -> Registry {
        let source = Source::new("here", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let help = Method { name: "help".into(), ..Method::default() };
        Registry::new(source, vec![help])
    }

    #[test]
    fn what_follows_the_name_of_a_secret_is_one() {
        let registry = registry();
        for (text, secrets) in [
            ("memshell.disable name a password S", &["S"][..]),
            ("memshell.disable password 'S S' name a", &["'S S'"]),
            ("memshell.disable password (string) S name a", &["S"]),
            ("memshell.disable password (list)S, S name a", &["S,", "S"]),
            ("memshell.disable password -x S", &["S"]),
            ("memshell.disable password=S name a", &["S"]),
            ("work:memshell.disable password S", &["S"]),
            // Not lines at all.
            ("memshell.disable password S name a |", &["S"]),
            ("memshell.disable password 'S", &["'S"]),
            ("memshell.disable password (itn)S", &["(itn)", "S"]),
            ("memshell.disable a password S", &["S"]),
            ("memshell.disabel a password S b", &["S"]),
            ("apikey.inof id S", &["S"]),
            ("no.such secret_word S", &["S"]),
            ("memshell.disable passwrod S", &["S"]),
            ("x; memshell.disable password S; y name b", &["S"]),
            ("memshell.set_password new_password S current_password S", &["S", "S"]),
            ("apikey.info id S", &["S"]),
            // The key of the program, where it is not to stand.
            ("service.list -k S", &["S"]),
            ("service.list name a -kS", &["S"]),
            ("service.list --api-key S -x", &["S"]),
            ("service.list --api-key=S", &["S"]),
            // Not secrets.
            ("service.info name -kind", &["ind"]),
            ("service.info name password", &[]),
            ("service.set_nickname nickname token name a", &[]),
            ("job.status id a", &[]),
            ("help password x", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> =
                places(text, &lang::tokens(text), &registry).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, secrets, "{text}");
        }
    }
}
