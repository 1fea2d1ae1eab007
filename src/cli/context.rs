//! What the process was given: environment, terminals, screen. Read here, once, and nowhere else.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use crate::bind::Sources;
use crate::config::{KEYS, Paths, Said};
use crate::engine::console::Person;
use crate::engine::{Console, Stream};
use crate::query;
use crate::shell::AtTerminal;

/// The world at the start of the process.
pub(super) struct Context {
    /// `MARSH_KEY`.
    pub(super) key: Option<String>,
    /// What the variables say that have a key in `config.toml`, such as `MARSH_URL`.
    pub(super) said: Said,
    /// This program's own file.
    pub(super) program: PathBuf,
    /// `PATH`.
    pub(super) search_path: OsString,
    /// The program's folders.
    pub(super) paths: Option<Paths>,
    /// Standard input is a terminal.
    pub(super) stdin_terminal: bool,
    stdout_terminal: bool,
    stderr_terminal: bool,
    plain: bool,
    home: Option<PathBuf>,
    /// `TERM`.
    pub(super) terminal: Option<String>,
    /// Columns and rows of the screen.
    pub(super) size: (usize, usize),
}

/// Whether this process was started by another of its kind, to run a filter.
pub(super) fn is_filter() -> bool {
    env::args_os().skip(1).eq([query::WORKER])
}

impl Context {
    /// Reads it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn read() -> Context {
        let text = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
        let columns = text("COLUMNS").and_then(|columns| columns.parse().ok());
        let screen = terminal_size::terminal_size();
        let width = screen.map_or(80, |(width, _)| usize::from(width.0));
        Context {
            key: text("MARSH_KEY"),
            said: KEYS.iter().filter_map(|key| Some((key.name, text(key.variable?)?))).collect(),
            home: env::var_os("HOME").map(PathBuf::from),
            // A system that does not tell has no filters.
            program: env::current_exe().unwrap_or_default(),
            search_path: env::var_os("PATH").unwrap_or_default(),
            paths: Paths::of_user(),
            stdin_terminal: io::stdin().is_terminal(),
            stdout_terminal: io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
            terminal: text("TERM"),
            plain: text("NO_COLOR").is_some() || text("TERM").is_none_or(|term| term == "dumb"),
            size: (columns.unwrap_or(width), screen.map_or(24, |(_, height)| usize::from(height.0))),
        }
    }

    /// A variable that the configuration names.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok().filter(|text| !text.is_empty())
    }

    /// A path of the configuration, its `~/` replaced by the home folder.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_owned(),
        }
    }

    /// Whether a person sits at all three streams.
    pub(super) fn interactive(&self) -> bool {
        self.stdin_terminal && self.stdout_terminal
    }

    /// Whether the line being typed may be coloured.
    pub(super) fn colour(&self) -> bool {
        self.stdout_terminal && !self.plain
    }

    /// The streams of the process.
    pub(super) fn console(&self) -> Console {
        let stream = |to: Box<dyn io::Write>, terminal: bool| Stream { to, terminal, colour: terminal && !self.plain };
        Console {
            out: stream(Box::new(io::stdout()), self.stdout_terminal),
            err: stream(Box::new(io::stderr()), self.stderr_terminal),
            person: (self.stdin_terminal && self.stderr_terminal).then(|| Box::new(AtTerminal) as Box<dyn Person>),
            width: self.size.0.clamp(20, 500),
            height: self.size.1,
        }
    }
}

/// Files and standard input, as values of a line.
pub(super) struct RealSources;

impl Sources for RealSources {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(path).map_err(|error| error.to_string())
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        if io::stdin().is_terminal() {
            return Err("it is the terminal; give a file or a pipe".into());
        }
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }
}
