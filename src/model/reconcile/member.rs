//! The members of what is read: where they are, whether one is what a call was about, and how it is described to people.

use std::ops::RangeInclusive;

use super::ReconcileRule;
use crate::Value;
use crate::instant::{Seconds, possible};

/// The path that means a member itself.
const ITSELF: &str = ".";

/// All members at a path: see [`ReconcileRule::at`]. `None` when nothing is there, not even an empty list.
pub(super) fn members<'v>(answer: &'v Value, at: Option<&str>) -> Option<Vec<&'v Value>> {
    let mut found = spread(answer);
    for step in at.iter().flat_map(|path| path.split('.')) {
        let before = found.len();
        let inside: Vec<&Value> = found
            .iter()
            .filter_map(|value| value.as_map())
            .flat_map(|map| match step {
                "*" => map.iter().map(|(_, value)| value).collect(),
                key => map.get(key).into_iter().collect::<Vec<_>>(),
            })
            .collect();
        let is_there = inside.iter().any(|value| **value != Value::Null);
        if !is_there && before > 0 && step != "*" {
            return None;
        }
        found = inside.into_iter().flat_map(spread).collect();
    }
    Some(found)
}

/// The members of a list, or the only one.
fn spread(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(members) => members.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// Everything at a dotted path of a member; of a list on the way every member counts.
pub(super) fn at<'v>(member: &'v Value, path: &str) -> Vec<&'v Value> {
    if path == ITSELF {
        return spread(member);
    }
    path.split('.').fold(spread(member), |found, key| {
        found.into_iter().filter_map(|value| value.get(key)).flat_map(spread).collect()
    })
}

/// When a member was made.
pub(super) fn made(member: &Value, field: &str) -> Option<RangeInclusive<Seconds>> {
    at(member, field).into_iter().find_map(possible)
}

/// The id of a member, where it shows one.
pub(super) fn id(rule: &ReconcileRule, member: &Value) -> Option<String> {
    ids(rule, member).into_iter().next()
}

/// The ids of a member, or of the members of a list.
pub(super) fn ids(rule: &ReconcileRule, value: &Value) -> Vec<String> {
    let found = rule.id.as_deref().map(|path| at(value, path)).unwrap_or_default();
    let is_id = |value: &&Value| match value {
        Value::Text(text) => !text.is_empty(),
        value => matches!(value, Value::Int(_)),
    };
    found.into_iter().filter(is_id).map(Value::plain).collect()
}

impl ReconcileRule {
    /// The id of what a call made, by its own answer, if that shows one and no more.
    pub fn made_in(&self, answer: &Value) -> Option<String> {
        let mut found = ids(self, answer).into_iter();
        found.next().filter(|_| found.next().is_none())
    }
}

/// What a rule looks at in a member, in words: `nickname shop, id 5`.
pub(super) fn described(rule: &ReconcileRule, member: &Value) -> String {
    let shown = |path: &str| {
        let values: Vec<String> = at(member, path)
            .into_iter()
            .filter(|value| !matches!(value, Value::Null | Value::List(_) | Value::Map(_) | Value::Secret(_)))
            .map(Value::plain)
            .collect();
        let name = if path == ITSELF { String::new() } else { format!("{path} ") };
        (!values.is_empty()).then(|| format!("{name}{}", values.join(" and ")))
    };
    let mut paths: Vec<&str> = rule.fields().collect();
    let mut seen = std::collections::HashSet::new();
    paths.retain(|path| seen.insert(*path));
    let shown: Vec<String> = paths.into_iter().filter_map(shown).collect();
    if shown.is_empty() { "it".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn members_are_found_where_the_rule_says() {
        for (answer, path, found) in [
            (r#"[{"a":1},{"a":2}]"#, None, Some(2)),
            (r#"{"a":1}"#, None, Some(1)),
            ("[]", None, Some(0)),
            ("null", None, Some(0)),
            (r#"["a","b","c"]"#, None, Some(3)),
            (r#"{"hosts":["a","b"]}"#, Some("hosts"), Some(2)),
            (r#"{"hosts":[]}"#, Some("hosts"), Some(0)),
            (r#"{"other":[]}"#, Some("hosts"), None),
            (r#"{"hosts":null}"#, Some("hosts"), None),
            (r#"[{"hosts":null},{"hosts":["a"]}]"#, Some("hosts"), Some(1)),
            (r#"{"rules":{"x":{"a":1},"y":{"a":2}}}"#, Some("rules.*"), Some(2)),
            (r#"{"rules":{}}"#, Some("rules.*"), Some(0)),
            (r#"[{"rules":{"x":1}},{"rules":{"y":1,"z":1}}]"#, Some("rules.*"), Some(3)),
            ("[]", Some("rules"), Some(0)),
            ("5", Some("rules"), None),
        ] {
            let answer = value(answer);
            assert_eq!(members(&answer, path).map(|members| members.len()), found, "{answer:?} {path:?}");
        }
    }

    #[test]
    fn members_are_recognised_by_what_the_rule_compares() {
        let rule: ReconcileRule = serde_json::from_str(
            r#"{"method":"a.b","find":{"name":"n","of.id":"o"},"since":"made","id":"key","then":{"state":["X"]}}"#,
        )
        .unwrap();
        let member = value(r#"{"name":"web","of":[{"id":1},{"id":2}],"made":"2011-01-01","key":7,"size":3}"#);
        assert_eq!(described(&rule, &member), "name web, of.id 1 and 2, made 2011-01-01, key 7");
        assert_eq!(described(&rule, &value("{}")), "it");
        assert_eq!((id(&rule, &member).as_deref(), id(&rule, &value("{}"))), (Some("7"), None));
        assert!(made(&member, "made").is_some() && made(&member, "size").is_some() && made(&member, "name").is_none());
        for (answer, made) in [
            (r#"{"key":7}"#, Some("7")),
            (r#"[{"key":7}]"#, Some("7")),
            (r#"[{"key":7},{"key":8}]"#, None),
            (r#"{"key":""}"#, None),
            (r#"{"id":7}"#, None),
            ("7", None),
        ] {
            assert_eq!(rule.made_in(&value(answer)).as_deref(), made, "{answer}");
        }
        let bare: ReconcileRule = serde_json::from_str(r#"{"method":"a.b","find":{".":"n"}}"#).unwrap();
        assert_eq!(described(&bare, &value(r#""ns.example.com""#)), "ns.example.com");
    }
}
