//! Values and errors into bytes. Nothing here knows where the bytes go.
//!
//! A format is one file that writes anything serde can serialise, and one line in `write`: trees and streams
//! come to it alike.

mod caret;
mod events;
mod json;
pub mod report;
pub mod sanitize;
pub mod style;
pub mod text;
mod transcode;
mod xml;

use std::io::{self, BufWriter, Write};
use std::str::FromStr;

use serde::{Deserializer, Serialize};

use crate::model::suggest::{nearest, phrase};
use crate::model::{Class, Diagnostic, Value};

pub use report::{report, report_json};
pub use style::Style;

/// What a result is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// JSON over several lines.
    #[default]
    Json,
    /// XML, as `-x` asks for.
    Xml,
    /// The provider's own bytes. They are taken before decoding, so that a value seldom comes here; if one does, text
    /// and bytes are written as they are and anything else as JSON.
    Raw,
}

impl Format {
    /// Every format there is.
    pub const ALL: [Format; 3] = [Format::Json, Format::Xml, Format::Raw];

    /// The name a user gives.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Xml => "xml",
            Format::Raw => "raw",
        }
    }

    /// The format that the ending of a file's name calls for.
    pub fn from_file_name(name: &str) -> Option<Format> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            _ => None,
        }
    }

    fn names() -> impl Iterator<Item = &'static str> {
        Format::ALL.into_iter().map(Format::name)
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let folded = name.to_ascii_lowercase();
        let found = Format::ALL.into_iter().find(|format| format.name() == folded);
        found.ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// A format that is not there was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{name}`; the formats are {}", Format::names().collect::<Vec<_>>().join(", "))]
pub struct UnknownFormat {
    name: String,
}

impl Diagnostic for UnknownFormat {
    fn class(&self) -> Class {
        Class::Usage
    }

    fn hint(&self) -> Option<String> {
        phrase(&nearest(&self.name, Format::names()))
    }
}

/// Why a stream did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The source broke off or could not be read, in the words of its decoder.
    #[error("{0}")]
    Read(String),
    /// The bytes could not be written.
    #[error(transparent)]
    Write(io::Error),
}

/// How many bytes are gathered before they are handed on.
const ROOM: usize = 16 * 1024;

/// Writes a value.
pub fn render(value: &Value, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match (format, value) {
        (Format::Raw, Value::Text(text)) => out.write_all(text.as_bytes()),
        (Format::Raw, Value::Bytes(bytes)) => out.write_all(bytes),
        _ => write(value, format, style, out),
    }
}

/// Writes what a decoder delivers while it delivers it: the same bytes as [`render`], without a tree in between.
pub fn stream<'de, D: Deserializer<'de>>(
    source: D,
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> Result<(), StreamError> {
    let mut out = Watched { out, fault: None };
    write(&transcode::Transcode::new(source), format, style, &mut out).map_err(|error| match out.fault.take() {
        Some(fault) => StreamError::Write(fault),
        None => StreamError::Read(error.to_string()),
    })
}

fn write<T: Serialize + ?Sized>(value: &T, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    // A result is written in very small pieces, too many to go through `dyn` one by one.
    let mut out = BufWriter::with_capacity(ROOM, out);
    match format {
        Format::Json | Format::Raw => json::write(value, style, &mut out),
        Format::Xml => xml::write(value, style, &mut out),
    }?;
    out.flush()
}

/// Begins a line, two blanks deeper a level.
fn break_line<W: Write + ?Sized>(out: &mut W, depth: usize) -> io::Result<()> {
    // Of any usual depth, to be cut to length: formatting so many blanks costs more than all else in a line.
    const DEEP: &[u8] = b"\n                                ";
    match DEEP.get(..=depth * 2) {
        Some(line) => out.write_all(line),
        None => write!(out, "\n{:1$}", "", depth * 2),
    }
}

/// Remembers the writer's own error: on its way through a decoder it loses its kind.
struct Watched<'w> {
    out: &'w mut dyn Write,
    fault: Option<io::Error>,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|fault| {
            let kind = fault.kind();
            // An interrupted write is simply tried again.
            self.fault = Some(fault).filter(|_| kind != io::ErrorKind::Interrupted);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_name_and_by_ending() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("JSON".parse(), Ok(Format::Json));
        for (name, format) in [
            ("out.json", Some(Format::Json)),
            ("/tmp/a.b/OUT.XML", Some(Format::Xml)),
            ("a.json.gz", None),
            ("json", None),
            ("a.raw", None),
            ("", None),
        ] {
            assert_eq!(Format::from_file_name(name), format, "{name}");
        }
    }

    #[test]
    fn lines_are_indented_at_any_depth() {
        for depth in [0, 1, 16, 17, 64] {
            let mut out = Vec::new();
            break_line(&mut out, depth).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("\n{}", "  ".repeat(depth)));
        }
    }

    #[test]
    fn an_unknown_format_is_answered_with_a_list() {
        let error = "jsn".parse::<Format>().unwrap_err();
        assert_eq!(error.to_string(), "unknown format `jsn`; the formats are json, xml, raw");
        assert_eq!(error.hint().as_deref(), Some("did you mean json?"));
    }

    #[test]
    fn raw_leaves_text_and_bytes_alone() {
        for (value, bytes) in [
            (Value::from("a\"\x1b"), b"a\"\x1b".as_slice()),
            (Value::Bytes(vec![0, 255]), &[0, 255]),
            (Value::List(vec![]), b"[]\n"),
        ] {
            let mut out = Vec::new();
            render(&value, Format::Raw, Style::default(), &mut out).unwrap();
            assert_eq!(out, bytes);
        }
    }

    /// Breaks when it has taken so many bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_broken_writer_and_a_broken_source_are_told_apart() {
        for format in [Format::Json, Format::Xml] {
            for most in [0, 20, 54] {
                let mut good = serde_json::Deserializer::from_str(r#"{"a":[{"b":1},2,3]}"#);
                match stream(&mut good, format, Style::default(), &mut Full(most)) {
                    Err(StreamError::Write(fault)) => assert_eq!(fault.kind(), io::ErrorKind::BrokenPipe),
                    other => panic!("{format:?} {most}: {other:?}"),
                }
                let tree = serde_json::from_str(r#"{"a":[{"b":1},2,3]}"#).unwrap();
                let fault = render(&tree, format, Style::default(), &mut Full(most)).unwrap_err();
                assert_eq!(fault.kind(), io::ErrorKind::BrokenPipe);
            }
            let mut cut = serde_json::Deserializer::from_str(r#"{"a":[{"b":1},2"#);
            match stream(&mut cut, format, Style::default(), &mut Full(1000)) {
                Err(StreamError::Read(words)) => assert!(words.contains("EOF"), "{words}"),
                other => panic!("{format:?}: {other:?}"),
            }
        }
    }
}
