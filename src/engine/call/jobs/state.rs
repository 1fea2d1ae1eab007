//! The state of the work at one read: whether it is running, and how far it is.

use model::job::{Condition, Ended, at};
use model::{JobRule, Value};

/// The state of work. If there are several pieces, the first in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It is running.
    Running,
    /// It ended badly.
    Badly,
    /// It ended well.
    Well,
}

/// The state of one piece of work.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report {
    pub(super) state: State,
    /// The provider's word for it.
    pub(super) words: String,
    /// The provider's name for the current step, and its number.
    pub(super) step: Option<String>,
    pub(super) number: Option<(i64, i64)>,
    /// The progress of all of it, in per cent.
    pub(super) percent: Option<i64>,
    /// Why it failed.
    pub(super) reason: Option<String>,
}

impl Report {
    /// Reads the state by a rule. `Err` names a field for the state that is missing.
    pub(super) fn of(rule: &JobRule, until: Option<&Condition>, task: &Value) -> Result<Report, String> {
        let text = |path: Option<&String>| path.and_then(|path| plain(at(task, path)?));
        let int = |path: Option<&String>| path.and_then(|path| at(task, path)?.as_int());
        let holds = |condition: &Condition| condition.holds(task).map_err(str::to_owned);
        let error = rule.error.as_ref().and_then(|path| at(task, path)).filter(|error| is_something(error));
        let running = rule.listed || rule.running.as_ref().map_or(Ok(false), holds)?;
        let state = match () {
            () if running => State::Running,
            () if !rule.good.as_ref().map_or(Ok(true), holds)? => State::Badly,
            () if error.is_some() => State::Badly,
            () if !until.map_or(Ok(true), holds)? => State::Running,
            () => State::Well,
        };
        let number = int(rule.number.as_ref()).zip(int(rule.steps.as_ref()));
        let number = number.filter(|(number, steps)| (1..=*steps).contains(number));
        let within = int(rule.percent.as_ref()).map(|percent| percent.clamp(0, 100));
        let usual = if state == State::Running { "running" } else { "over" };
        Ok(Report {
            state,
            words: text(Some(&rule.status)).unwrap_or_else(|| usual.into()),
            step: text(rule.step.as_ref()),
            number,
            percent: match number {
                Some((number, steps)) => Some(((number - 1) * 100 + within.unwrap_or(0)) / steps),
                None => within,
            },
            reason: text(rule.reason.as_ref()).or_else(|| error.and_then(plain)),
        })
    }

    /// Reads the record of work that has ended. `Err` names a field that should say how and is missing.
    pub(super) fn of_end(ended: &Ended, record: &Value) -> Result<Report, String> {
        let text = |path: &str| at(record, path).and_then(plain);
        let well = ended.good.holds(record).map_err(str::to_owned)?;
        Ok(Report {
            state: if well { State::Well } else { State::Badly },
            words: text(&ended.status).unwrap_or_else(|| "over".into()),
            reason: ended.reason.as_deref().and_then(text),
            ..Report::of_nothing()
        })
    }

    /// The state of an empty list: nothing is running.
    pub(super) fn of_nothing() -> Report {
        let words = "nothing there".into();
        Report { state: State::Well, words, step: None, number: None, percent: None, reason: None }
    }

    /// In words, without the progress: `PENDING_ADD, step 2 of 3 (WAIT_FOR_OPERATION)`.
    pub(super) fn line(&self) -> String {
        let step = match (&self.number, &self.step) {
            (Some((number, steps)), Some(step)) => format!(", step {number} of {steps} ({step})"),
            (Some((number, steps)), None) => format!(", step {number} of {steps}"),
            (None, Some(step)) => format!(", {step}"),
            (None, None) => String::new(),
        };
        format!("{}{step}", self.words)
    }
}

/// Whether a field for errors has one.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => !map.is_empty(),
        _ => true,
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::List(_) | Value::Map(_) | Value::Secret(_) => None,
        Value::Text(text) if text.is_empty() => None,
        other => Some(other.plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_understood() {
        let by_word = r#"{"name":"a","method":"a.b","parameter":"id","id":"id","status":"state","reason":"now.why",
            "running":{"state":["PENDING_*"]},"good":{"state":["NORMAL"]},
            "step":"now.step.name","number":"now.step.number","steps":"now.steps","percent":"now.step.percent"}"#;
        let by_flag = r#"{"name":"a","method":"a.b","parameter":"id","id":"id","status":"words",
            "running":{"over":[false]},"good":{"wrong":[false]}}"#;
        let with_error = r#"{"name":"a","method":"a.b","parameter":"id","id":"id","status":"status","error":"error",
            "reason":"error.message","running":{"status":["running"]},"good":{"status":["success"]}}"#;
        let by_goal = r#"{"name":"a","method":"a.b","parameter":"id","id":"id","status":"power"}"#;
        let on = Some(r#"{"power":["on"]}"#);
        use State::{Badly, Running, Well};
        for (rule, until, task, expected) in [
            (by_word, None, r#"{"state":"NORMAL"}"#, Ok((Well, None, "NORMAL"))),
            (by_word, None, r#"{"state":"PENDING_ADD"}"#, Ok((Running, None, "PENDING_ADD"))),
            (
                by_word,
                None,
                r#"{"state":"PENDING_ADD","now":{"steps":4,"step":[{"name":"COPY","number":2,"percent":50}]}}"#,
                Ok((Running, Some(37), "PENDING_ADD, step 2 of 4 (COPY)")),
            ),
            (
                by_word,
                None,
                r#"{"state":"PENDING_ADD","now":{"steps":4,"step":{"number":9,"percent":500}}}"#,
                Ok((Running, Some(100), "PENDING_ADD")),
            ),
            (by_word, None, r#"{"state":"FAILED_ADD","now":{"why":"no disk"}}"#, Ok((Badly, None, "FAILED_ADD"))),
            (by_word, None, r#"{"state":"SOMETHING_NEW"}"#, Ok((Badly, None, "SOMETHING_NEW"))),
            (by_word, None, r#"{"name":"x"}"#, Err("state")),
            (by_flag, None, r#"{"over":false,"wrong":true,"words":"w"}"#, Ok((Running, None, "w"))),
            (by_flag, None, r#"{"over":true,"wrong":true,"words":"w"}"#, Ok((Badly, None, "w"))),
            (by_flag, None, r#"{"over":true,"wrong":false}"#, Ok((Well, None, "over"))),
            (by_flag, None, r#"{"over":true}"#, Err("wrong")),
            (with_error, None, r#"{"status":"success","error":null}"#, Ok((Well, None, "success"))),
            (with_error, None, r#"{"status":"success","error":{"message":"no"}}"#, Ok((Badly, None, "success"))),
            (with_error, None, r#"{"status":"success","error":{}}"#, Ok((Well, None, "success"))),
            (with_error, None, r#"{"status":"running","error":{"message":"no"}}"#, Ok((Running, None, "running"))),
            (by_goal, on, r#"{"power":"off"}"#, Ok((Running, None, "off"))),
            (by_goal, on, r#"{"power":"on"}"#, Ok((Well, None, "on"))),
            (by_goal, on, "{}", Err("power")),
        ] {
            let rule: JobRule = serde_json::from_str(rule).unwrap();
            let until: Option<Condition> = until.map(|until| serde_json::from_str(until).unwrap());
            let report = Report::of(&rule, until.as_ref(), &serde_json::from_str(task).unwrap());
            let seen = report.as_ref().map(|r| (r.state, r.percent, r.line())).map_err(String::as_str);
            assert_eq!(seen, expected.map(|(state, percent, line)| (state, percent, line.to_owned())), "{task}");
        }
    }
}
