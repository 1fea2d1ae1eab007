//! A provider's refusal, in any protocol.

use model::{Code, Map, Value};

/// An error that the provider answered with deliberately.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fault {
    /// The provider's code, where it gave one.
    pub code: Option<Code>,
    /// The provider's words; empty when it gave none.
    pub message: String,
    /// Anything else that came with it, or null.
    pub data: Value,
}

impl Fault {
    /// A fault's code and message, found under these names. The rest stays in `data`, so that nothing is lost.
    pub(super) fn read(value: Value, code: &str, message: &str) -> Fault {
        let mut rest = match value {
            Value::Map(map) => map,
            data => return Fault { data, ..Fault::default() },
        };
        let code = take(&mut rest, code, |value| match value {
            Value::Text(text) => text.trim().parse::<i64>().ok().map(Code::from),
            other => other.as_int().map(Code::from),
        });
        let message = take(&mut rest, message, |value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let data = if rest.is_empty() { Value::Null } else { Value::Map(rest) };
        Fault { code, message, data }
    }

    /// Everything that the provider said, on one line, without repeating the `name` that is shown anyway.
    pub fn words_beside(&self, name: Option<&str>) -> String {
        let Value::Map(data) = &self.data else { return self.words() };
        let told = |value: &Value| name.is_some() && value.as_str() == name;
        let rest: Map =
            data.iter().filter(|(_, value)| !told(value)).map(|(key, value)| (key, value.clone())).collect();
        let data = if rest.is_empty() { Value::Null } else { rest.into() };
        Fault { code: None, message: self.message.clone(), data }.words()
    }

    /// Everything that the provider said, on one line.
    pub fn words(&self) -> String {
        match (&self.data, self.message.is_empty()) {
            (Value::Null, _) => self.message.clone(),
            (data, true) => sentence(data),
            (data, false) => format!("{} ({})", self.message, sentence(data)),
        }
    }
}

/// Takes a member out if it can be read.
fn take<T>(map: &mut Map, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let found = map.get(key).and_then(read)?;
    map.remove(key);
    Some(found)
}

/// Structured errors on one line: `[["label","is empty"],…]`, `{"label":["is empty"]}`, texts in a list, or one text.
pub(super) fn sentence(errors: &Value) -> String {
    match errors {
        Value::List(list) => list.iter().map(entry).collect::<Vec<_>>().join("; "),
        Value::Map(map) => {
            map.iter().map(|(field, words)| format!("{field}: {}", sentence(words))).collect::<Vec<_>>().join("; ")
        }
        single => single.plain(),
    }
}

/// One of several errors; a list is a field and its problem.
fn entry(error: &Value) -> String {
    match error {
        Value::List(parts) => parts.iter().map(sentence).collect::<Vec<_>>().join(": "),
        other => sentence(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_once() {
        let data = serde_json::from_str(r#"{"error_type":"NotThere","place":"x"}"#).unwrap();
        let fault = Fault { code: None, message: "No".into(), data };
        assert_eq!(fault.words_beside(Some("NotThere")), "No (place: x)");
        assert_eq!(fault.words_beside(Some("Other")), fault.words());
        assert_eq!(fault.words_beside(None), "No (error_type: NotThere; place: x)");
        let data = serde_json::from_str(r#"{"error_type":"NotThere"}"#).unwrap();
        assert_eq!(Fault { data, ..fault }.words_beside(Some("NotThere")), "No");
    }

    #[test]
    fn everything_is_said_on_one_line() {
        for (message, data, words) in [
            ("No", "null", "No"),
            ("No", r#"{"rule":3,"what":{"port":"too large"}}"#, "No (rule: 3; what: port: too large)"),
            ("", r#"[["label","is empty"],["fqdn","is taken"]]"#, "label: is empty; fqdn: is taken"),
            ("", r#"{"label":["is empty","is short"],"fqdn":"is taken"}"#, "label: is empty; is short; fqdn: is taken"),
            ("", r#"["One thing","another"]"#, "One thing; another"),
        ] {
            let data = serde_json::from_str(data).unwrap();
            assert_eq!(Fault { code: None, message: message.into(), data }.words(), words);
        }
    }
}
