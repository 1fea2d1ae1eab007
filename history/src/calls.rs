//! Calls: a change is on disk before it leaves, and its row is closed once.

use std::time::Duration;

use rusqlite::{Transaction, named_params, params};

use crate::account;
use crate::call::{CallId, Finish, Found, NewCall, Outcome};
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::line::millis;
use crate::moment::Millis;

impl Journal {
    /// Puts a change on record, as one whose outcome is not known and that is about to be sent for the first time. It
    /// returns when the row is on the disk and would survive a loss of power. After an error there is no row, and nothing
    /// may be sent.
    pub fn begin_change(&self, call: &NewCall) -> Result<CallId> {
        self.write(Survives::PowerLoss, |transaction| self.insert(transaction, call, true, 1, Outcome::Unknown))
    }

    /// Puts a call on record that is over and changed nothing: a read with its answer. It does not wait for the disk.
    /// `attempts` says how often it was sent.
    pub fn record_read(&self, call: &NewCall, attempts: u32, finish: &Finish) -> Result<CallId> {
        self.record(call, false, attempts, finish)
    }

    /// Puts a change on record that was stopped on this side before anything was sent. It does not wait for the disk.
    pub fn record_blocked(&self, call: &NewCall, exit_code: i32) -> Result<CallId> {
        self.record(call, true, 0, &Finish::new(Outcome::Blocked, exit_code, Duration::ZERO))
    }

    fn record(&self, call: &NewCall, is_change: bool, attempts: u32, finish: &Finish) -> Result<CallId> {
        self.write(Survives::Kill, |transaction| {
            let id = self.insert(transaction, call, is_change, attempts, Outcome::Unknown)?;
            end(transaction, id, finish)?;
            Ok(id)
        })
    }

    fn insert(
        &self,
        transaction: &Transaction<'_>,
        call: &NewCall,
        is_change: bool,
        attempts: u32,
        outcome: Outcome,
    ) -> Result<CallId> {
        let (provider, profile, account) = account::three(Some(&call.account));
        transaction.prepare_cached(INSERT)?.execute(named_params! {
            ":begun": call.begun,
            ":session": self.session,
            ":process": std::process::id(),
            ":line": call.line.map(|line| line.0),
            ":provider": provider,
            ":profile": profile,
            ":account": account,
            ":method": call.method,
            ":text": call.text,
            ":effect": call.effect,
            ":is_change": is_change,
            ":request": call.request,
            ":attempts": attempts,
            ":outcome": outcome,
            ":key": call.key.as_ref().map(|key| &key.text),
            ":key_until": call.key.as_ref().and_then(|key| key.until),
            ":before": call.before,
        })?;
        Ok(CallId(transaction.last_insert_rowid()))
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

    /// Notes the job that the provider has begun for an open call. The row is on disk when this returns: another session
    /// may wait for the job.
    pub fn job(&self, id: CallId, job: &str) -> Result<()> {
        self.write(Survives::PowerLoss, |transaction| {
            let mut update = transaction.prepare_cached(JOB)?;
            let changed = update.execute(params![id.0, job])?;
            must_be_open(transaction, id, changed)
        })
    }

    /// Notes what was found out about an open call, `by` what it was seen or who said so. What cannot be told may be
    /// found out after all, and noted again.
    pub fn reconcile(&self, id: CallId, found: Found, by: &str, at: Millis) -> Result<()> {
        self.write(Survives::PowerLoss, |transaction| {
            let mut update = transaction.prepare_cached(RECONCILE)?;
            let changed = update.execute(params![id.0, found, by, at])?;
            must_be_open(transaction, id, changed)
        })
    }
}

fn end(transaction: &Transaction<'_>, id: CallId, finish: &Finish) -> Result<()> {
    let changed = transaction.prepare_cached(FINISH)?.execute(named_params! {
        ":id": id.0,
        ":outcome": finish.outcome,
        ":exit_code": finish.exit_code,
        ":duration": millis(finish.duration),
        ":bytes": finish.bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
        ":output": finish.output,
        ":object": finish.object,
        ":job": finish.job,
        ":after": finish.after,
    })?;
    must_be_open(transaction, id, changed)
}

/// Every update names open rows only; one that changed nothing met a closed row, or none.
fn must_be_open(transaction: &Transaction<'_>, id: CallId, changed: usize) -> Result<()> {
    if changed > 0 {
        return Ok(());
    }
    let outcome = transaction.query_row("SELECT outcome FROM calls WHERE id = ?1", params![id.0], |row| row.get(0));
    match outcome {
        Ok(outcome) => Err(Error::Closed { id, outcome }),
        Err(rusqlite::Error::QueryReturnedNoRows) => Err(Error::NoSuchCall(id)),
        Err(error) => Err(error.into()),
    }
}

const INSERT: &str = "INSERT INTO calls (begun, session, process, line, provider, profile, account, method, text,
    effect, is_change, request, attempts, outcome, key, key_until, before)
    VALUES (:begun, :session, :process, :line, :provider, :profile, :account, :method, :text,
    :effect, :is_change, :request, :attempts, :outcome, :key, :key_until, :before)";
const ATTEMPT: &str = "UPDATE calls SET attempts = attempts + 1
    WHERE id = ?1 AND outcome IN ('unknown', 'running')";
const FINISH: &str = "UPDATE calls SET outcome = :outcome, exit_code = :exit_code, duration = :duration,
    bytes = coalesce(:bytes, bytes), output = coalesce(:output, output), object = coalesce(:object, object),
    job = coalesce(:job, job), after = coalesce(:after, after)
    WHERE id = :id AND outcome IN ('unknown', 'running')";
const JOB: &str = "UPDATE calls SET job = ?2, outcome = 'running'
    WHERE id = ?1 AND outcome IN ('unknown', 'running')";
const RECONCILE: &str = "UPDATE calls SET found = ?2, reconciled_by = ?3, reconciled_at = ?4,
    outcome = CASE ?2 WHEN 'happened' THEN 'done' WHEN 'did_not' THEN 'failed' ELSE outcome END
    WHERE id = ?1 AND outcome IN ('unknown', 'running')";

#[cfg(test)]
mod tests;
