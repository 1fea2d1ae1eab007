//! What is known about this machine when a line that has not run yet is judged: the files that lines before it write,
//! and what may have happened to others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::findings::Findings;
use crate::engine::deliver::output;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Settings;
use crate::sink::{CommandSink, FileSink, Mode, SinkError};
use lang::{Line, Redirect, RedirectKind, Word};
use model::Home;
use registry::Registry;

/// The state while lines are being judged.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// For `~/` in a path.
    home: Home,
    /// Files that a line before this one writes.
    written: BTreeSet<PathBuf>,
    /// A line before this one runs a command, or passes a result to one, which may change any file.
    commands: bool,
    /// A line before this one calls a provider.
    pub(crate) called: bool,
    /// A line before this one runs lines that cannot be read yet. Everything after it is judged when they have run.
    pub(crate) lost: bool,
    /// Accounts whose list of methods a line before this one fetches.
    refreshed: BTreeSet<String>,
    /// A line before this one is invalid, so that the current account is unknown from there on.
    pub(crate) adrift: bool,
    /// A line before this one is not valid, and might have set any variable.
    pub(crate) unread: bool,
    /// The errors that were found.
    pub(crate) findings: Findings,
}

impl Course {
    /// Before the first line.
    pub(crate) fn new(home: Home) -> Course {
        Course { home, ..Course::default() }
    }

    /// A line before this one fetches the list of an account's methods.
    pub(crate) fn refreshes(&mut self, profile: &str) {
        self.refreshed.insert(profile.to_owned());
    }

    /// A line before this one runs a command of the user's own, which may change any file.
    pub(crate) fn runs_command(&mut self) {
        self.commands = true;
    }

    /// Whether an unknown name may be in a list that a line before this one fetches. It is judged when that line has
    /// run.
    pub(crate) fn may_become_known(&self, registry: &Registry, line: &Line) -> bool {
        let named = line.profile.as_ref().map(Word::text);
        self.refreshed.contains(named.as_deref().unwrap_or(registry.here().profile()))
    }

    /// Whether the content of a file cannot be known in advance: a line before this one may write it, or it is a pipe
    /// or a device, which can be read only once.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        let path = self.home.expand(Path::new(path));
        self.commands || self.written.contains(&whole(&path)) || path.metadata().is_ok_and(|found| !found.is_file())
    }

    /// Refuses a destination that cannot be written, and remembers what will be written there.
    pub(crate) fn place(&mut self, redirect: &Redirect, settings: &Settings) -> Result<(), CallError> {
        let refused = |error| CallError::Place { error, span: redirect.span };
        if let RedirectKind::Command(command) = &redirect.kind {
            // A command before this one may install the program.
            let known = CommandSink::check(command, &settings.search_path).map(drop);
            let found = known.or_else(|error| match error {
                SinkError::NoProgram { .. } if self.commands => Ok(()),
                error => Err(error),
            });
            self.commands = true;
            return found.map_err(refused);
        }
        let Some((path, mode)) = output::file_of(&redirect.kind, settings) else { return Ok(()) };
        self.file(&path, mode).map_err(refused)
    }

    /// The same for a file.
    pub(crate) fn file(&mut self, path: &Path, mode: Mode) -> Result<(), SinkError> {
        let first = self.written.insert(whole(path));
        match (first, mode) {
            _ if self.commands => Ok(()),
            (false, Mode::New) => Err(SinkError::Exists { path: path.to_owned() }),
            (false, _) => Ok(()),
            (true, mode) => FileSink::check(path, mode),
        }
    }
}

/// The same path for every way of writing it.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
