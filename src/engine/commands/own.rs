//! `!COMMAND` and `let NAME = !COMMAND`: commands of the user's own shell. No provider is called.

use super::result::Ahead;
use crate::engine::plan::course::Course;
use crate::engine::run::script::Running;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use crate::engine::state::settings::Settings;
use crate::sink::OwnCommand;
use lang::{Line, Own};
use model::{Redactor, Value};

/// What shells with a history of their own mean by what follows the sign.
const RECALLS: [&str; 2] = ["!", "$"];

/// `!COMMAND` before it is done. What it will do is unknown, and so is every file afterwards.
pub(super) fn foresee(course: &mut Course, line: &Line) -> Result<Ahead, CallError> {
    whole(line)?;
    course.runs_command();
    Ok(Ahead::Own)
}

/// The command with what it gets: variables, and the arguments of the script that it is in if it mentions them.
pub(super) fn prepared(
    own: &Own,
    settings: &Settings,
    (memory, redactor): (&Memory, &Redactor),
    scripts: &[Running],
) -> OwnCommand {
    let arguments = scripts.last().map(|script| script.arguments.as_slice()).unwrap_or_default();
    let arguments = if own.holes().is_empty() { &[] } else { arguments };
    let mut command = OwnCommand::new((settings.surroundings.shell)(), &own.text, arguments);
    passed(memory, redactor, settings.surroundings.has, |name, value| command.set(name, value));
    command
}

/// Passes on the variables that are plain values and no secrets. Those that the environment has already keep their
/// value.
fn passed(memory: &Memory, redactor: &Redactor, has: impl Fn(&str) -> bool, mut pass: impl FnMut(&str, &str)) {
    for (name, value) in memory.all().iter() {
        let text = match value {
            Value::List(_) | Value::Map(_) | Value::Bytes(_) | Value::Secret(_) | Value::Null => continue,
            plain => plain.plain(),
        };
        if redactor.find(&text).is_empty() && !has(name) {
            pass(name, &text);
        }
    }
}

/// The command that a line is.
pub(super) fn whole(line: &Line) -> Result<&Own, CallError> {
    let usage = |message: &str, hint: &str| CallError::Usage {
        message: message.into(),
        span: Some(line.span),
        hint: Some(hint.into()),
    };
    let own = line.own_command().ok_or_else(|| usage("`!` needs a command", "write !COMMAND, such as !ls"))?;
    let text = own.text.trim();
    let is_number = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    if RECALLS.contains(&text) || is_number {
        let message = format!("`!{text}` does not recall a line here");
        return Err(usage(
            &message,
            "Up brings the last line back, Ctrl-R searches the earlier ones, `history` lists them",
        ));
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_shells_recall_is_not_run() {
        for (text, runs) in [
            ("!ls", true),
            ("!7z x", true),
            ("!!", false),
            ("!$", false),
            ("!12", false),
            ("!-2", false),
            ("'!'", false),
        ] {
            let line = lang::parse(text).unwrap().remove(0);
            assert_eq!(whole(&line).is_ok(), runs, "{text}");
        }
    }

    #[test]
    fn only_plain_values_that_are_no_secrets_are_passed_on() {
        let (mut memory, mut redactor) = (Memory::default(), Redactor::default());
        redactor.learn_text("canary-1");
        for (name, value) in [
            ("zone", Value::from("a b")),
            ("count", Value::Int(5)),
            ("PATH", Value::from("/tmp")),
            ("key", Value::from("x canary-1")),
            ("list", Value::List(vec![Value::Int(1)])),
            ("none", Value::Null),
        ] {
            memory.set(name, value);
        }
        let mut found = Vec::new();
        passed(&memory, &redactor, |name| name == "PATH", |name, value| found.push(format!("{name}={value}")));
        assert_eq!(found, ["zone=a b", "count=5"]);
    }
}
