//! How to find out what became of a call whose outcome is unknown: what to read, and what in the answer shows whether the
//! call was carried out.

mod fit;
mod inquiry;
mod member;
mod others;
mod shows;
mod verdict;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::job::Condition;
use super::rule::Wanted;
use super::secret::REDACTED;
use super::{Code, Map, Value};

pub use inquiry::{Heard, Inquiry, LATE, Question};
pub use others::{Does, Other, When};
pub use shows::ShowRule;
pub use verdict::Verdict;

/// What can be seen after a call was carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// A member that was not there before.
    #[default]
    Present,
    /// The member is no longer there.
    Absent,
    /// The member, which was there before, has the values that the call set.
    Changed,
}

/// What is read, and what shows that a call was carried out. Fields are dotted paths into a member of what is read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRule {
    /// The method that is asked; it only reads.
    pub method: String,
    /// Its parameters, each with the parameter of the call whose value it takes, or with a field of one:
    /// `resources.cpu`. One that the call does not have is left out.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Where the members are in the answer: a dotted path, of whose lists every member counts; `*` is every value of a
    /// dictionary. Without it the answer is the list, or the only member.
    #[serde(default)]
    pub at: Option<String>,
    /// Which member is meant: fields with the parameter of the call that they equal. `.` is a member that is a bare
    /// value. Parameters that the call does not have do not count.
    #[serde(default)]
    pub find: BTreeMap<String, String>,
    /// A further condition for the member, whatever the call says.
    #[serde(rename = "where", default)]
    pub holding: Option<Condition>,
    /// What can be seen afterwards.
    #[serde(default)]
    pub expect: Expect,
    /// What the call set: fields with the parameter that they equal afterwards.
    #[serde(default)]
    pub becomes: BTreeMap<String, String>,
    /// A condition that a member meets afterwards: the call has changed it, or it is about to be removed.
    #[serde(rename = "then", default)]
    pub after: Option<Condition>,
    /// The field with the moment when a member was made: it distinguishes a new member from an older one
    /// that is otherwise the same.
    #[serde(default)]
    pub since: Option<String>,
    /// There can be only one such member, or two would do no more than one, so it does not matter how old it is.
    #[serde(default)]
    pub unique: bool,
    /// The parameter that says how many members the call makes; otherwise it is one.
    #[serde(default)]
    pub count: Option<String>,
    /// Optional parameters without which the outcome cannot be found out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Parameters, each with the values with which the outcome cannot be found out, because the provider shows
    /// them in another form than they are sent in.
    #[serde(default)]
    pub unless: Wanted,
    /// A condition that a member meets while work on it goes on: until the work is over, its other fields prove nothing.
    #[serde(default)]
    pub busy: Option<Condition>,
    /// The work goes on after the answer, and no field shows that: an effect that is missing may still come, so it
    /// proves nothing.
    #[serde(default)]
    pub slow: bool,
    /// The field with a member's id.
    #[serde(default)]
    pub id: Option<String>,
    /// The codes by which the method says that there is no such thing.
    #[serde(default)]
    pub gone: Vec<Code>,
    /// What a person can look at if the outcome remains unknown.
    #[serde(default)]
    pub look: Option<String>,
}

impl ReconcileRule {
    /// The arguments to ask with.
    fn asks(&self, given: &Map) -> Map {
        self.with.iter().filter_map(|(to, from)| Some((to.clone(), sent(given, from)?.clone()))).collect()
    }

    /// The parameters of the call that name what it is about.
    fn naming(&self) -> impl Iterator<Item = &String> {
        self.with.values().chain(self.find.values())
    }

    /// Every parameter of the call that it takes a value from.
    pub fn parameters(&self) -> impl Iterator<Item = &String> {
        self.naming().chain(self.becomes.values()).chain(&self.count).chain(self.unless.keys()).chain(&self.needs)
    }

    /// Every field of a member that it names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let conditions = [&self.holding, &self.after, &self.busy].into_iter().flatten().flat_map(Condition::fields);
        let paths = self.find.keys().chain(self.becomes.keys()).chain(&self.since).chain(&self.id);
        paths.map(String::as_str).chain(conditions)
    }
}

/// The value that was sent for a parameter, or for a field of one: `resources.cpu`.
fn sent<'g>(given: &'g Map, name: &str) -> Option<&'g Value> {
    let (param, fields) = name.split_once('.').map_or((name, None), |(param, fields)| (param, Some(fields)));
    fields.iter().flat_map(|fields| fields.split('.')).try_fold(given.get(param)?, |value, key| value.get(key))
}

/// Whether a value, or a part of it, was left out where it was written down, because it is secret.
fn is_cut(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::Text(text) => text.contains(REDACTED),
        Value::List(members) => members.iter().any(is_cut),
        Value::Map(map) => map.iter().any(|(_, value)| is_cut(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_the_call_are_asked_with() {
        let rule: ReconcileRule = serde_json::from_str(
            r#"{"method":"a.list","with":{"of":"id","zone":"zone","deep":"in.deep"},"find":{"x":"y"}}"#,
        )
        .unwrap();
        for (given, asked) in [
            (r#"{"id":5,"zone":"z","other":1}"#, r#"{"of":5,"zone":"z"}"#),
            (r#"{"id":5}"#, r#"{"of":5}"#),
            (r#"{"id":5,"in":{"deep":1}}"#, r#"{"of":5,"deep":1}"#),
            (r#"{"id":5,"in":{"other":1}}"#, r#"{"of":5}"#),
        ] {
            let given: Map = serde_json::from_str(given).unwrap();
            assert_eq!(rule.asks(&given), serde_json::from_str(asked).unwrap(), "{given:?}");
        }
    }

    #[test]
    fn a_value_that_was_left_out_is_known_as_such() {
        for (value, expected) in [
            (r#""(redacted)""#, true),
            (r#""a(redacted)b""#, true),
            (r#"{"deep":["(redacted)"]}"#, true),
            (r#"{"deep":["a"]}"#, false),
            (r#""a text that ends with …""#, false),
        ] {
            assert_eq!(is_cut(&serde_json::from_str(value).unwrap()), expected, "{value}");
        }
    }

    #[test]
    fn a_rule_knows_what_it_names() {
        let rule: ReconcileRule = serde_json::from_str(
            r#"{"method":"a.list","with":{"of":"id"},"find":{"name":"title"},"where":{"kind":["a"]},"since":"made",
                "becomes":{"size":"wanted"},"then":{"state":["OK"]},"id":"key","count":"many","unless":{"sort":[1]},"needs":["port"]}"#,
        )
        .unwrap();
        assert_eq!(rule.parameters().collect::<Vec<_>>(), ["id", "title", "wanted", "many", "sort", "port"]);
        assert_eq!(rule.fields().collect::<Vec<_>>(), ["name", "size", "made", "key", "kind", "state"]);
        assert!(serde_json::from_str::<ReconcileRule>(r#"{"method":"a","expects":"absent"}"#).is_err());
    }
}
