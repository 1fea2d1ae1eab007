//! How a long task is followed: what reads it, and what in the answer tells how it is doing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::Value;
use super::failure::Code;

/// How one kind of task is followed, or an object that changes for a while. Fields are dotted paths into what is
/// read; where a list stands on the way, its first member counts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRule {
    /// What methods call the rule by.
    pub name: String,
    /// The method that reads one.
    pub method: String,
    /// Its parameter for the id.
    pub parameter: String,
    /// The field with the id.
    pub id: String,
    /// The field with words about its state.
    pub status: String,
    /// What holds while it is under way; without it, a call's own `until` decides.
    #[serde(default)]
    pub running: Option<Condition>,
    /// What holds when it is over and ended well; without it every end is a good one.
    #[serde(default)]
    pub good: Option<Condition>,
    /// The codes by which the method says that there is no such object any more.
    #[serde(default)]
    pub gone: Vec<Code>,
    /// The field that tells why it failed.
    #[serde(default)]
    pub reason: Option<String>,
    /// The field with the name of the step that it is at.
    #[serde(default)]
    pub step: Option<String>,
    /// The field with the number of that step, from 1.
    #[serde(default)]
    pub number: Option<String>,
    /// The field with the number of steps in all.
    #[serde(default)]
    pub steps: Option<String>,
    /// The field with how far the step is, in hundredths.
    #[serde(default)]
    pub percent: Option<String>,
}

impl JobRule {
    /// Every field that it names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.reason, &self.step, &self.number, &self.steps, &self.percent];
        let conditions = [&self.running, &self.good].into_iter().flatten().flat_map(Condition::fields);
        [self.id.as_str(), self.status.as_str()]
            .into_iter()
            .chain(optional.into_iter().flatten().map(String::as_str))
            .chain(conditions)
    }
}

/// Fields with the values of which each must have one. A text that ends with `*` stands for all that begin so.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Condition(BTreeMap<String, Vec<Value>>);

impl Condition {
    /// Whether it holds. `Err` names the field that is not there.
    pub fn holds(&self, value: &Value) -> Result<bool, &str> {
        let mut holds = true;
        for (field, wanted) in &self.0 {
            let found = at(value, field).filter(|found| **found != Value::Null).ok_or(field.as_str())?;
            holds &= wanted.iter().any(|wanted| fits(found, wanted));
        }
        Ok(holds)
    }

    /// The fields that it looks at.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What stands at a dotted path; of a list on the way, in the first member.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let first = |value: &'v Value| match value {
        Value::List(members) => members.first(),
        other => Some(other),
    };
    path.split('.').try_fold(value, |value, key| first(value)?.get(key)).and_then(first)
}

fn fits(found: &Value, wanted: &Value) -> bool {
    let beginning = wanted.as_str().and_then(|text| text.strip_suffix('*'));
    match (beginning, found.as_str()) {
        (Some(beginning), Some(text)) => text.starts_with(beginning),
        _ => found == wanted,
    }
}

/// What a call begins, and how it is found: in the result, by a parameter, or among the objects of a name. Written as
/// a text alone it is the place in the result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Begins {
    /// The rule by which it is followed; the provider's first unless one is named.
    pub rule: Option<String>,
    /// Where the result holds it: `.` for the result itself, else the name of a field.
    pub at: Option<String>,
    /// The parameter that has its id.
    pub id: Option<String>,
    /// A parameter that the reading method takes too, for objects whose id nobody tells: the one that was not there
    /// before the call is it.
    pub by: Option<String>,
    /// What holds beside the rule when it ended well.
    pub until: Option<Condition>,
    /// That it ended well when it is not there any more.
    pub gone: bool,
}

impl<'de> Deserialize<'de> for Begins {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Begins, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            #[serde(default)]
            rule: Option<String>,
            #[serde(default)]
            at: Option<String>,
            #[serde(default)]
            id: Option<String>,
            #[serde(default)]
            by: Option<String>,
            #[serde(default)]
            until: Option<Condition>,
            #[serde(default)]
            gone: bool,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            At(String),
            Full(Full),
        }
        Ok(match Written::deserialize(source)? {
            Written::At(at) => Begins { at: Some(at), ..Begins::default() },
            Written::Full(Full { rule, at, id, by, until, gone }) => Begins { rule, at, id, by, until, gone },
        })
    }
}

impl Begins {
    /// The part of a result that is the task.
    pub fn within<'v>(&self, result: &'v Value) -> Option<&'v Value> {
        match self.at.as_deref()? {
            "." => Some(result),
            field => result.get(field),
        }
    }

    /// A result with the task as it is now in its place; where the result only says that the call was taken, the
    /// task alone.
    pub fn put(&self, mut result: Value, task: Value) -> Value {
        match (self.at.as_deref(), &mut result) {
            (Some(field), Value::Map(map)) if field != "." => {
                map.insert(field, task);
                result
            }
            _ => task,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn conditions_hold_or_lack_a_field() {
        let condition = |json: &str| serde_json::from_str::<Condition>(json).unwrap();
        for (wanted, found, holds) in [
            (r#"{"state":["PENDING_*"]}"#, r#"{"state":"PENDING_ADD"}"#, Ok(true)),
            (r#"{"state":["PENDING_*"]}"#, r#"{"state":"NORMAL"}"#, Ok(false)),
            (r#"{"state":["A","B"]}"#, r#"{"state":"B"}"#, Ok(true)),
            (r#"{"over":[false]}"#, r#"{"over":false}"#, Ok(true)),
            (r#"{"over":[false]}"#, r#"{"over":"false"}"#, Ok(false)),
            (r#"{"a":[1],"b":[2]}"#, r#"{"a":1,"b":3}"#, Ok(false)),
            (r#"{"a":[1],"b":[2]}"#, r#"{"a":0}"#, Err("b")),
            (r#"{"a.b":[1]}"#, r#"{"a":[{"b":1},{"b":2}]}"#, Ok(true)),
            (r#"{"state":["x"]}"#, r#"{"state":null}"#, Err("state")),
            (r#"{"state":["x"]}"#, "[]", Err("state")),
            ("{}", "{}", Ok(true)),
        ] {
            assert_eq!(condition(wanted).holds(&value(found)), holds, "{wanted} {found}");
        }
    }

    #[test]
    fn a_task_is_found_and_put_back() {
        let written = |json: &str| serde_json::from_str::<Begins>(json).unwrap();
        let result = || value(r#"{"sku":"x","job":{"id":"1"}}"#);
        for (begins, within, put) in [
            (r#"".""#, Some(r#"{"sku":"x","job":{"id":"1"}}"#), r#"{"id":"2"}"#),
            (r#""job""#, Some(r#"{"id":"1"}"#), r#"{"sku":"x","job":{"id":"2"}}"#),
            (r#""none""#, None, r#"{"sku":"x","job":{"id":"1"},"none":{"id":"2"}}"#),
            (r#"{"rule":"r","id":"name"}"#, None, r#"{"id":"2"}"#),
        ] {
            let begins = written(begins);
            assert_eq!(begins.within(&result()), within.map(value).as_ref(), "{begins:?}");
            assert_eq!(begins.put(result(), value(r#"{"id":"2"}"#)), value(put), "{begins:?}");
        }
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","until":{"on":[true]},"gone":true}"#).is_ok());
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","unitl":{}}"#).is_err());
    }
}
