//! Recording calls: the row of a change is on disk before the change is sent, and is closed once.

use rusqlite::params;

use crate::call::{CallId, Finish, Found, NewCall, may_change};
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;
use crate::reads::Waits;
use crate::rows::{Begun, end, insert, must_be_open};

/// So many reads are added to the file at once.
const TOGETHER: usize = 100;

impl Journal {
    /// Records changes that are about to be sent together for the first time, with the outcome *unknown*. Either all of
    /// them are recorded or none is. When this returns, the rows are on disk and survive a power failure. After an error
    /// there are no rows, and nothing may be sent.
    pub fn begin_changes(&self, calls: &[NewCall]) -> Result<Vec<CallId>> {
        self.write(Survives::PowerLoss, |transaction| {
            let begun = Begun { session: &self.session, process: self.process, is_change: true, attempts: 1 };
            calls.iter().map(|call| insert(transaction, call, &begun, None)).collect()
        })
    }

    /// Records calls that only read, after they have ended. This neither waits for the disk nor opens the database. The
    /// number is how many times a call was sent.
    pub fn record_reads(&self, reads: &[(NewCall, u32, Finish)]) -> Result<()> {
        reads.chunks(TOGETHER).try_for_each(|some| self.add_reads(some))
    }

    fn add_reads(&self, reads: &[(NewCall, u32, Finish)]) -> Result<()> {
        let (session, process) = (self.session.as_str(), self.process);
        let waits = |(call, attempts, finish)| Waits { session, process, call, attempts, finish };
        let reads = reads.iter().map(|(call, attempts, finish)| waits((call, *attempts, finish)));
        let waiting: Vec<Waits<'_>> = reads.collect();
        let append = || self.reads.append(&self.place, &waiting);
        let added = match append() {
            Err(Error::Full) => self.open().and_then(|()| append()),
            added => added,
        };
        if added? {
            // Nothing is lost if this fails: the next process that opens the database takes them in.
            let _ = self.open();
        }
        Ok(())
    }

    /// Records that an open call is about to be sent again. As with the first attempt, the row is on disk when this
    /// returns.
    pub fn attempt(&self, id: CallId) -> Result<()> {
        self.write(Survives::PowerLoss, |transaction| {
            let mut update = transaction.prepare_cached(ATTEMPT)?;
            let changed = update.execute(params![id.0])?;
            must_be_open(transaction, id, changed)
        })
    }

    /// Records the end of an open call. This does not wait for the disk: after a power failure the row may say *unknown*
    /// again, which is still true.
    pub fn finish(&self, id: CallId, finish: &Finish) -> Result<()> {
        self.write(Survives::Kill, |transaction| end(transaction, id, finish))
    }

    /// Records what was found out about an open call: `by` is the method that showed it or who said so, `object` the id of
    /// the object that the call created, if that was seen. If the outcome stays unknown, this may be called again later.
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
