//! The options of a sandbox.

use std::time::{Duration, SystemTime};

/// The default key of the account.
pub const DEFAULT_KEY: &str = "5a1dbc5a1dbc5a1dbc5a1dbca32a1fe9";

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The key of the account.
    pub key: String,
    /// Whether `system.methodSignature` and `system.multicall` exist: the provider documents neither.
    pub introspection: bool,
    /// Whether the account is a partner's, with managed accounts of its own.
    pub partner: bool,
    /// Whether it uses TLS, with a certificate created at the start.
    pub tls: bool,
    /// The HTTP status for a wrong login, where the provider is known to use several: 403, 404 or 406.
    pub refused_login: u16,
    /// The time at which the sandbox's clock starts.
    pub starts: SystemTime,
    /// The delay of every answer.
    pub latency: Duration,
    /// How long every job takes.
    pub job_time: Duration,
    /// Whether the services that can report maintenance are down for it.
    pub maintenance: bool,
    /// How long a report takes, for services that limit the reports in preparation.
    pub report_time: Duration,
    /// The number of additional servers in the cloud with pages.
    pub more_servers: usize,
    /// Called for every request with its verb, its path and the size of its body.
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
    fn a_default_sandbox_takes_any_port_and_has_the_known_key() {
        let Options { port, key, tls, partner, maintenance, .. } = Options::default();
        assert_eq!((port, key.as_str()), (0, DEFAULT_KEY));
        assert_eq!((tls, partner, maintenance), (false, false, false));
    }
}
