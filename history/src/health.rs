//! The check of the journal, and what a person can do about problems.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension};

use crate::call::{CallId, is_open};
use crate::database::{Database, Place};
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;
use crate::{migrate, private, reads, values};

/// The state of the journal.
#[derive(Debug)]
pub struct Health {
    /// The files that exist.
    pub files: Vec<FileState>,
    /// Only the owner has access to the folder.
    pub(crate) folder_is_private: bool,
    /// The number of the last migration of the file; 0 if there is no database yet.
    pub format: u32,
    /// What SQLite finds wrong in the content; empty if nothing is.
    pub damage: Vec<String>,
    /// The number of lines.
    pub lines: u64,
    /// The number of calls.
    pub calls: u64,
    /// The number of open calls: changes with an unknown outcome, and jobs that have not been seen to end.
    pub open: u64,
    /// The newest change and when it started. It was on disk before it was sent.
    pub last_durable: Option<(CallId, Millis)>,
}

/// A file of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Only the owner has access.
    pub is_private: bool,
}

/// What a person can do about an error or a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Free space on the disk of this folder.
    MakeRoom(PathBuf),
    /// Make this folder writable.
    AllowWriting(PathBuf),
    /// Wait for the program that has locked this file, or end it.
    EndTheOther(PathBuf),
    /// Move this file and the files beside it with `-wal` and `-shm` at the end of the name elsewhere. A new journal will be
    /// created, and the old one can be examined with SQLite's tools.
    SetAside(PathBuf),
    /// Use the newer version of the program.
    Update,
    /// Set the permission bits of this file or folder.
    SetBits(PathBuf, u32),
    /// Find out the outcome of the open calls, which are this many.
    Reconcile(u64),
}

impl Journal {
    /// Checks the whole journal, which takes as long as reading it. If nothing was ever recorded, the journal is healthy and
    /// is not created. A journal that cannot be opened is an error; damaged content is reported in [`Health::damage`].
    pub fn check(&self) -> Result<Health> {
        let path = self.path();
        let mut health = Health {
            files: files(&[&[path.clone()][..], &private::beside(&path), &waiting(&self.place)].concat())?,
            folder_is_private: fs::metadata(self.folder()).is_ok_and(|found| private::is_private(&found)),
            format: 0,
            damage: Vec::new(),
            lines: 0,
            calls: 0,
            open: 0,
            last_durable: None,
        };
        if !self.is_written() {
            return Ok(health);
        }
        // A connection of its own: this one leaves permissions unchanged, and one that is already open may have read the
        // file before it was damaged.
        let database = Database::look(&path, self.place.patience)?;
        examine(&database.connection, &mut health)?;
        Ok(health)
    }

    /// What can be done about an error.
    pub fn mend(&self, error: &Error) -> Option<Mend> {
        Some(match error {
            Error::Full => Mend::MakeRoom(self.folder().to_owned()),
            Error::ReadOnly => Mend::AllowWriting(self.folder().to_owned()),
            Error::Locked => Mend::EndTheOther(self.path()),
            Error::Corrupt(_) | Error::Foreign => Mend::SetAside(self.path()),
            Error::Newer { .. } => Mend::Update,
            Error::NotAFile(path) => Mend::SetAside(path.clone()),
            Error::NotPrivate(path) if path.is_dir() => Mend::SetBits(path.clone(), private::FOLDER),
            Error::NotPrivate(path) => Mend::SetBits(path.clone(), private::FILE),
            Error::NoSuchCall(_) | Error::Closed { .. } | Error::Io(_) | Error::Database(_) => return None,
        })
    }
}

impl Health {
    /// What can be done about the problems, the most serious first.
    pub fn mends(&self, journal: &Journal) -> Vec<Mend> {
        let mut mends = Vec::new();
        if !self.damage.is_empty() {
            mends.push(Mend::SetAside(journal.path()));
        }
        if self.format > migrate::KNOWN {
            mends.push(Mend::Update);
        }
        if !self.files.is_empty() && !self.folder_is_private {
            mends.push(Mend::SetBits(journal.folder().to_owned(), private::FOLDER));
        }
        let open = self.files.iter().filter(|file| !file.is_private);
        mends.extend(open.map(|file| Mend::SetBits(file.path.clone(), private::FILE)));
        if self.open > 0 {
            mends.push(Mend::Reconcile(self.open));
        }
        mends
    }
}

/// The files whose content waits to be taken in.
fn waiting(place: &Place) -> [PathBuf; 2] {
    [reads::path(place), values::path(place)]
}

/// Those of the files that exist.
fn files(paths: &[PathBuf]) -> Result<Vec<FileState>> {
    let mut files = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(found) => {
                let (size, is_private) = (found.len(), private::is_private(&found));
                files.push(FileState { path: path.clone(), size, is_private });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(files)
}

fn examine(connection: &Connection, health: &mut Health) -> Result<()> {
    health.format = migrate::version(connection)?;
    let mut check = connection.prepare("PRAGMA integrity_check(20)")?;
    let found = check.query_map([], |row| row.get::<_, String>(0))?;
    for line in found {
        match line.map_err(Error::from) {
            Ok(line) if line == "ok" => {}
            Ok(line) => health.damage.push(line),
            Err(Error::Corrupt(line)) => health.damage.push(line),
            Err(error) => return Err(error),
        }
    }
    if health.format == 0 || !health.damage.is_empty() {
        return Ok(());
    }
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    health.lines = count("SELECT count(*) FROM lines")?;
    health.calls = count("SELECT count(*) FROM calls")?;
    health.open = count(concat!("SELECT count(*) FROM calls WHERE ", is_open!()))?;
    let newest = connection.query_row(LAST_DURABLE, [], |row| Ok((CallId(row.get(0)?), row.get(1)?)));
    health.last_durable = newest.optional()?;
    Ok(())
}

const LAST_DURABLE: &str = "SELECT id, begun FROM calls WHERE is_change ORDER BY id DESC LIMIT 1";

#[cfg(test)]
mod tests;
