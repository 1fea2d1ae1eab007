//! Values → JSON on one line.

use model::escape::{Escape, json};
use model::http::Body;
use model::{Map, Value, base64};

/// Adds a value to a body: numbers keep their digits, bytes become Base64, dates get the form of JSON services. A
/// secret stays sealed.
pub fn write(value: &Value, body: &mut Body) {
    match value {
        Value::Null => body.push("null"),
        Value::Bool(flag) => body.push(if *flag { "true" } else { "false" }),
        Value::Int(number) => body.push(&number.to_string()),
        Value::Decimal(number) => body.push(number.as_str()),
        Value::Text(text) => write_text(text, body),
        Value::Bytes(bytes) => write_text(&base64::encode(bytes), body),
        Value::Date(date) => write_text(&date.to_spaced(), body),
        Value::List(list) => write_list(list, body),
        Value::Map(map) => write_map(map, body),
        Value::File(file) => write_text(&file.path, body),
        Value::Secret(secret) => {
            body.push("\"");
            body.seal(secret, Escape::Json);
            body.push("\"");
        }
    }
}

/// Adds a dictionary to a body.
pub fn write_map(map: &Map, body: &mut Body) {
    body.push("{");
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            body.push(",");
        }
        write_text(key, body);
        body.push(":");
        write(value, body);
    }
    body.push("}");
}

/// Adds a list to a body.
pub fn write_list(list: &[Value], body: &mut Body) {
    body.push("[");
    for (index, value) in list.iter().enumerate() {
        if index > 0 {
            body.push(",");
        }
        write(value, body);
    }
    body.push("]");
}

/// Adds a text to a body.
fn write_text(text: &str, body: &mut Body) {
    body.push("\"");
    body.push(&json(text));
    body.push("\"");
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::http::Part;
    use model::{Date, Decimal, Secret};

    fn written(value: &Value) -> String {
        let mut body = Body::default();
        write(value, &mut body);
        body.preview()
    }

    #[test]
    fn every_kind_is_written() {
        let decimal = |digits: &str| Value::Decimal(Decimal::parse(digits).unwrap());
        for (value, json) in [
            (Value::Null, "null"),
            (true.into(), "true"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (decimal("21.60"), "21.60"),
            (decimal("12345678901234567890123"), "12345678901234567890123"),
            (decimal("1e400"), "1e400"),
            ("a\"\\\n\u{1}é".into(), r#""a\"\\\n\u0001é""#),
            ("".into(), r#""""#),
            (Value::Bytes(vec![0, 1, 255]), r#""AAH/""#),
            (Date::verbatim("2012-12-01").into(), r#""2012-12-01""#),
            (Date::verbatim("20110617T10:00:00").into(), r#""2011-06-17 10:00:00""#),
            (Date::verbatim("\"soon\"").into(), r#""\"soon\"""#),
            (Value::List(vec![]), "[]"),
            (Value::List(vec![Value::Null, vec![Value::Int(1)].into()]), "[null,[1]]"),
            (Map::new().into(), "{}"),
            (Map::from_iter([("z\"", Value::Int(1)), ("a", Map::new().into())]).into(), r#"{"z\"":1,"a":{}}"#),
        ] {
            assert_eq!(written(&value), json, "{value:?}");
        }
    }

    #[test]
    fn a_secret_is_placed_but_not_read() {
        let secret = Secret::new("canary\"");
        let mut body = Body::default();
        write(&Map::from_iter([("key", Value::Secret(secret.clone()))]).into(), &mut body);
        let sealed = Part::Sealed(secret, vec![Escape::Json]);
        assert_eq!(body.parts(), [Part::Plain("{\"key\":\"".into()), sealed, Part::Plain("\"}".into())]);
    }
}
