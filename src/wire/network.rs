//! What connections go by beside the address: as it was settled for the whole program.

use super::proxy::Proxies;
use super::trust::Trust;

/// The ways out of this machine.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Hosts beyond this machine that may be spoken to without TLS.
    pub plain_http: Vec<String>,
    /// The proxies between here and there.
    pub proxies: Proxies,
    /// Who may vouch for a server, where an account says nothing else.
    pub trust: Trust,
}
