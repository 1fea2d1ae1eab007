//! Settings, folders and credentials: what a session is made from.

pub mod credentials;
pub mod file;
pub mod paths;

pub use credentials::{KeyError, KeySource};
pub use file::{Config, ConfigError, Profile};
pub use paths::Paths;
