//! Waits for the network, until something comes, the time is up, or the wait is interrupted.

use std::future::{Future, pending};
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

/// Waits for some work. In the background it cannot be interrupted.
pub(super) async fn waiting<T>(
    limit: Duration,
    background: bool,
    watch: &Watch,
    work: impl Future<Output = T>,
) -> Waited<T> {
    let _waiting = (!background).then(signals::waiting);
    tokio::select! {
        // Checked in this order, so that an answer that has arrived is never discarded.
        biased;
        done = work => Waited::Done(done),
        by = broken_off(), if !background => Waited::Broken(by),
        () = tokio::time::sleep(limit) => Waited::TimedOut,
        never = watch.run() => match never {},
    }
}

async fn broken_off() -> Break {
    // Subscribes before checking whether it has already come, so that none is missed.
    let (mut terminated, mut hung_up) = (heard(SignalKind::terminate()), heard(SignalKind::hangup()));
    if let Some(by) = signals::ending() {
        return by;
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Break::CtrlC,
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
