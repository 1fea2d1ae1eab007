//! The edge of the process: arguments and environment come in, everything is built once, an exit code goes out.

mod accounts;
mod args;
mod batch;
mod context;
mod serve;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::config::{KeySource, Paths};
use crate::engine::session::Parts;
use crate::engine::{CallError, Manner, Session, Settings};
use crate::model::{Class, Diagnostic};
use crate::render::{self, Format, Style};
use crate::sandbox;
use crate::shell;
use args::{Cli, Command, Global, SandboxAction};
use context::{Context, RealSources};

/// Runs the program and returns its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Sandbox { action: SandboxAction::Serve(serve) }) = &cli.command {
        return match serve::run(serve) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&CallError::Output(error), false),
        };
    }
    let context = Context::read();
    let code = match start(&cli, &context) {
        // What was printed before it failed has been reported by the session itself.
        Ok(mut run) => run.go(cli.command, &context).map_or_else(|error| error.class().exit_code(), |()| 0),
        Err(error) => return fail(&error, cli.global.output == Some(Format::Json)),
    };
    ExitCode::from(code)
}

/// A session, and the simulated provider that may have to outlive it.
struct Run {
    session: Option<Session>,
    sandbox: Option<sandbox::Server>,
}

impl Run {
    fn go(&mut self, command: Option<Command>, context: &Context) -> Result<(), CallError> {
        let Some(mut session) = self.session.take() else { return Ok(()) };
        match command {
            Some(Command::Words(words)) => batch::one_shot(&mut session, &words),
            _ if !context.stdin_terminal => batch::script(&mut session),
            _ => {
                let setup = self.setup(&session, context);
                shell::run(session, setup)
            }
        }
    }

    fn setup(&self, session: &Session, context: &Context) -> shell::Setup {
        let notes = self.sandbox.iter().map(|sandbox| {
            let names: Vec<&str> = sandbox.accounts().iter().map(|account| account.provider).collect();
            format!("Simulated accounts ({}); nothing here is real. `help` tells what to type.", names.join(", "))
        });
        shell::Setup {
            history: context.paths.as_ref().map(Paths::history),
            colour: context.colour(),
            vi: false,
            pager: context.pager(),
            editor: context.editor.clone(),
            size: context.size(),
            banner: banner(session),
            notes: notes.collect(),
        }
    }
}

/// ma-shell's banner for a bare key; a named account stands in the prompt, so that the program may name itself.
fn banner(session: &Session) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match session.here() {
        Some(account) if account.named => format!("(marsh v{version})"),
        _ => format!("({} API shell v{version})", session.registry.here().provider().title),
    }
}

fn start(cli: &Cli, context: &Context) -> Result<Run, CallError> {
    let global = &cli.global;
    let sandbox = match global.sandbox {
        true => Some(sandbox::Server::start(sandbox::Options::default()).map_err(CallError::Output)?),
        false => None,
    };
    if global.api_key.as_deref().is_some_and(|text| matches!(KeySource::of_argument(text), KeySource::Argument(_))) {
        tell_once(context);
    }
    let accounts = accounts::choose(global, context, sandbox.as_ref())?;
    let one_shot = matches!(cli.command, Some(Command::Words(_)));
    let manner = if one_shot || !context.interactive() { Manner::Batch } else { Manner::Prompt };
    let mut session = Session::new(Parts {
        account: accounts.here,
        others: accounts.others,
        manner,
        settings: settings(global, context),
        console: context.console(),
        sources: Box::new(RealSources),
        // A sandbox listens elsewhere each time: its method list is of no use to the next.
        paths: context.paths.clone().filter(|_| sandbox.is_none()),
    })?;
    for note in accounts.notes {
        session.console.note(&note);
    }
    Ok(Run { session: Some(session), sandbox })
}

/// Tells a person, once, that `ps` shows a key given on the command line.
fn tell_once(context: &Context) {
    let Some(paths) = &context.paths else { return };
    let marker = paths.told("key-argument");
    let mut console = context.console();
    if !console.err.terminal || marker.exists() {
        return;
    }
    console.note("note: `ps` shows a key given with -k; -k @FILE, -k - or MARSH_KEY keep it out of sight");
    if let Some(folder) = marker.parent() {
        // Only means that it is told again.
        let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::File::create(&marker).map(|_| ()));
    }
}

fn settings(global: &Global, context: &Context) -> Settings {
    Settings {
        format: if global.xml { Some(Format::Xml) } else { global.output },
        errors_as_json: global.output == Some(Format::Json),
        timeout: global.timeout.map(Duration::from_secs_f64),
        confirm: None,
        yes: false,
        plain_http: global.plain_http.clone(),
        search_path: context.search_path.clone(),
    }
}

/// Reports an error from before there was a session.
fn fail(error: &dyn Diagnostic, as_json: bool) -> ExitCode {
    let code = error.class().exit_code();
    if error.class() != Class::ReaderGone {
        let text = match as_json {
            true => render::report_json(error, None, None, code) + "\n",
            false => render::report(error, None, Style::default()),
        };
        let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
    }
    ExitCode::from(code)
}
