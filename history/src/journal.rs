//! The handle of the journal, which opens the database when it is first needed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Transaction;

use crate::account::Account;
use crate::database::{Database, Place, Survives};
use crate::error::Result;
use crate::{old, private, reads};

/// How long a write waits for others before it fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// The journal: the lines that were typed and the calls that were made.
///
/// A handle costs nothing until its first use, which opens the file `journal.db` in the folder. Methods that record
/// something create both if necessary; methods that only look do not. Any number of handles, in any number of processes,
/// may be used at the same time. A method that fails has changed nothing and may be called again: opening is then tried
/// again, too.
#[derive(Debug)]
pub struct Journal {
    pub(crate) place: Place,
    pub(crate) session: String,
    pub(crate) process: u32,
    /// The file of the reads that wait.
    pub(crate) reads: reads::Kept,
    state: Mutex<Option<State>>,
    /// This handle has looked for lines of other sessions before there was a journal, so that all of them are news.
    began_empty: AtomicBool,
}

/// The open database, and what this handle has seen of it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) database: Database,
    /// The number of the newest line that this handle has seen; `None` before it first looked.
    pub(crate) seen: Option<i64>,
    /// The newest line that this handle has seen or stored, as it was stored, and its account.
    pub(crate) last: Option<(String, Option<Account>)>,
}

impl Journal {
    /// A handle of the journal in a folder that is used for nothing else. The folder is created if necessary and made
    /// private. `session` is the name of this session, which must be unique.
    pub fn at(folder: impl Into<PathBuf>, session: impl Into<String>) -> Journal {
        let place = Place { folder: folder.into(), old_lines: None, patience: PATIENCE };
        Journal {
            place,
            session: session.into(),
            process: std::process::id(),
            reads: reads::Kept::default(),
            state: Mutex::new(None),
            began_empty: AtomicBool::new(false),
        }
    }

    /// Imports the lines of an older version when the journal is created. They are in a text file with one entry on each
    /// line. This happens once, in the process that creates the journal, and leaves the file unchanged.
    #[must_use]
    pub fn taking_over(mut self, old_lines: impl Into<PathBuf>) -> Journal {
        self.place.old_lines = Some(old_lines.into());
        self
    }

    /// Waits this long for other writers instead of five seconds.
    #[cfg(test)]
    pub(crate) fn waiting(mut self, patience: Duration) -> Journal {
        self.place.patience = patience;
        self
    }

    /// The name of this session.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The path of the database file, which may not exist yet.
    pub fn path(&self) -> PathBuf {
        self.place.database()
    }

    /// The folder of the journal.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    /// Opens the journal now, and creates it if necessary. This is never required: the other methods do it themselves.
    pub fn open(&self) -> Result<()> {
        self.with(|_| Ok(()))
    }

    /// Acts on the open journal. If its file has been removed or replaced, the new one is opened or created.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match state.take() {
            Some(open) if open.database.is_in_place(&self.path()) => open,
            left => State {
                // If the journal was replaced, everything in the new one is news.
                seen: (left.is_some() || self.began_empty.load(Ordering::Relaxed)).then_some(0),
                database: Database::open(&self.place)?,
                last: None,
            },
        };
        let open = state.insert(open);
        // If this fails, the reads wait for the next use.
        let _ = reads::take_in(&self.place, &mut open.database);
        act(open)
    }

    /// Looks at what is recorded. Looking never creates a journal: without one, the result is `None`. Only reads and older
    /// lines that are waiting for a journal are a reason to create it.
    pub(crate) fn look<T>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<Option<T>> {
        let waits = || reads::wait(&self.place) || self.place.old_lines.as_deref().is_some_and(old::are_there);
        if self.is_written() || waits() { self.with(act).map(Some) } else { Ok(None) }
    }

    /// The same, with the default if there is no journal.
    pub(crate) fn find<T: Default>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        Ok(self.look(act)?.unwrap_or_default())
    }

    /// The same for the lines of other sessions: those that are stored after this are news.
    pub(crate) fn watch<T: Default>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let found = self.look(act)?;
        if found.is_none() {
            self.began_empty.store(true, Ordering::Relaxed);
        }
        Ok(found.unwrap_or_default())
    }

    /// Whether there is a database file, or something else in its place.
    pub(crate) fn is_written(&self) -> bool {
        private::is_there(&self.path())
    }

    /// Writes in one transaction.
    pub(crate) fn write<T>(&self, survives: Survives, act: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.with(|state| state.database.write(survives, act))
    }
}

#[cfg(test)]
mod tests;
