//! Connections that several threads use at the same time: one client over TLS for all calls that run side by side, and a
//! thread that turns its runtime.
//!
//! A service that speaks HTTP/2 gets all of them over one connection. Over plain http, and as soon as a service has answered
//! without HTTP/2, each thread has connections of its own: a second thread that must be woken costs more than a connection.

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::fcntl_dupfd_cloexec;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use super::client::{self, FRESH, Kind, Pooled};
use super::error::WireError;
use super::waiting::{Breaks, Clock, Waited, waiting};
use super::watch::Watch;
use model::Effect;

/// The number of file descriptors that the runtime opens when it is set up.
const DESCRIPTORS: usize = 6;

/// What turns the runtime while something is waited for.
#[derive(Debug)]
pub(super) enum Turning<'w> {
    /// The wait itself.
    Here(&'w Runtime, &'w mut Clock),
    /// The thread of the shared connections.
    Elsewhere(Handle),
}

impl Turning<'_> {
    /// Waits for some work, for so long at most.
    pub(super) fn wait<T>(
        &mut self,
        limit: Duration,
        breaks: &Breaks,
        watch: &Watch,
        work: impl Future<Output = T>,
    ) -> Waited<T> {
        match self {
            Turning::Here(runtime, clock) => runtime.block_on(waiting(clock.passes(limit), breaks, watch, work)),
            Turning::Elsewhere(handle) => {
                handle.block_on(waiting(async { tokio::time::sleep(limit).await }, breaks, watch, work))
            }
        }
    }
}

/// The place of the shared connections. They are set up when they are needed first.
#[derive(Clone, Debug, Default)]
pub(super) struct Place(Arc<Mutex<Option<Shared>>>);

/// A client, as all threads use it.
#[derive(Debug)]
struct Kept {
    kind: Kind,
    /// It sends changes.
    changes: bool,
    client: Pooled,
    /// When an answer last came over it.
    used: Instant,
}

/// The shared connections. The thread ends with them.
#[derive(Debug)]
struct Shared {
    handle: Handle,
    clients: Vec<Kept>,
    /// Services that do not speak HTTP/2: nothing can be shared there.
    single: BTreeSet<String>,
    _lives: oneshot::Sender<()>,
}

impl Place {
    /// The client for a kind of connection, and what turns its runtime. A change gets no connection that was idle for
    /// long.
    pub(super) fn client(&self, kind: &Kind, effect: Effect) -> Result<(Pooled, Handle), WireError> {
        let mut place = self.lock();
        let shared = match &mut *place {
            Some(shared) => shared,
            none => none.insert(Shared::start()?),
        };
        let changes = effect != Effect::Read;
        shared.clients.retain(|kept| !kept.changes || kept.used.elapsed() < FRESH);
        let known = shared.clients.iter().find(|kept| kept.changes == changes && kept.kind == *kind);
        let client = match known {
            Some(kept) => kept.client.clone(),
            None => {
                let client = client::pooled(kind, changes)?;
                let used = Instant::now();
                shared.clients.push(Kept { kind: kind.clone(), changes, client: client.clone(), used });
                client
            }
        };
        Ok((client, shared.handle.clone()))
    }

    /// Whether a service may take several calls over one connection: as far as is known.
    pub(super) fn may_share(&self, host: &str) -> bool {
        self.lock().as_ref().is_none_or(|shared| !shared.single.contains(host))
    }

    /// Notes that an answer has come from a service, and whether over HTTP/2.
    pub(super) fn came(&self, kind: &Kind, host: &str, several: bool) {
        if let Some(shared) = &mut *self.lock() {
            if !several {
                shared.single.insert(host.to_owned());
            }
            shared.clients.iter_mut().filter(|kept| kept.kind == *kind).for_each(|kept| kept.used = Instant::now());
        }
    }

    /// Leaves the connections of a kind to the calls that are under way: one of them was not answered, so the connection
    /// may be dead.
    pub(super) fn leave(&self, kind: &Kind) {
        if let Some(shared) = &mut *self.lock() {
            shared.clients.retain(|kept| kept.kind != *kind);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shared>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Starts the thread.
    fn start() -> Result<Shared, WireError> {
        let runtime = runtime()?;
        let (lives, ended) = oneshot::channel::<()>();
        let handle = runtime.handle().clone();
        let turn = move || {
            // An error says that the other end is gone.
            let _ = runtime.block_on(ended);
            // A name that is still looked up keeps nobody waiting.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("connections".into()).spawn(turn);
        thread.map_err(|error| WireError::Client { cause: error.to_string() })?;
        Ok(Shared { handle, clients: Vec::new(), single: BTreeSet::new(), _lives: lives })
    }
}

/// A runtime for the thread that turns it.
pub(super) fn runtime() -> Result<Runtime, WireError> {
    // If there are too few file descriptors, the runtime would panic while it is set up.
    let room = [(); DESCRIPTORS].map(|()| fcntl_dupfd_cloexec(io::stderr(), 0));
    let room = room.into_iter().collect::<rustix::io::Result<Vec<_>>>().map(drop).map_err(io::Error::from);
    let runtime = room.and_then(|()| Builder::new_current_thread().enable_all().build());
    runtime.map_err(|error| WireError::Client { cause: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    fn kind(connect: u64) -> Kind {
        Kind { tls: true, proxy: None, trust: None, connect: Duration::from_secs(connect) }
    }

    #[test]
    fn a_client_is_kept_for_its_kind_and_its_calls() {
        let place = Place::default();
        let count = || place.lock().as_ref().map_or(0, |shared| shared.clients.len());
        for (kind, effect, kept) in [
            (kind(1), Effect::Read, 1),
            (kind(1), Effect::Read, 1),
            (kind(1), Effect::Change, 2),
            (kind(1), Effect::Destroy, 2),
            (kind(2), Effect::Read, 3),
        ] {
            place.client(&kind, effect).unwrap();
            assert_eq!(count(), kept, "{kind:?} {effect:?}");
        }
        place.leave(&kind(1));
        assert_eq!(count(), 1);
    }

    #[test]
    fn a_change_gets_no_client_that_was_idle_for_long() {
        let place = Place::default();
        place.client(&kind(1), Effect::Change).unwrap();
        place.client(&kind(1), Effect::Read).unwrap();
        let age = || {
            let mut place = place.lock();
            for kept in &mut place.as_mut().unwrap().clients {
                kept.used = Instant::now().checked_sub(FRESH).unwrap();
            }
        };
        let fresh = || {
            let place = place.lock();
            place.as_ref().unwrap().clients.iter().map(|kept| kept.used.elapsed() < FRESH).collect::<Vec<_>>()
        };
        age();
        place.client(&kind(1), Effect::Change).unwrap();
        assert_eq!(fresh(), [false, true], "that of the reads stays, and there is a new one");
        age();
        place.came(&kind(1), "h:443", true);
        place.client(&kind(1), Effect::Change).unwrap();
        assert_eq!(fresh(), [true, true]);
    }

    #[test]
    fn a_service_without_http_two_shares_nothing_from_its_first_answer_on() {
        let place = Place::default();
        place.client(&kind(1), Effect::Read).unwrap();
        place.came(&kind(1), "old:443", false);
        place.came(&kind(1), "new:443", true);
        assert_eq!(["old:443", "new:443", "other:443"].map(|host| place.may_share(host)), [false, true, true]);
    }

    #[test]
    fn somebody_else_turns_the_runtime() {
        let place = Place::default();
        let (_, handle) = place.client(&kind(1), Effect::Read).unwrap();
        let waits = (0..4).map(|_| {
            let mut turning = Turning::Elsewhere(handle.clone());
            thread::spawn(move || {
                let (breaks, unseen) = (Breaks { background: true, ..Breaks::default() }, Watch::of(None, ""));
                let work = async { tokio::time::sleep(Duration::from_millis(1)).await };
                assert!(matches!(turning.wait(Duration::from_secs(60), &breaks, &unseen, work), Waited::Done(())));
                assert!(matches!(turning.wait(Duration::ZERO, &breaks, &unseen, pending::<()>()), Waited::TimedOut));
            })
        });
        waits.collect::<Vec<_>>().into_iter().for_each(|wait| wait.join().unwrap());
    }
}
