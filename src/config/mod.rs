//! The settings, folders and credentials of a session.

pub mod credentials;
pub mod edit;
pub mod error;
pub mod file;
mod groups;
mod keyring;
pub mod keys;
pub mod layers;
pub mod names;
pub mod paths;
pub mod private;
pub mod saved;
mod shellish;
mod silent;
mod trusted;

pub use credentials::KeySource;
pub use error::{ConfigError, KeyError};
pub use file::{Config, Section};
pub use groups::ALL;
pub use keys::{BY_DOCUMENT, KEYS, Key};
pub use layers::{Found, Layers, Origin, Said};
pub use names::{PROFILE_NAMES, is_profile_name};
pub use paths::Paths;
