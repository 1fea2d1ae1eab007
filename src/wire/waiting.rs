//! Waits for the network, until something comes, the time is up, or the wait is interrupted.

use std::future::{Future, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::watch::Watch;
use crate::signals;
use model::Break;

/// How a wait ended.
pub(super) enum Waited<T> {
    /// With a result.
    Done(T),
    /// Without a result in time.
    TimedOut,
    /// By Ctrl-C, or because the process must end.
    Broken(Break),
}

/// What can break off the waits of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaks {
    /// Nothing can: it works in the background.
    pub(super) background: bool,
    /// This flag can, which is set at Ctrl-C: it may have been pressed before the wait.
    pub(super) stopped: Option<Arc<AtomicBool>>,
    /// Set when Ctrl-C has broken off a wait, whatever became of the call.
    pub(super) pressed: Arc<AtomicBool>,
}

/// Waits for some work, unless something breaks it off.
pub(super) async fn waiting<T>(
    limit: Duration,
    breaks: &Breaks,
    watch: &Watch,
    work: impl Future<Output = T>,
) -> Waited<T> {
    let _waiting = (!breaks.background).then(signals::waiting);
    let waited = tokio::select! {
        // Checked in this order, so that an answer that has arrived is never discarded.
        biased;
        done = work => Waited::Done(done),
        by = broken_off(breaks.stopped.as_deref()), if !breaks.background => Waited::Broken(by),
        () = tokio::time::sleep(limit) => Waited::TimedOut,
        never = watch.run() => match never {},
    };
    if matches!(waited, Waited::Broken(Break::CtrlC)) {
        breaks.pressed.store(true, Ordering::Relaxed);
    }
    waited
}

async fn broken_off(stopped: Option<&AtomicBool>) -> Break {
    // Subscribes before checking whether it has already come, so that none is missed.
    let mut interrupted = signal(SignalKind::interrupt()).ok();
    let (mut terminated, mut hung_up) = (heard(SignalKind::terminate()), heard(SignalKind::hangup()));
    if let Some(by) = signals::ending() {
        return by;
    }
    if stopped.is_some_and(|stopped| stopped.load(Ordering::Relaxed)) {
        return Break::CtrlC;
    }
    tokio::select! {
        () = next(&mut interrupted) => Break::CtrlC,
        () = next(&mut terminated) => Break::Terminated,
        () = next(&mut hung_up) => Break::HungUp,
    }
}

/// A signal that this process already handles; others keep their default effect.
fn heard(kind: SignalKind) -> Option<Signal> {
    signals::is_handled(kind.as_raw_value()).then(|| signal(kind).ok()).flatten()
}

async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}
