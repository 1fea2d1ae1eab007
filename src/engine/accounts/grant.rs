//! What a service has given an account for this session: the keys of a login, a token. It is kept in memory only, and
//! shared by all calls of the account, also by those that run side by side.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::state::error::CallError;
use model::grant::{HandshakeRule, SessionRule};
use model::http::Head;
use model::{Redactor, Secret, Value};

/// The name of the place of a token.
pub(crate) const TOKEN: &str = "handshake";

/// Secrets by the names of their places.
pub(crate) type Given = BTreeMap<String, Secret>;

/// What was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grant(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    held: Mutex<Held>,
    /// Whose turn it is to log in.
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct Held {
    given: Given,
    /// How many sessions there have been.
    sessions: usize,
}

impl Grant {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of it.
    pub(crate) fn given(&self) -> Given {
        self.lock().given.clone()
    }

    /// The number of the session that a call sent now is in; 0 before the first.
    pub(crate) fn session(&self) -> usize {
        self.lock().sessions
    }

    /// Waits for another call that logs in, if there is one, so that a session begins once.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.0.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a session.
    pub(crate) fn has(&self, rule: &SessionRule) -> bool {
        let held = self.lock();
        rule.takes.keys().all(|name| held.given.contains_key(name))
    }

    /// Keeps what a login has returned.
    pub(crate) fn begin(&self, rule: &SessionRule, returned: &Value, redactor: &mut Redactor) -> Result<(), CallError> {
        let taken = rule.takes.iter().map(|(name, path)| Some((name.clone(), secret(at(returned, path)?)?)));
        let Some(taken) = taken.collect::<Option<Given>>() else {
            let path = rule.takes.values().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(codec::broken_off(&format!("{} returned no session at {path}", rule.login)).into());
        };
        taken.values().for_each(|secret| redactor.learn(secret));
        let mut held = self.lock();
        held.given.extend(taken);
        held.sessions += 1;
        Ok(())
    }

    /// Forgets the session of that number, which has ended. A later one, begun by a call beside this one, is kept. Whether
    /// there was one, so that the call may be sent again in the next.
    pub(crate) fn end(&self, rule: &SessionRule, session: usize) -> bool {
        let mut held = self.lock();
        if held.sessions == session {
            rule.takes.keys().for_each(|name| drop(held.given.remove(name)));
        }
        session > 0
    }

    /// Takes the token of a refusal. Whether it is a new one, with which the call may be sent again.
    pub(crate) fn take_token(&self, rule: &HandshakeRule, head: &Head) -> bool {
        if head.status != rule.status {
            return false;
        }
        let Some(token) = head.field(&rule.header).next().map(Secret::new).filter(|token| token.length() > 0) else {
            return false;
        };
        let before = self.lock().given.insert(TOKEN.to_owned(), token.clone());
        before.is_none_or(|before| before != token)
    }

    /// Makes all of it known as secret.
    pub(crate) fn teach(&self, redactor: &mut Redactor) {
        self.lock().given.values().for_each(|secret| redactor.learn(secret));
    }
}

/// A part of a result: `.` is all of it, and a number is a place in a list.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|part| !part.is_empty()).try_fold(value, |value, part| match value {
        Value::List(members) => members.get(part.parse::<usize>().ok()?),
        value => value.get(part),
    })
}

fn secret(value: &Value) -> Option<Secret> {
    match value {
        Value::Secret(secret) => Some(secret.clone()),
        Value::Text(text) if !text.is_empty() => Some(Secret::new(text.as_str())),
        Value::Int(_) => Some(Secret::new(value.plain())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(takes: &[(&str, &str)]) -> SessionRule {
        let takes = takes.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect();
        SessionRule { login: "in".into(), with: BTreeMap::new(), takes, logout: None, ended: vec![] }
    }

    #[test]
    fn a_session_is_found_in_the_result_of_a_login() {
        for (json, path, found) in [
            (r#""abc""#, ".", true),
            ("12", ".", true),
            (r#"[7,"abc"]"#, "1", true),
            (r#"{"data":{"token":"abc"}}"#, "data.token", true),
            (r#"{"data":[{"token":"abc"}]}"#, "data.0.token", true),
            (r#"{"data":{}}"#, "data.token", false),
            (r#"[7]"#, "1", false),
            (r#""""#, ".", false),
            ("null", ".", false),
            ("{}", ".", false),
        ] {
            let (rule, mut redactor) = (rule(&[("session", path)]), Redactor::default());
            let (grant, value) = (Grant::default(), serde_json::from_str(json).unwrap());
            assert_eq!(grant.begin(&rule, &value, &mut redactor).is_ok(), found, "{json} {path}");
            assert_eq!(
                (grant.has(&rule), grant.end(&rule, grant.session()), grant.has(&rule)),
                (found, found, false),
                "{json}"
            );
        }
    }

    #[test]
    fn a_session_that_has_ended_takes_no_later_one_with_it() {
        let (rule, grant, mut redactor) = (rule(&[("session", ".")]), Grant::default(), Redactor::default());
        assert!(!grant.end(&rule, grant.session()));
        grant.begin(&rule, &"first".into(), &mut redactor).unwrap();
        let first = grant.session();
        // Two calls are refused in the same session; one of them has begun another before the other notices.
        assert!(grant.end(&rule, first) && !grant.has(&rule) && grant.end(&rule, first));
        grant.begin(&rule, &"second".into(), &mut redactor).unwrap();
        assert!(grant.end(&rule, first) && grant.has(&rule));
        assert!(grant.end(&rule, grant.session()) && !grant.has(&rule));
    }

    #[test]
    fn a_token_is_taken_once_from_the_refusal_that_has_it() {
        let rule = HandshakeRule { status: 409, header: "X-Id".into() };
        let head = |status, value: &str| Head {
            status,
            fields: vec![("x-id".to_owned(), value.to_owned())],
            ..Head::default()
        };
        let (grant, mut redactor) = (Grant::default(), Redactor::default());
        for (head, taken) in [
            (head(200, "token-1"), false),
            (head(409, ""), false),
            (Head { status: 409, ..Head::default() }, false),
            (head(409, "token-1"), true),
            (head(409, "token-1"), false),
            (head(409, "token-2"), true),
        ] {
            assert_eq!(grant.take_token(&rule, &head), taken, "{head:?}");
        }
        grant.teach(&mut redactor);
        assert_eq!((grant.given().len(), redactor.apply("a token-2").as_ref()), (1, "a (redacted)"));
    }
}
