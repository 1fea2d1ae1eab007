//! `pending`: the calls whose outcome is unknown and the jobs that have not been seen to end, of this and of earlier
//! sessions.

use history::Call;

use super::result::Reply;
use super::timeline;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{Ledger, age};
use crate::engine::state::open::Open;
use crate::engine::state::recorded;
use model::{Map, Redactor, Value, moment, period};

/// Lists them, the newest last. `width` is that of the screen; `None` if the list goes elsewhere.
pub(super) fn run(
    ledger: &Ledger,
    redactor: &Redactor,
    console: &mut Console,
    width: Option<usize>,
) -> Result<Reply, CallError> {
    let Some(calls) = ledger.open_calls()? else {
        console.note("note: the journal is turned off");
        return Ok(Reply::Done);
    };
    let rows: Vec<Row<'_>> = calls.iter().filter_map(Row::of).collect();
    if rows.is_empty() {
        console.note("(nothing is pending)");
    }
    // A text may have become known as a secret after the call was recorded.
    let text: String = rows.iter().map(|row| row.text(redactor, width)).collect();
    let data = rows.iter().map(|row| recorded::masked(row.data(), redactor)).collect();
    Ok(Reply::Either(text, Value::List(data)))
}

/// A call that is open.
struct Row<'c> {
    call: &'c Call,
    open: Open,
}

impl Row<'_> {
    fn of(call: &Call) -> Option<Row<'_>> {
        Open::of(call).map(|open| Row { call, open })
    }

    /// The next line to type; `None` while the call is being made.
    fn next(&self) -> Option<String> {
        match (self.open, &self.call.job) {
            (Open::Sending(_), _) => None,
            (Open::Running, Some(job)) => Some(format!("wait {}", lang::literal_of(job))),
            (Open::Running, None) | (Open::Unknown, _) => Some(format!("reconcile {}", self.call.id)),
        }
    }

    /// The call, and what is open about it.
    fn text(&self, redactor: &Redactor, width: Option<usize>) -> String {
        let next = match (self.next(), self.open) {
            (Some(line), Open::Running) if self.call.job.is_some() => format!("; `{line}` waits for it"),
            (Some(line), _) => format!("; `{line}` asks the provider"),
            (None, _) => String::new(),
        };
        let Call { id, call, .. } = self.call;
        let time = moment::short(call.begun, history::now());
        let head = format!("{id}  {time}  {}", timeline::name(Some(&call.account)));
        let ago = period::brief(age(call.begun), 1);
        let remark = format!("{ago} ago; {}{next}", self.open.words());
        timeline::entry(&redactor.mask(&head), &redactor.mask(&call.text), &[redactor.mask(&remark)], width)
    }

    /// The call as in `history`, with what is open about it, its age in seconds, and the next line to type.
    fn data(&self) -> Map {
        let mut row = recorded::of_call(self.call);
        row.insert("open", self.open.words());
        row.insert("age", i64::try_from(age(self.call.call.begun).as_secs()).unwrap_or(i64::MAX));
        row.insert("next", self.next().map_or(Value::Null, Value::from));
        row
    }
}

#[cfg(test)]
mod tests {
    use history::Outcome;

    use super::*;
    use crate::engine::state::open::tests::call;

    #[test]
    fn a_row_says_what_is_open_and_what_helps() {
        let running = Call { job: Some("j 1".into()), ..call(Outcome::Running, Some(0)) };
        for (call, next) in [
            (call(Outcome::Unknown, Some(7)), Some("reconcile 12")),
            (running, Some("wait 'j 1'")),
            (call(Outcome::Running, Some(0)), Some("reconcile 12")),
        ] {
            let row = Row::of(&call).unwrap();
            assert_eq!(row.next().as_deref(), next);
            let text = row.text(&Redactor::default(), Some(40));
            assert!(text.starts_with("12  2023-11-1") && text.contains("  prod  a.delete id 5\n    "), "{text}");
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(" d ago; its ") && words.contains(next.unwrap_or("?")), "{text}");
            assert!(text.lines().all(|line| line.len() <= 40) && text.lines().count() > 2, "{text}");
            let data = row.data();
            assert_eq!(data.get("next"), Some(&next.map_or(Value::Null, Value::from)));
            assert_eq!(data.get("profile").map(Value::plain).as_deref(), Some("prod"));
            assert_eq!(data.get("text").map(Value::plain).as_deref(), Some("a.delete id 5"));
        }
        assert!(Row::of(&call(Outcome::Done, Some(0))).is_none());
    }
}
