//! The shell's own commands, declared with the same type as the provider's methods: name, parameters, summary.

mod accounts;
pub(crate) mod help;
mod history;
mod jobs;
pub(crate) mod memory;
mod methods;
pub(crate) mod page;
mod result;
mod search;
mod settings;
mod source;
mod topics;

use crate::engine::plan::course::Course;
use crate::engine::plan::options;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::{Action, Foresight, Locals, Parts, Session};
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, Raw};
use model::{Effect, Method, Param};
pub use topics::Part;

/// What `help` explains beside commands and methods: names and summaries.
pub fn topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    topics::TOPICS.iter().map(|topic| (topic.name, topic.summary)).chain([("remote", "All methods")])
}

/// What help says of a topic.
pub fn topic(name: &str) -> &'static [Part] {
    topics::find(name).map(|topic| topic.parts).unwrap_or_default()
}

/// The commands, as the lines that call them see them.
static LOCALS: Locals = Locals {
    methods,
    run,
    foresee,
    show: memory::show,
    foresee_show: memory::foresee_show,
    page: help::of_line,
    foresee_page: help::foresee_of_line,
};

impl Session {
    /// A session that has not asked anything of anybody yet.
    pub fn new(parts: Parts) -> Result<Session, CallError> {
        Session::with(parts, &LOCALS)
    }
}

/// A command: its name, what may follow, what it does.
struct Command {
    name: &'static str,
    /// A word that may follow; of one that ends in `…` there may be several.
    argument: Option<(&'static str, &'static str)>,
    summary: &'static str,
    action: Action,
    foresee: Foresight,
}

static COMMANDS: &[Command] = &[
    Command {
        name: "help",
        argument: Some(("topic", "A command, a method, a profile, `remote`, `topics`, or nothing for an overview")),
        summary: "Explain the shell, list the methods (`help remote`), or describe a method",
        action: help::run,
        foresee: help::foresee,
    },
    Command {
        name: "?",
        argument: Some(("topic", "As for help")),
        summary: "The same as help",
        action: help::run,
        foresee: help::foresee,
    },
    Command {
        name: "search",
        argument: Some(("words…", "Methods must match all words; `PROFILE:` before the first searches only that one")),
        summary: "Find methods by words in their name, summary and parameters",
        action: search::run,
        foresee: search::foresee,
    },
    Command {
        name: "methods",
        argument: Some(("`changes`", "The methods that were last added to or removed from the services' lists")),
        summary: "List every method with its effect and parameters (--changes: those added or removed)",
        action: methods::run,
        foresee: methods::foresee,
    },
    Command {
        name: Raw::WORD,
        argument: Some((
            "method",
            "The service's own name for it, or a verb and a path: `call GET /path name value …`",
        )),
        summary: "Call a method or an address that is not in the catalogue",
        action: call,
        foresee: foresee_call,
    },
    Command {
        name: "use",
        argument: Some(("profile", "The profile to use for names without one")),
        summary: "Switch to another profile",
        action: accounts::switch,
        foresee: accounts::foresee_switch,
    },
    Command {
        name: "profiles",
        argument: None,
        summary: "List the accounts of this session",
        action: accounts::list,
        foresee: result::foresee,
    },
    Command {
        name: "history",
        argument: Some(("words…", "Words that the lines must contain, in any order")),
        summary: "List earlier lines, newest last",
        action: history::run,
        foresee: result::foresee,
    },
    Command {
        name: "refresh",
        argument: Some(("profile", "A profile other than the current one")),
        summary: "Refresh the method list; show added and removed methods",
        action: accounts::refresh,
        foresee: accounts::foresee_refresh,
    },
    Command {
        name: "jobs",
        argument: None,
        summary: "List the jobs that calls of this session started, with their last known state",
        action: jobs::list,
        foresee: result::foresee,
    },
    Command {
        name: "wait",
        argument: Some(("id", "Number or id of a job; by default the latest one that is still running")),
        summary: "Wait until a job has ended, and show the outcome (--wait=10m sets a limit)",
        action: jobs::wait,
        foresee: jobs::foresee_wait,
    },
    Command {
        name: "let",
        argument: Some(("name = value …", "A name, `=` and its value; without them, list all names")),
        summary: "Give a value a name: `let zone = $_.id`, then `$zone` in any line",
        action: memory::set,
        foresee: memory::foresee_set,
    },
    Command {
        name: "last",
        argument: None,
        summary: "Show the last result again, in another format or into a file, without another call",
        action: memory::last,
        foresee: memory::foresee_last,
    },
    Command {
        name: "set",
        argument: Some((
            "name value …",
            "A setting and its value; `default` restores the value from the session's start",
        )),
        summary: "Change a setting for this session, or list them: output, confirm, timeout",
        action: settings::run,
        foresee: settings::foresee,
    },
    Command {
        name: "source",
        argument: Some(("file", "A file of lines; all are checked before the first call; `-` is standard input")),
        summary: "Run the lines of a file until one fails, or all of them with --keep-going",
        action: source::run,
        foresee: source::foresee,
    },
    Command { name: "quit", argument: None, summary: "Leave", action: quit, foresee: foresee_nothing },
    Command { name: "exit", argument: None, summary: "Leave", action: quit, foresee: foresee_nothing },
];

/// The commands as methods, for the registry.
pub fn methods() -> Vec<Method> {
    COMMANDS
        .iter()
        .map(|command| Method {
            name: command.name.into(),
            summary: command.summary.into(),
            // What the lines of a file do is not known beforehand.
            effect: if command.name == "source" { Effect::Change } else { Effect::Read },
            params: command.argument.map(|(name, summary)| parameter(name, summary)).into_iter().collect(),
            ..Method::default()
        })
        .collect()
}

/// An argument; a name between backticks is the word itself.
fn parameter(name: &str, summary: &str) -> Param {
    let word = name.trim_matches('`');
    let choices = if word == name { Vec::new() } else { vec![word.into()] };
    Param { name: word.into(), summary: summary.into(), choices, ..Param::default() }
}

/// Runs a command.
fn run(session: &mut Session, method: &Method, line: &Line) -> Result<Outcome, CallError> {
    let command = found(method, line)?;
    options::refuse_foreign(line, Some(command.name))?;
    if line.has(OptionId::Help) {
        return help::method(session, line, None, &line.head).map(|()| Outcome::Done);
    }
    suits(command, line)?;
    (command.action)(session, line)
}

/// Judges a command that has not run yet, and says what it would do at a provider.
fn foresee(
    session: &mut Session,
    course: &mut Course,
    method: &Method,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    let command = found(method, line)?;
    options::refuse_foreign(line, Some(command.name))?;
    if line.has(OptionId::Help) {
        return result::foresee(session, course, line);
    }
    suits(command, line)?;
    (command.foresee)(session, course, line)
}

fn found(method: &Method, line: &Line) -> Result<&'static Command, CallError> {
    let unknown = || CallError::usage(format!("unknown command `{}`", method.name), Some(line.head.span));
    COMMANDS.iter().find(|command| command.name == method.name).ok_or_else(unknown)
}

/// Refuses what no command takes, or not this one.
fn suits(command: &Command, line: &Line) -> Result<(), CallError> {
    if command.name != "source" {
        refuse_rehearsal(line)?;
    }
    let most = command.argument.map_or(0, |(name, _)| if name.ends_with('…') { usize::MAX } else { 1 });
    if let Some(extra) = line.items.get(most) {
        return Err(CallError::usage(format!("`{}` takes no more words", command.name), Some(extra.word.span)));
    }
    Ok(())
}

/// A `call` that names nothing to call is wrong before it runs as well.
fn foresee_call(session: &mut Session, _: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    call(session, line).map(|_| None)
}

/// There is nothing that could be wrong.
fn foresee_nothing(_: &mut Session, _: &mut Course, _: &Line) -> Result<Option<Effect>, CallError> {
    Ok(None)
}

/// Refuses what is said to calls alone and would be broken in silence: a command does what it does.
fn refuse_rehearsal(line: &Line) -> Result<(), CallError> {
    match line.options.iter().find(|given| [OptionId::DryRun, OptionId::As].contains(&given.option.id)) {
        None => Ok(()),
        Some(given) => Err(CallError::Usage {
            message: format!("--{} is for calls, but `{}` is a command of marsh", given.option.long, line.head.text()),
            span: Some(given.span),
            hint: Some("leave it out".into()),
        }),
    }
}

/// `call` without anything that could be called.
fn call(_: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    Err(CallError::Usage {
        message: "`call` needs a method or an address".into(),
        span: Some(line.span),
        hint: Some("`call NAME name value …`, or `call VERB /path name value …` where methods have addresses".into()),
    })
}

fn quit(_: &mut Session, _: &Line) -> Result<Outcome, CallError> {
    Ok(Outcome::Quit)
}
