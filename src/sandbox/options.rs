//! What a sandbox can be told to be like.

use std::time::{Duration, SystemTime};

/// The key of the account unless another is asked for.
pub const DEFAULT_KEY: &str = "5a1dbc5a1dbc5a1dbc5a1dbca32a1fe9";

/// What a sandbox is like.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The key of the account.
    pub key: String,
    /// Whether `system.methodSignature` and `system.multicall` are there: the provider documents neither.
    pub introspection: bool,
    /// Whether the account is a partner's, with accounts of its own to manage.
    pub partner: bool,
    /// Whether it speaks TLS, with a certificate made at start.
    pub tls: bool,
    /// The status that a wrong login is refused with, where the provider is known to use several: 403, 404 or 406.
    pub refused_login: u16,
    /// What time it is when the sandbox starts: its story ends there.
    pub starts: SystemTime,
    /// How long every answer is held back.
    pub latency: Duration,
    /// How long every job takes.
    pub job_time: Duration,
    /// Whether the services that have words for it are down for maintenance.
    pub maintenance: bool,
    /// How long a report is in the making, where only so many may be.
    pub report_time: Duration,
    /// How many servers the cloud with pages has beside its usual ones.
    pub more_servers: usize,
    /// Who is told of every request when it has come in: its verb, its path and the size of its body.
    pub log: Option<fn(&str)>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            key: DEFAULT_KEY.to_owned(),
            introspection: true,
            partner: false,
            tls: false,
            refused_login: 403,
            starts: SystemTime::now(),
            latency: Duration::ZERO,
            job_time: Duration::from_secs(3),
            maintenance: false,
            report_time: Duration::ZERO,
            more_servers: 0,
            log: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_that_is_told_nothing_takes_any_port_and_has_the_known_key() {
        let Options { port, key, tls, partner, maintenance, .. } = Options::default();
        assert_eq!((port, key.as_str()), (0, DEFAULT_KEY));
        assert_eq!((tls, partner, maintenance), (false, false, false));
    }
}
