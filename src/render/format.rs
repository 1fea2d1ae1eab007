//! The output formats, by their names.

use std::str::FromStr;

use model::suggest::{nearest, phrase};
use model::{Class, Diagnostic};

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// JSON over several lines.
    #[default]
    Json,
    /// JSON with one line per result; a list has one line per member.
    Jsonl,
    /// YAML that YAML 1.1 and 1.2 readers read in the same way.
    Yaml,
    /// XML, requested by `-x`.
    Xml,
    /// Rows separated by commas, with a header line.
    Csv,
    /// Rows separated by tabs, with a header line; tabs, line feeds and backslashes in them are escaped.
    Tsv,
    /// Rows in columns that fit the screen, for people.
    Table,
    /// One block of names and values per row, for people.
    Record,
    /// Lines, bars or small columns, for people.
    Chart,
    /// The same as a picture.
    Svg,
    /// The provider's own bytes. They are copied before decoding, so a value rarely comes here; if it does, text and
    /// bytes are written unchanged and anything else as JSON.
    Raw,
    /// Each scalar on its own line, without quotes.
    Value,
    /// On a terminal a table for a list of dictionaries and a record for one; JSON for anything else and everywhere else.
    Auto,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 13] = [
        Format::Json,
        Format::Jsonl,
        Format::Yaml,
        Format::Xml,
        Format::Csv,
        Format::Tsv,
        Format::Table,
        Format::Record,
        Format::Chart,
        Format::Svg,
        Format::Raw,
        Format::Value,
        Format::Auto,
    ];

    /// Every format's name with a one-line summary, for help.
    pub const SUMMARIES: [(&str, &str); 13] = [
        ("json", "JSON on several lines; the default outside the prompt"),
        ("jsonl", "JSON, a line for each member of a list; .jsonl or .ndjson"),
        ("yaml", "YAML, safe for readers of 1.1 too; .yaml or .yml"),
        ("xml", "XML, each value with its type; .xml"),
        ("csv", "rows separated by commas, for spreadsheets; nested values are JSON; .csv"),
        (
            "tsv",
            r"rows separated by tabs, for awk and cut; tab, line feed and backslash are written \t, \n and \\; .tsv",
        ),
        ("table", "rows in columns that fit the screen, for reading; .txt"),
        ("record", "a block of names and values for each row, for reading"),
        ("chart", "lines, bars or a sparkline of the numbers in the result, for reading"),
        ("svg", "the same chart as a picture; .svg"),
        ("raw", "exactly what the provider sent"),
        ("value", "the bare value, or a line for each value inside; for scripts"),
        ("auto", "on a terminal a table for a list and a record for one thing, else JSON; the default at the prompt"),
    ];

    /// The name that users type.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Yaml => "yaml",
            Format::Xml => "xml",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Table => "table",
            Format::Record => "record",
            Format::Chart => "chart",
            Format::Svg => "svg",
            Format::Raw => "raw",
            Format::Value => "value",
            Format::Auto => "auto",
        }
    }

    /// The format for a file name's extension.
    pub fn from_file_name(name: &str) -> Option<Format> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "yaml" | "yml" => Some(Format::Yaml),
            "xml" => Some(Format::Xml),
            "csv" => Some(Format::Csv),
            "tsv" => Some(Format::Tsv),
            "svg" => Some(Format::Svg),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }

    /// Whether a result can be written in this format without a tree of all of it.
    pub fn streams(self) -> bool {
        matches!(self, Format::Json | Format::Jsonl | Format::Yaml | Format::Xml | Format::Csv | Format::Tsv)
    }

    /// Whether a result is written as it is, not as rows for people or spreadsheets.
    pub fn is_document(self) -> bool {
        matches!(self, Format::Json | Format::Jsonl | Format::Yaml | Format::Xml | Format::Raw | Format::Value)
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

/// The requested format does not exist.
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
            ("a.ndjson", Some(Format::Jsonl)),
            ("a.jsonl", Some(Format::Jsonl)),
            ("a.yml", Some(Format::Yaml)),
            ("a.yaml", Some(Format::Yaml)),
            ("a.csv", Some(Format::Csv)),
            ("a.tsv", Some(Format::Tsv)),
            ("a.txt", Some(Format::Table)),
            ("a.svg", Some(Format::Svg)),
            ("a.json.gz", None),
            ("json", None),
            ("a.raw", None),
            ("", None),
        ] {
            assert_eq!(Format::from_file_name(name), format, "{name}");
        }
    }

    #[test]
    fn help_knows_every_format() {
        assert_eq!(Format::SUMMARIES.map(|(name, _)| name), Format::ALL.map(Format::name));
    }

    #[test]
    fn an_unknown_format_lists_the_known_ones() {
        let error = "jsn".parse::<Format>().unwrap_err();
        let list = "json, jsonl, yaml, xml, csv, tsv, table, record, chart, svg, raw, value, auto";
        assert_eq!(error.to_string(), format!("unknown format `jsn`; the formats are {list}"));
        assert_eq!(error.hint().as_deref(), Some("did you mean json or jsonl?"));
    }
}
