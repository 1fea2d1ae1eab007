//! `refresh --values`: reads the lists of an account again, so that its ids and names can be completed as they are now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::result::Reply;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::pages;
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Class, Diagnostic, Identities, Map, Method, Type, Value};
use registry::Source;

/// Reads every list that needs nothing to be given, and tells how many values of each kind there are. A list that the
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
        let call = Call { method: Arc::clone(&method), arguments: Arguments::Named(Map::new()) };
        let value = match pages::whole(&mut exchange, &call) {
            Ok((value, _)) => value,
            Err(error) if error.class() == Class::Refused => {
                let note = format!("note: {} was passed over: {error}", method.name);
                exchange.console.note(&exchange.redactor.foreign(&note));
                continue;
            }
            Err(error) => return Err(error),
        };
        let identities = Identities::of(&method, exchange.source.shapes());
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

/// The lists that show objects of an account without being given anything; of those that show nothing more than others,
/// none.
fn lists(source: &Source) -> Vec<Arc<Method>> {
    let methods = source.entries().filter(|entry| !entry.deprecated);
    let methods = methods.filter_map(|entry| source.method(entry.name)?.ok());
    let is_free = |method: &Method| !method.params.iter().any(|param| param.required && param.variable.is_none());
    let is_list = |method: &Method| matches!(method.returns, Type::List(_) | Type::MapOf(_));
    let reads = methods.filter(|method| method.effects().only_reads() && is_list(method) && is_free(method));
    let kinds = |method: &Method| -> BTreeSet<String> {
        Identities::of(method, source.shapes()).kinds().into_iter().map(str::to_owned).collect()
    };
    let mut lists: Vec<(BTreeSet<String>, Arc<Method>)> = reads.map(|method| (kinds(&method), method)).collect();
    // Those that show most come first, and what the others would add is known then.
    lists.sort_by_key(|(kinds, _)| std::cmp::Reverse(kinds.len()));
    let mut known = BTreeSet::new();
    lists.retain(|(kinds, _)| {
        let adds = !kinds.is_subset(&known);
        known.extend(kinds.iter().cloned());
        adds
    });
    lists.into_iter().map(|(_, method)| method).collect()
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
            let all = |method: &Arc<Method>| -> Vec<String> {
                Identities::of(method, source.shapes()).kinds().into_iter().map(str::to_owned).collect()
            };
            let mut known = BTreeSet::new();
            assert!(
                lists
                    .iter()
                    .all(|method| all(method).into_iter().filter(|kind| known.insert(kind.clone())).count() > 0)
            );
        }
    }
}
