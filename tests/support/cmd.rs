//! Runs the built program in a world of its own: an empty home, an empty folder to work in, nothing inherited.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use marsh::sandbox::{Account, Server as Sandbox};
use tempfile::TempDir;

use super::KEY;
use super::server::Server;

/// A run that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(30);

/// A home and a folder to work in, both gone with this value and what was started here.
pub(crate) struct World {
    folder: Arc<TempDir>,
}

impl World {
    /// An empty one.
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().expect("a folder of its own");
        for name in ["home", "work"] {
            fs::create_dir(folder.path().join(name)).expect("a folder inside");
        }
        World { folder: Arc::new(folder) }
    }

    /// A world with a profile for each account of a sandbox, named after its provider; `more` is added to each.
    pub(crate) fn of(sandbox: &Sandbox, more: &str) -> World {
        let world = World::new();
        let profile = |account: Account| {
            let Account { provider, url, user, key } = account;
            let user = user.map(|user| format!("user = \"{user}\"\n")).unwrap_or_default();
            world.put(provider, &key, 0o600);
            let file = world.at(provider).display().to_string();
            let place = format!("provider = \"{provider}\"\nurl = \"{url}\"\n{user}key_file = \"{file}\"\n");
            format!("[profiles.{provider}]\n{place}{more}")
        };
        world.configure(&sandbox.accounts().into_iter().map(profile).collect::<String>());
        world
    }

    /// A path in the folder to work in.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// Puts a file there.
    pub(crate) fn put(&self, name: &str, content: &str, bits: u32) {
        fs::write(self.at(name), content).expect("a file to start with");
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(bits)).expect("its permissions");
    }

    /// Writes the user's configuration.
    pub(crate) fn configure(&self, content: &str) {
        let folder = self.folder.path().join("home/.config/marsh");
        fs::create_dir_all(&folder).expect("a folder for the configuration");
        let path = folder.join("config.toml");
        fs::write(&path, content).expect("a configuration");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its permissions");
    }

    /// The files there.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.at("")).expect("the folder to work in");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// What a file holds.
    pub(crate) fn content(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The permission bits of a file.
    pub(crate) fn bits(&self, name: &str) -> u32 {
        fs::metadata(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}")).permissions().mode() & 0o7777
    }

    /// The database of the lines that were typed and the calls that were made.
    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.path().join("home/.state/marsh/journal.db")
    }

    /// The lines that are kept, the newest last.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = self.opened().recall(None, usize::MAX).expect("the lines").own;
        lines.reverse();
        lines
    }

    /// The calls that are on record, the newest last.
    pub(crate) fn calls(&self) -> Vec<history::Call> {
        self.opened().calls(&history::Filter::default()).expect("the calls")
    }

    /// The journal, as another shell sees it.
    pub(crate) fn opened(&self) -> history::Journal {
        history::Journal::at(self.folder.path().join("home/.state/marsh"), "test")
    }

    /// Makes all calls that are on record older by so many seconds.
    pub(crate) fn aged(&self, seconds: i64) {
        let journal = rusqlite::Connection::open(self.journal()).expect("the journal");
        journal.execute("UPDATE calls SET begun = begun - ?1", [seconds * 1000]).expect("older calls");
    }

    /// All that is in the files of the journal, whatever a reader of it would be shown.
    pub(crate) fn remembered(&self) -> String {
        let files = ["db", "db-wal"].map(|end| fs::read(self.journal().with_extension(end)).unwrap_or_default());
        String::from_utf8_lossy(&files.concat()).into_owned()
    }

    /// Every file that is anywhere in it, and what it holds.
    pub(crate) fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(self.folder.path(), &mut found);
        found
    }

    /// The program, about to be run here.
    pub(crate) fn marsh(&self) -> Run {
        let (home, work) = (self.folder.path().join("home"), self.at(""));
        let mut command = Command::new(env!("CARGO_BIN_EXE_marsh"));
        command.current_dir(work).env_clear().env("HOME", &home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        for (name, folder) in [("CACHE", ".cache"), ("CONFIG", ".config"), ("DATA", ".data"), ("STATE", ".state")] {
            command.env(format!("XDG_{name}_HOME"), home.join(folder));
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        // A pager waits for keys of its own.
        command.env("MARSH_PAGER", "off");
        Run { command, stdin: Vec::new(), stdout: Stdio::piped(), world: Arc::clone(&self.folder) }
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder to look into") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(&path, found),
            false => found.push((path.clone(), fs::read(&path).expect("a file that can be read"))),
        }
    }
}

/// The program with what it is going to be given.
pub(crate) struct Run {
    pub(super) command: Command,
    pub(super) world: Arc<TempDir>,
    stdin: Vec<u8>,
    stdout: Stdio,
}

impl Run {
    /// The key and the address of a server.
    pub(crate) fn against(self, server: &Server) -> Run {
        self.args(["-k", KEY, "-u"]).arg(server.url("/v1/xmlrpc"))
    }

    /// A key and the address of a service, out of the sight of `ps`.
    pub(crate) fn to(self, url: &str, key: &str) -> Run {
        self.env("MARSH_KEY", key).env("MARSH_URL", url)
    }

    /// One argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Run {
        self.command.arg(arg);
        self
    }

    /// Several arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Run {
        self.command.args(args);
        self
    }

    /// Arguments without blanks in them, as they stand on a line.
    pub(crate) fn line(self, line: &str) -> Run {
        self.args(line.split_whitespace())
    }

    /// In another folder, as seen from the folder to work in.
    pub(crate) fn within(mut self, folder: &str) -> Run {
        self.command.current_dir(self.world.path().join("work").join(folder));
        self
    }

    /// An environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.command.env(name, value);
        self
    }

    /// Without an environment variable.
    pub(crate) fn without(mut self, name: &str) -> Run {
        self.command.env_remove(name);
        self
    }

    /// By a shell, which prepares something and then becomes it: `"$@"` is the program with its arguments.
    pub(crate) fn through(mut self, script: &str) -> Run {
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(self.command.get_program()).args(self.command.get_args()).env_clear();
        shell.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.command.get_current_dir().map(|folder| shell.current_dir(folder));
        self.command = shell;
        self
    }

    /// With the signals that may have been ignored where the tests were started (`nohup`, `&`) doing what they usually do.
    pub(crate) fn hearing_signals(self) -> Run {
        self.through("exec env --default-signal=HUP,INT,TERM \"$@\"")
    }

    /// What stands on standard input.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Run {
        self.stdin = text.into();
        self
    }

    /// Standard output goes there, and is not seen here.
    pub(crate) fn into_file(mut self, file: fs::File) -> Run {
        self.stdout = file.into();
        self
    }

    /// The same with another program in its place.
    pub(super) fn instead(self, command: Command) -> Run {
        Run { command, ..self }
    }

    /// Starts it and leaves it to the caller.
    pub(crate) fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::piped()).stdout(self.stdout).stderr(Stdio::piped());
        let mut child = {
            let _alone = spawning();
            self.command.spawn().expect("the built program")
        };
        let mut stdin = child.stdin.take().expect("its standard input");
        // A program that does not read all of it is right to leave.
        thread::spawn(move || stdin.write_all(&self.stdin));
        child
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Outcome {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let command = words.map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" ");
        let cwd = self.command.get_current_dir().map(Path::to_owned);
        let _world = Arc::clone(&self.world);
        let mut child = self.spawn();
        let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let status = wait(&mut child);
        let text = |bytes: thread::JoinHandle<Vec<u8>>| {
            String::from_utf8(bytes.join().expect("a reader that does not panic")).expect("output in UTF-8")
        };
        let (stdout, stderr) = (text(stdout), text(stderr));
        let code = status.map_or(-1, code);
        Outcome { command, cwd: cwd.unwrap_or_default(), stdout, stderr, code }
    }
}

/// One program is started at a time: a pseudo-terminal stays open in whatever else is started while it is set up.
pub(crate) fn spawning() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
        bytes
    })
}

/// Waits for the end of a program; `None` when it had to be ended.
pub(crate) fn wait(child: &mut Child) -> Option<ExitStatus> {
    let started = Instant::now();
    while started.elapsed() < LONGEST {
        if let Some(status) = child.try_wait().expect("a program to wait for") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Sends a signal, `INT` say, to a program, and waits for its end: its exit code and what it wrote to standard error.
pub(crate) fn signalled(mut child: Child, signal: &str) -> (i32, String) {
    let kill = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
    assert!(kill.expect("a shell").success());
    let stderr = drain(child.stderr.take());
    let ended = wait(&mut child).map_or(-1, code);
    (ended, String::from_utf8_lossy(&stderr.join().expect("a reader that does not panic")).into_owned())
}

/// The exit code as a shell gives it.
pub(crate) fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    command: String,
    cwd: PathBuf,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// What it wrote to standard error.
    pub(crate) stderr: String,
    /// The exit code as a shell gives it; -1 when it had to be ended.
    pub(crate) code: i32,
}

impl Outcome {
    /// It ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Outcome {
        assert_eq!(self.code, code, "the exit code\n{self}");
        self
    }

    /// Standard output is exactly this.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Outcome {
        assert_eq!(self.stdout, text, "standard output\n{self}");
        self
    }

    /// Standard error has this in it.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Outcome {
        assert!(self.stderr.contains(text), "standard error does not say `{text}`\n{self}");
        self
    }

    /// Standard error is empty.
    #[track_caller]
    pub(crate) fn says_nothing(self) -> Outcome {
        assert!(self.stderr.is_empty(), "standard error is not empty\n{self}");
        self
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { command, cwd, stdout, stderr, code } = self;
        let cwd = cwd.display();
        write!(f, "command: {command}\nin: {cwd}\nexit: {code}\n--- stdout\n{stdout}--- stderr\n{stderr}---")
    }
}
