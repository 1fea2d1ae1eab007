//! What a codec needs to know about a service in addition to the call.

use std::collections::BTreeMap;

use model::provider::Auth;
use model::{Provider, Shape, Transport};

/// A service in use: borrowed from the owner of its parts.
#[derive(Clone, Copy, Debug)]
pub struct Service<'s> {
    /// The protocol.
    pub transport: &'s Transport,
    /// The address of the transport.
    pub url: &'s str,
    /// The provider's rules.
    pub provider: &'s Provider,
    /// Where the key goes, with the account's name filled in.
    pub auth: &'s Auth,
    /// The provider's shapes.
    pub shapes: &'s [Shape],
    /// The known variables, escaped for a path.
    pub variables: &'s BTreeMap<String, String>,
}
