//! What an answer shows of the objects of its account, so that they can be completed later.

use history::{Millis, NewCall, Object, Sighting};

use crate::engine::call::entry;
use crate::engine::state::ledger::Ledger;
use codec::{Aside, Names};
use model::provider::Paging;
use model::reconcile::Expect;
use model::{Arguments, Call, Effect, Identities, Param, Parents, Shown, Value, parents, typed_kind};
use registry::Source;

/// No longer value of a parameter is worth completing, in characters.
const LONGEST: usize = 80;
/// The part of a request that distinguishes it from others of the same account.
const SHORT: usize = 12;

/// The fields that must be looked at while a result passes; `None` if it shows nothing that can be completed.
pub(crate) fn wanted<'c>(source: &'c Source, call: &'c Call) -> Option<Names<'c>> {
    let shapes = source.shapes_of(&call.method);
    let found = Identities::of(&call.method, shapes);
    let shows = !found.is_empty() && !call.effects().has(Effect::Destroy);
    // What is secret must be known, so that it is not kept where a name repeats it.
    shows.then(|| if call.method.returns_secret(shapes) { None } else { found.names() })
}

/// A call as it was asked for: whose objects its answer shows, and when.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) account: &'a history::Account,
    pub(crate) begun: Millis,
    /// See [`entry::request`].
    pub(crate) request: &'a str,
}

impl<'a> Asked<'a> {
    /// As it is recorded.
    pub(crate) fn of(new: &'a NewCall) -> Asked<'a> {
        Asked { account: &new.account, begun: new.begun, request: &new.request }
    }
}

/// What an answer shows, in its own texts. Mostly it is the same as a moment ago, and nothing is made of it.
pub(crate) struct Glance<'a> {
    account: &'a history::Account,
    at: Millis,
    list: Option<String>,
    whole: bool,
    shown: Vec<Shown<'a>>,
    /// The objects that the call named: what came of it is in them.
    within: Parents,
    typed: Vec<Object>,
    gone: Vec<(String, String)>,
}

impl<'a> Glance<'a> {
    /// What an object that is shown is in.
    fn around<'s>(&'s self, shown: &'s Shown<'a>) -> impl Iterator<Item = (&'s str, &'s str)> {
        let asked = self.within.iter().map(|(kind, key)| (kind.as_str(), key.as_str()));
        let told = shown.within.iter().map(|(kind, key)| (*kind, &**key));
        asked.chain(told).filter(|(kind, _)| *kind != shown.kind)
    }

    /// Whether this is the same, apart from the time.
    fn is(&self, other: &Sighting) -> bool {
        let is_same = |(shown, object): (&Shown<'_>, &Object)| {
            let Object { kind, key, label, within } = object;
            (shown.kind, &*shown.key, &*shown.label) == (kind.as_str(), key.as_str(), label.as_str())
                && self.around(shown).eq(within.iter().map(|(kind, key)| (kind.as_str(), key.as_str())))
        };
        let Sighting { account, at: _, list, whole_since, seen, gone } = other;
        let (shown, typed) = seen.split_at_checked(self.shown.len()).unwrap_or_default();
        (self.account, &self.list, self.whole, &self.gone) == (account, list, whole_since.is_some(), gone)
            && seen.len() == self.shown.len() + self.typed.len()
            && self.shown.iter().zip(shown).all(is_same)
            && self.typed == typed
    }
}

impl From<Glance<'_>> for Sighting {
    fn from(glance: Glance<'_>) -> Sighting {
        let object = |shown: &Shown<'_>| {
            let within = glance.around(shown).map(|(kind, key)| (kind.to_owned(), key.to_owned())).collect();
            let (key, label) = (shown.key.clone().into_owned(), shown.label.clone().into_owned());
            Object { kind: shown.kind.to_owned(), key, label, within }
        };
        let mut seen: Vec<Object> = glance.shown.iter().map(object).collect();
        seen.extend(glance.typed);
        let Glance { account, at, list, whole, gone, .. } = glance;
        Sighting { account: account.clone(), at, list, whole_since: whole.then_some(at), seen, gone }
    }
}

/// Notes what a call showed, unless it is the same as a moment ago.
pub(crate) fn note(ledger: &mut Ledger, glance: Option<Glance<'_>>) {
    if let Some(glance) = glance
        && !ledger.saw_again(glance.at, |known| glance.is(known))
    {
        ledger.saw(Some(glance.into()));
    }
}

/// What a call that was carried out shows; `None` if that is nothing. `value` is its result, where it was looked at.
pub(crate) fn of<'a>(
    source: &'a Source,
    asked: Asked<'a>,
    call: &'a Call,
    (value, aside): (Option<&'a Value>, &Aside),
) -> Option<Glance<'a>> {
    let Asked { account, begun: at, request } = asked;
    let found = Identities::of(&call.method, source.shapes_of(&call.method));
    let effects = call.effects();
    // What a call removes may be its answer.
    let value = value.filter(|_| !effects.has(Effect::Destroy));
    let shown = value.map(|value| found.shown(value)).unwrap_or_default();
    let within = if shown.is_empty() { Parents::new() } else { given(call).concat() };
    let paging = source.provider().paging_of(&call.method);
    let typed = typed(call, paging);
    let gone: Vec<(String, String)> = removed(call).unwrap_or_default();
    let read = value.filter(|_| effects.only_reads() && !found.is_empty());
    let list = read.and_then(|_| list(call, paging, request));
    let whole = list.is_some() && read.is_some_and(|value| is_whole(paging, value, aside));
    let is_something = !shown.is_empty() || !typed.is_empty() || !gone.is_empty() || whole;
    is_something.then_some(Glance { account, at, list, whole, shown, within, typed, gone })
}

/// That all pages of a list have been read since then.
pub(crate) fn all_pages(source: &Source, account: history::Account, call: &Call, begun: Millis) -> Option<Sighting> {
    let list = list(call, source.provider().paging_of(&call.method), &entry::request(call))?;
    let (seen, gone) = (Vec::new(), Vec::new());
    Some(Sighting { account, at: begun, list: Some(list), whole_since: Some(begun), seen, gone })
}

/// The objects that a call names.
fn given(call: &Call) -> Vec<Parents> {
    let named = entry::named(call);
    let plain = |(name, value): (&str, &Value)| {
        let text = matches!(value, Value::Text(_) | Value::Int(_)).then(|| value.plain())?;
        Some((name.to_owned(), text))
    };
    let given: Vec<(String, String)> = named.iter().filter_map(plain).collect();
    parents(&call.method, given.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// The values of the call that may be given again: those that name no object and have no fixed choices.
fn typed(call: &Call, paging: Option<&Paging>) -> Vec<Object> {
    let Arguments::Named(given) = &call.arguments else { return Vec::new() };
    let pages = |name: &str| paging.is_some_and(|paging| paging.names(name));
    let worth = |param: &&Param| {
        param.names.is_empty() && param.choices.is_empty() && !param.secret && !param.confirm && !pages(&param.name)
    };
    let object = |param: &Param| {
        let value = given.get(&param.name)?;
        let key = match value {
            Value::Text(text) => text.clone(),
            Value::Int(_) | Value::Decimal(_) | Value::Date(_) => value.plain(),
            _ => return None,
        };
        if key.trim().is_empty() || key.chars().count() > LONGEST {
            return None;
        }
        Some(Object { kind: typed_kind(&call.method.name, &param.name), key, ..Object::default() })
    };
    call.method.params.iter().filter(worth).filter_map(object).collect()
}

/// The object that the call has removed. A call that destroys something else, such as unsaved work, leaves the object.
fn removed(call: &Call) -> Option<Vec<(String, String)>> {
    let method = &call.method;
    let is_removal = method.reconcile.as_ref().is_some_and(|rule| rule.expect == Expect::Absent);
    if !is_removal || !call.effects().has(Effect::Destroy) {
        return None;
    }
    let param = match &method.object {
        Some(object) => method.param(object),
        None => method.params.iter().find(|param| param.required && !param.names.is_empty()),
    }?;
    let key = call.argument(&param.name)?;
    let key = matches!(key, Value::Text(_) | Value::Int(_)).then(|| key.plain())?;
    Some(param.names.iter().map(|kind| (kind.clone(), key.clone())).collect())
}

/// The name of the list that a call reads, if it reads all of it: nothing but what the method needs was given. A page of it
/// is the same list.
fn list(call: &Call, paging: Option<&Paging>, request: &str) -> Option<String> {
    let method = &call.method;
    let pages = |name: &str| paging.is_some_and(|paging| paging.names(name));
    let is_needed = |name: &str| method.param(name).is_some_and(|param| param.required);
    let short = |request: &str| request.chars().take(SHORT).collect();
    match &call.arguments {
        Arguments::Named(given) => {
            let own = || given.iter().filter(|(name, _)| !pages(name));
            if !own().all(|(name, _)| is_needed(name)) {
                return None;
            }
            if own().count() == given.len() {
                return Some(short(request));
            }
            let arguments = Arguments::Named(own().map(|(name, value)| (name.to_owned(), value.clone())).collect());
            Some(short(&entry::request(&Call { method: method.clone(), arguments })))
        }
        Arguments::Positional(values) => {
            let all = method.params.iter().take(values.len()).all(|param| param.required) && !method.untyped;
            all.then(|| short(request))
        }
    }
}

/// Whether the answer has all of the list.
fn is_whole(paging: Option<&Paging>, value: &Value, aside: &Aside) -> bool {
    let count = value.as_list().map(|list| list.len() as u64);
    match aside.total {
        _ if paging.is_some_and(Paging::says_the_end) => aside.next.is_none(),
        Some(total) => count.is_some_and(|count| count >= total),
        None => paging.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Map;
    use registry::catalog::Catalog;

    const CATALOG: &str = r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/rpc" }]
paging = { style = "number", page = "page", size = "size" }
[[shape]]
name = "thing"
kind = "thing"
key = "id"
label = ["name"]
fields = [
  { name = "id", type = "int", summary = "Id" },
  { name = "name", type = "string", summary = "Name" },
  { name = "password", type = "string", secret = true, summary = "Password" },
  { name = "owner", type = "string", kind = "owner", summary = "Owner" },
]
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
example = "thing.list"
returns = "list:@thing"
params = [
  { name = "page", type = "int", summary = "Page" },
  { name = "size", type = "int", summary = "Size" },
  { name = "colour", type = "string", summary = "Only those" },
]
[[method]]
name = "thing.of"
doc = 1
summary = "List things of an owner"
effect = "read"
example = "thing.of owner x"
returns = "list:@thing"
params = [{ name = "owner", type = "string", required = true, names = "owner", summary = "Owner" }]
[[method]]
name = "thing.new"
doc = 1
summary = "Make a thing"
effect = "change"
example = "thing.new name x"
returns = "@thing"
params = [
  { name = "name", type = "string", required = true, summary = "Name" },
  { name = "key", type = "string", secret = true, summary = "Key" },
  { name = "colour", type = "string", choices = ["red"], summary = "Colour" },
]
[[method]]
name = "thing.delete"
doc = 1
summary = "Delete a thing"
effect = "destroy"
example = "thing.delete id 1"
loses = "the thing"
returns = "@thing"
reconcile = { method = "thing.list", find = { id = "id" }, expect = "absent" }
params = [{ name = "id", type = "int", required = true, names = "thing", summary = "Id" }]
[[method]]
name = "thing.stop"
doc = 1
summary = "Cut its power"
effect = "destroy"
example = "thing.stop id 1"
loses = "unsaved work"
params = [{ name = "id", type = "int", required = true, names = "thing", summary = "Id" }]
"#;

    fn source() -> Source {
        Source::new("p", Catalog::parse("own", CATALOG).unwrap())
    }

    fn sighted(source: &Source, method: &str, given: &str, value: &str, total: Option<u64>) -> Option<Sighting> {
        let account = history::Account { provider: "p".into(), host: "h:443".into(), profile: None, id: None };
        let given: Map = serde_json::from_str(given).unwrap();
        let call = Call { method: source.method(method).unwrap().unwrap(), arguments: Arguments::Named(given) };
        let value: Value = serde_json::from_str(value).unwrap();
        let asked = Asked { account: &account, begun: 5, request: &entry::request(&call) };
        let glance = of(source, asked, &call, (Some(&value), &Aside { total, ..Aside::default() }))?;
        let is_again = |other: &Sighting| {
            of(source, asked, &call, (Some(&value), &Aside { total, ..Aside::default() }))
                .is_some_and(|it| it.is(other))
        };
        let found = Sighting::from(glance);
        // It is recognised, and nothing that differs in any part is taken for it.
        assert!(is_again(&found) && is_again(&Sighting { at: 7, ..found.clone() }));
        assert!(changed(&found).iter().all(|other| !is_again(other)), "{found:?}");
        Some(found)
    }

    /// What differs from a sighting in one part.
    fn changed(found: &Sighting) -> Vec<Sighting> {
        let with = |change: fn(&mut Sighting)| {
            let mut other = found.clone();
            change(&mut other);
            Some(other).filter(|other| other != found)
        };
        let all: [fn(&mut Sighting); 10] = [
            |it| it.account.host.push('x'),
            |it| it.list = Some("other".into()),
            |it| it.whole_since = it.whole_since.xor(Some(1)),
            |it| it.gone.push(Default::default()),
            |it| it.seen.push(Object::default()),
            |it| drop(it.seen.pop()),
            |it| it.seen.iter_mut().for_each(|one| one.key.push('x')),
            |it| it.seen.iter_mut().for_each(|one| one.label.push('x')),
            |it| it.seen.iter_mut().for_each(|one| one.kind.push('x')),
            |it| it.seen.iter_mut().for_each(|one| one.within.push(Default::default())),
        ];
        all.into_iter().filter_map(with).collect()
    }

    fn told(source: &Source, method: &str, given: &str, value: &str) -> String {
        let Some(found) = sighted(source, method, given, value, None) else { return String::new() };
        let seen = found.seen.iter().map(|it| format!("{}|{}|{}", it.kind, it.key, it.label));
        let gone = found.gone.iter().map(|(kind, key)| format!("-{kind}|{key}"));
        seen.chain(gone).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_answer_shows_objects_and_a_removal_takes_them() {
        let source = source();
        let thing = r#"{"id":7,"name":"lamp","password":"canary"}"#;
        for (method, given, value, shown) in [
            ("thing.list", "{}", r#"[{"id":7,"name":"lamp"},{"id":8}]"#, "thing|7|lamp thing|8|"),
            ("thing.list", r#"{"colour":"red","page":1}"#, "[]", "=thing.list colour|red|"),
            (
                "thing.new",
                r#"{"name":"lamp","key":"canary","colour":"red"}"#,
                thing,
                "thing|7|lamp =thing.new name|lamp|",
            ),
            ("thing.new", r#"{"name":["a","b"]}"#, "{}", ""),
            ("thing.delete", r#"{"id":7}"#, thing, "-thing|7"),
            ("thing.stop", r#"{"id":7}"#, "null", ""),
        ] {
            assert_eq!(told(&source, method, given, value), shown, "{method} {given}");
        }
    }

    #[test]
    fn what_a_call_names_is_where_its_objects_are() {
        let source = source();
        let found = sighted(&source, "thing.of", r#"{"owner":"me"}"#, r#"[{"id":7}]"#, None).unwrap();
        let within: Vec<_> = found.seen.into_iter().map(|one| (one.key, one.within)).collect();
        assert_eq!(within, [("7".to_owned(), vec![("owner".to_owned(), "me".to_owned())])]);
    }

    #[test]
    fn only_a_result_that_shows_objects_is_looked_at() {
        let source = source();
        let wanted = |method: &str| {
            let method = source.method(method).unwrap().unwrap();
            let call = Call { method, arguments: Arguments::Named(Map::new()) };
            wanted(&source, &call).map(|names| names.is_none())
        };
        // A thing has a password, so that all of it is looked at.
        assert_eq!([wanted("thing.list"), wanted("thing.delete"), wanted("thing.stop")], [Some(true), None, None]);
    }

    #[test]
    fn a_list_is_whole_when_nothing_limits_it() {
        let source = source();
        let of = |method: &str, given: &str, total: Option<u64>| {
            let found = sighted(&source, method, given, r#"[{"id":7}]"#, total).unwrap();
            (found.list, found.whole_since)
        };
        let (all, whole) = of("thing.list", "{}", Some(1));
        assert_eq!((all.as_ref().map(String::len), whole), (Some(SHORT), Some(5)));
        // A page of it is the same list, but not all of it.
        assert_eq!(of("thing.list", r#"{"page":1}"#, Some(2)), (all.clone(), None));
        assert_eq!(of("thing.list", "{}", None), (all, None));
        assert_eq!(of("thing.list", r#"{"colour":"red"}"#, Some(1)), (None, None));
        // What the method needs makes lists of their own.
        let (one, other) = (of("thing.of", r#"{"owner":"a"}"#, None), of("thing.of", r#"{"owner":"b"}"#, None));
        assert!(one.0 != other.0 && one.1 == Some(5) && other.1 == Some(5));
    }
}
