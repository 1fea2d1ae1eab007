//! What a line begins with, and the words of the shell's own commands.

use std::collections::HashSet;

use super::fit::fitting;
use super::typed::Typed;
use super::{Candidate, Context, values};
use model::{Method, Value};
use registry::{Entry, Registry, Source};

/// Commands, methods, and with several accounts their names; behind a profile, its methods.
pub(super) fn heads(word: &str, profile: Option<&str>, registry: &Registry) -> Vec<Candidate> {
    if let Some(profile) = profile {
        return registry.source(profile).map(|source| methods(word, source.entries())).unwrap_or_default();
    }
    let mut found = methods(word, registry.entries());
    ambiguous(&mut found, registry);
    if registry.sources().nth(1).is_some() {
        let names = profiles(word, registry).into_iter();
        found.extend(names.map(|found| Candidate { insert: format!("{}:", found.insert), ..found }.open()));
    }
    found
}

/// Those that should no longer be used come last. Two accounts may have a method of the same name.
fn methods<'e>(word: &str, entries: impl Iterator<Item = Entry<'e>>) -> Vec<Candidate> {
    let mut found = fitting(word, entries.collect(), |entry: &Entry<'_>| entry.name);
    found.sort_by_key(|entry| entry.deprecated);
    let mut seen = HashSet::new();
    found.retain(|entry| seen.insert(entry.name));
    let summary = |entry: &Entry<'_>| match entry.deprecated {
        true => format!("deprecated: {}", entry.summary),
        false => entry.summary.to_owned(),
    };
    found.iter().map(|entry| Candidate::new(entry.name, summary(entry))).collect()
}

/// A name that more than one other account has means nothing without the account's.
fn ambiguous(found: &mut Vec<Candidate>, registry: &Registry) {
    if registry.sources().nth(2).is_none() {
        return;
    }
    let mut out = Vec::with_capacity(found.len());
    for candidate in found.drain(..) {
        let name = candidate.insert.as_str();
        let owners: Vec<&Source> = registry.sources().filter(|source| source.has(name)).collect();
        if owners.len() < 2 || registry.here().has(name) || registry.local(name).is_some() {
            out.push(candidate);
            continue;
        }
        let named = |owner: &&Source| format!("{}:{name}", owner.profile());
        out.extend(owners.iter().map(|owner| Candidate { insert: named(owner), ..candidate.clone() }));
    }
    *found = out;
}

fn profiles(word: &str, registry: &Registry) -> Vec<Candidate> {
    let all: Vec<&Source> = registry.sources().collect();
    let found = fitting(word, all, |source| source.profile());
    found.iter().map(|source| Candidate::new(source.profile(), source.provider().title.as_str())).collect()
}

/// The word of that number of a command. What is due, the parameter's name says; words to choose from stand in it.
pub(super) fn argument(word: &Typed, command: &Method, nth: usize, context: &Context<'_>) -> Vec<Candidate> {
    let registry = context.registry;
    let Some(param) = command.params.get(nth) else { return Vec::new() };
    let chosen = param.choices.iter().map(Value::plain).filter(|choice| word.begins(choice));
    let mut found: Vec<Candidate> = chosen.map(|choice| Candidate::new(word.spell(&choice, true), "")).collect();
    match param.name.as_str() {
        "profile" => found.extend(profiles(&word.text, registry)),
        "topic" => found.extend(topics(&word.text, context)),
        "method" => found.extend(heads(&word.text, None, registry)),
        "file" => found.extend(values::files(word, context.files)),
        _ => {}
    }
    found
}

/// What help explains: its own topics, the accounts, the commands and the methods.
fn topics(word: &str, context: &Context<'_>) -> Vec<Candidate> {
    if let Some((profile, name)) = word.split_once(':') {
        let found = heads(name, Some(profile), context.registry).into_iter();
        return found.map(|it| Candidate { insert: format!("{profile}:{}", it.insert), ..it }).collect();
    }
    let own = context.words.topics.iter().map(|(name, summary)| Entry { name, summary, deprecated: false });
    let accounts = context.registry.sources().map(|source| Entry {
        name: source.profile(),
        summary: &source.provider().title,
        deprecated: false,
    });
    methods(word, own.chain(accounts).chain(context.registry.entries()))
}
