//! Values of a call as they are shown: on one line, without secrets, and cut to fit.

use std::slice;

use crate::render::{self, Format, View};
use model::{Arguments, Call, Upload, Value};

/// A value on one line, cut after so many characters. A secret is shown as its mask.
pub(crate) fn shown(value: &Value, most: usize) -> String {
    let text = match value {
        Value::List(_) | Value::Map(_) | Value::Secret(_) | Value::Null => json(value),
        scalar => scalar.plain().replace('\n', " "),
    };
    cut(text, most)
}

fn json(value: &Value) -> String {
    let mut json = Vec::new();
    // Writing to memory cannot fail.
    let _ = render::render_all(slice::from_ref(value), &View::of(Format::Json), &mut json);
    String::from_utf8_lossy(&json).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How many characters of a value are kept.
const LONGEST_VALUE: usize = 500;
/// And of a whole call.
const LONGEST: usize = 4000;

/// A call as a user would type it, for reading only: secrets are left out, and very long values are cut.
pub(crate) fn typed(call: &Call) -> String {
    let mut text = call.method.name.clone();
    let words: Vec<String> = match &call.arguments {
        Arguments::Named(map) => map.iter().map(|(name, value)| format!("{name} {}", word(value))).collect(),
        Arguments::Positional(values) => values.iter().map(word).collect(),
    };
    for word in words {
        text.push(' ');
        text.push_str(&word);
    }
    let mut text = cut(text, LONGEST);
    let values: Vec<&Value> = match &call.arguments {
        Arguments::Named(map) => map.iter().map(|(_, value)| value).collect(),
        Arguments::Positional(values) => values.iter().collect(),
    };
    for file in values.into_iter().flat_map(files) {
        text.push_str(&format!(" # {file}").replace('\n', " "));
    }
    text
}

/// The files in a value.
fn files(value: &Value) -> Vec<&Upload> {
    match value {
        Value::File(file) => vec![file],
        Value::List(list) => list.iter().flat_map(files).collect(),
        Value::Map(map) => map.iter().flat_map(|(_, value)| files(value)).collect(),
        _ => Vec::new(),
    }
}

fn word(value: &Value) -> String {
    let text = shown(value, LONGEST_VALUE);
    match value {
        Value::Secret(_) => history::STAND_IN.to_owned(),
        Value::Null => "(null)".to_owned(),
        Value::File(file) => format!("(file){}", lang::literal_of(&file.path)),
        Value::List(_) | Value::Map(_) => format!("(json){}", lang::literal_of(&text)),
        _ => lang::literal_of(&text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::{Map, Method, Secret};

    #[test]
    fn a_call_is_written_as_it_would_be_typed() {
        let method: Method = serde_json::from_str(r#"{"name":"a.b"}"#).unwrap();
        let method = Arc::new(method);
        let secret = || Value::Secret(Secret::new("canary"));
        let named: Map =
            serde_json::from_str(r#"{"n":"x","s":"a b","i":5,"l":[1,"é"],"m":{"k":null},"z":null}"#).unwrap();
        let mut call = Call { method: Arc::clone(&method), arguments: Arguments::Named(named) };
        assert_eq!(typed(&call), r#"a.b n x s 'a b' i 5 l (json)'[ 1, "é" ]' m (json)'{ "k": null }' z (null)"#);
        let secrets = vec![secret(), Value::List(vec![secret()]), Value::from("x")];
        call.arguments = Arguments::Positional(secrets);
        let file = Upload { path: "/tmp/a b.img".into(), size: 3, digest: "ab".into() };
        let uploaded = Call { arguments: Arguments::Positional(vec![Value::File(Box::new(file))]), ..call.clone() };
        assert_eq!(typed(&uploaded), "a.b (file)'/tmp/a b.img' # a b.img: 3 bytes, sha256 ab");
        assert_eq!(typed(&call), r#"a.b (redacted) (json)'[ "(redacted)" ]' x"#);
        call.arguments = Arguments::Positional(vec![Value::from("é".repeat(9000)); 20]);
        let text = typed(&call);
        assert!(text.chars().count() == LONGEST + 1 && text.ends_with('…'), "{}", text.len());
    }

    #[test]
    fn a_value_takes_one_line_and_is_cut() {
        for (json, text) in
            [(r#""x\ny""#, "x y"), ("[1,\n2]", "[ 1, 2 ]"), ("null", "null"), (r#""0123456789""#, "0123456789…")]
        {
            let value: Value = serde_json::from_str(json).unwrap();
            let most = if json.len() == 12 { 10 } else { 80 };
            assert_eq!(shown(&value, most).trim_end_matches('…'), text.trim_end_matches('…'));
        }
        assert_eq!(shown(&Value::from("0123456789"), 4), "0123…");
    }
}
