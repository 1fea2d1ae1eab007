//! The filter process: one task from standard input, its results to standard output, and the end.

use std::io::{self, BufRead, BufWriter, Read, Write};
use std::process::ExitCode;
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::compile::Compiled;
use super::message::{Fault, REFUSED, Task};
use super::tree::{Portable, from_val, to_val};
use model::Value;

/// The most memory that a filter may use, including its stack, in bytes.
const MEMORY: u64 = 2 << 30;
/// The stack size of a filter, in bytes. Only the used part takes memory.
const STACK: usize = 128 << 20;

/// Runs the task on standard input.
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

/// Limits the resources of this process. Where the system does not support this, the parent's deadline still applies.
fn confine(seconds: u64) {
    let most = |most| Rlimit { current: Some(most), maximum: Some(most) };
    let _ = setrlimit(Resource::As, most(MEMORY));
    let _ = setrlimit(Resource::Cpu, most(seconds));
    // A core dump would contain the result.
    let _ = setrlimit(Resource::Core, most(0));
}

fn passing(error: impl ToString) -> Fault {
    Fault::Passing { message: error.to_string() }
}
