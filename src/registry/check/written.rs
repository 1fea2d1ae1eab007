//! A part of a catalogue as the JSON that the program reads, with the place of each piece in the text it was written in.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

/// Why a part cannot be read.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    /// The bytes of the catalogue's text that it is about.
    pub(super) span: Range<usize>,
    pub(super) message: String,
}

/// Reads a part as the program does when it uses the catalogue.
pub(super) fn read<T: DeserializeOwned>(value: &Spanned<DeValue<'_>>) -> Result<T, Refusal> {
    let mut written = Written::default();
    written.value(value);
    serde_json::from_str(&written.json).map_err(|error| {
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message).to_owned();
        // All of it is one line.
        Refusal { span: written.source_of(error.column(), &message).unwrap_or_else(|| value.span()), message }
    })
}

/// A part as JSON.
pub(super) fn value(value: &Spanned<DeValue<'_>>) -> Option<Value> {
    let mut written = Written::default();
    written.value(value);
    serde_json::from_str(&written.json).ok()
}

#[derive(Default)]
struct Written {
    json: String,
    pieces: Vec<Piece>,
}

/// A value, or the key of one.
struct Piece {
    here: Range<usize>,
    source: Range<usize>,
}

impl Written {
    fn value(&mut self, value: &Spanned<DeValue<'_>>) {
        let begin = self.json.len();
        match value.get_ref() {
            DeValue::Table(table) => {
                self.json.push('{');
                for (at, (key, inner)) in table.iter().enumerate() {
                    self.comma(at);
                    let begin = self.json.len();
                    self.json.push_str(&Value::from(&**key.get_ref()).to_string());
                    self.piece(begin, key.span());
                    self.json.push(':');
                    self.value(inner);
                }
                self.json.push('}');
            }
            DeValue::Array(list) => {
                self.json.push('[');
                for (at, inner) in list.iter().enumerate() {
                    self.comma(at);
                    self.value(inner);
                }
                self.json.push(']');
            }
            scalar => self.json.push_str(&json(scalar)),
        }
        self.piece(begin, value.span());
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.json.push(',');
        }
    }

    fn piece(&mut self, begin: usize, source: Range<usize>) {
        self.pieces.push(Piece { here: begin..self.json.len(), source });
    }

    /// Where the piece that was refused comes from. A reader stops behind it, or behind what closes its list or table or
    /// divides it from the next member; before a value of the wrong type, or behind its bracket.
    fn source_of(&self, stop: usize, message: &str) -> Option<Range<usize>> {
        let ends_at = |place: usize| self.pieces.iter().find(|piece| piece.here.end == place);
        let opens_at = |place: usize| {
            let bracket = self.json.get(place..=place);
            let is_meant = ["map", "sequence"].into_iter().zip(["{", "["]).any(|(kind, opens)| {
                bracket == Some(opens) && message.strip_prefix("invalid type: ").is_some_and(|it| it.starts_with(kind))
            });
            self.pieces.iter().filter(|_| is_meant).find(|piece| piece.here.start == place)
        };
        let of_all = ["missing field", "data did not match"].iter().any(|start| message.starts_with(start));
        let before = || ends_at(stop.checked_sub(1)?);
        let around = || {
            let around = self.pieces.iter().filter(|piece| piece.here.contains(&stop));
            around.min_by_key(|piece| piece.here.len())
        };
        let found = match ends_at(stop) {
            Some(whole) if of_all => Some(whole),
            Some(whole) => before().or(Some(whole)),
            None => opens_at(stop).or_else(|| opens_at(stop.checked_sub(1)?)).or_else(before).or_else(around),
        };
        Some(found?.source.clone())
    }
}

/// A value that has no members. Numbers that JSON cannot hold are written as the packed catalogue has them.
fn json(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Integer(value) => i64::from_str_radix(value.as_str(), value.radix())
            .map_or_else(|_| Value::from(value.to_string()).to_string(), |value| value.to_string()),
        DeValue::Float(value) => Value::from(value.as_str().parse::<f64>().unwrap_or(f64::NAN)).to_string(),
        DeValue::String(value) => Value::from(&**value).to_string(),
        DeValue::Datetime(value) => format!("{{\"date\":\"{value}\"}}"),
        // Lists and tables are written piece by piece.
        DeValue::Array(_) | DeValue::Table(_) => Value::Null.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Method;

    #[test]
    fn a_refusal_is_at_the_piece_that_it_is_about() {
        for (text, piece, message) in [
            ("name = 'a'\ncolour = 1\nsummary = 'x'", "colour", "unknown field `colour`"),
            ("name = 'a'\nsummary = 5", "5", "invalid type: integer `5`, expected a string"),
            ("name = 'a'\nsummary = 0x10", "0x10", "invalid type: integer `16`, expected a string"),
            ("name = 'a'\nsummary = ['x', 'y']", "['x', 'y']", "invalid type: sequence, expected a string"),
            ("name = 'a'\nsummary = { x = 'y' }", "{ x = 'y' }", "invalid type: map, expected a string"),
            ("name = 'a'\nsummary = 2026-01-01", "2026-01-01", "invalid type: map, expected a string"),
            ("name = 'a'\neffect = 'reads'", "'reads'", "unknown variant `reads`"),
            ("name = 'a'\n[route]\nverb = 'GET'\nroad = '/x'", "road", "unknown field `road`"),
            ("name = 'a'\n[[params]]\nname = 'é\"'\n[[params]]\nwide = 'x'", "wide", "unknown field `wide`"),
            ("name = 'a'\n[[params]]\nname = 'p'\n[[params]]\ntype = 'int'", "[[params]]", "missing field `name`"),
            ("summary = 'A'", "summary = 'A'", "missing field `name`"),
            ("name = 'a'\nparams = [{ name = 'p', type = 'bolean' }]", "'bolean'", "bolean is not a type"),
            ("name = 'a'\nparams = [{ type = 'bolean', name = 'p' }]", "'bolean'", "bolean is not a type"),
            ("name = 'a'\naliases = ['x', 5, 'y']", "5", "invalid type: integer `5`, expected a string"),
            ("name = 'a'\naliases = [['x'], 'y']", "['x']", "invalid type: sequence, expected a string"),
            ("name = 'a'\nparams = ['x', { name = 'p' }]", "'x'", "invalid type: string \"x\""),
            ("name = 'a'\nparams = { name = 'p' }", "{ name = 'p' }", "invalid type: map, expected a sequence"),
        ] {
            let table = toml::de::DeTable::parse(text).unwrap();
            let whole = Spanned::new(0..text.len(), DeValue::Table(table.into_inner()));
            let refusal = read::<Method>(&whole).unwrap_err();
            assert_eq!(text.get(refusal.span), Some(piece), "{text:?}");
            assert!(refusal.message.starts_with(message), "{text:?}: {}", refusal.message);
        }
    }
}
