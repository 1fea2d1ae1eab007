//! Jobs: what an answer shows as under way has ended when it is asked for some time later.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{Map, Value};
use openapi::{Kind, Schemas};

use super::memory::Object;
use super::text::uuid;
use super::words;

/// The most jobs that are remembered.
const MOST: usize = 5_000;
/// The number of the first job, so that none has the key of an example.
const FIRST: i64 = 1001;
/// How deep answers are searched for jobs.
const DEEPEST: usize = 3;

/// How the jobs of a schema show their state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    /// The names of all properties: the same schema may be written out in several places.
    pub(super) signature: String,
    state: String,
    underway: Value,
    done: Value,
    key: String,
    numbered: bool,
}

/// A job.
#[derive(Debug)]
struct Job {
    shown: Shown,
    facts: Map,
    started: Duration,
}

/// All jobs, by the signature of their schema.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    made: BTreeMap<String, Vec<Job>>,
    count: i64,
    /// How long each of them takes.
    time: Duration,
}

/// How a schema shows the state of a job, if it does.
pub(super) fn shown(schemas: &Schemas, id: usize) -> Option<Shown> {
    let schema = schemas.get(id)?;
    let state = schema.properties.iter().find(|it| words::is_state(&it.name))?;
    let states = &schemas.get(state.schema)?.choices;
    let key = schema.properties.iter().find(|it| ["id", "uuid"].contains(&words::plain(&it.name).as_str()))?;
    let mut names: Vec<&str> = schema.properties.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    Some(Shown {
        signature: names.join(" "),
        state: state.name.clone(),
        underway: words::underway(states)?.clone(),
        done: words::done(states)?.clone(),
        key: key.name.clone(),
        numbered: schemas.get(key.schema).is_some_and(|it| it.allows(Kind::Int)),
    })
}

impl Jobs {
    /// No jobs yet, each of which will take that time.
    pub(super) fn taking(time: Duration) -> Jobs {
        Jobs { time, ..Jobs::default() }
    }

    /// Starts every job that an answer shows.
    pub(super) fn start(&mut self, schemas: &Schemas, id: usize, answer: &mut Value, now: Duration) {
        self.start_in(schemas, id, answer, now, DEEPEST);
    }

    fn start_in(&mut self, schemas: &Schemas, id: usize, answer: &mut Value, now: Duration, left: usize) {
        let (Some(left), Some(schema)) = (left.checked_sub(1), schemas.get(id)) else { return };
        match answer {
            Value::Map(map) => match shown(schemas, id) {
                Some(shown) => self.begin(schemas, id, shown, map, now),
                None => {
                    for property in &schema.properties {
                        if let Some(value) = map.get_mut(&property.name) {
                            self.start_in(schemas, property.schema, value, now, left);
                        }
                    }
                    schema.branches.iter().flatten().for_each(|it| {
                        // Only what belongs to this branch alone: the others have been seen.
                        if schemas.get(*it).is_some_and(|it| !it.properties.is_empty()) {
                            self.branch(schemas, *it, map, now, left);
                        }
                    });
                }
            },
            Value::List(members) => {
                let Some(items) = schema.items else { return };
                members.iter_mut().for_each(|member| self.start_in(schemas, items, member, now, left));
            }
            _ => {}
        }
    }

    fn branch(&mut self, schemas: &Schemas, id: usize, map: &mut Map, now: Duration, left: usize) {
        let mut value = Value::Map(std::mem::take(map));
        self.start_in(schemas, id, &mut value, now, left);
        if let Value::Map(found) = value {
            *map = found;
        }
    }

    fn begin(&mut self, schemas: &Schemas, id: usize, shown: Shown, map: &mut Map, now: Duration) {
        let number = FIRST + self.count;
        self.count += 1;
        let key = if shown.numbered { Value::Int(number) } else { Value::Text(uuid(&format!("job {number}"))) };
        map.insert(shown.key.as_str(), key);
        map.insert(shown.state.as_str(), shown.underway.clone());
        for (name, value) in map.iter_mut() {
            let nullable =
                || schemas.property(id, name).and_then(|it| schemas.get(it.schema)).is_some_and(|it| it.nullable);
            match words::plain(name).as_str() {
                "progress" | "percent" if value.as_int().is_some() => *value = 0.into(),
                "finished" | "finishedat" | "completedat" | "endedat" | "ended" if nullable() => *value = Value::Null,
                // Documents show an error beside every state, to show what it looks like.
                _ if words::is_failure(name) && nullable() => *value = Value::Null,
                _ => {}
            }
        }
        let jobs = self.made.entry(shown.signature.clone()).or_default();
        if jobs.len() >= MOST {
            jobs.remove(0);
        }
        jobs.push(Job { shown, facts: map.clone(), started: now });
    }

    /// The jobs of a schema, as they are now.
    pub(super) fn objects(&self, signature: &str, now: Duration, moment: &str) -> Vec<Object> {
        let jobs = self.made.get(signature).map(Vec::as_slice).unwrap_or_default();
        jobs.iter().map(|job| job.object(now >= job.started.saturating_add(self.time), moment)).collect()
    }
}

impl Job {
    fn object(&self, ended: bool, moment: &str) -> Object {
        let mut facts = self.facts.clone();
        if ended {
            facts.insert(self.shown.state.as_str(), self.shown.done.clone());
            for (name, value) in facts.iter_mut() {
                match words::plain(name).as_str() {
                    "progress" | "percent" if value.as_int().is_some() => *value = 100.into(),
                    "finished" | "finishedat" | "completedat" | "endedat" | "ended" if *value == Value::Null => {
                        *value = moment.into();
                    }
                    _ => {}
                }
            }
        }
        let key = facts.get(&self.shown.key).map(Value::plain).unwrap_or_default();
        Object { number: key.parse().unwrap_or(1), key, facts }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::schema;
    use super::*;

    #[test]
    fn a_job_ends_after_its_time() {
        let text = r#"{"properties":{"server":{"type":"object","properties":{"id":{"type":"integer"}}},"actions":{"items":{"properties":{
            "id":{"type":"integer"},"status":{"enum":["running","success","error"]},"progress":{"type":"integer"},"finished":{"type":["string","null"]},"error":{"type":["object","null"]}}}}}}"#;
        let (schemas, id) = schema(text);
        let mut jobs = Jobs::taking(Duration::from_secs(3));
        let mut answer: Value = serde_json::from_str(
            r#"{"server":{"id":1},"actions":[{"id":13,"status":"success","progress":100,"finished":"x","error":{"code":"failed"}}]}"#,
        )
        .unwrap();
        jobs.start(&schemas, id, &mut answer, Duration::ZERO);
        let action = answer.get("actions").unwrap().as_list().unwrap()[0].clone();
        let text = |value: &Value| serde_json::to_string(value).unwrap();
        assert_eq!(text(&action), r#"{"id":1001,"status":"running","progress":0,"finished":null,"error":null}"#);
        let items = schemas.get(schemas.property(id, "actions").unwrap().schema).unwrap().items.unwrap();
        let signature = shown(&schemas, items).unwrap().signature;
        let at = |seconds| jobs.objects(&signature, Duration::from_secs(seconds), "now").remove(0);
        assert_eq!(at(2).facts.get("status"), Some(&"running".into()));
        let ended = Value::Map(at(3).facts);
        assert_eq!(text(&ended), r#"{"id":1001,"status":"success","progress":100,"finished":"now","error":null}"#);
        assert_eq!((at(3).key.as_str(), jobs.objects("no", Duration::ZERO, "").len()), ("1001", 0));
    }

    #[test]
    fn what_has_no_end_is_no_job() {
        for text in [
            r#"{"properties":{"id":{},"status":{"enum":["running","off"]}}}"#,
            r#"{"properties":{"status":{"enum":["running","success"]}}}"#,
            r#"{"properties":{"id":{},"status":{"type":"string"}}}"#,
        ] {
            let (schemas, id) = schema(text);
            assert_eq!(shown(&schemas, id), None, "{text}");
        }
    }
}
