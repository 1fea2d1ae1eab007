//! The journal with several processes on it, and with processes that are killed.
//!
//! Each test runs this program again, as a child that plays one role.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod child;
mod durable;
mod full;
mod killed;
mod shared;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// A place for a journal, and beside it the log of a server that notes what arrives.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What children wrote, word by word; a line that broke off is not among them.
    fn noted(&self) -> Vec<(String, String)> {
        let content = fs::read_to_string(self.log()).unwrap_or_default();
        let whole = content.rfind('\n').map_or("", |end| &content[..end]);
        let pair = |line: &str| line.split_once(' ').map(|(what, of)| (what.to_owned(), of.to_owned()));
        whole.lines().filter_map(pair).collect()
    }

    /// The number after each note of one kind.
    fn numbers(&self, what: &str) -> Vec<i64> {
        self.noted().iter().filter(|(kind, _)| kind == what).map(|(_, of)| of.parse().unwrap()).collect()
    }

    fn journal(&self) -> history::Journal {
        history::Journal::at(self.state(), "parent")
    }
}

/// This program as a child in a role, about to be started.
fn child(role: &str, place: &Place) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for argument in arguments(role, place.folder.path()) {
        command.arg(argument);
    }
    command
}

/// What makes this program such a child. The test's own runner takes the last two for names of tests.
fn arguments(role: &str, folder: &Path) -> Vec<String> {
    let folder = folder.to_str().unwrap();
    ["--exact", "--ignored", "--quiet", "--test-threads=1", "child::plays_its_role", role, folder]
        .map(str::to_owned)
        .into()
}

/// A child that is ended with the test, however that ends.
struct Ended(Child);

impl Ended {
    fn start(mut command: Command) -> Ended {
        Ended(command.stdout(Stdio::null()).spawn().unwrap())
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Waits for a child that ends by itself.
    fn ends_well(mut self) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(begun.elapsed() < LONG, "a child does not end");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
