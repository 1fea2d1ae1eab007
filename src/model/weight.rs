//! What values cost in memory, roughly and rather too much than too little: so that an answer can be refused by what it
//! would become, however short the text of its members is.

use super::Value;

const VALUE: u64 = size_of::<Value>() as u64;

/// The first value of a list, which makes room for four.
pub const LIST: u64 = 4 * VALUE;
/// A further value of a list: lists grow by doubling, and half of what was added stays empty on the average.
pub const MEMBER: u64 = VALUE + VALUE / 2;
/// The first value of a dictionary, which makes room for three, for finding them, and for its key.
pub const MAP: u64 = 3 * (VALUE + 32) + 96;
/// A further value of a dictionary, with its key.
pub const ENTRY: u64 = MEMBER + 80;

/// What a text of JSON would cost as values, its own length among it.
pub fn of_json(text: &[u8]) -> u64 {
    let (mut quoted, mut escaped) = (false, false);
    text.iter().fold(text.len() as u64, |sum, byte| {
        let cost = match byte {
            _ if escaped => {
                escaped = false;
                0
            }
            b'\\' if quoted => {
                escaped = true;
                0
            }
            b'"' => {
                quoted = !quoted;
                0
            }
            _ if quoted => 0,
            b'[' => LIST,
            b'{' => MAP,
            // It does not matter of which of the two it is the next.
            b',' => ENTRY,
            _ => 0,
        };
        sum.saturating_add(cost)
    })
}

/// What a value that is there costs.
pub fn of(value: &Value) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64,
        Value::Bytes(bytes) => bytes.len() as u64,
        Value::List(list) => list.iter().map(|member| MEMBER + of(member)).sum(),
        Value::Map(map) => map.iter().map(|(key, member)| ENTRY + key.len() as u64 + of(member)).sum(),
        _ => 0,
    }
}

/// So much of the memory may be taken by the values of one answer.
pub const MOST: u64 = 512 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_costs_what_becomes_of_it() {
        for (text, cost) in [
            ("", 0),
            ("12", 0),
            (r#""[{,\"[""#, 0),
            (r#""\\",[]"#, ENTRY + LIST),
            (r#"{"a":[1,2]}"#, MAP + LIST + ENTRY),
        ] {
            assert_eq!(of_json(text.as_bytes()), cost + text.len() as u64, "{text}");
        }
        let value: Value = serde_json::from_str(r#"[{"ab":"cde"},1]"#).unwrap_or_default();
        assert_eq!(of(&value), 2 * MEMBER + ENTRY + 5);
    }
}
