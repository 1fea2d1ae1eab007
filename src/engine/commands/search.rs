//! `search WORDS`: the methods that have to do with something, the likeliest first.

use std::sync::Arc;

use super::result::{Ahead, Reply};
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::text;
use lang::Line;
use model::{Map, Method, Value};
use registry::resolve::ResolveError;
use registry::{Registry, Source};

/// What a word is worth, by where it is found: in the name as a part of its own, somewhere in it, in the summary, in
/// the name of a parameter, in what is said of one.
const PART: u32 = 16;
const NAME: u32 = 8;
const SUMMARY: u32 = 4;
const PARAMETER: u32 = 2;
const DETAIL: u32 = 1;

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
    let found = find(registry, profile.as_deref(), &words)?;
    if found.is_empty() {
        console.note(&format!("no method matches \"{}\"", words.join(" ")));
    }
    if Options::of(line)?.wish.format.is_some() {
        return Ok(Reply::Data(Value::List(found.iter().map(Found::row).collect())));
    }
    if found.is_empty() {
        return Ok(Reply::Done);
    }
    let several = registry.sources().nth(1).is_some();
    let once = of_each_provider(found, registry.here().profile());
    Ok(Reply::Text(table(&once, several, console.width)))
}

/// The profile in front of the first word's colon.
fn scope(registry: &Registry, word: &str) -> Option<(String, String)> {
    let (profile, rest) = word.split_once(':')?;
    registry.source(profile).map(|_| (profile.to_owned(), rest.to_owned()))
}

struct Found<'r> {
    source: &'r Source,
    method: Arc<Method>,
    score: u32,
}

impl Found<'_> {
    fn row(&self) -> Value {
        let mut row = Map::new();
        row.insert("name", self.method.name.as_str());
        row.insert("profile", self.source.profile());
        row.insert("effect", self.method.effects().main().as_str());
        row.insert("summary", self.method.summary.as_str());
        Value::Map(row)
    }
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

/// The methods in which every word is found.
fn find<'r>(registry: &'r Registry, profile: Option<&str>, words: &[String]) -> Result<Vec<Found<'r>>, CallError> {
    let mut found = Vec::new();
    for source in registry.sources().filter(|source| profile.is_none_or(|profile| profile == source.profile())) {
        for entry in source.entries() {
            let Some(method) = source.method(entry.name) else { continue };
            let method = method.map_err(ResolveError::from)?;
            if let Some(score) = score(&method, words, &[source.profile(), &source.provider().id]) {
                found.push(Found { source, method, score });
            }
        }
    }
    found.sort_by_key(|found| (std::cmp::Reverse(found.score), found.method.deprecated.is_some()));
    Ok(found)
}

/// How much a method of an account has to do with the words; `None` when one of them is not found at all. The name of
/// the account or of its provider is found, and says nothing of one method against another.
fn score(method: &Method, words: &[String], owner: &[&str]) -> Option<u32> {
    let (name, summary) = (method.name.to_lowercase(), method.summary.to_lowercase());
    let names: Vec<String> = method.params.iter().map(|param| param.name.to_lowercase()).collect();
    let details: Vec<String> = method.params.iter().map(|param| param.summary.to_lowercase()).collect();
    let worth = |word: &String| {
        let has = |text: &String| text.contains(word.as_str());
        match () {
            () if name.split(['.', '_', '-', '/']).any(|part| part == word) => Some(PART),
            () if has(&name) => Some(NAME),
            () if has(&summary) => Some(SUMMARY),
            () if names.iter().any(has) => Some(PARAMETER),
            () if details.iter().any(has) => Some(DETAIL),
            () if owner.iter().any(|owner| owner.eq_ignore_ascii_case(word)) => Some(0),
            () => None,
        }
    };
    words.iter().map(worth).sum()
}

/// The names with effect and summary beside them, at a width in columns.
fn table(found: &[Found<'_>], several: bool, width: usize) -> String {
    let row = |found: &Found<'_>| {
        let Found { source, method, .. } = found;
        let owner = if several { format!("{}:", source.profile()) } else { String::new() };
        let mark = if method.deprecated.is_some() { "deprecated, " } else { "" };
        (format!("{owner}{}", method.name), format!("{mark}{}: {}", method.effects(), method.summary))
    };
    text::columns(&found.iter().map(row).collect::<Vec<_>>(), width, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Param;

    #[test]
    fn every_word_must_be_found_and_the_name_counts_most() {
        let param = Param { name: "ttl".into(), summary: "Seconds to keep it".into(), ..Param::default() };
        let method = Method {
            name: "dns.zone_create".into(),
            summary: "Make a Zone".into(),
            params: vec![param],
            ..Method::default()
        };
        for (words, wanted) in [
            (&["zone"][..], Some(PART)),
            (&["zo"], Some(NAME)),
            (&["make"], Some(SUMMARY)),
            (&["ttl"], Some(PARAMETER)),
            (&["seconds"], Some(DETAIL)),
            (&["dns", "ttl"], Some(PART + PARAMETER)),
            (&["dns", "server"], None),
            (&["dns", "work"], Some(PART)),
            // Letters in order are not enough.
            (&["zne"], None),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(score(&method, &words, &["work"]), wanted, "{words:?}");
        }
    }
}
