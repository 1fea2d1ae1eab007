//! What a line can begin with, and the arguments of the shell's own commands.

use std::collections::HashSet;

use super::candidate::Candidate;
use super::context::{Context, Words};
use super::cursor::Cursor;
use super::fit::fitting;
use super::results;
use super::typed::{Typed, begins};
use super::values;
use lang::Own;
use model::{Method, Value};
use registry::accounts::choices;
use registry::views::{Known, shared};
use registry::{Entry, Registry, Source, embedded};

/// Commands, methods and, with several accounts, their names; after a profile, its methods.
pub(super) fn heads(word: &str, profile: Option<&str>, registry: &Registry) -> Vec<Candidate> {
    if let Some(profile) = profile {
        let of_source = |source: &Source| {
            let saved = source.saved_lines().filter(|line| !source.has(&line.name));
            let saved = saved.map(|line| Entry { name: &line.name, summary: &line.summary, deprecated: false });
            fitted(word, of(None, saved.chain(views_of(source)).chain(source.entries())))
        };
        return registry.source(profile).map(of_source).unwrap_or_default();
    }
    with_accounts(word, fitted(word, callable(registry)), registry)
}

/// Methods, with the accounts that can be before one, if there are several.
fn with_accounts(word: &str, methods: Vec<Candidate>, registry: &Registry) -> Vec<Candidate> {
    if registry.sources().nth(1).is_none() {
        return methods;
    }
    let names = profiles(word, registry).into_iter();
    let names: Vec<Candidate> =
        names.map(|found| Candidate { insert: format!("{}:", found.insert), ..found }.open()).collect();
    // Who types the beginning of an account wants the account.
    let first = !word.is_empty() && names.iter().any(|name| begins(&name.insert, word));
    let (first, last) = if first { (names, methods) } else { (methods, names) };
    first.into_iter().chain(last).collect()
}

/// What can follow an `@`, after the part of the word that is complete.
pub(super) fn accounts(word: &str, registry: &Registry) -> Vec<Candidate> {
    let (at, name) = word.strip_prefix('@').map_or(("", word), |name| ("@", name));
    let found = fitting(name, choices(registry), |(name, _)| name);
    found.into_iter().map(|(name, what)| Candidate::new(format!("{at}{name}"), what)).collect()
}

/// The methods and views of the accounts that a line names.
pub(super) fn of_accounts(word: &str, sources: &[&Source]) -> Vec<Candidate> {
    let all = sources.iter().flat_map(|source| views_of(source).chain(source.entries()));
    fitted(word, of(None, all))
}

/// The methods that a call for each member of a result can call: no commands and no views.
pub(super) fn of_calls(word: &str, profile: Option<&str>, registry: &Registry) -> Vec<Candidate> {
    let here = profile.map_or(Some(registry.here()), |profile| registry.source(profile));
    let own = here.into_iter().flat_map(|source| source.entries());
    let others = registry.others().filter(|_| profile.is_none());
    let is_own = |name: &str| registry.here().has(name);
    let others =
        others.flat_map(|source| of(Some(source.profile()), source.entries().filter(move |entry| !is_own(entry.name))));
    let methods = fitted(word, of(None, own).chain(others));
    if profile.is_some() { methods } else { with_accounts(word, methods, registry) }
}

/// A name, and the account that must be named with it.
type Named<'e> = (Option<&'e str>, Entry<'e>);

fn of<'e>(profile: Option<&'e str>, entries: impl Iterator<Item = Entry<'e>>) -> impl Iterator<Item = Named<'e>> {
    entries.map(move |entry| (profile, entry))
}

/// Commands, the current account's methods, and those that only other accounts have.
fn callable(registry: &Registry) -> impl Iterator<Item = Named<'_>> {
    let views = registry.views().into_iter().filter(|known| is_head(registry, &known.view.name));
    let views = views.map(|known| Entry::of_view(&known.view));
    let own = registry.locals().chain(views).chain(registry.here().entries());
    let is_own = |name: &str| registry.here().has(name) || registry.local(name).is_some();
    let foreign = registry
        .others()
        .flat_map(move |source| of(Some(source.profile()), source.entries().filter(move |entry| !is_own(entry.name))));
    of(None, own).chain(foreign)
}

/// Whether a line can begin with the name of a view, and some account has it.
fn is_head(registry: &Registry, name: &str) -> bool {
    let has = |source: &Source| source.views().of(name).next().is_some();
    registry.view(None, name).is_some() && !registry.is_command(name) && registry.sources().any(has)
}

/// The views that an account has.
fn views_of(source: &Source) -> impl Iterator<Item = Entry<'_>> {
    let has = |known: &&Known| source.views().of(&known.view.name).next().is_some();
    let all = shared().iter().chain(source.views().own());
    all.filter(has).map(|known| Entry::of_view(&known.view))
}

/// The names of views, with an account in front or without; after one, the words of its time.
fn views(word: &Typed, cursor: &Cursor<'_>, registry: &Registry) -> Vec<Candidate> {
    if cursor.nth > 0 {
        let name = cursor.used.first().map(|name| name.rsplit(':').next().unwrap_or(name));
        return name.and_then(|name| registry.view(None, name)).map(|known| times(word, known)).unwrap_or_default();
    }
    match word.text.split_once(':') {
        Some((profile, name)) => {
            let found =
                registry.source(profile).map(|source| fitted(name, of(None, views_of(source)))).unwrap_or_default();
            found.into_iter().map(|it| Candidate { insert: format!("{profile}:{}", it.insert), ..it }).collect()
        }
        None => fitted(&word.text, of(None, registry.views().into_iter().map(|known| Entry::of_view(&known.view)))),
    }
}

/// The words of the time of a view.
fn times(word: &Typed, known: &Known) -> Vec<Candidate> {
    const WORDS: [&str; 5] = ["30d", "60d", "90d", "since", "until"];
    let words = WORDS.iter().filter(|_| known.view.time.is_some()).filter(|one| word.begins(one));
    words.map(|one| Candidate::new(word.spell(one, true), "")).collect()
}

/// Those that match a word. Deprecated ones come last, followed only by those of other accounts, with the account in
/// front.
fn fitted<'e>(word: &str, all: impl Iterator<Item = Named<'e>>) -> Vec<Candidate> {
    candidates(word, all.collect())
}

fn candidates(word: &str, all: Vec<Named<'_>>) -> Vec<Candidate> {
    let mut found = fitting(word, all, |(_, entry): &Named<'_>| entry.name);
    found.sort_by_key(|(profile, entry)| (profile.is_some(), entry.deprecated));
    let mut seen = HashSet::new();
    found.retain(|(profile, entry)| seen.insert((*profile, entry.name)));
    let summary = |entry: &Entry<'_>| match entry.deprecated {
        true => format!("deprecated: {}", entry.summary),
        false => entry.summary.to_owned(),
    };
    let candidate = |(profile, entry): &Named<'_>| {
        let plain = Candidate::new(entry.name, summary(entry));
        profile.map_or(plain.clone(), |profile| plain.of(profile))
    };
    found.iter().map(candidate).collect()
}

/// The accounts.
pub(super) fn profiles(word: &str, registry: &Registry) -> Vec<Candidate> {
    let all: Vec<&Source> = registry.sources().collect();
    let found = fitting(word, all, |source| source.profile());
    found.iter().map(|source| Candidate::new(source.profile(), source.provider().title.as_str())).collect()
}

/// Completes the argument of a command at a position. The parameter's name says what is expected, and may contain the
/// choices.
pub(super) fn argument(word: &Typed, command: &Method, cursor: &Cursor<'_>, context: &Context<'_>) -> Vec<Candidate> {
    let (registry, nth) = (context.registry, cursor.nth);
    match command.name.as_str() {
        "set" => return settings(word, cursor, &context.words),
        "wait" if nth == 0 => return jobs(word, context),
        "reconcile" => return open_calls(word, cursor, context),
        // After the name and the sign.
        Own::LET if nth > 1 && word.text.is_empty() => return results::paths("$", context),
        // What a script gets may be anything; files are what can be known.
        "source" | "run" if nth > 0 => return values::files(word, context.files),
        "view" => return views(word, cursor, registry),
        _ => {}
    }
    if let Some(known) = registry.view(cursor.profile, &command.name).filter(|_| !registry.is_command(&command.name)) {
        return times(word, known);
    }
    let Some(param) = command.params.get(nth) else { return Vec::new() };
    let chosen = param.choices.iter().map(Value::plain).filter(|choice| word.begins(choice));
    let mut found: Vec<Candidate> = chosen.map(|choice| Candidate::new(word.spell(&choice, true), "")).collect();
    match param.name.as_str() {
        "profile" => found.extend(profiles(&word.text, registry)),
        "topic" => found.extend(topics(&word.text, context)),
        "method" => found.extend(heads(&word.text, None, registry)),
        "provider" => {
            let ids = embedded::ids().filter(|id| word.begins(id));
            found.extend(ids.map(|id| Candidate::new(id, "")));
        }
        "name line …" => found.extend(saved(word, registry)),
        "file" | "file …" if nth == 0 => found.extend(values::files(word, context.files)),
        "saved" => found.extend(saved(word, registry)),
        _ => {}
    }
    found
}

/// The lines that are saved for the current account.
fn saved(word: &Typed, registry: &Registry) -> Vec<Candidate> {
    let saved = registry.here().saved_lines().filter(|line| word.begins(&line.name));
    saved.map(|line| Candidate::new(line.name.as_str(), line.summary.as_str())).collect()
}

/// The calls whose outcome is unknown; after their numbers, what may have become of them.
fn open_calls(word: &Typed, cursor: &Cursor<'_>, context: &Context<'_>) -> Vec<Candidate> {
    const FOUND: [&str; 3] = ["happened", "did-not", "cannot-tell"];
    let given = |id: &str| cursor.used.contains(&id) || cursor.given.iter().any(|(_, value)| *value == id);
    let calls = context.seen.calls().into_iter().filter(|(id, _)| word.begins(id) && !given(id));
    let mut found: Vec<Candidate> = calls.map(|(id, what)| Candidate::new(id, what)).collect();
    let ends = FOUND.iter().filter(|end| cursor.nth > 0 && word.begins(end));
    found.extend(ends.map(|end| Candidate::new(*end, "")));
    found
}

/// The settings, and the values of the one that is named.
fn settings(word: &Typed, cursor: &Cursor<'_>, words: &Words<'_>) -> Vec<Candidate> {
    if cursor.nth == 0 {
        let found = words.settings.iter().filter(|setting| word.begins(setting.name));
        return found.map(|setting| Candidate::new(setting.name, setting.values)).collect();
    }
    let named = cursor.used.first().filter(|_| cursor.nth == 1);
    let Some(setting) = named.and_then(|name| words.settings.iter().find(|setting| setting.name == *name)) else {
        return Vec::new();
    };
    let formats = if setting.name == "output" { words.formats } else { &[] };
    let all = formats.iter().chain(setting.choices).filter(|choice| word.begins(choice));
    all.map(|choice| Candidate::new(word.spell(choice, true), "")).collect()
}

/// The jobs that can be waited for.
fn jobs(word: &Typed, context: &Context<'_>) -> Vec<Candidate> {
    let found = context.seen.jobs().into_iter().filter(|(id, _)| word.begins(id));
    found.map(|(id, what)| Candidate::new(word.spell(&id, true), what)).collect()
}

/// The topics of help: its own, the accounts, the commands and the methods.
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
    fitted(word, of(None, own.chain(accounts)).chain(callable(context.registry)))
}
