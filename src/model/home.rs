//! The home folder, and the one rule for `~/` in a path.

use std::path::{Path, PathBuf};

/// The user's home folder, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home(Option<PathBuf>);

impl Home {
    /// This folder. An empty or relative path does not count as a home.
    pub fn new(folder: Option<PathBuf>) -> Home {
        Home(folder.filter(|folder| folder.is_absolute()))
    }

    /// A path with the home folder in place of a leading `~`. `./~/x` is a folder named `~`, and `~x` is a name too:
    /// only shells know the home folders of other users.
    pub fn expand(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), &self.0) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_owned(),
        }
    }

    /// The same for a path relative to a folder, such as that of the file that contains it.
    pub fn expand_in(&self, folder: &Path, path: &Path) -> PathBuf {
        folder.join(self.expand(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_path_may_be_the_home_folder() {
        let home = Home::new(Some("/home/me".into()));
        for (path, expanded, in_folder) in [
            ("~/x/y", "/home/me/x/y", "/home/me/x/y"),
            ("~", "/home/me", "/home/me"),
            ("~/", "/home/me", "/home/me"),
            ("~//x", "/home/me/x", "/home/me/x"),
            ("~x/y", "~x/y", "/f/~x/y"),
            ("./~/x", "./~/x", "/f/~/x"),
            ("a/~/x", "a/~/x", "/f/a/~/x"),
            ("x", "x", "/f/x"),
            ("/x", "/x", "/x"),
            ("", "", "/f/"),
        ] {
            assert_eq!(home.expand(Path::new(path)), Path::new(expanded), "{path}");
            assert_eq!(home.expand_in(Path::new("/f"), Path::new(path)), Path::new(in_folder), "{path}");
        }
        for none in [None, Some(PathBuf::new()), Some("me".into())] {
            assert_eq!(Home::new(none).expand(Path::new("~/x")), Path::new("~/x"));
        }
    }
}
