//! What the process was given: environment, terminals, screen. Read here, once, and nowhere else.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::completions::script::ASKED;
use crate::bind::Sources;
use crate::child;
use crate::config::{KEYS, Paths, Said};
use crate::engine::console::Person;
use crate::engine::screen::{Pager, Size};
use crate::engine::{Console, Stream};
use crate::query;
use crate::shell::AtTerminal;
use crate::wire::{Network, Proxies, Trust};
use model::Home;

/// The world at the start of the process.
pub(super) struct Context {
    /// `MARSH_KEY`.
    pub(super) key: Option<String>,
    /// What the variables say that have a key in `config.toml`, such as `MARSH_URL`.
    pub(super) said: Said,
    /// This program's own file.
    pub(super) program: PathBuf,
    /// `VISUAL`, else `EDITOR`.
    pub(super) editor: Option<String>,
    /// `PATH`.
    pub(super) search_path: OsString,
    /// The program's folders.
    pub(super) paths: Option<Paths>,
    /// Standard input is a terminal.
    pub(super) stdin_terminal: bool,
    /// Standard output was closed when the process began.
    pub(super) stdout_closed: bool,
    stdout_terminal: bool,
    stderr_terminal: bool,
    plain: bool,
    /// The terminal is not known to take more than text, one line after the other.
    pub(super) dumb: bool,
    /// The home folder.
    pub(super) home: Home,
    /// `TERM`.
    pub(super) terminal: Option<String>,
    columns: Option<usize>,
    /// `MARSH_PAGER`, which can be empty.
    own_pager: Option<String>,
    /// `PAGER`, likewise.
    pager: Option<String>,
    less: bool,
}

/// Terminals that draw nothing: neither colours nor an editor. So is one that has no name.
const PLAIN: [&str; 3] = ["dumb", "emacs", "cons25"];

/// The variables of keys: `MARSH_KEY`, and `MARSH_<PROFILE>_KEY` for any profile.
fn key_variables() -> impl Iterator<Item = String> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("MARSH_") && name.ends_with("_KEY"))
}

/// Whether an option for help is among the arguments.
pub(super) fn may_want_help() -> bool {
    env::args_os().any(|argument| argument == "-h" || argument == "--help")
}

/// Whether this process was started by another of its kind, to run a filter.
pub(super) fn is_filter() -> bool {
    env::args_os().skip(1).eq([query::WORKER])
}

/// The words of a command line that the user's own shell wants completed.
pub(super) fn half_typed() -> Option<Vec<String>> {
    let mut arguments = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    arguments.next().filter(|first| first == ASKED).map(|_| arguments.collect())
}

impl Context {
    /// Reads it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn read() -> Context {
        let text = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
        child::withhold(key_variables());
        let dumb = text("TERM").is_none_or(|term| PLAIN.iter().any(|plain| term.eq_ignore_ascii_case(plain)));
        Context {
            key: text("MARSH_KEY"),
            said: KEYS.iter().filter_map(|key| Some((key.name, text(key.variable?)?))).collect(),
            editor: text("VISUAL").or_else(|| text("EDITOR")),
            home: Home::new(env::var_os("HOME").map(PathBuf::from)),
            // A system that does not say has no filters.
            program: env::current_exe().unwrap_or_default(),
            search_path: env::var_os("PATH").unwrap_or_default(),
            paths: Paths::of_user(),
            stdin_terminal: io::stdin().is_terminal(),
            stdout_closed: start::stdout_was_closed(),
            stdout_terminal: io::stdout().is_terminal(),
            stderr_terminal: io::stderr().is_terminal(),
            terminal: text("TERM"),
            plain: text("NO_COLOR").is_some() || dumb,
            dumb,
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()),
            own_pager: env::var("MARSH_PAGER").ok(),
            pager: env::var("PAGER").ok(),
            less: env::var_os("LESS").is_some(),
        }
    }

    /// A variable that the configuration names for a key. No program that is started inherits it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        child::withhold([name.to_owned()]);
        env::var(name).ok().filter(|text| !text.is_empty())
    }

    /// The ways out of this machine, as the environment says them; `plain_http` are the hosts that may be spoken to
    /// without TLS.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn network(&self, plain_http: Vec<String>) -> Network {
        let set = |name: &str| env::var_os(name);
        let as_script = set("REQUEST_METHOD").is_some();
        Network { plain_http, proxies: Proxies::new(set, as_script), trust: Trust::new(set) }
    }

    /// A path that an argument names, its `~/` replaced by the home folder.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        self.home.expand(path)
    }

    /// Whether a person sits at all three streams.
    pub(super) fn interactive(&self) -> bool {
        self.stdin_terminal && self.stdout_terminal
    }

    /// Whether the line being typed may be coloured.
    pub(super) fn colour(&self) -> bool {
        self.stdout_terminal && !self.plain
    }

    /// The screen as it is now, whenever it is asked: its columns, as far as they are settled, and its rows.
    pub(super) fn size(&self) -> Size {
        let settled = self.columns;
        Rc::new(move || {
            let screen = terminal_size::terminal_size();
            let width = settled.unwrap_or_else(|| screen.map_or(80, |(width, _)| usize::from(width.0)));
            (width.clamp(20, 500), screen.map_or(24, |(_, height)| usize::from(height.0)))
        })
    }

    /// What shows results that are longer than the screen: `MARSH_PAGER`, else what is settled, else `PAGER`, else
    /// `less`. None when it is empty, `off` or `cat`, or where the terminal cannot do what pagers do.
    pub(super) fn pager(&self, settled: Option<String>) -> Option<Pager> {
        let command = self.own_pager.clone().or(settled).or_else(|| self.pager.clone());
        let named = command.is_some();
        let command = command.unwrap_or_else(|| "less".into());
        let none = matches!(command.trim(), "" | "off" | "false" | "cat") || self.dumb || !self.stdout_terminal;
        // Colours pass, and what was shown stays on the screen.
        let usual = (!self.less).then(|| ("LESS".into(), "FRX".into()));
        let variables = usual.into_iter().collect();
        (!none).then(|| Pager { command, named, variables, search_path: self.search_path.clone() })
    }

    /// The streams of the process.
    pub(super) fn console(&self) -> Console {
        let (width, height) = self.size()();
        let stream = |to: Box<dyn io::Write>, terminal: bool| Stream { to, terminal, colour: terminal && !self.plain };
        let out: Box<dyn io::Write> = if self.stdout_closed { Box::new(Closed) } else { Box::new(io::stdout()) };
        Console {
            out: stream(out, self.stdout_terminal),
            err: stream(Box::new(io::stderr()), self.stderr_terminal),
            person: (self.stdin_terminal && self.stderr_terminal)
                .then(|| Box::new(AtTerminal { plain: self.dumb }) as Box<dyn Person>),
            width,
            height,
        }
    }
}

/// A standard output that is closed: what is written to it is lost, and that is said.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("standard output is closed"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files and standard input, as values of a line.
pub(super) struct RealSources(pub(super) Home);

impl Sources for RealSources {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.expand(Path::new(path))).map_err(|error| error.to_string())
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
