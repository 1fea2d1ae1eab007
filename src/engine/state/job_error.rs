//! Errors of work that a call began.

use std::time::Duration;

use super::cause::Cause;
use model::{Class, Diagnostic, Sent, period};

/// Work that failed or did not end. The call that began it had been accepted.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The time is up, or the user has stopped waiting.
    #[error("{}", still(what, state, *waited))]
    Running {
        /// The call and what it works on.
        what: String,
        /// Its last known state.
        state: String,
        /// How long the wait was; `None` after Ctrl-C.
        waited: Option<Duration>,
        /// What to type to continue waiting.
        back: String,
    },
    /// It ended badly.
    #[error("{what} failed: {state}")]
    Failed {
        /// The call and what it works on.
        what: String,
        /// The provider's word for how it ended.
        state: String,
        /// The provider's reason.
        reason: Option<String>,
    },
    /// The object of the work does not exist.
    #[error("{what} was not found: {method} does not show it")]
    Vanished {
        /// The call and what it works on.
        what: String,
        /// The method that reads it.
        method: String,
    },
    /// It is not listed as running, and its outcome is not recorded.
    #[error("{what} is {} listed as running, and its outcome is not recorded", if *.seen { "no longer" } else { "not" })]
    Unrecorded {
        /// The call and what it works on.
        what: String,
        /// It was listed before.
        seen: bool,
    },
    /// The field with its state is missing.
    #[error("{what} cannot be followed: the answer of {method} has no {field}")]
    Untold {
        /// The call and what it works on.
        what: String,
        /// The method that reads it.
        method: String,
        /// The field.
        field: String,
    },
    /// Its state can no longer be read.
    #[error("{what} can no longer be followed: {error}")]
    Broken {
        /// The call and what it works on.
        what: String,
        /// Why.
        error: Cause,
        /// What to type to continue waiting.
        back: String,
    },
}

fn still(what: &str, state: &str, waited: Option<Duration>) -> String {
    match waited {
        Some(waited) => format!("{what} has not ended within {}: {state}", period::words(waited)),
        None => format!("no longer waiting for {what}: {state}"),
    }
}

impl Diagnostic for JobError {
    fn class(&self) -> Class {
        match self {
            JobError::Running { .. } | JobError::Broken { .. } => Class::StillRunning,
            JobError::Failed { .. } | JobError::Vanished { .. } => Class::JobFailed,
            JobError::Untold { .. } | JobError::Unrecorded { .. } => Class::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            JobError::Running { back, .. } => format!("it continues; come back with `{back}`"),
            JobError::Broken { back, .. } => format!("the work may be continuing; come back with `{back}`"),
            JobError::Vanished { .. } | JobError::Untold { .. } | JobError::Unrecorded { .. } => {
                "the call itself was accepted; check what became of it".into()
            }
            JobError::Failed { .. } => return None,
        })
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn provider_code(&self) -> Option<String> {
        match self {
            JobError::Broken { error, .. } => error.provider_code(),
            _ => None,
        }
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            JobError::Failed { reason, .. } => reason.as_deref(),
            JobError::Broken { error, .. } => error.provider_words(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::error::CallError;

    #[test]
    fn work_that_was_not_seen_to_end_may_go_on() {
        let (what, back) = (|| "a.b 5".to_owned(), || "wait 5".to_owned());
        let waited = Some(Duration::from_secs(60));
        let running = JobError::Running { what: what(), state: "busy".into(), waited, back: back() };
        let cause = Box::new(CallError::usage_of("down".into()));
        let broken = JobError::Broken { what: what(), error: cause, back: back() };
        let failed = JobError::Failed { what: what(), state: "bad".into(), reason: Some("full".into()) };
        for (error, class, hint) in [
            (&running, Class::StillRunning, Some("wait 5")),
            (&broken, Class::StillRunning, Some("wait 5")),
            (&failed, Class::JobFailed, None),
        ] {
            assert_eq!((error.class(), error.sent()), (class, Sent::Yes));
            assert_eq!(error.hint().is_some_and(|said| said.contains("wait 5")), hint.is_some(), "{error}");
        }
        assert!(broken.to_string().contains("down"));
        assert_eq!(failed.provider_words(), Some("full"));
    }
}
