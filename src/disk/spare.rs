//! A temporary file: it replaces another file when it is complete, and is removed if that never happens.
//!
//! Its name is recognizable, and it is locked while a process writes to it. So a process that creates one in a folder
//! first removes those that were left there by killed processes. A process that is ended by a signal removes its own.

use std::fs::{self, DirEntry, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Seek, Write};
use std::mem;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::OFlags;
use rustix::process::geteuid;
use tempfile::{Builder, NamedTempFile, PersistError};

use crate::signals;

/// The start of its name, before random letters and digits.
const PREFIX: &str = ".marsh-part-";
/// The same for one that is kept because it could not be put in place: it is never removed.
const KEPT: &str = ".marsh-kept-";
/// The number of random characters.
const DRAWN: usize = 6;
/// The most entries of a folder that are checked for leftover files.
const LOOKED_AT: usize = 4096;
/// How many times a new one is created if another process removes it before it is locked.
const ATTEMPTS: usize = 8;

/// The temporary files of this process.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn live() -> MutexGuard<'static, Vec<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all temporary files of this process that are not in place: the process is about to end. A thread that wants
/// to make another one afterwards waits for that end, so that nothing is left behind.
pub fn clean() {
    let mut live = live();
    remove(&mut live);
    mem::forget(live);
}

fn remove(live: &mut Vec<PathBuf>) {
    for path in live.drain(..) {
        let _ = fs::remove_file(path);
    }
}

/// A file without a name, which disappears when it is closed.
pub fn spool() -> io::Result<File> {
    tempfile::tempfile()
}

/// The same in a folder.
pub fn spool_in(folder: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder)
}

/// A temporary file.
#[derive(Debug)]
pub struct Spare {
    file: NamedTempFile,
    name: Registered,
}

/// The path that [`clean`] removes.
#[derive(Debug)]
struct Registered(PathBuf);

impl Drop for Registered {
    fn drop(&mut self) {
        live().retain(|path| *path != self.0);
    }
}

/// A file that could not be put in place.
#[derive(Debug)]
pub struct Unplaced {
    /// The reason.
    pub source: io::Error,
    /// The file.
    pub spare: Spare,
}

impl Spare {
    /// A new one in a folder, with these permission bits minus the umask.
    pub fn within(folder: &Path, bits: u32) -> io::Result<Spare> {
        sweep(folder);
        let mut builder = Builder::new();
        builder.permissions(Permissions::from_mode(bits));
        Spare::made(&mut builder, |builder| builder.tempfile_in(folder))
    }

    /// A new one in the system's temporary folder, for its owner alone. `ending` is the end of its name.
    pub fn elsewhere(ending: &str) -> io::Result<Spare> {
        let mut builder = Builder::new();
        builder.permissions(Permissions::from_mode(0o600)).suffix(ending);
        let spare = Spare::made(&mut builder, |builder| builder.tempfile())?;
        sweep(folder_of(spare.path()));
        Ok(spare)
    }

    fn made<'b>(
        builder: &mut Builder<'b, '_>,
        make: impl Fn(&Builder<'b, '_>) -> io::Result<NamedTempFile>,
    ) -> io::Result<Spare> {
        builder.prefix(PREFIX).rand_bytes(DRAWN);
        // From here on a signal does not end the process before `clean` has run, and `clean` waits until a file that is
        // being made is in the list.
        signals::guard();
        for _ in 0..ATTEMPTS {
            let mut live = live();
            let file = make(builder)?;
            if is_held(file.as_file()) {
                let path = file.path().to_owned();
                live.push(path.clone());
                return Ok(Spare { file, name: Registered(path) });
            }
        }
        Err(io::Error::other("others remove what is made in this folder"))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The file itself.
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// The file opened once more, from its beginning.
    pub fn reopen(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// Replaces another file in one step, durably; an existing one only with `replace`. A file that cannot be replaced
    /// because it is mounted, such as a single file in a container, gets the content instead, and its old content back
    /// if that fails.
    pub fn put(self, target: &Path, replace: bool) -> Result<(), Unplaced> {
        if let Err(source) = self.file.as_file().sync_all() {
            return Err(Unplaced { source, spare: self });
        }
        let Spare { file, name } = self;
        let moved = if replace { file.persist(target) } else { file.persist_noclobber(target) };
        let Err(PersistError { error, file }) = moved else {
            // The file is in place. If the folder cannot be synced, as on some network disks, this is no error.
            let _ = File::open(folder_of(target)).and_then(|folder| folder.sync_all());
            return Ok(());
        };
        let spare = Spare { file, name };
        let done = match error.kind() {
            io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices if replace => spare.copy_into(target),
            _ => Err(error),
        };
        done.map_err(|source| Unplaced { source, spare })
    }

    fn copy_into(&self, target: &Path) -> io::Result<()> {
        let mut place = OpenOptions::new().read(true).write(true).open(target)?;
        let bits = self.as_file().metadata()?.permissions();
        if place.metadata()?.permissions() != bits {
            place.set_permissions(bits)?;
        }
        let mut before = spool()?;
        io::copy(&mut place, &mut before)?;
        overwrite(&mut place, &mut self.reopen()?).inspect_err(|_| {
            // The old content fits, since it was there before.
            let _ = before.rewind().and_then(|()| overwrite(&mut place, &mut before));
        })
    }

    /// Keeps it in its folder under a recognizable name, and returns the new path.
    pub fn keep(self) -> io::Result<PathBuf> {
        let drawn = self.path().to_string_lossy().replace(PREFIX, KEPT);
        let path = PathBuf::from(drawn);
        self.file.persist_noclobber(&path).map_err(|error| error.error)?;
        Ok(path)
    }
}

impl Write for Spare {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn overwrite(place: &mut File, content: &mut File) -> io::Result<()> {
    place.set_len(0)?;
    place.rewind()?;
    io::copy(content, place)?;
    place.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Locks a file that has just been created. `false` if another process removed it first. Where there are no locks, no
/// files are removed either.
fn is_held(file: &File) -> bool {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => false,
        _ => file.metadata().is_ok_and(|found| found.nlink() > 0),
    }
}

/// Removes files left in a folder by processes of this user that no longer run.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.take(LOOKED_AT).flatten().filter(|entry| is_spare(&entry.file_name().to_string_lossy())) {
        let _ = remove_if_left(&entry);
    }
}

fn remove_if_left(entry: &DirEntry) -> io::Result<()> {
    let found = entry.metadata()?;
    let ours = found.is_file() && found.nlink() == 1 && found.uid() == geteuid().as_raw();
    if !ours {
        return Ok(());
    }
    let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(no_follow).open(entry.path())?;
    // A process that writes to it holds the lock; and it must still be the same file.
    match file.try_lock() {
        Ok(()) if file.metadata()?.ino() == found.ino() => fs::remove_file(entry.path()),
        _ => Ok(()),
    }
}

/// Whether a name has the form used here.
fn is_spare(name: &str) -> bool {
    let drawn = name.strip_prefix(PREFIX).and_then(|rest| rest.get(..DRAWN));
    drawn.is_some_and(|drawn| drawn.chars().all(|c| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use tempfile::{TempDir, tempdir};

    fn fill(path: &Path, content: &str) {
        File::create(path).unwrap().write_all(content.as_bytes()).unwrap();
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn leftover_files_are_removed_and_nothing_else() {
        let folder = tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let held = Spare::within(folder.path(), 0o600).unwrap();
        let others =
            [".marsh-part-", ".marsh-part-ab", ".marsh-part-a!cdef", ".marsh-kept-abcdef", "marsh-part-abcdef"];
        others.iter().for_each(|name| fill(&at(name), "x"));
        fill(&at(".marsh-part-abcdef"), "left");
        fill(&at(".marsh-part-ABCDE1.marsh"), "left");
        fs::create_dir(at(".marsh-part-folder")).unwrap();
        symlink("marsh-part-abcdef", at(".marsh-part-linked")).unwrap();
        fs::hard_link(at("marsh-part-abcdef"), at(".marsh-part-twofol")).unwrap();
        let before = names(&folder);
        sweep(folder.path());
        let gone: Vec<String> = before.into_iter().filter(|name| at(name).symlink_metadata().is_err()).collect();
        assert_eq!(gone, [".marsh-part-ABCDE1.marsh", ".marsh-part-abcdef"]);
        assert!(held.path().exists());
        drop(held);
        sweep(&at("nowhere"));
    }

    #[test]
    fn no_file_is_made_while_the_list_can_be_cleaned() {
        let folder = tempdir().unwrap();
        let spare = Spare::made(&mut Builder::new(), |builder| {
            assert!(LIVE.try_lock().is_err(), "a signal that comes now leaves the file");
            builder.tempfile_in(folder.path())
        });
        let spare = spare.unwrap();
        let mut ours = vec![spare.path().to_owned()];
        assert!(live().contains(&ours[0]));
        remove(&mut ours);
        assert!(!spare.path().exists() && ours.is_empty());
    }

    #[test]
    fn a_process_that_ends_removes_its_own() {
        let folder = tempdir().unwrap();
        let mut kept = Spare::within(folder.path(), 0o600).unwrap();
        kept.write_all(b"whole").unwrap();
        let (placed, dropped) =
            (Spare::within(folder.path(), 0o600).unwrap(), Spare::within(folder.path(), 0o600).unwrap());
        placed.put(&folder.path().join("placed"), false).unwrap();
        drop(dropped);
        let kept = kept.keep().unwrap();
        let open = Spare::within(folder.path(), 0o600).unwrap();
        assert!(open.path().exists());
        // As `clean` does, without those of other tests.
        let ours: Vec<PathBuf> = live().iter().filter(|path| path.starts_with(folder.path())).cloned().collect();
        assert_eq!(ours, [open.path()]);
        assert_eq!(fs::read(&kept).unwrap(), b"whole");
        assert!(kept.file_name().unwrap().to_string_lossy().starts_with(KEPT));
    }

    #[test]
    fn a_file_that_cannot_be_replaced_gets_the_content() {
        let folder = tempdir().unwrap();
        let target = folder.path().join("target");
        fill(&target, "a longer old content");
        let mut spare = Spare::within(folder.path(), 0o600).unwrap();
        spare.write_all(b"new").unwrap();
        spare.copy_into(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::metadata(&target).unwrap().mode() & 0o777, 0o600);
        let Err(Unplaced { source, .. }) = spare.put(&folder.path().join("no/where"), true) else {
            panic!("no folder")
        };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
    }
}
