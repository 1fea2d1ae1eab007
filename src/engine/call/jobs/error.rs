//! What kept a call's work from being seen to a good end.

use std::time::Duration;

use crate::engine::state::error::CallError;
use model::{Class, Diagnostic, Sent, period};

/// Work that was waited for and did not end well, or did not end. The call that began it had been taken.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The time is up, or the user did not want to wait any longer.
    #[error("{}", still(what, state, *waited))]
    Running {
        /// The call and what it works on.
        what: String,
        /// The last that was heard of it.
        state: String,
        /// How long was waited; nothing when it was Ctrl-C.
        waited: Option<Duration>,
        /// How to come back to it.
        back: String,
    },
    /// It ended badly.
    #[error("{what} ended badly: {state}")]
    Failed {
        /// The call and what it works on.
        what: String,
        /// The provider's word for how it ended.
        state: String,
        /// The provider's reason.
        reason: Option<String>,
    },
    /// What it works on is not there.
    #[error("{what} is not to be found: {method} does not show it")]
    Vanished {
        /// The call and what it works on.
        what: String,
        /// The method that reads it.
        method: String,
    },
    /// It is not listed as under way, and its end is recorded nowhere.
    #[error("{what} is {} listed as under way, and its end is not recorded", if *.seen { "no longer" } else { "not" })]
    Unrecorded {
        /// The call and what it works on.
        what: String,
        /// It was there before.
        seen: bool,
    },
    /// What tells its state is missing.
    #[error("{what} cannot be followed: the answer of {method} has no {field}")]
    Untold {
        /// The call and what it works on.
        what: String,
        /// The method that reads it.
        method: String,
        /// The field.
        field: String,
    },
    /// It can no longer be looked at.
    #[error("{what} can no longer be followed: {error}")]
    Broken {
        /// The call and what it works on.
        what: String,
        /// Why.
        error: Box<CallError>,
        /// How to come back to it.
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
            JobError::Running { back, .. } => format!("it goes on; come back with `{back}`"),
            JobError::Broken { back, .. } => format!("the work may go on; come back with `{back}`"),
            JobError::Vanished { .. } | JobError::Untold { .. } | JobError::Unrecorded { .. } => {
                "the call itself was taken; look what became of it".into()
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
