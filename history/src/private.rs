//! Files and folders that only their owner can use.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Permission bits of a file.
pub(crate) const FILE: u32 = 0o600;
/// Permission bits of a folder.
pub(crate) const FOLDER: u32 = 0o700;

/// Makes a folder with those above it, on disk for good, or takes the access of others to it away.
pub(crate) fn folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return close(path, FOLDER);
    }
    let there = path.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
    // The name of a new folder is kept by the one above it.
    for above in path.ancestors().skip(1).take_while(|above| above.starts_with(there)) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        File::open(above)?.sync_all()?;
    }
    Ok(())
}

/// Makes an empty file unless there is one. A file that is there is not opened: closing it would drop the locks that
/// this process has on it.
pub(crate) fn file(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check(path),
        made => Ok(made.map(drop)?),
    }
}

/// Takes the access of others to a file away. Anything but a regular file is refused: to make `/dev/null` private would
/// be a disaster.
pub(crate) fn check(path: &Path) -> Result<()> {
    if !fs::metadata(path)?.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    close(path, FILE)
}

fn close(path: &Path, bits: u32) -> Result<()> {
    if is_private(&fs::metadata(path)?) {
        return Ok(());
    }
    match fs::set_permissions(path, Permissions::from_mode(bits)) {
        // Nothing can be changed there, and reading goes on.
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(Error::NotPrivate(path.to_owned())),
        changed => Ok(changed?),
    }
}

/// Nobody but the owner has access.
pub(crate) fn is_private(found: &Metadata) -> bool {
    found.permissions().mode() & 0o077 == 0
}

/// Whether something is there. Where that cannot be known, something is, so that opening it says why.
pub(crate) fn is_there(path: &Path) -> bool {
    !fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// The files that SQLite puts beside a database.
pub(crate) fn beside(database: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// The same for a file that may be missing.
pub(crate) fn check_if_there(path: &Path) -> Result<()> {
    match check(path) {
        Err(Error::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(()),
        checked => checked,
    }
}

/// Acts while no other process prepares the same folder. Where folders cannot be locked, it acts all the same: the
/// database has locks of its own.
pub(crate) fn alone<T>(folder: &Path, act: impl FnOnce() -> Result<T>) -> Result<T> {
    let held: io::Result<File> = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
    let done = act();
    drop(held);
    done
}

#[cfg(test)]
mod tests;
