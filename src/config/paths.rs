//! Where the program stores its files: the XDG folders, on every system.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

/// The program's folders. Each is created when something is first written to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    cache: PathBuf,
    state: PathBuf,
}

impl Paths {
    /// The user's folders; `None` without a home folder.
    pub fn of_user() -> Option<Paths> {
        let base = choose_base_strategy().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        let below = |folder: PathBuf| folder.join("marsh");
        Some(Paths { config: below(base.config_dir()), cache: below(base.cache_dir()), state: below(state) })
    }

    /// All folders below one folder.
    pub fn below(folder: &Path) -> Paths {
        Paths { config: folder.join("config"), cache: folder.join("cache"), state: folder.join("state") }
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The lines that were saved under a name.
    pub fn saved_lines(&self) -> PathBuf {
        self.config.join("lines.toml")
    }

    /// Views that the user has written beside the catalogues.
    pub fn views(&self) -> PathBuf {
        self.config.join("views.toml")
    }

    /// The key file of a profile, as written by `marsh login`.
    pub fn key(&self, profile: &str) -> PathBuf {
        self.config.join("keys").join(one_name(profile))
    }

    /// The folders, each with its purpose.
    pub fn folders(&self) -> [(&'static str, &Path); 3] {
        [("config", &self.config), ("cache", &self.cache), ("state", &self.state)]
    }

    /// Results that could not be written to their destination and cannot be fetched again.
    pub fn kept(&self) -> PathBuf {
        self.state.join("kept")
    }

    /// The folder of what is kept between sessions.
    pub fn state(&self) -> PathBuf {
        self.state.clone()
    }

    /// The database of typed lines and of calls.
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.db")
    }

    /// The file in which older versions kept typed lines.
    pub fn history(&self) -> PathBuf {
        self.state.join("history")
    }

    /// A file whose presence means that the user has been told something once.
    pub fn notice_marker(&self, what: &str) -> PathBuf {
        self.state.join(format!("told-{what}"))
    }

    /// The certificate that clients of a TLS sandbox on this port must trust.
    pub fn sandbox_authority(&self, port: u16) -> PathBuf {
        self.state.join(format!("{AUTHORITY}{port}.pem"))
    }

    /// All such certificates that exist, each with its port.
    pub fn sandbox_authorities(&self) -> Vec<(u16, PathBuf)> {
        let entries = std::fs::read_dir(&self.state).into_iter().flatten().flatten();
        let port =
            |path: &Path| path.file_name()?.to_str()?.strip_prefix(AUTHORITY)?.strip_suffix(".pem")?.parse().ok();
        entries.filter_map(|entry| Some((port(&entry.path())?, entry.path()))).collect()
    }

    /// A catalogue fetched from an address.
    pub fn catalog(&self, url: &str) -> PathBuf {
        self.cache.join("catalogs").join(format!("{}.json", one_name(url)))
    }

    /// The catalogue of a provider that was imported from its document.
    pub fn imported(&self, provider: &str) -> PathBuf {
        self.state.join(PROVIDERS).join(format!("{}.{PACKED}", one_name(provider)))
    }

    /// The names of all such providers, sorted.
    pub fn all_imported(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.state.join(PROVIDERS)).into_iter().flatten().flatten();
        let name = |path: &Path| path.file_name()?.to_str()?.strip_suffix(PACKED)?.strip_suffix('.').map(str::to_owned);
        let mut names: Vec<String> = entries.filter_map(|entry| name(&entry.path())).collect();
        names.sort();
        names
    }

    /// The method list of a service.
    pub fn methods(&self, provider: &str, host: &str) -> PathBuf {
        self.cache.join("methods").join(format!("{provider}-{}.json", one_name(host)))
    }
}

/// The folder of imported catalogues, and the end of their file names.
const PROVIDERS: &str = "providers";
const PACKED: &str = "catalogue";

/// The start of the file names of the sandbox's certificates.
const AUTHORITY: &str = "sandbox-";

/// A text as a single file name.
pub(super) fn one_name(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_becomes_one_file_name() {
        let paths = Paths::below(Path::new("/x"));
        assert_eq!(paths.methods("p", "../[::1]:80"), Path::new("/x/cache/methods/p-..____1__80.json"));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a file for a test")]
    fn imported_providers_are_found_by_their_files() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        assert!(paths.all_imported().is_empty());
        for name in ["b", "a"] {
            let file = paths.imported(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        std::fs::write(paths.imported("a").with_extension("tmp"), "").unwrap();
        assert_eq!(paths.all_imported(), ["a", "b"]);
    }
}
