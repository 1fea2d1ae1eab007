//! Why there are no settings, or no key.

use std::io;
use std::path::PathBuf;

use super::shellish;
use model::{Class, Diagnostic};

/// Why the file, or what else settles something, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is there and cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Others can change it.
    #[error("{} can be changed by others (mode {mode:04o}), and it says where keys come from", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is somebody else's.
    #[error("{} belongs to another user (number {owner}), and it says where keys come from", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The number of the user.
        owner: u32,
    },
    /// It cannot be written.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is not what it should be.
    #[error("{}, line {line}: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What would be right.
        hint: Option<String>,
    },
    /// A variable or a flag does not say what it should.
    #[error("{place}: {problem}")]
    Said {
        /// The variable or the flag.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// It names a profile that it does not describe.
    #[error("there is no profile `{name}` in {}", path.display())]
    NoProfile {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
        /// The profiles there are.
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
        /// Why.
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
    /// The command did not give one.
    #[error("`{command}` supplied no key: {cause}")]
    Command {
        /// As the user wrote it.
        command: String,
        /// Why.
        cause: String,
    },
    /// Ctrl-C, while a command was to print it.
    #[error("interrupted while waiting for the key from `{command}`")]
    Interrupted {
        /// As the user wrote it.
        command: String,
    },
    /// The variable that should hold it is not set.
    #[error("the variable {name} is not set")]
    Unset {
        /// The variable.
        name: String,
    },
    /// The keyring did not give or take one.
    #[error("the keyring has no key for `{profile}`: {cause}")]
    Keyring {
        /// The profile.
        profile: String,
        /// Why.
        cause: String,
    },
    /// The program was built without the keyring.
    #[error("the key of `{profile}` is in the keyring, and this program was built without the feature `keyring`")]
    NoKeyring {
        /// The profile.
        profile: String,
    },
    /// Standard input gave none.
    #[error("cannot read the key from standard input: {0}")]
    Stdin(io::Error),
    /// The source is empty, or what is in it cannot be a key.
    #[error("the key from {place} is not usable: {reason}")]
    Unusable {
        /// Where it came from.
        place: String,
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
    },
}

impl Diagnostic for KeyError {
    fn class(&self) -> Class {
        match self {
            KeyError::Interrupted { .. } => Class::Interrupted,
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
    fn a_fault_of_the_files_rights_is_one_of_the_credentials_and_has_its_remedy() {
        let path = || PathBuf::from("/c.toml");
        for (error, class, advice) in [
            (ConfigError::Open { path: path(), mode: 0o666 }, Class::Credentials, Some("chmod go-w /c.toml")),
            (ConfigError::Foreign { path: path(), owner: 7 }, Class::Credentials, Some("chown \"$USER\" /c.toml")),
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
    fn a_missing_key_is_a_fault_of_the_credentials_unless_the_user_broke_off() {
        let open = KeyError::Open { path: "/key".into(), mode: 0o644 };
        assert_eq!((open.class(), open.hint().as_deref()), (Class::Credentials, Some("chmod 600 /key")));
        assert_eq!(KeyError::Interrupted { command: "pass".into() }.class(), Class::Interrupted);
        assert!(KeyError::Unset { name: "K".into() }.hint().unwrap().starts_with("export K"));
    }
}
