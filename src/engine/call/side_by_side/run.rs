//! Starts the threads on which calls run side by side, and delivers the results in order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::lane::{Lane, Shared};
use super::order::{Comes, Desk, Finished, Order, Planned};
use super::queue::{Needs, Queue, Seats};
use super::results::Results;
use crate::engine::accounts::account::Account;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::signals::{self, Interrupts};
use crate::wire::{Wire, WireError};

/// For each call that may be under way, so many results may wait for their turn.
const WINDOW: usize = 4;
/// How many accounts are named in it.
const NAMED: usize = 3;

/// Runs calls side by side, as the top of this folder describes. `work` makes one call on one of the threads: its exchange has an
/// account whose key was fetched, and whose address is complete. It may make several requests, as for the pages of a
/// list. An error is returned only if nothing could be begun, or if `deliver` returns one.
pub(crate) fn run<P, T, W>(
    parts: (&mut Accounts, &mut Console),
    plans: &[P],
    order: &Order<'_>,
    work: W,
    mut deliver: impl FnMut(&mut Desk<'_>, usize, Finished<T>) -> Result<(), CallError>,
) -> Result<(), CallError>
where
    P: Planned,
    T: Comes,
    W: Fn(&mut Exchange<'_>, &P) -> Result<T, CallError> + Sync,
{
    take(parts, plans, order, work, |results| {
        while let Some((index, finished)) = results.next() {
            deliver(&mut results.desk, index, finished)?;
        }
        Ok(())
    })
}

/// The same for a taker that asks for one result after the other. If it returns an error, nothing more begins.
pub(crate) fn take<P, T, W, R>(
    (accounts, console): (&mut Accounts, &mut Console),
    plans: &[P],
    order: &Order<'_>,
    work: W,
    taker: impl FnOnce(&mut Results<'_, T>) -> Result<R, CallError>,
) -> Result<R, CallError>
where
    P: Planned,
    T: Comes,
    W: Fn(&mut Exchange<'_>, &P) -> Result<T, CallError> + Sync,
{
    let pressed = Interrupts::record();
    let at_once = order.at_once.clamp(1, plans.len().max(1));
    let mut wires = wires(accounts, at_once, &pressed)?;
    // The handler thread of signals waits for calls on other threads, too.
    signals::guard();
    let copies = of_all(accounts, plans, |account| account.beside());
    let retries = copies.keys().map(|profile| (profile.clone(), accounts.rules(profile).retries)).collect();
    let grants = copies.values().map(|account| account.target.grant.clone()).collect();
    let queue = queue(accounts, plans, at_once);
    let Accounts { redactor, ledger, registry, list, .. } = &mut *accounts;
    let shared = Shared {
        plans,
        work: &work,
        order,
        queue,
        retries,
        accounts: copies.into_iter().map(|(profile, account)| (profile, Mutex::new(account))).collect(),
        registry: &*registry,
        stopped: pressed.flag(),
    };
    let done = thread::scope(|scope| {
        let (report, reports) = channel();
        let mut started = Err(WireError::Client { cause: "no thread can be started".into() });
        for wire in &mut wires {
            let lane = Lane { wire, redactor: redactor.clone(), ledger: ledger.beside() };
            let (shared, report) = (&shared, report.clone());
            match thread::Builder::new().spawn_scoped(scope, move || lane.run(shared, &report)) {
                Ok(_) => started = Ok(()),
                Err(error) => started = started.map_err(|_| WireError::Client { cause: error.to_string() }),
            }
        }
        drop(report);
        started.map_err(CallError::Address)?;
        let so_far = |ended| so_far(&shared, ended);
        let desk = Desk { redactor, ledger, console };
        let mut results = Results::of(desk, (&shared.queue, plans.len()), (reports, grants), &so_far);
        let taken = taker(&mut results);
        results.end(taken.is_err());
        taken
    });
    for (profile, copy) in shared.accounts {
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        let copy = copy.into_inner().unwrap_or_else(PoisonError::into_inner);
        account.into_iter().for_each(|account| account.take_up(copy.beside()));
    }
    accounts.wires = wires;
    done
}

/// `3 of 40 done, waiting for work, home and 2 more`
fn so_far<P: Planned, W>(shared: &Shared<'_, P, W>, ended: usize) -> String {
    let mut waited: Vec<&str> = Vec::new();
    for plan in shared.queue.running().into_iter().filter_map(|index| shared.plans.get(index)) {
        if !waited.contains(&plan.profile()) {
            waited.push(plan.profile());
        }
    }
    let more = waited.len().saturating_sub(NAMED);
    waited.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let waited = waited.join(", ");
    format!("{ended} of {} done, waiting for {waited}{more}; Ctrl-C stops", shared.plans.len())
}

/// Something of each account that is called, by profile.
fn of_all<P: Planned, T>(accounts: &Accounts, plans: &[P], of: impl Fn(&Account) -> T) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for plan in plans {
        if !all.contains_key(plan.profile())
            && let Some(account) = accounts.get(plan.profile())
        {
            all.insert(plan.profile().to_owned(), of(account));
        }
    }
    all
}

/// The clients for the threads, those of the last time first. With one at least, it goes on with fewer.
fn wires(accounts: &mut Accounts, count: usize, pressed: &Interrupts) -> Result<Vec<Wire>, CallError> {
    let mut wires = std::mem::take(&mut accounts.wires);
    while wires.len() < count {
        match accounts.wire.another() {
            Ok(wire) => wires.push(wire),
            Err(error) if wires.is_empty() => return Err(CallError::Address(error)),
            Err(_) => break,
        }
    }
    wires.truncate(count);
    wires.iter_mut().for_each(|wire| wire.stopped_by(pressed.flag()));
    Ok(wires)
}

/// The queue of the calls, with the limits of their accounts.
fn queue<P: Planned>(accounts: &Accounts, plans: &[P], at_once: usize) -> Queue {
    let most = |limit: Option<NonZeroUsize>| limit.map_or(at_once, |limit| limit.get().min(at_once));
    let mut places: Vec<Option<&Account>> = Vec::new();
    let (mut by_profile, mut seats) = (BTreeMap::new(), Vec::new());
    let (mut by_method, mut methods) = (BTreeMap::new(), Vec::new());
    let mut needs = Vec::with_capacity(plans.len());
    for plan in plans {
        let account = *by_profile.entry(plan.profile()).or_insert_with(|| {
            let account = accounts.get(plan.profile());
            let is_known =
                |other: &Option<&Account>| account.zip(*other).is_some_and(|(one, other)| is_same(one, other));
            if let Some(place) = places.iter().position(is_known) {
                return place;
            }
            let source = accounts.registry.source(plan.profile());
            let limit = source.and_then(|source| source.provider().calls_at_once);
            seats.push(Seats::new(most(limit), account.is_some_and(|account| account.accepted == Some(true))));
            places.push(account);
            seats.len() - 1
        });
        let method = plan.method().calls_at_once.map(|limit| {
            *by_method.entry((account, plan.method().name.as_str())).or_insert_with(|| {
                methods.push(limit.get());
                methods.len() - 1
            })
        });
        needs.push(Needs { account, method });
    }
    Queue::new(needs, seats, methods, at_once * WINDOW)
}

/// Whether two profiles are one account at its service: the same key at the same host.
fn is_same(one: &Account, other: &Account) -> bool {
    let secret = |account: &Account| account.target.credential.as_ref().map(|credential| credential.secret.clone());
    one.target.profile == other.target.profile
        || one.target.host == other.target.host && secret(one).is_some() && secret(one) == secret(other)
}
