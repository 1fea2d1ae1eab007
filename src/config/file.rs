//! `config.toml`: the accounts a user has, by name.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::model::{Class, Diagnostic};

/// What the file says. Everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The profile that a session begins with; the first by name when this is not said.
    #[serde(default)]
    pub profile: Option<String>,
    /// The accounts.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// One account at one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The provider's id.
    pub provider: String,
    /// One of the provider's ways to be spoken to.
    #[serde(default)]
    pub transport: Option<String>,
    /// One of the provider's places, such as `eu.west`.
    #[serde(default)]
    pub region: Option<String>,
    /// The address, where it is not the provider's own.
    #[serde(default)]
    pub url: Option<String>,
    /// The account's name, for providers that want one beside the key.
    #[serde(default)]
    pub user: Option<String>,
    /// A command that prints the key.
    #[serde(default)]
    pub key_command: Option<String>,
    /// The environment variable that holds the key.
    #[serde(default)]
    pub key_env: Option<String>,
    /// A file that holds the key and that nobody else can read.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// A catalogue file or address in place of the built-in one.
    #[serde(default)]
    pub catalog: Option<String>,
}

/// Why the file cannot be used.
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
    /// It is not what it should be.
    #[error("{}, line {line}: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
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
            ConfigError::NoProfile { .. } => Class::Usage,
            _ => Class::Local,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ConfigError::NoProfile { known, .. } if !known.is_empty() => Some(format!("it has {}", known.join(", "))),
            _ => None,
        }
    }
}

impl Config {
    /// Reads the file; one that is not there says nothing.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Config::parse(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Config::default()),
            Err(cause) => Err(ConfigError::Read { path: path.to_owned(), cause }),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or("").matches('\n').count() + 1;
            ConfigError::Content { path: path.to_owned(), line, problem: error.message().to_owned() }
        })
    }

    /// The name of the profile to begin with: the one asked for, else the file's own choice, else the first.
    pub fn first(&self, asked: Option<&str>, path: &Path) -> Result<Option<String>, ConfigError> {
        let Some(name) = asked.or(self.profile.as_deref()) else { return Ok(self.profiles.keys().next().cloned()) };
        if self.profiles.contains_key(name) {
            return Ok(Some(name.to_owned()));
        }
        let known = self.profiles.keys().cloned().collect();
        Err(ConfigError::NoProfile { name: name.to_owned(), path: path.to_owned(), known })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("c.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_names_its_accounts() {
        let config =
            parsed("profile = \"b\"\n[profiles.a]\nprovider = \"x\"\n[profiles.b]\nprovider = \"y\"\nuser = \"me\"\n")
                .unwrap();
        let path = Path::new("c.toml");
        assert_eq!(config.first(None, path).unwrap().as_deref(), Some("b"));
        assert_eq!(config.first(Some("a"), path).unwrap().as_deref(), Some("a"));
        let error = config.first(Some("c"), path).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.hint().as_deref()),
            ("there is no profile `c` in c.toml", Some("it has a, b"))
        );
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        for (text, fault) in [
            ("[profiles.a]\nprovider = \n", "c.toml, line 2:"),
            ("[profiles.a]\nprovider = \"x\"\nkey = \"secret\"\n", "c.toml, line 3: unknown field `key`"),
            ("[profiles.a]\nuser = \"x\"\n", "line 1: missing field `provider`"),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(fault), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
