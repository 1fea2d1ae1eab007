//! The kind of result that a method promises, and what came instead.

use std::fmt;

use crate::message::{clip, excerpt};
use crate::{DecodeError, words};
use model::{Method, Shape, Type, Value};

/// The kind of result that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Nothing is known about it.
    Anything,
    /// A list. Whether its members are dictionaries of several fields is known.
    List { of_records: bool },
    /// A dictionary. A bare text may come instead if `text` is set, and another bare value or nothing if `other` is.
    Record { text: bool, other: bool },
    /// A text, a number or another value without members.
    Single,
}

/// The kind of value that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    Nothing,
    Text(String),
    /// Any other value without members.
    Single(String),
    List,
    /// A dictionary, with its first key.
    Record(Option<String>),
}

impl Promise {
    /// What the catalogue promises for a method's result; `enveloped` when the protocol itself marks it as a result.
    pub(crate) fn of(method: &Method, shapes: &[Shape], enveloped: bool) -> Promise {
        // A dictionary with at most one known field may come as the bare value of that field.
        let bare = method.result_fields(shapes).len() < 2;
        match &method.returns {
            _ if method.untyped => Promise::Anything,
            Type::Any | Type::None => Promise::Anything,
            Type::List(inner) => {
                let records = matches!(**inner, Type::Dict | Type::Shape(_));
                Promise::List { of_records: records && !bare && !enveloped }
            }
            Type::Dict => Promise::Record { text: bare || enveloped, other: bare || enveloped },
            Type::Shape(_) => Promise::Record { text: bare, other: bare || enveloped },
            Type::MapOf(_) => Promise::Record { text: false, other: enveloped },
            _ => Promise::Single,
        }
    }

    /// The tree if it is what was promised, or else an error.
    pub(crate) fn held(self, value: Value) -> Result<Value, DecodeError> {
        let first = match (&value, self) {
            (Value::List(list), Promise::List { .. }) => list.first(),
            _ => None,
        };
        self.admits(came(&value)).map_err(|error| error.saying(&value))?;
        if let Some(first) = first {
            self.of_members().admits(came(first)).map_err(|error| error.saying(first))?;
        }
        Ok(value)
    }

    /// The promise for the first member of a list: if it is not a dictionary, neither are the others.
    pub(super) fn of_members(self) -> Promise {
        match self {
            Promise::List { of_records: true } => Promise::Record { text: false, other: false },
            _ => Promise::Anything,
        }
    }

    pub(super) fn admits(self, came: Came) -> Result<(), DecodeError> {
        let kept = match (self, &came) {
            (Promise::Anything, _) => true,
            (Promise::List { .. }, came) => *came == Came::List,
            (Promise::Record { text, other }, came) => match came {
                Came::Record(_) => true,
                Came::Text(_) => text,
                Came::Single(_) | Came::Nothing => other,
                Came::List => false,
            },
            (Promise::Single, came) => matches!(came, Came::Text(_) | Came::Single(_) | Came::Nothing),
        };
        if kept { Ok(()) } else { Err(self.broken(&came)) }
    }

    fn broken(self, came: &Came) -> DecodeError {
        let words = match came {
            Came::Text(text) => beyond(text, excerpt(text)),
            _ => None,
        };
        DecodeError::Unpromised { wanted: self.to_string(), found: came.to_string(), words }
    }
}

/// The words, if they are more than an error shows of a text anyway.
fn beyond(text: &str, words: String) -> Option<String> {
    Some(words).filter(|words| *words != clip(text) && !words.is_empty())
}

impl DecodeError {
    /// The error, with the words of what came.
    fn saying(self, came: &Value) -> DecodeError {
        match self {
            DecodeError::Unpromised { wanted, found, words: None } if came.as_str().is_none() => {
                DecodeError::Unpromised { wanted, found, words: words::of_value(came) }
            }
            error => error,
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Promise::Anything => "a value",
            Promise::List { of_records: true } => "a list of dictionaries",
            Promise::List { .. } => "a list",
            Promise::Record { .. } => "a dictionary",
            Promise::Single => "a single value",
        })
    }
}

impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Came::Nothing => f.write_str("nothing (null)"),
            Came::Text(text) | Came::Single(text) => write!(f, "`{}`", clip(text)),
            Came::List => f.write_str("a list"),
            Came::Record(None) => f.write_str("an empty dictionary"),
            Came::Record(Some(key)) => write!(f, "a dictionary with `{}`", clip(key)),
        }
    }
}

fn came(value: &Value) -> Came {
    match value {
        Value::Null => Came::Nothing,
        Value::List(_) => Came::List,
        Value::Map(map) => Came::Record(map.keys().next().map(str::to_owned)),
        Value::Bytes(_) => Came::Single("bytes".to_owned()),
        Value::Text(text) => Came::Text(text.clone()),
        single => Came::Single(single.plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Broken;
    use super::*;
    use crate::consume::{Consume, Tree};

    fn promise(returns: &str, fields: usize, enveloped: bool) -> Promise {
        let fields: Vec<String> = (0..fields).map(|at| format!(r#"{{"name":"f{at}","type":"string"}}"#)).collect();
        let method = format!(r#"{{"name":"a.b","returns":"{returns}","fields":[{}]}}"#, fields.join(","));
        let shape = Shape {
            columns: Vec::new(),
            name: "s".into(),
            fields: serde_json::from_str(&format!("[{}]", fields.join(","))).unwrap(),
            ..Shape::default()
        };
        Promise::of(&serde_json::from_str(&method).unwrap(), &[shape], enveloped)
    }

    /// What passes as a tree and what passes as a stream, which must be the same.
    fn read(promise: Promise, json: &str) -> Result<Value, String> {
        let tree = promise.held(serde_json::from_str(json).unwrap()).map_err(|error| error.to_string());
        let broken = Broken::default();
        let streamed = promise.watched(Tree, &broken).consume(&mut serde_json::Deserializer::from_str(json));
        let streamed = broken.settle(streamed, || Ok(())).map_err(|error| error.to_string());
        assert_eq!(tree, streamed);
        tree
    }

    #[test]
    fn a_result_is_checked_against_the_promise() {
        let no = |wanted: &str, found: &str| {
            Some(format!("the answer cannot be read: {wanted} was expected, and {found} came"))
        };
        for (returns, fields, json, error) in [
            ("list", 0, "[]", None),
            ("list:int", 0, r#"["x"]"#, None),
            ("list:dict", 2, "[{}]", None),
            ("list:dict", 1, r#"["x"]"#, None),
            ("list:dict", 2, r#"["x"]"#, no("a dictionary", "`x`")),
            ("list:dict", 2, r#"[[1]]"#, no("a dictionary", "a list")),
            ("list:dict", 2, "null", no("a list of dictionaries", "nothing (null)")),
            ("list", 0, r#""down""#, no("a list", "`down`")),
            ("list", 0, "false", no("a list", "`false`")),
            ("list", 0, "5", no("a list", "`5`")),
            ("list", 0, "12.5", no("a list", "`12.5`")),
            ("list", 0, "{}", no("a list", "an empty dictionary")),
            ("list", 0, r#"{"message":1,"b":2}"#, no("a list", "a dictionary with `message`")),
            ("dict", 2, "{}", None),
            ("dict", 2, r#"{"f0":1}"#, None),
            ("dict", 2, r#""down""#, no("a dictionary", "`down`")),
            ("dict", 2, "7", no("a dictionary", "`7`")),
            ("dict", 2, "null", no("a dictionary", "nothing (null)")),
            ("dict", 2, "[]", no("a dictionary", "a list")),
            ("dict", 1, r#""0.9""#, None),
            ("dict", 0, "null", None),
            ("dict", 0, "[]", no("a dictionary", "a list")),
            ("map:int", 0, "5", no("a dictionary", "`5`")),
            ("string", 0, "12.5", None),
            ("string", 0, "null", None),
            ("string", 0, "[]", no("a single value", "a list")),
            ("int", 0, r#"{"a":1}"#, no("a single value", "a dictionary with `a`")),
            ("any", 0, r#""x""#, None),
            ("none", 0, "[1]", None),
        ] {
            assert_eq!(read(promise(returns, fields, false), json).err(), error, "{returns} {fields} {json}");
        }
        assert_eq!(Promise::of(&Method::discovered("a.b"), &[], false), Promise::Anything);
        for (returns, json, error) in [
            ("list:@s", "[]", None),
            ("list:@s", r#"["x"]"#, None),
            ("list:@s", r#""down""#, no("a list", "`down`")),
            ("list:@s", "null", no("a list", "nothing (null)")),
            ("list:@s", "5", no("a list", "`5`")),
            ("list:@s", "{}", no("a list", "an empty dictionary")),
            ("@s", r#""down""#, no("a dictionary", "`down`")),
            ("@s", "[]", no("a dictionary", "a list")),
            ("@s", "0", None),
            ("@s", "true", None),
            ("@s", "null", None),
            ("dict", r#""0.9""#, None),
            ("dict", "[]", no("a dictionary", "a list")),
            ("map:@s", r#""down""#, no("a dictionary", "`down`")),
        ] {
            assert_eq!(read(promise(returns, 2, true), json).err(), error, "{returns} {json}");
        }
    }

    #[test]
    fn long_words_are_given_beside_the_error() {
        let text = "The service is down for maintenance until four o'clock, with regret";
        let error = promise("list", 0, false).held(text.into()).unwrap_err();
        assert!(error.to_string().ends_with("and `The service is down for maintenance unti…` came"), "{error}");
        assert_eq!(model::Diagnostic::provider_words(&error), Some(text));
    }
}
