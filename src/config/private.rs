//! Files for their owner alone: written completely or not at all, and never readable by others, not even for a moment.

use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::paths::one_name;
use crate::disk::{self, Spare};

/// Replaces a file, durably. Missing folders are created for the owner alone; a symbolic link is kept.
pub fn store(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = Spare::within(folder, 0o600)?;
    file.write_all(content)?;
    file.put(&path, true).map_err(|unplaced| unplaced.source)
}

/// Creates a new file in a folder, durably, and returns its path. If the name is taken, a number is added.
pub fn store_new(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = Spare::within(folder, 0o600)?;
    file.write_all(content)?;
    let name = one_name(name);
    for number in 1..=MOST_OF_ONE_NAME {
        let path = folder.join(if number == 1 { name.clone() } else { format!("{name}-{number}") });
        match file.put(&path, false) {
            Ok(()) => return Ok(path),
            Err(unplaced) if unplaced.source.kind() == io::ErrorKind::AlreadyExists => file = unplaced.spare,
            Err(unplaced) => return Err(unplaced.source),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The most files with the same name and different numbers.
const MOST_OF_ONE_NAME: u32 = 100;

/// Keeps other processes of this program out of a folder while the value lives. The folder is created if it is missing.
#[derive(Debug)]
pub struct Lock(Option<File>);

impl Lock {
    /// Waits until no other process holds the lock. On a file system without locks, it has no effect.
    pub fn of(folder: &Path) -> io::Result<Lock> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let folder = File::open(folder)?;
        Ok(Lock(folder.lock().is_ok().then_some(folder)))
    }

    /// Whether the lock is effective.
    pub fn holds(&self) -> bool {
        self.0.is_some()
    }
}

/// Checks that files can be created in a folder, or in the nearest existing folder above it. Nothing is left there.
pub fn can_hold_files(folder: &Path) -> io::Result<()> {
    let there = folder.ancestors().find(|folder| folder.exists()).ok_or(io::ErrorKind::NotFound)?;
    disk::spool_in(there).map(|_| ())
}

/// The permission bits of a file; `None` if it does not exist.
pub fn bits(path: &Path) -> Option<u32> {
    std::fs::metadata(path).ok().map(|found| found.permissions().mode() & 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn a_lock_keeps_others_out_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::of(&folder.path().join("a")).unwrap();
        assert!(lock.holds());
        let other = File::open(folder.path().join("a")).unwrap();
        assert!(other.try_lock().is_err());
        drop(lock);
        assert!(other.try_lock().is_ok());
    }

    #[test]
    fn files_and_folders_are_private_and_a_link_is_kept() {
        let world = tempfile::tempdir().unwrap();
        let path = world.path().join("a/b/key");
        assert_eq!((bits(&path), can_hold_files(&path).is_ok()), (None, true));
        store(&path, b"one").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let link = world.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        store(&link, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!((bits(&path), bits(path.parent().unwrap())), (Some(0o600), Some(0o700)));
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        let kept = world.path().join("kept");
        let first = store_new(&kept, "2026-01-02T03:04:05Z-a/b", b"1").unwrap();
        let second = store_new(&kept, "2026-01-02T03:04:05Z-a/b", b"2").unwrap();
        assert_eq!((first, second), (kept.join("2026-01-02T03_04_05Z-a_b"), kept.join("2026-01-02T03_04_05Z-a_b-2")));
        assert_eq!((bits(&kept), std::fs::read_dir(&kept).unwrap().count()), (Some(0o700), 2));
        assert!(store(&path.join("below-a-file"), b"").is_err() && can_hold_files(&path).is_err());
    }
}
