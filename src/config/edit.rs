//! Writes a profile to `config.toml`; everything else in the file, including comments, is kept.

use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use super::error::ConfigError;
use super::file::{Config, PROFILES};
use super::private;

/// Adds a profile, or replaces the one of that name, and makes the file readable by its owner only. Sessions still
/// begin with the same profile, even if the new name sorts first. `values` are keys and their texts. The caller must
/// hold the lock of the folder.
pub fn add_profile(path: &Path, name: &str, values: &[(&str, String)]) -> Result<(), ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(ConfigError::Read { path: path.to_owned(), cause: error });
        }
        read => read.unwrap_or_default(),
    };
    let config = Config::read(path)?;
    let first = config.first(None)?.unwrap_or_else(|| name.to_owned());
    let fault = |cause| ConfigError::Write { path: path.to_owned(), cause };
    let text = edited(&text, name, values, &first).map_err(fault)?;
    private::store(path, text.as_bytes()).map_err(fault)
}

fn edited(text: &str, name: &str, values: &[(&str, String)], first: &str) -> io::Result<String> {
    let mut document: DocumentMut = text.parse().map_err(io::Error::other)?;
    if document.get("profile").is_none() {
        document.insert("profile", value(first));
    }
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let profiles = document.entry(PROFILES).or_insert(Item::Table(implicit));
    let profiles = profiles.as_table_like_mut().ok_or_else(|| io::Error::other("`profiles` is not a table"))?;
    let mut profile = Table::new();
    for (key, text) in values {
        let text = if text == "true" { value(true) } else { value(text.as_str()) };
        let mut table = &mut profile;
        let (path, key) = key.rsplit_once('.').map_or((None, *key), |(path, key)| (Some(path), key));
        for part in path.iter().flat_map(|path| path.split('.')) {
            let inner = table.entry(part).or_insert_with(|| Item::Table(dotted()));
            table = inner.as_table_mut().ok_or_else(|| io::Error::other("a key is a table and a value"))?;
        }
        table.insert(key, text);
    }
    profiles.insert(name, Item::Table(profile));
    Ok(document.to_string())
}

/// A table that is written in front of its keys: `secrets.otp.key_file`.
fn dotted() -> Table {
    let mut table = Table::new();
    table.set_dotted(true);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Vec<(&'static str, String)> {
        vec![("provider", "x".into()), ("read_only", "true".into())]
    }

    #[test]
    fn a_profile_is_added_and_the_rest_is_kept() {
        for (before, after) in [
            ("", "profile = \"new\"\n\n[profiles.new]\nprovider = \"x\"\nread_only = true\n"),
            (
                "# mine\ntimeout = 5 # s\n\n[profiles.zed] # old\nprovider = \"y\"\n",
                "# mine\ntimeout = 5 # s\nprofile = \"zed\"\n\n[profiles.zed] # old\nprovider = \"y\"\n\n\
                 [profiles.new]\nprovider = \"x\"\nread_only = true\n",
            ),
            (
                "profile = \"new\"\n[profiles.new]\nprovider = \"old\"\nuser = \"me\"\n",
                "profile = \"new\"\n\n[profiles.new]\nprovider = \"x\"\nread_only = true\n",
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("config.toml");
            if !before.is_empty() {
                private::store(&path, before.as_bytes()).unwrap();
            }
            add_profile(&path, "new", &values()).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap().trim_start(), after);
            assert_eq!((private::bits(&path), Config::read(&path).is_ok()), (Some(0o600), true));
        }
    }

    #[test]
    fn the_places_of_secrets_are_tables_of_the_profile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let values = [
            ("provider", "x".to_owned()),
            ("secrets.otp.key_file", "f".into()),
            ("secrets.app.keyring", "true".into()),
        ];
        add_profile(&path, "new", &values).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let profile = Config::read(&path).unwrap().profiles["new"].clone();
        assert_eq!(profile.secret("otp").unwrap().text("key_file"), Some("f"), "{text}");
        assert_eq!(profile.secret("app").unwrap().text("keyring"), Some("true"), "{text}");
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        private::store(&path, b"[profiles.a\n").unwrap();
        assert!(matches!(add_profile(&path, "new", &values()), Err(ConfigError::Content { line: 1, .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"[profiles.a\n");
    }
}
