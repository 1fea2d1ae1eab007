//! JSON literals in a line, every digit kept.

use model::Value;

/// Reads one JSON document; the error says what is wrong and where.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}
