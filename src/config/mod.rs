//! Settings, folders and credentials: what a session is made from.

pub mod credentials;
pub mod edit;
pub mod file;
mod keyring;
pub mod keys;
pub mod layers;
pub mod paths;
pub mod private;
mod shellish;
mod trusted;

pub use credentials::{KeyError, KeySource};
pub use file::{Config, ConfigError, PROFILE_NAMES, Section, is_profile_name};
pub use keys::{KEYS, Key};
pub use layers::{Found, Layers, Origin, Said};
pub use paths::Paths;
