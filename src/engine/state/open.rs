//! What is open about a call in the journal: its outcome, or the end of its job.

use history::{Call, Millis, Outcome};

use crate::signals::{self, Running};

/// What is open about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Another process, with this number, is making the call now.
    Sending(u32),
    /// It is not known whether it was carried out.
    Unknown,
    /// The provider has begun a job for it that is not known to have ended.
    Running,
}

/// The clock may be wrong by this many milliseconds between the start of a process and the start of a call.
const SLACK: Millis = 2000;

/// If the system does not say when a process began, a call counts as ended after this many milliseconds, even if there
/// is a process with the number of the one that made it.
const LONGEST: Millis = 24 * 3_600_000;

impl Open {
    /// What is open about a call; `None` for one that is closed.
    pub(crate) fn of(call: &Call) -> Option<Open> {
        Open::with(call, signals::running, history::now())
    }

    fn with(call: &Call, look: impl Fn(u32) -> Option<Running>, now: Millis) -> Option<Open> {
        if !call.is_open() {
            return None;
        }
        // This process makes no call while it looks, and a container may give the same number to each process.
        let is_other = call.process != std::process::id();
        let is_being_made = || look(call.process).is_some_and(|process| makes(process, call, now));
        Some(match call.outcome {
            Outcome::Running => Open::Running,
            _ if call.exit_code.is_none() && is_other && is_being_made() => Open::Sending(call.process),
            _ => Open::Unknown,
        })
    }

    /// In words, to follow the call.
    pub(crate) fn words(self) -> String {
        match self {
            Open::Sending(process) => format!("process {process} is making this call now"),
            Open::Unknown => "its outcome is unknown".to_owned(),
            Open::Running => "its job has not been seen to end".to_owned(),
        }
    }
}

/// Whether a process with that number can be the one that made the call. If it began after the call, it has only been
/// given the same number.
pub(super) fn makes(process: Running, call: &Call, now: Millis) -> bool {
    let begun = call.call.begun;
    match process.begun {
        Some(process) => process <= begun.saturating_add(SLACK),
        None => now.saturating_sub(begun) < LONGEST,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use history::{Account, CallId, NewCall};

    use super::*;

    /// A call of another process.
    pub(crate) fn call(outcome: Outcome, exit_code: Option<i32>) -> Call {
        let account = Account { provider: "p".into(), host: "h:443".into(), profile: Some("prod".into()), id: None };
        let call = NewCall {
            begun: 1_700_000_000_000,
            line: None,
            account,
            method: "a.delete".into(),
            text: "a.delete id 5".into(),
            effect: "destroy".into(),
            request: "r".into(),
            key: None,
            output: None,
            before: None,
        };
        Call {
            id: CallId(12),
            session: "other".into(),
            process: std::process::id() + 1,
            call,
            is_change: true,
            attempts: 1,
            outcome,
            exit_code,
            duration: None,
            bytes: None,
            object: None,
            job: None,
            after: None,
            reconciled: None,
        }
    }

    #[test]
    fn a_call_is_being_made_unknown_or_running() {
        let other = std::process::id() + 1;
        let since = |begun| Some(Running { begun });
        let (now, hour) = (1_700_000_000_000, 3_600_000);
        for (outcome, exit_code, process, now, open) in [
            (Outcome::Done, Some(0), since(Some(now)), now, None),
            (Outcome::Unknown, None, since(Some(now - hour)), now, Some(Open::Sending(other))),
            (Outcome::Unknown, None, since(Some(now + 1000)), now, Some(Open::Sending(other))),
            // A later process has its number.
            (Outcome::Unknown, None, since(Some(now + hour)), now + 2 * hour, Some(Open::Unknown)),
            (Outcome::Unknown, None, since(None), now + hour, Some(Open::Sending(other))),
            (Outcome::Unknown, None, since(None), now + 25 * hour, Some(Open::Unknown)),
            (Outcome::Unknown, None, None, now, Some(Open::Unknown)),
            (Outcome::Unknown, Some(7), since(Some(now - hour)), now, Some(Open::Unknown)),
            (Outcome::Running, Some(0), since(Some(now - hour)), now, Some(Open::Running)),
        ] {
            let call = call(outcome, exit_code);
            assert_eq!(Open::with(&call, |_| process, now), open, "{call:?} {process:?}");
        }
        let own = Call { process: std::process::id(), ..call(Outcome::Unknown, None) };
        assert_eq!(Open::of(&own), Some(Open::Unknown));
        assert!(Open::Sending(7).words().contains("process 7"));
    }
}
