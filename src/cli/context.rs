//! The process's environment, terminals and screen. They are read here, once, and nowhere else.

use std::cell::OnceCell;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::completions::script::ASKED;
use super::upload;
use crate::bind::Sources;
use crate::child;
use crate::config::{KEYS, Paths, Said};
use crate::engine::console::Person;
use crate::engine::screen::{Pager, Size};
use crate::engine::{Console, Stream, Surroundings, Window, overwrite};
use crate::query;
use crate::render::{Ability, text};
use crate::shell::{AtTerminal, shows_sixel};
use crate::wire::{Network, Proxies, Show, Trust};
use model::{Home, Upload};

/// The environment at the start of the process.
#[derive(Clone)]
pub(super) struct Context {
    /// `MARSH_KEY`.
    pub(super) key: Option<String>,
    /// The variables for keys of `config.toml`, such as `MARSH_URL`.
    pub(super) said: Said,
    /// The path of this program.
    pub(super) program: PathBuf,
    /// `VISUAL`, or else `EDITOR`.
    pub(super) editor: Option<String>,
    /// `PATH`.
    pub(super) search_path: OsString,
    /// The program's folders.
    pub(super) paths: Option<Paths>,
    /// Standard input is a terminal.
    pub(super) stdin_terminal: bool,
    /// Standard output was closed when the process started.
    pub(super) stdout_closed: bool,
    stdout_terminal: bool,
    stderr_terminal: bool,
    plain: bool,
    /// The terminal may not support anything but lines of text.
    pub(super) dumb: bool,
    /// The home folder.
    pub(super) home: Home,
    /// `TERM`.
    pub(super) terminal: Option<String>,
    columns: Option<usize>,
    /// The locale has characters beyond ASCII, or says nothing about them.
    pub(super) unicode: bool,
    ability: Ability,
    /// `MARSH_PAGER`, which may be empty.
    own_pager: Option<String>,
    /// `PAGER`, which may be empty.
    pager: Option<String>,
    less: bool,
}

/// Terminals that support neither colours nor an editor. The same is assumed of a terminal without a name.
const PLAIN: [&str; 3] = ["dumb", "emacs", "cons25"];

/// Whether a locale such as `en_GB.UTF-8` has all characters.
fn is_unicode(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// The variables for keys: `MARSH_KEY`, and `MARSH_<PROFILE>_KEY` for any profile.
fn key_variables() -> impl Iterator<Item = String> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("MARSH_") && name.ends_with("_KEY"))
}

/// The arguments, of which the first is the program.
pub(super) fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}

/// Whether an option for help is among the arguments.
pub(super) fn may_want_help() -> bool {
    env::args_os().any(|argument| argument == "-h" || argument == "--help")
}

/// Whether the version is all that is asked for.
pub(super) fn wants_version() -> bool {
    let mut arguments = env::args_os().skip(1);
    arguments.next().is_some_and(|first| first == "-V" || first == "--version") && arguments.next().is_none()
}

/// Whether this process was started by another marsh, to run a filter.
pub(super) fn is_filter() -> bool {
    env::args_os().skip(1).eq([query::WORKER])
}

/// The words of a command line that the user's own shell asks to complete.
pub(super) fn half_typed() -> Option<Vec<String>> {
    let mut arguments = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    arguments.next().filter(|first| first == ASKED).map(|_| arguments.collect())
}

impl Context {
    /// Reads the environment.
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
            // Where the system does not give the path, filters do not work.
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
            unicode: text("LC_ALL")
                .or_else(|| text("LC_CTYPE"))
                .or_else(|| text("LANG"))
                .is_none_or(|locale| is_unicode(&locale)),
            ability: Ability::of(text),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()),
            own_pager: env::var("MARSH_PAGER").ok(),
            pager: env::var("PAGER").ok(),
            less: env::var_os("LESS").is_some(),
        }
    }

    /// A variable that the configuration names for a key. Programs that are started do not inherit it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        child::withhold([name.to_owned()]);
        env::var(name).ok().filter(|text| !text.is_empty())
    }

    /// What commands of the user's own shell need of the environment.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn surroundings() -> Surroundings {
        Surroundings { shell: || env::var_os("SHELL"), has: |name| env::var_os(name).is_some() }
    }

    /// The network settings from the environment; `plain_http` are the hosts that may be used without TLS.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub(super) fn network(&self, plain_http: Vec<String>) -> Network {
        let set = |name: &str| env::var_os(name);
        let as_script = set("REQUEST_METHOD").is_some();
        Network { plain_http, proxies: Proxies::new(set, as_script), trust: Trust::new(set) }
    }

    /// The path of an argument, with `~/` replaced by the home folder.
    pub(super) fn expand(&self, path: &Path) -> PathBuf {
        self.home.expand(path)
    }

    /// Whether all three streams are a terminal.
    pub(super) fn interactive(&self) -> bool {
        self.stdin_terminal && self.stdout_terminal
    }

    /// Whether the line being typed may be coloured.
    pub(super) fn colour(&self) -> bool {
        self.stdout_terminal && !self.plain
    }

    /// The current size of the screen, determined at each call: its columns, unless they are fixed, and its rows.
    pub(super) fn size(&self) -> Size {
        let settled = self.columns;
        Rc::new(move || {
            let screen = terminal_size::terminal_size();
            let width = settled.unwrap_or_else(|| screen.map_or(80, |(width, _)| usize::from(width.0)));
            (width.clamp(20, 500), screen.map_or(24, |(_, height)| usize::from(height.0)))
        })
    }

    /// The pager for results longer than the screen: `MARSH_PAGER`, else the setting, else `PAGER`, else `less`. `None`
    /// if that is empty, `off` or `cat`, or if the terminal does not support pagers.
    pub(super) fn pager(&self, settled: Option<String>) -> Option<Pager> {
        let command = self.own_pager.clone().or(settled).or_else(|| self.pager.clone());
        let named = command.is_some();
        let command = command.unwrap_or_else(|| "less".into());
        let none = matches!(command.trim(), "" | "off" | "false" | "cat") || self.dumb || !self.stdout_terminal;
        // Colours are passed through, and the result stays on the screen.
        let usual = (!self.less).then(|| ("LESS".into(), "FRX".into()));
        let variables = usual.into_iter().collect();
        (!none).then(|| Pager { command, named, variables, search_path: self.search_path.clone() })
    }

    /// How a wait of more than a second is shown: in a line that is drawn anew, in plain lines on a terminal that should
    /// not be drawn on, not at all elsewhere.
    pub(super) fn waits(&self) -> Option<Show> {
        let show: Show = if self.plain { told } else { drawn };
        self.stderr_terminal.then_some(show)
    }

    /// Asks the terminal once whether it shows sixels.
    fn asks(&self) -> Option<Rc<dyn Fn() -> bool>> {
        let answers = self.stdin_terminal && self.stdout_terminal && !self.plain;
        let known = OnceCell::new();
        answers.then(|| Rc::new(move || *known.get_or_init(shows_sixel)) as Rc<dyn Fn() -> bool>)
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
            window: Window {
                piped: self.columns.map(|width| width.clamp(20, 10_000)),
                sixel: self.asks(),
                ..Window::default()
            },
            ability: self.ability,
        }
    }
}

/// Draws a line in the place of the one before. It is no error if that fails.
fn drawn(wait: Option<(&str, u64)>) {
    let width = terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
    let line = wait.map(|(line, _)| text::cut_end(line, width.saturating_sub(1))).unwrap_or_default();
    overwrite(&mut io::stderr(), &line);
}

/// How many seconds pass between two plain lines.
const QUIET: u64 = 30;

/// Writes a plain line after the first second, and then each half minute.
fn told(wait: Option<(&str, u64)>) {
    if let Some((line, _)) = wait.filter(|(_, second)| *second == 1 || second % QUIET == 0) {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// A closed standard output: output is lost, which is an error.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("standard output is closed"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files and standard input as sources of values.
pub(super) struct RealSources(pub(super) Home);

impl Sources for RealSources {
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.expand(Path::new(path))).map_err(|error| error.to_string())
    }

    fn upload(&mut self, path: &str) -> Result<Upload, String> {
        upload::read(&self.0.expand(Path::new(path)))
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
