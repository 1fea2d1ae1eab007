//! Recorded lines and calls as data, with the same names and units in lists and exports.
//!
//! Moments are ISO 8601 in UTC, lengths of time are milliseconds, sizes bytes. What is not known is null.

use std::time::Duration;

use history::{Account, Call, CallId, Line, Millis, Outcome, Reconciled};
use model::{Class, Map, Redactor, Value, moment};

/// A call.
pub fn of_call(call: &Call) -> Map {
    let new = &call.call;
    let mut row = begun(call.id.0, Some(new.begun), &call.session, Some(&new.account));
    row.insert("process", i64::from(call.process));
    row.insert("line", new.line.map_or(Value::Null, |line| line.0.into()));
    row.insert("method", new.method.as_str());
    row.insert("text", new.text.as_str());
    row.insert("effect", new.effect.as_str());
    row.insert("change", call.is_change);
    ended(&mut row, Some(call.outcome.name()), call.exit_code, call.duration);
    row.insert("attempts", i64::from(call.attempts));
    row.insert("bytes", call.bytes.and_then(|bytes| i64::try_from(bytes).ok()).map_or(Value::Null, Value::from));
    for (name, text) in [
        ("output", new.output.as_deref()),
        ("object", call.object.as_deref()),
        ("job", call.job.as_deref()),
        ("request", Some(&*new.request)),
        ("key", new.key.as_ref().map(|key| &*key.text)),
    ] {
        row.insert(name, or_null(text));
    }
    row.insert("key_until", time(new.key.as_ref().and_then(|key| key.until)));
    row.insert("before", or_null(new.before.as_deref()));
    row.insert("after", or_null(call.after.as_deref()));
    row.insert("reconciled", call.reconciled.as_ref().map_or(Value::Null, found));
    row
}

/// A line, with the calls that it made.
pub fn of_line(line: &Line, calls: &[(CallId, Outcome)]) -> Map {
    let mut row = begun(line.id.0, line.at, line.session.as_deref().unwrap_or_default(), line.account.as_ref());
    row.insert("text", line.text.as_str());
    row.insert("redacted", line.redacted);
    ended(&mut row, line_outcome(line.exit_code, calls), line.exit_code, line.duration);
    row.insert("calls", calls.iter().map(|(id, _)| id.0.into()).collect::<Vec<Value>>());
    row
}

/// The outcome of a line that was stopped before its call was sent, so that the call has no row.
const BLOCKED: &str = "blocked";

/// The name of the outcome of a line, from its exit code and from what is known about its calls today. `None` if it is
/// still running, if its process was killed, or if an older version recorded it.
pub(crate) fn line_outcome(exit_code: Option<i32>, calls: &[(CallId, Outcome)]) -> Option<&'static str> {
    let worst = calls.iter().map(|(_, outcome)| *outcome).max_by_key(|outcome| gravity(*outcome));
    let open = worst.filter(|worst| worst.is_open());
    let outcome = match exit_code {
        None => return open.map(Outcome::name),
        Some(0) => open.unwrap_or(Outcome::Done),
        // The outcome has been found out since.
        Some(code) if code == i32::from(Class::Unknown.exit_code()) && worst == Some(Outcome::Done) => Outcome::Done,
        Some(code) if code == i32::from(Class::Blocked.exit_code()) => {
            let graver = worst.filter(|worst| gravity(*worst) > gravity(Outcome::Failed));
            return Some(graver.map_or(BLOCKED, Outcome::name));
        }
        Some(_) => worst.filter(|worst| gravity(*worst) > gravity(Outcome::Failed)).unwrap_or(Outcome::Failed),
    };
    Some(outcome.name())
}

/// If a line made several calls, the one with the worst outcome decides.
fn gravity(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Done => 0,
        Outcome::Running => 1,
        Outcome::Failed => 2,
        Outcome::Refused => 3,
        Outcome::EndedBadly => 4,
        Outcome::Unknown => 5,
    }
}

fn begun(number: i64, at: Option<Millis>, session: &str, account: Option<&Account>) -> Map {
    let of = |part: fn(&Account) -> Option<&str>| or_null(account.and_then(part));
    let mut row = Map::new();
    row.insert("number", number);
    row.insert("time", time(at));
    row.insert("session", or_null(Some(session).filter(|session| !session.is_empty())));
    row.insert("profile", of(|account| account.profile.as_deref()));
    row.insert("provider", of(|account| Some(&account.provider)));
    row.insert("host", of(|account| Some(&account.host)));
    row.insert("account", of(|account| account.id.as_deref()));
    row
}

fn ended(row: &mut Map, outcome: Option<&str>, exit_code: Option<i32>, duration: Option<Duration>) {
    row.insert("outcome", or_null(outcome));
    row.insert("exit_code", exit_code.map_or(Value::Null, |code| i64::from(code).into()));
    let millis = duration.and_then(|duration| i64::try_from(duration.as_millis()).ok());
    row.insert("duration_ms", millis.map_or(Value::Null, Value::from));
}

fn found(reconciled: &Reconciled) -> Value {
    let (found, by) = (Value::from(reconciled.found.name()), Value::from(reconciled.by.as_str()));
    Map::from_iter([("found", found), ("by", by), ("time", time(Some(reconciled.at)))]).into()
}

fn time(moment: Option<Millis>) -> Value {
    moment.map_or(Value::Null, |moment| moment::iso(moment).into())
}

fn or_null(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// The same without any secret that is known now: a text may have become known as a secret after the row was written.
pub fn masked(row: Map, redactor: &Redactor) -> Value {
    Value::Map(row.into_iter().map(|(name, value)| (name, without_secrets(value, redactor))).collect())
}

fn without_secrets(value: Value, redactor: &Redactor) -> Value {
    match value {
        Value::Text(text) => Value::from(redactor.mask(&text)),
        Value::List(list) => Value::List(list.into_iter().map(|value| without_secrets(value, redactor)).collect()),
        Value::Map(map) => masked(map, redactor),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_call_says_what_became_of_a_line() {
        use Outcome::{Done, EndedBadly, Failed, Refused, Running, Unknown};
        for (exit_code, calls, outcome) in [
            (None, &[][..], None),
            (None, &[Done], None),
            (None, &[Done, Unknown], Some("unknown")),
            (Some(0), &[], Some("done")),
            (Some(0), &[Failed, Done], Some("done")),
            (Some(0), &[Running, Done], Some("running")),
            (Some(2), &[], Some("failed")),
            (Some(2), &[Done], Some("failed")),
            (Some(10), &[Done], Some("blocked")),
            (Some(10), &[], Some("blocked")),
            (Some(10), &[Failed], Some("blocked")),
            (Some(10), &[Refused], Some("refused")),
            (Some(4), &[Done, Refused], Some("refused")),
            (Some(9), &[EndedBadly], Some("ended_badly")),
            (Some(7), &[Refused, Unknown, Done], Some("unknown")),
            (Some(7), &[Done], Some("done")),
            (Some(7), &[Failed], Some("failed")),
        ] {
            let calls: Vec<_> = calls.iter().map(|outcome| (CallId(1), *outcome)).collect();
            assert_eq!(line_outcome(exit_code, &calls), outcome, "{exit_code:?} {calls:?}");
        }
    }

    #[test]
    fn no_known_secret_is_shown_in_any_text_of_a_call() {
        let secret = || "canary-1".to_owned();
        let account = Account { provider: secret(), host: secret(), profile: Some(secret()), id: Some(secret()) };
        let call = history::NewCall {
            begun: 0,
            line: None,
            account,
            method: secret(),
            text: secret(),
            effect: secret(),
            request: secret(),
            key: Some(history::Key { text: secret(), until: None }),
            output: Some(secret()),
            before: Some(secret()),
        };
        let call = Call {
            id: CallId(1),
            session: secret(),
            process: 1,
            call,
            is_change: true,
            attempts: 1,
            outcome: Outcome::Unknown,
            exit_code: None,
            duration: None,
            bytes: None,
            object: Some(secret()),
            job: Some(secret()),
            after: Some(secret()),
            reconciled: Some(Reconciled { found: history::Found::CannotTell, by: secret(), at: 0 }),
        };
        let mut redactor = Redactor::default();
        redactor.learn_text("canary-1");
        let plain = serde_json::to_string(&Value::Map(of_call(&call))).unwrap();
        assert!(plain.matches("canary").count() >= 15, "{plain}");
        let mut row = of_call(&call);
        row.insert("more", Value::List(vec![Value::from("a canary-1"), Value::List(vec![Value::from("canary-1")])]));
        let shown = serde_json::to_string(&masked(row, &redactor)).unwrap();
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_is_not_known_is_null_and_no_known_secret_is_shown() {
        let mut redactor = Redactor::default();
        redactor.learn_text("canary-1");
        let line = Line {
            id: history::LineId(3),
            at: Some(0),
            session: None,
            account: None,
            text: "thing.create note canary-1".into(),
            redacted: false,
            exit_code: None,
            duration: Some(Duration::from_millis(1500)),
        };
        let row = masked(of_line(&line, &[(CallId(8), Outcome::Unknown)]), &redactor);
        let shown = serde_json::to_value(&row).unwrap();
        assert!(!shown.to_string().contains("canary"), "{shown}");
        for (name, value) in [
            ("number", serde_json::json!(3)),
            ("time", serde_json::json!("1970-01-01T00:00:00Z")),
            ("session", serde_json::Value::Null),
            ("outcome", serde_json::json!("unknown")),
            ("duration_ms", serde_json::json!(1500)),
            ("calls", serde_json::json!([8])),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
    }
}
