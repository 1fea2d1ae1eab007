//! A call as it is recorded in the journal, and its outcome, taken from the answer or the error.

use std::borrow::Cow;

use history::{NewCall, Outcome};
use ring::digest::{Context, SHA256};

use crate::engine::accounts::account::Account;
use crate::engine::call::jobs::watch::Watch;
use crate::engine::call::shown::typed;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::End;
use model::reconcile::Expect;
use model::{Arguments, Call, Class, Diagnostic, Effect, Map, Redactor, Sent, Value};
use registry::Source;

/// A call that is about to be made; `output` is the file that its result goes to.
pub(crate) fn of(account: &Account, call: &Call, redactor: &Redactor, output: Option<&str>) -> NewCall {
    NewCall {
        begun: history::now(),
        line: None,
        account: account.on_record(),
        method: call.method.name.clone(),
        text: redactor.apply(&typed(call)).into_owned(),
        effect: call.effects().to_string(),
        request: request(call),
        key: None,
        output: output.map(|path| redactor.apply(path).into_owned()),
        before: None,
    }
}

/// How many bytes of the hash are kept.
const KEPT: usize = 16;

/// A hash that is the same for two calls that ask for the same. The values of secrets are left out, so that the hash
/// reveals nothing about them. The order of names does not matter, nor whether values were given by name or by
/// position.
pub(crate) fn request(call: &Call) -> String {
    let mut hash = Context::new(&SHA256);
    feed(&mut hash, "call", &call.method.name);
    feed_map(&mut hash, &named(call));
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    hash.finish().as_ref().iter().take(KEPT).flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// The values of a call by the names of their parameters; a value without a parameter has its position instead.
pub(super) fn named(call: &Call) -> Cow<'_, Map> {
    match &call.arguments {
        Arguments::Named(map) => Cow::Borrowed(map),
        Arguments::Positional(values) => {
            let name = |place: usize| match call.method.params.get(place) {
                Some(param) => param.name.clone(),
                None => place.to_string(),
            };
            Cow::Owned(values.iter().enumerate().map(|(place, value)| (name(place), value.clone())).collect())
        }
    }
}

fn feed(hash: &mut Context, kind: &str, text: &str) {
    for part in [kind, text] {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
}

fn feed_map(hash: &mut Context, map: &Map) {
    let mut members: Vec<(&str, &Value)> = map.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    feed(hash, "map", &members.len().to_string());
    for (name, value) in members {
        feed(hash, "name", name);
        feed_value(hash, value);
    }
}

fn feed_value(hash: &mut Context, value: &Value) {
    match value {
        Value::Map(map) => feed_map(hash, map),
        Value::List(list) => {
            feed(hash, "list", &list.len().to_string());
            list.iter().for_each(|member| feed_value(hash, member));
        }
        Value::Secret(_) => feed(hash, "secret", ""),
        // What is in it matters, not where it is.
        Value::File(file) => feed(hash, "file", &format!("{} {}", file.size, file.digest)),
        Value::Bytes(bytes) => {
            let digest = ring::digest::digest(&SHA256, bytes);
            feed(hash, "bytes", &digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
        scalar => feed(hash, scalar.kind(), &scalar.plain()),
    }
}

/// The outcome of a call that was answered. `value` is the result, if it was parsed; `named` is the id of what it began,
/// if the answer gave the address of that.
pub(crate) fn answered(source: &Source, call: &Call, value: Option<&Value>, named: Option<&str>) -> End {
    let mut end = End { outcome: Outcome::Done, exit_code: 0, bytes: 0, job: None, object: None };
    if call.effects().only_reads() {
        return end;
    }
    let made = call.method.reconcile.as_ref().filter(|rule| rule.expect == Expect::Present && rule.id.is_some());
    end.object = match made {
        Some(rule) => value.and_then(|value| rule.made_in(value)),
        None => value.and_then(|value| value.get("id")).and_then(name),
    };
    let Some(watch) = Watch::of(source, call) else { return end };
    let told = match (value, named) {
        (None, None) => Some(watch),
        (value, named) => watch.identified_in(value.unwrap_or(&Value::Null), named),
    };
    // If the answer names nothing to wait for, the work is done.
    let Some(watch) = told else { return end };
    end.outcome = value.and_then(|value| watch.outcome_at_first(value)).unwrap_or(Outcome::Running);
    end.job = watch.id();
    // Without a rule that says what the call creates, the id of the job is not that of an object.
    end.object = end.object.filter(|object| made.is_some() || end.job.as_ref() != Some(object));
    end
}

fn name(value: &Value) -> Option<String> {
    let is_name = match value {
        Value::Text(text) => !text.is_empty(),
        value => matches!(value, Value::Int(_)),
    };
    is_name.then(|| value.plain())
}

/// The outcome of a call that failed. A change counts as failed or refused only if that is certain.
pub(crate) fn failed(effect: Effect, error: &CallError) -> End {
    let refused = matches!(error.class(), Class::Refused | Class::Credentials);
    let outcome = match error.sent() {
        Sent::No => Outcome::Failed,
        Sent::Yes if refused => Outcome::Refused,
        _ if effect == Effect::Read => Outcome::Failed,
        _ => Outcome::Unknown,
    };
    End { outcome, exit_code: error.class().exit_code(), bytes: 0, job: None, object: None }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::state::error::Refusal;
    use crate::wire::WireError;
    use codec::{DecodeError, Fault};
    use model::{Method, Secret};
    use registry::catalog::Catalog;

    fn call(method: &str, arguments: &str) -> Call {
        let method: Method = serde_json::from_str(method).unwrap();
        Call { method: Arc::new(method), arguments: Arguments::Named(serde_json::from_str(arguments).unwrap()) }
    }

    #[test]
    fn requests_are_the_same_when_they_ask_for_the_same() {
        let of = |arguments: &str| request(&call(r#"{"name":"a.b"}"#, arguments));
        assert_eq!(of(r#"{"x":1,"y":{"a":1,"b":2}}"#), of(r#"{"y":{"b":2,"a":1},"x":1}"#));
        let all = [
            r#"{}"#,
            r#"{"x":1}"#,
            r#"{"x":"1"}"#,
            r#"{"x":[1]}"#,
            r#"{"x":[[1]]}"#,
            r#"{"x":{"y":1}}"#,
            r#"{"x":{},"y":1}"#,
            r#"{"x":null}"#,
            r#"{"x":true}"#,
            r#"{"xy":"z"}"#,
            r#"{"x":"yz"}"#,
        ];
        for (nth, one) in all.iter().enumerate() {
            assert!(all.iter().skip(nth + 1).all(|other| of(one) != of(other)), "{one}");
            assert_eq!(of(one).len(), 2 * KEPT);
        }
        assert_ne!(request(&call(r#"{"name":"a.c"}"#, "{}")), of("{}"));
    }

    #[test]
    fn values_by_position_ask_for_the_same_as_those_by_name() {
        let method = r#"{"name":"a.b","params":[{"name":"x","type":"string"},{"name":"y","type":"int"}]}"#;
        let by_name = |arguments: &str| request(&call(method, arguments));
        let by_place = |values: &str| {
            let values = serde_json::from_str(values).unwrap();
            request(&Call { arguments: Arguments::Positional(values), ..call(method, "{}") })
        };
        for (values, named, same) in [
            ("[]", "{}", true),
            (r#"["s"]"#, r#"{"x":"s"}"#, true),
            (r#"["s",5]"#, r#"{"y":5,"x":"s"}"#, true),
            (r#"["s",5,[1]]"#, r#"{"x":"s","y":5,"2":[1]}"#, true),
            (r#"["s",5]"#, r#"{"x":"s"}"#, false),
            (r#"["s",5]"#, r#"{"x":5,"y":"s"}"#, false),
        ] {
            assert_eq!(by_place(values) == by_name(named), same, "{values} {named}");
        }
    }

    #[test]
    fn a_secret_cannot_be_found_out_by_its_request() {
        let of = |secret: &str| {
            let mut call = call(r#"{"name":"a.b"}"#, "{}");
            let Arguments::Named(map) = &mut call.arguments else { panic!("named") };
            map.insert("password", Value::Secret(Secret::new(secret)));
            request(&call)
        };
        assert_eq!(of("one"), of("two"));
        assert_ne!(of("one"), request(&call(r#"{"name":"a.b"}"#, r#"{"password":"one"}"#)));
    }

    #[test]
    fn a_change_failed_only_where_it_is_certain() {
        use Outcome::{Failed, Refused, Unknown};
        let lost = |sent| WireError::Interrupted { sent, by: model::Break::CtrlC };
        let fault = |status| Refusal::new("a.b", status, Fault::default(), None);
        let http = |status| DecodeError::Http { status, words: None, location: None, retry_after: None };
        for effect in [Effect::Read, Effect::Change] {
            let reads = effect == Effect::Read;
            let unless_read = |outcome| if reads { Failed } else { outcome };
            for (error, outcome) in [
                (CallError::lost(lost(Sent::No), effect, "a.b"), Failed),
                (CallError::lost(lost(Sent::Unknown), effect, "a.b"), unless_read(Unknown)),
                (CallError::Fault(Box::new(fault(200))), Refused),
                (CallError::Fault(Box::new(fault(401))), Refused),
                (CallError::Fault(Box::new(fault(503))), unless_read(Unknown)),
                (CallError::Decode(http(404)), Refused),
                (CallError::Decode(http(429)), Refused),
                (CallError::Decode(http(502)), unless_read(Unknown)),
            ] {
                let error = error.unless_read(effect, "a.b");
                let end = failed(effect, &error);
                assert_eq!((end.outcome, end.exit_code), (outcome, error.class().exit_code()), "{effect:?} {error}");
            }
        }
    }

    const CATALOG: &str = r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/rpc" }]
job = [{ name = "job", method = "job.show", parameter = "id", id = "id", status = "state", running = { state = ["busy"] }, good = { state = ["fine"] } }]
[[method]]
name = "job.show"
doc = 1
summary = "Show a job"
effect = "read"
example = "job.show id 1"
returns = "dict"
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "rule_id", type = "string", summary = "Id of a rule" },
  { name = "state", type = "string", summary = "State" },
]
params = [{ name = "id", type = "string", required = true, summary = "Id" }]
[[method]]
name = "thing.start"
doc = 1
summary = "Start a thing"
effect = "change"
example = "thing.start"
returns = "dict"
job = "."
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
[[method]]
name = "thing.new"
doc = 1
summary = "Make a thing"
effect = "change"
example = "thing.new"
returns = "dict"
fields = [{ name = "id", type = "int", summary = "Id" }]
[[method]]
name = "rule.new"
doc = 1
summary = "Make a rule"
effect = "change"
example = "rule.new id x"
returns = "dict"
reconcile = { method = "job.show", with = { id = "id" }, id = "rule_id", unique = true }
fields = [
  { name = "id", type = "string", summary = "Id of something else" },
  { name = "rule_id", type = "string", summary = "Id" },
]
params = [{ name = "id", type = "string", required = true, summary = "Name" }]
[[method]]
name = "machine.new"
doc = 1
summary = "Make a machine"
effect = "change"
example = "machine.new id x"
returns = "dict"
job = "."
reconcile = { method = "job.show", with = { id = "id" }, id = "id", unique = true }
fields = [
  { name = "id", type = "string", summary = "Id" },
  { name = "state", type = "string", summary = "State" },
]
params = [{ name = "id", type = "string", required = true, summary = "Name" }]
"#;

    #[test]
    fn an_answer_says_what_was_made_or_begun() {
        use Outcome::{Done, EndedBadly, Running};
        let source = Source::new("p", Catalog::parse("own", CATALOG).unwrap());
        let end = |method: &str, value: Option<&str>| {
            let method = source.method(method).unwrap().unwrap();
            let call = Call { method, arguments: Arguments::Named(Map::new()) };
            let value: Option<Value> = value.map(|value| serde_json::from_str(value).unwrap());
            let End { outcome, job, object, .. } = answered(&source, &call, value.as_ref(), None);
            (outcome, job, object)
        };
        let text = |text: &str| Some(text.to_owned());
        for (method, value, expected) in [
            ("job.show", Some(r#"{"id":"x","state":"busy"}"#), (Done, None, None)),
            ("thing.new", Some(r#"{"id":5}"#), (Done, None, text("5"))),
            ("thing.new", Some(r#"{"id":[5]}"#), (Done, None, None)),
            ("thing.new", Some(r#"{"id":""}"#), (Done, None, None)),
            ("thing.new", None, (Done, None, None)),
            ("thing.start", Some(r#"{"id":"j","state":"busy"}"#), (Running, text("j"), None)),
            ("thing.start", Some(r#"{"id":"j","state":"fine"}"#), (Done, text("j"), None)),
            ("thing.start", Some(r#"{"id":"j","state":"dead"}"#), (EndedBadly, text("j"), None)),
            ("thing.start", Some("{}"), (Done, None, None)),
            ("thing.start", None, (Running, None, None)),
            // What is made is what its rule says, and it may be what is waited for.
            ("rule.new", Some(r#"{"id":"x","rule_id":"r"}"#), (Done, None, text("r"))),
            ("rule.new", Some(r#"{"id":"x"}"#), (Done, None, None)),
            ("rule.new", Some(r#"[{"rule_id":"r"}]"#), (Done, None, text("r"))),
            ("rule.new", Some(r#"[{"rule_id":"r"},{"rule_id":"s"}]"#), (Done, None, None)),
            ("machine.new", Some(r#"{"id":"m","state":"busy"}"#), (Running, text("m"), text("m"))),
            ("machine.new", Some(r#"{"id":"m","state":"fine"}"#), (Done, text("m"), text("m"))),
        ] {
            assert_eq!(end(method, value), expected, "{method} {value:?}");
        }
    }
}
