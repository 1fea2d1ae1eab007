//! The calls received by the sandbox, for tests.

use model::Value;

/// The calls in the order they came, whatever their outcome.
#[derive(Debug, Default)]
pub(super) struct Log {
    calls: Vec<(String, String)>,
}

impl Log {
    /// Records a call.
    pub(super) fn note(&mut self, method: &str, values: &[Value]) {
        let parameters: Vec<String> = values.iter().map(text).collect();
        self.calls.push((method.to_owned(), parameters.join(" ")));
    }

    /// Each call's method and parameters.
    pub(super) fn calls(&self) -> &[(String, String)] {
        &self.calls
    }
}

/// A value in JSON notation; what JSON cannot express has no quotes, unlike text.
fn text(value: &Value) -> String {
    let joined = |members: Vec<String>| members.join(",");
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Date(date) => date.to_string(),
        Value::Bytes(bytes) => format!("<{} bytes>", bytes.len()),
        Value::Secret(_) => "<secret>".into(),
        Value::File(file) => format!("<{file}>"),
        Value::List(members) => format!("[{}]", joined(members.iter().map(text).collect())),
        Value::Map(map) => {
            format!("{{{}}}", joined(map.iter().map(|(key, value)| format!("{key:?}:{}", text(value))).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Date, Map};

    #[test]
    fn parameters_are_readable() {
        let mut map = Map::from_iter([("name", "my\"server")]);
        map.insert("ports", vec![Value::Int(80), Value::Bool(true), 1.5.into()]);
        map.insert("day", Date::verbatim("20110617T00:00:00"));
        let mut log = Log::default();
        log.note("a.b", &[map.into()]);
        log.note("a.c", &[]);
        let expected = r#"{"name":"my\"server","ports":[80,true,1.5],"day":20110617T00:00:00}"#;
        assert_eq!(log.calls(), [("a.b".to_owned(), expected.to_owned()), ("a.c".to_owned(), String::new())]);
    }
}
