//! The filter process, seen from its parent: started, fed, read, and ended when it takes too long.

use std::io::{self, BufWriter, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::error::QueryError;
use super::message::{Fault, REFUSED, Task, WORKER};
use super::tree::{Portable, bytes_again};
use crate::child;
use model::{Value, weight};

/// The most output that is read, in MB.
const LARGEST: u64 = 256;
/// The most error output that is read, in bytes.
const WORDS: u64 = 256 * 1024;
/// How often an interruption by the user is checked for.
const TICK: Duration = Duration::from_millis(20);

/// The signal numbers that show how a process ended.
const SIGINT: i32 = 2;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;

/// When a filter must stop: at a deadline, or when the user presses Ctrl-C.
#[derive(Clone, Copy)]
pub(super) struct Until<'u> {
    pub(super) limit: Duration,
    pub(super) interrupted: &'u dyn Fn() -> bool,
}

/// Applies a filter to a value, or only checks it without one.
pub(super) fn run(
    program: &Path,
    filter: &str,
    value: Option<&Value>,
    until: Until<'_>,
) -> Result<Vec<Value>, QueryError> {
    let limit = until.limit;
    let task = Task { filter: filter.to_owned(), value: value.is_some(), seconds: limit.as_secs() + 1 };
    let mut command = child::command(program);
    command.arg(WORKER).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = Process(command.spawn().map_err(broken)?);
    let spoken = process.converse(&task, value, until)?;
    let status = process.0.wait().map_err(broken)?;
    if status.success() {
        let results = results(&spoken.results)?;
        return Ok(match value {
            Some(value) => bytes_again(results, value),
            None => results,
        });
    }
    Err(failure(status, &spoken.words))
}

/// A process that is ended when this value is dropped, if not before.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Neither call affects a process that has ended and been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The output of the process.
struct Spoken {
    results: Vec<u8>,
    words: Vec<u8>,
}

impl Process {
    /// Writes to the process and reads from it until it closes its output. All three pipes are served at once, so that
    /// none can block another.
    fn converse(&mut self, task: &Task, value: Option<&Value>, until: Until<'_>) -> Result<Spoken, QueryError> {
        let (input, output, words) = match (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take()) {
            (Some(input), Some(output), Some(words)) => (input, output, words),
            _ => return Err(broken("its pipes are missing")),
        };
        thread::scope(|scope| {
            let (sender, results) = mpsc::channel();
            let thread = || thread::Builder::new();
            // A process that ends early stops reading, and reports the reason.
            thread().spawn_scoped(scope, || feed(input, task, value)).map_err(broken)?;
            let listener = thread().spawn_scoped(scope, || take(words, WORDS)).map_err(broken)?;
            let listening = thread().spawn_scoped(scope, move || sender.send(take(output, LARGEST * 1_000_000 + 1)));
            let found = listening.map_err(broken).and_then(|_| until.waits_for(&results));
            if found.is_err() {
                // When the process ends, so do its pipes, and with them the threads that this waits for.
                let _ = self.0.kill();
            }
            let words = listener.join().unwrap_or_default();
            Ok(Spoken { results: found?, words })
        })
    }
}

impl Until<'_> {
    /// The message on the channel, if it comes in time.
    fn waits_for(&self, results: &Receiver<Vec<u8>>) -> Result<Vec<u8>, QueryError> {
        let begun = Instant::now();
        loop {
            match results.recv_timeout(TICK) {
                Ok(results) if results.len() as u64 > LARGEST * 1_000_000 => {
                    return Err(QueryError::Large { most: LARGEST });
                }
                Ok(results) => return Ok(results),
                // The process may have been started too late to notice it.
                Err(RecvTimeoutError::Timeout) if (self.interrupted)() => return Err(QueryError::Interrupted),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() < self.limit => {}
                Err(RecvTimeoutError::Timeout) => return Err(QueryError::Slow { after: self.limit }),
                Err(RecvTimeoutError::Disconnected) => return Err(broken("its output cannot be read")),
            }
        }
    }
}

fn feed(input: impl Write, task: &Task, value: Option<&Value>) -> io::Result<()> {
    let mut input = BufWriter::new(input);
    serde_json::to_writer(&mut input, task)?;
    input.write_all(b"\n")?;
    if let Some(value) = value {
        serde_json::to_writer(&mut input, &Portable(value))?;
    }
    input.flush()
}

fn take(from: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.take(most).read_to_end(&mut bytes);
    bytes
}

fn results(lines: &[u8]) -> Result<Vec<Value>, QueryError> {
    // Many values in a short text still take much memory.
    if weight::of_json(lines) > weight::MOST {
        return Err(QueryError::Large { most: LARGEST });
    }
    let values = serde_json::Deserializer::from_slice(lines).into_iter();
    // The process writes JSON; only values that are nested too deep cannot be read back.
    values.collect::<Result<_, _>>().map_err(|_| QueryError::Deep)
}

/// Why a process failed: from its own message, or from the way it ended.
fn failure(status: ExitStatus, words: &[u8]) -> QueryError {
    if status.code() == Some(i32::from(REFUSED)) {
        return match serde_json::from_slice(words) {
            Ok(Fault::Text { message, place, hint }) => QueryError::Text { message, place, hint },
            Ok(Fault::Value { message }) => QueryError::Value { message },
            Ok(Fault::Passing { message }) => QueryError::Broken { cause: message },
            Err(error) => broken(error),
        };
    }
    let says = |part: &str| String::from_utf8_lossy(words).contains(part);
    match status.signal() {
        Some(SIGINT) => QueryError::Interrupted,
        // The message of Rust's runtime on a stack overflow.
        Some(SIGABRT | SIGSEGV) if says("overflowed its stack") => QueryError::Deep,
        Some(SIGABRT | SIGSEGV | SIGKILL) => QueryError::Memory,
        _ => broken(format!("its process ended with {status}")),
    }
}

fn broken(cause: impl ToString) -> QueryError {
    QueryError::Broken { cause: cause.to_string() }
}
