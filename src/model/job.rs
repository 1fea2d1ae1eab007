//! How a long task is followed: the method that reads it, and the fields of the answer that show its progress.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::route::{one_or_more, placeholders};
use super::{Code, Map, Value};

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
    /// The field with an error: if it has one, the task has ended badly, whatever its state is called.
    #[serde(default)]
    pub error: Option<String>,
    /// How the id is put together from further parameters of the method: `UPID:{node}:{}`, with `{}` for the rest.
    #[serde(default)]
    pub parts: Option<String>,
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

    /// The parameters of the method, besides that for the id, whose values are parts of an id.
    pub fn parts_of(&self, id: &str) -> Map {
        let found = self.parts.as_deref().and_then(|pattern| taken_apart(pattern, id));
        found.into_iter().flatten().collect()
    }

    /// The names of those parameters.
    pub fn part_names(&self) -> impl Iterator<Item = &str> {
        placeholders(self.parts.as_deref().unwrap_or_default()).filter(|name| !name.is_empty())
    }

    /// Every field that the rule names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.error, &self.reason, &self.step, &self.number, &self.steps, &self.percent];
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

/// The named parts of a text. Each ends where the text after its place in the pattern begins; `None` if the text has
/// another form.
fn taken_apart<'p>(pattern: &'p str, text: &str) -> Option<Vec<(&'p str, Value)>> {
    let (before, mut pattern) = pattern.split_once('{').unwrap_or((pattern, ""));
    let (mut rest, mut found) = (text.strip_prefix(before)?, Vec::new());
    while let Some((name, after)) = pattern.split_once('}') {
        let (literal, next) = after.split_once('{').unwrap_or((after, ""));
        let (part, left) = if literal.is_empty() { (rest, "") } else { rest.split_once(literal)? };
        if !name.is_empty() {
            found.push((name, Value::from(part)));
        }
        (rest, pattern) = (left, next);
    }
    Some(found)
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
    /// Further fields of the result that hold tasks.
    pub more: Vec<String>,
    /// The field of the result with the address of the task.
    pub link: Option<String>,
    /// The header of the answer with the address of the task.
    pub header: Option<String>,
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
            #[serde(default, deserialize_with = "one_or_more")]
            at: Vec<String>,
            #[serde(default)]
            link: Option<String>,
            #[serde(default)]
            header: Option<String>,
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
            Written::Full(Full { rule, at, link, header, id, with, by, until, gone }) => {
                let mut places = at.into_iter();
                Begins { rule, at: places.next(), more: places.collect(), link, header, id, with, by, until, gone }
            }
        })
    }
}

impl Begins {
    /// Whether the answer gives the address of the task instead of its id.
    pub fn by_address(&self) -> bool {
        self.link.is_some() || self.header.is_some()
    }

    /// Every place in the result that holds tasks.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.at.iter().chain(&self.more).map(String::as_str)
    }

    /// Whether the tasks are a part of the result: a field beside others, or members of a list. A field that holds
    /// nothing but the id of a task is not the task.
    pub fn is_part_of(&self, result: &Value) -> bool {
        let field = self.at.as_deref().filter(|at| *at != ".");
        let several = matches!(result, Value::List(members) if members.len() > 1);
        let holds =
            |field: &str| matches!(result.get(field), None | Some(Value::Map(_) | Value::List(_) | Value::Null));
        field.map_or(self.at.is_some() && several, holds)
    }

    /// The tasks in a result, or their ids where it has nothing else of them.
    pub fn tasks<'v>(&self, result: &'v Value) -> Vec<&'v Value> {
        let members = |value: &'v Value| match value {
            Value::List(members) => members.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        };
        self.places().filter_map(|place| within(result, place)).flat_map(members).collect()
    }

    /// The ids of the tasks in a result, each once. Only a text or a whole number can be an id: a result such as `true`
    /// only says that the call was accepted.
    pub fn ids_in<'v>(&self, result: &'v Value, field: &str) -> Vec<&'v Value> {
        let mut ids: Vec<&Value> = Vec::new();
        for task in self.tasks(result) {
            let found = if matches!(task, Value::Map(_)) { at(task, field) } else { Some(task) };
            ids.extend(found.filter(|id| is_id(id) && !ids.contains(id)));
        }
        ids
    }

    /// A result with the tasks in their current state put in their places; a task alone where the result only says that
    /// the call was accepted.
    pub fn put(&self, mut result: Value, tasks: Vec<Value>, id: &str) -> Value {
        let Some(last) = tasks.last().cloned() else { return result };
        if !self.is_part_of(&result) {
            return last;
        }
        let now = |there: &Value| {
            let known = tasks.iter().find(|task| at(task, id).is_some_and(|found| at(there, id) == Some(found)));
            known.cloned()
        };
        let renew = |place: &mut Value| match place {
            Value::List(members) => {
                members.iter_mut().for_each(|member| *member = now(member).unwrap_or_else(|| member.clone()))
            }
            one => *one = now(one).unwrap_or_else(|| one.clone()),
        };
        if let Value::List(_) = &result {
            renew(&mut result);
            return result;
        }
        let Value::Map(map) = &mut result else { return last };
        // With one place, the task is put there whatever was there before.
        match (self.at.as_deref(), self.more.as_slice(), tasks.as_slice()) {
            (Some(field), [], [_]) if !matches!(map.get(field), Some(Value::List(_))) => drop(map.insert(field, last)),
            _ => self.places().for_each(|place| {
                if let Some(place) = map.get_mut(place) {
                    renew(place);
                }
            }),
        }
        result
    }
}

/// The part of a result at a place.
fn within<'v>(result: &'v Value, place: &str) -> Option<&'v Value> {
    if place == "." { Some(result) } else { result.get(place) }
}

fn is_id(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.is_empty(),
        Value::Int(_) => true,
        // A number that is too long for an integer.
        Value::Decimal(_) => value.plain().bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
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

    fn written(json: &str) -> Begins {
        serde_json::from_str(json).unwrap()
    }

    fn first_id(begins: &str, result: &Value) -> Option<String> {
        written(begins).ids_in(result, "id").first().map(|id| id.plain())
    }

    #[test]
    fn several_tasks_of_one_answer_are_found_and_put_back() {
        let all = r#"{"at":["action","actions","next_actions"]}"#;
        for (begins, result, ids, put) in [
            (
                all,
                r#"{"server":{"id":9},"action":{"id":1},"next_actions":[{"id":2},{"id":3},{"id":1}]}"#,
                "1 2 3",
                r#"{"server":{"id":9},"action":{"id":1,"now":true},"next_actions":[{"id":2,"now":true},{"id":3,"now":true},{"id":1,"now":true}]}"#,
            ),
            (all, r#"{"actions":[{"id":4}]}"#, "4", r#"{"actions":[{"id":4,"now":true}]}"#),
            (all, r#"{"action":null,"actions":[]}"#, "", r#"{"action":null,"actions":[]}"#),
            (r#"".""#, r#"[{"id":5},{"id":6}]"#, "5 6", r#"[{"id":5,"now":true},{"id":6,"now":true}]"#),
            (r#"".""#, r#"["a","b"]"#, "a b", r#"["a","b"]"#),
        ] {
            let (begins, result) = (written(begins), value(result));
            let found: Vec<String> = begins.ids_in(&result, "id").into_iter().map(Value::plain).collect();
            assert_eq!(found.join(" "), ids, "{result:?}");
            let now = |id: &String| value(&format!(r#"{{"id":{id},"now":true}}"#));
            let tasks = found.iter().filter(|id| id.parse::<i64>().is_ok()).map(now).collect();
            assert_eq!(begins.put(result, tasks, "id"), value(put));
        }
    }

    #[test]
    fn an_id_has_parts_that_are_parameters() {
        let rule = |parts: &str| JobRule { parts: Some(parts.to_owned()), ..JobRule::default() };
        for (parts, id, found) in [
            ("UPID:{node}:{}", "UPID:pve1:0000A:17:qmstart:100:root@pam:", r#"{"node":"pve1"}"#),
            ("{region}/{zone}/{}", "eu/a/77", r#"{"region":"eu","zone":"a"}"#),
            ("{a}-{b}", "x-y-z", r#"{"a":"x","b":"y-z"}"#),
            ("UPID:{node}:{}", "task-7", "{}"),
            ("UPID:{node}:{}", "UPID:pve1", "{}"),
        ] {
            assert_eq!(Value::Map(rule(parts).parts_of(id)), value(found), "{parts} {id}");
        }
        assert_eq!(rule("UPID:{node}:{}").part_names().collect::<Vec<_>>(), ["node"]);
        assert_eq!(JobRule::default().parts_of("x"), Map::new());
    }

    #[test]
    fn a_task_is_found_and_put_back() {
        let result = || value(r#"{"sku":"x","job":{"id":"1"}}"#);
        for (begins, within, put) in [
            (r#"".""#, r#"{"sku":"x","job":{"id":"1"}}"#, r#"{"id":"2"}"#),
            (r#""job""#, r#"{"id":"1"}"#, r#"{"sku":"x","job":{"id":"2"}}"#),
            (r#""none""#, "", r#"{"sku":"x","job":{"id":"1"},"none":{"id":"2"}}"#),
            (r#""sku""#, r#""x""#, r#"{"id":"2"}"#),
            (r#"{"rule":"r","id":"name"}"#, "", r#"{"id":"2"}"#),
        ] {
            let begins = written(begins);
            let found: Vec<Value> = begins.tasks(&result()).into_iter().cloned().collect();
            assert_eq!(found, if within.is_empty() { vec![] } else { vec![value(within)] }, "{begins:?}");
            assert_eq!(begins.put(result(), vec![value(r#"{"id":"2"}"#)], "id"), value(put), "{begins:?}");
        }
        for (begins, id) in [(r#""job""#, Some("1")), (r#""sku""#, Some("x")), (r#"".""#, None), (r#""none""#, None)] {
            assert_eq!(first_id(begins, &result()).as_deref(), id, "{begins}");
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
            assert_eq!(first_id(r#"".""#, &value(result)).as_deref(), id, "{result}");
        }
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","until":{"on":[true]},"gone":true}"#).is_ok());
        assert!(serde_json::from_str::<Begins>(r#"{"at":".","unitl":{}}"#).is_err());
    }
}
