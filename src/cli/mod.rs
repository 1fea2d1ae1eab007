//! The edge of the process: it reads arguments and environment, builds everything once, and returns an exit code.

mod account_args;
mod accounts;
mod address;
mod args;
mod around;
mod batch;
mod bug;
mod catalogue;
mod completions;
mod context;
mod definition;
mod doctor;
mod explain;
mod help;
mod import;
mod import_args;
mod journal;
mod line_options;
mod listing;
mod login;
mod man;

mod own_catalog;
mod parsed;
mod secrets;
mod serve;
mod serve_args;
mod served;
mod settings;
mod trial;
mod upload;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use history::{Journal, Keep};

use crate::config::{KeySource, Layers};
use crate::disk;
use crate::engine::rescue;
use crate::engine::session::Parts;
use crate::engine::{CallError, Manner, Records, Session, Settings, Way, commands};
use crate::query;
use crate::render::{self, Format, Style, text};
use crate::shell;
use crate::signals;
use args::{Cli, Command, ConfigAction, Global, RunFile, SandboxAction};
use around::Around;
use context::{Context, RealSources};
use model::{Class, Diagnostic, period};
use sandbox;

/// Runs the program and returns its exit code.
pub fn main() -> ExitCode {
    bug::watch(clean_up);
    if context::is_filter() {
        return query::work();
    }
    if let Some(words) = context::half_typed() {
        return completions::answer(&words, &Context::read());
    }
    if context::wants_version() {
        // Building the command line takes longer than everything else.
        let printed = print(concat!("marsh ", env!("CARGO_PKG_VERSION"), "\n"), &Context::read());
        return ExitCode::from(printed.unwrap_or_else(|error| fail(&error, false)));
    }
    let context = Context::read();
    if !context.unicode {
        text::be_ascii();
    }
    let cli = match parsed::read(context::arguments(), context::may_want_help()) {
        Ok(cli) => cli.settled(),
        Err(page) if page.exit_code() == 0 => return ExitCode::from(show(&page, &context)),
        Err(error) => error.exit(),
    };
    let as_json = cli.global.output == Some(Format::Json);
    let mut cli = cli;
    if let Err(problem) = address::settled(&mut cli.global) {
        return ExitCode::from(fail(&CallError::usage_of(problem), as_json));
    }
    signals::watch(clean_up);
    let code = go(cli, &context).unwrap_or_else(|error| fail(&error, as_json));
    if let Some(by) = signals::ending().filter(|by| by.class().exit_code() == code) {
        signals::obey(by);
    }
    ExitCode::from(code)
}

/// The cleanup when a signal ends the process.
fn clean_up() {
    rescue::before_the_end();
    disk::clean();
}

/// Carries out the command. Errors that a session has already reported are only an exit code here.
fn go(cli: Cli, context: &Context) -> Result<u8, CallError> {
    let Cli { global, line, command } = cli;
    if let (Some(option), false) = (line.first(), matches!(command, Some(Command::Words(_)))) {
        let option = option.split('=').next().unwrap_or_default();
        let hint = Some("name a method after it; each line of a script or at the prompt has its own".to_owned());
        return Err(CallError::Usage { message: format!("{option} belongs to one call"), span: None, hint });
    }
    let lines = match command {
        Some(Command::Sandbox { action: SandboxAction::Serve(serve) }) => {
            return serve::run(&serve, &global, context).map(|()| 0);
        }
        Some(Command::Login(login)) => {
            let login::Done { name, config, probe } = login::run(login, &global, context)?;
            context.console().note(&format!("{name} is in {}; try: marsh -p {name} {probe}", config.display()));
            return Ok(0);
        }
        Some(Command::Add(add)) => {
            let login::Done { name, config, probe } = login::add(add, &global, context)?;
            let console = &mut context.console();
            console.note(&format!("{name} is in {}; try: marsh -p {name} {probe}", config.display()));
            return Ok(0);
        }
        Some(Command::Import(wish)) => return import::run(&wish, &global, context).map(|()| 0),
        Some(Command::Doctor(doctor)) => return doctor::run(&doctor, &global, context),
        Some(Command::Config { action: ConfigAction::Path }) => return explain::path(context).map(|()| 0),
        Some(Command::Config { action: ConfigAction::Explain(explain) }) => {
            return explain::run(&explain, &global, context).map(|()| 0);
        }
        Some(Command::Journal { action }) => return journal::run(&action, &global, context),
        Some(Command::Catalogue { action }) => return catalogue::run(&action, context),
        Some(Command::Completions { shell }) => return print(shell.script(), context),
        Some(Command::Man) => return print(&man::page(), context),
        Some(Command::Words(words)) => Lines::One(line.into_line(words)),
        Some(Command::Run(run)) => Lines::File(run),
        None if context.stdin_terminal => Lines::Typed,
        None => Lines::Stdin,
    };
    if !matches!(lines, Lines::One(_)) {
        // With several lines, a signal during one of them must not end the process without cleanup.
        signals::guard();
    }
    let done = start(&global, &lines, context)?.go(lines, global.keep_going, context);
    Ok(done.map_or_else(|error| error.class().exit_code(), |()| 0))
}

/// Prints a text as a result.
fn print(text: &str, context: &Context) -> Result<u8, CallError> {
    context.console().result(text).map(|()| 0).map_err(CallError::Output)
}

/// Prints a page of help, or the version, like any other result.
fn show(page: &clap::Error, context: &Context) -> u8 {
    let done = match context.stdout_closed {
        true => Err(CallError::NoOutput),
        false => page.print().and_then(|()| io::stdout().flush()).map_err(CallError::Output),
    };
    done.map_or_else(|error| fail(&error, false), |()| 0)
}

/// Where the lines come from.
enum Lines {
    /// One line: the words of the command line.
    One(Vec<String>),
    /// The file given to `run`.
    File(RunFile),
    /// Standard input.
    Stdin,
    /// A user at a prompt.
    Typed,
}

impl Lines {
    /// Whether there is only one line, and it asks for help with marsh itself, not with an account.
    fn want_help(&self) -> bool {
        let Lines::One(words) = self else { return false };
        let is_own = |word: &String| {
            let mut topics = commands::topics().filter(|(name, _)| *name != "remote");
            topics.any(|(name, _)| name == word) || commands::methods().iter().any(|method| method.name == *word)
        };
        words.first().is_some_and(|word| word == "help" || word == "?") && words.get(1).is_none_or(is_own)
    }
}

/// A session, and the sandbox that may have to outlive it.
struct Run {
    session: Option<Session>,
    sandbox: Option<sandbox::Server>,
    /// The settings of the program.
    layers: Layers,
}

impl Run {
    fn go(&mut self, lines: Lines, keep_going: bool, context: &Context) -> Result<(), CallError> {
        let Some(mut session) = self.session.take() else { return Ok(()) };
        let done = match lines {
            Lines::One(words) => batch::one_shot(&mut session, &words),
            Lines::File(run) => {
                let way = Way { keep_going: keep_going || run.keep_going, jobs: run.jobs.map_or(1, usize::from) };
                batch::file(&mut session, &run, way)
            }
            Lines::Stdin => batch::script(&mut session, Vec::new(), Way { keep_going, ..Way::default() }),
            Lines::Typed => {
                let setup = self.setup(&session, context);
                return shell::run(session, setup);
            }
        };
        session.accounts.sign_out();
        session.leave();
        done
    }

    fn setup(&self, session: &Session, context: &Context) -> shell::Setup {
        let greeting = if self.sandbox.is_none() { greeting(session) } else { None };
        let notes = self.sandbox.iter().map(|sandbox| {
            let names: Vec<&str> = sandbox.accounts().iter().map(|account| account.provider).collect();
            format!("Simulated accounts ({}); nothing here is real. `help` explains what to type.", names.join(", "))
        });
        shell::Setup {
            journal: session.lines.clone(),
            keep: keep(&self.layers),
            plain: context.dumb,
            colour: context.colour(),
            vi: self.layers.text("edit_mode", None).is_some_and(|mode| mode == "vi"),
            pager: context.pager(self.layers.text("pager", None)),
            editor: context.editor.clone(),
            size: context.size(),
            banner: banner(session),
            notes: notes.chain(greeting).collect(),
        }
    }
}

/// ma-shell's banner for a bare key; the prompt shows a named account, so the banner then names the program.
fn banner(session: &Session) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match session.accounts.here() {
        Some(account) if account.named => format!("(marsh v{version})"),
        _ => format!("({} API shell v{version})", session.accounts.registry.here().provider().title),
    }
}

/// What a person can do first: set an account up, or know which ones there are. A bare key is greeted as by ma-shell.
fn greeting(session: &Session) -> Option<String> {
    let here = session.accounts.here()?;
    let (name, title) = (here.target.profile.as_str(), &session.accounts.registry.here().provider().title);
    let count = session.accounts.registry.sources().count();
    match (here.named, here.is_ready(), count) {
        (false, true, _) => None,
        (false, false, _) => Some(
            "No account yet: `login` sets one up, `marsh --sandbox` has simulated ones, `help` explains what to type."
                .to_owned(),
        ),
        (true, _, 1) => Some(format!("1 account: {name} ({title}). `help` explains what to type, Tab completes it.")),
        (true, ..) => Some(format!(
            "{count} accounts, {name} ({title}) is current: `use NAME` switches, `help` explains what to type."
        )),
    }
}

fn start(global: &Global, lines: &Lines, context: &Context) -> Result<Run, CallError> {
    let sandbox = match global.sandbox {
        true => {
            // A partner's account has everything that an ordinary one has.
            let options = sandbox::Options { partner: true, ..sandbox::Options::default() };
            Some(sandbox::Server::start(options).map_err(CallError::Sandbox)?)
        }
        false => None,
    };
    if global.api_key.as_deref().is_some_and(|text| matches!(KeySource::of_argument(text), KeySource::Argument(_))) {
        tell_once(context);
    }
    let unattended = !matches!(lines, Lines::Typed);
    let manner = if unattended || !context.interactive() { Manner::Batch } else { Manner::Prompt };
    let accounts = match accounts::choose(global, context, sandbox.as_ref(), manner) {
        Err(fault) if lines.want_help() => accounts::for_help(global, context, &fault)?,
        chosen => chosen?,
    };
    let journal = context.paths.as_ref().map(|paths| Arc::new(journal::of_session(paths, sandbox.is_some())));
    let keeps_lines = accounts.layers.switch("history", None).unwrap_or(true);
    let named = global.sandbox || accounts.here.named;
    let mut session = Session::new(Parts {
        account: accounts.here,
        others: accounts.others,
        left_out: accounts.left_out,
        manner,
        settings: Settings { named, ..settings::settings(global, context, &accounts.layers) },
        console: context.console(),
        sources: Box::new(RealSources(context.home.clone())),
        // A sandbox uses a new address each time, so its method list is of no use to the next one.
        paths: context.paths.clone().filter(|_| sandbox.is_none()),
        records: records(journal.clone(), &accounts.layers),
        lines: journal.filter(|_| keeps_lines),
    })?;
    session.accounts.registry.set_groups(accounts.layers.config().groups.clone());
    if sandbox.is_none() && !unattended {
        session.outside = Some(Box::new(Around::of(global, context)));
    }
    for note in accounts.notes {
        session.console.note(&note);
    }
    if !unattended {
        let left_out: Vec<String> = session
            .accounts
            .registry
            .all_left_out()
            .map(|(profile, reason)| format!("note: profile {profile} cannot be used: {reason}"))
            .collect();
        left_out.iter().for_each(|note| session.console.note(note));
    }
    Ok(Run { session: Some(session), sandbox, layers: accounts.layers })
}

/// What is kept of the journal.
fn keep(layers: &Layers) -> Keep {
    let lines = layers.text("history_lines", None).and_then(|text| text.parse().ok());
    let length = layers.text("journal_keep", None).and_then(|text| period::long(&text));
    let length = length.and_then(|length| i64::try_from(length.as_millis()).ok());
    let since = length.map(|length| history::now().saturating_sub(length));
    Keep { lines: Some(lines.unwrap_or(10_000)), lines_since: since, calls_since: since }
}

/// Where calls are recorded.
fn records(journal: Option<Arc<Journal>>, layers: &Layers) -> Records {
    match (layers.switch("journal", None), journal) {
        (Some(false), _) => Records::Off,
        (_, Some(journal)) => Records::In(journal),
        (_, None) => Records::Homeless,
    }
}

/// Tells the user, once, that `ps` shows a key given on the command line.
fn tell_once(context: &Context) {
    let Some(paths) = &context.paths else { return };
    let marker = paths.notice_marker("key-argument");
    let mut console = context.console();
    if !console.err.terminal || marker.exists() {
        return;
    }
    console.note("note: `ps` shows a key given with -k; -k @FILE, -k - or MARSH_KEY keep it out of sight");
    if let Some(folder) = marker.parent() {
        // If this fails, the user is only told again.
        let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::File::create(&marker).map(|_| ()));
    }
}

/// Reports an error from before the session started.
fn fail(error: &dyn Diagnostic, as_json: bool) -> u8 {
    let code = error.class().exit_code();
    if error.class() != Class::ReaderGone {
        let text = match as_json {
            true => render::report_json(error, None, None, code) + "\n",
            false => render::report(error, None, Style::default()),
        };
        let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
    }
    code
}
