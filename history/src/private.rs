//! Files and folders that only their owner can access.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Permission bits of a file.
pub(crate) const FILE: u32 = 0o600;
/// Permission bits of a folder.
pub(crate) const FOLDER: u32 = 0o700;

/// Creates a folder with its parents and syncs them, or makes an existing folder private.
pub(crate) fn folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return close(path, FOLDER);
    }
    let there = path.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
    // The name of a new folder is stored in its parent.
    for above in path.ancestors().skip(1).take_while(|above| above.starts_with(there)) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        File::open(above)?.sync_all()?;
    }
    Ok(())
}

/// Creates an empty file unless it exists. An existing file is not opened, because closing it would release the locks that
/// this process holds on it.
pub(crate) fn file(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check(path),
        made => Ok(made.map(drop)?),
    }
}

/// Opens a private file to add something at its end, and creates it and its folder if necessary.
pub(crate) fn to_append(within: &Path, path: &Path) -> Result<File> {
    let is_ready = |path: &Path, is_right: fn(&Metadata) -> bool| {
        fs::metadata(path).is_ok_and(|found| is_right(&found) && is_private(&found))
    };
    if !is_ready(within, Metadata::is_dir) || !is_ready(path, Metadata::is_file) {
        folder(within)?;
        file(path)?;
    }
    Ok(OpenOptions::new().append(true).open(path)?)
}

/// Makes a file private. Anything but a regular file is refused: making `/dev/null` private would be a disaster.
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
        // Permissions cannot be changed there, but reading still works.
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(Error::NotPrivate(path.to_owned())),
        changed => Ok(changed?),
    }
}

/// Whether only the owner has access.
pub(crate) fn is_private(found: &Metadata) -> bool {
    found.permissions().mode() & 0o077 == 0
}

/// The device and inode of a file: it is another one if they differ.
pub(crate) fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

/// Whether something exists. True if that cannot be found out, so that opening it reports the error.
pub(crate) fn is_there(path: &Path) -> bool {
    !fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// The files that SQLite creates beside a database.
pub(crate) fn beside(database: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// Makes a file private if it exists.
pub(crate) fn check_if_there(path: &Path) -> Result<()> {
    match check(path) {
        Err(Error::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(()),
        checked => checked,
    }
}

/// Acts while no other process prepares the same folder. If the folder cannot be locked, it acts anyway: the database has
/// locks of its own.
pub(crate) fn alone<T>(folder: &Path, act: impl FnOnce() -> Result<T>) -> Result<T> {
    let held: io::Result<File> = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
    let done = act();
    drop(held);
    done
}

#[cfg(test)]
mod tests;
