//! `search WORDS`: the methods that have to do with something, the likeliest first.

use super::result::{Ahead, Reply};
use super::views;
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::text;
use lang::Line;
use model::{Effect, Map, Value, View};
use registry::Registry;
use registry::resolve::ResolveError;
use registry::search::{Found, Results, search};

/// Judges a search that has not run yet.
pub(super) fn foresee(registry: &Registry, line: &Line) -> Result<Ahead, CallError> {
    wanted(registry, line).map(|_| Ahead::Result)
}

/// The account that is searched, if one only is, and the words.
fn wanted(registry: &Registry, line: &Line) -> Result<(Option<String>, Vec<String>), CallError> {
    let mut words: Vec<String> = line.items.iter().map(|item| item.word.text().to_lowercase()).collect();
    let profile = line.items.first().and_then(|item| scope(registry, &item.word.text()));
    if let (Some((_, rest)), Some(first)) = (&profile, words.first_mut()) {
        *first = rest.to_lowercase();
    }
    words.retain(|word| !word.is_empty());
    if words.is_empty() {
        return Err(CallError::usage("`search` needs a word", Some(line.head.span)));
    }
    Ok((profile.map(|(profile, _)| profile), words))
}

/// `search WORDS`
pub(super) fn run(registry: &Registry, console: &mut Console, line: &Line) -> Result<Reply, CallError> {
    let (profile, words) = wanted(registry, line)?;
    let sources = registry.sources().filter(|source| profile.as_deref().is_none_or(|name| name == source.profile()));
    let Results { found, missing } = search(sources, &words).map_err(ResolveError::from)?;
    let views = views::matching(registry, &words);
    if found.is_empty() && views.is_empty() {
        console.note(&format!("no method matches \"{}\"", words.join(" ")));
    } else if !missing.is_empty() {
        console.note(&format!("note: no method has all of these words; \"{}\" was left out", missing.join("\", \"")));
    }
    if Options::of(line)?.wish.format.is_some() {
        let rows = views.iter().map(|view| view_row(view)).chain(found.iter().map(row)).collect();
        return Ok(Reply::List(rows, &["name", "effect", "summary", "profile"]));
    }
    if found.is_empty() && views.is_empty() {
        return Ok(Reply::Done);
    }
    let several = registry.sources().nth(1).is_some();
    let once = of_each_provider(found, registry.here().profile());
    Ok(Reply::Text(table(&views, &once, several, console.width)))
}

/// The profile in front of the first word's colon.
fn scope(registry: &Registry, word: &str) -> Option<(String, String)> {
    let (profile, rest) = word.split_once(':')?;
    registry.source(profile).map(|_| (profile.to_owned(), rest.to_owned()))
}

fn row(Found { source, method }: &Found<'_>) -> Value {
    let mut row = Map::new();
    row.insert("name", method.name.as_str());
    row.insert("profile", source.profile());
    row.insert("effect", method.effects().main().as_str());
    row.insert("summary", method.summary.as_str());
    Value::Map(row)
}

/// A view reads, in any account that has it.
fn view_row(view: &View) -> Value {
    let mut row = Map::new();
    row.insert("name", view.name.as_str());
    row.insert("profile", Value::Null);
    row.insert("effect", Effect::Read.as_str());
    row.insert("summary", view.summary.as_str());
    Value::Map(row)
}

/// Each method once, however many accounts its provider has: at the current one, or else at the first.
fn of_each_provider<'r>(found: Vec<Found<'r>>, here: &str) -> Vec<Found<'r>> {
    let mut once: Vec<Found<'r>> = Vec::with_capacity(found.len());
    for next in found {
        let same = |known: &&mut Found<'r>| {
            known.method.name == next.method.name && known.source.provider().id == next.source.provider().id
        };
        match once.iter_mut().find(same) {
            Some(known) if next.source.profile() == here => *known = next,
            Some(_) => {}
            None => once.push(next),
        }
    }
    once
}

/// The names with effect and summary beside them, at a width in columns.
fn table(views: &[&View], found: &[Found<'_>], several: bool, width: usize) -> String {
    let row = |found: &Found<'_>| {
        let Found { source, method } = found;
        let owner = if several { format!("{}:", source.profile()) } else { String::new() };
        let mark = if method.deprecated.is_some() { "deprecated, " } else { "" };
        let summary = if method.summary.is_empty() { String::new() } else { format!(": {}", method.summary) };
        (format!("{owner}{}", method.name), format!("{mark}{}{summary}", method.effects()))
    };
    let views = views.iter().map(|view| (view.name.clone(), format!("view: {}", view.summary)));
    text::columns(&views.chain(found.iter().map(row)).collect::<Vec<_>>(), width, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::{Source, embedded};

    #[test]
    fn a_method_of_two_accounts_is_listed_once_at_the_current_one() {
        let source = |name| Source::new(name, Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let mut registry = Registry::new(source("work"), Vec::new());
        registry.add(source("home"));
        for here in ["work", "home"] {
            assert!(registry.switch(here));
            let words = ["reboot".to_owned()];
            let found = search(registry.sources(), &words).unwrap().found;
            assert_eq!(found.iter().filter(|found| found.method.name == "server.reboot").count(), 2);
            let once = of_each_provider(found, here);
            assert_eq!((once[0].source.profile(), once[0].method.name.as_str()), (here, "server.reboot"));
            let shown = table(&[], &once, true, 80);
            assert!(shown.starts_with(&format!("{here}:server.reboot  change: Reboot a server\n")), "{shown}");
        }
    }
}
