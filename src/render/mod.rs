//! Values and errors → bytes. Nothing here knows where the bytes go.
//!
//! A format is one file and one line below. Document formats accept anything that serde can serialize, so that trees
//! and streams are treated alike; tables and records need the whole result first, to know its columns. `stream` writes a
//! result while it comes.

mod ability;
mod bare;
mod caret;
mod cells;
pub mod changes;
mod chart;
mod columns;
mod content;
mod delimited;
mod direct;
mod events;
mod fit;
mod format;
mod fragment;
mod guide;
mod indent;
mod json;
pub mod kind;
mod order;
mod path;
mod picture;
mod record;
pub mod report;
mod rows;
pub mod sanitize;
mod spool;
mod stream;
pub mod style;
mod table;
pub mod text;
mod transcode;
pub mod view;
mod xml;
mod yaml;

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, BufWriter, Write};

use serde::de::value::{Error, SeqDeserializer};
use serde::ser::SerializeSeq;
use serde::{Deserializer, Serialize, Serializer};

use model::{Map, Value};
use rows::Rows;
use stream::Watched;
use transcode::{Spelling, Transcode};

pub use ability::{Ability, Pictures, names_sixel};
pub use cells::cell;
pub use chart::{NoChart, undrawn};
pub use format::{Format, UnknownFormat};
pub use fragment::{Fragment, Room};
pub use guide::Guide;
pub use kind::Kind;
pub use picture::{is_drawn_by_terminal, picture_in, shown as picture};
pub use report::{report, report_json};
pub use stream::{Passage, StreamError, Written};
pub use style::Style;
pub use table::Sheet;
use view::Lines;
pub use view::{Note, View};

/// The number of bytes collected before they are passed on.
const ROOM: usize = 16 * 1024;
/// How deep the values of the dictionaries of a list are in it.
pub const LAST: usize = 2;

/// Writes the results of a call: one, or as many as a filter produced. Returns notes about them for the other stream.
///
/// Several results are several documents in JSON, YAML and bare values, lines in JSON Lines, and rows in all other
/// formats.
pub fn render_all(results: &[Value], view: &View, out: &mut dyn Write) -> io::Result<Vec<Note>> {
    // A result is written in very small pieces, too many to pass through `dyn` one by one.
    let mut out = BufWriter::with_capacity(ROOM, out);
    let view = &*settled(results, view);
    let notes = match view.format {
        Format::Csv | Format::Tsv | Format::Table | Format::Record => rows(results, view, &mut out),
        Format::Chart | Format::Svg => chart::write(results, view, &mut out),
        _ => documents(results, view, &mut out),
    }?;
    out.flush()?;
    Ok(notes)
}

/// Writes the output of a decoder while it is decoded, in a form that [`View::streams`]: the same bytes as those of
/// [`render_all`].
pub fn stream<'de, D: Deserializer<'de>>(
    source: D,
    passage: Passage<'_>,
    out: &mut dyn Write,
) -> Result<Written, StreamError> {
    let room = if passage.at_once { 0 } else { ROOM };
    let view = passage.view;
    if !view.format.is_document() {
        let mut out = BufWriter::with_capacity(room, out);
        let (rows, twice) = stream::rows(source, passage, &mut out)?;
        let notes = match rows {
            Ok(notes) => notes,
            Err(value) => render_all(&[value], view, &mut out).map_err(StreamError::Write)?,
        };
        return Ok(Written { notes, twice });
    }
    if let Some(lines) = view.direct() {
        let how = (lines, passage.at_once, passage.within);
        return direct::write(source, how, Spelling::of(passage.common), out);
    }
    let mut watched = Watched::of(out);
    let written = {
        let mut out = BufWriter::with_capacity(room, &mut watched);
        document(&Transcode::new(source, Spelling::of(passage.common)), view.format, view.style, &mut out)
            .and_then(|()| out.flush())
    };
    match (written, watched.fault()) {
        (Ok(()), _) => Ok(Written::default()),
        (Err(_), Some(fault)) => Err(StreamError::Write(fault)),
        (Err(error), None) => Err(StreamError::Read(error.to_string())),
    }
}

/// The same for a list whose members are there as trees, one after the other.
pub fn members(
    next: &mut dyn FnMut() -> Option<Value>,
    passage: Passage<'_>,
    out: &mut dyn Write,
) -> Result<Vec<Note>, StreamError> {
    let view = passage.view;
    if !view.format.is_document() {
        let rows = SeqDeserializer::<_, Error>::new(std::iter::from_fn(next));
        return stream(rows, passage, out).map(|written| written.notes);
    }
    let mut out = BufWriter::with_capacity(ROOM, out);
    let written = document(&Each(RefCell::new(next)), view.format, view.style, &mut out).and_then(|()| out.flush());
    written.map(|()| Vec::new()).map_err(StreamError::Write)
}

/// The same for JSON of members that are dictionaries, whose last value may be a fragment: the one of that name. It was
/// written [`LAST`] deep. Of a form that [`View::joins`].
pub fn joined(
    next: &mut dyn FnMut() -> Option<(Map, Option<Fragment>)>,
    (view, name): (&View, &str),
    out: &mut dyn Write,
) -> Result<(), StreamError> {
    direct::joined(next, (view.direct().unwrap_or(Lines::Spread), name), out)
}

/// A list whose members come one after the other.
struct Each<'n>(RefCell<&'n mut dyn FnMut() -> Option<Value>>);

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut list, mut next) = (serializer.serialize_seq(None)?, self.0.borrow_mut());
        while let Some(member) = next() {
            list.serialize_element(&member)?;
        }
        list.end()
    }
}

/// The view with the format that suits the results, if that is still open.
fn settled<'v>(results: &[Value], view: &'v View) -> Cow<'v, View> {
    if view.format != Format::Auto {
        return Cow::Borrowed(view);
    }
    let is_row = |value: &Value| value.as_map().is_some_and(|map| !map.is_empty());
    let are_rows = |rows: &[Value]| !rows.is_empty() && rows.iter().all(is_row);
    let format = match results {
        _ if !view.style.terminal => Format::Json,
        [Value::List(rows)] if are_rows(rows) => Format::Table,
        [one] if is_row(one) && view.guide.is_keyed() => Format::Table,
        [one] if is_row(one) => Format::Record,
        several if are_rows(several) => Format::Table,
        _ => Format::Json,
    };
    Cow::Owned(View { format, ..view.clone() })
}

/// Whether a secret may be among what is shown of results: a table may leave its column out.
pub fn shows_secrets(results: &[Value], view: &View) -> bool {
    let view = &*settled(results, view);
    // What a filter made of a secret is a text like any other.
    if !results.iter().any(cells::holds_secret) {
        return true;
    }
    let mut rows = Rows::of(results, &view.guide);
    rows.arrange(view);
    match view.format {
        Format::Table => table::shows_secrets(&rows, view),
        _ => rows.chosen().iter().any(cells::holds_secret),
    }
}

fn rows(results: &[Value], view: &View, out: &mut impl Write) -> io::Result<Vec<Note>> {
    let mut rows = Rows::of(results, &view.guide);
    let mut notes = rows.arrange(view);
    if rows.rows.is_empty() && view.style.terminal {
        notes.push(Note::NoRows);
    }
    match view.format {
        Format::Csv | Format::Tsv => delimited::write(&rows, view, out)?,
        Format::Record => record::write(&rows, view, out)?,
        _ => notes.extend(table::write(&rows, view, out)?),
    }
    Ok(notes)
}

fn documents(results: &[Value], view: &View, out: &mut impl Write) -> io::Result<Vec<Note>> {
    let (results, notes) = arranged(results, view);
    let (format, style) = (view.format, view.style);
    match (format, &*results) {
        // These formats combine several results into one list.
        (Format::Jsonl | Format::Xml, several) if several.len() != 1 => document(several, format, style, out)?,
        (_, results) => {
            for result in results {
                if format == Format::Yaml && results.len() > 1 {
                    out.write_all(yaml::BEGIN)?;
                }
                match (format, result) {
                    (Format::Raw, Value::Text(text)) => out.write_all(text.as_bytes())?,
                    (Format::Raw, Value::Bytes(bytes)) => out.write_all(bytes)?,
                    (Format::Value, result) => bare::write(result, style, out)?,
                    _ => document(result, format, style, out)?,
                }
            }
        }
    }
    Ok(notes)
}

/// The results with their rows selected and sorted, if requested.
fn arranged<'v>(results: &'v [Value], view: &View) -> (Cow<'v, [Value]>, Vec<Note>) {
    if !view.arranges() {
        return (Cow::Borrowed(results), Vec::new());
    }
    let mut rows = Rows::of(results, &view.guide);
    let notes = rows.arrange(view);
    let one_list = results.len() == 1 && !rows.single;
    let chosen = rows.chosen();
    (Cow::Owned(if one_list { vec![Value::List(chosen)] } else { chosen }), notes)
}

fn document<T: Serialize + ?Sized>(value: &T, format: Format, style: Style, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Jsonl => json::write_lines(value, style, out),
        Format::Yaml => yaml::write(value, style, out),
        Format::Xml => xml::write(value, style, out),
        _ => json::write(value, style, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_leaves_text_and_bytes_alone() {
        for (value, bytes) in [
            (Value::from("a\"\x1b"), b"a\"\x1b".as_slice()),
            (Value::Bytes(vec![0, 255]), &[0, 255]),
            (Value::List(vec![]), b"[]\n"),
        ] {
            let mut out = Vec::new();
            render_all(&[value], &View::of(Format::Raw), &mut out).unwrap();
            assert_eq!(out, bytes);
        }
    }

    #[test]
    fn several_results_are_documents_lines_or_rows() {
        let results: Vec<Value> = [r#"{"a":1}"#, "[]", r#""x""#].map(|json| serde_json::from_str(json).unwrap()).into();
        for (format, all, one) in [
            (Format::Json, "{\n  \"a\": 1\n}\n[]\n\"x\"\n", "[]\n"),
            (Format::Jsonl, "{\"a\":1}\n[]\n\"x\"\n", ""),
            (Format::Yaml, "---\na: 1\n---\n[]\n---\nx\n", "[]\n"),
            (Format::Csv, "a,value\n1,\n,\n,x\n", ""),
            (Format::Tsv, "a\tvalue\n1\t\n\t\n\tx\n", ""),
            (Format::Table, "a  value\n1\n\n   x\n", ""),
            (Format::Value, "1\nx\n", ""),
            (Format::Raw, "{\n  \"a\": 1\n}\n[]\nx", "[]\n"),
        ] {
            for (results, text) in [(&results[..], all), (&results[1..2], one), (&[], "")] {
                let mut out = Vec::new();
                render_all(results, &View::of(format), &mut out).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), text, "{format:?}");
            }
        }
        let mut out = Vec::new();
        render_all(&results[..1], &View::of(Format::Xml), &mut out).unwrap();
        render_all(&results, &View::of(Format::Xml), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("<result type=\"dict\">").count(), 1, "{text}");
        assert_eq!(text.matches("<result type=\"list\">").count(), 1, "{text}");
    }

    #[test]
    fn the_format_suits_the_result_on_a_terminal() {
        let screen = View { style: Style { colour: false, terminal: true }, width: Some(80), ..View::of(Format::Auto) };
        for (json, text) in [
            (r#"[{"a":1},{"a":2}]"#, "a\n1\n2\n"),
            (r#"{"a":1,"b":[2]}"#, "a  1\nb  2\n"),
            ("[]", "[]\n"),
            ("{}", "{}\n"),
            ("[1]", "[\n  1\n]\n"),
            (r#"[{"a":1},2]"#, "[\n  {\n    \"a\": 1\n  },\n  2\n]\n"),
            (r#""x""#, "\"x\"\n"),
        ] {
            let results = [serde_json::from_str(json).unwrap()];
            let mut out = Vec::new();
            render_all(&results, &screen, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
            let (mut piped, mut document) = (Vec::new(), Vec::new());
            render_all(&results, &View::of(Format::Auto), &mut piped).unwrap();
            render_all(&results, &View::of(Format::Json), &mut document).unwrap();
            assert_eq!(piped, document, "{json}");
        }
        let several: Vec<Value> = [r#"{"a":1}"#, r#"{"a":2}"#].map(|json| serde_json::from_str(json).unwrap()).into();
        let mut out = Vec::new();
        render_all(&several, &screen, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\n1\n2\n");
    }

    #[test]
    fn documents_are_chosen_from_and_sorted_too() {
        let view = View { columns: view::columns("b,a.0"), sort: view::sort_keys("b"), ..View::of(Format::Jsonl) };
        for (json, text) in [
            (r#"[{"a":[9],"b":10},{"b":9,"c":1}]"#, "{\"b\":9,\"a.0\":null}\n{\"b\":10,\"a.0\":9}\n"),
            (r#"{"a":[9],"b":10}"#, "{\"b\":10,\"a.0\":9}\n"),
            ("[3,1]", "3\n1\n"),
            ("[]", ""),
        ] {
            let mut out = Vec::new();
            render_all(&[serde_json::from_str(json).unwrap()], &view, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
