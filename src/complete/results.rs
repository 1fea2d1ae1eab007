//! Values from earlier lines: `$_`, the last result, named values, and paths inside them.

use super::candidate::Candidate;
use super::context::Context;
use model::Value;

/// The most members of a list that are offered.
const MOST: usize = 10;

/// The names and paths that begin with the word.
pub(super) fn paths(word: &str, context: &Context<'_>) -> Vec<Candidate> {
    let last = context.last.map(|value| ("_", value));
    let mut all = last.into_iter().chain(context.named.iter().copied());
    let name = word.strip_prefix('$').unwrap_or(word);
    let Some(at) = name.find(['.', '[']) else {
        let fitting = all.filter(|(known, _)| known.starts_with(name));
        return fitting.map(|(known, value)| candidate(format!("${known}"), value)).collect();
    };
    let root = name.get(..at).unwrap_or("");
    let Some((_, value)) = all.find(|(known, _)| *known == root) else { return Vec::new() };
    // Everything up to the last dot or bracket leads to a value, whose members are offered.
    let cut = name.rfind(['.', '[']).unwrap_or(at);
    let base = name.get(..cut).unwrap_or("");
    let mut pieces = base.split(['.', '[', ']']).filter(|piece| !piece.is_empty()).skip(1);
    let Some(value) = pieces.try_fold(value, member) else { return Vec::new() };
    let mut found = members(base, value);
    found.retain(|found| found.insert.starts_with(word));
    found
}

/// The value that a variable or a path in one leads to.
pub(super) fn value<'c>(word: &str, context: &Context<'c>) -> Option<&'c Value> {
    let mut pieces = word.strip_prefix('$')?.split(['.', '[', ']']).filter(|piece| !piece.is_empty());
    let root = pieces.next()?;
    let last = context.last.map(|value| ("_", value));
    let mut all = last.into_iter().chain(context.named.iter().copied());
    let (_, value) = all.find(|(known, _)| *known == root)?;
    pieces.try_fold(value, member)
}

fn member<'v>(value: &'v Value, piece: &str) -> Option<&'v Value> {
    match value {
        Value::List(list) => list.get(piece.parse::<usize>().ok()?),
        other => other.get(piece),
    }
}

fn members(base: &str, value: &Value) -> Vec<Candidate> {
    let is_plain = |key: &str| key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) && !key.is_empty();
    match value {
        Value::Map(map) => {
            let keys = map.iter().filter(|(key, _)| is_plain(key));
            keys.map(|(key, value)| candidate(format!("${base}.{key}"), value)).collect()
        }
        Value::List(list) => {
            let members = list.iter().take(MOST).enumerate();
            members.map(|(index, value)| candidate(format!("${base}[{index}]"), value)).collect()
        }
        _ => Vec::new(),
    }
}

/// Shows the kind of value and never the value itself: it may be a secret.
fn candidate(insert: String, value: &Value) -> Candidate {
    let summary = match value {
        Value::List(list) => format!("list of {}", list.len()),
        Value::Map(map) => format!("dict of {}", map.len()),
        other => other.kind().to_owned(),
    };
    let whole = !matches!(value, Value::List(_) | Value::Map(_));
    Candidate { whole, ..Candidate::new(insert, summary) }
}
