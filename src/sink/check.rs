//! Checks whether a result can be written to a file, without opening or creating anything.

use std::io;
use std::path::Path;

use rustix::fs::{Access, access};

use super::file::{is_read_only, unopened};
use super::target::{Target, folder_of};
use super::{FileSink, Mode, SinkError};

impl FileSink {
    /// Refuses a destination for which [`FileSink::open`] would fail, as far as that can be known without opening it.
    pub fn check(path: &Path, mode: Mode) -> Result<(), SinkError> {
        let failed = |source| unopened(path, source);
        if path.as_os_str().is_empty() {
            return Err(SinkError::NoName);
        }
        let seen = match Target::of(path).map_err(failed)? {
            Target::Directory => return Err(SinkError::Directory { path: path.to_owned() }),
            Target::File { .. } if mode == Mode::New => return Err(SinkError::Exists { path: path.to_owned() }),
            Target::File { path: target, found } if mode != Mode::Force && is_read_only(&target, &found) => {
                return Err(SinkError::ReadOnly { path: path.to_owned() });
            }
            Target::File { .. } if mode == Mode::Append => Ok(()),
            // The result is written beside the file first.
            Target::File { path, .. } | Target::Absent { path } => takes_files(folder_of(&path)),
            // The reader of a named pipe may still be started.
            Target::Stream { .. } => may(path, Access::WRITE_OK),
        };
        seen.map_err(failed)
    }
}

fn takes_files(folder: &Path) -> io::Result<()> {
    if !folder.metadata()?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    may(folder, Access::WRITE_OK | Access::EXEC_OK)
}

fn may(path: &Path, what: Access) -> io::Result<()> {
    Ok(access(path, what)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// Every destination gets the same verdict as by opening it, and nothing is created or removed.
    #[test]
    fn the_check_agrees_with_opening() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        File::create(at("file")).unwrap();
        File::create(at("fixed")).unwrap();
        fs::create_dir(at("dir")).unwrap();
        fs::create_dir(at("shut")).unwrap();
        fs::set_permissions(at("fixed"), Permissions::from_mode(0o444)).unwrap();
        fs::set_permissions(at("shut"), Permissions::from_mode(0o555)).unwrap();
        symlink("file", at("link")).unwrap();
        symlink("missing/far", at("astray")).unwrap();
        let names = || {
            let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = names();
        let mut refused = 0;
        for name in ["file", "fixed", "dir", "link", "astray", "new", "missing/new", "file/new", "shut/new", "new/", ""]
        {
            for mode in [Mode::Replace, Mode::Append, Mode::New, Mode::Force] {
                let checked = FileSink::check(&at(name), mode).map_err(|error| error.to_string());
                assert_eq!(names(), before, "{name} {mode:?}");
                let opened = FileSink::open(&at(name), mode, false).map(drop).map_err(|error| error.to_string());
                assert_eq!(checked, opened, "{name} {mode:?}");
                refused += usize::from(checked.is_err());
            }
        }
        assert!(refused > 20, "{refused}");
        assert!(FileSink::check(Path::new("/dev/null"), Mode::New).is_ok());
    }
}
