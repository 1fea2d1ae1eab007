//! The process of a filter, from the outside: started, fed, listened to, and ended when it takes too long.

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

/// As much of the results is taken, in MB.
const LARGEST: u64 = 256;
/// As much is read of what the process has to say.
const WORDS: u64 = 256 * 1024;
/// How often it is looked whether the user wants to wait no longer.
const TICK: Duration = Duration::from_millis(20);

/// The numbers of the signals that say how a process ended.
const SIGINT: i32 = 2;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;

/// How long a filter may run: until the time is over, or until the user presses Ctrl-C.
#[derive(Clone, Copy)]
pub(super) struct Until<'u> {
    pub(super) limit: Duration,
    pub(super) interrupted: &'u dyn Fn() -> bool,
}

/// Applies a filter to a value, or checks it where there is none.
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

/// A process that ends with this value, at the latest.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended and been waited for is left alone by both.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the process has said.
struct Spoken {
    results: Vec<u8>,
    words: Vec<u8>,
}

impl Process {
    /// Feeds it and listens until it closes its output. All three pipes are served at once: whichever is full or
    /// empty, the others go on.
    fn converse(&mut self, task: &Task, value: Option<&Value>, until: Until<'_>) -> Result<Spoken, QueryError> {
        let (input, output, words) = match (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take()) {
            (Some(input), Some(output), Some(words)) => (input, output, words),
            _ => return Err(broken("its pipes are missing")),
        };
        thread::scope(|scope| {
            let (sender, results) = mpsc::channel();
            let thread = || thread::Builder::new();
            // A process that ends early reads no further, and says why.
            thread().spawn_scoped(scope, || feed(input, task, value)).map_err(broken)?;
            let listener = thread().spawn_scoped(scope, || take(words, WORDS)).map_err(broken)?;
            let listening = thread().spawn_scoped(scope, move || sender.send(take(output, LARGEST * 1_000_000 + 1)));
            let found = listening.map_err(broken).and_then(|_| until.waits_for(&results));
            if found.is_err() {
                // With the process its pipes end, and with them the threads that this waits for.
                let _ = self.0.kill();
            }
            let words = listener.join().unwrap_or_default();
            Ok(Spoken { results: found?, words })
        })
    }
}

impl Until<'_> {
    /// What is heard on the channel before the time is over.
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
    // Many values in a short text are many all the same.
    if weight::of_json(lines) > weight::MOST {
        return Err(QueryError::Large { most: LARGEST });
    }
    let values = serde_json::Deserializer::from_slice(lines).into_iter();
    // The process writes JSON; what stands too deep in itself is all that cannot be read again.
    values.collect::<Result<_, _>>().map_err(|_| QueryError::Deep)
}

/// Why a process ended badly: it says so itself, or the way it ended does.
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
        // The words of Rust's runtime when it gives up.
        Some(SIGABRT | SIGSEGV) if says("overflowed its stack") => QueryError::Deep,
        Some(SIGABRT | SIGSEGV | SIGKILL) => QueryError::Memory,
        _ => broken(format!("its process ended with {status}")),
    }
}

fn broken(cause: impl ToString) -> QueryError {
    QueryError::Broken { cause: cause.to_string() }
}
