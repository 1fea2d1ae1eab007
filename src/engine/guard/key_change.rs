//! A call that replaces the account's key. It is sent only if there is a place for the new key, and the session
//! continues with the new one.

use std::io::Write;
use std::path::PathBuf;

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::deliver::output::Output;
use crate::engine::guard;
use crate::engine::guard::gate::{Gate, Pending};
use crate::engine::plan::Plan;
use crate::engine::plan::course::Course;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::sink::{FileSink, Mode};
use model::{Secret, Value};

/// What will be done with a new key, in addition to the result.
#[derive(Debug)]
pub(crate) struct KeyChange {
    /// The field of the result that contains it.
    field: String,
    /// The file that the old key came from, opened to be replaced.
    file: Option<(FileSink, PathBuf)>,
}

/// Decides where the new key goes; `None` for a call that returns none. Refuses a call whose key would go nowhere: a
/// terminal does not show secrets.
pub(crate) fn prepare(
    gate: &mut Gate<'_>,
    pending: &Pending<'_>,
    output: &Output,
) -> Result<Option<KeyChange>, CallError> {
    let Some(field) = pending.call.method.new_key.clone() else { return Ok(None) };
    let account = gate.accounts.get(pending.profile);
    let path = account.and_then(|account| account.key_file().map(PathBuf::from));
    let file = match path {
        Some(path) if is_to_be_replaced(gate, pending, &path.display().to_string())? => {
            Some((FileSink::open(&path, Mode::Force, true)?, path))
        }
        _ => None,
    };
    if file.is_none() && output.reaches_terminal(gate.console) {
        return Err(homeless(pending));
    }
    Ok(Some(KeyChange { field, file }))
}

/// Refuses a call whose new key would go nowhere, as far as this is known in advance.
pub(crate) fn foresee(
    accounts: &Accounts,
    console: &Console,
    course: &mut Course,
    plan: &Plan,
) -> Result<(), CallError> {
    let pending = &Pending::of(plan);
    if pending.call.method.new_key.is_none() {
        return Ok(());
    }
    let account = accounts.get(pending.profile);
    let agreed = console.person.is_some() || pending.agreed;
    match account.and_then(|account| account.key_file()).filter(|_| agreed) {
        Some(path) => Ok(course.file(path, Mode::Force)?),
        None if plan.options.wish.redirect.is_none() && console.out.terminal => Err(homeless(pending)),
        None => Ok(()),
    }
}

fn homeless(pending: &Pending<'_>) -> CallError {
    CallError::Blocked {
        message: format!(
            "{} returns a key that a terminal does not show, so it would be lost",
            pending.call.method.name
        ),
        span: Some(pending.head),
        hint: Some("add `| FILE` to save it in a file that only you can read".into()),
    }
}

fn is_to_be_replaced(gate: &mut Gate<'_>, pending: &Pending<'_>, path: &str) -> Result<bool, CallError> {
    if pending.agreed {
        return Ok(true);
    }
    match guard::agreed(gate, &format!("Replace the key in {path} with the new one? [y/N] "))? {
        None if gate.console.person.is_some() => Err(guard::cancelled(pending.head)),
        agreed => Ok(agreed.unwrap_or(false)),
    }
}

impl KeyChange {
    /// Continues with the new key, and saves it if the user has agreed.
    pub(crate) fn take_over(self, exchange: &mut Exchange<'_>, value: &Value) -> Result<(), CallError> {
        let Some(Value::Text(key)) = value.get(&self.field) else {
            exchange.console.note("note: the answer contains no new key; the old one is kept");
            return Ok(());
        };
        exchange.account.rekey(Secret::new(key.as_str()), exchange.redactor);
        let Some((mut sink, path)) = self.file else {
            let profile = &exchange.account.target.profile;
            exchange.console.note(&format!(
                "note: this session continues with the new key; save it where the key of {profile} comes from"
            ));
            return Ok(());
        };
        writeln!(sink, "{key}").map_err(CallError::Output)?;
        sink.commit()?;
        exchange.console.note(&format!("note: the new key has replaced the old one in {}", path.display()));
        Ok(())
    }
}
