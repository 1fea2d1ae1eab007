//! The settings of connections other than the address, for the whole program.

use super::proxy::Proxies;
use super::trust::Trust;

/// The network settings of this machine.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Hosts beyond this machine that may be used without TLS.
    pub plain_http: Vec<String>,
    /// The proxies.
    pub proxies: Proxies,
    /// The trusted issuers, unless an account names others.
    pub trust: Trust,
}
