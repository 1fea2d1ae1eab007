//! Writing the rows of calls.

use rusqlite::{Transaction, named_params, params};

use crate::account;
use crate::call::{CallId, Finish, NewCall, Outcome, may_change};
use crate::error::{Error, Result};
use crate::line::millis;

/// What a row says about how a call was made.
#[derive(Debug)]
pub(crate) struct Begun<'s> {
    pub(crate) session: &'s str,
    pub(crate) process: u32,
    pub(crate) is_change: bool,
    pub(crate) attempts: u32,
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    call: &NewCall,
    begun: &Begun<'_>,
    outcome: Outcome,
) -> Result<CallId> {
    let (provider, profile, account, host) = account::four(Some(&call.account));
    transaction.prepare_cached(INSERT)?.execute(named_params! {
        ":begun": call.begun,
        ":session": begun.session,
        ":process": begun.process,
        ":line": call.line.map(|line| line.0),
        ":provider": provider,
        ":host": host,
        ":profile": profile,
        ":account": account,
        ":method": call.method,
        ":text": call.text,
        ":effect": call.effect,
        ":is_change": begun.is_change,
        ":request": call.request,
        ":attempts": begun.attempts,
        ":outcome": outcome,
        ":key": call.key.as_ref().map(|key| &key.text),
        ":key_until": call.key.as_ref().and_then(|key| key.until),
        ":output": call.output,
        ":before": call.before,
    })?;
    Ok(CallId(transaction.last_insert_rowid()))
}

pub(crate) fn end(transaction: &Transaction<'_>, id: CallId, finish: &Finish) -> Result<()> {
    let changed = transaction.prepare_cached(FINISH)?.execute(named_params! {
        ":id": id.0,
        ":outcome": finish.outcome,
        ":exit_code": finish.exit_code,
        ":duration": millis(finish.duration),
        ":bytes": finish.bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
        ":object": finish.object,
        ":job": finish.job,
        ":after": finish.after,
    })?;
    must_be_open(transaction, id, changed)
}

/// Every update is limited to open rows. If it changed nothing, the row is closed or does not exist.
pub(crate) fn must_be_open(transaction: &Transaction<'_>, id: CallId, changed: usize) -> Result<()> {
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

const INSERT: &str = "INSERT INTO calls (begun, session, process, line, provider, host, profile, account, method, text,
    effect, is_change, request, attempts, outcome, key, key_until, output, before)
    VALUES (:begun, :session, :process, :line, :provider, :host, :profile, :account, :method, :text,
    :effect, :is_change, :request, :attempts, :outcome, :key, :key_until, :output, :before)";
const FINISH: &str = concat!(
    "UPDATE calls SET outcome = :outcome, exit_code = :exit_code, duration = :duration,
    bytes = coalesce(:bytes, bytes), object = coalesce(:object, object),
    job = coalesce(:job, job), after = coalesce(:after, after)
    WHERE id = :id AND ",
    may_change!()
);

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::database::Survives;
    use crate::tests::{done, fresh, new_call};

    #[test]
    fn only_an_open_row_takes_an_end_and_what_is_not_said_stays() {
        let (_folder, journal) = fresh();
        let begun = Begun { session: "elsewhere", process: 7, is_change: true, attempts: 3 };
        let first = Finish { job: Some("j".into()), ..Finish::new(Outcome::Running, 0, Duration::ZERO) };
        let (id, again) = journal
            .write(Survives::Kill, |transaction| {
                let id = insert(transaction, &new_call("a", "r"), &begun, Outcome::Unknown)?;
                end(transaction, id, &first)?;
                end(transaction, id, &done())?;
                Ok((id, end(transaction, id, &done())))
            })
            .unwrap();
        assert!(matches!(again, Err(Error::Closed { outcome: Outcome::Done, .. })));
        let found = journal.call(id).unwrap().unwrap();
        assert_eq!((found.session.as_str(), found.process, found.attempts), ("elsewhere", 7, 3));
        assert_eq!((found.outcome, found.job.as_deref()), (Outcome::Done, Some("j")));
        let missing = journal.write(Survives::Kill, |transaction| end(transaction, CallId(9), &done()));
        assert!(matches!(missing, Err(Error::NoSuchCall(CallId(9)))));
    }
}
