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
use crate::signals::Interrupts;
use crate::wire::WireError;
use model::{
    Arguments, Break, Call, Class, Diagnostic, Effect, Identities, Map, Method, Param, Sent, Sought, Type, Value,
};
use registry::Source;

/// So many times a list is read for one object, at most.
const MOST_CALLS: usize = 100;
/// A list that was refused for so many objects, and read for none, is given up.
const MOST_REFUSED: usize = 3;

/// Reads every list that requires no parameters, then those that require an id which is known by then, and reports how
/// many values of each kind there are. A list that the provider refuses is passed over with a note, and so is one that
/// fails for some objects; any other error ends it, as Ctrl-C does.
pub(super) fn refresh(
    accounts: &mut Accounts,
    console: &mut Console,
    profile: &str,
    options: &Options,
) -> Result<Reply, CallError> {
    let timeouts = options.timeouts(&accounts.rules(profile));
    let Lists { free, fed } = accounts.registry.source(profile).map(lists).unwrap_or_default();
    if free.is_empty() {
        console.note(&format!("{profile}: no list shows ids or names without being given something"));
        return Ok(Reply::Done);
    }
    accounts.ledger.take_in_seen();
    let exchange = Exchange::of(accounts, console, profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    exchange.console.note(&format!("reading {} of {profile} (Ctrl-C stops)", counted(free.len(), "list")));
    let mut reader = Reader { exchange, found: BTreeMap::new(), pressed: Interrupts::record() };
    for method in &free {
        // What replaces a deprecated list shows more.
        if method.deprecated.is_some() && reader.has_all_of(method) {
            continue;
        }
        // Nothing is given, so nothing can have the wrong place.
        let arguments = Arguments::passed(method, Map::new()).unwrap_or(Arguments::Named(Map::new()));
        if let Some(refused) = reader.read(&Call { method: Arc::clone(method), arguments })? {
            reader.note(&format!("note: {} was passed over: {refused}", method.name));
        }
    }
    reader.read_fed(fed)?;
    let row = |(kind, keys): (String, BTreeSet<String>)| {
        let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        Value::from(Map::from_iter([("kind", Value::from(kind)), ("values", count.into())]))
    };
    Ok(Reply::Data(Value::List(reader.found.into_iter().map(row).collect())))
}

/// Lists that show objects of an account.
#[derive(Default)]
struct Lists {
    /// Those that need nothing to be given, the deprecated ones last.
    free: Vec<Arc<Method>>,
    /// Those that need one id, and show what no free list does.
    fed: Vec<Arc<Method>>,
}

fn lists(source: &Source) -> Lists {
    let methods = source.entries().filter_map(|entry| source.method(entry.name)?.ok());
    let is_list = |method: &Method| matches!(method.returns, Type::List(_) | Type::MapOf(_));
    let reads = methods.filter(|method| method.effects().only_reads() && is_list(method));
    let reads = reads.filter(|method| !Identities::of(method, source.shapes()).is_empty());
    let (mut free, mut fed): (Vec<_>, Vec<_>) = reads.partition(|method| needed(method).next().is_none());
    free.sort_by_key(|method| method.deprecated.is_some());
    let own_kinds = |method: &Method| -> BTreeSet<String> {
        Identities::of(method, source.shapes()).own_kinds().map(str::to_owned).collect()
    };
    let mut shown: BTreeSet<String> = free.iter().flat_map(|method| own_kinds(method)).collect();
    fed.retain(|method| {
        let takes_an_id = one_needed(method).is_some_and(|param| !param.names.is_empty() && !param.secret);
        let kinds = own_kinds(method);
        let shows_more = kinds.iter().any(|kind| !shown.contains(kind));
        let is_wanted = takes_an_id && shows_more && method.deprecated.is_none();
        if is_wanted {
            shown.extend(kinds);
        }
        is_wanted
    });
    Lists { free, fed }
}

/// The parameters that must be given.
fn needed(method: &Method) -> impl Iterator<Item = &Param> {
    method.params.iter().filter(|param| param.required && param.variable.is_none())
}

/// The one parameter that must be given.
fn one_needed(method: &Method) -> Option<&Param> {
    let mut all = needed(method);
    all.next().filter(|_| all.next().is_none())
}

/// `1 list`, `2 lists`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Reads lists, and collects what they show.
struct Reader<'s> {
    exchange: Exchange<'s>,
    /// The keys of each kind.
    found: BTreeMap<String, BTreeSet<String>>,
    /// Ctrl-C, also between two calls.
    pressed: Interrupts,
}

impl Reader<'_> {
    fn note(&mut self, note: &str) {
        self.exchange.console.note(&self.exchange.redactor.foreign(note));
    }

    /// Whether objects of all the kinds that a list is about have been found.
    fn has_all_of(&self, method: &Method) -> bool {
        let identities = Identities::of(method, self.exchange.source.shapes());
        identities.own_kinds().all(|kind| self.found.contains_key(kind))
    }

    /// Reads a list. Returns why it was refused, if it was.
    fn read(&mut self, call: &Call) -> Result<Option<CallError>, CallError> {
        if self.pressed.pressed() {
            let error = WireError::Interrupted { sent: Sent::No, by: Break::CtrlC };
            return Err(CallError::lost(error, Effect::Read, &call.method.name));
        }
        let exchange = &mut self.exchange;
        let read = variables::resolve(exchange, &call.method).and_then(|()| pages::whole(exchange, call));
        let value = match read {
            Ok((value, _)) => value,
            Err(error) if error.class() == Class::Refused => return Ok(Some(error)),
            Err(error) => return Err(error),
        };
        for shown in Identities::of(&call.method, self.exchange.source.shapes()).shown(&value) {
            self.found.entry(shown.kind.to_owned()).or_default().insert(shown.key.into_owned());
        }
        Ok(None)
    }

    /// Reads lists for each object whose id they need, after a word about how many calls that takes.
    fn read_fed(&mut self, lists: Vec<Arc<Method>>) -> Result<(), CallError> {
        let all: Vec<(Arc<Method>, Vec<Call>)> =
            lists.into_iter().map(|list| (list.clone(), self.calls(&list))).collect();
        let (due, left) = within(all, MOST_CALLS);
        if due.is_empty() {
            return Ok(());
        }
        let lists: Vec<String> = due.iter().map(|(list, calls)| format!("{} ({})", list.name, calls.len())).collect();
        let count = counted(due.iter().map(|(_, calls)| calls.len()).sum(), "more call");
        self.note(&format!("{count} for what these showed: {}", lists.join(", ")));
        if left > 0 {
            self.note(&format!("note: {left} more would be needed for all; `METHOD` with an id reads one of them"));
        }
        due.into_iter().try_for_each(|(list, calls)| self.read_each(&list, &calls))
    }

    fn read_each(&mut self, list: &Method, calls: &[Call]) -> Result<(), CallError> {
        let (mut read, mut refused, mut why) = (0, 0, None);
        for call in calls {
            let done = match self.read(call) {
                // The object may be of a kind that has no such list.
                Err(error) if error.class() == Class::Failed => Some(error),
                done => done?,
            };
            match done {
                None => read += 1,
                Some(error) => {
                    refused += 1;
                    why = why.or(Some(error));
                }
            }
            if read == 0 && refused >= MOST_REFUSED {
                break;
            }
        }
        if let Some(why) = why.filter(|_| read == 0) {
            self.note(&format!("note: {} was passed over: {why}", list.name));
        }
        Ok(())
    }

    /// The calls of a list, one for each object that is known.
    fn calls(&self, list: &Arc<Method>) -> Vec<Call> {
        let Some(param) = one_needed(list) else { return Vec::new() };
        let keys: BTreeSet<String> = param.names.iter().flat_map(|kind| self.known(kind)).collect();
        let value = |key: String| match param.type_ {
            Type::Int => key.parse().ok().map(Value::Int),
            _ => Some(Value::Text(key)),
        };
        let call = |value: Value| {
            let arguments = Arguments::passed(list, Map::from_iter([(param.name.as_str(), value)])).ok()?;
            Some(Call { method: Arc::clone(list), arguments })
        };
        keys.into_iter().filter_map(value).filter_map(call).collect()
    }

    /// The keys of a kind: those that were found now, or else those that were seen before.
    fn known(&self, kind: &str) -> Vec<String> {
        if let Some(found) = self.found.get(kind) {
            return found.iter().cloned().collect();
        }
        let Exchange { ledger, account, redactor, .. } = &self.exchange;
        let seen = ledger.seen(&account.on_record(), Sought { kind, begun: "", within: &[] }, redactor);
        seen.into_iter().map(|one| one.key).collect()
    }
}

/// The first so many calls, of every list about as many, and how many are left out.
fn within<L>(mut all: Vec<(L, Vec<Call>)>, most: usize) -> (Vec<(L, Vec<Call>)>, usize) {
    all.retain(|(_, calls)| !calls.is_empty());
    let count: usize = all.iter().map(|(_, calls)| calls.len()).sum();
    // The shortest first: what they do not need is there for the others.
    all.sort_by_key(|(_, calls)| calls.len());
    let (mut room, mut lists) = (most, all.len());
    for (_, calls) in &mut all {
        calls.truncate(room / lists.max(1));
        room -= calls.len();
        lists -= 1;
    }
    all.retain(|(_, calls)| !calls.is_empty());
    (all, count - (most - room))
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
            let Lists { free, fed } = lists(&source);
            assert!(free.len() > 2, "{}: {free:?}", catalogue.id);
            assert!(free.iter().chain(&fed).all(|method| method.effects().only_reads()), "{}", catalogue.id);
            let deprecated: Vec<bool> = free.iter().map(|method| method.deprecated.is_some()).collect();
            assert!(deprecated.is_sorted(), "{}", catalogue.id);
            assert!(fed.iter().all(|method| one_needed(method).is_some()), "{}", catalogue.id);
        }
    }

    #[test]
    fn a_list_for_one_object_is_read_where_it_shows_what_no_other_does() {
        let names = embedded::all().iter().flat_map(|catalogue| {
            let source = Source::new("p", Catalog::open(catalogue).unwrap());
            lists(&source).fed.iter().map(|method| method.name.clone()).collect::<Vec<_>>()
        });
        let names: Vec<String> = names.collect();
        for (name, is_read) in [
            ("nat_rule.list", true),
            ("domain_record.list", true),
            // Servers are shown by a list of all of them.
            ("server.list_on_network", false),
            // It needs two ids.
            ("backup.list_restore_targets", false),
        ] {
            assert_eq!(names.iter().any(|one| one == name), is_read, "{name}: {names:?}");
        }
    }

    #[test]
    fn calls_are_limited_and_no_list_takes_all_of_them() {
        let call = || Call { method: Arc::new(Method::default()), arguments: Arguments::Named(Map::new()) };
        let of = |counts: &[usize], most: usize| {
            let all = counts.iter().enumerate().map(|(at, count)| (at, (0..*count).map(|_| call()).collect()));
            let (due, left) = within(all.collect(), most);
            let due: Vec<(usize, usize)> = due.into_iter().map(|(at, calls)| (at, calls.len())).collect();
            (due, left)
        };
        assert_eq!(of(&[], 10), (vec![], 0));
        assert_eq!(of(&[2, 0, 3], 10), (vec![(0, 2), (2, 3)], 0));
        assert_eq!(of(&[50, 2], 10), (vec![(1, 2), (0, 8)], 42));
        assert_eq!(of(&[9, 9, 9], 10), (vec![(0, 3), (1, 3), (2, 4)], 17));
        assert_eq!(of(&[9, 9, 9], 2), (vec![(1, 1), (2, 1)], 25));
    }
}
