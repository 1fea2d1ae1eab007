//! Rows for spreadsheets (CSV) and for line tools (TSV).
//!
//! Cells contain what was sent, including control characters and formulas: [`View::safe`] is for files of untrusted
//! texts. In CSV, dates are in a form that spreadsheets read, and nested values are in words; in TSV they are JSON.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Format;
use super::cells;
use super::columns::Columns;
use super::rows::Rows;
use super::sanitize::for_terminal;
use super::view::View;
use model::Value;

/// Writes rows in CSV or TSV.
pub(super) fn write(rows: &Rows<'_>, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let columns = rows.columns(&view.guide);
    if columns.names.is_empty() {
        return Ok(());
    }
    let mut lines = Lines::of(view, columns, out)?;
    // A lone scalar has no name.
    if !(rows.single && rows.are_scalars()) {
        lines.header()?;
    }
    rows.rows.iter().try_for_each(|row| lines.row(row))
}

/// Rows of known columns, written line by line.
pub(super) struct Lines<'w, W: Write> {
    view: &'w View,
    columns: Columns,
    way: Way<W>,
    cells: Vec<String>,
}

/// How a line is written.
enum Way<W: Write> {
    /// Cells separated by commas, quoted where necessary.
    Csv(Box<csv::Writer<Unflushed<W>>>),
    /// Cells separated by tabs. Tabs, line feeds, carriage returns and backslashes in them are escaped as `\t`, `\n`,
    /// `\r` and `\\`.
    Tsv(W),
}

impl<'w, W: Write> Lines<'w, W> {
    /// For rows of these columns. Writes the byte order mark, if it is wanted.
    pub(super) fn of(view: &'w View, columns: Columns, mut out: W) -> io::Result<Lines<'w, W>> {
        if view.bom && view.format == Format::Csv {
            out.write_all(BOM.as_bytes())?;
        }
        let way = match view.format {
            Format::Tsv => Way::Tsv(out),
            _ => Way::Csv(Box::new(csv::WriterBuilder::new().flexible(true).from_writer(Unflushed(out)))),
        };
        Ok(Lines { view, cells: Vec::with_capacity(columns.names.len()), columns, way })
    }

    /// Writes the names of the columns, if they are wanted.
    pub(super) fn header(&mut self) -> io::Result<()> {
        let view = self.view;
        if !view.header {
            return Ok(());
        }
        let name = |name: &String| if view.safe && is_formula(name) { format!("'{name}") } else { name.clone() };
        self.cells = self.columns.names.iter().map(|it| self.visible(Cow::Owned(name(it)))).collect();
        self.line()
    }

    /// Writes a row.
    pub(super) fn row(&mut self, row: &Value) -> io::Result<()> {
        self.cells.clear();
        for name in &self.columns.names {
            let value = self.columns.cell(row, name).unwrap_or(&Value::Null);
            let text = match self.way {
                Way::Csv(_) => cells::spreadsheet(value),
                Way::Tsv(_) => cells::exact(value)?,
            };
            let number = matches!(value, Value::Int(_) | Value::Decimal(_));
            let formula = self.view.safe && !number && is_formula(&text);
            let text = self.visible(if formula { Cow::Owned(format!("'{text}")) } else { text });
            self.cells.push(text);
        }
        self.line()
    }

    /// A text as it may be shown where it goes.
    fn visible(&self, text: Cow<'_, str>) -> String {
        if self.view.style.terminal { for_terminal(&text).into_owned() } else { text.into_owned() }
    }

    /// Passes the cells on as one line: nothing of it is held back.
    fn line(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Csv(writer) => {
                writer.write_record(&self.cells)?;
                writer.flush()
            }
            Way::Tsv(out) => {
                for (nth, text) in self.cells.iter().enumerate() {
                    let text = text.replace('\\', r"\\").replace('\t', r"\t").replace('\n', r"\n").replace('\r', r"\r");
                    write!(out, "{}{text}", if nth == 0 { "" } else { "\t" })?;
                }
                writeln!(out)
            }
        }
    }
}

/// A writer that takes everything at once, but is not flushed for each line.
struct Unflushed<W>(W);

impl<W: Write> Write for Unflushed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Shows old programs that a file is UTF-8.
const BOM: &str = "\u{feff}";

/// Whether a spreadsheet may take a text for a formula. A number is none, whatever its sign.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && Value::number(text).is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::transcode::tests::any_value;
    use super::super::{Format, Style, render_all, view};
    use super::*;
    use model::{Date, Secret};

    fn written(results: &[Value], view: &View) -> String {
        let mut out = Vec::new();
        render_all(results, view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const TRICKY: &str = r#"[
        {"a":12345678901234567890123,"b":12.30,"c":null,"d":"x,\"y\"","e":{"f":"two\nlines","g":{}}},
        {"a":-1,"c":[],"d":"=1+1","e":{"f":"tab\there\\","g":null},"h":[{"i":1}],"j":["p","q"]}
    ]"#;

    #[test]
    fn nothing_is_lost_in_a_cell() {
        for (format, text) in [
            (
                Format::Csv,
                concat!(
                    "a,b,c,d,e.f,e.g,h,j\n",
                    "12345678901234567890123,12.30,,\"x,\"\"y\"\"\",\"two\nlines\",,,\n",
                    "-1,,,=1+1,tab\there\\,,i: 1,\"p, q\"\n"
                ),
            ),
            (
                Format::Tsv,
                concat!(
                    "a\tb\tc\td\te.f\te.g\th\tj\n",
                    "12345678901234567890123\t12.30\t\tx,\"y\"\ttwo\\nlines\t{}\t\t\n",
                    "-1\t\t[]\t=1+1\ttab\\there\\\\\t\t[{\"i\":1}]\tp, q\n"
                ),
            ),
        ] {
            assert_eq!(written(&[serde_json::from_str(TRICKY).unwrap()], &View::of(format)), text);
        }
    }

    #[test]
    fn no_cell_is_a_formula_where_that_is_asked_for() {
        let json =
            r#"[{"=a":"=1+1","b":"+44 20","c":"-1.50","d":-5,"e":"@x","f":"\tq","g":"\r","h":"a=1","i":["=1",2]}]"#;
        for (format, text) in [
            (Format::Csv, "'=a,b,c,d,e,f,g,h,i\n'=1+1,'+44 20,-1.50,-5,'@x,'\tq,\"'\r\",a=1,\"'=1, 2\"\n"),
            (Format::Tsv, "'=a\tb\tc\td\te\tf\tg\th\ti\n'=1+1\t'+44 20\t-1.50\t-5\t'@x\t'\\tq\t'\\r\ta=1\t'=1, 2\n"),
        ] {
            let view = View { safe: true, ..View::of(format) };
            assert_eq!(written(&[serde_json::from_str(json).unwrap()], &view), text);
        }
        let view = View { bom: true, ..View::of(Format::Csv) };
        assert_eq!(written(&[serde_json::from_str(r#"[{"a":1}]"#).unwrap()], &view), "\u{feff}a\n1\n");
        assert_eq!(written(&[Value::List(vec![])], &view), "");
    }

    #[test]
    fn a_spreadsheet_reads_dates_and_nested_values() {
        let date = |text: &str| Value::Date(Date::verbatim(text));
        let nested = r#"[["Hosting",12.00],["VAT",2.40]]"#;
        let row = Value::Map(
            [
                ("day", date("2027-01-15")),
                ("midnight", date("2027-01-15T00:00:00")),
                ("moment", date("2027-01-15T10:20:30Z")),
                ("items", serde_json::from_str(nested).unwrap()),
                ("rules", serde_json::from_str(r#"[{"id":1,"ip":["x","y"]},{"id":2}]"#).unwrap()),
            ]
            .into_iter()
            .collect(),
        );
        let text = "day,midnight,moment,items,rules\n2027-01-15,2027-01-15,2027-01-15 10:20:30,\
                    \"Hosting, 12.00; VAT, 2.40\",\"id: 1, ip: [x, y]; id: 2\"\n";
        assert_eq!(written(&[Value::List(vec![row.clone()])], &View::of(Format::Csv)), text);
        let text = written(&[Value::List(vec![row])], &View::of(Format::Tsv));
        assert!(text.contains("2027-01-15T10:20:30Z\t[[\"Hosting\",12.00]"), "{text}");
    }

    #[test]
    fn small_results_and_the_line_of_names() {
        let bare = View { header: false, ..View::of(Format::Csv) };
        let chosen = View { columns: view::columns("e.f,a"), sort: view::sort_keys("a"), ..bare.clone() };
        let screen = View { style: Style { colour: true, terminal: true }, ..View::of(Format::Csv) };
        for (json, view, text) in [
            ("[]", View::of(Format::Csv), ""),
            ("{}", View::of(Format::Csv), ""),
            (r#""a b""#, View::of(Format::Csv), "a b\n"),
            ("null", View::of(Format::Csv), "\"\"\n"),
            ("[1,null]", View::of(Format::Csv), "value\n1\n\"\"\n"),
            (r#"{"a":1,"b":"x"}"#, View::of(Format::Csv), "a,b\n1,x\n"),
            (r#"{"a":1,"b":"x"}"#, bare, "1,x\n"),
            (TRICKY, chosen, "tab\there\\,-1\n\"two\nlines\",12345678901234567890123\n"),
            (r#"[{"a\u001b":"\u001b[2J"}]"#, screen, "a\\u{1b}\n\\u{1b}[2J\n"),
            (r#"[{"a\u001b":"\u001b[2J"}]"#, View::of(Format::Csv), "a\x1b\n\x1b[2J\n"),
        ] {
            assert_eq!(written(&[serde_json::from_str(json).unwrap()], &view), text, "{json}");
        }
        let several = [Value::from(1), Value::List(vec![2.into(), 3.into()]), Value::Secret(Secret::new("canary"))];
        assert_eq!(written(&several, &View::of(Format::Tsv)), "value\t0\t1\n1\t\t\n\t2\t3\n(redacted)\t\t\n");
    }

    /// The text that a TSV cell represents.
    fn unescaped(cell: &str) -> String {
        let mut out = String::new();
        let mut chars = cell.chars();
        while let Some(c) = chars.next() {
            out.push(match (c, c == '\\') {
                (c, false) => c,
                _ => match chars.next().unwrap() {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    other => other,
                },
            });
        }
        out
    }

    proptest! {
        #[test]
        fn written_rows_can_be_read_back(members in prop::collection::vec(any_value(), 1..6)) {
            let results = [Value::List(members)];
            let rows = Rows::of(&results, &super::super::Guide::default());
            let columns = rows.columns(&super::super::Guide::default());
            let wanted = |form: fn(&Value) -> String| -> Vec<Vec<String>> {
                let cell = |row: &Value, name: &String| columns.cell(row, name).map_or(String::new(), form);
                match columns.names.is_empty() {
                    true => Vec::new(),
                    false => std::iter::once(columns.names.clone())
                        .chain(rows.rows.iter().map(|row| columns.names.iter().map(|name| cell(row, name)).collect()))
                        .collect(),
                }
            };
            let text = written(&results, &View::of(Format::Csv));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(&read, &wanted(|value| cells::spreadsheet(value).into_owned()));
            let text = written(&results, &View::of(Format::Tsv));
            let read: Vec<Vec<String>> =
                text.split_terminator('\n').map(|line| line.split('\t').map(unescaped).collect()).collect();
            prop_assert_eq!(&read, &wanted(|value| cells::exact(value).unwrap().into_owned()));
        }
    }
}
