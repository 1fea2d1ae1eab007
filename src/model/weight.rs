//! An estimate of the memory that values take, rather too high than too low, so that an answer can be refused for its
//! decoded size, however short the texts of its members are. All sizes are in bytes.

use super::Value;

const VALUE: u64 = size_of::<Value>() as u64;

/// The first value of a list, which allocates room for four.
pub const LIST: u64 = 4 * VALUE;
/// Each further value of a list: lists grow by doubling, so on average half of the added room is empty.
pub const MEMBER: u64 = VALUE + VALUE / 2;
/// The first value of a dictionary, which allocates room for four, with its name.
pub const MAP: u64 = 4 * (VALUE + 16) + 48;
/// Each further value of a dictionary, with its name and its place in an index.
pub const ENTRY: u64 = MEMBER + 120;

/// The memory that a JSON text would take as values, including the text itself.
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
            // It does not matter whether this is a list or a dictionary.
            b',' => ENTRY,
            _ => 0,
        };
        sum.saturating_add(cost)
    })
}

/// The memory that a value takes.
pub fn of(value: &Value) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64,
        Value::Bytes(bytes) => bytes.len() as u64,
        Value::List(list) => list.iter().map(|member| MEMBER + of(member)).sum(),
        Value::Map(map) => map.iter().map(|(key, member)| ENTRY + key.len() as u64 + of(member)).sum(),
        _ => 0,
    }
}

/// The most memory that the values of one answer may take.
pub const MOST: u64 = 512 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_costs_what_its_values_take() {
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
