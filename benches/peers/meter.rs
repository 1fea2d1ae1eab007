//! One process, measured: how long it took, what it used.
//!
//! The system tells a parent the largest memory that a child had, and counts what the child shared with its parent
//! before it became another program. So the parent must be small: this program starts itself anew as a meter, and
//! the meter starts the command.

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The argument that makes this program a meter; the command follows it.
pub(crate) const METER: &str = "--meter";

/// A command as it is measured, with files or nothing for its input and its output.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    input: Option<PathBuf>,
    output: Option<PathBuf>,
}

/// What one run took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// From start to end, in milliseconds.
    pub(crate) wall: f64,
    /// Of user and system, the processes that it waited for among them, in milliseconds.
    pub(crate) cpu: f64,
    /// The largest single process, in MiB.
    pub(crate) rss: f64,
    /// Whether it said so itself.
    pub(crate) failed: bool,
}

impl Job {
    /// A program and its arguments.
    pub(crate) fn new<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Job {
        Job { words: words.into_iter().map(Into::into).collect(), environment: Vec::new(), input: None, output: None }
    }

    /// With a variable of the environment.
    pub(crate) fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Job {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// With more arguments.
    pub(crate) fn also<W: Into<OsString>>(mut self, words: impl IntoIterator<Item = W>) -> Job {
        self.words.extend(words.into_iter().map(Into::into));
        self
    }

    /// With a file as its standard input.
    pub(crate) fn reading(mut self, path: PathBuf) -> Job {
        self.input = Some(path);
        self
    }

    /// With a file for its standard output.
    pub(crate) fn writing(mut self, path: PathBuf) -> Job {
        self.output = Some(path);
        self
    }

    /// The same run by another program, whose arguments come first.
    pub(crate) fn under(&self, words: &[OsString]) -> Job {
        Job { words: [words, &self.words].concat(), ..self.clone() }
    }

    /// Runs it once, in an environment that holds nothing but what is given.
    pub(crate) fn measure(&self, environment: &[(OsString, OsString)]) -> Result<Sample, Box<dyn Error>> {
        let stdout = match &self.output {
            Some(path) => File::create(path)?.into(),
            None => Stdio::null(),
        };
        let stdin = match &self.input {
            Some(path) => File::open(path)?.into(),
            None => Stdio::null(),
        };
        let report = Command::new(std::env::current_exe()?)
            .arg(METER)
            .args(&self.words)
            .env_clear()
            .envs(environment.iter().chain(&self.environment).map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()?
            .wait_with_output()?;
        let report = String::from_utf8(report.stderr)?;
        let numbers = report.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>();
        match numbers.as_deref() {
            Ok([wall, cpu, rss, code]) => Ok(Sample { wall: *wall, cpu: *cpu, rss: *rss, failed: *code != 0.0 }),
            _ => Err(report.into()),
        }
    }
}

/// The meter: runs a command and reports on standard error.
pub(crate) fn run(words: &[OsString]) -> ExitCode {
    let report = measure(words).unwrap_or_else(|error| error.to_string());
    let _ = io::stderr().write_all(report.as_bytes());
    ExitCode::SUCCESS
}

fn measure(words: &[OsString]) -> Result<String, Box<dyn Error>> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let mut command = Command::new(program);
    command.args(arguments).stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status()?;
    let wall = begin.elapsed().as_secs_f64() * 1e3;
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = (used.user_time().num_microseconds() + used.system_time().num_microseconds()) as f64 / 1e3;
    let rss = used.max_rss() as f64 / 1024.0;
    Ok(format!("{wall} {cpu} {rss} {}", status.code().unwrap_or(-1)))
}
