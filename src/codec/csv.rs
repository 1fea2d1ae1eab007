//! Reports: CSV with a header line.
//!
//! The only file that uses the CSV crate.

use std::io::{self, Read};

use super::message::{Budget, Limits, MessageError};
use super::remark::Remark;
use super::xml::typed::scalar;
use model::{Field, Map, Type, Value, weight};

/// A report, with remarks on what is unusual about it.
#[derive(Debug, PartialEq)]
pub(super) struct Report {
    pub(super) rows: Value,
    pub(super) remarks: Vec<Remark>,
}

/// Why a report cannot be read.
#[derive(Debug)]
pub(super) enum ReportError {
    /// It is malformed or incomplete.
    Csv(String),
    /// It has none of the expected columns; these are the ones it has.
    Foreign(Vec<String>),
    /// It is too large.
    Message(MessageError),
}

/// Reads a report as a list of dictionaries, as [`Rows`] has them.
pub(super) fn read(text: &str, fields: &[Field], limits: Limits) -> Result<Report, ReportError> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(line) = Quotes::of(text).open() {
        return Err(never_closed(line));
    }
    let mut rows = Rows::of(text.as_bytes(), fields)?;
    let (mut budget, mut list) = (Budget::of(limits), Vec::new());
    while let Some(record) = rows.record()? {
        if !limits.skims {
            budget.spend(weight::MAP + weight::ENTRY * record.len() as u64).map_err(ReportError::Message)?;
            list.push(rows.value());
        }
    }
    Ok(Report { rows: Value::List(list), remarks: rows.remarks() })
}

fn never_closed(line: usize) -> ReportError {
    ReportError::Csv(format!("the quote that is opened in line {line} is never closed"))
}

/// The rows of a report, one at a time: dictionaries whose keys come from its header line. White space around cells is
/// removed. A row may have fewer cells than the header; extra cells get their number as key. So does a column without a
/// name, or with the name of an earlier one.
pub(super) struct Rows<'f, R> {
    reader: csv::Reader<Quoted<R>>,
    names: Vec<String>,
    fields: &'f [Field],
    record: csv::StringRecord,
    count: u64,
    uneven: Uneven,
}

impl<'f, R: Read> Rows<'f, R> {
    /// Reads the header of a report in UTF-8.
    pub(super) fn of(input: R, fields: &'f [Field]) -> Result<Rows<'f, R>, ReportError> {
        let input = Quoted { input, quotes: Quotes::default(), ended: false };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(input);
        let names = names(reader.headers().map_err(words)?);
        closed(reader.get_ref())?;
        if names.is_empty() {
            return Err(ReportError::Csv("there is no header".to_owned()));
        }
        // A sentence would also parse as a report of one column.
        if !fields.is_empty() && !names.iter().any(|name| fields.iter().any(|field| field.name == *name)) {
            return Err(ReportError::Foreign(names));
        }
        Ok(Rows { reader, names, fields, record: csv::StringRecord::new(), count: 0, uneven: Uneven::default() })
    }

    /// The input.
    pub(super) fn input(&mut self) -> &mut R {
        &mut self.reader.get_mut().input
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Value>, ReportError> {
        Ok(self.record()?.is_some().then(|| self.value()))
    }

    fn record(&mut self) -> Result<Option<&csv::StringRecord>, ReportError> {
        let more = self.reader.read_record(&mut self.record).map_err(words)?;
        closed(self.reader.get_ref())?;
        if !more {
            return Ok(None);
        }
        self.count += 1;
        self.uneven.look_at(&self.record, self.names.len());
        Ok(Some(&self.record))
    }

    fn value(&self) -> Value {
        let cells = self.record.iter().enumerate().map(|(index, cell)| {
            let name = self.names.get(index).cloned().unwrap_or_else(|| numbered(index));
            let declared = self.fields.iter().find(|field| field.name == name);
            let declared = declared.map_or(&Type::String, |field| &field.type_);
            // An empty cell stays an empty text: null would claim that a number is missing.
            let value = if cell.is_empty() { "".into() } else { scalar(cell, declared) };
            (name, value)
        });
        Value::Map(cells.collect::<Map>())
    }

    /// What is unusual about the report, after its last row.
    pub(super) fn remarks(&self) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = self.uneven.remark(self.names.len()).into_iter().collect();
        if self.count > 0 && !self.reader.get_ref().quotes.ends_a_line() {
            remarks.push(Remark::Unended);
        }
        remarks
    }
}

/// The names of the columns, all different.
fn names(header: &csv::StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let taken = name.is_empty() || names.iter().any(|other| other == name);
        names.push(if taken { numbered(index) } else { name.to_owned() });
    }
    names
}

fn numbered(index: usize) -> String {
    format!("column {}", index + 1)
}

/// The quotes of a report, by the rules of the reader: one opens at the beginning of a cell, and two of them inside are
/// one.
#[derive(Clone, Copy, Debug, Default)]
struct Quotes {
    at: At,
    /// Line breaks so far.
    lines: usize,
    /// The line in which the last one was opened, from 1.
    opened: usize,
    last: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum At {
    #[default]
    Begin,
    Plain,
    Quoted,
    /// After a quote inside quotes: it ends them, or is the first of two.
    Closing,
}

impl Quotes {
    fn of(text: &str) -> Quotes {
        let mut quotes = Quotes::default();
        quotes.pass(text.as_bytes());
        quotes
    }

    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.at = match (self.at, byte) {
                (At::Begin, b'"') => {
                    self.opened = self.lines + 1;
                    At::Quoted
                }
                (At::Quoted, b'"') => At::Closing,
                (At::Closing, b'"') | (At::Quoted, _) => At::Quoted,
                (_, b',' | b'\n' | b'\r') => At::Begin,
                _ => At::Plain,
            };
            self.lines += usize::from(byte == b'\n');
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
    }

    /// The line of one that is still open.
    fn open(&self) -> Option<usize> {
        (self.at == At::Quoted).then_some(self.opened)
    }

    fn ends_a_line(&self) -> bool {
        matches!(self.last, b'\n' | b'\r')
    }
}

/// An input whose quotes are followed.
struct Quoted<R> {
    input: R,
    quotes: Quotes,
    ended: bool,
}

impl<R: Read> Read for Quoted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.quotes.pass(out.get(..count).unwrap_or_default());
        self.ended |= count == 0 && !out.is_empty();
        Ok(count)
    }
}

/// Refuses a report that ends within quotes: its last row may be cut off.
fn closed<R>(input: &Quoted<R>) -> Result<(), ReportError> {
    match input.quotes.open().filter(|_| input.ended) {
        Some(line) => Err(never_closed(line)),
        None => Ok(()),
    }
}

/// The rows whose number of cells does not match the header.
#[derive(Default)]
struct Uneven {
    first: Option<(u64, usize)>,
    count: usize,
}

impl Uneven {
    fn look_at(&mut self, row: &csv::StringRecord, columns: usize) {
        if row.len() == columns {
            return;
        }
        self.count += 1;
        let line = row.position().map_or(0, csv::Position::line);
        self.first.get_or_insert((line, row.len()));
    }

    fn remark(&self, columns: usize) -> Option<Remark> {
        let (line, cells) = self.first?;
        Some(Remark::Uneven { line, cells, columns, others: self.count - 1 })
    }
}

fn words(error: csv::Error) -> ReportError {
    let words = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReportError::Message(error.into()),
        _ => ReportError::Csv(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as JSON with the remarks, or the error.
    fn shown(text: &str) -> String {
        let fields: Vec<Field> = serde_json::from_str(
            r#"[{"name":"Hours","type":"float"},{"name":"Count","type":"int"},{"name":"a"},{"name":"A"}]"#,
        )
        .unwrap();
        match read(text, &fields, Limits::default()) {
            Ok(Report { rows, remarks }) => {
                let remarks: String = remarks.iter().map(|remark| format!(" ~ {remark}")).collect();
                serde_json::to_string(&rows).unwrap() + &remarks
            }
            Err(ReportError::Csv(problem)) => format!("? {problem}"),
            Err(ReportError::Foreign(names)) => format!("?? {}", names.join(", ")),
            Err(ReportError::Message(error)) => format!("! {error}"),
        }
    }

    #[test]
    fn rows_are_named_by_the_header() {
        for (text, meaning) in [
            ("", "? there is no header"),
            ("\n\n", "? there is no header"),
            ("Service unavailable, try later\n", "?? Service unavailable, try later"),
            ("x,y\n1,2\n", "?? x, y"),
            ("a,b\n", "[]"),
            ("a,b", "[]"),
            (
                "\u{feff}Day, Hours , Count\r\n01/01/2013,  9.60,7\r\n",
                r#"[{"Day":"01/01/2013","Hours":9.60,"Count":7}]"#,
            ),
            ("a,b,c\n1,,\n", r#"[{"a":"1","b":"","c":""}]"#),
            ("a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n", r#"[{"a":"x, \"y\"","b":"two\nlines"}]"#),
            ("Hours,Count\nnone,\n", r#"[{"Hours":"none","Count":""}]"#),
            ("a,a,b,,a\n1,2,3,4,5\n", r#"[{"a":"1","column 2":"2","b":"3","column 4":"4","column 5":"5"}]"#),
            (
                "a,b\n1\n1,2\n1,2,3\n",
                "[{\"a\":\"1\"},{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"1\",\"b\":\"2\",\"column 3\":\"3\"}] ~ line 2 of the \
                 report has 1 cell under 2 names, and one more row does not fit either",
            ),
            (
                "a,b\n1,2\n1",
                "[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"1\"}] ~ line 3 of the report has 1 cell under 2 names ~ the last \
                 line of the report has no end: it may have been cut off",
            ),
        ] {
            assert_eq!(shown(text), meaning, "{text:?}");
        }
    }

    #[test]
    fn a_report_that_ends_within_quotes_is_refused() {
        let open = |line| format!("? the quote that is opened in line {line} is never closed");
        for (text, meaning) in [
            ("A,B\n1,2\n3,\"x", open(3)),
            ("A,B\n\"1\n2\",\"3\n\n", open(3)),
            ("\"A", open(1)),
            ("A,B\n1,\"\"\"", open(2)),
            ("A\n\"x\"y\"\n", r#"[{"A":"xy\""}]"#.to_owned()),
            ("A\nx\"y\n", r#"[{"A":"x\"y"}]"#.to_owned()),
            ("A\n\"\"\n", r#"[{"A":""}]"#.to_owned()),
        ] {
            assert_eq!(shown(text), meaning, "{text:?}");
        }
    }

    #[test]
    fn a_report_whose_input_breaks_off_is_an_error() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        let mut rows = Rows::of(b"a,b\n1,2\n3,4".chain(Broken), &[]).unwrap();
        assert!(rows.next().unwrap().is_some());
        assert!(matches!(rows.next(), Err(ReportError::Message(_))));
    }

    #[test]
    fn a_report_too_large_for_memory_is_refused() {
        let limits = Limits { tree: 10_000, ..Limits::default() };
        let text = format!("a,b\n{}", "1,2\n".repeat(100));
        assert!(matches!(read(&text, &[], limits), Err(ReportError::Message(MessageError::Heavy { .. }))));
        let skimmed = read(&format!("{text}3"), &[], Limits { skims: true, ..limits }).unwrap();
        assert_eq!((skimmed.rows, skimmed.remarks.len()), (Value::List(vec![]), 2));
    }
}
