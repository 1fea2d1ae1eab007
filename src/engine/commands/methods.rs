//! `methods`: everything that can be called, as data.

use super::page::condition;
use super::result::{Ahead, Reply};
use crate::engine::accounts::account::Account;
use crate::engine::accounts::roster::Accounts;
use crate::engine::plan::options::Options;
use crate::engine::state::error::CallError;
use lang::Line;
use model::{EffectWhen, Effects, Map, Method, Param, Value};
use registry::resolve::ResolveError;
use registry::{Registry, Source};

/// The words for a method that is new or gone.
const CHANGES: &str = "changes";

/// `methods --changes`, or `methods changes`: what was added to and removed from the list of each account at the last change.
fn changes(accounts: &Accounts) -> Value {
    let of = |account: &Account| Some(account.changes()?.rows(&account.target.profile));
    Value::List(accounts.list.iter().filter_map(of).flatten().collect())
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
pub(super) fn foresee(line: &Line) -> Result<Ahead, CallError> {
    wants_changes(line).map(|_| Ahead::Result)
}

/// The columns of the list that matter most.
const COLUMNS: &[&str] = &["name", "effect", "summary", "profile", "returns", "deprecated"];

/// `methods`
pub(super) fn run(accounts: &Accounts, line: &Line) -> Result<Reply, CallError> {
    Ok(match wants_changes(line)? {
        true => Reply::Data(changes(accounts)),
        false => Reply::List(all(&accounts.registry)?, COLUMNS),
    })
}

/// Everything that can be called.
fn all(registry: &Registry) -> Result<Vec<Value>, CallError> {
    let mut list = Vec::new();
    for source in registry.sources() {
        for entry in source.entries() {
            if let Some(method) = source.method(entry.name) {
                let method = method.map_err(ResolveError::from)?;
                list.push(row(&method, source));
            }
        }
    }
    Ok(list)
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
