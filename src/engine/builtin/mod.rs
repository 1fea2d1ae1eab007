//! The shell's own commands, declared with the same type as the provider's methods: name, parameters, summary.

mod accounts;
pub mod help;
mod history;
mod methods;

use super::error::CallError;
use super::output::Output;
use super::session::{Flow, Session};
use crate::lang::Line;
use crate::model::{Effect, Method, Param, Value};

/// What a command does.
type Action = fn(&mut Session, &Line) -> Result<Flow, CallError>;

/// A command: its name, what may follow, what it does.
struct Command {
    name: &'static str,
    argument: Option<(&'static str, &'static str)>,
    summary: &'static str,
    action: Action,
}

/// The name of an argument that any number of words may be given for.
const WORDS: &str = "words";

static COMMANDS: &[Command] = &[
    Command {
        name: "help",
        argument: Some(("topic", "A command, a method, `remote`, or nothing for an overview")),
        summary: "Explain the shell, list the methods (`help remote`), or describe one",
        action: help::run,
    },
    Command { name: "?", argument: Some(("topic", "As for help")), summary: "The same as help", action: help::run },
    Command {
        name: "methods",
        argument: None,
        summary: "Every method with its effect and parameters, as a result that can be stored",
        action: methods::run,
    },
    Command {
        name: "use",
        argument: Some(("profile", "The profile that names without one are to belong to")),
        summary: "Make another profile the current one",
        action: accounts::switch,
    },
    Command {
        name: "profiles",
        argument: None,
        summary: "The accounts of this session, as a result that can be stored",
        action: accounts::list,
    },
    Command {
        name: "history",
        argument: Some(("words", "What the lines have in them, in any order")),
        summary: "List the lines that were typed, the newest last",
        action: history::run,
    },
    Command {
        name: "refresh",
        argument: Some(("profile", "Another profile than the current one")),
        summary: "Fetch the method list from the service now, and tell what came and went",
        action: accounts::refresh,
    },
    Command { name: "quit", argument: None, summary: "Leave", action: quit },
    Command { name: "exit", argument: None, summary: "Leave", action: quit },
];

/// The commands as methods, for the registry.
pub fn methods() -> Vec<Method> {
    COMMANDS
        .iter()
        .map(|command| Method {
            name: command.name.into(),
            summary: command.summary.into(),
            effect: Effect::Read,
            params: command.argument.map(|(name, summary)| parameter(name, summary)).into_iter().collect(),
            ..Method::default()
        })
        .collect()
}

fn parameter(name: &str, summary: &str) -> Param {
    Param { name: name.into(), summary: summary.into(), ..Param::default() }
}

/// Runs a command.
pub(super) fn run(session: &mut Session, method: &Method, line: &Line) -> Result<Flow, CallError> {
    let Some(command) = COMMANDS.iter().find(|command| command.name == method.name) else {
        return Err(CallError::usage(format!("unknown command `{}`", method.name), Some(line.head.span)));
    };
    if line.has_option("help") {
        return help::method(session, line, None, &line.head).map(|()| Flow::Continue);
    }
    let most = match command.argument {
        None => 0,
        Some((WORDS, _)) => usize::MAX,
        Some(_) => 1,
    };
    if let Some(extra) = line.items.get(most) {
        return Err(CallError::usage(format!("`{}` takes no more words", command.name), Some(extra.word.span)));
    }
    (command.action)(session, line)
}

fn quit(_: &mut Session, _: &Line) -> Result<Flow, CallError> {
    Ok(Flow::Quit)
}

/// Shows or stores a text that is a command's result. Text goes out as it is unless a format is asked for.
fn put_text(session: &mut Session, line: &Line, text: &str) -> Result<(), CallError> {
    put_text_or(session, line, text, &Value::from(text))
}

/// Shows or stores a command's result: as text unless a format is asked for, and then as data.
fn put_text_or(session: &mut Session, line: &Line, text: &str, data: &Value) -> Result<(), CallError> {
    let here = session.registry.here().profile();
    let mut output = Output::open(session, here, line, false)?;
    if super::output::asked_format(line)?.is_some() {
        return output.write(&mut session.console, data, data);
    }
    output.format = crate::render::Format::Raw;
    let value = Value::from(text);
    output.write(&mut session.console, &value, &value)
}

/// Shows or stores a value that is a command's result.
fn put_value(session: &mut Session, line: &Line, value: &Value) -> Result<(), CallError> {
    let here = session.registry.here().profile();
    Output::open(session, here, line, false)?.write(&mut session.console, value, value)
}
