//! What answers showed: the keys of an account's objects, with what people call them, so that they can be completed.
//!
//! What is shown waits in a file, as reads do: an answer neither waits for the disk nor opens the database. The file is
//! taken in when it is long, or by [`Journal::take_in_seen`]. To take it in twice changes nothing.

mod sighting;
mod store;
mod waiting;

pub use sighting::{MOST_SEEN, Object, Seen, Sighting};
pub(crate) use waiting::path;

use std::borrow::Cow;

use crate::account::Account;
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;

/// So many sightings are added to the file at once.
const TOGETHER: usize = 100;

impl Journal {
    /// Keeps what answers showed. It neither waits for the disk nor, as a rule, opens the database.
    pub fn record_sightings(&self, sightings: &[Cow<'_, Sighting>]) -> Result<()> {
        sightings.chunks(TOGETHER).try_for_each(|some| {
            if waiting::append(&self.place, some)? {
                // What waits is safe where it is; the next who takes it in tries again.
                let _ = self.take_in_seen();
            }
            Ok(())
        })
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

    /// The same of those that were seen in these objects: for each entry, in one of the objects that it may be. An entry
    /// in which nothing of the kind was seen, or too much, does not count. Where none of them begins with the text, all
    /// that do are found.
    pub fn seen_within(
        &self,
        account: &Account,
        (kind, begun): (&str, &str),
        within: &[Vec<(String, String)>],
        most: usize,
    ) -> Result<Vec<Seen>> {
        self.look_at(|connection| {
            let found = store::find_within(connection, account, (kind, begun), within, most)?;
            if found.is_empty() { store::find(connection, account, (kind, begun), most) } else { Ok(found) }
        })
    }

    /// How many values of each kind there are in an account, by kind.
    #[cfg(test)]
    pub(crate) fn count_seen(&self, account: &Account) -> Result<Vec<(String, u64)>> {
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
