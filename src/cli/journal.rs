//! `marsh journal`: all of the journal as JSON Lines, and the removal of old rows.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::slice;

use history::{Journal, Keep, LineId, Record};

use super::args::{Global, JournalAction, Prune};
use super::context::Context;
use crate::config::Paths;
use crate::engine::console::is_yes;
use crate::engine::{self, CallError, Target, recorded, session_name, unread};
use crate::render::{self, Format, View};
use crate::sink::{FileSink, Mode, SinkError};
use model::{Map, Redactor, Remembered, Sought, Value};

/// The journal of the user, which is not touched before its first use.
pub(super) fn of_user(paths: &Paths) -> Journal {
    of_session(paths, false)
}

/// What earlier answers showed of an account, for completion in the user's own shell.
pub(super) fn remembered(paths: &Paths, target: &Target, sought: Sought<'_>) -> Vec<Remembered> {
    let journal = of_session(paths, false);
    // If what came last cannot be taken in, it is only not offered yet.
    let _ = journal.take_in_seen();
    engine::remembered(&journal, &target.on_record(true), sought, &Redactor::default())
}

/// The same for a session, whose providers may be simulated ones.
pub(super) fn of_session(paths: &Paths, simulated: bool) -> Journal {
    Journal::at(paths.state(), session_name(simulated)).taking_over(paths.history())
}

/// Does what is asked, and returns the exit code.
pub(super) fn run(action: &JournalAction, global: &Global, context: &Context) -> Result<u8, CallError> {
    let Some(paths) = &context.paths else {
        return Err(CallError::usage_of("there is no home folder, and so no journal".into()));
    };
    let journal = of_user(paths);
    match action {
        JournalAction::Export { file } => export(&journal, file.as_deref(), global, context).map(|()| 0),
        JournalAction::Prune(prune) => remove(&journal, prune, global.yes || prune.yes, context),
    }
}

/// Writes all rows, the lines before the calls.
fn export(journal: &Journal, file: Option<&Path>, global: &Global, context: &Context) -> Result<(), CallError> {
    let mut redactor = Redactor::default();
    [&global.api_key, &context.key].into_iter().flatten().for_each(|key| redactor.learn_text(key));
    let Some(path) = file else {
        let mut console = context.console();
        return write(journal, &redactor, &mut BufWriter::new(&mut console.out.to));
    };
    let mut file = FileSink::open(&context.expand(path), Mode::Replace, true).map_err(unwritten)?;
    write(journal, &redactor, &mut file)?;
    file.commit().map_err(unwritten)
}

fn write(journal: &Journal, redactor: &Redactor, to: &mut dyn Write) -> Result<(), CallError> {
    for record in journal.export() {
        let row = record.and_then(|record| row(journal, &record)).map_err(|error| failed(journal, error))?;
        let row = recorded::masked(row, redactor);
        render::render_all(slice::from_ref(&row), &View::of(Format::Jsonl), &mut *to).map_err(CallError::Output)?;
    }
    to.flush().map_err(CallError::Output)
}

/// A file that cannot be written. The advice for the result of a call does not fit an export, which can be repeated.
fn unwritten(error: SinkError) -> CallError {
    match error {
        SinkError::Store { source, kept: None, .. } => CallError::Output(source),
        error @ SinkError::ReadOnly { .. } => CallError::Output(io::Error::new(io::ErrorKind::PermissionDenied, error)),
        error => error.into(),
    }
}

/// A row, with its kind in front.
fn row(journal: &Journal, record: &Record) -> history::Result<Map> {
    let (kind, fields) = match record {
        Record::Line(line) => ("line", recorded::of_line(line, &calls_of(journal, line.id)?)),
        Record::Call(call) => ("call", recorded::of_call(call)),
    };
    Ok([("record".to_owned(), Value::from(kind))].into_iter().chain(fields).collect())
}

fn calls_of(journal: &Journal, line: LineId) -> history::Result<Vec<(history::CallId, history::Outcome)>> {
    let calls = journal.calls_of_lines(line, line)?;
    Ok(calls.into_iter().map(|(_, call, outcome)| (call, outcome)).collect())
}

/// Removes old rows, if the user agrees.
fn remove(journal: &Journal, prune: &Prune, agreed: bool, context: &Context) -> Result<u8, CallError> {
    let mut console = context.console();
    let keep = Keep { lines: None, lines_since: Some(prune.before), calls_since: Some(prune.before) };
    let old = journal.would_remove(&keep).map_err(|error| failed(journal, error))?;
    let rows = format!("{} and {}", counted(old.lines, "line"), counted(old.calls, "call"));
    if old.lines + old.calls > 0 && !agreed {
        let question = format!("remove {rows} for ever? [y/N] ");
        let answer = console.person.as_mut().map(|person| person.line(&question));
        let message = match answer {
            Some(Ok(Some(answer))) if is_yes(&answer) => None,
            Some(_) => Some(("Cancelled.".to_owned(), None)),
            None => Some((format!("{rows} would be removed"), Some("add --yes to remove them".to_owned()))),
        };
        if let Some((message, hint)) = message {
            return Err(CallError::Blocked { message, span: None, hint });
        }
    }
    let removed = journal.prune(&old).map_err(|error| failed(journal, error))?;
    console.note(&format!("removed {} and {}", counted(removed.lines, "line"), counted(removed.calls, "call")));
    if !removed.compacted {
        console.note("note: another program uses the journal: the space is given back the next time");
    }
    Ok(0)
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn failed(journal: &Journal, error: history::Error) -> CallError {
    unread(journal, "the journal cannot be used", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Diagnostic;

    #[test]
    fn rows_are_counted_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::at(folder.path(), "s");
        for at in [1, 2, 3] {
            journal.append(at, None, &format!("line {at}"), &[]).unwrap();
        }
        assert_eq!((counted(1, "line"), counted(0, "call")), ("1 line".into(), "0 calls".into()));
        let first = journal.export().next().unwrap().unwrap();
        let row = row(&journal, &first).unwrap();
        assert_eq!(row.get("record"), Some(&Value::from("line")));
    }

    #[test]
    fn no_advice_is_for_the_result_of_a_call() {
        let path = || "all.jsonl".into();
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        for (error, shown, hint) in [
            (SinkError::Directory { path: path() }, "`all.jsonl` is a directory", None),
            (SinkError::ReadOnly { path: path() }, "cannot write the result: `all.jsonl` is read-only", None),
            (
                SinkError::Store { path: path(), source: full(), kept: None },
                "cannot write the result: no storage space",
                None,
            ),
            (
                SinkError::Store { path: path(), source: full(), kept: Some(path()) },
                "the result could not be stored in `all.jsonl`: no storage space",
                Some("the result is saved in `all.jsonl`"),
            ),
        ] {
            let error = unwritten(error);
            assert_eq!((error.to_string().as_str(), error.hint().as_deref()), (shown, hint));
        }
    }
}
