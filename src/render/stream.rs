//! Rows that are written while they come: the same bytes as those of a tree, without one.
//!
//! Rows are looked at one by one: where their columns are requested by name they
//! are written at once, and else they are put aside until all have come and their columns are known.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;

use serde::Deserializer;
use serde::de::DeserializeSeed;

use super::columns::{Columns, Survey};
use super::delimited::Lines;
use super::spool::Spool;
use super::view::{Note, View};
use model::{Common, Members, Value};

/// Why a stream did not reach its end.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The source was cut off or could not be read; the decoder's message.
    #[error("{0}")]
    Read(String),
    /// A row takes more memory than any answer may, or so does a result without rows.
    #[error("the values take too much memory")]
    Heavy,
    /// The bytes could not be written.
    #[error(transparent)]
    Write(io::Error),
}

/// What was found about a result while it was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Notes about its form.
    pub notes: Vec<Note>,
    /// The first name that a dictionary has twice, in the provider's words. Its last member counts.
    pub twice: Option<String>,
}

/// How a result is written while it comes.
#[derive(Clone, Copy)]
pub struct Passage<'p> {
    /// Its form; one that [`View::streams`].
    pub view: &'p View,
    /// How moments get the common form, if they are to have it.
    pub common: Option<&'p Common>,
    /// Makes a file without a name, for rows that are put aside.
    pub spool: &'p dyn Fn() -> io::Result<File>,
    /// What is written is passed on at once.
    pub at_once: bool,
    /// How deep the result is inside a document that is written elsewhere, if it has a form that [`View::joins`].
    pub within: usize,
}

/// Notes about rows that have been written, or something else than a list, of which nothing has been written.
type Done = Result<Vec<Note>, Value>;

/// Writes a list as rows of CSV or TSV. Returns what was done, and the first name that a dictionary has twice.
pub(super) fn rows<'de, D: Deserializer<'de>>(
    source: D,
    passage: Passage<'_>,
    out: &mut dyn Write,
) -> Result<(Done, Option<String>), StreamError> {
    let (mut rows, mut fault, room, lost) = (Rows::of(passage, out), None, Cell::default(), RefCell::default());
    let each = |mut row: Value| {
        if let Some(common) = passage.common {
            common.convert(&mut row);
        }
        fault = rows.row(&row).err();
        fault.is_none()
    };
    let read = Members::to(each, &room).noting(&lost).deserialize(source);
    match (read, fault) {
        (_, Some(fault)) => Err(StreamError::Write(fault)),
        (Err(_), None) if room.get() == 0 => Err(StreamError::Heavy),
        (Err(error), None) => Err(StreamError::Read(error.to_string())),
        (Ok(None), None) => Ok((Ok(rows.end().map_err(StreamError::Write)?), lost.take())),
        (Ok(Some(mut value)), None) => {
            if let Some(common) = passage.common {
                common.convert(&mut value);
            }
            Ok((Err(value), lost.take()))
        }
    }
}

/// Rows on their way.
struct Rows<'p, 'w> {
    view: &'p View,
    out: &'w mut dyn Write,
    /// They are written at once, in the requested columns.
    direct: bool,
    begun: bool,
    survey: Survey<'p>,
    spool: Spool<'p>,
    /// Requested columns that no row has had so far.
    missing: Vec<String>,
    lines: Option<Lines<'p, Line>>,
    /// What of them has not been written yet.
    line: Line,
}

impl<'p, 'w> Rows<'p, 'w> {
    fn of(passage: Passage<'p>, out: &'w mut dyn Write) -> Rows<'p, 'w> {
        let Passage { view, spool, .. } = passage;
        // If no row had any of them, all columns would be shown.
        let direct = view.columns.iter().any(|name| view.guide.knows(name));
        let missing = super::rows::unknown(view).cloned().collect();
        let (survey, spool) = (Survey::of(&view.guide), Spool::of(spool));
        Rows { view, out, direct, begun: false, survey, spool, missing, lines: None, line: Line::default() }
    }

    fn row(&mut self, row: &Value) -> io::Result<()> {
        self.begun = true;
        if !self.direct || !self.missing.is_empty() {
            self.survey.row(row);
            self.missing.retain(|name| super::path::cell(row, name).is_none());
        }
        if !self.direct {
            return self.spool.push(row);
        }
        if self.lines.is_none() {
            self.lines = Some(self.begin(Columns::asked(self.view.columns.clone()))?);
        }
        if let Some(lines) = &mut self.lines {
            lines.row(row)?;
        }
        self.line.pass(self.out)
    }

    /// Begins with the header, which is passed on with the first row.
    fn begin(&self, columns: Columns) -> io::Result<Lines<'p, Line>> {
        let mut lines = Lines::of(self.view, columns, self.line.clone())?;
        lines.header()?;
        Ok(lines)
    }

    /// Writes what has been put aside.
    fn end(mut self) -> io::Result<Vec<Note>> {
        let mut notes = Vec::new();
        let late = self.spool.is_in_a_file();
        let mut survey = std::mem::replace(&mut self.survey, Survey::of(&self.view.guide));
        let all = loop {
            match survey.end() {
                Ok(columns) => break columns,
                Err(again) => survey = *again,
            }
            self.spool.each(|row| {
                survey.row(row);
                Ok(())
            })?;
        };
        let missing = if self.begun { std::mem::take(&mut self.missing) } else { Vec::new() };
        notes.extend(super::rows::missed(&missing, &all));
        if self.lines.is_none() {
            let asked = !self.view.columns.is_empty() && !self.view.columns.iter().all(|name| missing.contains(name));
            let more: Vec<String> = self.view.more.iter().filter(|name| !missing.contains(name)).cloned().collect();
            let columns = if asked { Columns::asked(self.view.columns.clone()) } else { all.and(&more) };
            if columns.names.is_empty() {
                return Ok(notes);
            }
            let mut lines = self.begin(columns)?;
            self.line.pass(self.out)?;
            let (out, line) = (&mut *self.out, &self.line);
            self.spool.each(|row| {
                lines.row(row)?;
                line.pass(out)
            })?;
        }
        self.out.flush()?;
        notes.extend(late.then_some(Note::Late));
        Ok(notes)
    }
}

/// Lines that are ready to be passed on.
#[derive(Clone, Default)]
struct Line(Rc<RefCell<Vec<u8>>>);

impl Line {
    fn pass(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.0.borrow_mut();
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps the writer's own error: on its way through a decoder it loses its kind.
pub(super) struct Watched<'w> {
    out: &'w mut dyn Write,
    fault: Option<io::Error>,
}

impl<'w> Watched<'w> {
    pub(super) fn of(out: &'w mut dyn Write) -> Watched<'w> {
        Watched { out, fault: None }
    }

    /// Its error, if there was one.
    pub(super) fn fault(self) -> Option<io::Error> {
        self.fault
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|fault| {
            let kind = fault.kind();
            // An interrupted write is simply retried.
            self.fault = Some(fault).filter(|_| kind != io::ErrorKind::Interrupted);
            kind.into()
        })
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.out.write(bytes);
        self.noted(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.noted(done)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::guide::tests::guide;
    use super::super::transcode::tests::{Decoded, any_value};
    use super::super::{Format, render_all, stream, view};
    use super::*;

    fn passage<'p>(view: &'p View) -> Passage<'p> {
        Passage { view, common: None, spool: &tempfile::tempfile, at_once: false, within: 0 }
    }

    fn streamed(value: &Value, view: &View) -> (String, Vec<Note>) {
        let mut out = Vec::new();
        let written = stream(Decoded(value.clone()), passage(view), &mut out).unwrap();
        (String::from_utf8(out).unwrap(), written.notes)
    }

    fn whole(value: &Value, view: &View) -> (String, Vec<Note>) {
        let mut out = Vec::new();
        let notes = render_all(std::slice::from_ref(value), view, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), notes)
    }

    /// Views of rows, in CSV and TSV, with all that can be asked of them except an order.
    fn views() -> Vec<View> {
        let of = |format, columns: &str| {
            let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
            View { guide, ..View::of(format) }.with_columns(columns)
        };
        let asked = ["", "id,zz", "zz,a", "zz", "+a.b", "+zz", "value", "all"];
        let views = asked.iter().flat_map(|columns| [of(Format::Csv, columns), of(Format::Tsv, columns)]);
        let odd = View { bom: true, safe: true, header: false, ..of(Format::Csv, "") };
        views.chain([odd.clone(), View { columns: view::columns("id,a"), header: true, ..odd }]).collect()
    }

    #[test]
    fn rows_are_written_as_those_of_a_tree() {
        for json in [
            "[]",
            "[[]]",
            "{}",
            "null",
            r#"{"a":1}"#,
            r#"["x",null,-5]"#,
            r#"[{"id":1,"a":{"b":"=1"}},{"a":{"c":[1,2]},"zz":null},7]"#,
            r#"[{"a.b":1,"a":{"b":2}},{"born":0,"up":{"id":5}}]"#,
            r#"[{"a.b":{"c":1}},{"a":{"b":{"d":2}}}]"#,
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            for view in views() {
                assert_eq!(streamed(&value, &view), whole(&value, &view), "{json} {view:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_rows_are_written_as_those_of_a_tree(value in any_value()) {
            for view in views() {
                prop_assert_eq!(streamed(&value, &view), whole(&value, &view));
            }
        }
    }

    #[test]
    fn many_rows_are_put_aside_and_that_is_noted() {
        let row = |n: i64| Value::from(model::Map::from_iter([(if n < 2900 { "a" } else { "b" }, "x".repeat(1000))]));
        let rows = Value::List((0..3000).map(row).collect());
        let (text, notes) = streamed(&rows, &View::of(Format::Csv));
        assert!(text == whole(&rows, &View::of(Format::Csv)).0);
        assert_eq!((text.lines().next(), notes), (Some("a,b"), vec![Note::Late]));
    }

    /// Notes when each row arrives.
    struct Seen(Vec<usize>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn rows_of_requested_columns_are_not_held_back() {
        let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        let view = View { guide, columns: view::columns("id"), ..View::of(Format::Csv) };
        let mut out = Seen(Vec::new());
        let mut rows = Rows::of(passage(&view), &mut out);
        let row: Value = serde_json::from_str(r#"{"id":7,"b":1}"#).unwrap();
        (0..3).for_each(|_| rows.row(&row).unwrap());
        drop(rows);
        assert_eq!(out.0, ["id\n7\n".len(), 2, 2]);
    }

    /// Fails after a number of bytes.
    pub(in crate::render) struct Full(pub(in crate::render) usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn errors_of_the_writer_and_of_the_source_are_distinguished() {
        let text = format!("[{}1]", "1,".repeat(30_000));
        for format in [Format::Json, Format::Jsonl, Format::Yaml, Format::Xml, Format::Csv, Format::Tsv] {
            let view = View::of(format);
            for (text, most) in [(&text[..], 100), (&text[..20_000], usize::MAX)] {
                let mut source = serde_json::Deserializer::from_str(text);
                match stream(&mut source, passage(&view), &mut Full(most)).unwrap_err() {
                    StreamError::Write(fault) => assert_eq!((fault.kind(), most), (io::ErrorKind::StorageFull, 100)),
                    StreamError::Read(words) => assert!(words.contains("EOF") && most > 100, "{words}"),
                    StreamError::Heavy => panic!("{format:?}"),
                }
            }
        }
    }
}
