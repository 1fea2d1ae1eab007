//! `pending`: the calls whose outcome is unknown and the jobs that have not been seen to end, of this and of earlier
//! sessions.

use history::Call;

use super::result::Reply;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{Ledger, age};
use crate::engine::state::open::Open;
use crate::render::sanitize;
use model::{Date, Map, Redactor, Value, period};

/// Lists them, the newest last.
pub(super) fn run(ledger: &Ledger, redactor: &Redactor, console: &mut Console) -> Result<Reply, CallError> {
    let Some(calls) = ledger.open_calls()? else {
        console.note("note: the journal is turned off");
        return Ok(Reply::Done);
    };
    let rows: Vec<Row> = calls.iter().filter_map(|call| Row::of(call, redactor)).collect();
    if rows.is_empty() {
        console.note("(nothing is pending)");
    }
    let text: String = rows.iter().map(Row::text).collect();
    let text = sanitize::for_terminal(&text).into_owned();
    Ok(Reply::Either(text, Value::List(rows.into_iter().map(Row::data).collect())))
}

/// An open call as it is shown.
struct Row {
    number: i64,
    time: String,
    profile: Option<String>,
    provider: String,
    method: String,
    line: String,
    open: Open,
    outcome: &'static str,
    job: Option<String>,
    /// In whole seconds.
    age: u64,
}

impl Row {
    fn of(call: &Call, redactor: &Redactor) -> Option<Row> {
        let shown = |text: &str| redactor.mask(text);
        Some(Row {
            number: call.id.0,
            time: Date::of_unix(call.call.begun / 1000).map(|date| date.to_string()).unwrap_or_default(),
            profile: call.call.account.profile.clone(),
            provider: call.call.account.provider.clone(),
            method: call.call.method.clone(),
            // A secret may have become known as one after the call was recorded.
            line: shown(&call.call.text),
            open: Open::of(call)?,
            outcome: call.outcome.name(),
            job: call.job.as_deref().map(shown),
            age: age(call.call.begun).as_secs(),
        })
    }

    /// The line that helps; `None` while the call is being made.
    fn next(&self) -> Option<String> {
        match (self.open, &self.job) {
            (Open::Sending(_), _) => None,
            (Open::Running, Some(job)) => Some(format!("wait {}", lang::literal_of(job))),
            (Open::Running, None) | (Open::Unknown, _) => Some(format!("reconcile {}", self.number)),
        }
    }

    /// Two lines: the call, and what is open about it.
    fn text(&self) -> String {
        let account = match &self.profile {
            Some(profile) => format!("{}:{profile}", self.provider),
            None => self.provider.clone(),
        };
        let next = match (self.next(), self.open) {
            (Some(line), Open::Running) if self.job.is_some() => format!("; `{line}` waits for it"),
            (Some(line), _) => format!("; `{line}` asks the provider"),
            (None, _) => String::new(),
        };
        let ago = period::words(coarse(self.age));
        let Row { number, time, line, open, .. } = self;
        format!("{number}  {time}  {account}  {line}\n    {ago} ago; {}{next}\n", open.words())
    }

    fn data(self) -> Value {
        let next = self.next();
        let or_null = |text: Option<String>| text.map_or(Value::Null, Value::from);
        let mut row = Map::new();
        row.insert("number", self.number);
        row.insert("time", self.time);
        row.insert("profile", or_null(self.profile));
        row.insert("provider", self.provider);
        row.insert("method", self.method);
        row.insert("line", self.line);
        row.insert("outcome", self.outcome);
        row.insert("open", self.open.words());
        row.insert("job", or_null(self.job));
        row.insert("age", i64::try_from(self.age).unwrap_or(i64::MAX));
        row.insert("next", or_null(next));
        Value::Map(row)
    }
}

/// An age in the one or two units that matter to a reader.
fn coarse(seconds: u64) -> std::time::Duration {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let unit = match seconds {
        0..MINUTE => 1,
        MINUTE..HOUR => MINUTE,
        HOUR..DAY => HOUR,
        _ => DAY,
    };
    std::time::Duration::from_secs(seconds - seconds % unit)
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
            let row = Row::of(&call, &Redactor::default()).unwrap();
            assert_eq!(row.next().as_deref(), next);
            let text = row.text();
            assert!(text.starts_with("12  2023-11-14T22:13:20Z  p:prod  a.delete id 5\n    "), "{text}");
            assert!(text.contains(" d ago; its ") && text.contains(next.unwrap_or("?")), "{text}");
            let data = row.data();
            assert_eq!(data.get("next"), Some(&next.map_or(Value::Null, Value::from)));
            assert_eq!(data.get("profile").map(Value::plain).as_deref(), Some("prod"));
        }
        assert!(Row::of(&call(Outcome::Done, Some(0)), &Redactor::default()).is_none());
    }

    #[test]
    fn an_age_has_one_unit() {
        for (seconds, words) in [(0, "0 s"), (59, "59 s"), (61, "1 m"), (7300, "2 h"), (200_000, "2 d")] {
            assert_eq!(period::words(coarse(seconds)), words);
        }
    }
}
