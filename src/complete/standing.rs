//! Whether the names in a line are known, for its colours.

use std::sync::Arc;

use super::inner;
use lang::{OptionDef, Raw, Token, TokenKind};
use model::{Method, Span};
use registry::Registry;
use registry::accounts::named;
use registry::resolve::{Resolved, resolve};

/// What is known about a part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is valid, or cannot be checked.
    Known,
    /// It is not known yet, but is still being typed.
    Open,
    /// There is nothing of that name, or its account must be named with it.
    Unknown,
}

/// Every part of a line with what is known about it. The word that touches the cursor, a byte of the line, is not
/// judged.
pub fn standings(line: &str, cursor: usize, registry: &Registry) -> Vec<(Token, Standing)> {
    let all = inner::all_tokens(line);
    let text = |token: &Token| line.get(token.span.range()).unwrap_or("");
    let is_no_check = |token: &Token| OptionDef::find(text(token)).is_some_and(|option| option.long == "no-check");
    let unchecked = all.iter().any(is_no_check);
    let mut judge = Judge { registry, accounts: None, profile: None, raw: false, methods: Vec::new() };
    let judged = all.iter().map(|token| {
        let touched = token.span.start < cursor && cursor <= token.span.end;
        let known = judge.knows(token.kind, text(token)) || (unchecked && token.kind == TokenKind::Name);
        let standing = match (known, touched) {
            (true, _) => Standing::Known,
            (false, true) => Standing::Open,
            (false, false) => Standing::Unknown,
        };
        (*token, standing)
    });
    judged.collect()
}

struct Judge<'r, 't> {
    registry: &'r Registry,
    /// The accounts before the line; none of a word that names no account.
    accounts: Option<Vec<String>>,
    profile: Option<&'t str>,
    /// The word before makes the next one a name that need not be in a catalogue.
    raw: bool,
    /// The methods that the head of the line may mean; none for a command, whose words are free.
    methods: Vec<Arc<Method>>,
}

impl<'t> Judge<'_, 't> {
    fn knows(&mut self, kind: TokenKind, word: &'t str) -> bool {
        match kind {
            TokenKind::Separator | TokenKind::Each => {
                (self.accounts, self.profile, self.raw, self.methods) = (None, None, false, Vec::new());
                true
            }
            TokenKind::Accounts => {
                let named = named(self.registry, word, Span::default());
                let known = named.is_ok();
                self.accounts = Some(named.unwrap_or_default());
                known
            }
            TokenKind::Profile => {
                self.profile = Some(word);
                self.registry.source(word).is_some()
            }
            TokenKind::Head if self.accounts.is_some() => {
                let of = |profile: &String| self.registry.source(profile)?.method(word)?.ok();
                self.methods = self.accounts.iter().flatten().filter_map(of).collect();
                let raw = self.raw;
                self.raw |= word == Raw::WORD;
                raw || word == Raw::WORD || !self.methods.is_empty() || word.starts_with(['\'', '"'])
            }
            TokenKind::Head => {
                let profile = self.profile.map(|profile| (profile, Span::default()));
                // A name that is still being typed is compared with no others: that would take longer than all the rest.
                let is_there = self.registry.knows(self.profile, word);
                let found = is_there.then(|| resolve(self.registry, profile, word, Span::default()).ok()).flatten();
                let wanted =
                    self.registry.sources().filter(|source| self.profile.is_none_or(|p| p == source.profile()));
                self.methods = match &found {
                    Some(Resolved::Local(_)) => Vec::new(),
                    Some(Resolved::Remote { method, .. }) => vec![Arc::clone(method)],
                    None => wanted.filter_map(|source| source.method(word)?.ok()).collect(),
                };
                let raw = self.raw;
                self.raw |= word == Raw::WORD;
                // A quoted name is taken literally, and here it still has its quotes.
                raw || found.is_some() || word.starts_with(['\'', '"'])
            }
            TokenKind::Name => self.methods.is_empty() || self.methods.iter().any(|method| has(method, word)),
            _ => true,
        }
    }
}

/// Whether a name is a parameter's, or a path into one.
fn has(method: &Method, name: &str) -> bool {
    let root = name.split(['.', '[']).next().unwrap_or(name);
    method.untyped || name.starts_with(['\'', '"']) || method.param(root).is_some() || method.param(name).is_some()
}
