//! What can go wrong on the way to the provider.

use std::path::PathBuf;
use std::time::Duration;

use model::{Break, Class, Diagnostic, Sent};

/// A failure of the connection. Each variant says whether anything can have left this machine.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WireError {
    /// The address cannot be used.
    #[error("the address `{url}` cannot be used: {reason}")]
    Address {
        /// The address, without user name or key.
        url: String,
        /// The reason.
        reason: String,
    },
    /// Credentials would have crossed a network in clear text.
    #[error("plain http to {host} would show the key to the network")]
    Insecure {
        /// The destination.
        host: String,
    },
    /// The request needs the key, but the key belongs to another host.
    #[error("the request to {host} needs a key, and there is none for it")]
    Keyless {
        /// The destination.
        host: String,
    },
    /// A proxy variable is not valid.
    #[error("{name}: {reason}")]
    Proxy {
        /// The variable.
        name: &'static str,
        /// The reason, without the variable's value: it may contain a password.
        reason: String,
    },
    /// A file that should name trusted issuers contains none.
    #[error("{by}: {reason}")]
    Trust {
        /// The variable or the key that gives the file.
        by: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// No connection: name lookup, route or TLS failed.
    #[error("cannot reach {host}: {cause}")]
    NotReached {
        /// What could not be reached: the host, or the proxy on the way to it.
        host: String,
        /// The reason, in plain words.
        cause: String,
        /// What to do.
        advice: Option<String>,
        /// The failure may be temporary; an untrusted certificate, for example, is not.
        passing: bool,
    },
    /// The answer did not come in time.
    #[error("no answer from {host} within {}", seconds(*after))]
    Timeout {
        /// The destination.
        host: String,
        /// How long the wait was.
        after: Duration,
    },
    /// The answer came, but too slowly to end in time.
    #[error("the answer from {host} comes too slowly: {bytes} bytes in {}", seconds(*after))]
    Slow {
        /// The destination.
        host: String,
        /// How many bytes of the body had come.
        bytes: u64,
        /// How long that took.
        after: Duration,
    },
    /// The connection broke after the request had, or may have, left.
    #[error("the connection to {host} broke: {cause}")]
    Broken {
        /// The destination.
        host: String,
        /// The innermost cause.
        cause: String,
        /// Part of an answer had come.
        begun: bool,
    },
    /// Ctrl-C, or the process was asked to end.
    #[error("{by}")]
    Interrupted {
        /// Whether the request had, or may have, left.
        sent: Sent,
        /// What interrupted it.
        by: Break,
    },
    /// This machine cannot open connections.
    #[error("cannot set up the network client: {cause}")]
    Client {
        /// What failed.
        cause: String,
    },
}

/// A duration, for people.
pub(super) fn seconds(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{} s", duration.as_secs()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

impl Diagnostic for WireError {
    fn class(&self) -> Class {
        match self {
            WireError::Address { .. } | WireError::Insecure { .. } | WireError::Proxy { .. } => Class::Usage,
            WireError::Keyless { .. } => Class::Credentials,
            WireError::NotReached { .. } => Class::NotReached,
            WireError::Timeout { .. } | WireError::Slow { .. } | WireError::Broken { .. } => Class::Failed,
            WireError::Interrupted { by, .. } => by.class(),
            WireError::Client { .. } | WireError::Trust { .. } => Class::Local,
        }
    }

    fn sent(&self) -> Sent {
        match self {
            WireError::Timeout { .. } | WireError::Slow { .. } | WireError::Broken { .. } => Sent::Unknown,
            WireError::Interrupted { sent, .. } => *sent,
            _ => Sent::No,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            WireError::Insecure { host } => Some(format!("use https, or allow it with --plain-http {host}")),
            WireError::NotReached { advice, .. } => advice.clone(),
            WireError::Timeout { .. } | WireError::Slow { .. } => Some("--timeout SECONDS waits longer".into()),
            _ => None,
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, WireError::NotReached { passing: true, .. })
    }
}

/// What is wrong with a connection, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) words: String,
    pub(super) advice: Option<String>,
    /// The failure may be temporary; an untrusted certificate, for example, is not.
    pub(super) passing: bool,
}

impl Fault {
    pub(super) fn lasting(words: impl Into<String>) -> Fault {
        Fault { words: words.into(), advice: None, passing: false }
    }

    pub(super) fn passing(words: impl Into<String>) -> Fault {
        Fault { words: words.into(), advice: None, passing: true }
    }

    pub(super) fn advise(self, advice: impl Into<String>) -> Fault {
        Fault { advice: Some(advice.into()), ..self }
    }
}
