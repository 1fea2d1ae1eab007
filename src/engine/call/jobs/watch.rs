//! What to wait for: which call reads it, and which part of the answer is meant.

use std::sync::Arc;

use super::state::{Report, State};
use crate::engine::state::error::CallError;
use history::Outcome;
use lang;
use model::job::{Begins, JobRule, all_at, at};
use model::{Arguments, Call, Map, Method, Type, Value};
use registry::Source;

/// Work that a call began, or objects that a call reads, and the rule by which it is followed.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// The call that is waited for.
    pub(super) method: String,
    pub(super) rule: JobRule,
    pub(super) begins: Begins,
    pub(super) subject: Subject,
    /// Further arguments of the call that reads it.
    fixed: Map,
    /// The ids of what is followed after it.
    others: Vec<Value>,
    /// What has ended, as it was last read.
    ended: Vec<Value>,
}

/// The object of the work.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    /// The result of the call will show it.
    Told,
    /// One object, by its id.
    One(Value),
    /// The last object with this value of a parameter that was not there before the call.
    New { param: String, value: Value, known: Vec<String> },
    /// Everything that a call returns, and the ids of what was seen running.
    All { given: Map, moving: Vec<String> },
}

/// What one reading showed.
pub(super) enum Look {
    /// It is there.
    Here { task: Value, report: Report },
    /// It is not.
    Gone,
}

impl Watch {
    /// What a call begins; `None` if its catalogue has no rule for work that continues after the answer.
    pub(crate) fn of(source: &Source, call: &Call) -> Option<Watch> {
        let none = Map::new();
        let given = match &call.arguments {
            Arguments::Named(map) => map,
            Arguments::Positional(_) => &none,
        };
        Watch::begun(source, &call.method, given, None)
    }

    /// What a recorded call began, with the id in its row. `given` has the call's values, or is empty if they are not
    /// known; `None` if the rule needs more of them than the id.
    pub(super) fn begun(source: &Source, method: &Method, given: &Map, id: Option<&str>) -> Option<Watch> {
        let begins = method.job.clone()?;
        let rule = source.provider().job_rule(&begins)?.clone();
        let known = |name: &String| given.get(name).cloned().or_else(|| id.map(Value::from));
        let subject = match (&begins.id, &begins.by) {
            (Some(param), _) => Subject::One(known(param)?),
            (_, Some(by)) => Subject::New { param: by.clone(), value: known(by)?, known: Vec::new() },
            (None, None) => id.map_or(Subject::Told, |id| Subject::One(id.into())),
        };
        let mut ids = ids(id.filter(|_| begins.id.is_none() && begins.by.is_none())).into_iter();
        let subject = ids.next().map_or(subject, Subject::One);
        let fixed = |(to, from): (&String, &String)| Some((to.clone(), given.get(from)?.clone()));
        let fixed = begins.with.iter().map(fixed).collect::<Option<Map>>()?;
        let (method, others, ended) = (method.name.clone(), ids.collect(), Vec::new());
        Some(Watch { method, rule, begins, subject, fixed, others, ended })
    }

    /// What a read returns, until nothing of it is running any more. `None` if its catalogue has no rule for the state.
    pub(crate) fn reading(rules: &[JobRule], call: &Call) -> Option<Watch> {
        let rule = rules.iter().find(|rule| rule.method == call.method.name && rule.shows_ends())?.clone();
        let Arguments::Named(arguments) = &call.arguments else { return None };
        let subject = Subject::All { given: arguments.clone(), moving: Vec::new() };
        let (method, begins, fixed) = (call.method.name.clone(), Begins::default(), Map::new());
        Some(Watch { method, rule, begins, subject, fixed, others: Vec::new(), ended: Vec::new() })
    }

    /// One piece of work, known only by its id.
    pub(crate) fn one(rule: &JobRule, id: Value) -> Watch {
        let (method, subject) = (rule.method.clone(), Subject::One(id));
        let (others, ended) = (Vec::new(), Vec::new());
        Watch { method, rule: rule.clone(), begins: Begins::default(), subject, fixed: Map::new(), others, ended }
    }

    /// The same, with the id from the result, or the one in the address that the answer gave. `None` if the answer names
    /// nothing to wait for.
    pub(crate) fn identified_in(mut self, result: &Value, named: Option<&str>) -> Option<Watch> {
        if self.subject == Subject::Told && self.begins.by_address() {
            self.subject = Subject::One(named?.into());
        } else if self.subject == Subject::Told {
            let mut ids = self.begins.ids_in(result, &self.rule.id).into_iter().cloned();
            self.subject = Subject::One(ids.next()?);
            self.others = ids.collect();
        }
        Some(self)
    }

    /// The state in the result itself.
    pub(super) fn at_first(&self, result: &Value) -> Option<Report> {
        let tasks = self.begins.tasks(result).into_iter().filter(|task| matches!(task, Value::Map(_)));
        let reports = tasks.map(|task| Report::of(&self.rule, self.begins.until.as_ref(), task));
        reports.collect::<Result<Vec<_>, _>>().ok()?.into_iter().min_by_key(|report| report.state)
    }

    /// Goes on to the next of several pieces of work, the one before having ended in this state. `false` after the
    /// last.
    pub(super) fn turn(&mut self, task: Option<&Value>) -> bool {
        if self.others.is_empty() {
            return false;
        }
        self.ended.extend(task.cloned());
        self.subject = Subject::One(self.others.remove(0));
        true
    }

    /// The same as an outcome.
    pub(crate) fn outcome_at_first(&self, result: &Value) -> Option<Outcome> {
        Some(match self.at_first(result)?.state {
            State::Running => Outcome::Running,
            State::Badly => Outcome::EndedBadly,
            State::Well => Outcome::Done,
        })
    }

    /// The call and what it works on, for people.
    pub(crate) fn what(&self) -> String {
        match &self.subject {
            Subject::One(value) | Subject::New { value, .. } => format!("{} {}", self.method, value.plain()),
            Subject::Told | Subject::All { .. } => self.method.clone(),
        }
    }

    /// The call that is waited for.
    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// Whether the call began nothing itself: the work is that of another call.
    pub(super) fn only_reads(&self) -> bool {
        self.method == self.rule.method
    }

    /// Whether its id is known.
    pub(super) fn has_id(&self) -> bool {
        matches!(self.subject, Subject::One(_))
    }

    /// Whether it is one of several fields of a result.
    pub(super) fn is_part_of(&self, result: &Value) -> bool {
        self.begins.is_part_of(result)
    }

    /// The result, with the present state of the work in its place.
    pub(super) fn put(&self, result: Value, task: Value) -> Value {
        let tasks = self.ended.iter().cloned().chain([task]).collect();
        self.begins.put(result, tasks, &self.rule.id)
    }

    /// The id of the work, or the name by which it will be found; several with commas between them.
    pub(crate) fn id(&self) -> Option<String> {
        match &self.subject {
            Subject::One(value) | Subject::New { value, .. } => {
                let all = std::iter::once(value).chain(&self.others).map(Value::plain);
                Some(all.collect::<Vec<_>>().join(","))
            }
            Subject::Told | Subject::All { .. } => None,
        }
    }

    /// What the id has of the parameters that no call gives.
    fn parts(&self, id: &Value) -> Map {
        let parts = self.rule.parts_of(&id.plain());
        parts.into_iter().filter(|(name, _)| self.fixed.get(name).is_none()).collect()
    }

    /// Whether anything that is read may contain a secret.
    pub(crate) fn shows_secret(&self, source: &Source) -> bool {
        tells_secret(&self.rule, source)
    }

    /// The line that shows it, and waits for it if the rule allows that.
    pub(crate) fn line(&self) -> String {
        let word = |value: &Value| match value {
            Value::List(members) => {
                let members: Vec<String> = members.iter().map(Value::plain).collect();
                format!("(list){}", members.join(","))
            }
            other => lang::literal_of(&other.plain()).into_owned(),
        };
        let shown = |name: &str, value: &Value| format!(" {name} {}", word(value));
        let arguments = match &self.subject {
            Subject::One(value) => {
                let parts = self.parts(value);
                let parts = parts.iter().map(|(name, value)| shown(name, value));
                self.rule.parameter.iter().map(|name| shown(name, value)).chain(parts).collect()
            }
            Subject::New { param, value, .. } => shown(param, value),
            Subject::All { given, .. } => given.iter().map(|(name, value)| shown(name, value)).collect(),
            Subject::Told => String::new(),
        };
        let fixed: String = self.fixed.iter().map(|(name, value)| shown(name, value)).collect();
        let wait = if self.rule.shows_ends() { " --wait" } else { "" };
        format!("{}{arguments}{fixed}{wait}", self.rule.method)
    }

    /// The record of it in a list of what has ended.
    pub(super) fn recorded(&self, list: Value) -> Result<Option<(Value, Report)>, String> {
        let (Some(ended), Subject::One(id)) = (&self.rule.ended, &self.subject) else { return Ok(None) };
        let is_meant = |record: &Value| at(record, &ended.id).map(Value::plain) == Some(id.plain());
        let records = if let Value::List(records) = list { records } else { Vec::new() };
        let Some(record) = records.into_iter().find(is_meant) else { return Ok(None) };
        let report = Report::of_end(ended, &record)?;
        Ok(Some((record, report)))
    }

    /// Whether the service refused the read because the object does not exist.
    pub(super) fn is_gone(&self, error: &CallError) -> bool {
        let CallError::Fault(refusal) = error else { return false };
        refusal.fault.code.as_ref().is_some_and(|code| self.rule.gone.contains(code))
    }

    /// Whether several objects of an answer may be meant: they have the same name, and the id is unknown.
    pub(super) fn is_ambiguous(&self, answer: &Value) -> bool {
        let Value::List(members) = answer else { return false };
        matches!(self.subject, Subject::New { .. }) && members.iter().filter(|member| self.is_meant(member)).count() > 1
    }

    /// The call that reads it.
    pub(super) fn call(&self, reading: &Arc<Method>) -> Call {
        let typed = |name: &str, value: &Value| match reading.param(name).map(|param| &param.type_) {
            Some(Type::List(_)) => Value::List(vec![value.clone()]),
            Some(Type::Int) => Value::number(&value.plain()).unwrap_or_else(|| value.clone()),
            Some(Type::String) => Value::Text(value.plain()),
            _ => value.clone(),
        };
        let one = |name: &str, value: &Value| Map::from_iter([(name, typed(name, value))]);
        let mut arguments = match &self.subject {
            Subject::One(value) => {
                let mut given = self.rule.parameter.as_ref().map(|name| one(name, value)).unwrap_or_default();
                self.parts(value).iter().for_each(|(name, value)| drop(given.insert(name, typed(name, value))));
                given
            }
            Subject::New { param, value, .. } => one(param, value),
            Subject::All { given, .. } => given.clone(),
            Subject::Told => Map::new(),
        };
        for (name, value) in self.fixed.iter() {
            arguments.insert(name, value.clone());
        }
        Call { method: Arc::clone(reading), arguments: Arguments::Named(arguments) }
    }

    /// What an answer shows about it. If it was found by its name, its id is used from then on. `Err` names a missing
    /// field for the state.
    pub(super) fn look(&mut self, answer: Value) -> Result<Look, String> {
        let answer = match &self.rule.within {
            Some(path) => Value::List(all_at(answer, path)),
            None => answer,
        };
        let task = match (&self.subject, answer) {
            (Subject::All { .. }, whole) => Some(whole),
            (_, Value::List(members)) => members.into_iter().rfind(|member| self.is_meant(member)),
            (_, one) => Some(one),
        };
        let Some(task) = task else { return Ok(Look::Gone) };
        let report = self.report(&task)?;
        if let (Subject::New { .. }, Some(id)) = (&self.subject, task.get(&self.rule.id)) {
            self.subject = Subject::One(id.clone());
        }
        Ok(Look::Here { task, report })
    }

    fn is_meant(&self, member: &Value) -> bool {
        let id = self.id_of(member);
        match &self.subject {
            Subject::One(value) => id == Some(value.plain()),
            Subject::New { known, .. } => id.is_some_and(|id| !known.contains(&id)),
            Subject::Told | Subject::All { .. } => true,
        }
    }

    pub(super) fn id_of(&self, member: &Value) -> Option<String> {
        at(member, &self.rule.id).map(Value::plain)
    }

    /// If there are several objects, the first running one counts, then the first that has failed since. Earlier
    /// failures do not count.
    fn report(&mut self, task: &Value) -> Result<Report, String> {
        let of = |one: &Value| Report::of(&self.rule, self.begins.until.as_ref(), one);
        let members = match task {
            Value::List(members) if members.len() > 1 => members,
            Value::List(members) => return members.first().map_or_else(|| Ok(Report::of_nothing()), of),
            one => return of(one),
        };
        let mut reports = Vec::new();
        for member in members {
            let (id, report) = (self.id_of(member).unwrap_or_default(), of(member)?);
            reports.push((id, report));
        }
        let Subject::All { moving, .. } = &mut self.subject else { return Ok(Report::of_nothing()) };
        let running = reports.iter().filter(|(_, report)| report.state == State::Running);
        moving.extend(running.map(|(id, _)| id.clone()));
        reports.retain(|(id, _)| moving.contains(id));
        reports.sort_by_key(|(_, report)| report.state);
        let first = reports.into_iter().next();
        Ok(first.map_or_else(Report::of_nothing, |(id, report)| Report {
            words: format!("{id} {}", report.words),
            ..report
        }))
    }
}

/// The ids of several pieces of work, as they are recorded: commas between them.
fn ids(recorded: Option<&str>) -> Vec<Value> {
    let Some(recorded) = recorded else { return Vec::new() };
    let plain = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match recorded.split(',').all(plain) {
        true => recorded.split(',').map(Value::from).collect(),
        false => vec![recorded.into()],
    }
}

/// Whether a method that a rule uses may return a secret.
pub(super) fn tells_secret(rule: &JobRule, source: &Source) -> bool {
    let methods = std::iter::once(&rule.method).chain(rule.ended.as_ref().map(|ended| &ended.method));
    let secret = |method: Arc<Method>| method.returns_secret(source.shapes_of(&method));
    methods.filter_map(|name| source.method(name)?.ok()).any(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_pieces_of_work_are_followed_one_after_the_other() {
        let rule: JobRule = serde_json::from_str(
            r#"{"name":"job","method":"job.show","parameter":"id","id":"id","status":"state","parts":"{node}:{}",
                "running":{"state":["busy"]},"good":{"state":["fine"]}}"#,
        )
        .unwrap();
        let begins = serde_json::from_str(r#"{"at":["action","next"]}"#).unwrap();
        let told = Watch { begins, subject: Subject::Told, method: "a.b".into(), ..Watch::one(&rule, Value::Null) };
        let answer: Value = serde_json::from_str(
            r#"{"action":{"id":"n:1","state":"fine"},"next":[{"id":"n:2","state":"busy"},{"id":"n:3","state":"fine"}]}"#,
        )
        .unwrap();
        assert_eq!(told.outcome_at_first(&answer), Some(Outcome::Running));
        let mut watch = told.identified_in(&answer, None).unwrap();
        assert_eq!((watch.id().as_deref(), watch.what().as_str()), (Some("n:1,n:2,n:3"), "a.b n:1"));
        assert_eq!(watch.line(), "job.show id n:1 node n --wait");
        let mut turns = 0;
        while watch.turn(None) {
            turns += 1;
        }
        assert_eq!((turns, watch.id().as_deref()), (2, Some("n:3")));
        assert_eq!(ids(Some("1,2")), [Value::from("1"), Value::from("2")]);
        assert_eq!((ids(Some("n:1,n:2")).len(), ids(Some("a,,b")).len(), ids(None).len()), (1, 1, 0));
    }

    #[test]
    fn the_answer_of_a_call_may_say_how_its_work_is_doing() {
        let rule: JobRule = serde_json::from_str(
            r#"{"name":"job","method":"job.show","parameter":"id","id":"id","status":"state",
                "running":{"state":["busy"]},"good":{"state":["fine"]}}"#,
        )
        .unwrap();
        let begins = serde_json::from_str(r#"".""#).unwrap();
        let watch = Watch { begins, ..Watch::one(&rule, Value::from("j")) };
        for (answer, outcome) in [
            (r#"{"id":"j","state":"busy"}"#, Some(Outcome::Running)),
            (r#"{"id":"j","state":"fine"}"#, Some(Outcome::Done)),
            (r#"{"id":"j","state":"dead"}"#, Some(Outcome::EndedBadly)),
            (r#"{"id":"j"}"#, None),
            (r#""j""#, None),
        ] {
            let answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(watch.outcome_at_first(&answer), outcome, "{answer:?}");
        }
        assert_eq!((watch.what().as_str(), watch.id().as_deref()), ("job.show j", Some("j")));
    }
}
