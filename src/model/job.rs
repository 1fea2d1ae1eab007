//! How a long task is followed: the method that reads it, and the fields of the answer that show its progress.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{Code, Value};

/// How one kind of task, or an object that changes for a while, is followed. Fields are dotted paths into the answer;
/// where a list is on the path, its first member is used.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRule {
    /// The name that methods give for the rule.
    pub name: String,
    /// The method that reads the task.
    pub method: String,
    /// That method's parameter for the id; `None` when it has none.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The dotted path of the task inside the answer, where it is not the answer itself or one of its members. The
    /// paths of all other fields start there; where a list is on this path, all its members are used.
    #[serde(default)]
    pub within: Option<String>,
    /// The field with the id.
    pub id: String,
    /// The field with its state.
    pub status: String,
    /// The condition that holds while the task is running; without it, the call's own `until` decides.
    #[serde(default)]
    pub running: Option<Condition>,
    /// The task is running as long as the method shows it.
    #[serde(default)]
    pub listed: bool,
    /// Where the outcome is recorded once the method no longer shows the task.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// The condition for a successful end; without it every end is a success.
    #[serde(default)]
    pub good: Option<Condition>,
    /// The codes with which the method says that the object no longer exists.
    #[serde(default)]
    pub gone: Vec<Code>,
    /// The field with the reason for a failure.
    #[serde(default)]
    pub reason: Option<String>,
    /// The field with the name of the current step.
    #[serde(default)]
    pub step: Option<String>,
    /// The field with the number of that step, from 1.
    #[serde(default)]
    pub number: Option<String>,
    /// The field with the total number of steps.
    #[serde(default)]
    pub steps: Option<String>,
    /// The field with the progress of the step, in percent.
    #[serde(default)]
    pub percent: Option<String>,
}

impl JobRule {
    /// Whether one reading call shows when everything in it has ended.
    pub fn shows_ends(&self) -> bool {
        self.within.is_none() && (self.listed || self.running.is_some())
    }

    /// Every field that the rule names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.reason, &self.step, &self.number, &self.steps, &self.percent];
        let conditions = [&self.running, &self.good].into_iter().flatten().flat_map(Condition::fields);
        [self.id.as_str(), self.status.as_str()]
            .into_iter()
            .chain(optional.into_iter().flatten().map(String::as_str))
            .chain(conditions)
    }
}

/// Where the outcome of tasks is recorded that are only shown while they run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The method that lists the ended tasks; it needs no parameters.
    pub method: String,
    /// The field with the id.
    pub id: String,
    /// The field with the outcome.
    pub status: String,
    /// The condition for a successful end.
    pub good: Condition,
    /// The field with the reason for a failure.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Fields, each of which must have one of its values. A text that ends with `*` matches all texts with that beginning.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Condition(BTreeMap<String, Vec<Value>>);

impl Condition {
    /// Whether it holds. `Err` names a field that is missing.
    pub fn holds(&self, value: &Value) -> Result<bool, &str> {
        let mut holds = true;
        for (field, wanted) in &self.0 {
            let found = at(value, field).filter(|found| **found != Value::Null).ok_or(field.as_str())?;
            holds &= wanted.iter().any(|wanted| fits(found, wanted));
        }
        Ok(holds)
    }

    /// The fields that it looks at, each with the values of which it must have one.
    pub fn wanted(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.0.iter().map(|(field, values)| (field.as_str(), values.as_slice()))
    }

    /// The fields that it looks at.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The value at a dotted path; where a list is on the path, its first member is used.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let first = |value: &'v Value| match value {
        Value::List(members) => members.first(),
        other => Some(other),
    };
    path.split('.').try_fold(value, |value, key| first(value)?.get(key)).and_then(first)
}

/// All values at a dotted path; where a list is on the path, all its members are used.
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

/// What a call starts, and how it is found: in the result, by a parameter, or by the name of the object. A plain text
/// is the path in the result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Begins {
    /// The rule by which it is followed; the provider's first rule if none is named.
    pub rule: Option<String>,
    /// Where the result holds it: `.` for the result itself, else the name of a field.
    pub at: Option<String>,
    /// The parameter that holds its id.
    pub id: Option<String>,
    /// More parameters of the reading method, each with the parameter of the call whose value it takes.
    pub with: BTreeMap<String, String>,
    /// A parameter that the reading method takes too, for objects whose id is not in the result: the object that did
    /// not exist before the call is the one.
    pub by: Option<String>,
    /// A condition in addition to the rule's for a successful end.
    pub until: Option<Condition>,
    /// The end is a success when the object no longer exists.
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
    /// Whether the task is one field of the result, beside others. A field that holds nothing but its id is not the
    /// task.
    pub fn is_part_of(&self, result: &Value) -> bool {
        let field = self.at.as_deref().filter(|at| *at != ".");
        field.is_some_and(|field| matches!(result.get(field), None | Some(Value::Map(_) | Value::Null)))
    }

    /// The id of the task in a result: in a field of the task, or the only thing that the result has of it. Only a text
    /// or a whole number can be an id: a result such as `true` only says that the call was accepted.
    pub fn id_in<'v>(&self, result: &'v Value, field: &str) -> Option<&'v Value> {
        let found = match self.within(result)? {
            task @ (Value::Map(_) | Value::List(_)) => at(task, field)?,
            id => id,
        };
        let is_id = match found {
            Value::Text(text) => !text.is_empty(),
            Value::Int(_) => true,
            // A number that is too long for an integer.
            Value::Decimal(_) => found.plain().bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        is_id.then_some(found)
    }

    /// The part of a result that is the task.
    pub fn within<'v>(&self, result: &'v Value) -> Option<&'v Value> {
        match self.at.as_deref()? {
            "." => Some(result),
            field => result.get(field),
        }
    }

    /// A result with the task in its current state put in its place; the task alone where the result only says that the
    /// call was accepted.
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
            assert_eq!(written(begins).id_in(&result(), "id").map(Value::plain).as_deref(), id, "{begins}");
        }
        for (result, id) in [
            ("true", None),
            ("false", None),
            ("null", None),
            (r#""""#, None),
            ("1.5", None),
            ("[]", None),
            ("{}", None),
            (r#"{"id":true}"#, None),
            (r#"{"id":{"x":1}}"#, None),
            (r#""j""#, Some("j")),
            ("0", Some("0")),
            ("18446744073709551616", Some("18446744073709551616")),
            (r#"{"id":7}"#, Some("7")),
        ] {
            assert_eq!(written(r#"".""#).id_in(&value(result), "id").map(Value::plain).as_deref(), id, "{result}");
        }
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","until":{"on":[true]},"gone":true}"#).is_ok());
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","unitl":{}}"#).is_err());
    }
}
