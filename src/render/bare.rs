//! Results as bare values for scripts: each scalar on its own line without quotes, in order, at any depth.

use std::io::{self, Write};

use super::cells;
use super::sanitize::for_terminal;
use super::style::Style;
use model::Value;

/// Writes the scalars of a value. Null is an empty line; a result that is nothing but bytes is written unchanged.
pub(super) fn write(value: &Value, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::Bytes(bytes) if !style.terminal => out.write_all(bytes),
        other => scalars(other, style, out),
    }
}

fn scalars(value: &Value, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::List(list) => list.iter().try_for_each(|member| scalars(member, style, out)),
        Value::Map(map) => map.iter().try_for_each(|(_, member)| scalars(member, style, out)),
        scalar if style.terminal => writeln!(out, "{}", for_terminal(&cells::scalar(scalar))),
        scalar => writeln!(out, "{}", cells::scalar(scalar)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Secret;

    #[test]
    fn scalars_are_on_lines_of_their_own() {
        for (value, terminal, written) in [
            (Value::from("a\"b\x1b"), false, "a\"b\x1b\n"),
            (Value::from("a\"b\x1b"), true, "a\"b\\u{1b}\n"),
            (Value::number("12.30").unwrap(), false, "12.30\n"),
            (Value::Null, false, "\n"),
            (Value::Bytes(b"you".to_vec()), false, "you"),
            (Value::Bytes(b"you".to_vec()), true, "eW91\n"),
            (Value::Secret(Secret::new("canary")), false, "(redacted)\n"),
            (serde_json::from_str(r#"{"a":[1,{"b":"x"}],"c":true,"d":[]}"#).unwrap(), false, "1\nx\ntrue\n"),
            (serde_json::from_str("[]").unwrap(), false, ""),
        ] {
            let mut out = Vec::new();
            write(&value, Style { colour: false, terminal }, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
    }
}
