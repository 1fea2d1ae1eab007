//! Why settings or a key cannot be read.

use std::io;
use std::path::PathBuf;

use super::shellish;
use model::{Class, Diagnostic};

/// Why the configuration file, or another source of settings, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file exists but cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The reason.
        cause: io::Error,
    },
    /// Others can change the file.
    #[error("{} can be changed by others (mode {mode:04o}), and {says}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What it decides.
        says: &'static str,
    },
    /// The file belongs to another user.
    #[error("{} belongs to another user (number {owner}), and {says}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The user id.
        owner: u32,
        /// What it decides.
        says: &'static str,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The reason.
        cause: io::Error,
    },
    /// The file's content is not valid.
    #[error("{}, line {line}: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What would be valid.
        hint: Option<String>,
    },
    /// A variable or a flag has an invalid value.
    #[error("{place}: {problem}")]
    Said {
        /// The variable or the flag.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// A profile is named that does not exist.
    #[error("there is no profile `{name}` in {}", path.display())]
    NoProfile {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
        /// The existing profiles.
        known: Vec<String>,
    },
}

impl Diagnostic for ConfigError {
    fn class(&self) -> Class {
        match self {
            ConfigError::NoProfile { .. } | ConfigError::Said { .. } => Class::Usage,
            ConfigError::Open { .. } | ConfigError::Foreign { .. } => Class::Credentials,
            _ => Class::Local,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ConfigError::NoProfile { known, .. } if known.is_empty() => Some("`marsh login` adds one".into()),
            ConfigError::NoProfile { known, .. } => Some(format!("it has {}", known.join(", "))),
            ConfigError::Content { hint, .. } => hint.clone(),
            ConfigError::Open { path, .. } => Some(format!("chmod go-w {}", path.display())),
            ConfigError::Foreign { path, .. } => Some(format!("make it your own: chown \"$USER\" {}", path.display())),
            _ => None,
        }
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the key from {}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        cause: io::Error,
    },
    /// Others can read the file.
    #[error("{} can be read by others (mode {mode:04o})", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The command did not print a key.
    #[error("`{command}` supplied no key: {cause}")]
    Command {
        /// As the user wrote it.
        command: String,
        /// The reason.
        cause: String,
    },
    /// Ctrl-C while the command was running.
    #[error("interrupted while waiting for the key from `{command}`")]
    Interrupted {
        /// As the user wrote it.
        command: String,
    },
    /// Ctrl-C while the key was being typed.
    #[error("interrupted while the key was being typed")]
    Cancelled,
    /// The variable is not set.
    #[error("the variable {name} is not set")]
    Unset {
        /// The variable.
        name: String,
    },
    /// The keyring could not return or store the key.
    #[error("the keyring has no key for `{profile}`: {cause}")]
    Keyring {
        /// The profile.
        profile: String,
        /// The reason.
        cause: String,
    },
    /// The program was built without the keyring.
    #[error("the key of `{profile}` is in the keyring, and this program was built without the feature `keyring`")]
    NoKeyring {
        /// The profile.
        profile: String,
    },
    /// Standard input could not be read.
    #[error("cannot read the key from standard input: {0}")]
    Stdin(io::Error),
    /// The source is empty, or its content cannot be a key.
    #[error("the key from {place} is not usable: {reason}")]
    Unusable {
        /// The source.
        place: String,
        /// The reason.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

impl Diagnostic for KeyError {
    fn class(&self) -> Class {
        match self {
            KeyError::Interrupted { .. } | KeyError::Cancelled => Class::Interrupted,
            _ => Class::Credentials,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            KeyError::Open { path, .. } => Some(format!("chmod 600 {}", path.display())),
            KeyError::Command { command, .. } => {
                shellish::advice(command).or_else(|| Some(format!("run it yourself to see: {command}")))
            }
            KeyError::Unusable { hint, .. } => hint.clone(),
            KeyError::Unset { name } => {
                Some(format!("export {name}, or name another place for the key in the profile"))
            }
            KeyError::NoKeyring { profile } => Some(format!(
                "key_command = \"secret-tool lookup service marsh username {profile}\" reads the same keyring"
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_permissions_are_a_credentials_error_with_a_remedy() {
        let path = || PathBuf::from("/c.toml");
        for (error, class, advice) in [
            (
                ConfigError::Open { path: path(), mode: 0o666, says: "it says x" },
                Class::Credentials,
                Some("chmod go-w /c.toml"),
            ),
            (
                ConfigError::Foreign { path: path(), owner: 7, says: "it says x" },
                Class::Credentials,
                Some("chown \"$USER\" /c.toml"),
            ),
            (ConfigError::Said { place: "-u".into(), problem: "no".into() }, Class::Usage, None),
            (ConfigError::NoProfile { name: "a".into(), path: path(), known: vec![] }, Class::Usage, Some("login")),
            (ConfigError::Write { path: path(), cause: io::Error::other("full") }, Class::Local, None),
        ] {
            assert_eq!(error.class(), class, "{error}");
            let hint = error.hint();
            assert_eq!(hint.is_some(), advice.is_some(), "{error}");
            assert!(hint.unwrap_or_default().contains(advice.unwrap_or_default()), "{error}");
        }
    }

    #[test]
    fn a_missing_key_is_a_credentials_error_unless_the_user_interrupted() {
        let open = KeyError::Open { path: "/key".into(), mode: 0o644 };
        assert_eq!((open.class(), open.hint().as_deref()), (Class::Credentials, Some("chmod 600 /key")));
        assert_eq!(KeyError::Interrupted { command: "pass".into() }.class(), Class::Interrupted);
        assert!(KeyError::Unset { name: "K".into() }.hint().unwrap().starts_with("export K"));
    }
}
