//! How a session runs: how its lines come in, and what its user chose.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::wire::{Network, Show};
use model::Home;

/// How lines come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From a person at a prompt, who wants to see what was stored.
    Prompt,
    /// One line, or a file of them.
    Batch,
}

/// What a user can choose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Yes to every question whether one is sure.
    pub yes: bool,
    /// The ways out of this machine.
    pub network: Network,
    /// This program's own file, for the processes that filters run in.
    pub program: PathBuf,
    /// The home folder, for `~/` in a path.
    pub home: Home,
    /// The search path for commands behind `|!`.
    pub search_path: OsString,
    /// Errors are JSON objects for programs, not words for people.
    pub errors_as_json: bool,
    /// Who is told, a line at a time, what is sent and what comes back.
    pub trace: Option<fn(&str)>,
    /// How a wait of more than a second is shown, if it is.
    pub waits: Option<Show>,
    /// Standard output is closed, so that no result can go there.
    pub stdout_closed: bool,
    /// The folder for results that did not come to their place and cannot be had again.
    pub kept: Option<PathBuf>,
    /// The provider is a simulated one.
    pub simulated: bool,
    /// The accounts have names: a prompt shows lists as tables, and moments have the common form in all formats. Under a
    /// bare key documents stay as they were in ma-shell.
    pub named: bool,
}
