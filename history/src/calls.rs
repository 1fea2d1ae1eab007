//! Calls: a change is on disk before it leaves, and its row is closed once.

use rusqlite::params;

use crate::call::{CallId, Finish, Found, NewCall, Outcome, may_change};
use crate::database::Survives;
use crate::error::Result;
use crate::journal::Journal;
use crate::moment::Millis;
use crate::reads::{self, Waiting};
use crate::rows::{Begun, end, insert, must_be_open};

impl Journal {
    /// Puts changes on record that are about to be sent together for the first time, with an unknown outcome: all of
    /// them or none. It returns when the rows are on disk and would survive a loss of power. After an error there are no
    /// rows, and nothing may be sent.
    pub fn begin_changes(&self, calls: &[NewCall]) -> Result<Vec<CallId>> {
        self.write(Survives::PowerLoss, |transaction| {
            let begun = Begun { session: &self.session, process: std::process::id(), is_change: true, attempts: 1 };
            calls.iter().map(|call| insert(transaction, call, &begun, Outcome::Unknown)).collect()
        })
    }

    /// Puts a call on record that is over and changed nothing: a read with its answer. It neither waits for the disk
    /// nor opens the database. `attempts` says how often it was sent.
    pub fn record_read(&self, call: &NewCall, attempts: u32, finish: &Finish) -> Result<()> {
        if reads::are_too_many(&self.place) {
            self.open()?;
            reads::must_have_room(&self.place)?;
        }
        let (session, process) = (self.session.clone(), std::process::id());
        let waiting = Waiting { session, process, call: call.clone(), attempts, finish: finish.clone() };
        if reads::append(&self.place, &waiting)? {
            // They are safe where they are; the next who opens the database tries again.
            let _ = self.open();
        }
        Ok(())
    }

    /// Notes that an open call is about to be sent once more. The same holds as for a first time: the row is on disk when
    /// this returns.
    pub fn attempt(&self, id: CallId) -> Result<()> {
        self.write(Survives::PowerLoss, |transaction| {
            let mut update = transaction.prepare_cached(ATTEMPT)?;
            let changed = update.execute(params![id.0])?;
            must_be_open(transaction, id, changed)
        })
    }

    /// Notes what became of an open call. It does not wait for the disk: after a loss of power the row may say
    /// *unknown* again, but never more than what was true.
    pub fn finish(&self, id: CallId, finish: &Finish) -> Result<()> {
        self.write(Survives::Kill, |transaction| end(transaction, id, finish))
    }

    /// Notes what was found out about an open call, `by` what it was seen or who said so, and the id of the object that
    /// it made, if that was seen. A call whose outcome remains unknown may be noted again later.
    pub fn reconcile(&self, id: CallId, found: Found, by: &str, object: Option<&str>, at: Millis) -> Result<()> {
        self.write(Survives::PowerLoss, |transaction| {
            let mut update = transaction.prepare_cached(RECONCILE)?;
            let changed = update.execute(params![id.0, found, by, at, object])?;
            must_be_open(transaction, id, changed)
        })
    }
}

const ATTEMPT: &str = concat!("UPDATE calls SET attempts = attempts + 1 WHERE id = ?1 AND ", may_change!());
const RECONCILE: &str = concat!(
    "UPDATE calls SET found = ?2, reconciled_by = ?3, reconciled_at = ?4,
    object = coalesce(?5, object),
    outcome = CASE ?2 WHEN 'happened' THEN 'done' WHEN 'did_not' THEN 'failed' ELSE outcome END
    WHERE id = ?1 AND ",
    may_change!()
);

#[cfg(test)]
mod tests;
