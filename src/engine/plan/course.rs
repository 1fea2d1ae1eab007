//! What is known of this machine at a line that has not run yet: files that the lines before it write, and what may
//! have become of all others.

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

/// The way through lines that are being judged.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// For `~/` in a path.
    home: Home,
    /// Files that a line before this one writes.
    written: BTreeSet<PathBuf>,
    /// A line before this one hands a result to a command, which may do anything to any file.
    commands: bool,
    /// A line before this one calls a provider.
    pub(crate) called: bool,
    /// A line before this one runs lines that nobody can read yet. Whatever comes after it is judged when they have
    /// run.
    pub(crate) lost: bool,
    /// Accounts whose list of methods a line before this one fetches.
    refreshed: BTreeSet<String>,
    /// A line before this one is wrong in a way that leaves it open which account would be the current one.
    pub(crate) adrift: bool,
    /// A line before this one is no line, and might have set any variable.
    pub(crate) unread: bool,
    /// What is wrong.
    pub(crate) findings: Findings,
}

impl Course {
    /// At the first of some lines.
    pub(crate) fn new(home: Home) -> Course {
        Course { home, ..Course::default() }
    }

    /// A line before this one fetches the list of an account's methods.
    pub(crate) fn refreshes(&mut self, profile: &str) {
        self.refreshed.insert(profile.to_owned());
    }

    /// Whether a name that nobody knows may be in a list that a line before this one fetches. It is judged when that has
    /// run.
    pub(crate) fn may_become_known(&self, registry: &Registry, line: &Line) -> bool {
        let named = line.profile.as_ref().map(Word::text);
        self.refreshed.contains(named.as_deref().unwrap_or(registry.here().profile()))
    }

    /// Whether nobody can know what a file will hold: a line before this one may write it, or it is a pipe or a device,
    /// which gives what it has once.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        let path = self.home.expand(Path::new(path));
        self.commands || self.written.contains(&whole(&path)) || path.metadata().is_ok_and(|found| !found.is_file())
    }

    /// Refuses a place that cannot take a result, and remembers what becomes of it.
    pub(crate) fn place(&mut self, redirect: &Redirect, settings: &Settings) -> Result<(), CallError> {
        let refused = |error| CallError::Place { error, span: redirect.span };
        if let RedirectKind::Command(command) = &redirect.kind {
            // A command before this one may have put the program there.
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

/// A path that does not depend on how it was written.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
