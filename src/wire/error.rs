//! What can go wrong between here and the provider.

use std::time::Duration;

use model::{Class, Diagnostic, Sent};

/// A failure of the connection. Each says whether anything can have left this machine.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WireError {
    /// The address cannot be used at all.
    #[error("the address `{url}` cannot be used: {reason}")]
    Address {
        /// Without user name or key.
        url: String,
        /// Why.
        reason: String,
    },
    /// Credentials would have crossed a network in clear text.
    #[error("plain http to {host} would show the key to the network")]
    Insecure {
        /// Where it would have gone.
        host: String,
    },
    /// The request has a place for the key, and the key belongs to another host.
    #[error("the request to {host} wants a key, and there is none for it")]
    Keyless {
        /// Who was to be asked.
        host: String,
    },
    /// No connection: name, route, TLS.
    #[error("cannot reach {host}: {cause}")]
    NotReached {
        /// Where it should have gone.
        host: String,
        /// The innermost cause.
        cause: String,
        /// It may pass by itself, as a certificate that is not trusted does not.
        passing: bool,
    },
    /// The answer did not come in time.
    #[error("no answer from {host} within {}", seconds(*after))]
    Timeout {
        /// Who was asked.
        host: String,
        /// How long was waited.
        after: Duration,
    },
    /// The connection broke after the request had, or may have, left.
    #[error("the connection to {host} broke: {cause}")]
    Broken {
        /// Who was asked.
        host: String,
        /// The innermost cause.
        cause: String,
        /// Something of an answer had come.
        begun: bool,
    },
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted {
        /// Whether the request had, or may have, left.
        sent: Sent,
    },
    /// This machine cannot open connections.
    #[error("cannot set up the network client: {cause}")]
    Client {
        /// What failed.
        cause: String,
    },
}

fn seconds(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{} s", duration.as_secs()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

impl Diagnostic for WireError {
    fn class(&self) -> Class {
        match self {
            WireError::Address { .. } | WireError::Insecure { .. } => Class::Usage,
            WireError::Keyless { .. } => Class::Credentials,
            WireError::NotReached { .. } => Class::NotReached,
            WireError::Timeout { .. } | WireError::Broken { .. } => Class::Failed,
            WireError::Interrupted { .. } => Class::Interrupted,
            WireError::Client { .. } => Class::Local,
        }
    }

    fn sent(&self) -> Sent {
        match self {
            WireError::Timeout { .. } | WireError::Broken { .. } => Sent::Unknown,
            WireError::Interrupted { sent } => *sent,
            _ => Sent::No,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            WireError::Insecure { host } => Some(format!("use https, or allow it with --plain-http {host}")),
            WireError::Timeout { .. } => Some("--timeout SECONDS waits longer".into()),
            _ => None,
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, WireError::NotReached { passing: true, .. })
    }
}
