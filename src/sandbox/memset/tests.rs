//! Tests for every method of the catalogue, and for every documented error.

use std::collections::BTreeSet;

use super::dispatch::AREAS;
use super::testing::{Account, memset};
use super::{check, server};
use crate::Options;
use crate::kit::testing::sample_of;
use crate::kit::values::{map, texts};
use model::{Map, Method, Param, Value};

/// A valid value for the parameter.
fn argument(param: &Param, account: &Account) -> Value {
    sample_of(param, account.catalog.shapes())
}

/// Every method that is not introspection.
fn methods(account: &Account) -> Vec<Method> {
    let names = account.catalog.records().iter().map(|record| record.name).filter(|name| !name.starts_with("system."));
    names.map(|name| account.catalog.method(name).unwrap().unwrap()).collect()
}

#[test]
fn every_method_answers_in_its_shape_or_with_a_fault() {
    for partner in [false, true] {
        let options = Options { partner, ..Options::default() };
        for method in methods(&Account::new()) {
            for only_required in [true, false] {
                let mut account = Account::of(options.clone());
                let params = method.params.iter().filter(|param| param.required || !only_required);
                let args: Map = params.map(|param| (param.name.as_str(), argument(param, &account))).collect();
                let checked = check::arguments(&method, vec![args.clone().into()], account.catalog.shapes());
                assert!(checked.is_ok(), "{}: {checked:?}", method.name);
                let code = account.code(&method.name, args.clone());
                assert!(!matches!(code, 2 | 4 | 10 | 11 | 12), "{}: {code} {args:?}", method.name);
            }
        }
    }
}

#[test]
fn every_parameter_is_checked_against_its_type() {
    let mut account = Account::new();
    for method in methods(&account) {
        for param in method.params.iter().filter(|param| param.type_ != model::Type::Any) {
            let all = method.params.iter().map(|param| (param.name.as_str(), argument(param, &account)));
            let mut args: Map = all.collect();
            args.insert(param.name.as_str(), Value::Null);
            assert_eq!(account.code(&method.name, args), 7, "{} {}", method.name, param.name);
        }
        assert_eq!(account.code(&method.name, map! { "no_such_parameter" => 1 }), 7, "{}", method.name);
    }
}

#[test]
fn every_handler_has_a_method() {
    let account = Account::new();
    let known: BTreeSet<&str> = account.catalog.records().iter().map(|record| record.name).collect();
    let mut seen = BTreeSet::new();
    for (name, _) in AREAS.iter().chain(server::AREAS).flat_map(|area| area.iter()) {
        assert!(known.contains(name), "{name} is no method");
        assert!(seen.insert(name), "{name} has two handlers");
    }
}

/// The table in the module's documentation, as calls.
#[test]
fn documented_errors_can_be_triggered() {
    let named = |name: &str| map! { "name" => name };
    let mut memset = memset(Options { partner: true, ..Options::default() });
    let key = Options::default().key;
    let theirs =
        memset.call(Some(&key), "partner.account.create", vec![super::partner::testing::jane().into()]).unwrap();
    let theirs = theirs.get("api_key").and_then(|key| key.get("key")).cloned().unwrap();
    let mut code = |user: Option<&str>, method: &str, args: Map| {
        memset.call(user, method, vec![args.into()]).map_or_else(|fault| fault.code as i64, |_| 0)
    };
    let mut met: BTreeSet<i64> = BTreeSet::new();
    for (method, args) in [
        ("server.reboot", named("brokenserver1")),
        ("memstore.container.create", map! { "name" => "msstore1", "container" => "photos" }),
        ("service.info", named("nosuch")),
        ("service.frobnicate", named("myserver1")),
        ("service.info", map! {}),
        ("service.set_nickname", map! { "name" => "myserver1", "nickname" => "mail" }),
        ("server.reboot", named("oldserver1")),
        ("server.reboot", named("busyserver1")),
        ("partner.apikey.list", map! { "account_name" => "nosuch" }),
        ("partner.apikey.create", map! { "account_name" => "exampleacc", "service" => "nosuch", "comment" => "c" }),
    ] {
        met.insert(code(Some(&key), method, args));
    }
    met.extend((0..2).map(|_| code(Some(&key), "server.reboot", named("myserver1"))));
    met.extend((0..10).map(|_| code(Some(&key), "apikey.create", map! {})));
    met.insert(code(None, "internal.noop", map! {}));
    let theirs = theirs.as_str().unwrap();
    met.extend(["partner.account.list", "apikey.list"].map(|method| code(Some(theirs), method, map! {})));
    met.extend((0..11).map(|_| code(Some("wrong"), "internal.noop", map! {})));
    let expected = (0..=17).collect::<BTreeSet<i64>>();
    assert_eq!(met, expected);
}

#[test]
fn a_scoped_key_is_limited() {
    let mut memset = memset(Options::default());
    let master = Options::default().key;
    let scopes = map! { "method" => texts(["server.reboot", "internal.noop"]), "name" => texts(["myserver1"]) };
    let made = memset.call(Some(&master), "apikey.create", vec![map! { "scopes" => scopes }.into()]).unwrap();
    let scoped = made.get("key").and_then(Value::as_str).unwrap();
    for (method, name, code) in [
        ("server.reboot", "myserver1", 0),
        ("server.reboot", "myserver2", 4),
        ("service.info", "myserver1", 4),
        ("internal.noop", "", 4),
        ("no.such", "myserver1", 5),
    ] {
        let args = if name.is_empty() { vec![] } else { vec![map! { "name" => name }.into()] };
        let found = memset.call(Some(scoped), method, args).map_or_else(|fault| fault.code as i64, |_| 0);
        assert_eq!(found, code, "{method} {name}");
    }
    assert!(memset.call(Some(scoped), "system.listMethods", vec![]).is_ok());
    memset.call(Some(&master), "apikey.delete", vec![map! { "id" => scoped }.into()]).unwrap();
    assert_eq!(memset.call(Some(scoped), "system.listMethods", vec![]).unwrap_err().message, "Bad api_key");
}
