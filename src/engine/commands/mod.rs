//! The shell's own commands, declared with the same type as the provider's methods: name, parameters, summary.

mod accounts;
mod acts;
mod fields;
mod finding;
mod help;
mod history;
mod jobs;
mod memory;
mod methods;
mod outside;
mod own;
mod page;
mod pending;
mod reconcile;
mod result;
mod saved;
mod search;
mod settings;
mod source;
mod timeline;
mod topics;
mod values;
mod views;
mod watch;
mod words;

use crate::engine::accounts::lists::Need;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::{self, Options};
use crate::engine::run::arguments;
use crate::engine::run::judge;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::{Foreseen, Locals, Parts, Session};
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use acts::{
    foresee_source, foresee_watch, listed, nothing_called, reconciled, refuse_rehearsal, saved_line, screen, source,
    watched,
};
use help::Desk;
use lang::{Line, OptionId, Own, Raw};
use model::{Effect, Method, Param};
use registry::Commands;
use result::{Ahead, Reply};
pub use topics::Part;

/// The topics of `help`, in addition to commands and methods: names and summaries.
pub fn topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    topics::TOPICS.iter().map(|topic| (topic.name, topic.summary)).chain([("remote", "All methods")])
}

/// The help text of a topic.
pub fn topic(name: &str) -> &'static [Part] {
    topics::find(name).map(|topic| topic.parts).unwrap_or_default()
}

/// What `set` can change: names, what the values are, and values to offer.
pub fn settings() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    settings::all()
}

/// The commands, as `run` sees them.
static LOCALS: Locals = Locals {
    commands: by_name,
    run,
    foresee,
    show: |session, line| {
        let reply = memory::show(&session.memory, line)?;
        answer(session, line, reply)
    },
    foresee_show: |session, course, line| {
        let ahead = memory::foresee_show(&session.memory, course, line)?;
        expect(session, course, line, ahead)
    },
    page: |session, line| {
        let reply = help::of_line(&mut desk(session), line)?;
        answer(session, line, reply)
    },
    foresee_page: |session, course, line| {
        let ahead = help::foresee_of_line(&mut desk(session), line)?;
        expect(session, course, line, ahead)
    },
};

impl Session {
    /// A new session. Nothing has been sent yet.
    pub fn new(parts: Parts) -> Result<Session, CallError> {
        Session::with(parts, &LOCALS)
    }
}

/// A command: its name, what may follow, what it does.
struct Command {
    name: &'static str,
    /// A word that may follow. If it ends in `…`, there may be several.
    argument: Option<(&'static str, &'static str)>,
    summary: &'static str,
    action: fn(&mut Session, &Line) -> Result<Reply, CallError>,
    foresee: fn(&mut Session, &mut Course, &Line) -> Result<Ahead, CallError>,
}

/// What follows a command that runs the lines of a file.
const SCRIPT: Option<(&str, &str)> = Some((
    "file …",
    "A file of lines (`-` is standard input), and the arguments for $1, $2 and $@ in them; all lines are checked first",
));

static COMMANDS: &[Command] = &[
    Command {
        name: "help",
        argument: Some(("topic", "A command, a method, a profile, `remote`, `topics`, or nothing for an overview")),
        summary: "Explain the shell, list the methods (`help remote`), or describe a method",
        action: |session, line| help::run(&mut desk(session), line),
        foresee: |session, _, line| help::foresee(&mut desk(session), line),
    },
    Command {
        name: "?",
        argument: Some(("topic", "As for help")),
        summary: "The same as help",
        action: |session, line| help::run(&mut desk(session), line),
        foresee: |session, _, line| help::foresee(&mut desk(session), line),
    },
    Command {
        name: "search",
        argument: Some((
            "words…",
            "What you want to do, in your own words; `PROFILE:` before the first searches only that one",
        )),
        summary: "Find methods by what they do: names, summaries, parameters, results and synonyms",
        action: |session, line| {
            let Session { accounts, console, manner, .. } = session;
            accounts.bring_lists(*manner, Need::Anything, console)?;
            search::run(&accounts.registry, console, line)
        },
        foresee: |session, _, line| search::foresee(&session.accounts.registry, line),
    },
    Command {
        name: "methods",
        argument: Some(("`changes`", "What was last different in the services' lists")),
        summary: "List every method with its effect and parameters (--changes: what is different)",
        action: |session, line| {
            let Session { accounts, console, manner, .. } = session;
            accounts.bring_lists(*manner, Need::All, console)?;
            methods::run(accounts, line)
        },
        foresee: |_, _, line| methods::foresee(line),
    },
    Command {
        name: Raw::WORD,
        argument: Some((
            "method",
            "The service's own name for it, or a verb and a path: `call GET /path name value …`",
        )),
        summary: "Call a method or an address that is not in the catalogue",
        action: |_, line| Err(nothing_called(line)),
        foresee: |_, _, line| Err(nothing_called(line)),
    },
    Command {
        name: "use",
        argument: Some(("profile", "The profile to use for names without one")),
        summary: "Switch to another profile",
        action: |session, line| accounts::switch(&mut session.accounts.registry, &mut session.console, line),
        foresee: |session, course, line| accounts::foresee_switch(&mut session.accounts.registry, course, line),
    },
    Command {
        name: "profiles",
        argument: None,
        summary: "List the accounts of this session",
        action: |session, _| Ok(accounts::list(&session.accounts)),
        foresee: |_, _, _| Ok(Ahead::Result),
    },
    Command {
        name: "login",
        argument: Some(("provider", "The provider's id; asked for if it is left out")),
        summary: "Set up an account: asks for the key, tests it and saves it",
        action: |session, line| {
            let Session { outside, accounts, console, .. } = session;
            outside::login(outside.as_deref(), accounts, console, line)
        },
        foresee: |session, _, line| outside::foresee_login(&session.console, line),
    },
    Command {
        name: "add",
        argument: Some(("name address …", "A name for the account, and the address of the service")),
        summary: "Add any service: finds out what it speaks, asks for a key if it wants one, and saves it",
        action: |session, line| {
            let Session { outside, accounts, console, .. } = session;
            outside::add(outside.as_deref(), accounts, console, line)
        },
        foresee: |_, _, line| outside::named(line).map(|_| Ahead::Nothing),
    },
    Command {
        name: "doctor",
        argument: Some(("profile", "Check only this account")),
        summary: "Check the configuration, the files and every account",
        action: |session, line| outside::doctor(session.outside.as_deref(), line),
        foresee: |_, _, _| Ok(Ahead::Result),
    },
    Command {
        name: "history",
        argument: Some(("words…", "Words that the lines must contain, in any order")),
        summary: "List earlier lines and what became of them, newest last; with --changes or --failed, calls",
        action: listed,
        foresee: |_, _, _| Ok(Ahead::Result),
    },
    Command {
        name: "refresh",
        argument: Some(("profile", "A profile other than the current one")),
        summary: "Refresh the method list; show added and removed methods (--values: read the lists of ids and names)",
        action: |session, line| accounts::refresh(&mut session.accounts, &mut session.console, line),
        foresee: |session, course, line| accounts::foresee_refresh(&session.accounts.registry, course, line),
    },
    Command {
        name: "jobs",
        argument: None,
        summary: "List the jobs that calls of this session started, and the unfinished jobs of other sessions",
        action: |session, _| {
            let Session { jobs, accounts, console, .. } = session;
            Ok(jobs::list(jobs, accounts, console))
        },
        foresee: |_, _, _| Ok(Ahead::Result),
    },
    Command {
        name: "wait",
        argument: Some(("id", "Number or id of a job; by default the latest one that is still running")),
        summary: "Wait until a job has ended, and show the outcome (--wait=10m sets a limit)",
        action: |session, line| jobs::wait(&session.jobs, &session.accounts, line),
        foresee: |session, course, line| jobs::foresee_wait(&session.jobs, &session.accounts, course, line),
    },
    Command {
        name: "pending",
        argument: None,
        summary: "List calls whose outcome is unknown and jobs that may still run, of earlier sessions too",
        action: |session, line| {
            let Session { accounts, console, .. } = session;
            let width = screen(console, line);
            pending::run(&accounts.ledger, &accounts.redactor, console, width)
        },
        foresee: |_, _, _| Ok(Ahead::Result),
    },
    Command {
        name: "reconcile",
        argument: Some((
            "number …",
            "Number of a call that `pending` lists; after it, if you know: happened, did-not or cannot-tell",
        )),
        summary: "Ask the provider what became of a call whose outcome is unknown (--all: of every such call)",
        action: reconciled,
        foresee: |_, _, line| reconcile::foresee(line).map(|()| Ahead::Result),
    },
    Command {
        name: "let",
        argument: Some(("name = value …", "A name, `=` and its value; without them, list all names")),
        summary: "Give a value a name: `let zone = $_.id`, then `$zone` in any line; `let day = !date` runs a command",
        action: acts::named,
        foresee: |session, course, line| {
            let Session { memory, sources, accounts, .. } = session;
            memory::foresee_set(memory, &mut **sources, &mut accounts.redactor, (course, line))
        },
    },
    Command {
        name: "last",
        argument: None,
        summary: "Show the last result again, in another format or into a file, without another call",
        action: |session, line| memory::last(&session.memory, line),
        foresee: |session, _, line| memory::foresee_last(&session.memory, line),
    },
    Command {
        name: "set",
        argument: Some((
            "name value …",
            "A setting and its value; `default` restores the value from the session's start",
        )),
        summary: "Change a setting for this session, or list them: output, confirm, timeout",
        action: |session, line| settings::run(&mut session.accounts, line),
        foresee: |session, _, line| settings::foresee(&mut session.accounts.overrides, line),
    },
    Command {
        name: "source",
        argument: SCRIPT,
        summary: "Run the lines of a file until one fails, or all of them with --keep-going",
        action: source,
        foresee: foresee_source,
    },
    Command { name: "run", argument: SCRIPT, summary: "The same as source", action: source, foresee: foresee_source },
    Command {
        name: "watch",
        argument: Some(("interval method …", "The pause between two rounds, such as 5s, and a line that reads")),
        summary: "Repeat a read and mark what changed, until Ctrl-C (--times N: so many rounds)",
        action: watched,
        foresee: foresee_watch,
    },
    Command {
        name: views::VIEW,
        argument: Some((
            "view …",
            "A view, such as servers, with `PROFILE:` in front if need be; then how far it looks: 60d, since 2026-01",
        )),
        summary: "Show a view, which asks every provider the same; without a name, list the views",
        action: |session, line| Ok(views::run(&session.accounts, &mut session.console, line)),
        foresee: |_, _, line| Ok(views::foresee(line)),
    },
    Command {
        name: arguments::SAVE,
        argument: Some((
            "name line …",
            "A name and a line; without a line, show it; without both, list the saved lines",
        )),
        summary: "Save a line under a name, which then runs it: `save zones dns.zone_list -o table`, then `zones`",
        action: |session, line| {
            let asked = saved::asked(session.privacy(), line)?;
            saved::save(&mut session.accounts, &mut session.console, asked)
        },
        foresee: |session, _, line| {
            Ok(match saved::asked(session.privacy(), line)? {
                saved::Asked::Save { .. } => Ahead::Nothing,
                _ => Ahead::Result,
            })
        },
    },
    Command {
        name: "forget",
        argument: Some(("saved", "The name of a saved line")),
        summary: "Remove a saved line",
        action: |session, line| saved::forget(&mut session.accounts, &mut session.console, line),
        foresee: |_, _, line| saved::forgotten(line).map(|_| Ahead::Nothing),
    },
    Command {
        name: Own::HEAD,
        argument: Some(("command …", "The rest of the line, for your own shell")),
        summary: "Run a command of your own shell: `!ls -l`; the variables of marsh are in its environment",
        action: acts::own,
        foresee: |_, course, line| own::foresee(course, line),
    },
    Command {
        name: "quit",
        argument: None,
        summary: "Leave",
        action: |_, _| Ok(Reply::Next(Outcome::Quit)),
        foresee: |_, _, _| Ok(Ahead::Nothing),
    },
    Command {
        name: "exit",
        argument: None,
        summary: "Leave",
        action: |_, _| Ok(Reply::Next(Outcome::Quit)),
        foresee: |_, _, _| Ok(Ahead::Nothing),
    },
];

/// The commands as methods.
pub fn methods() -> Vec<Method> {
    COMMANDS.iter().map(as_method).collect()
}

/// The commands for the registry: methods once they are asked for.
fn by_name() -> Commands {
    let make = |name: &str| COMMANDS.iter().find(|command| command.name == name).map(as_method).unwrap_or_default();
    Commands::of(COMMANDS.iter().map(|command| (command.name, command.summary)), make)
}

fn as_method(command: &Command) -> Method {
    Method {
        name: command.name.into(),
        summary: command.summary.into(),
        // The effect of the lines in a file is not known in advance.
        effect: if arguments::RUNNERS.contains(&command.name) { Effect::Change } else { Effect::Read },
        params: command.argument.map(|(name, summary)| parameter(name, summary)).into_iter().collect(),
        ..Method::default()
    }
}

/// An argument; a name between backticks is the word itself.
fn parameter(name: &str, summary: &str) -> Param {
    let word = name.trim_matches('`');
    let choices = if word == name { Vec::new() } else { vec![word.into()] };
    Param { name: word.into(), summary: summary.into(), choices, ..Param::default() }
}

/// Runs a command.
fn run(session: &mut Session, method: &Method, line: &Line) -> Result<Outcome, CallError> {
    let command = match found(method) {
        Some(command) => command,
        None if views::is_view(method) => {
            let reply = acts::view(&mut desk(session), line)?;
            return answer(session, line, reply);
        }
        None => return Ok(saved_line(session, method, line, None)?.unwrap_or(Outcome::Done)),
    };
    refuse_foreign(command, line)?;
    let reply = if line.has(OptionId::Help) {
        help::method(&mut desk(session), None, &line.head)?
    } else {
        suits(command, line)?;
        session.planning().presentation(&Options::of(line)?)?;
        (command.action)(session, line)?
    };
    answer(session, line, reply)
}

/// Writes the result of a command to the destination that the line names.
fn answer(session: &mut Session, line: &Line, reply: Reply) -> Result<Outcome, CallError> {
    let reply = match reply {
        Reply::Done => return Ok(Outcome::Done),
        Reply::Next(outcome) => return Ok(outcome),
        reply => reply,
    };
    let options = Options::of(line)?;
    let presentation = session.planning().presentation(&options)?;
    let private = matches!(reply, Reply::Last) && session.memory.kept().is_some_and(|kept| kept.is_secret());
    let output = session.output(presentation, options.wish.redirect.as_ref(), private)?;
    reply.put(&mut session.delivery(), output, &options).map(|()| Outcome::Done)
}

/// Judges a command that has not run yet, and returns its effect at a provider.
fn foresee(session: &mut Session, course: &mut Course, method: &Method, line: &Line) -> Foreseen {
    let Some(command) = found(method) else {
        if views::is_view(method) {
            return expect(session, course, line, acts::foresee_view(line));
        }
        let next = saved_line(session, method, line, Some(course))?;
        return expect(session, course, line, next.map_or(Ahead::Unread, Ahead::Next));
    };
    refuse_foreign(command, line)?;
    let ahead = if line.has(OptionId::Help) {
        Ahead::Result
    } else {
        suits(command, line)?;
        session.planning().presentation(&Options::of(line)?)?;
        (command.foresee)(session, course, line)?
    };
    expect(session, course, line, ahead)
}

/// Judges the result of a command that has not run yet, with the destination that the line names.
fn expect(session: &mut Session, course: &mut Course, line: &Line, ahead: Ahead) -> Foreseen {
    if matches!(ahead, Ahead::Result | Ahead::Answer) {
        session.planning().foresee_result(course, &Options::of(line)?)?;
    }
    match ahead {
        Ahead::Nothing | Ahead::Result => Ok(None),
        Ahead::Answer => {
            session.memory.expect_last(Next::Open);
            Ok(Some(Effect::Read))
        }
        // Nobody knows what it changes, here or elsewhere.
        Ahead::Own => Ok(Some(Effect::Change)),
        Ahead::Unread => {
            course.lost = true;
            Ok(Some(Effect::Change))
        }
        Ahead::Next(outcome) => judge::outcome(session, course, &outcome),
    }
}

/// The parts of the session that help needs.
fn desk(session: &mut Session) -> Desk<'_> {
    Desk { accounts: &mut session.accounts, console: &mut session.console, manner: session.manner }
}

/// The command of that name; `None` for a line that is saved, and for a view.
fn found(method: &Method) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == method.name && method.example.is_none() && !views::is_view(method))
}

/// Whether the options of a line belong to the line that is to be saved.
fn saves(command: &Command, line: &Line) -> bool {
    command.name == arguments::SAVE && line.items.len() > 1
}

/// Refuses an option of another command, and a call for each member of what a command shows.
fn refuse_foreign(command: &Command, line: &Line) -> Result<(), CallError> {
    if let Some(each) = line.each.as_ref().filter(|_| !saves(command, line)) {
        return Err(CallError::Usage {
            message: format!("`each` needs a read before it, and `{}` is a command", command.name),
            span: Some(each.span),
            hint: Some("write METHOD … | each …, or $_ | each … for the last result".into()),
        });
    }
    match saves(command, line) {
        true => Ok(()),
        false => options::refuse_foreign(line, Some(command.name)),
    }
}

/// Refuses options and words that this command does not take.
fn suits(command: &Command, line: &Line) -> Result<(), CallError> {
    let shows_view = command.name == views::VIEW && !line.items.is_empty();
    if !arguments::RUNNERS.contains(&command.name) && !saves(command, line) && !shows_view {
        refuse_rehearsal(line)?;
    }
    let most = command.argument.map_or(0, |(name, _)| if name.ends_with('…') { usize::MAX } else { 1 });
    if let Some(extra) = line.items.get(most) {
        return Err(CallError::usage(format!("`{}` takes no more words", command.name), Some(extra.word.span)));
    }
    Ok(())
}
