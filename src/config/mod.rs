//! Settings, folders and credentials: what a session is made from.

pub mod credentials;
pub mod paths;

pub use credentials::{KeyError, KeySource};
pub use paths::Paths;
