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

/// Adds the row of a call, which is about to be sent, or has ended with `end`.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    call: &NewCall,
    begun: &Begun<'_>,
    end: Option<&Finish>,
) -> Result<CallId> {
    let (provider, profile, account, host) = account::four(Some(&call.account));
    // By position: finding nineteen names takes as long as half of the rest.
    transaction.prepare_cached(INSERT)?.execute(params![
        call.begun,
        begun.session,
        begun.process,
        call.line.map(|line| line.0),
        provider,
        host,
        profile,
        account,
        call.method,
        call.text,
        call.effect,
        begun.is_change,
        call.request,
        begun.attempts,
        end.map_or(Outcome::Unknown, |end| end.outcome),
        call.key.as_ref().map(|key| &key.text),
        call.key.as_ref().and_then(|key| key.until),
        call.output,
        call.before,
        end.map(|end| end.exit_code),
        end.map(|end| millis(end.duration)),
        end.and_then(bytes),
        end.and_then(|end| end.object.as_ref()),
        end.and_then(|end| end.job.as_ref()),
        end.and_then(|end| end.after.as_ref()),
    ])?;
    Ok(CallId(transaction.last_insert_rowid()))
}

/// The size of an answer, as it is stored.
fn bytes(finish: &Finish) -> Option<i64> {
    finish.bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
}

pub(crate) fn end(transaction: &Transaction<'_>, id: CallId, finish: &Finish) -> Result<()> {
    let changed = transaction.prepare_cached(FINISH)?.execute(named_params! {
        ":id": id.0,
        ":outcome": finish.outcome,
        ":exit_code": finish.exit_code,
        ":duration": millis(finish.duration),
        ":bytes": bytes(finish),
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
    effect, is_change, request, attempts, outcome, key, key_until, output, before,
    exit_code, duration, bytes, object, job, after)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
    ?20, ?21, ?22, ?23, ?24, ?25)";
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
    use crate::{Call, Key, LineId};

    #[test]
    fn only_an_open_row_takes_an_end_and_what_is_not_said_stays() {
        let (_folder, journal) = fresh();
        let begun = Begun { session: "elsewhere", process: 7, is_change: true, attempts: 3 };
        let first = Finish { job: Some("j".into()), ..Finish::new(Outcome::Running, 0, Duration::ZERO) };
        let (id, again) = journal
            .write(Survives::Kill, |transaction| {
                let id = insert(transaction, &new_call("a", "r"), &begun, None)?;
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

    #[test]
    fn a_row_that_has_ended_is_the_same_in_one_step_as_in_two() {
        let (_folder, journal) = fresh();
        let begun = Begun { session: "elsewhere", process: 7, is_change: false, attempts: 2 };
        let call = NewCall {
            line: Some(LineId(3)),
            key: Some(Key { text: "k".into(), until: Some(5) }),
            output: Some("file".into()),
            before: Some("before".into()),
            ..new_call("a", "r")
        };
        let text = |text: &str| Some(text.to_owned());
        let full = Finish { bytes: Some(9), object: text("o"), job: text("j"), after: text("after"), ..done() };
        for outcome in Outcome::ALL {
            for finish in [Finish { outcome: *outcome, ..full.clone() }, Finish::new(*outcome, 4, Duration::MAX)] {
                let (one, two) = journal
                    .write(Survives::Kill, |transaction| {
                        let one = insert(transaction, &call, &begun, Some(&finish))?;
                        let two = insert(transaction, &call, &begun, None)?;
                        end(transaction, two, &finish)?;
                        Ok((one, two))
                    })
                    .unwrap();
                let [one, two] = [one, two].map(|id| journal.call(id).unwrap().unwrap());
                assert_eq!(one, Call { id: one.id, ..two });
            }
        }
    }
}
