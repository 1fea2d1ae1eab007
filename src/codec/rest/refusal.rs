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
    let worked = match narrow::at(answer, field)? {
        Value::Bool(worked) if rule.good.is_empty() => *worked,
        Value::Text(text) if !rule.good.is_empty() => rule.good.contains(text),
        _ => return None,
    };
    Some(if worked { success(rule, answer) } else { Verdict::Refused(fault(rule, field, answer)) })
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
    let data = match data {
        // What is empty says nothing about the refusal.
        Value::Map(map) => {
            let said = |(_, value): &(String, Value)| says_something(value) || *value == Value::Bool(false);
            let map: Map = map.into_iter().filter(said).collect();
            if map.is_empty() { Value::Null } else { map.into() }
        }
        data => data,
    };
    let code = rule.code.as_ref().and_then(word).map(Code::from);
    Fault { code, message: rule.message.iter().find_map(word).unwrap_or_default().to_owned(), data }
}

/// A refusal has an error status and says what was wrong, field by field; some come under a success status. `declared`
/// are the fields of the result: one of the same name is no sign of a refusal.
pub(super) fn by_errors(rule: &FaultRule, head: &Head, answer: &Value, declared: &[Field]) -> Option<Fault> {
    let succeeded = head.succeeded();
    // An object may have errors of its own: of a job that failed, for example.
    let first = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    // A success has words, too: `{"message": "deleted"}`. Where the rule names fields that are errors, only those count then.
    let is_error = |path: &String| {
        let name = first(path).to_lowercase();
        name.contains("error") || name.contains("fault")
    };
    let told = rule.message.iter().any(is_error);
    let counts = |path: &String| (!told || is_error(path)) && !declared.iter().any(|field| field.name == first(path));
    let names = |path: &&String| !succeeded || counts(path);
    let found = rule
        .message
        .iter()
        .filter(names)
        .find_map(|path| narrow::at(answer, path).filter(|value| says_something(value)));
    let bare = succeeded && *answer == Value::Bool(false);
    let errors = found.or(bare.then_some(answer))?;
    let code = rule.code.as_ref().and_then(|path| code_of(narrow::at(answer, path)?));
    let code = code.or_else(|| (!succeeded).then(|| i64::from(head.status).into()));
    Some(Fault { code, message: sentence(errors), data: Value::Null })
}

/// A code that is a word or a number.
fn code_of(value: &Value) -> Option<Code> {
    match value {
        Value::Text(text) if !text.is_empty() => Some(Code::from(text.as_str())),
        value => value.as_int().map(Code::from),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_every_answer_says_whether_the_call_worked() {
        let rule = r#"{"style":"success-json","success":"result","good":["success","ok"],"message":["result"]}"#;
        let rule: FaultRule = serde_json::from_str(rule).unwrap();
        for (answer, told) in [
            (r#"{"result":"success","arguments":{}}"#, Some(None)),
            (r#"{"result":"ok"}"#, Some(None)),
            (r#"{"result":"method name not recognized"}"#, Some(Some("method name not recognized"))),
            (r#"{"result":"Success"}"#, Some(Some("Success"))),
            // What is not a text says nothing about it.
            (r#"{"result":true}"#, None),
            (r#"{"result":null}"#, None),
            (r#"{"arguments":{}}"#, None),
        ] {
            let found = by_success(&rule, &serde_json::from_str(answer).unwrap()).map(|verdict| match verdict {
                Verdict::Refused(fault) => Some(fault.message),
                Verdict::Success | Verdict::Warning(_) => None,
            });
            assert_eq!(found, told.map(|told| told.map(str::to_owned)), "{answer}");
        }
        // Of the rest of a refusal, what is empty is left out.
        for (answer, data) in [
            (r#"{"result":"no","arguments":{},"tag":null}"#, Value::Null),
            (r#"{"result":"no","arguments":{},"tag":4}"#, Map::from_iter([("tag", 4)]).into()),
            (r#"{"result":"no","retry":false}"#, Map::from_iter([("retry", false)]).into()),
        ] {
            let Some(Verdict::Refused(fault)) = by_success(&rule, &serde_json::from_str(answer).unwrap()) else {
                panic!("{answer}")
            };
            assert_eq!(fault.data, data, "{answer}");
        }
    }

    #[test]
    fn the_words_of_a_success_are_no_refusal() {
        let rule = |message: &str| -> FaultRule {
            serde_json::from_str(&format!(r#"{{"style":"errors-json","message":[{message}]}}"#)).unwrap()
        };
        let both = r#""message","error.message","errors","Fault","title""#;
        for (message, status, answer, refused) in [
            (both, 200, r#"{"message":"deleted"}"#, false),
            (both, 201, r#"{"id":1,"title":"x"}"#, false),
            (both, 200, r#"{"errors":["no"],"message":"failed"}"#, true),
            (both, 200, r#"{"error":{"message":"no"}}"#, true),
            (both, 200, r#"{"Fault":"no"}"#, true),
            (both, 404, r#"{"message":"no"}"#, true),
            (both, 404, r#"{"title":"no"}"#, true),
            // A catalogue that knows of words alone means them.
            (r#""message""#, 200, r#"{"message":"no"}"#, true),
        ] {
            let head = Head { status, ..Head::default() };
            let found = by_errors(&rule(message), &head, &serde_json::from_str(answer).unwrap(), &[]);
            assert_eq!(found.is_some(), refused, "{status} {answer}");
        }
    }

    #[test]
    fn errors_have_a_code_and_an_object_may_have_some_of_its_own() {
        let rule = r#"{"style":"errors-json","code":"error.code","message":["error.message","errors"]}"#;
        let rule: FaultRule = serde_json::from_str(rule).unwrap();
        let field = |name: &str| Field { name: name.into(), ..Field::default() };
        let (action, other) = ([field("error"), field("status")], [field("id")]);
        for (status, declared, answer, found) in [
            (404, &other[..], r#"{"error":{"code":"not_found","message":"no"}}"#, Some(("not_found", "no"))),
            (409, &action, r#"{"error":{"code":3,"message":"no"}}"#, Some(("3", "no"))),
            (409, &other, r#"{"error":{"message":"no"}}"#, Some(("409", "no"))),
            (422, &other, r#"{"errors":["a","b"]}"#, Some(("422", "a; b"))),
            (200, &action, r#"{"status":"error","error":{"code":"x","message":"it failed"}}"#, None),
            (200, &other, r#"{"error":{"code":"x","message":"no"}}"#, Some(("x", "no"))),
            (200, &other, r#"{"error":null}"#, None),
        ] {
            let head = Head { status, ..Head::default() };
            let fault = by_errors(&rule, &head, &serde_json::from_str(answer).unwrap(), declared);
            let told = fault.map(|fault| (fault.code.map(|code| code.to_string()).unwrap_or_default(), fault.message));
            let found = found.map(|(code, words)| (code.to_owned(), words.to_owned()));
            assert_eq!(told, found, "{status} {answer}");
        }
    }
}
