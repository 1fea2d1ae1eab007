//! How a session runs: where its lines come from, and what its user has chosen.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::wire::{Network, Show};
use model::Home;

/// Where lines come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From a person at a prompt, who is told what was saved.
    Prompt,
    /// One line, or a file of them.
    Batch,
}

/// The environment, asked when a command of the user's own shell runs.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// The value of `SHELL`.
    pub shell: fn() -> Option<OsString>,
    /// Whether a variable is set.
    pub has: fn(&str) -> bool,
}

/// What a user can choose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The answer to every question is yes.
    pub yes: bool,
    /// Proxies and trusted authorities.
    pub network: Network,
    /// The path of this program, for the processes in which filters run.
    pub program: PathBuf,
    /// The home folder, for `~/` in a path.
    pub home: Home,
    /// What the environment has for commands of the user's own shell.
    pub surroundings: Surroundings,
    /// The search path for commands after `|!`.
    pub search_path: OsString,
    /// Errors are JSON objects for programs, not words for people.
    pub errors_as_json: bool,
    /// Receives each line of the output of `-v`.
    pub trace: Option<fn(&str)>,
    /// How a wait of more than a second is shown, if it is.
    pub waits: Option<Show>,
    /// Standard output is closed, so that no result can go there.
    pub stdout_closed: bool,
    /// The folder for results that could not be written to their destination and cannot be requested again.
    pub kept: Option<PathBuf>,
    /// How many calls run side by side, at most.
    pub calls_at_once: usize,
    /// The provider is a simulated one.
    pub simulated: bool,
    /// The accounts have names: a prompt shows lists as tables, and moments have the common form in all formats. Under a
    /// bare key documents stay as they were in ma-shell.
    pub named: bool,
}
