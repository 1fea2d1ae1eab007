//! Where the program keeps its files: the XDG folders, on every system.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

/// The program's folders. None is made before something is written into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    cache: PathBuf,
    state: PathBuf,
}

impl Paths {
    /// The user's folders; `None` when there is no home folder.
    pub fn of_user() -> Option<Paths> {
        let base = choose_base_strategy().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        let below = |folder: PathBuf| folder.join("marsh");
        Some(Paths { config: below(base.config_dir()), cache: below(base.cache_dir()), state: below(state) })
    }

    /// All folders below one.
    pub fn below(folder: &Path) -> Paths {
        Paths { config: folder.join("config"), cache: folder.join("cache"), state: folder.join("state") }
    }

    /// The accounts and choices of the user.
    pub fn config(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The key of a profile, where `marsh login` puts it.
    pub fn key(&self, profile: &str) -> PathBuf {
        self.config.join("keys").join(one_name(profile))
    }

    /// The folders, each with what it is for.
    pub fn folders(&self) -> [(&'static str, &Path); 3] {
        [("config", &self.config), ("cache", &self.cache), ("state", &self.state)]
    }

    /// Results that did not come to their place and cannot be had again.
    pub fn kept(&self) -> PathBuf {
        self.state.join("kept")
    }

    /// The folder of what is remembered between sessions.
    pub fn state(&self) -> PathBuf {
        self.state.clone()
    }

    /// The lines that were typed, and the calls that were made.
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.db")
    }

    /// The lines as older versions kept them.
    pub fn history(&self) -> PathBuf {
        self.state.join("history")
    }

    /// A file whose presence says that the user has been told something once.
    pub fn told(&self, what: &str) -> PathBuf {
        self.state.join(format!("told-{what}"))
    }

    /// The certificate that clients of a sandbox with TLS have to trust, by its port.
    pub fn sandbox_authority(&self, port: u16) -> PathBuf {
        self.state.join(format!("{AUTHORITY}{port}.pem"))
    }

    /// All such certificates that are there, each with its port.
    pub fn sandbox_authorities(&self) -> Vec<(u16, PathBuf)> {
        let entries = std::fs::read_dir(&self.state).into_iter().flatten().flatten();
        let port =
            |path: &Path| path.file_name()?.to_str()?.strip_prefix(AUTHORITY)?.strip_suffix(".pem")?.parse().ok();
        entries.filter_map(|entry| Some((port(&entry.path())?, entry.path()))).collect()
    }

    /// A catalogue that was fetched from an address.
    pub fn catalog(&self, url: &str) -> PathBuf {
        self.cache.join("catalogs").join(format!("{}.json", one_name(url)))
    }

    /// The method list that one service gave of itself.
    pub fn methods(&self, provider: &str, host: &str) -> PathBuf {
        self.cache.join("methods").join(format!("{provider}-{}.json", one_name(host)))
    }
}

/// How the names of the sandbox's certificates begin.
const AUTHORITY: &str = "sandbox-";

/// A text as one file name.
pub(super) fn one_name(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_stays_one_file_name() {
        let paths = Paths::below(Path::new("/x"));
        assert_eq!(paths.methods("p", "../[::1]:80"), Path::new("/x/cache/methods/p-..____1__80.json"));
    }
}
