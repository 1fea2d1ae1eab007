//! The process of a filter: one task from standard input, its results to standard output, and the end.

use std::io::{self, BufRead, BufWriter, Read, Write};
use std::process::ExitCode;
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::compile::Compiled;
use super::message::{Fault, REFUSED, Task};
use super::tree::{Portable, from_val, to_val};
use model::Value;

/// All the memory that a filter may use, its stack included.
const MEMORY: u64 = 2 << 30;
/// The stack of a filter. Only what is used of it costs anything.
const STACK: usize = 128 << 20;

/// Runs the task that standard input holds.
pub fn work() -> ExitCode {
    let worker = thread::Builder::new().stack_size(STACK).spawn(task);
    let done = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => return ExitCode::FAILURE,
        Err(error) => Err(passing(error)),
    };
    let Err(fault) = done else { return ExitCode::SUCCESS };
    let told = serde_json::to_vec(&fault).map(|json| io::stderr().write_all(&json));
    ExitCode::from(if told.is_ok() { REFUSED } else { 1 })
}

fn task() -> Result<(), Fault> {
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line).map_err(passing)?;
    let task: Task = serde_json::from_slice(&line).map_err(passing)?;
    confine(task.seconds);
    let filter = Compiled::of(&task.filter)?;
    if !task.value {
        return Ok(());
    }
    let mut text = Vec::new();
    input.read_to_end(&mut text).map_err(passing)?;
    let value: Value = serde_json::from_slice(&text).map_err(passing)?;
    drop(text);
    let mut out = BufWriter::new(io::stdout().lock());
    filter.run(to_val(value), |val| {
        serde_json::to_writer(&mut out, &Portable(&from_val(val))).map_err(passing)?;
        out.write_all(b"\n").map_err(passing)
    })?;
    out.flush().map_err(passing)
}

/// Bounds what this process may take. A system that knows no such bound still has the deadline of the process that waits.
fn confine(seconds: u64) {
    let most = |most| Rlimit { current: Some(most), maximum: Some(most) };
    let _ = setrlimit(Resource::As, most(MEMORY));
    let _ = setrlimit(Resource::Cpu, most(seconds));
    // A memory image would hold the result.
    let _ = setrlimit(Resource::Core, most(0));
}

fn passing(error: impl ToString) -> Fault {
    Fault::Passing { message: error.to_string() }
}
