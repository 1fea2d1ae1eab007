//! `refresh --values`: reads the lists of an account again, so that its ids and names can be completed as they are now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::result::Reply;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::pages;
use crate::engine::call::variables;
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Class, Diagnostic, Identities, Map, Method, Type, Value};
use registry::Source;

/// Reads every list that requires no parameters, and reports how many values of each kind there are. A list that the
/// provider refuses is passed over with a note; any other error ends it.
pub(super) fn refresh(
    accounts: &mut Accounts,
    console: &mut Console,
    profile: &str,
    options: &Options,
) -> Result<Reply, CallError> {
    let timeouts = options.timeouts(&accounts.rules(profile));
    let lists = accounts.registry.source(profile).map(lists).unwrap_or_default();
    if lists.is_empty() {
        console.note(&format!("{profile}: no list shows ids or names without being given something"));
        return Ok(Reply::Done);
    }
    let mut exchange = Exchange::of(accounts, console, profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for method in lists {
        let identities = Identities::of(&method, exchange.source.shapes());
        // What replaces a deprecated list shows more.
        if method.deprecated.is_some() && identities.own_kinds().all(|kind| found.contains_key(kind)) {
            continue;
        }
        // Nothing is given, so nothing can have the wrong place.
        let arguments = Arguments::passed(&method, Map::new()).unwrap_or(Arguments::Named(Map::new()));
        let call = Call { method: Arc::clone(&method), arguments };
        let read = variables::resolve(&mut exchange, &method).and_then(|()| pages::whole(&mut exchange, &call));
        let value = match read {
            Ok((value, _)) => value,
            Err(error) if error.class() == Class::Refused => {
                let note = format!("note: {} was passed over: {error}", method.name);
                exchange.console.note(&exchange.redactor.foreign(&note));
                continue;
            }
            Err(error) => return Err(error),
        };
        for shown in identities.shown(&value) {
            found.entry(shown.kind.to_owned()).or_default().insert(shown.key);
        }
    }
    let row = |(kind, keys): (String, BTreeSet<String>)| {
        let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        Value::from(Map::from_iter([("kind", Value::from(kind)), ("values", count.into())]))
    };
    Ok(Reply::Data(Value::List(found.into_iter().map(row).collect())))
}

/// The lists that show objects of an account without being given anything, the deprecated ones last.
fn lists(source: &Source) -> Vec<Arc<Method>> {
    let methods = source.entries().filter_map(|entry| source.method(entry.name)?.ok());
    let is_free = |method: &Method| !method.params.iter().any(|param| param.required && param.variable.is_none());
    let is_list = |method: &Method| matches!(method.returns, Type::List(_) | Type::MapOf(_));
    let reads = methods.filter(|method| method.effects().only_reads() && is_list(method) && is_free(method));
    let mut lists: Vec<Arc<Method>> =
        reads.filter(|method| !Identities::of(method, source.shapes()).is_empty()).collect();
    lists.sort_by_key(|method| method.deprecated.is_some());
    lists
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::embedded;

    #[test]
    fn every_provider_has_lists_that_only_read_and_need_nothing() {
        for catalogue in embedded::all() {
            let source = Source::new("p", Catalog::open(catalogue).unwrap());
            let lists = lists(&source);
            assert!(lists.len() > 2, "{}: {lists:?}", catalogue.id);
            assert!(lists.iter().all(|method| method.effects().only_reads()), "{}", catalogue.id);
            let deprecated: Vec<bool> = lists.iter().map(|method| method.deprecated.is_some()).collect();
            assert!(deprecated.is_sorted(), "{}", catalogue.id);
        }
    }
}
