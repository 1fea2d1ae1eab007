//! What is open about a call in the journal: its outcome, or the end of its job.

use history::{Call, Outcome};

use crate::signals;

/// What is open about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Another process, with this number, is making the call now.
    Sending(u32),
    /// Nobody knows whether it was carried out.
    Unknown,
    /// The provider has begun a job for it that is not known to have ended.
    Running,
}

impl Open {
    /// What is open about a call; `None` for one that is closed.
    pub(crate) fn of(call: &Call) -> Option<Open> {
        Open::with(call, signals::runs)
    }

    fn with(call: &Call, runs: impl Fn(u32) -> bool) -> Option<Open> {
        if !call.is_open() {
            return None;
        }
        // This process makes no call while it looks, and a container may give the same number to each process.
        let is_other = call.process != std::process::id();
        Some(match call.outcome {
            Outcome::Running => Open::Running,
            _ if call.exit_code.is_none() && is_other && runs(call.process) => Open::Sending(call.process),
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
        for (outcome, exit_code, runs, open) in [
            (Outcome::Done, Some(0), true, None),
            (Outcome::Unknown, None, true, Some(Open::Sending(other))),
            (Outcome::Unknown, None, false, Some(Open::Unknown)),
            (Outcome::Unknown, Some(7), true, Some(Open::Unknown)),
            (Outcome::Running, Some(0), true, Some(Open::Running)),
        ] {
            let call = call(outcome, exit_code);
            assert_eq!(Open::with(&call, |_| runs), open, "{call:?}");
        }
        let own = Call { process: std::process::id(), ..call(Outcome::Unknown, None) };
        assert_eq!(Open::of(&own), Some(Open::Unknown));
        assert!(Open::Sending(7).words().contains("process 7"));
    }
}
