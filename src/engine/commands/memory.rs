//! `let` and `last`: what the session remembers, set and shown.

use super::result::{Ahead, Reply};
use crate::bind::{self, BindError, Faults, Sources};
use crate::engine::accounts::secrets;
use crate::engine::deliver::mask;
use crate::engine::plan::course::Course;
use crate::engine::plan::sources::Known;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::{Memory, Next};
use lang::{Item, Line, Own, Variable};
use model::{Redactor, Value};

const USAGE: &str = "write let NAME = VALUE, such as let zone = $_.id or let days = (list:int)1,2";

/// `let NAME = VALUE`, or `let` to list the variables.
pub(super) fn set(
    memory: &mut Memory,
    sources: &mut dyn Sources,
    redactor: &mut Redactor,
    (line, written): (&Line, Option<Value>),
) -> Result<Reply, CallError> {
    if line.items.is_empty() {
        return Ok(Reply::Data(Value::Map(memory.all().clone())));
    }
    let (name, given) = parts(line)?;
    let word = name.word.text();
    let found = match given {
        Given::Item(item) => bind::value(&name.word, item, &mut Known::of(sources, memory, None)),
        Given::Own(_) => Ok(written.unwrap_or_default()),
    };
    // If the new value is not available, the name must not keep its old one.
    memory.unset(&word);
    let value = sealed(&word, found?, redactor);
    memory.set(&word, value);
    Ok(Reply::Done)
}

/// The command whose output is to be the value, if it is one. Until it has run, the name has no value.
pub(super) fn own<'l>(memory: &mut Memory, line: &'l Line) -> Result<Option<&'l Own>, CallError> {
    if line.items.is_empty() {
        return Ok(None);
    }
    Ok(match parts(line)? {
        (name, Given::Own(own)) => {
            memory.unset(&name.word.text());
            Some(own)
        }
        (_, Given::Item(_)) => None,
    })
}

/// The same for a line that has not run yet: the lines after it are judged with the name set, to its value if the line
/// has it.
pub(super) fn foresee_set(
    memory: &mut Memory,
    sources: &mut dyn Sources,
    redactor: &mut Redactor,
    (course, line): (&mut Course, &Line),
) -> Result<Ahead, CallError> {
    if line.items.is_empty() {
        return Ok(Ahead::Result);
    }
    let (name, given) = parts(line)?;
    let word = name.word.text();
    let item = match given {
        Given::Item(item) => item,
        Given::Own(_) => {
            course.runs_command();
            memory.expect(&word, None);
            return Ok(Ahead::Own);
        }
    };
    let mut known = Known::of(sources, memory, Some(course));
    let found = bind::value(&name.word, item, &mut known);
    let open = known.found_open();
    // An invalid line is reported once, not again for each line that uses its name.
    let value = found.as_ref().ok().filter(|_| !open).cloned();
    memory.expect(&word, value.map(|value| sealed(&word, value, redactor)));
    found.map(|_| Ahead::Nothing).map_err(CallError::from)
}

/// A value as it is stored under a name, which may show that it is a secret.
fn sealed(name: &str, value: Value, redactor: &mut Redactor) -> Value {
    let value = if secrets::sounds_secret(name) { bind::seal(value) } else { value };
    mask::learn(&value, redactor);
    value
}

/// The value of a variable that is the whole line.
pub(super) fn show(memory: &Memory, line: &Line) -> Result<Reply, CallError> {
    held(memory, &alone(line)?).map(Reply::Data)
}

/// The same for a line that has not run yet.
pub(super) fn foresee_show(memory: &Memory, course: &Course, line: &Line) -> Result<Ahead, CallError> {
    let variable = alone(line)?;
    if !memory.is_open(&variable) && !course.unread {
        held(memory, &variable)?;
    }
    Ok(Ahead::Result)
}

fn held(memory: &Memory, variable: &Variable) -> Result<Value, CallError> {
    let absent = |absent| Faults::from(BindError::Variable { absent, span: variable.span });
    Ok(memory.look_up(variable).map_err(absent)?)
}

/// The variable that is the whole line.
fn alone(line: &Line) -> Result<Variable, CallError> {
    let none = || CallError::usage("this is no variable", Some(line.head.span));
    let variable = Variable::of(&line.head).ok_or_else(none)??;
    let Some(extra) = line.items.first() else { return Ok(variable) };
    let message = format!("`{}` is a value; a method comes first", variable.text);
    Err(CallError::usage(message, Some(extra.word.span)))
}

/// Where the value of a variable comes from.
enum Given<'l> {
    /// A value in the line.
    Item(&'l Item),
    /// A command of the user's own shell.
    Own(&'l Own),
}

/// The name and the value of `NAME = VALUE`.
fn parts(line: &Line) -> Result<(&Item, Given<'_>), CallError> {
    let refused = |message: &str, item: Option<&Item>| CallError::Usage {
        message: message.to_owned(),
        span: Some(item.map_or(line.head.span, |item| item.word.span)),
        hint: Some(USAGE.into()),
    };
    let mut items = line.items.iter();
    let name = items.next();
    let Some(name) = name.filter(|name| name.tag.is_none() && Variable::is_name(&name.word.text())) else {
        return Err(refused("this is not a valid name for a variable", name));
    };
    if name.word.text() == Variable::LAST {
        return Err(refused("`_` is the last result and cannot be set", Some(name)));
    }
    match (items.next(), items.next().map(Given::Item).or(line.own.as_ref().map(Given::Own)), items.next()) {
        (Some(equals), Some(value), None) if equals.tag.is_none() && equals.word.text() == "=" => Ok((name, value)),
        (Some(equals), _, extra) if equals.word.text() == "=" => Err(refused("`let` takes one value", extra)),
        (other, ..) => Err(refused("a `=` is missing after the name", other)),
    }
}

/// `last`
pub(super) fn last(memory: &Memory, line: &Line) -> Result<Reply, CallError> {
    match memory.kept() {
        Some(_) => Ok(Reply::Last),
        None => Err(CallError::usage(memory.nothing_kept(), Some(line.head.span))),
    }
}

/// The same for a line that has not run yet.
pub(super) fn foresee_last(memory: &Memory, line: &Line) -> Result<Ahead, CallError> {
    match memory.next() {
        Next::Open => Ok(Ahead::Result),
        Next::Same if memory.kept().is_some() => Ok(Ahead::Result),
        Next::Same | Next::Gone(_) => Err(CallError::usage(memory.nothing_kept(), Some(line.head.span))),
    }
}
