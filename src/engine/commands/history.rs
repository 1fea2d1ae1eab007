//! `history [WORDS]`: the lines that were typed, or the calls that were made.

use history::{Call, CallId, Filter, Journal, Line as Typed, Outcome};

use super::result::Reply;
use super::timeline::{self, Row};
use crate::engine::plan::options::Options;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::unread;
use crate::engine::state::recorded;

use lang::Line;
use model::{Redactor, Value};

/// How many are shown if neither words nor a time are given.
const RECENT: usize = 50;

/// The sources of the list.
pub(super) struct Past<'s> {
    /// The journal with the typed lines; `None` if they are not saved.
    pub(super) lines: Option<&'s Journal>,
    /// The journal with the calls; `None` if they are not recorded.
    pub(super) calls: Option<&'s Journal>,
    pub(super) redactor: &'s Redactor,
    /// The width of the screen; `None` if the list goes elsewhere.
    pub(super) width: Option<usize>,
}

/// The outcome of the command.
pub(super) enum Found {
    /// A list.
    List(Reply),
    /// A note that nothing is saved or recorded.
    Off(&'static str),
}

impl Past<'_> {
    /// Lists the newest lines, or the calls where the line asks for changes or for failures.
    pub(super) fn list(&self, line: &Line) -> Result<Found, CallError> {
        let options = Options::of(line)?;
        let filter = filter(line, &options);
        let of_calls = filter.failed || filter.changes;
        let (journal, off) = match of_calls {
            true => (self.calls, "note: the journal is turned off"),
            false => (self.lines, "note: the history is turned off"),
        };
        let Some(journal) = journal else { return Ok(Found::Off(off)) };
        let rows = if of_calls { self.calls(journal, &filter) } else { self.lines(journal, &filter) };
        let rows = rows.map_err(|error| unread(journal, "the history cannot be read", error))?;
        let (rows, data): (Vec<Row>, Vec<Value>) = rows.into_iter().unzip();
        let head = if of_calls { "call" } else { "line" };
        let head = Some(head).filter(|_| options.wish.header && !rows.is_empty());
        let text = timeline::write(&rows, head, self.width, history::now());
        Ok(Found::List(Reply::Either(text, Value::List(data))))
    }

    fn calls(&self, journal: &Journal, filter: &Filter) -> history::Result<Vec<(Row, Value)>> {
        let calls = journal.calls(filter)?;
        Ok(calls
            .iter()
            .map(|call| (self.row_of_call(call), recorded::masked(recorded::of_call(call), self.redactor)))
            .collect())
    }

    fn lines(&self, journal: &Journal, filter: &Filter) -> history::Result<Vec<(Row, Value)>> {
        let lines = journal.lines(filter)?;
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(Vec::new()) };
        let calls = journal.calls_of_lines(first.id, last.id)?;
        let row = |line: &Typed| {
            let own = calls.iter().filter(|(of, ..)| *of == line.id);
            let own: Vec<(CallId, Outcome)> = own.map(|(_, call, outcome)| (*call, *outcome)).collect();
            (self.row_of_line(line, &own), recorded::masked(recorded::of_line(line, &own), self.redactor))
        };
        Ok(lines.iter().map(row).collect())
    }

    fn row_of_call(&self, call: &Call) -> Row {
        Row {
            number: call.id.0,
            at: Some(call.call.begun),
            account: self.redactor.mask(&timeline::name(Some(&call.call.account))),
            outcome: Some(call.outcome.name()),
            duration: call.duration,
            text: self.redactor.mask(&call.call.text),
        }
    }

    fn row_of_line(&self, line: &Typed, calls: &[(CallId, Outcome)]) -> Row {
        Row {
            number: line.id.0,
            at: line.at,
            account: self.redactor.mask(&timeline::name(line.account.as_ref())),
            outcome: recorded::line_outcome(line.exit_code, calls),
            duration: line.duration,
            text: self.redactor.mask(&line.text),
        }
    }
}

/// What the line asks for.
fn filter(line: &Line, options: &Options) -> Filter {
    let words: Vec<String> = line.items.iter().map(|item| item.word.text()).collect();
    let past = &options.past;
    let recent = (words.is_empty() && past.since.is_none()).then_some(RECENT);
    Filter {
        words,
        failed: past.failed,
        changes: options.changes,
        profile: past.profile.clone(),
        since: past.since,
        most: past.number.or(recent),
        ..Filter::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Filter {
        let line = &lang::parse(text).unwrap()[0];
        filter(line, &Options::of(line).unwrap())
    }

    #[test]
    fn the_newest_unless_something_chooses() {
        for (text, most) in [
            ("history", Some(RECENT)),
            ("history --failed", Some(RECENT)),
            ("history --changes --profile p", Some(RECENT)),
            ("history a", None),
            ("history --since 2d", None),
            ("history a -n 7", Some(7)),
            ("history --number 70", Some(70)),
        ] {
            assert_eq!(asked(text).most, most, "{text}");
        }
        let Filter { words, failed, changes, profile, since, .. } =
            asked("history a 'B c' --failed --changes --profile p --since 2026-11-01");
        assert_eq!(words, ["a", "B c"]);
        assert!(failed && changes && since.is_some());
        assert_eq!(profile.as_deref(), Some("p"));
    }

    #[test]
    fn what_is_not_recorded_is_not_listed() {
        let redactor = Redactor::default();
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::at(folder.path(), "s");
        for (text, lines, calls, note) in [
            ("history", false, true, Some("note: the history is turned off")),
            ("history --failed", true, false, Some("note: the journal is turned off")),
            ("history", true, false, None),
            ("history --changes", false, true, None),
        ] {
            let past = Past {
                lines: Some(&journal).filter(|_| lines),
                calls: Some(&journal).filter(|_| calls),
                redactor: &redactor,
                width: None,
            };
            match past.list(&lang::parse(text).unwrap()[0]).unwrap() {
                Found::Off(said) => assert_eq!(Some(said), note, "{text}"),
                Found::List(_) => assert_eq!(note, None, "{text}"),
            }
        }
    }
}
