//! How refusals are recognized in the answers of services that use JSON.

use super::narrow;
use super::verdict::Verdict;
use crate::Fault;
use crate::fault::sentence;
use model::failure::FaultRule;
use model::http::Head;
use model::{Code, Field, Map, Provider, Value};

/// Every answer has a field that says whether the call worked, under any HTTP status.
pub(super) fn by_success(rule: &FaultRule, answer: &Value) -> Option<Verdict> {
    let field = rule.success.as_deref()?;
    match narrow::at(answer, field)? {
        Value::Bool(true) => Some(success(rule, answer)),
        Value::Bool(false) => Some(Verdict::Refused(fault(rule, field, answer))),
        _ => None,
    }
}

/// Parts of a call may have failed although it worked as a whole.
fn success(rule: &FaultRule, answer: &Value) -> Verdict {
    let warnings =
        rule.warnings.as_ref().and_then(|path| narrow::at(answer, path)).filter(|value| says_something(value));
    warnings.map_or(Verdict::Success, |warnings| Verdict::Warning(sentence(warnings)))
}

fn fault(rule: &FaultRule, success: &str, answer: &Value) -> Fault {
    let word = |path: &String| narrow::at(answer, path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut data = answer.clone();
    for path in std::iter::once(success).chain(rule.code.iter().chain(&rule.message).map(String::as_str)) {
        narrow::remove(&mut data, path);
    }
    let data = if data == Value::Map(Map::new()) { Value::Null } else { data };
    let code = rule.code.as_ref().and_then(word).map(Code::from);
    Fault { code, message: rule.message.iter().find_map(word).unwrap_or_default().to_owned(), data }
}

/// A refusal has an error status and says what was wrong, field by field; some come under a success status. `declared`
/// are the fields of the result: one of the same name is no sign of a refusal.
pub(super) fn by_errors(rule: &FaultRule, head: &Head, answer: &Value, declared: &[Field]) -> Option<Fault> {
    let succeeded = head.succeeded();
    let names = |path: &&String| !succeeded || !declared.iter().any(|field| field.name == **path);
    let found = rule
        .message
        .iter()
        .filter(names)
        .find_map(|path| narrow::at(answer, path).filter(|value| says_something(value)));
    let bare = succeeded && *answer == Value::Bool(false);
    let errors = found.or(bare.then_some(answer))?;
    let code = (!succeeded).then(|| i64::from(head.status).into());
    Some(Fault { code, message: sentence(errors), data: Value::Null })
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => !map.is_empty(),
        _ => true,
    }
}

/// The documented meaning of an HTTP status, when the answer says nothing else.
pub(super) fn by_status(provider: &Provider, head: &Head, words: &str) -> Option<Fault> {
    let code = Code::from(i64::from(head.status));
    provider.error(&code)?;
    Some(Fault { code: Some(code), message: words.to_owned(), data: Value::Null })
}
