//! The accounts of Cloud Files.

use super::super::fault::Fault;
use super::super::shelf::text;
use crate::kit::values::{map, texts};
use model::Map;

/// The accounts in the form of lists, with an e-mail address that lists do not show.
#[derive(Debug)]
pub(crate) struct FilesAccounts(pub(crate) Vec<Map>);

impl FilesAccounts {
    /// The accounts of a new sandbox.
    pub(crate) fn seed() -> FilesAccounts {
        FilesAccounts(vec![map! {
            "userName" => "archive1",
            "password" => "Archive-Pass-1",
            "email" => "archive1@example.com",
            "allocatedStorageMb" => 20_480,
            "displayName" => "Archive 1",
            "subAdminUsername" => texts(["user-1"]),
        }])
    }

    /// How many accounts there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn position(&self, name: &str) -> Result<usize, Fault> {
        let found = self.0.iter().position(|account| text(account, "userName") == name);
        found.ok_or_else(|| Fault::new(680, format!("Storage-Account (username:{name}) not found")))
    }
}
