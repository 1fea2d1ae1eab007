//! Signals: SIGTERM ends the process, SIGHUP says that the terminal is gone, and Ctrl-C (SIGINT) is handled here where
//! nothing else does.
//!
//! SIGTERM and SIGHUP end the process at any time. A process that only reads has nothing to clean up: a wait for the
//! network is interrupted, and otherwise it ends at once. From the first changing call or the first temporary file on,
//! a thread handles the signals: a running call first gets some time to report its outcome, and temporary files are
//! always removed. A signal that was ignored when the process started, as under `nohup`, stays ignored.

use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use model::{Break, Effect};
use rustix::io::Errno;
use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, test_kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::{flag, low_level};

/// How long a call may take to report its outcome.
const GRACE: Duration = Duration::from_secs(3);
/// How long the writing of a result may still take.
const MOMENT: Duration = Duration::from_secs(1);
/// How often this is checked.
const TICK: Duration = Duration::from_millis(10);
/// The longest status text that the system gives, with the signals that a process ignores.
const STATUS: usize = 4096;

/// A process that runs on this machine, under any user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// When it began, in milliseconds since 1970 by the present clock, exact to about a second. `None` where the system
    /// does not say: it is read from `/proc`, which Linux has.
    pub begun: Option<i64>,
}

/// The process with that number, if there is one. Numbers are used again: after a process has ended, another one may
/// have its number.
pub fn running(process: u32) -> Option<Running> {
    let number = i32::try_from(process).ok().and_then(Pid::from_raw)?;
    if matches!(test_kill_process(number), Err(Errno::SRCH)) {
        return None;
    }
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let begun = begin_of(&read(&format!("/proc/{process}/stat")), &read("/proc/stat"), clock_ticks_per_second());
    Some(Running { begun })
}

/// When a process began, by what the system says of the process and of itself.
fn begin_of(process: &str, system: &str, ticks_per_second: u64) -> Option<i64> {
    // The name of the program is between parentheses and may contain anything. The 20th field after it counts from the
    // start of the system.
    let (_, fields) = process.rsplit_once(')')?;
    let ticks: i64 = fields.split_whitespace().nth(19)?.parse().ok()?;
    let booted: i64 = system.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    let millis = ticks.checked_mul(1000)?.checked_div(i64::try_from(ticks_per_second).ok()?)?;
    booted.checked_mul(1000)?.checked_add(millis)
}

/// The cleanup before a signal ends the process; signals are only handled once it is set.
static CLEAN: OnceLock<fn()> = OnceLock::new();
/// The number of the signal that asked this process to end; 0 for none.
static ASKED: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
/// A signal ends the process at once: there is nothing to clean up, and nothing else handles it.
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// The numbers of the handled signals.
static HEARD: OnceLock<Vec<i32>> = OnceLock::new();
/// A line that has sent something has not reported its outcome yet.
static BUSY: AtomicBool = AtomicBool::new(false);
/// What it has sent may change something.
static CHANGING: AtomicBool = AtomicBool::new(false);

/// A result is being written: nothing else is waited for.
static DELIVERING: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Adds more signals to the handler thread; `None` if there is no thread.
static GUARD: OnceLock<Option<Handle>> = OnceLock::new();

/// Handles SIGTERM and SIGHUP from the first call on. `clean` runs before the process ends by one.
pub fn watch(clean: fn()) {
    let _ = CLEAN.set(clean);
}

/// The handled signals, registering them first if necessary; empty before [`watch`]. If they cannot be handled, they
/// end the process at once, as by default.
fn handled() -> &'static [i32] {
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

/// From now on there is something to clean up before the process ends. If no thread can be started for it, a signal
/// ends the process at once.
pub fn guard() {
    if !handled().is_empty() {
        let _ = on_guard();
    }
}

/// The handler thread, started if necessary.
fn on_guard() -> Option<&'static Handle> {
    let start = || {
        let mut signals = Signals::new(handled()).ok()?;
        let handle = signals.handle();
        let thread = move || {
            // A signal that came before this thread started must still be handled.
            let before = i32::try_from(ASKED.load(Ordering::Relaxed)).ok().filter(|signal| *signal != 0);
            before.into_iter().chain(signals.forever()).for_each(answer);
        };
        thread::Builder::new().name("signals".into()).spawn(thread).ok()?;
        AT_ONCE.store(false, Ordering::Relaxed);
        Some(handle)
    };
    GUARD.get_or_init(start).as_ref()
}

/// Ends the process cleanly, unless a running call does so itself in time.
fn answer(signal: i32) {
    if is_last(signal) {
        if let Some(clean) = CLEAN.get() {
            clean();
        }
        // Ends the process; if it does not, nothing more can be done.
        let _ = low_level::emulate_default_handler(signal);
    }
}

/// Whether the process must end now, after giving a running call time to report its outcome. Ctrl-C only ends a result
/// here that no one reads.
fn is_last(signal: i32) -> bool {
    let (busy, grace) = match signal {
        SIGINT => (&**DELIVERING, MOMENT),
        _ => (&BUSY, GRACE),
    };
    let since = Instant::now();
    while busy.load(Ordering::Relaxed) && since.elapsed() < grace {
        // While a result is written to a reader that may not read it, nothing more can be reported.
        if since.elapsed() >= MOMENT && DELIVERING.load(Ordering::Relaxed) {
            break;
        }
        thread::sleep(TICK);
    }
    signal != SIGINT || DELIVERING.load(Ordering::Relaxed)
}

/// While it lives, the network is waited for, and the waiting code handles the signals.
#[derive(Debug)]
pub struct Waiting(());

/// The wait for the network starts now.
pub fn waiting() -> Waiting {
    if !handled().is_empty() {
        AT_ONCE.store(false, Ordering::Relaxed);
    }
    Waiting(())
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if handled().is_empty() || matches!(GUARD.get(), Some(Some(_))) {
            return;
        }
        AT_ONCE.store(true, Ordering::Relaxed);
        if ending().is_some() {
            // The signal is handled, and the process ends cleanly; how long that takes is unknown.
            guard();
        }
    }
}

/// While it lives, a result is being written.
#[derive(Debug)]
pub struct Delivering;

/// The writing of a result starts now. With `alone`, Ctrl-C cannot be meant for another program, and ends a write that
/// is stuck.
pub fn delivering(alone: bool) -> Delivering {
    if alone && !handled().is_empty() {
        static HEEDED: OnceLock<()> = OnceLock::new();
        HEEDED.get_or_init(|| match GUARD.get() {
            Some(Some(guard)) => drop(guard.add_signal(SIGINT)),
            // There is nothing to clean up: Ctrl-C ends the process at once.
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

/// Whether a signal is handled here.
pub fn is_handled(signal: i32) -> bool {
    handled().contains(&signal)
}

/// The signal that asked this process to end, if there was one.
pub fn ending() -> Option<Break> {
    match i32::try_from(ASKED.load(Ordering::Relaxed)).ok()? {
        SIGTERM => Some(Break::Terminated),
        SIGHUP => Some(Break::HungUp),
        _ => None,
    }
}

/// A line is about to send something: it gets time to report its outcome, and a changing call starts the handler
/// thread.
pub fn begin(effect: Effect) {
    BUSY.store(true, Ordering::Relaxed);
    if effect != Effect::Read {
        CHANGING.store(true, Ordering::Relaxed);
        guard();
    }
}

/// The line has reported its outcome. If the process is about to end, nothing changes here, and it ends cleanly.
pub fn settle() {
    if ending().is_none() {
        BUSY.store(false, Ordering::Relaxed);
        CHANGING.store(false, Ordering::Relaxed);
    }
}

/// Whether a change may have been sent whose outcome no line has reported yet.
pub fn is_changing() -> bool {
    CHANGING.load(Ordering::Relaxed)
}

/// Ends this process by the signal that asked for it, so that its parent sees the cause.
pub fn obey(by: Break) {
    let signal = match by {
        Break::CtrlC => return,
        Break::Terminated => SIGTERM,
        Break::HungUp => SIGHUP,
    };
    let _ = low_level::emulate_default_handler(signal);
}

/// Sets a flag whenever Ctrl-C is pressed, instead of its usual effect.
pub fn flag_interrupts(flag: Arc<AtomicBool>) -> io::Result<()> {
    flag::register(SIGINT, flag).map(|_| ())
}

/// Records Ctrl-C while this value lives, during a wait that does not involve the network.
#[derive(Debug)]
pub struct Interrupts {
    pressed: Arc<AtomicBool>,
    id: Option<signal_hook::SigId>,
}

impl Interrupts {
    /// Records Ctrl-C from now on. If that is not possible, it keeps its usual effect.
    pub fn record() -> Interrupts {
        let pressed = Arc::<AtomicBool>::default();
        let id = flag::register(SIGINT, Arc::clone(&pressed)).ok();
        Interrupts { pressed, id }
    }

    /// The flag that is set when it is pressed.
    pub fn flag(&self) -> &Arc<AtomicBool> {
        &self.pressed
    }

    /// Whether it has been pressed.
    pub fn pressed(&self) -> bool {
        self.pressed.load(Ordering::Relaxed)
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        self.id.map(low_level::unregister);
    }
}

/// The system's status text for this process; empty where there is none, and then no signal counts as ignored.
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
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_process_runs_until_it_has_ended_and_its_begin_is_known() {
        let now = || i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
        let before = now();
        let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let found = running(child.id()).unwrap();
        assert!(running(std::process::id()).is_some());
        if cfg!(target_os = "linux") {
            let begun = found.begun.unwrap();
            assert!((before - 2000..=now() + 2000).contains(&begun), "{before} {begun}");
        }
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!((running(child.id()), running(0), running(u32::MAX)), (None, None, None));
    }

    #[test]
    fn the_begin_of_a_process_is_read_from_what_the_system_says() {
        let stat = |name: &str, ticks: &str| {
            format!(
                "7 ({name}) S 1 7 7 0 -1 4194560 100 0 0 0 1 2 3 4 20 0 1 0 {ticks} 1000 200 18446744073709551615\n"
            )
        };
        let system = "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n";
        for (process, system, ticks, begun) in [
            (stat("marsh", "12345"), system, 100, Some(1_700_000_123_450)),
            (stat("a) S 1 (b", "100"), system, 100, Some(1_700_000_001_000)),
            (stat("marsh", "x"), system, 100, None),
            (stat("marsh", "1"), "cpu 1\n", 100, None),
            (stat("marsh", "1"), system, 0, None),
            (stat("marsh", "9223372036854775807"), system, 100, None),
            ("7 (marsh) S".to_owned(), system, 100, None),
            (String::new(), "", 100, None),
        ] {
            assert_eq!(begin_of(&process, system, ticks), begun, "{process}");
        }
    }

    #[test]
    fn signals_ignored_at_the_start_are_known() {
        let status = "Name:\tmarsh\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000004000\n";
        for (signal, ignored) in [(SIGHUP, true), (SIGTERM, false), (13, true), (SIGINT, false), (64, false)] {
            assert_eq!(ignores(status, signal), ignored, "{signal}");
        }
        assert!(!ignores("", SIGHUP) && !ignores("SigIgn:\tnonsense\n", SIGHUP));
    }
}
