//! Checks that ask an account's own service: whether it can be reached, its clock, and whether it accepts the key.

use std::time::Duration;

use super::check::Check;
use super::here;
use crate::cli::accounts;
use crate::cli::args::Global;
use crate::cli::context::Context;
use crate::cli::own_catalog::{self, Reach};
use crate::cli::trial;
use crate::config::Layers;
use crate::engine::{AccountParts, CallError, Manner, Probe, Session};
use crate::wire::Trust;
use model::{Class, Diagnostic, period};

/// The most seconds that two clocks may differ: beyond that, signatures and reports of the last minute are wrong.
const SKEW: i64 = 60;

/// The checks of every account or the requested one, and of a bare key if there is one.
pub(super) fn checks(
    layers: &Layers,
    only: Option<&str>,
    offline: bool,
    global: &Global,
    context: &Context,
) -> Result<Vec<Check>, CallError> {
    let mut checks = Vec::new();
    for (name, said) in layers.config().profiles.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        if offline && said.text("catalog").is_some_and(own_catalog::is_address) {
            // Its catalogue may have to be fetched first.
            checks.push(Check::ok(name, "not checked: its catalogue is at an address"));
        } else {
            let parts = accounts::account(name, said, layers, context, Reach::Network);
            checks.extend(account(name, parts, layers, offline, global, context));
        }
    }
    if accounts::is_bare(global, context) {
        let (parts, layers) = accounts::bare_account(global, context, Manner::Batch)?;
        checks.extend(account("(bare key)", Ok(parts), &layers, offline, global, context));
    }
    Ok(checks)
}

fn account(
    name: &str,
    parts: Result<AccountParts, CallError>,
    layers: &Layers,
    offline: bool,
    global: &Global,
    context: &Context,
) -> Vec<Check> {
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => return vec![Check::failed(name, &error)],
    };
    let profile = parts.profile.clone();
    let trust = parts.place.ca.as_deref().map(|ca| here::issuers(&Trust::only(ca))).unwrap_or_default();
    let mut issuers: Vec<Check> = trust.into_iter().map(|check| Check { about: name.to_owned(), ..check }).collect();
    if issuers.iter().any(Check::is_failed) {
        return issuers;
    }
    let user = without_use(name, &parts);
    let mut session = match trial::session(parts, global, context, layers) {
        Ok(session) => session,
        Err(error) => return vec![Check::failed(name, &error)],
    };
    let mut checks = match session.accounts.unlock(&profile) {
        Err(error) => vec![Check::failed(name, &error)],
        Ok(()) if offline => vec![key(name, &session)],
        Ok(()) => vec![key(name, &session), asked(name, &mut session, &profile)],
    };
    let late = checks.iter_mut().flat_map(|check| [Some(&mut check.found), check.advice.as_mut()]).flatten();
    for text in late {
        *text = session.accounts.redactor.foreign(text).into_owned();
    }
    issuers.extend(user.into_iter().chain(checks));
    issuers
}

/// A user's name that is never sent.
fn without_use(name: &str, parts: &AccountParts) -> Option<Check> {
    let provider = parts.catalog.provider();
    let has_none = parts.place.user.is_some() && !provider.auth.needs_user();
    let found = format!("{} sends no user name, so `user` has no effect", provider.title);
    has_none.then(|| Check::warning(name, found, "remove `user`: the key is enough"))
}

fn key(name: &str, session: &Session) -> Check {
    let place = session.accounts.here().and_then(|account| account.key_place()).unwrap_or_default();
    Check::ok(name, format!("the key comes from {place}"))
}

fn asked(name: &str, session: &mut Session, profile: &str) -> Check {
    let host = session.accounts.here().map(|account| account.target.host.clone()).unwrap_or_default();
    let Some(Probe { method, took, ahead, result }) = session.accounts.probe(profile) else {
        return Check::warning(name, format!("{host} was not contacted"), "its catalogue names no `probe` method");
    };
    let skew = ahead.filter(|ahead| ahead.abs() > SKEW);
    match (result, skew) {
        (Err(error), _) if error.class() == Class::Credentials => {
            let failed = Check::failed(name, &error);
            Check { found: format!("{host} answers and refuses the key: {}", failed.found), ..failed }
        }
        (Err(error), _) => {
            let failed = Check::failed(name, &error);
            let advice = || match session.accounts.here().is_some_and(|account| account.named) {
                true => format!("check the network, and `marsh config explain url -p {name}`"),
                false => "check the network, and the address in -u or MARSH_URL".to_owned(),
            };
            Check { advice: failed.advice.or_else(|| Some(advice())), ..failed }
        }
        (Ok(()), Some(ahead)) => {
            let way = if ahead > 0 { "behind" } else { "ahead" };
            let length = period::words(Duration::from_secs(ahead.unsigned_abs()));
            let found = format!("{host} accepts the key, but this clock is {length} {way}");
            Check::warning(name, found, "set the clock, permanently with NTP")
        }
        (Ok(()), None) => {
            let clocks = if ahead.is_some() { "; clocks agree" } else { "" };
            Check::ok(name, format!("{host} accepts the key ({method}, {} ms){clocks}", took.as_millis()))
        }
    }
}
