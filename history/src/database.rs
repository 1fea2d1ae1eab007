//! The open file: how it is opened, and how it is written with and without waiting for the disk.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Error, Result};
use crate::{migrate, private};

/// A write-ahead log of so many bytes is moved into the database: a process that opens the journal while no other has
/// it open reads all of the log first. SQLite's own way to do it leaves the log as it was, to be written over; it would
/// grow without end where every process makes one call.
const LOG: u64 = 400_000;
/// The same before a change, which should leave soon.
const LOG_BEFORE_A_CHANGE: u64 = 4 * LOG;
/// Between two tries to change the mode of a database that others use.
const PAUSE: Duration = Duration::from_millis(5);

/// Where the journal is, and what is known of it before it is opened.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) old_lines: Option<PathBuf>,
    pub(crate) patience: Duration,
}

impl Place {
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("journal.db")
    }
}

/// What a write is sure to outlive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Survives {
    /// The end of this process, however that comes.
    Kill,
    /// The end of power too: the write returns when the disk has it.
    PowerLoss,
}

/// The open file.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) connection: Connection,
    /// The last migration of a newer version, if one has changed the tables.
    newer: Option<u32>,
    /// What the connection is set to.
    survives: Survives,
    /// The device and the number of the file.
    identity: Option<(u64, u64)>,
    /// The write-ahead log.
    log: PathBuf,
    patience: Duration,
}

impl Database {
    /// Opens the journal; makes or updates it first where needed.
    pub(crate) fn open(place: &Place) -> Result<Database> {
        let path = place.database();
        private::folder(&place.folder)?;
        if !path.exists() {
            private::alone(&place.folder, || private::file(&path))?;
        }
        let mut database = Database::connect(&path, place.patience)?;
        if migrate::version(&database.connection)? < migrate::KNOWN {
            private::alone(&place.folder, || database.prepare(place))?;
        }
        let version = migrate::version(&database.connection)?;
        database.newer = (version > migrate::KNOWN).then_some(version);
        Ok(database)
    }

    /// Opens a file that is there, whatever is in it, and closes it to others.
    fn connect(path: &Path, patience: Duration) -> Result<Database> {
        private::check(path)?;
        for file in private::beside(path) {
            private::check_if_there(&file)?;
        }
        Database::look(path, patience)
    }

    /// Opens a file that is there, and leaves all as it is.
    pub(crate) fn look(path: &Path, patience: Duration) -> Result<Database> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let identity = identity(path);
        connection.busy_timeout(patience)?;
        // The last to leave neither waits for the disk nor removes files by a name that may be another's by now.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        let [log, _] = private::beside(path);
        Ok(Database { connection, newer: None, survives: Survives::Kill, identity, log, patience })
    }

    /// Makes the tables of this version. The folder is locked meanwhile.
    fn prepare(&mut self, place: &Place) -> Result<()> {
        self.set(Survives::PowerLoss)?;
        log_ahead(&self.connection, place.patience)?;
        migrate::migrate(&mut self.connection, place.old_lines.as_deref())
    }

    /// The file at the path is still this one; the user may have removed it.
    pub(crate) fn is_in_place(&self, path: &Path) -> bool {
        self.identity.is_some() && self.identity == identity(path)
    }

    /// Writes in one step, and returns when the step has the wanted permanence.
    pub(crate) fn write<T>(
        &mut self,
        survives: Survives,
        act: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.must_be_known()?;
        self.set(survives)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = act(&transaction)?;
        transaction.commit()?;
        // The row is there, whatever comes of this; the next write tries again.
        let _ = self.shorten(if survives == Survives::PowerLoss { LOG_BEFORE_A_CHANGE } else { LOG });
        Ok(done)
    }

    /// Moves a log that is longer than this into the database, unless somebody reads it just now.
    fn shorten(&self, most: u64) -> Result<()> {
        if !fs::metadata(&self.log).is_ok_and(|found| found.len() > most) {
            return Ok(());
        }
        self.connection.busy_timeout(Duration::ZERO)?;
        let done = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        self.connection.busy_timeout(self.patience)?;
        Ok(done?)
    }

    /// Refuses what changes tables that this version does not know.
    pub(crate) fn must_be_known(&self) -> Result<()> {
        match self.newer {
            Some(found) => Err(Error::Newer { found, known: migrate::KNOWN }),
            None => Ok(()),
        }
    }

    fn set(&mut self, survives: Survives) -> Result<()> {
        if self.survives != survives {
            // Where the file system allows no write-ahead log, EXTRA waits for what FULL leaves out then.
            let level = if survives == Survives::PowerLoss { "EXTRA" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.survives = survives;
        }
        Ok(())
    }
}

/// Goes over to a write-ahead log, for good. SQLite does not wait for others here. Where the file system allows no such
/// log, the journal does without.
fn log_ahead(connection: &Connection, patience: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).map_err(Error::from) {
            Err(Error::Locked) if begun.elapsed() < patience => thread::sleep(PAUSE),
            done => return done,
        }
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(test)]
mod tests;
