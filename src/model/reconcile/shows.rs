//! How the object of a call is read before the call is sent, so that a question can show it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fit::{Fit, fit};
use super::member::{at, members};
use super::{Expect, ReconcileRule, sent};
use crate::route::one_or_more;
use crate::{Code, Map, Value};

/// What is read, and which member of the answer is the object. Fields are dotted paths into a member of what is read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowRule {
    /// The method that is asked; it only reads.
    pub method: String,
    /// Its parameters, each with the parameter of the call whose value it takes.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Where the members are in the answer, as in [`ReconcileRule::at`].
    #[serde(default)]
    pub at: Option<String>,
    /// Which member is meant: fields with the parameter of the call that they equal.
    #[serde(default)]
    pub find: BTreeMap<String, String>,
    /// The fields that name the object for people, instead of those that its shape says.
    #[serde(default, deserialize_with = "one_or_more")]
    pub label: Vec<String>,
    /// The codes by which the method says that there is no such object.
    #[serde(default)]
    pub gone: Vec<Code>,
}

impl ShowRule {
    /// The rule that a rule about an unknown outcome implies: what a call changes or removes can be read beforehand.
    pub(crate) fn implied(rule: &ReconcileRule) -> Option<ShowRule> {
        let ReconcileRule { method, with, at, find, gone, .. } = rule;
        (rule.expect != Expect::Present).then(|| ShowRule {
            method: method.clone(),
            with: with.clone(),
            at: at.clone(),
            find: find.clone(),
            label: Vec::new(),
            gone: gone.clone(),
        })
    }

    /// The same as a rule about an unknown outcome, which has more keys.
    pub fn as_reconcile(&self) -> ReconcileRule {
        let ShowRule { method, with, at, find, gone, .. } = self.clone();
        ReconcileRule { method, with, at, find, gone, expect: Expect::Absent, ..ReconcileRule::default() }
    }

    /// The arguments to ask with.
    pub fn asks(&self, given: &Map) -> Map {
        self.with.iter().filter_map(|(to, from)| Some((to.clone(), sent(given, from)?.clone()))).collect()
    }

    /// Everything in an answer that can be the object.
    pub fn members<'v>(&self, answer: &'v Value) -> Vec<&'v Value> {
        members(answer, self.at.as_deref()).unwrap_or_default()
    }

    /// The members that the call names. A value that is not given does not count.
    pub fn found<'v>(&self, members: &[&'v Value], given: &Map) -> Vec<&'v Value> {
        let is_meant = |member: &&Value| {
            self.find.iter().all(|(path, name)| {
                sent(given, name).is_none_or(|wanted| {
                    let found = at(member, path);
                    fit(wanted, &found) == Fit::Yes || found.iter().any(|found| wanted.is_secret(found))
                })
            })
        };
        members.iter().copied().filter(|member| **member != Value::Null).filter(is_meant).collect()
    }
}

impl Value {
    /// Whether this is a secret, and the other value is the same one.
    fn is_secret(&self, found: &Value) -> bool {
        match (self, found) {
            (Value::Secret(one), Value::Secret(other)) => one == other,
            (Value::Secret(one), Value::Text(other)) => *one == crate::Secret::new(other),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn map(json: &str) -> Map {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_object_is_the_member_that_the_call_names() {
        let zones = r#"[{"id":"z1","of":[{"n":1}]},{"id":"z2"},null]"#;
        for (rule, answer, given, all, found) in [
            (r#"{"method":"a","find":{"id":"id"}}"#, zones, r#"{"id":"z2"}"#, 3, vec![r#"{"id":"z2"}"#]),
            (r#"{"method":"a","find":{"id":"id"}}"#, zones, r#"{"id":"Z2"}"#, 3, vec![]),
            (r#"{"method":"a","find":{"of.n":"n"}}"#, zones, r#"{"n":1}"#, 3, vec![r#"{"id":"z1","of":[{"n":1}]}"#]),
            (r#"{"method":"a","at":"of","find":{"n":"n"}}"#, zones, r#"{"n":1}"#, 1, vec![r#"{"n":1}"#]),
            (r#"{"method":"a","at":"nowhere","find":{"n":"n"}}"#, zones, r#"{"n":1}"#, 0, vec![]),
            // What is not given does not count.
            (r#"{"method":"a","find":{"id":"id","n":"n"}}"#, r#"[{"id":5}]"#, r#"{"id":"5"}"#, 1, vec![r#"{"id":5}"#]),
            (r#"{"method":"a","with":{"id":"id"}}"#, r#"{"id":5}"#, r#"{"id":5}"#, 1, vec![r#"{"id":5}"#]),
            (r#"{"method":"a","with":{"id":"id"}}"#, "null", r#"{"id":5}"#, 0, vec![]),
            (r#"{"method":"a","find":{".":"id"}}"#, r#"["x","y"]"#, r#"{"id":"y"}"#, 2, vec![r#""y""#]),
        ] {
            let rule: ShowRule = serde_json::from_str(rule).unwrap();
            let answer = value(answer);
            let members = rule.members(&answer);
            let seen: Vec<Value> = rule.found(&members, &map(given)).into_iter().cloned().collect();
            let found: Vec<Value> = found.into_iter().map(value).collect();
            assert_eq!((members.len(), seen), (all, found), "{rule:?} {given}");
        }
    }

    #[test]
    fn a_key_is_found_by_itself() {
        let rule: ShowRule = serde_json::from_str(r#"{"method":"a","find":{"key":"id"}}"#).unwrap();
        let secret = |text: &str| Value::Secret(crate::Secret::new(text));
        let member = |key: Value| Value::Map(Map::from_iter([("key", key)]));
        let given = Map::from_iter([("id", secret("canary"))]);
        for (key, is_it) in
            [(secret("canary"), true), (Value::from("canary"), true), (secret("other"), false), (Value::Null, false)]
        {
            let member = member(key);
            assert_eq!(rule.found(&[&member], &given).len() == 1, is_it, "{member:?}");
        }
    }
}
