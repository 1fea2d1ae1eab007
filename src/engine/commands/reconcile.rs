//! `reconcile`: asks the provider what became of calls whose outcome is unknown, and completes their rows.

use std::time::Duration;

use history::{Call, CallId, Finish, Found, Millis, Outcome};

use super::finding::{Finding, Row};
use super::result::Reply;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::jobs::{Glance, glance, recorded};
use crate::engine::call::others;
use crate::engine::call::read_back::read_back;
use crate::engine::call::settle::settle;
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{age, end};
use crate::engine::state::open::Open;
use lang::{Line, Word};
use model::{Class, Diagnostic, Inquiry, Span, Value, Verdict};

/// After this many seconds, the effect of a call is visible if it ever will be. Until then the call stays pending.
const SETTLED: u64 = 3600;

/// A provider may take this long to carry out what it received.
const LEAST: Duration = Duration::from_secs(60);

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// All open calls.
    All,
    /// One call.
    One(CallId, Span),
    /// The user says what became of one.
    Said(CallId, Span, Found),
}

impl Wish {
    fn of(line: &Line, options: &Options) -> Result<Wish, CallError> {
        let words: Vec<&Word> = line.items.iter().map(|item| &item.word).collect();
        let needs = |span| CallError::Usage {
            message: "`reconcile` needs the number of a call".into(),
            span: Some(span),
            hint: Some("`pending` lists the numbers; `reconcile --all` asks about every call in it".into()),
        };
        match (words.as_slice(), options.all) {
            ([], Some(_)) => Ok(Wish::All),
            ([], None) => Err(needs(line.head.span)),
            ([word, ..], Some(_)) => {
                Err(CallError::usage("--all asks about every call: leave out the number", Some(word.span)))
            }
            ([word], None) => number(word).map(|id| Wish::One(id, word.span)).ok_or_else(|| needs(word.span)),
            ([word, said], None) => {
                let id = number(word).ok_or_else(|| needs(word.span))?;
                Ok(Wish::Said(id, word.span, found(said)?))
            }
            ([_, _, extra, ..], None) => Err(CallError::usage("`reconcile` takes no more words", Some(extra.span))),
        }
    }
}

fn number(word: &Word) -> Option<CallId> {
    word.text().parse().ok().map(CallId)
}

/// What the user says of a call.
fn found(word: &Word) -> Result<Found, CallError> {
    match word.text().as_str() {
        "happened" => Ok(Found::Happened),
        "did-not" | "did_not" => Ok(Found::DidNot),
        "cannot-tell" | "cannot_tell" => Ok(Found::CannotTell),
        other => Err(CallError::Usage {
            message: format!("`{other}` does not say what became of the call"),
            span: Some(word.span),
            hint: Some("write happened, did-not or cannot-tell, or nothing to ask the provider".into()),
        }),
    }
}

/// Judges the words of a line that has not run yet.
pub(super) fn foresee(line: &Line) -> Result<(), CallError> {
    Wish::of(line, &Options::of(line)?).map(drop)
}

/// Asks about the calls and completes the rows. Also returns the first error, if some calls could not be asked about.
pub(super) fn run(
    accounts: &mut Accounts,
    console: &mut Console,
    line: &Line,
    options: &Options,
    width: Option<usize>,
) -> Result<(Reply, Option<CallError>), CallError> {
    let (calls, span, said) = match Wish::of(line, options)? {
        Wish::All => (accounts.ledger.open_calls()?.unwrap_or_default(), None, None),
        Wish::One(id, span) => (vec![accounts.ledger.open_call(id, span)?], Some(span), None),
        Wish::Said(id, span, found) => (vec![accounts.ledger.open_call(id, span)?], Some(span), Some(found)),
    };
    let (mut rows, mut first) = (Vec::new(), None);
    for (done, call) in calls.iter().enumerate() {
        match one(accounts, console, call, options, said) {
            Ok(row) => rows.push(row),
            Err(error) if span.is_some() => return Err(error),
            // Ctrl-C is meant for the line, not only for the call that is being asked about.
            Err(error) if error.class().broken_by().is_some() => {
                console.note(&format!("note: {} of {} calls were not asked about", calls.len() - done, calls.len()));
                first = Some(error);
                break;
            }
            Err(error) => {
                let error_text = accounts.redactor.foreign(&error.to_string()).into_owned();
                rows.push(Row::new(call, &accounts.redactor, None, error_text));
                // If another process is making a call, this line has not failed.
                let is_failure = !matches!(Open::of(call), Some(Open::Sending(_)));
                first = first.or(is_failure.then_some(error));
            }
        }
    }
    if calls.is_empty() {
        console.note("(nothing is pending)");
    }
    let text = rows.iter().map(|row| row.text(width)).collect();
    let mut data: Vec<Value> = rows.into_iter().map(Row::data).collect();
    let data = if span.is_some() { data.pop().unwrap_or(Value::Null) } else { Value::List(data) };
    Ok((Reply::Either(text, data), first))
}

/// Finds out about one call, and completes its row.
fn one(
    accounts: &mut Accounts,
    console: &mut Console,
    call: &Call,
    options: &Options,
    said: Option<Found>,
) -> Result<Row, CallError> {
    let open = Open::of(call);
    if let Some(Open::Sending(process)) = open {
        return Err(CallError::Blocked {
            message: format!("call {} is not over: process {process} is making it now", call.id),
            span: None,
            hint: Some("wait until it has ended".into()),
        });
    }
    if let Some(found) = said {
        let known = accounts.ledger.reconcile(&accounts.redactor, call.id, found, "the user said so", None)?;
        let row = Row::new(call, &accounts.redactor, Some(Finding::Call(found)), "you said so".into());
        return Ok(row.closed(known));
    }
    if open == Some(Open::Running) && call.job.is_some() {
        return job(accounts, console, call, options);
    }
    let (verdict, asked) = verdict(accounts, console, call, options)?;
    let (found, words, look) = match &verdict {
        Verdict::Happened { evidence, .. } => (Found::Happened, evidence, None),
        Verdict::DidNot { evidence } => (Found::DidNot, evidence, None),
        Verdict::CannotTell { why, look } => (Found::CannotTell, why, Some(look.clone())),
    };
    let closed = verdict.is_settled() || !asked || age(call.call.begun).as_secs() >= SETTLED;
    let mut row = Row::new(call, &accounts.redactor, Some(Finding::Call(found)), words.clone());
    row.look = look;
    row.object = verdict.id().map(|id| accounts.redactor.foreign(id).into_owned());
    if !closed {
        return Ok(row);
    }
    let known = accounts.ledger.reconcile(&accounts.redactor, call.id, found, words, verdict.id())?;
    Ok(row.closed(known))
}

/// Reads the state of the job that a call began, and completes the row if it has ended.
fn job(accounts: &mut Accounts, console: &mut Console, call: &Call, options: &Options) -> Result<Row, CallError> {
    let profile = profile_of(accounts, call)?;
    let rules = accounts.rules(&profile);
    let mut exchange = Exchange::of(accounts, console, &profile, options.timeouts(&rules))?;
    let Some(mut watch) = recorded::watch(exchange.source, call) else {
        return Err(CallError::Usage {
            message: format!("the job of call {} cannot be read: its method is not in the catalogue any more", call.id),
            span: None,
            hint: Some(by_hand(call)),
        });
    };
    exchange.account.unlock(exchange.redactor)?;
    let glance = glance(&mut exchange, &mut watch)?;
    is_still_the_account(&exchange, call, &profile)?;
    let age = age(call.call.begun);
    let shown = |words: &str| exchange.redactor.foreign(words).into_owned();
    let row = |finding, words: &str| Row::new(call, exchange.redactor, Some(finding), shown(words));
    Ok(match &glance {
        Glance::Running(words) => row(Finding::StillRuns, words),
        Glance::Ended(outcome, words) => {
            exchange.ledger.finish(exchange.console, call.id, &Finish::new(*outcome, exit_code(*outcome), age));
            row(Finding::JobEnded(*outcome), words).closed(None)
        }
        Glance::Unclear(why) => {
            let mut row = row(Finding::Call(Found::CannotTell), why);
            row.look = Some(shown(&watch.what()));
            if age.as_secs() < SETTLED {
                return Ok(row);
            }
            let known = exchange.ledger.reconcile(exchange.redactor, call.id, Found::CannotTell, why, None)?;
            row.closed(known)
        }
    })
}

/// The exit code of a line that waits for a job with this outcome.
fn exit_code(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::EndedBadly => Class::JobFailed.exit_code().into(),
        _ => 0,
    }
}

/// The answer may be the first one that shows which account this is.
fn is_still_the_account(exchange: &Exchange<'_>, call: &Call, profile: &str) -> Result<(), CallError> {
    match exchange.account.on_record().is_same(&call.call.account) {
        true => Ok(()),
        false => Err(moved(call, profile)),
    }
}

/// The verdict, and whether the provider was asked at all.
fn verdict(
    accounts: &mut Accounts,
    console: &mut Console,
    call: &Call,
    options: &Options,
) -> Result<(Verdict, bool), CallError> {
    let profile = profile_of(accounts, call)?;
    let rules = accounts.rules(&profile);
    let mut exchange = Exchange::of(accounts, console, &profile, options.timeouts(&rules))?;
    let Some((method, given)) = read_back(exchange.source, call) else {
        let why = "what was sent is not known exactly: a value was left out, or the method has changed".to_owned();
        return Ok((Verdict::CannotTell { why, look: format!("what {} was to change", call.call.method) }, false));
    };
    let others = others::of(&exchange, call)?;
    let inquiry = Inquiry {
        method: &method,
        given: &given,
        sent: call.call.begun / 1000,
        asked: history::now() / 1000,
        until: until(call, rules.timeouts.idle),
        others: &others,
    };
    let question = match inquiry.question() {
        Ok(question) => question,
        Err(verdict) => return Ok((verdict, false)),
    };
    exchange.account.unlock(exchange.redactor)?;
    let verdict = settle(&mut exchange, &question)?;
    is_still_the_account(&exchange, call, &profile)?;
    Ok((verdict, true))
}

/// Until when the provider may still carry out a call, in seconds since 1970: the time limit for an answer, and at
/// least a minute, after the end of the last attempt. If that end is not known, every attempt may have taken as long as
/// the limit.
fn until(call: &Call, idle: Duration) -> i64 {
    let attempts = if call.duration.is_some() { 1 } else { call.attempts.max(1) };
    let patience = Millis::try_from(idle.max(LEAST).as_millis()).unwrap_or(Millis::MAX);
    let until = end(call).saturating_add(patience.saturating_mul(attempts.into()));
    until.saturating_add(999) / 1000
}

/// The profile that leads to the account of a call.
fn profile_of(accounts: &Accounts, call: &Call) -> Result<String, CallError> {
    let meant = &call.call.account;
    if let Some(profile) = accounts.profile_of(meant) {
        return Ok(profile.to_owned());
    }
    match &meant.profile {
        Some(profile) if accounts.get(profile).is_some() => Err(moved(call, profile)),
        Some(profile) => Err(CallError::Usage {
            message: format!("call {} was made in the profile {profile}, which is not there any more", call.id),
            span: None,
            hint: Some(by_hand(call)),
        }),
        None => Err(CallError::Usage {
            message: format!("call {} was made without a profile, for {} at {}", call.id, meant.provider, meant.host),
            span: None,
            hint: Some(format!("start marsh with the same key and address; or {}", by_hand(call))),
        }),
    }
}

fn moved(call: &Call, profile: &str) -> CallError {
    CallError::Usage {
        message: format!(
            "call {} was made for another account than that of {profile}: for {} at {}",
            call.id, call.call.account.provider, call.call.account.host
        ),
        span: None,
        hint: Some(by_hand(call)),
    }
}

fn by_hand(call: &Call) -> String {
    format!("look what became of it, then `reconcile {0} happened` or `reconcile {0} did-not`", call.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::open::tests::call;

    #[test]
    fn a_line_names_a_call_or_all_and_may_say_what_became_of_it() {
        let wish = |text: &str| {
            let line = lang::parse(text).unwrap().remove(0);
            Wish::of(&line, &Options::of(&line).unwrap())
        };
        let one = CallId(12);
        assert!(matches!(wish("reconcile --all"), Ok(Wish::All)));
        assert!(matches!(wish("reconcile 12"), Ok(Wish::One(id, _)) if id == one));
        for (word, found) in [
            ("happened", Found::Happened),
            ("did-not", Found::DidNot),
            ("did_not", Found::DidNot),
            ("cannot-tell", Found::CannotTell),
            ("cannot_tell", Found::CannotTell),
        ] {
            let text = format!("reconcile 12 {word}");
            assert!(matches!(wish(&text), Ok(Wish::Said(id, _, said)) if id == one && said == found), "{text}");
        }
        for text in [
            "reconcile",
            "reconcile x",
            "reconcile 12 --all",
            "reconcile 12 maybe",
            "reconcile x happened",
            "reconcile 1 happened 2",
        ] {
            let error = wish(text).unwrap_err();
            assert!(error.class() == Class::Usage && error.span().is_some(), "{text}: {error}");
        }
    }

    #[test]
    fn a_provider_has_a_minute_or_as_long_as_is_waited() {
        let sent = call(Outcome::Unknown, None);
        let begun = sent.call.begun / 1000;
        for (idle, lasted, attempts, expected) in [
            (900, None, 1, 60),
            (30_000, None, 1, 60),
            (60_001, None, 1, 61),
            (300_000, None, 1, 300),
            (900, Some(900), 1, 61),
            (300_000, Some(300_000), 1, 600),
            // The last attempt may have begun after the time of the others.
            (900, None, 3, 180),
            (900, Some(100_000), 3, 160),
        ] {
            let call = Call { duration: lasted.map(Duration::from_millis), attempts, ..sent.clone() };
            let found = until(&call, Duration::from_millis(idle)) - begun;
            assert_eq!(found, expected, "{idle} {lasted:?} {attempts}");
        }
    }
}
