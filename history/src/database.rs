//! The database file: how it is opened, and written with or without waiting for the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Error, Result};
use crate::{migrate, private};

/// A write-ahead log longer than this many bytes is moved into the database, because a process that opens the journal
/// alone has to read the whole log first. SQLite's automatic checkpoint does not shorten the file, so that it would grow
/// without limit if every process made only one call.
const LOG: u64 = 400_000;
/// The limit when a change is recorded, which should be sent soon.
const LOG_BEFORE_A_CHANGE: u64 = 4 * LOG;
/// The pause between two attempts to change the journal mode of a database that others use.
const PAUSE: Duration = Duration::from_millis(5);

/// Where the journal is, and how to open it.
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

/// What a write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Survives {
    /// The end of this process in any way.
    Kill,
    /// A power failure as well: the write waits for the disk.
    PowerLoss,
}

/// The open database.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) connection: Connection,
    /// The last migration, if a newer version has changed the tables.
    newer: Option<u32>,
    /// The current setting of the connection.
    survives: Survives,
    /// The device and inode of the file.
    identity: Option<(u64, u64)>,
    /// The write-ahead log.
    log: PathBuf,
    patience: Duration,
}

impl Database {
    /// Opens the journal. Creates or updates it first if necessary.
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
        // All that is written comes from types that have no other values, and the check takes longer than the row. What is
        // in the tables is checked by `Journal::check`, on a connection of its own.
        database.connection.pragma_update(None, "ignore_check_constraints", true)?;
        Ok(database)
    }

    /// Opens an existing file, whatever it contains, and makes it private.
    fn connect(path: &Path, patience: Duration) -> Result<Database> {
        private::check(path)?;
        for file in private::beside(path) {
            private::check_if_there(&file)?;
        }
        Database::look(path, patience)
    }

    /// Opens an existing file without changing anything.
    pub(crate) fn look(path: &Path, patience: Duration) -> Result<Database> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let identity = identity(path);
        connection.busy_timeout(patience)?;
        // The last process to close it must neither wait for the disk nor remove files: the names may belong to a new
        // journal by now.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        let [log, _] = private::beside(path);
        Ok(Database { connection, newer: None, survives: Survives::Kill, identity, log, patience })
    }

    /// Creates or updates the tables. The caller has locked the folder.
    fn prepare(&mut self, place: &Place) -> Result<()> {
        self.set(Survives::PowerLoss)?;
        log_ahead(&self.connection, place.patience)?;
        migrate::migrate(&mut self.connection, place.old_lines.as_deref())
    }

    /// Whether the file at the path is still this one. The user may have removed it.
    pub(crate) fn is_in_place(&self, path: &Path) -> bool {
        self.identity.is_some() && self.identity == identity(path)
    }

    /// Writes in one transaction, and returns when the write survives what it has to.
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
        // The rows are stored, even if this fails. The next write tries again.
        let _ = self.shorten(if survives == Survives::PowerLoss { LOG_BEFORE_A_CHANGE } else { LOG });
        Ok(done)
    }

    /// Moves a log that is longer than this into the database, unless another process is reading it.
    fn shorten(&self, most: u64) -> Result<()> {
        if !fs::metadata(&self.log).is_ok_and(|found| found.len() > most) {
            return Ok(());
        }
        self.connection.busy_timeout(Duration::ZERO)?;
        let done = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        self.connection.busy_timeout(self.patience)?;
        Ok(done?)
    }

    /// Fails if a newer version has changed the tables.
    pub(crate) fn must_be_known(&self) -> Result<()> {
        match self.newer {
            Some(found) => Err(Error::Newer { found, known: migrate::KNOWN }),
            None => Ok(()),
        }
    }

    fn set(&mut self, survives: Survives) -> Result<()> {
        if self.survives != survives {
            // Without a write-ahead log, which some file systems do not allow, FULL would not sync the folder.
            let level = if survives == Survives::PowerLoss { "EXTRA" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.survives = survives;
        }
        Ok(())
    }
}

/// Switches the database to a write-ahead log permanently. SQLite's own waiting does not apply here. If the file system
/// does not allow such a log, the journal works without one.
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
    fs::metadata(path).ok().map(|found| private::identity(&found))
}

#[cfg(test)]
mod tests;
