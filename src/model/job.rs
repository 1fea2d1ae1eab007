//! How a long task is followed: what reads it, and what in the answer says how it is doing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{Code, Value};

/// How one kind of task is followed, or an object that changes for a while. Fields are dotted paths into what is
/// read; where a list is on the way, its first member counts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRule {
    /// What methods call the rule by.
    pub name: String,
    /// The method that reads one.
    pub method: String,
    /// Its parameter for the id; nothing where it has none.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The dotted path of what is followed inside the answer, where that is not the answer itself or its members. The
    /// paths of all other fields begin there; of a list on the way every member counts.
    #[serde(default)]
    pub within: Option<String>,
    /// The field with the id.
    pub id: String,
    /// The field with words about its state.
    pub status: String,
    /// What holds while it is under way; without it, a call's own `until` decides.
    #[serde(default)]
    pub running: Option<Condition>,
    /// It is under way as long as the method shows it, and gone when it is over.
    #[serde(default)]
    pub listed: bool,
    /// Where its end is recorded, once the method does not show it any more.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// What holds when it is over and ended well; without it every end is a good one.
    #[serde(default)]
    pub good: Option<Condition>,
    /// The codes by which the method says that there is no such object any more.
    #[serde(default)]
    pub gone: Vec<Code>,
    /// The field that says why it failed.
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
    /// Whether a reading call alone shows when everything that it shows has ended.
    pub fn shows_ends(&self) -> bool {
        self.within.is_none() && (self.listed || self.running.is_some())
    }

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

/// Where the ends of work are recorded that is only shown as long as it is under way.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The method that lists what has ended; it needs no parameters.
    pub method: String,
    /// The field with the id.
    pub id: String,
    /// The field with words about the end.
    pub status: String,
    /// What holds when it ended well.
    pub good: Condition,
    /// The field with the reason why it failed.
    #[serde(default)]
    pub reason: Option<String>,
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

/// What is at a dotted path; of a list on the way, in the first member.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let first = |value: &'v Value| match value {
        Value::List(members) => members.first(),
        other => Some(other),
    };
    path.split('.').try_fold(value, |value, key| first(value)?.get(key)).and_then(first)
}

/// Everything at a dotted path; of a list on the way every member counts.
pub fn all_at(value: Value, path: &str) -> Vec<Value> {
    let members = |value: Value| match value {
        Value::List(members) => members,
        Value::Null => Vec::new(),
        one => vec![one],
    };
    let inside = |found: Vec<Value>, key: &str| {
        let each = found.into_iter().filter_map(|value| match value {
            Value::Map(mut map) => map.remove(key),
            _ => None,
        });
        each.flat_map(members).collect()
    };
    path.split('.').fold(members(value), inside)
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
    /// Further parameters of the reading method, each with the parameter of the call whose value it takes.
    pub with: BTreeMap<String, String>,
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
            with: BTreeMap<String, String>,
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
            Written::Full(Full { rule, at, id, with, by, until, gone }) => {
                Begins { rule, at, id, with, by, until, gone }
            }
        })
    }
}

impl Begins {
    /// Whether the task is one field of a result, beside others. A field that is no more than its id is not
    /// the task.
    pub fn is_part_of(&self, result: &Value) -> bool {
        let field = self.at.as_deref().filter(|at| *at != ".");
        field.is_some_and(|field| matches!(result.get(field), None | Some(Value::Map(_) | Value::Null)))
    }

    /// The id of the task in a result: a field of the task, or all that the result has of it.
    pub fn told_id<'v>(&self, result: &'v Value, field: &str) -> Option<&'v Value> {
        let found = match self.within(result)? {
            task @ (Value::Map(_) | Value::List(_)) => at(task, field)?,
            id => id,
        };
        (*found != Value::Null).then_some(found)
    }

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
        if !self.is_part_of(&result) {
            return task;
        }
        match (self.at.as_deref(), &mut result) {
            (Some(field), Value::Map(map)) => {
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
    fn all_tasks_inside_an_answer_are_found() {
        for (answer, tasks) in [
            (r#"{"client":[{"job":{"id":"1"}},{},{"job":{"id":"2"}}]}"#, r#"[{"id":"1"},{"id":"2"}]"#),
            (r#"{"client":{"job":[{"id":"1"},{"id":"2"}]}}"#, r#"[{"id":"1"},{"id":"2"}]"#),
            (r#"{"client":[]}"#, "[]"),
            (r#"{"client":[{"job":null},5]}"#, "[]"),
            ("[]", "[]"),
        ] {
            assert_eq!(Value::List(all_at(value(answer), "client.job")), value(tasks), "{answer}");
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
            (r#""sku""#, Some(r#""x""#), r#"{"id":"2"}"#),
            (r#"{"rule":"r","id":"name"}"#, None, r#"{"id":"2"}"#),
        ] {
            let begins = written(begins);
            assert_eq!(begins.within(&result()), within.map(value).as_ref(), "{begins:?}");
            assert_eq!(begins.put(result(), value(r#"{"id":"2"}"#)), value(put), "{begins:?}");
        }
        for (begins, id) in [(r#""job""#, Some("1")), (r#""sku""#, Some("x")), (r#"".""#, None), (r#""none""#, None)] {
            assert_eq!(written(begins).told_id(&result(), "id").map(Value::plain).as_deref(), id, "{begins}");
        }
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","until":{"on":[true]},"gone":true}"#).is_ok());
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","unitl":{}}"#).is_err());
    }
}
