//! Where the words of a refusal are, as the answers for errors show it.

use std::collections::BTreeMap;

use model::{Map, Value};

use super::operation::{Api, is_json};
use super::schema::Schema;

/// Names of fields with the words of a refusal, the plainest first.
const WORDS: [&str; 9] =
    ["message", "error", "detail", "reason", "error_description", "description", "title", "msg", "errors"];
/// Fields that hold another object with them.
const AROUND: [&str; 3] = ["error", "errors", "fault"];
/// The most paths of the rule.
const PATHS: usize = 6;

/// The rule for refusals: JSON under a status that is not success.
pub(crate) fn fault(api: &Api<'_>) -> Map {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let answers = api.operations.iter().flat_map(|operation| &operation.answers);
    for answer in answers.filter(|answer| answer.status.starts_with(['4', '5']) || answer.status == "default") {
        let json = answer.media.iter().find(|media| is_json(&media.kind));
        let found = json.and_then(|media| media.content.schema()).and_then(|schema| words(&schema, true));
        if let Some(path) = found {
            *counts.entry(path).or_default() += 1;
        }
    }
    let mut paths: Vec<(String, usize)> = counts.into_iter().collect();
    paths.sort_by(|(_, one), (_, other)| other.cmp(one));
    let mut paths: Vec<String> = paths.into_iter().map(|(path, _)| path).take(PATHS).collect();
    for usual in ["error.message", "message", "error", "errors", "detail", "title"] {
        if !paths.iter().any(|path| path == usual) {
            paths.push(usual.to_owned());
        }
    }
    let paths: Vec<Value> = paths.into_iter().map(Value::from).collect();
    Map::from_iter([("style", Value::from("errors-json")), ("message", paths.into())])
}

/// The path of the words in an answer.
fn words(schema: &Schema<'_>, outer: bool) -> Option<String> {
    if outer {
        for name in AROUND {
            let inner = schema.property(name).map(|property| property.schema());
            if let Some(path) = inner.filter(Schema::is_record).and_then(|inner| words(&inner, false)) {
                return Some(format!("{name}.{path}"));
            }
        }
    }
    WORDS.into_iter().find(|name| schema.property(name).is_some()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    #[test]
    fn the_words_of_refusals_are_found() {
        let of = |schema: &str| {
            let text = format!(
                r#"{{"openapi":"3.0.0","paths":{{"/a":{{"get":{{"responses":{{"404":{{"content":{{"application/json":{{"schema":{schema}}}}}}},"200":{{}}}}}}}}}}}}"#
            );
            let library = Library::of(serde_json::from_str(&text).unwrap());
            let rule = fault(&front::read(&library).unwrap());
            let list = rule.get("message").unwrap().as_list().unwrap().to_vec();
            list[0].as_str().unwrap().to_owned()
        };
        for (schema, first) in [
            (r#"{"properties":{"error":{"properties":{"code":{},"message":{}}}}}"#, "error.message"),
            (r#"{"properties":{"error":{"type":"string"},"errors":{}}}"#, "error"),
            (r#"{"properties":{"id":{},"message":{}}}"#, "message"),
            (r#"{"properties":{"errors":{"type":"array","items":{}}}}"#, "errors"),
            (r#"{"properties":{"x":{}}}"#, "error.message"),
        ] {
            assert_eq!(of(schema), first, "{schema}");
        }
    }
}
