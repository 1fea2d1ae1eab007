//! What a name refers to. It is looked up on this machine if possible; otherwise the service is asked.

use super::options::Options;
use super::planning::Planning;
use crate::bind::{self, Rules};
use crate::engine::accounts::lists::Unlisted;
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, SyntaxError, Word};
use model::{Diagnostic, Method};
use registry::Registry;
use registry::raw::Named;
use registry::resolve::{ResolveError, Resolved, resolve, resolve_raw};
use std::sync::Arc;

/// What a line calls, according to the catalogues and lists that have been read.
pub(crate) fn meaning(registry: &Registry, line: &Line) -> Result<Resolved, ResolveError> {
    let profile = line.profile.as_ref().map(|word| (word.text(), word.span));
    let profile = profile.as_ref().map(|(name, span)| (name.as_str(), *span));
    let (name, span) = (line.head.text(), line.head.span);
    let Some(raw) = &line.raw else { return resolve(registry, profile, &name, span) };
    let verb = raw.verb.as_ref().map(|verb| (verb.text(), verb.span));
    let verb = verb.as_ref().map(|(verb, span)| (verb.as_str(), *span));
    // A line that cannot be read as names and values is refused later.
    let given: Vec<String> = line.pairs().unwrap_or_default().iter().map(|pair| pair.name.text.clone()).collect();
    resolve_raw(registry, profile, Named { verb, name: &name, span, given: &given })
}

/// What a line calls. If a name is in no catalogue and no list on disk, the service is asked once.
pub(crate) fn resolved(planning: &mut Planning<'_>, line: &Line) -> Result<Resolved, CallError> {
    for_one_account(line)?;
    let (name, profile) = (line.head.text(), line.profile.as_ref().map(Word::text));
    let asked = match is_strange(planning, line, profile.as_deref(), &name)? {
        true => planning.accounts.ask_for(planning.manner, profile.as_deref(), &name),
        false => Ok(()),
    };
    let meant = known_of(asked, meaning(&planning.accounts.registry, line), line)?;
    match &meant {
        // What the service says about its parameters decides how the values of this line are read.
        Resolved::Remote { profile, method, .. } if method.untyped && line.raw.is_none() && !line.items.is_empty() => {
            planning.accounts.learn_method(profile, &method.name)?;
            Ok(meaning(&planning.accounts.registry, line)?)
        }
        _ => Ok(meant),
    }
}

/// What a line calls, if the service could be asked for its list. Otherwise it may have a method of that name, so that of
/// another account is not called in its place.
fn known_of(
    asked: Result<(), Unlisted>,
    meant: Result<Resolved, ResolveError>,
    line: &Line,
) -> Result<Resolved, CallError> {
    match (asked, meant) {
        (Err(unlisted), Ok(Resolved::Remote { foreign: true, .. })) => {
            Err(unlisted.of(line.head.text(), line.head.span, None))
        }
        (_, Ok(meant)) => Ok(meant),
        (asked, Err(error)) => Err(unless_unlisted(asked, error.into())),
    }
}

/// The error of a name. If the service could not be asked for its list, a name that is in no catalogue, or only in that of
/// another account, is not simply unknown.
pub(crate) fn unless_unlisted(asked: Result<(), Unlisted>, error: CallError) -> CallError {
    match (asked, error) {
        (
            Err(unlisted),
            CallError::Resolve(error @ (ResolveError::Unknown { .. } | ResolveError::Elsewhere { .. })),
        ) => {
            let (near, at) = (error.hint(), error.span().unwrap_or_default());
            match error {
                ResolveError::Unknown { name, .. } | ResolveError::Elsewhere { name, .. } => {
                    unlisted.of(name, at, near)
                }
                error => error.into(),
            }
        }
        (_, error) => error,
    }
}

/// The same without asking the service.
pub(crate) fn foreseen(planning: &mut Planning<'_>, line: &Line) -> Result<Resolved, CallError> {
    for_one_account(line)?;
    let (name, profile) = (line.head.text(), line.profile.as_ref().map(Word::text));
    is_strange(planning, line, profile.as_deref(), &name)?;
    Ok(meaning(&planning.accounts.registry, line)?)
}

/// Refuses a line for several accounts where only a line for one can be used.
fn for_one_account(line: &Line) -> Result<(), CallError> {
    let refused = |accounts: &Word| CallError::Usage {
        message: format!("{} names several accounts, and this line can be for one only", accounts.text()),
        span: Some(accounts.span),
        hint: Some("write the account before the method: ACCOUNT:METHOD".into()),
    };
    line.accounts.as_ref().map_or(Ok(()), |accounts| Err(refused(accounts)))
}

/// Whether a name is unknown here. Errors of the line that do not depend on the method are reported before the service
/// is asked.
fn is_strange(planning: &mut Planning<'_>, line: &Line, profile: Option<&str>, name: &str) -> Result<bool, CallError> {
    if line.raw.is_some() {
        return Ok(false);
    }
    planning.accounts.recall_lists(profile, name);
    if planning.accounts.is_known(profile, name) {
        return Ok(false);
    }
    // Words that are no pairs belong to a habit of elsewhere: that the name is unknown is said first. A service of which
    // nothing is known may have it, and values without names are none.
    let known = planning.accounts.knows_something(profile) && !line.has(OptionId::Positional);
    if known && line.pairs().is_err_and(|error| matches!(error.fault(), SyntaxError::NameWithoutValue { .. })) {
        return Ok(false);
    }
    let options = Options::of(line)?;
    let rules = Rules { positional: options.positional, ..Rules::default() };
    bind::bind(&Arc::new(Method::discovered(name)), line, rules, &mut bind::Nowhere)?;
    planning.filter(&options)?;
    Ok(true)
}
