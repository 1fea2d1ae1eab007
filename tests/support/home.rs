//! A user with nothing: an empty home folder, a bare environment, and the program run in it.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use marsh::sandbox::DEFAULT_KEY;
use tempfile::TempDir;

/// No run may take longer. Far beyond what any needs, so that a busy machine does not make it an issue.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home folder that goes away with the value.
pub(crate) struct Home {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
    pub(crate) took: Duration,
}

impl Home {
    pub(crate) fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The lines that the program remembers between sessions.
    pub(crate) fn history(&self) -> String {
        self.read(".local/state/marsh/history")
    }

    /// Every file below the folder: its path and its bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(self.folder.path(), &mut found);
        found
    }

    /// The program with these arguments and an environment of its own, in the home folder.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_marsh"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        command.env("HOME", self.folder.path()).env("TERM", "xterm-256color").env("PATH", "/usr/bin:/bin");
        command
    }

    /// The program with the sandbox's key, for a service at this address.
    pub(crate) fn service(&self, url: &str) -> Command {
        let mut command = self.command::<&str>([]);
        command.env("MARSH_KEY", DEFAULT_KEY).env("MARSH_URL", url);
        command
    }

    /// Runs the program to its end, without a terminal.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ended {
        finish(start(&mut self.command(args), Stdio::null()))
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, found),
            false => found.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
}

/// Starts a program whose output can be read.
pub(crate) fn start(command: &mut Command, stdin: impl Into<Stdio>) -> Child {
    let _alone = spawning();
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for its end.
pub(crate) fn finish(mut child: Child) -> Ended {
    let started = Instant::now();
    let out = drain(child.stdout.take());
    let err = drain(child.stderr.take());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("no end after {PATIENCE:?}; stderr: {}", String::from_utf8_lossy(&err.join().unwrap()));
        }
        thread::sleep(Duration::from_millis(5));
    };
    let took = started.elapsed();
    let err = String::from_utf8(err.join().unwrap()).unwrap();
    Ended { code: status.code().unwrap_or(-1), out: out.join().unwrap(), err, took }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    let mut stream = stream.unwrap();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// One program is started at a time: a pseudo-terminal is open to whatever else is forked while it is set up.
pub(crate) fn spawning() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
