//! Waiting for the network, until something comes, the time is up, or somebody breaks off.

use std::future::{Future, pending};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::signals;
use model::Break;

/// How it ended.
pub(super) enum Waited<T> {
    /// What was waited for came.
    Done(T),
    /// It did not come in time.
    TimedOut,
    /// Ctrl-C, or the process is to end.
    Broken(Break),
}

/// Waits for some work. In the background nobody breaks it off.
pub(super) async fn waiting<T>(limit: Duration, background: bool, work: impl Future<Output = T>) -> Waited<T> {
    let _waiting = (!background).then(signals::waiting);
    tokio::select! {
        // Looked at in this order, so that an answer that is there is never thrown away.
        biased;
        done = work => Waited::Done(done),
        by = broken_off(), if !background => Waited::Broken(by),
        () = tokio::time::sleep(limit) => Waited::TimedOut,
    }
}

async fn broken_off() -> Break {
    // Listened for first, then asked whether it has come already: so none is missed.
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

/// A signal that this process hears anyway; one that it does not is left to do what it does.
fn heard(kind: SignalKind) -> Option<Signal> {
    signals::is_heard(kind.as_raw_value()).then(|| signal(kind).ok()).flatten()
}

async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}
