//! The session, which owns everything that lasts from line to line: the accounts, the streams, the variables.

use std::mem;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::bind::Sources;
use crate::config::Paths;
use crate::engine::accounts::account::{Account, AccountParts};
use crate::engine::accounts::outside::Outside;
use crate::engine::accounts::roster::{Accounts, RosterParts};
use crate::engine::accounts::secrets::Place;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::jobs::Begun;
use crate::engine::deliver::delivery::Delivery;
use crate::engine::deliver::filter::Filters;
use crate::engine::deliver::output::{Output, file_of};
use crate::engine::deliver::presentation::Presentation;
use crate::engine::deliver::suspicion;
use crate::engine::guard::gate::Gate;
use crate::engine::plan::course::Course;
use crate::engine::plan::marks;
use crate::engine::plan::options::Options;
use crate::engine::plan::planning::Planning;
use crate::engine::run::arguments;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::privacy::{self, Privacy, Typed};
use crate::engine::run::script::{Running, Script};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::Records;
use crate::engine::state::memory::Memory;
use crate::engine::state::settings::{Manner, Settings};
use crate::render::Format;
use crate::wire::Timeouts;
use history::Journal;
use lang::{Item, Line, Redirect, Token, Word};
use model::{Effect, Method, Span};
use registry::Commands;
use registry::group::{self, Group};

/// Runs a line that calls nothing.
pub(crate) type Action = fn(&mut Session, &Line) -> Result<Outcome, CallError>;

/// The effect of a line that has not run yet, or its error.
pub(crate) type Foreseen = Result<Option<Effect>, CallError>;

/// Judges such a line before it runs.
pub(crate) type Foresight = fn(&mut Session, &mut Course, &Line) -> Foreseen;

/// The local commands, as this folder sees them: they are declared in the folder above.
#[derive(Debug)]
pub(crate) struct Locals {
    /// All commands.
    pub(crate) commands: fn() -> Commands,
    /// Runs the command of that name.
    pub(crate) run: fn(&mut Session, &Method, &Line) -> Result<Outcome, CallError>,
    /// Judges it.
    pub(crate) foresee: fn(&mut Session, &mut Course, &Method, &Line) -> Foreseen,
    /// Shows the variable that a line is.
    pub(crate) show: Action,
    /// Judges this.
    pub(crate) foresee_show: Foresight,
    /// Shows the help page of what a line calls.
    pub(crate) page: Action,
    /// Judges this.
    pub(crate) foresee_page: Foresight,
}

/// A session. It owns all parts, and lends each step those that it needs.
pub struct Session {
    /// The shell's own commands.
    pub(crate) locals: &'static Locals,
    /// The accounts, and what can be called.
    pub accounts: Accounts,
    /// Where lines come from.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// The text that was last typed, and where there may be secrets in it.
    pub(crate) typed: Typed,
    /// The last result and the variables.
    pub memory: Memory,
    /// The scripts that are running, each started by the one before it.
    pub(crate) scripts: Vec<Running>,
    /// No line that is still to run can use the result of the present one.
    pub(crate) unused: bool,
    /// The present line was recalled from the history: a `--yes` in it was the answer to another question.
    pub recalled: bool,
    /// Ctrl-C was pressed at a question, or while no key was read. The steps that run several lines check it; it is
    /// reset when the next text is entered.
    pub interrupted: Arc<AtomicBool>,
    /// The journal for typed lines, if they are saved.
    pub lines: Option<Arc<Journal>>,
    /// The program around the session, where it can be asked for something.
    pub outside: Option<Box<dyn Outside>>,
    pub(crate) sources: Box<dyn Sources>,
    /// What the calls of this session began, oldest first.
    pub(crate) jobs: Vec<Begun>,
    /// The line that was completed by questions, as it can be typed.
    pub completed: Option<String>,
    /// How many requests had been sent when the present text began, and when its present line began.
    pub(crate) begun: (usize, usize),
    /// Filters that have been checked.
    pub(crate) filters: Filters,
}

/// The parts that a session is made from.
pub struct Parts {
    /// The account that names without a profile belong to.
    pub account: AccountParts,
    /// The other accounts.
    pub others: Vec<AccountParts>,
    /// Accounts that cannot be used, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// Where lines come from.
    pub manner: Manner,
    /// What the user chose.
    pub settings: Settings,
    /// The streams.
    pub console: Console,
    /// Files and standard input.
    pub sources: Box<dyn Sources>,
    /// The program's folders.
    pub paths: Option<Paths>,
    /// Where calls are recorded.
    pub records: Records,
    /// The journal for typed lines, if they are saved.
    pub lines: Option<Arc<Journal>>,
}

impl Session {
    /// A session that has not asked anything of anybody yet.
    pub(crate) fn with(parts: Parts, locals: &'static Locals) -> Result<Session, CallError> {
        let mut accounts = Accounts::new(RosterParts {
            account: parts.account,
            others: parts.others,
            left_out: parts.left_out,
            locals: (locals.commands)(),
            network: parts.settings.network.clone(),
            trace: parts.settings.trace,
            waits: parts.settings.waits,
            paths: parts.paths.as_ref(),
            records: parts.records,
        })?;
        let interrupted: Arc<AtomicBool> = Arc::default();
        let mut console = parts.console;
        accounts.recall_saved(&mut console);
        if let Some(paths) = &parts.paths {
            accounts.recall_views(paths, &mut console);
        }
        Ok(Session {
            accounts,
            locals,
            manner: parts.manner,
            filters: Filters::of(parts.settings.program.clone(), Arc::clone(&interrupted)),
            settings: parts.settings,
            console,
            typed: Typed::default(),
            memory: Memory::default(),
            scripts: Vec::new(),
            unused: false,
            recalled: false,
            interrupted,
            lines: parts.lines,
            outside: None,
            sources: parts.sources,
            jobs: Vec::new(),
            completed: None,
            begun: (0, 0),
        })
    }

    /// Reads the lists on disk, and starts to fetch new ones. Call it before every prompt.
    pub fn begin_discovery(&mut self) {
        self.accounts.recall_saved(&mut self.console);
        self.accounts.begin_discovery(&mut self.console);
    }

    /// Tells what has come in, between two lines.
    pub fn tell_news(&mut self) {
        self.accounts.tell_news(&mut self.console);
    }

    /// The jobs that `wait` knows, each with what it is: those of this session, and of earlier ones those of the current
    /// account. The newest first.
    pub fn waitable(&self) -> Vec<(String, String)> {
        let own = self.jobs.iter().rev().filter_map(|begun| Some((begun.watch.id()?, begun.told())));
        let mut found: Vec<(String, String)> = own.collect();
        let account = self.accounts.here().map(Account::on_record);
        let open = self.accounts.ledger.open_calls().ok().flatten().unwrap_or_default().into_iter().rev();
        let of_here = open.filter(|call| account.as_ref().is_some_and(|account| account.is_same(&call.call.account)));
        for call in of_here {
            let known = |id: &String| found.iter().any(|(known, _)| known == id);
            if let Some(id) = call.job.filter(|id| !known(id)) {
                found.push((id, format!("{}: still open in the journal", call.call.method)));
            }
        }
        found
    }

    /// The parts that are needed to make a plan.
    pub(crate) fn planning(&mut self) -> Planning<'_> {
        Planning {
            accounts: &mut self.accounts,
            memory: &self.memory,
            console: &mut self.console,
            sources: &mut *self.sources,
            filters: &mut self.filters,
            interrupted: &self.interrupted,
            settings: &self.settings,
            manner: self.manner,
            recalled: self.recalled,
            completed: &mut self.completed,
        }
    }

    /// The parts that are needed to check a call before it is sent.
    pub(crate) fn gate(&mut self) -> Gate<'_> {
        Gate { accounts: &mut self.accounts, console: &mut self.console, interrupted: &self.interrupted }
    }

    /// The parts that a call needs.
    pub(crate) fn exchange(&mut self, profile: &str, timeouts: Timeouts) -> Result<Exchange<'_>, CallError> {
        Exchange::of(&mut self.accounts, &mut self.console, profile, timeouts)
    }

    /// The parts that are needed to write a result.
    pub(crate) fn delivery(&mut self) -> Delivery<'_> {
        Delivery {
            accounts: &mut self.accounts,
            memory: &mut self.memory,
            console: &mut self.console,
            settings: &self.settings,
            manner: self.manner,
        }
    }

    /// The parts that are needed to find secrets in a text.
    pub(crate) fn privacy(&self) -> Privacy<'_> {
        let Session { accounts, memory, typed, .. } = self;
        let arguments = self.scripts.last().map(|script| script.arguments.as_slice()).unwrap_or_default();
        Privacy { registry: &accounts.registry, redactor: &accounts.redactor, memory, typed, arguments }
    }

    /// Remembers the secrets of a text before any of it can be shown, and the positions of possible ones.
    pub fn learn_typed(&mut self, text: &str, tokens: &[Token]) {
        let places = self.privacy().read(text, tokens);
        self.learn(text, &places);
        self.typed = Typed::of(text, places);
    }

    /// Ends it with the process. What only takes memory is left to the system, which takes back all of it at once.
    pub fn leave(self) {
        let Session { accounts: Accounts { registry, .. }, .. } = self;
        mem::forget(registry);
    }

    /// Does the same again for one line of the text: the lines before it may have shown more about it.
    pub(crate) fn learn_line(&mut self, text: &str, line: Span) {
        self.learn_part(text, line, &lang::tokens(text.get(line.range()).unwrap_or("")));
    }

    /// The same for a line with these tokens, whose positions are those in the line.
    pub(crate) fn learn_part(&mut self, text: &str, line: Span, tokens: &[Token]) {
        let typed = text.get(line.range()).unwrap_or("");
        let places = self.privacy().read(typed, tokens);
        self.learn(typed, &places);
    }

    /// Remembers the arguments of a line that the script it runs uses for secrets.
    pub(crate) fn learn_arguments(&mut self, line: &Line) {
        for secret in arguments::secrets_of(self.privacy(), line, &self.settings.home) {
            self.accounts.redactor.learn_text(&secret);
        }
    }

    fn learn(&mut self, text: &str, places: &[Place]) {
        let Session { accounts, scripts, .. } = self;
        let arguments = scripts.last().map(|script| script.arguments.as_slice()).unwrap_or_default();
        privacy::learn(&mut accounts.redactor, text, places, arguments);
    }

    /// A text that was typed, as it may be shown: with stars for what may be secret, byte for byte.
    pub fn masked(&self, text: &str) -> String {
        self.privacy().masked(text)
    }

    /// Where in a text that is being typed are values that the catalogue does not allow.
    pub fn wrong_values(&self, text: &str) -> Vec<Span> {
        marks::wrong(&self.accounts.registry, text)
    }

    /// Where there may be secrets in a text that was typed, so that the history keeps the line without them; `None`
    /// when nothing else is in it.
    pub fn secret_places(&self, text: &str) -> Option<Vec<Range<usize>>> {
        self.privacy().secret_places(text)
    }

    /// The same with the arguments of scripts that their lines use for secrets; the scripts are read for that.
    pub fn places_to_hide(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut places = self.secret_places(text)?;
        places.extend(arguments::secret_arguments(self.privacy(), text, &self.settings.home));
        Some(places)
    }

    /// Opens the destination of a result.
    pub(crate) fn output(
        &mut self,
        presentation: Presentation,
        redirect: Option<&Redirect>,
        private: bool,
    ) -> Result<Output, CallError> {
        let bytes = presentation.implied || presentation.document.is_some() || presentation.view.format == Format::Raw;
        let form = (presentation.view.format, presentation.chosen, bytes);
        let file = redirect.and_then(|redirect| Some((&redirect.kind, file_of(&redirect.kind, &self.settings)?.0)));
        let warning = file.and_then(|(kind, path)| suspicion::warning(kind, &path, &self.settings.search_path, form));
        if let Some(warning) = warning {
            self.console.note(&warning);
        }
        Output::open(presentation, redirect, (&self.settings, self.manner), private)
    }

    /// Reads a script, with its arguments and the words that give them.
    pub(crate) fn script(&mut self, words: (&Word, &[Item]), arguments: Vec<String>) -> Result<Script, CallError> {
        Script::read(words, arguments, &mut *self.sources, &self.settings.home, &self.scripts)
    }

    /// Whether a line is one of the shell's own commands.
    pub(crate) fn is_command(&self, line: &Line) -> bool {
        line.profile.is_none() && self.accounts.registry.local(&line.head.text()).is_some()
    }

    /// Whether a line is nothing but the name of a group of methods, typed by a person: that shows the group.
    pub(crate) fn names_a_group(&self, line: &Line) -> bool {
        let alone = line.items.is_empty() && line.options.is_empty() && line.redirect.is_none() && line.raw.is_none();
        let (registry, profile) = (&self.accounts.registry, line.profile.as_ref().map(Word::text));
        let name = line.head.text();
        let typed = line.accounts.is_none() && self.manner == Manner::Prompt && self.scripts.is_empty();
        typed && alone && !registry.knows(profile.as_deref(), &name) && {
            let own = registry.sources().filter(|source| profile.as_deref().is_none_or(|it| it == source.profile()));
            let is_whole = |group: &Group<'_>| group.name.eq_ignore_ascii_case(&name);
            group::find(own, &name).iter().any(|group| is_whole(group) && group.leads())
        }
    }

    /// Whether the user has agreed to a line in advance. A `--yes` in a recalled line was the answer to another
    /// question.
    pub(crate) fn agrees(&self, options: &Options) -> bool {
        self.settings.yes || options.yes && !self.recalled
    }

    /// Whether there is only one line, from the command line.
    pub(crate) fn is_one_shot(&self) -> bool {
        self.manner == Manner::Batch && self.scripts.is_empty()
    }

    /// Runs something whose errors are in a script, and marks its error as reported.
    pub(crate) fn within<T>(
        &mut self,
        script: &Script,
        act: impl FnOnce(&mut Session) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        self.scripts.push(Running::of(script));
        // The line that runs it may have been recalled, but its own lines have not.
        let recalled = mem::take(&mut self.recalled);
        let here = self.accounts.registry.here().profile().to_owned();
        let switched = script.account.as_ref().is_some_and(|account| self.accounts.registry.switch(account));
        let done = act(self);
        if switched {
            self.accounts.registry.switch(&here);
        }
        self.recalled = recalled;
        self.scripts.pop();
        done.map_err(|error| match error {
            told @ CallError::Told(_) => told,
            error => CallError::Told(Box::new(error)),
        })
    }
}
