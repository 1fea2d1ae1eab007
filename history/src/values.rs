//! What answers showed: the keys of an account's objects, with what people call them, so that they can be completed.
//!
//! What is shown waits in a file, as reads do: an answer neither waits for the disk nor opens the database. The file is
//! taken in when it is long, or by [`Journal::take_in_seen`]. To take it in twice changes nothing.

mod store;
mod waiting;

pub(crate) use waiting::path;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;

/// So many values of an account are kept, the newest.
pub const MOST_SEEN: usize = 50_000;
/// And of so many accounts, those of which something was seen last.
const MOST_ACCOUNTS: usize = 200;
/// No longer text is kept, in characters: it is nothing that anybody completes.
const LONGEST: usize = 200;

/// An object of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What kind of object it is, such as `dns.zone`. The crate knows none.
    pub kind: String,
    /// Its id, or whatever else a call names it by.
    pub key: String,
    /// What people call it; empty if there is nothing.
    pub label: String,
}

/// What one answer showed of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Whose objects they are.
    pub account: Account,
    /// When it was asked for.
    pub at: Millis,
    /// The list that showed them, if it was one.
    pub list: Option<String>,
    /// What that list showed before then, and not since, is gone: all of it has been read.
    pub whole_since: Option<Millis>,
    /// The objects that are there.
    pub seen: Vec<Object>,
    /// The kinds and the keys of those that are gone.
    pub gone: Vec<(String, String)>,
}

/// A value that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// See [`Object::key`].
    pub key: String,
    /// See [`Object::label`].
    pub label: String,
    /// When it was seen last.
    pub at: Millis,
}

impl Journal {
    /// Keeps what an answer showed. It neither waits for the disk nor, as a rule, opens the database.
    pub fn record_sighting(&self, sighting: &Sighting) -> Result<()> {
        if waiting::append(&self.place, sighting)? {
            // What waits is safe where it is; the next who takes it in tries again.
            let _ = self.take_in_seen();
        }
        Ok(())
    }

    /// Moves what waits into the database, if anything does.
    pub fn take_in_seen(&self) -> Result<()> {
        if !waiting::is_any(&self.place) {
            return Ok(());
        }
        let place = &self.place;
        self.with(|state| {
            waiting::take_in(place, |sightings| {
                state.database.write(Survives::Kill, |transaction| store::put_all(transaction, sightings))
            })
        })
    }

    /// At most `most` values of a kind whose key or label begins with a text; where none does, those of the newest
    /// 2,000 that contain it. The newest first. What waits to be taken in is not among them. Looking makes no journal.
    pub fn seen(&self, account: &Account, kind: &str, begun: &str, most: usize) -> Result<Vec<Seen>> {
        self.look_at(|connection| store::find(connection, account, (kind, begun), most))
    }

    /// How many values of each kind there are in an account, by kind.
    pub fn count_seen(&self, account: &Account) -> Result<Vec<(String, u64)>> {
        self.look_at(|connection| store::count(connection, account))
    }

    fn look_at<T: Default>(&self, look: impl FnOnce(&rusqlite::Connection) -> Result<T>) -> Result<T> {
        match self.find(|state| look(&state.database.connection)) {
            // A journal of an older version that cannot be changed has no such table.
            Err(Error::Database(_)) if self.path().is_file() => Ok(T::default()),
            found => found,
        }
    }
}

#[cfg(test)]
mod tests;
