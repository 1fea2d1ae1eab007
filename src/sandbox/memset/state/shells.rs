//! The servers that can be reached by a shell.

use std::collections::BTreeMap;

/// The passwords of the servers that can be reached so, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shells(pub(crate) BTreeMap<String, String>);

impl Shells {
    /// The shells of a new sandbox: one server can be reached.
    pub(crate) fn seed() -> Shells {
        Shells([("myserver3".to_owned(), "an-example-password".to_owned())].into())
    }
}
