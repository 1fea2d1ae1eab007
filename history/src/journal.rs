//! The handle: where the journal is, and the connection once it is needed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Transaction;

use crate::account::Account;
use crate::database::{Database, Place, Survives};
use crate::error::Result;
use crate::{old, private, reads};

/// So long a write waits for others before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The journal: the lines that were typed and the calls that were made.
///
/// A handle costs nothing until its first use, which opens the file `journal.db` in the folder and makes both when they
/// are missing. Any number of handles, in any number of processes, may be used at the same time. A method that fails has
/// changed nothing, and may be called again: each use of a journal that could not be opened tries anew.
#[derive(Debug)]
pub struct Journal {
    pub(crate) place: Place,
    pub(crate) session: String,
    state: Mutex<Option<State>>,
    /// This handle has watched for lines of others before there was a journal: all of them are news.
    began_empty: AtomicBool,
}

/// What is open, and how far this handle has looked.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) database: Database,
    /// The number of the newest line that this handle has seen; none before it looked for the first time.
    pub(crate) seen: Option<i64>,
    /// The newest line that this handle knows of, as it was stored, and its account.
    pub(crate) last: Option<(String, Option<Account>)>,
}

impl Journal {
    /// The journal in a folder, which belongs to it: it is made when it is missing, and closed to others. `session` names
    /// the session of this handle; no other has the same name.
    pub fn at(folder: impl Into<PathBuf>, session: impl Into<String>) -> Journal {
        let place = Place { folder: folder.into(), old_lines: None, patience: PATIENCE };
        Journal { place, session: session.into(), state: Mutex::new(None), began_empty: AtomicBool::new(false) }
    }

    /// Takes over the lines of an older record when the journal is made: a file with an entry on each line. It is done
    /// once, by whichever process makes the journal, and the file is left as it is.
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

    /// The database file, which need not be there yet.
    pub fn path(&self) -> PathBuf {
        self.place.database()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    /// Opens the journal now. Every other method does it by itself.
    pub fn open(&self) -> Result<()> {
        self.with(|_| Ok(()))
    }

    /// Acts on the open journal. One whose file was removed or replaced is left, and the one in its place opened or made.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match state.take() {
            Some(open) if open.database.is_in_place(&self.path()) => open,
            left => State {
                // Whatever others write into a journal that was begun anew is news.
                seen: (left.is_some() || self.began_empty.load(Ordering::Relaxed)).then_some(0),
                database: Database::open(&self.place)?,
                last: None,
            },
        };
        let open = state.insert(open);
        // What cannot be taken in now waits for the next use.
        let _ = reads::take_in(&self.place, &mut open.database);
        act(open)
    }

    /// Looks at what is on record. Looking never makes a journal: this is `None` if there is none, and nothing that a new
    /// one would take in.
    pub(crate) fn look<T>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<Option<T>> {
        let waits = || reads::wait(&self.place) || self.place.old_lines.as_deref().is_some_and(old::are_there);
        if self.is_written() || waits() { self.with(act).map(Some) } else { Ok(None) }
    }

    /// The same, where nothing on record means the default.
    pub(crate) fn find<T: Default>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        Ok(self.look(act)?.unwrap_or_default())
    }

    /// Looks for the lines of others, and remembers to have looked.
    pub(crate) fn watch<T: Default>(&self, act: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let found = self.look(act)?;
        if found.is_none() {
            self.began_empty.store(true, Ordering::Relaxed);
        }
        Ok(found.unwrap_or_default())
    }

    /// Whether there is a database, or something in its place.
    pub(crate) fn is_written(&self) -> bool {
        private::is_there(&self.path())
    }

    /// Writes in one step.
    pub(crate) fn write<T>(&self, survives: Survives, act: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.with(|state| state.database.write(survives, act))
    }
}

#[cfg(test)]
mod tests;
