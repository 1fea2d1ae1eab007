//! `lines.toml`: lines that the user has saved under a name, for each profile.
//!
//! ```toml
//! [work]
//! zones = "dns.zone_list -o table"
//! ```

use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use super::error::ConfigError;
use super::private::{self, Lock};
use super::trusted;

/// A line with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The profile that it belongs to.
    pub profile: String,
    /// Its name.
    pub name: String,
    /// The line.
    pub line: String,
}

/// All lines of a file, in its order; none if there is no file.
pub fn read(path: &Path) -> Result<Vec<Saved>, ConfigError> {
    let document = document(path)?;
    let mut all = Vec::new();
    for (profile, item) in document.iter() {
        let lines = item.as_table_like().into_iter().flat_map(|table| table.iter());
        let texts = lines.filter_map(|(name, item)| Some((name, item.as_str()?)));
        let saved = |(name, line): (&str, &str)| Saved {
            profile: profile.to_owned(),
            name: name.to_owned(),
            line: line.trim().to_owned(),
        };
        all.extend(texts.map(saved));
    }
    Ok(all)
}

/// Saves a line of a profile under a name, or removes it; everything else in the file is kept, comments too. The file is
/// replaced in one step, and readable by its owner only.
pub fn put(path: &Path, profile: &str, name: &str, line: Option<&str>) -> Result<(), ConfigError> {
    let fault = |cause| ConfigError::Write { path: path.to_owned(), cause };
    let folder = path.parent().ok_or_else(|| fault(io::ErrorKind::InvalidInput.into()))?;
    let _lock = Lock::of(folder).map_err(fault)?;
    let mut document = document(path)?;
    let table = document.entry(profile).or_insert_with(|| Item::Table(Table::new()));
    let table =
        table.as_table_like_mut().ok_or_else(|| fault(io::Error::other(format!("`{profile}` is not a table"))))?;
    match line {
        Some(line) => drop(table.insert(name, value(line))),
        None => drop(table.remove(name)),
    }
    private::store(path, document.to_string().as_bytes()).map_err(fault)
}

fn document(path: &Path) -> Result<DocumentMut, ConfigError> {
    let Some(text) = trusted::text(path, trusted::LINES)? else { return Ok(DocumentMut::new()) };
    let fault = |cause| ConfigError::Read { path: path.to_owned(), cause };
    text.parse().map_err(|error: toml_edit::TomlError| fault(io::Error::other(error.message().to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_saved_and_the_rest_of_the_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marsh/lines.toml");
        assert_eq!(read(&path).unwrap(), []);
        put(&path, "work", "zones", Some("dns.zone_list -o table")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[work]\nzones = \"dns.zone_list -o table\"\n");
        private::store(&path, format!("# mine\n{text}\n[other.team]\nx = \"a '$1'\" # why\nodd = 5\n").as_bytes())
            .unwrap();
        put(&path, "work", "it's", Some("a \"b\"\\ 'c'")).unwrap();
        put(&path, "work", "zones", None).unwrap();
        put(&path, "work", "zones", None).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# mine\n[work]\n") && text.contains("# why\n") && text.contains("odd = 5"), "{text}");
        let line = |name: &str, line: &str| Saved { profile: "work".into(), name: name.into(), line: line.into() };
        assert_eq!(read(&path).unwrap(), [line("it's", "a \"b\"\\ 'c'")]);
        assert_eq!(private::bits(&path), Some(0o600));
    }

    #[test]
    fn lines_that_others_can_change_are_neither_run_nor_taken_over() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.toml");
        let text = "[work]\na = \"!id\"\n";
        private::store(&path, text.as_bytes()).unwrap();
        assert_eq!(read(&path).unwrap().len(), 1);
        for mode in [0o620, 0o602, 0o666] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = read(&path).unwrap_err().to_string();
            assert!(error.ends_with("and it says which lines are run"), "{mode:o}: {error}");
            assert!(put(&path, "work", "b", Some("c")).is_err(), "{mode:o}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.toml");
        for text in ["[work\n", "work = 5\n"] {
            private::store(&path, text.as_bytes()).unwrap();
            assert!(put(&path, "work", "a", Some("b")).is_err(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}
