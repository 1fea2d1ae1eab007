//! What is secret in a text that was typed, whether or not it makes sense as a line.
//!
//! A line that is refused is quoted and kept all the same, so that this cannot wait for the line to be understood.

use std::ops::Range;
use std::sync::Arc;

use super::memory::Memory;
use lang::{Token, TokenKind, Variable};
use model::Method;
use model::suggest::nearest;
use registry::{Registry, Source};

/// Where secrets stand: behind the name of a secret parameter, whatever is wrong around it.
///
/// A variable that is set is no secret itself, whatever it holds; one that is not may be a secret with a dollar.
pub(super) fn places(text: &str, tokens: &[Token], registry: &Registry, memory: &Memory) -> Vec<Range<usize>> {
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
                if names.sets && word == "=" {
                    state = if state == State::Named { State::Behind } else { State::Open };
                    continue;
                }
                let hidden = state == State::Behind || (state == State::Within && token.kind == TokenKind::Value);
                let (name, glued) = apart(word, token.kind);
                let names_one = names.are_secret(unquoted(name), token.kind);
                match glued {
                    _ if hidden && is_set(word, memory) => {}
                    _ if hidden => places.push(range),
                    Some(value) if names_one => places.push(range.end - value.len()..range.end),
                    _ => {}
                }
                state = match (hidden, names_one && glued.is_none()) {
                    (_, true) if names.sets => State::Named,
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

/// Whether a word is a variable that is set, or a part of one.
fn is_set(word: &str, memory: &Memory) -> bool {
    let name = word.strip_prefix('$').and_then(|name| name.split(['.', '[']).next());
    name.is_some_and(|name| name == Variable::LAST || memory.get(name).is_some())
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
    /// Behind a name that `let` sets.
    Named,
    Behind,
    /// In a list, which goes over several words.
    Within,
}

/// What is known of the names in one line.
#[derive(Default)]
struct Names {
    methods: Vec<Arc<Method>>,
    local: bool,
    /// The line gives a value a name.
    sets: bool,
}

impl Names {
    fn of(head: &str, registry: &Registry) -> Names {
        let local = registry.local(head).is_some();
        let mut methods: Vec<_> = registry.sources().filter_map(|source| source.method(head)?.ok()).collect();
        if methods.is_empty() && !local {
            // A mistyped name: whatever it may have been meant for.
            methods = registry.sources().flat_map(|source| near(head, source)).collect();
        }
        Names { methods, local, sets: local && head == "let" }
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
            None => (self.sets || !self.local) && kind == TokenKind::Name && sounds_secret(word),
        }
    }
}

fn near(name: &str, source: &Source) -> Vec<Arc<Method>> {
    let names = nearest(name, source.entries().map(|entry| entry.name));
    names.into_iter().filter_map(|name| source.method(name)?.ok()).collect()
}

/// Whether a name is one that secrets have.
pub(super) fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["passw", "passphrase", "secret", "token", "api_key", "apikey", "private_key"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang;
    use registry::catalog::Catalog;
    use registry::embedded;

    fn registry() -> Registry {
        let source = Source::new("here", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let local = |name: &str| Method { name: name.into(), ..Method::default() };
        Registry::new(source, vec![local("help"), local("let")])
    }

    #[test]
    fn what_follows_the_name_of_a_secret_is_one() {
        let registry = registry();
        let mut memory = Memory::default();
        memory.set("pw", "x".into());
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
            ("memshell.disable password $unset name a", &["$unset"]),
            ("memshell.disable password '$pw' name a", &["'$pw'"]),
            ("let api_token = S", &["S"]),
            ("let password = (string)S; let a = b", &["S"]),
            ("let password S", &[]),
            // The key of the program, where it is not to stand.
            ("service.list -k S", &["S"]),
            ("service.list name a -kS", &["S"]),
            ("service.list --api-key S -x", &["S"]),
            ("service.list --api-key=S", &["S"]),
            // Not secrets.
            ("memshell.disable password $pw name a", &[]),
            ("memshell.disable password $_.password name a", &[]),
            ("let zone = S", &[]),
            ("let password = $_.password", &[]),
            ("service.info name -kind", &["ind"]),
            ("service.info name password", &[]),
            ("service.set_nickname nickname token name a", &[]),
            ("job.status id a", &[]),
            ("help password x", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> =
                places(text, &lang::tokens(text), &registry, &memory).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, secrets, "{text}");
        }
    }
}
