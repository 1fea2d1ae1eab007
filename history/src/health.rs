//! The health of the journal, and what a person can do about what is wrong.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension};

use crate::call::{CallId, is_open};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;
use crate::{migrate, private, reads};

/// What is known of the state of the journal.
#[derive(Debug)]
pub struct Health {
    /// The files that are there, with their size in bytes and whether nobody else has access.
    pub files: Vec<FileState>,
    /// The folder is closed to others.
    pub(crate) folder_is_private: bool,
    /// The number of the last migration of the file; 0 for a journal that was never written.
    pub format: u32,
    /// What SQLite finds wrong in the content; empty when all is well.
    pub damage: Vec<String>,
    /// How many lines there are.
    pub lines: u64,
    /// How many calls.
    pub calls: u64,
    /// The changes whose outcome is not known, and the jobs that are not over.
    pub open: u64,
    /// The newest change, which was on disk before it was sent, and when it began.
    pub last_durable: Option<(CallId, Millis)>,
}

/// A file of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Nobody but its owner has access.
    pub is_private: bool,
}

/// What a person can do about an error or a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Make room on the disk that this folder is on.
    MakeRoom(PathBuf),
    /// Allow writing in this folder.
    AllowWriting(PathBuf),
    /// Wait for, or end, the other program that has this file locked.
    EndTheOther(PathBuf),
    /// Move this file, and those beside it whose names go on with `-wal` and `-shm`, out of the way: a new journal is
    /// begun, and the old one can be looked into with the tools of SQLite.
    SetAside(PathBuf),
    /// Use the newer version of the program.
    Update,
    /// Set the permission bits of this file or folder.
    SetBits(PathBuf, u32),
    /// Find out what became of so many calls.
    Reconcile(u64),
}

impl Journal {
    /// Looks over the whole journal; takes as long as reading it. A journal that was never written is healthy, and is not
    /// made. One that cannot be opened is an error; one that is damaged inside is a finding.
    pub fn check(&self) -> Result<Health> {
        let path = self.path();
        let mut health = Health {
            files: files(&[&[path.clone()][..], &private::beside(&path), &[reads::path(&self.place)]].concat())?,
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
        // A connection of its own: the modes are as they were found, and one that is open may have read the file before
        // it was damaged.
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
    /// What can be done about what was found, in the order of its weight.
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

/// The files that are there.
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
