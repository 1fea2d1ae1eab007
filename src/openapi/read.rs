//! The bytes of a document → values. JSON and YAML are told apart by their first character.

use std::cell::Cell;

use model::{Twins, Value};
use serde::de::DeserializeSeed;

use super::error::{LONGEST, ReadError};
use super::front::assigned;

/// The most memory that its values may take.
const ROOM: u64 = 2 * 1024 * 1024 * 1024;

/// Reads a document, or one of the files of a document.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    if bytes.len() as u64 > LONGEST {
        return Err(ReadError::TooLong);
    }
    let text = str::from_utf8(bytes).map_err(|_| ReadError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Err(ReadError::Empty),
        Some('{' | '[') => json(text),
        Some('<') => Err(ReadError::Markup),
        Some(_) => assigned(text.trim_start()).map_or_else(|| yaml(text), beginning),
    }
}

fn json(text: &str) -> Result<Value, ReadError> {
    let room = Cell::new(ROOM);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Twins { room: Some(&room), ..Twins::default() }.deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|error| ReadError::Json { problem: error.to_string() })
}

/// The value at the beginning of a text, whatever comes after it.
fn beginning(text: &str) -> Result<Value, ReadError> {
    let room = Cell::new(ROOM);
    let value =
        Twins { room: Some(&room), ..Twins::default() }.deserialize(&mut serde_json::Deserializer::from_str(text));
    value.map_err(|error| ReadError::Json { problem: error.to_string() })
}

fn yaml(text: &str) -> Result<Value, ReadError> {
    serde_saphyr::from_str(text).map_err(|error| {
        let problem = error.to_string();
        ReadError::Yaml { problem: problem.lines().next().unwrap_or_default().to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_give_the_same_values() {
        let yaml = "swagger: '2.0'\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: yes}\n      x: [1, 2.50, true, null, 'no']\n";
        let json = r#"{"swagger":"2.0","paths":{"/a":{"get":{"responses":{"200":{"description":"yes"}},"x":[1,2.50,true,null,"no"]}}}}"#;
        let (yaml, json) = (read(yaml.as_bytes()).unwrap(), read(json.as_bytes()).unwrap());
        let responses = |value: &Value| {
            value.get("paths").unwrap().get("/a").unwrap().get("get").unwrap().get("responses").cloned()
        };
        assert_eq!(responses(&yaml).unwrap().as_map().unwrap().keys().collect::<Vec<_>>(), ["200"]);
        assert_eq!(responses(&json).unwrap().as_map().unwrap().keys().collect::<Vec<_>>(), ["200"]);
        assert_eq!(yaml.get("swagger"), json.get("swagger"));
    }

    #[test]
    fn what_is_no_document_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "it is empty"),
            ("  \n", "it is empty"),
            ("<html>", "it is a web page or XML, not JSON or YAML"),
            ("{\"a\":", "it is not valid JSON"),
            ("a: [1", "it is not valid YAML"),
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{text}: {error}");
        }
        assert_eq!(read(b"const a = [1]\n;\nmore();").unwrap(), Value::List(vec![Value::Int(1)]));
        assert!(matches!(read(&[0xff, 0xfe, 0x00]), Err(ReadError::NotText)));
        assert_eq!(read("\u{feff}{}".as_bytes()).unwrap(), Value::Map(model::Map::new()));
    }
}
