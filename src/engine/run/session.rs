//! What lives between lines: the registry, the target, the connection, the settings.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::{io, mem};

use crate::bind::Sources;
use crate::config::Paths;
use crate::engine::accounts::account::{Account, AccountParts, accept};
use crate::engine::accounts::rules::{Overrides, Rules};
use crate::engine::accounts::secrets::Place;
use crate::engine::call::jobs::Begun;
use crate::engine::commands;
use crate::engine::plan::lookup;
use crate::engine::run::pipeline;
use crate::engine::run::script::Running;
use crate::engine::run::typed::complete;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use crate::engine::state::redaction::Redacted;
use crate::query;
use crate::render;
use crate::signals;
use crate::wire::{Network, Wire};
use lang::{self, Line};
use model::{Before, Class, Diagnostic, Home, Redactor, Span};
use registry::resolve::Resolved;
use registry::{Changes, Registry};

/// How lines come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From a person at a prompt, who wants to see what was stored.
    Prompt,
    /// One line, or a file of them.
    Batch,
}

/// What a line asks the session to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Take the next line.
    Continue,
    /// Leave.
    Quit,
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
    /// Standard output is closed, so that no result can go there.
    pub stdout_closed: bool,
    /// The folder for results that did not come to their place and cannot be had again.
    pub kept: Option<PathBuf>,
    /// The provider is a simulated one.
    pub simulated: bool,
}

/// The record of the lines that were typed, without what was secret in them.
pub trait Lines {
    /// At most so many of the newest, the very newest last; `None` when lines are not kept.
    fn newest(&self, most: usize) -> Option<io::Result<Vec<String>>>;
}

/// A session.
pub struct Session {
    /// What can be called.
    pub registry: Registry,
    /// How lines come in.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// Every secret seen.
    pub redactor: Redactor,
    /// The text that was last typed, and where there may be secrets in it.
    pub(crate) typed: (String, Vec<Place>),
    /// The last result and the variables.
    pub memory: Memory,
    /// What `set` has settled.
    pub(crate) overrides: Overrides,
    /// The scripts that are running, each started by the one before it.
    pub(crate) scripts: Vec<Running>,
    /// The line being run was taken from the lines to recall as it stands: a `--yes` in it was an answer to another
    /// question.
    pub recalled: bool,
    /// Ctrl-C was pressed at a question, or while no key was read; whoever runs lines one after another looks at it,
    /// and a person's text begins by taking it back.
    pub interrupted: Arc<AtomicBool>,
    /// Where the lines that were typed are kept, if they are.
    pub lines: Option<Box<dyn Lines>>,
    /// What has come in and is still to be told.
    pub(crate) news: Vec<String>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) wire: Wire,
    pub(crate) sources: Box<dyn Sources>,
    /// What the calls of this session began, oldest first.
    pub(crate) jobs: Vec<Begun>,
    /// How many requests had left when the text that is running began, and when its present line did.
    pub(crate) begun: (usize, usize),
    /// Filters that were found to be such, the newest last: each costs a process to check.
    pub(crate) filters: Vec<query::Filter>,
}

/// What a session is made from.
pub struct Parts {
    /// The account that names without a profile belong to.
    pub account: AccountParts,
    /// The other accounts.
    pub others: Vec<AccountParts>,
    /// Accounts that cannot be used, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// How lines come in.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// Files and standard input.
    pub sources: Box<dyn Sources>,
    /// The program's folders.
    pub paths: Option<Paths>,
}

impl Session {
    /// A session that has not asked anything of anybody yet.
    pub fn new(parts: Parts) -> Result<Session, CallError> {
        let wire = Wire::new(parts.settings.network.clone()).map_err(CallError::Address)?;
        let wire = wire.traced(parts.settings.trace);
        let paths = parts.paths.as_ref();
        let mut redactor = Redactor::default();
        let (mut account, source) = Account::new(parts.account, paths)?;
        account.unlock_if_at_hand(&mut redactor)?;
        let mut accounts = vec![account];
        let mut registry = Registry::new(source, commands::methods());
        for other in parts.others {
            let (mut account, source) = Account::new(other, paths)?;
            // Another account's bad key is told when that account is used.
            let _ = account.unlock_if_at_hand(&mut redactor);
            accounts.push(account);
            registry.add(source);
        }
        for (profile, reason) in parts.left_out {
            registry.leave_out(profile, reason);
        }
        Ok(Session {
            registry,
            manner: parts.manner,
            overrides: Overrides::default(),
            settings: parts.settings,
            console: parts.console,
            redactor,
            typed: (String::new(), Vec::new()),
            memory: Memory::default(),
            scripts: Vec::new(),
            recalled: false,
            interrupted: Arc::default(),
            lines: None,
            news: Vec::new(),
            accounts,
            wire,
            sources: parts.sources,
            jobs: Vec::new(),
            begun: (0, 0),
            filters: Vec::new(),
        })
    }

    /// The account of the profile that names without a profile belong to.
    pub fn here(&self) -> Option<&Account> {
        self.accounts.iter().find(|account| account.target.profile == self.registry.here().profile())
    }

    /// What holds for the calls of a profile: its own rules, but where the user has settled something for all.
    pub fn rules(&self, profile: &str) -> Rules {
        let account = self.accounts.iter().find(|account| account.target.profile == profile);
        account.map(|account| account.rules.clone()).unwrap_or_default().under(self.overrides)
    }

    /// Takes in the lists that are on disk and starts to fetch new ones, side by side. To be called before every
    /// prompt: an account whose key came to hand since is asked then. An account whose key cannot be had costs a note.
    pub fn begin_discovery(&mut self) {
        let here = self.registry.here().profile().to_owned();
        let profiles: Vec<String> = self.accounts.iter().map(|account| account.target.profile.clone()).collect();
        for profile in profiles {
            let timeouts = self.rules(&profile).timeouts;
            let account = self.accounts.iter_mut().find(|account| account.target.profile == profile);
            let (Some(account), Some(source)) = (account, self.registry.source_mut(&profile)) else { continue };
            account.begin_catalog(source, &self.settings.network, timeouts);
            if !account.wants_list(source, profile == here) {
                continue;
            }
            match account.unlock(&mut self.redactor) {
                Ok(()) => account.begin_list(source, &self.settings.network, timeouts),
                Err(error) => self.console.note(&format!("note: {profile}: {error}")),
            }
        }
    }

    /// Takes in what has arrived meanwhile. Cheap, and fit for the middle of a line: what there is to tell waits for
    /// [`Session::tell_news`].
    pub fn poll_discovery(&mut self) {
        for account in &mut self.accounts {
            let arrived = account.poll();
            let profile = account.target.profile.clone();
            let Some(source) = self.registry.source_mut(&profile) else { continue };
            for fetched in arrived {
                match fetched.and_then(|news| accept(source, news)) {
                    Ok(changes) => account.remember(changes),
                    Err(reason) => {
                        self.news.push(format!("note: the method list of {profile} was not refreshed: {reason}"));
                    }
                }
            }
        }
    }

    /// Tells what has come in, between two lines.
    pub fn tell_news(&mut self) {
        self.poll_discovery();
        for note in mem::take(&mut self.news) {
            let note = self.redactor.foreign(&note).into_owned();
            self.console.note(&note);
        }
    }

    /// Fetches what one account's service, or the keeper of its catalogue, can tell now, and returns what came and
    /// went. `None` when nobody can be asked.
    pub(crate) fn refresh(&mut self, profile: &str) -> Result<Option<Changes>, CallError> {
        let timeouts = self.rules(profile).timeouts;
        let Session { accounts, registry, wire, redactor, .. } = self;
        wire.hide(redactor);
        let account = accounts.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source_mut(profile)) {
            (Some(account), Some(source)) => account.refresh(source, wire, redactor, timeouts),
            _ => Ok(None),
        }
    }

    /// The lines of a text. An error has been reported when this returns one.
    pub(crate) fn read(&mut self, text: &str) -> Result<Vec<Line>, CallError> {
        let parsed = match lang::parse(text) {
            Ok(lines) => lines.iter().try_for_each(|line| complete(text, line.span)).map(|()| lines),
            // The stand-in of a secret looks like a type that nobody knows.
            Err(error) => complete(text, Span::new(0, text.len())).and(Err(error.into())),
        };
        parsed.map_err(|error| self.failed(error, text, None))
    }

    /// Runs one line, and reports its error.
    pub fn run_line(&mut self, line: &Line, text: &str) -> Result<Flow, CallError> {
        self.begun.1 = self.wire.left();
        let done = complete(text, line.span).and_then(|()| pipeline::run(self, line));
        let done = done.map_err(|error| self.failed(error, text, Some(line)));
        signals::settle();
        done
    }

    /// Reports an error: as a JSON object when results were asked for as JSON, in words otherwise. `line` is what
    /// became of the text, if anything. That nobody reads any more needs no words.
    pub fn failed(&mut self, error: CallError, text: &str, line: Option<&Line>) -> CallError {
        if !matches!(error, CallError::Told(_)) && error.class() != Class::ReaderGone {
            self.tell(&error, text, line);
        }
        error
    }

    /// What has left of the text that is running, apart from the call of its present line.
    fn sent_before(&self) -> Before {
        let (text, line) = self.begun;
        match () {
            () if line > text => Before::Lines,
            () if self.wire.left() > line => Before::Reads,
            () => Before::Nothing,
        }
    }

    /// Words for an error.
    pub(crate) fn tell(&mut self, error: &CallError, text: &str, line: Option<&Line>) {
        let doubted = self.doubted(text, error, line);
        let mut shown = Redacted::new(error, &doubted.redactor, &doubted.places).after(self.sent_before());
        if let Some(lines) = line.and_then(|line| self.named_lines(error, line)) {
            shown = shown.advising(lines);
        }
        if let Some(advice) = line.and_then(|line| self.refresh_advice(error, line)) {
            shown = shown.advising(advice);
        }
        let cut = if self.is_one_shot() { None } else { self.cut_value(error, text) };
        let hidden = cut.as_ref().is_some_and(|cut| cut.hidden);
        if let Some(cut) = cut {
            shown = shown.advising(cut.advice);
        }
        if hidden {
            shown = shown.reworded("what follows the `;` is not a call");
        }
        if let Some(script) = self.scripts.last() {
            let at = error.span().or(line.map(|line| line.span)).unwrap_or_default().start;
            shown = shown.at(&script.place(text, at));
        }
        if line.map_or(self.settings.errors_as_json, |line| pipeline::wants_json(self, line)) {
            let line = line.filter(|_| !hidden);
            let method = line.map(|line| doubted.redactor.mask(&line.head.text()));
            let code = error.class().exit_code();
            let profile = line.map_or(self.registry.here().profile().to_owned(), |line| self.profile_of(line));
            let json = render::report_json(&shown, Some(&profile), method.as_deref(), code);
            self.console.whole(&json);
        } else {
            self.console.report(&shown, &doubted.text);
        }
    }

    /// Whose account a line is for, as far as it can be told.
    fn profile_of(&self, line: &Line) -> String {
        match (lookup::meaning(&self.registry, line), &line.profile) {
            (Ok(Resolved::Remote { profile, .. }), _) => profile,
            (_, Some(typed)) => self.redactor.mask(&typed.text()),
            _ => self.registry.here().profile().to_owned(),
        }
    }
}
