//! Waits for the network, until something comes, the time is up, or the wait is interrupted.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, Sleep, sleep_until};

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

/// Ends waits, one after the other. Its timer stays with the runtime between them: a new one wakes the runtime, which then
/// asks the system twice, and the old one is nearly always early enough.
#[derive(Debug, Default)]
pub(super) struct Clock(Option<Pin<Box<Sleep>>>);

impl Clock {
    /// Waits for so long from now on.
    pub(super) async fn passes(&mut self, limit: Duration) {
        let Some(end) = Instant::now().checked_add(limit) else { return pending().await };
        let timer = self.0.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if timer.is_elapsed() || timer.deadline() > end {
            timer.as_mut().reset(end);
        }
        timer.as_mut().await;
        while timer.deadline() < end {
            timer.as_mut().reset(end);
            timer.as_mut().await;
        }
    }
}

/// Waits for some work, unless something breaks it off or the time is up.
pub(super) async fn waiting<T>(
    time: impl Future<Output = ()>,
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
        () = time => Waited::TimedOut,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_can_be_used_again_for_a_longer_and_for_a_shorter_wait() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (mut clock, ms) = (Clock::default(), Duration::from_millis);
        let unseen = Watch::of(None, "");
        for limit in [ms(20), ms(40), ms(5), ms(0), ms(20)] {
            let begun = Instant::now();
            let breaks = Breaks { background: true, ..Breaks::default() };
            let waited = runtime.block_on(waiting(clock.passes(limit), &breaks, &unseen, pending::<()>()));
            assert!(matches!(waited, Waited::TimedOut) && begun.elapsed() >= limit, "{limit:?} {:?}", begun.elapsed());
        }
        // The timer of an earlier, longer wait does not end it, and is set to an earlier time.
        let begun = Instant::now();
        let short = async {
            tokio::select! { () = clock.passes(ms(60_000)) => {}, () = tokio::task::yield_now() => {} }
        };
        runtime.block_on(short);
        runtime.block_on(clock.passes(ms(5)));
        assert!(begun.elapsed() < ms(30_000));
        let ever = async {
            tokio::select! { () = clock.passes(Duration::MAX) => false, () = tokio::task::yield_now() => true }
        };
        assert!(runtime.block_on(ever));
    }
}
