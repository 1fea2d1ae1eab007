//! What the system asks of this process by a signal: to end (SIGTERM), or that the terminal has gone (SIGHUP); and
//! Ctrl-C (SIGINT) where nothing else listens for it.
//!
//! SIGTERM and SIGHUP end the process wherever it is. A call that is under way is given a moment first, so that it can
//! say what became of it; what was made only for the time being is removed in any case. One that was ignored when the
//! process began, as `nohup` has it, stays ignored.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use model::Break;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::{flag, low_level};

/// How long a call may take to say what became of it.
const GRACE: Duration = Duration::from_secs(3);
/// How long a result that is being written may still take.
const MOMENT: Duration = Duration::from_secs(1);
/// How often it is looked whether it has.
const TICK: Duration = Duration::from_millis(10);

/// The number of the signal that asked this process to end; 0 for none.
static ASKED: OnceLock<Arc<AtomicUsize>> = OnceLock::new();
/// The numbers of the signals that are heard.
static HEARD: OnceLock<Vec<i32>> = OnceLock::new();
/// A line that has sent something has not yet said what became of it.
static BUSY: AtomicBool = AtomicBool::new(false);

/// A result is being written: nothing else is to be waited for.
static DELIVERING: AtomicBool = AtomicBool::new(false);
/// With which other signals can be heard as well.
static HANDLE: OnceLock<Handle> = OnceLock::new();

/// Hears SIGTERM and SIGHUP from now on. `clean` is done before the process ends by one. Where they cannot be heard
/// they end the process at once, as they would anyway.
pub fn watch(clean: fn()) {
    // Whether a signal was ignored when this process began. Where the system does not say, it was not.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let heard: Vec<i32> = [SIGTERM, SIGHUP].into_iter().filter(|signal| !ignores(&status, *signal)).collect();
    let Ok(mut signals) = Signals::new(&heard) else { return };
    let _ = HANDLE.set(signals.handle());
    let end = move || {
        for signal in signals.forever() {
            if !is_last(signal) {
                continue;
            }
            clean();
            // Ends the process; nothing is left to do if it does not.
            let _ = low_level::emulate_default_handler(signal);
        }
    };
    let asked = ASKED.get_or_init(Arc::default);
    let started = thread::Builder::new().name("signals".into()).spawn(end).is_ok();
    for signal in &heard {
        let number = usize::try_from(*signal).unwrap_or_default();
        let _ = match started {
            true => flag::register_usize(*signal, Arc::clone(asked), number),
            false => flag::register_conditional_default(*signal, Arc::new(AtomicBool::new(true))),
        };
    }
    let _ = HEARD.set(if started { heard } else { Vec::new() });
}

/// Whether the process is to end now: a call that is under way gets the time to say what became of it. Ctrl-C is meant
/// for a result that nobody takes, and for nothing else here.
fn is_last(signal: i32) -> bool {
    let (busy, grace) = match signal {
        SIGINT => (&DELIVERING, MOMENT),
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

/// While it lives, a result is being written.
#[derive(Debug)]
pub struct Delivering;

/// A result is written from now on. When it is `alone`, there is nobody else for whom Ctrl-C could be meant, and a writing
/// that gets no further is ended by it.
pub fn delivering(alone: bool) -> Delivering {
    if alone && let Some(handle) = HANDLE.get() {
        let _ = handle.add_signal(SIGINT);
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
    HEARD.get().is_some_and(|heard| heard.contains(&signal))
}

/// What asked this process to end, if anything did.
pub fn ending() -> Option<Break> {
    let number = ASKED.get()?.load(Ordering::Relaxed);
    match i32::try_from(number).ok()? {
        SIGTERM => Some(Break::Terminated),
        SIGHUP => Some(Break::HungUp),
        _ => None,
    }
}

/// A line has sent something: it is given a moment to say what became of it.
pub fn begin() {
    BUSY.store(true, Ordering::Relaxed);
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
