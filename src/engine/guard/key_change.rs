//! A call whose result is the account's key from then on: nobody sends it before the new key has a place to go, and
//! the session goes on with the new one.

use std::io::Write;
use std::path::PathBuf;

use crate::engine::call::exchange::{Exchange, Raw};
use crate::engine::call::remarks;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::rescue::Kept;
use crate::engine::deliver::result::{self, deliver};
use crate::engine::guard::{self, Pending};
use crate::engine::plan::course::Course;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::render::Format;
use crate::sink::{FileSink, Mode};
use crate::wire::Timeouts;
use model::{Call, Secret, Value};

/// What is going to become of a new key beside the result.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The field of the result that holds it.
    field: String,
    /// The file that the old key came from, opened to be replaced.
    file: Option<(FileSink, PathBuf)>,
}

/// Settles where the new key goes; `None` for a call that gives none. Refused where it would go nowhere: a terminal
/// does not show secrets.
pub(crate) fn prepare(
    session: &mut Session,
    pending: &Pending<'_>,
    output: &Output,
) -> Result<Option<Plan>, CallError> {
    let Some(field) = pending.call.method.new_key.clone() else { return Ok(None) };
    let account = session.accounts.iter().find(|account| account.target.profile == pending.profile);
    let path = account.and_then(|account| account.key_file().map(PathBuf::from));
    let file = match path {
        Some(path) if is_to_be_replaced(session, pending, &path.display().to_string())? => {
            Some((FileSink::open(&path, Mode::Force, true)?, path))
        }
        _ => None,
    };
    if file.is_none() && output.reaches_terminal(&session.console) {
        return Err(homeless(pending));
    }
    Ok(Some(Plan { field, file }))
}

/// Refuses a call that will give a key with no place to go, as far as that is known beforehand.
pub(crate) fn foresee(session: &Session, course: &mut Course, pending: &Pending<'_>) -> Result<(), CallError> {
    if pending.call.method.new_key.is_none() {
        return Ok(());
    }
    let account = session.accounts.iter().find(|account| account.target.profile == pending.profile);
    let agreed = session.console.person.is_some() || guard::says_yes(session, pending.line);
    match account.and_then(|account| account.key_file()).filter(|_| agreed) {
        Some(path) => Ok(course.file(path, Mode::Force)?),
        None if pending.line.redirect.is_none() && session.console.out.terminal => Err(homeless(pending)),
        None => Ok(()),
    }
}

fn homeless(pending: &Pending<'_>) -> CallError {
    CallError::Blocked {
        message: format!(
            "{} gives a key that a terminal does not show, and it would be lost",
            pending.call.method.name
        ),
        span: Some(pending.line.head.span),
        hint: Some("give `| FILE` to store it, for you alone".into()),
    }
}

fn is_to_be_replaced(session: &mut Session, pending: &Pending<'_>, path: &str) -> Result<bool, CallError> {
    if guard::says_yes(session, pending.line) {
        return Ok(true);
    }
    match guard::agreed(session, &format!("put the new key into {path}, in place of the old one? [y/N] "))? {
        None if session.console.person.is_some() => Err(guard::taken_back(pending.line.head.span)),
        agreed => Ok(agreed.unwrap_or(false)),
    }
}

/// Sends the call, takes the new key over and brings the result to its place.
pub(crate) fn carry_out(
    session: &mut Session,
    profile: &str,
    call: &Call,
    timeouts: Timeouts,
    (plan, output): (Plan, Output),
) -> Result<(), CallError> {
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    let Raw { bytes, done } = exchange.raw_and_value(call);
    let (value, aside) = match done {
        Ok(done) => done,
        Err(error) => return Err(output.copy_failure(session, call, &bytes, error)),
    };
    remarks::tell(&mut exchange, call, aside);
    let taken = plan.take_over(&mut exchange, &value);
    // A key that could not be stored after all is shown rather than lost.
    let shown_whole = taken.is_err() && output.reaches_terminal(&session.console);
    let delivered = match output.view.format {
        Format::Raw => result::bytes(session, call, &bytes, output),
        _ if shown_whole => result::bytes(session, call, &bytes, output),
        _ => deliver(session, profile, call, value, output),
    };
    match (taken, delivered) {
        // The result itself holds the key.
        (Err(error), Ok(())) => {
            let (what, effect) = (call.method.name.clone(), call.effects().main());
            Err(CallError::Undelivered { error: Box::new(error), what, effect, kept: Kept::InTheResult })
        }
        (_, delivered) => delivered,
    }
}

impl Plan {
    /// Goes on with the new key, and stores it where that was agreed.
    fn take_over(self, exchange: &mut Exchange<'_>, value: &Value) -> Result<(), CallError> {
        let Some(Value::Text(key)) = value.get(&self.field) else {
            exchange.console.note("note: the answer holds no new key; the old one is kept");
            return Ok(());
        };
        exchange.account.rekey(Secret::new(key.as_str()), exchange.redactor);
        let Some((mut sink, path)) = self.file else {
            let profile = &exchange.account.target.profile;
            exchange.console.note(&format!(
                "note: this session goes on with the new key; store it where the key of {profile} comes from"
            ));
            return Ok(());
        };
        writeln!(sink, "{key}").map_err(CallError::Output)?;
        sink.commit()?;
        exchange.console.note(&format!("note: the new key is in {}, in place of the old one", path.display()));
        Ok(())
    }
}
