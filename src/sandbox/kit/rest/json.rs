//! JSON in and out.

use model::Value;

/// Parses a body; an empty one is null.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    match body.trim_ascii() {
        [] => Some(Value::Null),
        body => serde_json::from_slice(body).ok(),
    }
}

/// Writes a body: numbers keep their digits, dates are unchanged.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    // JSON can express every value.
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::super::values::{date, decimal, map};
    use super::*;

    #[test]
    fn written_json_is_read_back() {
        let value = map! { "n" => decimal("21.60"), "t" => "é\"", "l" => vec![Value::Null, true.into()] };
        let text = write(&value.clone().into());
        assert_eq!(String::from_utf8(text.clone()).unwrap(), r#"{"n":21.60,"t":"é\"","l":[null,true]}"#);
        assert_eq!(read(&text), Some(value.into()));
        assert_eq!(write(&date("2009-05-15T06:55:02-04:00")), br#""2009-05-15T06:55:02-04:00""#);
        for (text, value) in
            [("", Some(Value::Null)), (" null ", Some(Value::Null)), ("{", None), ("\"1\"", Some("1".into()))]
        {
            assert_eq!(read(text.as_bytes()), value, "{text}");
        }
        assert_eq!(read("[".repeat(100_000).as_bytes()), None);
    }
}
