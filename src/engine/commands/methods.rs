//! `methods`: everything that can be called, as data.

use super::page::condition;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use lang::Line;
use model::{Effect, EffectWhen, Effects, Map, Method, Param, Value};
use registry::Source;
use registry::resolve::ResolveError;

/// The words for a method that is new or gone.
const CHANGES: &str = "changes";

/// `methods --changes`, or `methods changes`: what was added to and removed from the list of each account at the last change.
fn changes(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let rows: Vec<Value> = session
        .accounts
        .list
        .iter()
        .filter_map(|account| Some(account.changes()?.rows(&account.target.profile)))
        .flatten()
        .collect();
    super::result::put_value(session, line, &Value::List(rows))?;
    Ok(Outcome::Done)
}

/// Whether the line asks for what was added and removed.
fn wants_changes(line: &Line) -> Result<bool, CallError> {
    match line.items.first().map(|item| (item.word.text(), item.word.span)) {
        Some((word, _)) if word == CHANGES => Ok(true),
        Some((word, span)) => Err(CallError::usage(format!("`methods` lists `{CHANGES}`, not `{word}`"), Some(span))),
        None => Ok(Options::of(line)?.changes),
    }
}

/// Judges a listing that has not run yet.
pub(super) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    wants_changes(line)?;
    super::result::foresee(session, course, line)
}

pub(super) fn run(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    if wants_changes(line)? {
        return changes(session, line);
    }
    let mut list = Vec::new();
    for source in session.accounts.registry.sources() {
        for entry in source.entries() {
            if let Some(method) = source.method(entry.name) {
                let method = method.map_err(ResolveError::from)?;
                list.push(row(&method, source));
            }
        }
    }
    super::result::put_value(session, line, &Value::List(list))?;
    Ok(Outcome::Done)
}

fn row(method: &Method, source: &Source) -> Value {
    let provider = source.provider();
    let doc = method.doc.map_or(Value::Null, |doc| Value::from(format!("{}:{doc}", provider.document)));
    let mut row = Map::new();
    row.insert("name", method.name.as_str());
    row.insert("profile", source.profile());
    row.insert("provider", provider.id.as_str());
    row.insert("doc", doc);
    row.insert("reference", method.reference.as_deref().map_or(Value::Null, Value::from));
    row.insert("summary", method.summary.as_str());
    let effects = method.effects();
    row.insert("effect", effects.main().as_str());
    row.insert("effects", words(effects));
    if !method.effect_when.is_empty() {
        row.insert("effect_when", method.effect_when.iter().map(by_value).collect::<Vec<_>>());
    }
    row.insert("parameters", method.params.iter().map(parameter).collect::<Vec<_>>());
    row.insert("returns", method.returns.to_string());
    row.insert("deprecated", method.deprecated.as_deref().map_or(Value::Null, Value::from));
    Value::Map(row)
}

/// Each effect by its word.
fn words(effects: Effects) -> Vec<Value> {
    effects.iter().map(|effect| effect.as_str().into()).collect()
}

/// What it does with certain values, and with which.
fn by_value(rule: &EffectWhen) -> Value {
    Map::from_iter([("when", Value::from(condition(rule))), ("effects", words(rule.effects()).into())]).into()
}

fn parameter(param: &Param) -> Value {
    let mut row = Map::new();
    row.insert("name", param.name.as_str());
    row.insert("type", param.type_.to_string());
    row.insert("required", param.required);
    if !param.choices.is_empty() {
        row.insert("choices", param.choices.clone());
    }
    if param.secret {
        row.insert("secret", true);
    }
    if let Some(text) = &param.deprecated {
        row.insert("deprecated", text.as_str());
    }
    Value::Map(row)
}
