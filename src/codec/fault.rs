//! A provider's refusal, in whatever protocol it came.

use crate::model::{Code, Map, Value};

/// An error that the provider answered with on purpose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fault {
    /// The provider's code, where it gave one.
    pub code: Option<Code>,
    /// The provider's words; empty when it gave none.
    pub message: String,
    /// Whatever else came with them, or null.
    pub data: Value,
}

impl Fault {
    /// What a fault's value says under these names. What is not understood stays in `data`, so that nothing is lost.
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
}

/// Takes a member out if it can be read.
fn take<T>(map: &mut Map, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let found = map.get(key).and_then(read)?;
    map.remove(key);
    Some(found)
}
