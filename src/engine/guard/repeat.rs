//! The same change twice. While the outcome of the first is unknown, there is a question about the second, whatever the
//! account's rules are.

use super::gate::Pending;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::entry;
use crate::engine::call::idempotency;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::age;
use crate::engine::state::repeat::Repeat;

/// The newest recorded call that asked for the same and whose outcome is unknown. `None` if there is none, or if the
/// user has asked for the change to be sent in any case.
pub(super) fn of(accounts: &Accounts, pending: &Pending<'_>) -> Result<Option<Repeat>, CallError> {
    let Pending { profile, call, again, .. } = *pending;
    let account = accounts.get(profile).filter(|_| !again && !call.effects().only_reads());
    let Some(account) = account else { return Ok(None) };
    let calls = accounts.ledger.unknown(&account.on_record(), &entry::request(call), &call.method.name)?;
    Ok(calls.last().map(|last| Repeat::of(last, age(last.call.begun), idempotency::shares_key(call))))
}

/// The same for a call that is about to be sent. The answer to the question applies to the calls that are recorded now:
/// if another shell begins the same change before this one is recorded, this one is refused.
pub(super) fn look(accounts: &mut Accounts, pending: &Pending<'_>) -> Result<Option<Repeat>, CallError> {
    let repeat = of(accounts, pending)?;
    let account = accounts.get(pending.profile).map(|account| account.on_record());
    if let Some(account) = account.filter(|_| !pending.again && !pending.call.effects().only_reads()) {
        let newest = repeat.as_ref().map(|repeat| repeat.row);
        accounts.ledger.looked(account, entry::request(pending.call), newest);
    }
    Ok(repeat)
}
