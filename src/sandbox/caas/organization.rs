//! The organization's id, and the login of its primary administrator.

/// The name of the primary administrator.
pub(crate) const USER: &str = "sandbox";

/// The password of the primary administrator.
pub(crate) const KEY: &str = "Sandbox-Key-1";

/// The organization's id.
pub(crate) const ORGANIZATION: &str = "1831c1a9-9c03-44df-a5a4-f2a4662d6bde";
