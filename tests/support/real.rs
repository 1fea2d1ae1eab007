//! Servers that others wrote: started on a free port, asked by a client that others wrote, and ended with the value.
//!
//! `tests/real/setup` puts them into the folder of the build. A test whose server is not there says so and does nothing.

use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::cmd::{spawning, wait};

/// A server that is not there by then does not come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Starts a program, and ends it when the other end of standard input is closed, by whatever.
const WATCHER: &str = r#""$@" & cat > /dev/null; kill $!; wait $!"#;

/// What `tests/real/setup` made.
fn place() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("real")
}

/// A file of the tests with real servers.
pub(crate) fn of_tests(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real").join(name)
}

/// A port that nobody uses.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Where a program is: unpacked for the tests, or installed.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let unpacked = ["usr/bin", "usr/sbin"].map(|folder| place().join("root").join(folder));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    unpacked.into_iter().chain(installed).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// A file of an unpacked or installed package.
pub(crate) fn packaged(path: &str) -> Option<PathBuf> {
    [place().join("root").join(path), Path::new("/").join(path)].into_iter().find(|path| path.exists())
}

/// A folder of unpacked libraries; it may not be there.
pub(crate) fn libraries() -> Option<PathBuf> {
    let folders = fs::read_dir(place().join("root/usr/lib")).ok()?;
    let mut paths = folders.filter_map(|entry| Some(entry.ok()?.path()));
    paths.find(|path| path.to_string_lossy().ends_with("-linux-gnu"))
}

/// A program, about to be started with the libraries that were unpacked with it.
pub(crate) fn command(path: &Path) -> Command {
    let mut command = Command::new(path);
    if let Some(libraries) = libraries() {
        let modules = fs::read_dir(libraries.join("perl5")).into_iter().flatten().flatten().map(|entry| entry.path());
        let perl: Vec<PathBuf> = std::iter::once(place().join("root/usr/share/perl5")).chain(modules).collect();
        command.env("PERL5LIB", std::env::join_paths(perl).unwrap()).env("LD_LIBRARY_PATH", libraries);
    }
    let wheels = fs::read_dir(place().join("wheels")).into_iter().flatten().flatten().map(|entry| entry.path());
    command.env("PYTHONPATH", std::env::join_paths(wheels).unwrap()).env("LANG", "C.UTF-8");
    command
}

/// Whether a program succeeds without having said anything that matters.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

/// Says that a server is not there, past what a test that succeeds keeps to itself.
pub(crate) fn skipped(what: &str) {
    let line = format!("skipped: {what} is not here (tests/real/setup gets it)\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// A running server.
pub(crate) struct Real {
    watcher: Child,
    log: PathBuf,
    /// The port on which it listens.
    pub(crate) port: u16,
    _folder: TempDir,
}

impl Real {
    /// Starts a server that was told the port, and waits until it listens.
    pub(crate) fn at(port: u16, folder: TempDir, command: Command) -> Real {
        let mut server = Real::start(port, folder, command);
        server.wait_for("a port to connect to", |_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok().map(|_| port));
        server
    }

    /// Starts a server that says its port in its first line.
    pub(crate) fn telling(folder: TempDir, command: Command) -> Real {
        let mut server = Real::start(0, folder, command);
        server.port = server.wait_for("its port", |log| log.split_once('\n')?.0.trim().parse().ok());
        server
    }

    fn start(port: u16, folder: TempDir, command: Command) -> Real {
        let log = folder.path().join("log");
        let output = File::create(&log).unwrap();
        let mut watcher = Command::new("sh");
        watcher.args(["-c", WATCHER, "sh"]).arg(command.get_program()).args(command.get_args());
        watcher.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(folder.path());
        watcher.stdin(Stdio::piped()).stdout(output.try_clone().unwrap()).stderr(output);
        let _alone = spawning();
        Real { watcher: watcher.spawn().unwrap(), log, port, _folder: folder }
    }

    fn wait_for<T>(&mut self, what: &str, found: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(found) = found(&log) {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain for {what}:\n{log}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The address of a path on it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        wait(&mut self.watcher);
    }
}

/// A call as the reference client makes it.
pub(crate) type Call = Value;

/// What the client of Python's standard library is answered.
pub(crate) fn asked(calls: &[Call]) -> Vec<Value> {
    let mut client = Command::new("python3");
    client.arg(of_tests("client.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = {
        let _alone = spawning();
        client.spawn().unwrap()
    };
    let lines: String = calls.iter().map(|call| format!("{call}\n")).collect();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), calls.len());
    answers
}

/// Whether there is a Python.
pub(crate) fn has_python() -> bool {
    let mut python = Command::new("python3");
    python.arg("--version");
    succeeds(python)
}
