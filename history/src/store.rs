//! The file: private, shared by several shells, replaced in one step when it is cut back.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::mem;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::KEPT;

/// Permission bits of the file: its owner's only.
const PRIVATE: u32 = 0o600;
/// The same for folders.
const PRIVATE_FOLDER: u32 = 0o700;

#[derive(Debug)]
pub(crate) struct Store {
    /// Its own path, which is no link.
    path: PathBuf,
    file: File,
    /// Up to here the open file is known, or stands in `news`.
    seen: u64,
    /// What others have put there, and nobody has asked for yet.
    news: Vec<u8>,
}

impl Store {
    pub(crate) fn open(path: &Path) -> io::Result<Store> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(folder)?;
        }
        let file = open_private(path)?;
        let seen = file.metadata()?.len();
        Ok(Store { path: fs::canonicalize(path)?, file, seen, news: Vec::new() })
    }

    /// The whole content, as of now.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        match fs::read(&self.path) {
            // The user has removed the file under our hands.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            content => content,
        }
    }

    /// Adds a line in one write.
    pub(crate) fn append(&mut self, line: &str) -> io::Result<()> {
        self.locked(|store| {
            store.gather()?;
            // What broke off, as when the disk was full, stays a line of its own.
            let start = if store.ends_in_a_line()? { "" } else { "\n" };
            store.file.write_all(format!("{start}{line}\n").as_bytes())?;
            store.seen = store.file.metadata()?.len();
            Ok(())
        })
    }

    /// Whole lines that others have put there since this was last asked. Costs one look at the folder when there are
    /// none.
    pub(crate) fn news(&mut self) -> io::Result<Vec<u8>> {
        match fs::metadata(&self.path) {
            Ok(there) if !same_file(&there, &self.file.metadata()?) => self.change_over(open_private(&self.path)?)?,
            Ok(there) if there.len() != self.seen => self.gather()?,
            Ok(_) => {}
            // Removed under our hands; the end of it can still be read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.gather()?,
            Err(error) => return Err(error),
        }
        Ok(mem::take(&mut self.news))
    }

    /// Reads on in the open file, up to the end of its last whole line.
    fn gather(&mut self) -> io::Result<()> {
        let mut more = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.seen))?;
        file.read_to_end(&mut more)?;
        let whole = more.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        more.truncate(whole);
        self.seen += more.len() as u64;
        self.news.append(&mut more);
        Ok(())
    }

    /// Goes over to the file that another shell has put in the place of this one.
    fn change_over(&mut self, file: File) -> io::Result<()> {
        self.gather()?;
        self.file = file;
        self.seen = self.end_of_kept()?;
        self.gather()
    }

    /// Where the open file goes on behind what it was cut back to. One that has fewer lines was begun anew.
    fn end_of_kept(&self) -> io::Result<u64> {
        let mut content = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut content)?;
        if count(&content) < KEPT {
            return Ok(0);
        }
        let kept = content.split_inclusive(|byte| *byte == b'\n').take(KEPT);
        Ok(kept.map(|line| line.len() as u64).sum())
    }

    /// Cuts the file back to the newest `kept` lines if it has more than `most`.
    pub(crate) fn keep_newest(&mut self, most: usize, kept: usize) -> io::Result<()> {
        if count(&self.read()?) <= most {
            return Ok(());
        }
        self.locked(|store| {
            // Another shell may have done it while this one waited for the lock.
            let content = store.read()?;
            let lines = count(&content);
            if lines <= most {
                return Ok(());
            }
            let newest = content.split_inclusive(|byte| *byte == b'\n').skip(lines - kept);
            store.replace(&newest.collect::<Vec<_>>().concat())
        })
    }

    /// Puts other content in the file's place. The lock is held, so that the name beside it is ours alone.
    fn replace(&mut self, content: &[u8]) -> io::Result<()> {
        let beside = self.path.with_added_extension("new");
        let mut file = open_private(&beside)?;
        file.set_len(0)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        self.file = file;
        self.seen = content.len() as u64;
        Ok(())
    }

    /// Acts while no other shell does.
    fn locked<T>(&mut self, act: impl FnOnce(&mut Store) -> io::Result<T>) -> io::Result<T> {
        let done = self.lock_in_place().and_then(|()| act(self));
        // A file that was replaced has lost its lock with its handle; unlocking the new one does no harm.
        self.file.unlock()?;
        done
    }

    /// Locks the file that is in place now: the one that is open may have been replaced or removed.
    fn lock_in_place(&mut self) -> io::Result<()> {
        self.file.lock()?;
        while !self.is_in_place()? {
            self.change_over(open_private(&self.path)?)?;
            self.file.lock()?;
        }
        Ok(())
    }

    fn is_in_place(&self) -> io::Result<bool> {
        match fs::metadata(&self.path) {
            Ok(there) => Ok(same_file(&there, &self.file.metadata()?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn ends_in_a_line(&self) -> io::Result<bool> {
        let mut file = &self.file;
        if file.metadata()?.len() == 0 {
            return Ok(true);
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }
}

/// Opens or makes a file that only its owner can read, and takes the access of others away. Anything but a regular
/// file is refused: to make `/dev/null` private would be a disaster.
fn open_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).append(true).create(true).mode(PRIVATE).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    if found.permissions().mode() & 0o777 != PRIVATE {
        file.set_permissions(Permissions::from_mode(PRIVATE))?;
    }
    Ok(file)
}

fn same_file(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// How many lines there are, one that broke off among them.
fn count(content: &[u8]) -> usize {
    content.split_inclusive(|byte| *byte == b'\n').count()
}
