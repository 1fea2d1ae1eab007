//! Shell access to servers.

use std::collections::BTreeMap;

/// The passwords of the servers with shell access, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shells(pub(crate) BTreeMap<String, String>);

impl Shells {
    /// The shells of a new sandbox: one server has shell access.
    pub(crate) fn seed() -> Shells {
        Shells([("myserver3".to_owned(), "an-example-password".to_owned())].into())
    }
}
