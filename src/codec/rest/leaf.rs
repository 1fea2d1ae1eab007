//! Single values as text, and nested ones flattened into such.

use std::borrow::Cow;

use super::EncodeError;
use super::given::Given;
use model::{Secret, Value, base64};

/// A value that is written as one piece of text.
#[derive(Clone, Debug)]
pub(super) enum Leaf<'v> {
    Plain(Cow<'v, str>),
    Sealed(&'v Secret),
}

/// The text of a value: words for booleans, dates as they were typed, bytes as Base64. `None` for a list or a
/// dictionary.
pub(super) fn leaf(value: &Value) -> Option<Leaf<'_>> {
    Some(Leaf::Plain(match value {
        Value::Null => "".into(),
        Value::Bool(flag) => if *flag { "true" } else { "false" }.into(),
        Value::Int(number) => number.to_string().into(),
        Value::Decimal(number) => number.as_str().into(),
        Value::Text(text) => text.into(),
        Value::Date(date) => date.as_str().into(),
        Value::Bytes(bytes) => base64::encode(bytes).into(),
        Value::Secret(secret) => return Some(Leaf::Sealed(secret)),
        Value::File(file) => file.path.as_str().into(),
        Value::List(_) | Value::Map(_) => return None,
    }))
}

/// A value as one text, with a separator between the members of a list. `None` for dictionaries, and for what has line
/// breaks or, in a list, the separator.
pub(super) fn joined(given: &Given<'_>, separator: &str) -> Result<Option<String>, EncodeError> {
    let (single, members) = match given.value {
        Value::List(list) => (false, list.iter().collect()),
        value => (true, vec![value]),
    };
    let mut texts = Vec::new();
    for member in members {
        match leaf(member) {
            Some(Leaf::Plain(text)) if text.contains(['\r', '\n', '\0']) => return Ok(None),
            Some(Leaf::Plain(text)) if !single && text.contains(separator.trim()) => return Ok(None),
            Some(Leaf::Plain(text)) => texts.push(text),
            Some(Leaf::Sealed(_)) => return Err(EncodeError::Secret { name: given.name.to_string() }),
            None => return Ok(None),
        }
    }
    Ok(Some(texts.join(separator)))
}

/// Flattens a value into named pieces: `rules[in][0][policy]`, or one name repeated, or the keys of a dictionary as the
/// names. A list or a dictionary without
/// members becomes one empty piece: if it were left out, the service would not see it.
pub(super) fn flatten<'v>(name: &str, value: &'v Value, repeats: bool) -> Vec<(String, Leaf<'v>)> {
    let pieces: Vec<(String, Leaf<'v>)> = match value {
        Value::List(list) => {
            let place = |index: usize| if repeats { name.to_owned() } else { format!("{name}[{index}]") };
            list.iter().enumerate().flat_map(|(index, member)| flatten(&place(index), member, false)).collect()
        }
        Value::Map(map) if repeats => map.iter().flat_map(|(key, member)| flatten(key, member, true)).collect(),
        Value::Map(map) => {
            map.iter().flat_map(|(key, member)| flatten(&format!("{name}[{key}]"), member, false)).collect()
        }
        single => leaf(single).map(|leaf| (name.to_owned(), leaf)).into_iter().collect(),
    };
    match pieces.is_empty() {
        true => vec![(name.to_owned(), Leaf::Plain("".into()))],
        false => pieces,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_are_flattened() {
        for (json, repeats, pieces) in [
            (r#""a""#, false, "x=a"),
            ("[]", true, "x="),
            ("[1,true]", true, "x=1 x=true"),
            (r#"["a",null]"#, false, "x[0]=a x[1]="),
            (r#"[""]"#, true, "x="),
            (
                r#"{"in":[{"policy":"DROP","port":{"begin":1}}],"out":[]}"#,
                false,
                "x[in][0][policy]=DROP x[in][0][port][begin]=1 x[out]=",
            ),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            let shown = |(name, leaf): (String, Leaf<'_>)| match leaf {
                Leaf::Plain(text) => format!("{name}={text}"),
                Leaf::Sealed(_) => name,
            };
            assert_eq!(flatten("x", &value, repeats).into_iter().map(shown).collect::<Vec<_>>().join(" "), pieces);
        }
    }
}
