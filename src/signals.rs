//! What the system asks of this process by a signal: to end (SIGTERM), or that the terminal has gone (SIGHUP); and
//! Ctrl-C (SIGINT) where nothing else listens for it.
//!
//! SIGTERM and SIGHUP end the process wherever it is. One that only reads has nothing to put in order: while it waits
//! for the network the wait is broken off, and anywhere else it ends at once. From the first change or the first
//! temporary file on, a thread keeps guard: a call that is under way is given a moment first, so that it can say what
//! became of it, and temporary files are removed in any case. A signal that was ignored when the process began, as
//! `nohup` has it, stays ignored.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use model::{Break, Effect};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::{flag, low_level};

/// How long a call may take to say what became of it.
const GRACE: Duration = Duration::from_secs(3);
/// How long a result that is being written may still take.
const MOMENT: Duration = Duration::from_secs(1);
/// How often it is looked whether it has.
const TICK: Duration = Duration::from_millis(10);
/// The system says in fewer bytes than this which signals a process ignores.
const STATUS: usize = 4096;

/// What is done before a signal ends the process; nothing is heard before it is known.
static CLEAN: OnceLock<fn()> = OnceLock::new();
/// The number of the signal that asked this process to end; 0 for none.
static ASKED: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
/// A signal ends the process at once: nothing is to be put in order, and nobody else takes it.
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// The numbers of the signals that are heard.
static HEARD: OnceLock<Vec<i32>> = OnceLock::new();
/// A line that has sent something has not yet said what became of it.
static BUSY: AtomicBool = AtomicBool::new(false);

/// A result is being written: nothing else is to be waited for.
static DELIVERING: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// With which the thread on guard can be asked to hear other signals as well; `None` where there is no thread.
static GUARD: OnceLock<Option<Handle>> = OnceLock::new();

/// Hears SIGTERM and SIGHUP from the first call on. `clean` is done before the process ends by one.
pub fn watch(clean: fn()) {
    let _ = CLEAN.set(clean);
}

/// The signals that are heard, from now on if they were not before; none where nobody watches. Where they cannot be
/// heard they end the process at once, as they would anyway.
fn heard() -> &'static [i32] {
    if CLEAN.get().is_none() {
        return &[];
    }
    HEARD.get_or_init(|| {
        let status = status();
        let meant = [SIGTERM, SIGHUP].into_iter().filter(|signal| !ignores(&status, *signal));
        AT_ONCE.store(true, Ordering::Relaxed);
        let hear = |signal: &i32| {
            let number = usize::try_from(*signal).unwrap_or_default();
            flag::register_usize(*signal, Arc::clone(&ASKED), number).is_ok()
                && flag::register_conditional_default(*signal, Arc::clone(&AT_ONCE)).is_ok()
        };
        meant.filter(hear).collect()
    })
}

/// From now on there is something to put in order before the process ends. Where no thread can be started for that, a
/// signal ends the process at once.
pub fn guard() {
    if !heard().is_empty() {
        let _ = on_guard();
    }
}

/// The thread on guard, started if it was not before.
fn on_guard() -> Option<&'static Handle> {
    let start = || {
        let mut signals = Signals::new(heard()).ok()?;
        let handle = signals.handle();
        let thread = move || {
            // One that came before this thread did is still to be answered.
            let before = i32::try_from(ASKED.load(Ordering::Relaxed)).ok().filter(|signal| *signal != 0);
            before.into_iter().chain(signals.forever()).for_each(answer);
        };
        thread::Builder::new().name("signals".into()).spawn(thread).ok()?;
        AT_ONCE.store(false, Ordering::Relaxed);
        Some(handle)
    };
    GUARD.get_or_init(start).as_ref()
}

/// Ends the process in order, unless a call that is under way does so itself in time.
fn answer(signal: i32) {
    if is_last(signal) {
        if let Some(clean) = CLEAN.get() {
            clean();
        }
        // Ends the process; nothing is left to do if it does not.
        let _ = low_level::emulate_default_handler(signal);
    }
}

/// Whether the process is to end now: a call that is under way gets the time to say what became of it. Ctrl-C is meant
/// for a result that nobody takes, and for nothing else here.
fn is_last(signal: i32) -> bool {
    let (busy, grace) = match signal {
        SIGINT => (&**DELIVERING, MOMENT),
        _ => (&BUSY, GRACE),
    };
    let since = Instant::now();
    while busy.load(Ordering::Relaxed) && since.elapsed() < grace {
        // Nothing is to be heard any more while a result is written, and somebody may not take it.
        if since.elapsed() >= MOMENT && DELIVERING.load(Ordering::Relaxed) {
            break;
        }
        thread::sleep(TICK);
    }
    signal != SIGINT || DELIVERING.load(Ordering::Relaxed)
}

/// While it lives, the network is waited for: whoever waits takes the signals.
#[derive(Debug)]
pub struct Waiting(());

/// The network is waited for from now on.
pub fn waiting() -> Waiting {
    if !heard().is_empty() {
        AT_ONCE.store(false, Ordering::Relaxed);
    }
    Waiting(())
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if heard().is_empty() || matches!(GUARD.get(), Some(Some(_))) {
            return;
        }
        AT_ONCE.store(true, Ordering::Relaxed);
        if ending().is_some() {
            // It is heard, and the process ends in order; nobody knows how long that takes.
            guard();
        }
    }
}

/// While it lives, a result is being written.
#[derive(Debug)]
pub struct Delivering;

/// A result is written from now on. When it is `alone`, there is nobody else for whom Ctrl-C could be meant, and a writing
/// that gets no further is ended by it.
pub fn delivering(alone: bool) -> Delivering {
    if alone && !heard().is_empty() {
        static HEEDED: OnceLock<()> = OnceLock::new();
        HEEDED.get_or_init(|| match GUARD.get() {
            Some(Some(guard)) => drop(guard.add_signal(SIGINT)),
            // Nothing is to be put in order: it ends the process at once.
            _ => drop(flag::register_conditional_default(SIGINT, Arc::clone(&DELIVERING))),
        });
        DELIVERING.store(true, Ordering::Relaxed);
    }
    Delivering
}

impl Drop for Delivering {
    fn drop(&mut self) {
        DELIVERING.store(false, Ordering::Relaxed);
    }
}

/// Whether a signal of this number is heard here.
pub fn is_heard(signal: i32) -> bool {
    heard().contains(&signal)
}

/// What asked this process to end, if anything did.
pub fn ending() -> Option<Break> {
    match i32::try_from(ASKED.load(Ordering::Relaxed)).ok()? {
        SIGTERM => Some(Break::Terminated),
        SIGHUP => Some(Break::HungUp),
        _ => None,
    }
}

/// A line is about to send something: it is given a moment to say what became of it, and what is not a read is guarded.
pub fn begin(effect: Effect) {
    BUSY.store(true, Ordering::Relaxed);
    if effect != Effect::Read {
        guard();
    }
}

/// It has said all there is to say. While the process is about to end, it is left to end in order.
pub fn settle() {
    if ending().is_none() {
        BUSY.store(false, Ordering::Relaxed);
    }
}

/// Ends this process by the signal that asked for it, so that the process that started it sees what ended it.
pub fn obey(by: Break) {
    let signal = match by {
        Break::CtrlC => return,
        Break::Terminated => SIGTERM,
        Break::HungUp => SIGHUP,
    };
    let _ = low_level::emulate_default_handler(signal);
}

/// Sets a flag whenever Ctrl-C is pressed, instead of what it does otherwise.
pub fn flag_interrupts(flag: Arc<AtomicBool>) -> io::Result<()> {
    flag::register(SIGINT, flag).map(|_| ())
}

/// Ctrl-C while something is waited for that has no connection: it is noted as long as this value lives.
#[derive(Debug)]
pub struct Interrupts {
    pressed: Arc<AtomicBool>,
    id: Option<signal_hook::SigId>,
}

impl Interrupts {
    /// From now on. Where it cannot be noted, it does what it always did.
    pub fn heed() -> Interrupts {
        let pressed = Arc::<AtomicBool>::default();
        let id = flag::register(SIGINT, Arc::clone(&pressed)).ok();
        Interrupts { pressed, id }
    }

    /// Whether it was pressed meanwhile.
    pub fn pressed(&self) -> bool {
        self.pressed.load(Ordering::Relaxed)
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        self.id.map(low_level::unregister);
    }
}

/// What the system says of this process; nothing where it does not, and then no signal was ignored.
fn status() -> String {
    let mut bytes = [0; STATUS];
    let read = File::open("/proc/self/status").and_then(|mut file| file.read(&mut bytes)).unwrap_or(0);
    String::from_utf8_lossy(bytes.get(..read).unwrap_or_default()).into_owned()
}

/// Whether a process with this status ignores a signal.
fn ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    let bit = u32::try_from(signal - 1).unwrap_or(u32::MAX);
    mask.checked_shr(bit).is_some_and(|rest| rest & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_ignored_at_the_start_is_known() {
        let status = "Name:\tmarsh\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000004000\n";
        for (signal, ignored) in [(SIGHUP, true), (SIGTERM, false), (13, true), (SIGINT, false), (64, false)] {
            assert_eq!(ignores(status, signal), ignored, "{signal}");
        }
        assert!(!ignores("", SIGHUP) && !ignores("SigIgn:\tnonsense\n", SIGHUP));
    }
}
