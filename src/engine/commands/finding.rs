//! What `reconcile` found out about a call, in words and as data.

use history::{Call, Found, Outcome};

use super::timeline;
use model::{Map, Redactor, Value};

/// What was found out about a call, or about the job that it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Whether the call was carried out.
    Call(Found),
    /// Its job has not ended.
    StillRuns,
    /// Its job has ended: [`Outcome::Done`] or [`Outcome::EndedBadly`].
    JobEnded(Outcome),
    /// Another shell has found out what became of it meanwhile.
    Known(Outcome),
}

impl Finding {
    fn name(self) -> &'static str {
        match self {
            Finding::Call(found) => found.name(),
            Finding::StillRuns => Outcome::Running.name(),
            Finding::JobEnded(outcome) | Finding::Known(outcome) => outcome.name(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Finding::Call(Found::Happened) => "it happened",
            Finding::Call(Found::DidNot) => "it did not happen",
            Finding::Call(Found::CannotTell) => "whether it happened is unclear",
            Finding::StillRuns => "its job is still running",
            Finding::JobEnded(Outcome::EndedBadly) => "its job failed",
            Finding::JobEnded(_) => "its job has ended",
            Finding::Known(_) => "its outcome is known by now",
        }
    }
}

/// A call, and what was found out about it.
pub(super) struct Row {
    number: i64,
    method: String,
    text: String,
    /// The id of the job that it began.
    job: Option<String>,
    /// `None` if it could not be asked about.
    finding: Option<Finding>,
    /// What shows it, or why it is unclear.
    words: String,
    /// What to look at, if it is unclear.
    pub(super) look: Option<String>,
    /// The id of the object that the call made.
    pub(super) object: Option<String>,
    /// It is no longer pending.
    closed: bool,
}

impl Row {
    /// A row that is still pending.
    pub(super) fn new(call: &Call, redactor: &Redactor, finding: Option<Finding>, words: String) -> Row {
        let text = redactor.mask(&call.call.text);
        let job = call.job.as_ref().map(|job| redactor.mask(job));
        let (number, method) = (call.id.0, call.call.method.clone());
        Row { number, method, text, job, finding, words, look: None, object: None, closed: false }
    }

    /// The same for a call that is no longer pending; `known` is the outcome if another shell has recorded it first.
    pub(super) fn closed(mut self, known: Option<Outcome>) -> Row {
        if let Some(outcome) = known {
            (self.finding, self.words) = (Some(Finding::Known(outcome)), outcome.name().to_owned());
            (self.look, self.object) = (None, None);
        }
        Row { closed: true, ..self }
    }

    /// The call, and what was found. `width` is that of the screen.
    pub(super) fn text(&self, width: Option<usize>) -> String {
        let Row { number, text, words, .. } = self;
        let found = self.finding.map_or("not asked", Finding::words);
        let look = self.look.as_ref().map(|look| format!("; look at {look}")).unwrap_or_default();
        let mut remarks = vec![format!("{found}: {words}{look}")];
        match (self.finding, self.closed, &self.job) {
            (Some(Finding::Call(Found::CannotTell)), true, _) => {
                remarks.push("It is no longer listed by `pending`.".to_owned());
            }
            (Some(Finding::Call(Found::CannotTell)), false, _) => {
                remarks.push("It is still pending: ask again later.".to_owned());
            }
            (Some(Finding::StillRuns), _, Some(job)) => {
                remarks.push(format!("`wait {}` waits for it.", lang::literal_of(job)));
            }
            _ => {}
        }
        timeline::entry(&number.to_string(), text, &remarks, width)
    }

    /// The same as data.
    pub(super) fn data(self) -> Value {
        let or_null = |text: Option<String>| text.map_or(Value::Null, Value::from);
        let mut row = Map::new();
        row.insert("number", self.number);
        row.insert("method", self.method);
        row.insert("text", self.text);
        row.insert("found", self.finding.map_or(Value::Null, |finding| finding.name().into()));
        row.insert("reason", self.words);
        row.insert("look", or_null(self.look));
        row.insert("object", or_null(self.object));
        row.insert("pending", !self.closed);
        Value::Map(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::open::tests::call;

    #[test]
    fn what_was_found_is_said_in_words_and_as_data() {
        for (finding, closed, words, name) in [
            (None, false, "not asked: w", None),
            (Some(Finding::Call(Found::Happened)), true, "it happened: w", Some("happened")),
            (Some(Finding::Call(Found::DidNot)), true, "it did not happen: w", Some("did_not")),
            (Some(Finding::Call(Found::CannotTell)), true, "whether it happened is unclear: w", Some("cannot_tell")),
            (Some(Finding::Call(Found::CannotTell)), true, "no longer listed", Some("cannot_tell")),
            (Some(Finding::Call(Found::CannotTell)), false, "still pending", Some("cannot_tell")),
            (Some(Finding::StillRuns), false, "its job is still running: w", Some("running")),
            (Some(Finding::StillRuns), false, "`wait 'j 1'` waits for it", Some("running")),
            (Some(Finding::JobEnded(Outcome::Done)), true, "its job has ended: w", Some("done")),
            (Some(Finding::JobEnded(Outcome::EndedBadly)), true, "its job failed: w", Some("ended_badly")),
        ] {
            let call = Call { job: Some("j 1".into()), ..call(Outcome::Running, Some(0)) };
            let row = Row { closed, ..Row::new(&call, &Redactor::default(), finding, "w".into()) };
            let text = row.text(None);
            assert!(text.starts_with("12  a.delete id 5\n    ") && text.contains(words), "{text}");
            let data = row.data();
            assert_eq!(data.get("pending"), Some(&Value::Bool(!closed)));
            assert_eq!(data.get("found"), Some(&name.map_or(Value::Null, Value::from)));
        }
        let found = Row::new(&call(Outcome::Unknown, None), &Redactor::default(), None, "w".into());
        let text = found.closed(Some(Outcome::Done)).text(None);
        assert!(text.contains("its outcome is known by now: done"), "{text}");
    }
}
