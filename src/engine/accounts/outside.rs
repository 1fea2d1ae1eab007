//! What the program does around a session, and a person may want from its prompt: to set an account up, to check the
//! installation.

use super::account::AccountParts;
use crate::engine::state::error::CallError;
use model::Value;

/// The program around a session.
pub trait Outside {
    /// Asks for what an account needs, tests its key and saves it. Returns what the account is made from.
    fn login(&self, provider: Option<&str>) -> Result<AccountParts, CallError>;
    /// Finds out what is at an address, and saves it as an account of that name. Returns what it is made from.
    fn add(&self, name: &str, url: &str) -> Result<AccountParts, CallError>;
    /// Checks the installation and every account, or the one named: as text and as data.
    fn doctor(&self, profile: Option<&str>) -> Result<(String, Value), CallError>;
}
