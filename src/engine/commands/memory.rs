//! `let` and `last`: what the session remembers, set and shown.

use crate::bind::{self, BindError, Faults};
use crate::engine::accounts::secrets;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::plan::sources::Known;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use lang::{Item, Line, Variable};
use model::{Effect, Value};

const USAGE: &str = "write let NAME = VALUE, such as let zone = $_.id or let days = (list:int)1,2";

/// `let NAME = VALUE`, or `let` for what is set.
pub(super) fn set(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    if line.items.is_empty() {
        let all = Value::Map(session.memory.all().clone());
        super::result::put_value(session, line, &all)?;
        return Ok(Outcome::Done);
    }
    let (name, item) = parts(line)?;
    let word = name.word.text();
    let Session { sources, memory, .. } = &mut *session;
    let found = bind::value(&name.word, item, &mut Known::of(&mut **sources, memory, None));
    // A name whose new value cannot be had must not go on with its old one.
    memory.unset(&word);
    let value = found?;
    let value = if secrets::sounds_secret(&word) { bind::seal(value) } else { value };
    crate::engine::deliver::mask::learn(&value, &mut session.accounts.redactor);
    session.memory.set(&word, value);
    Ok(Outcome::Done)
}

/// The same before it is done: what follows is judged with the name set, to its value where the line has that.
pub(super) fn foresee_set(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    if line.items.is_empty() {
        return super::result::foresee(session, course, line);
    }
    let (name, item) = parts(line)?;
    let word = name.word.text();
    let Session { sources, memory, .. } = &mut *session;
    let mut known = Known::of(&mut **sources, memory, Some(course));
    let found = bind::value(&name.word, item, &mut known);
    let open = known.found_open();
    // A line that is wrong is told once, and not by those that use what it was to set.
    let value = found.as_ref().ok().filter(|_| !open).cloned();
    let value = value.map(|value| if secrets::sounds_secret(&word) { bind::seal(value) } else { value });
    if let Some(value) = &value {
        crate::engine::deliver::mask::learn(value, &mut session.accounts.redactor);
    }
    session.memory.expect(&word, value);
    found?;
    Ok(None)
}

/// A line that is nothing but a variable: what it holds.
pub(super) fn show(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let variable = alone(line)?;
    let value = held(session, &variable)?;
    super::result::put_value(session, line, &value)?;
    Ok(Outcome::Done)
}

/// The same before it is shown.
pub(super) fn foresee_show(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    let variable = alone(line)?;
    if !session.memory.is_open(&variable) && !course.unread {
        held(session, &variable)?;
    }
    super::result::foresee(session, course, line)
}

fn held(session: &Session, variable: &Variable) -> Result<Value, CallError> {
    let absent = |absent| Faults::from(BindError::Variable { absent, span: variable.span });
    Ok(session.memory.look_up(variable).map_err(absent)?)
}

/// The variable that a line is, with nothing after it.
fn alone(line: &Line) -> Result<Variable, CallError> {
    let none = || CallError::usage("this is no variable", Some(line.head.span));
    let variable = Variable::of(&line.head).ok_or_else(none)??;
    let Some(extra) = line.items.first() else { return Ok(variable) };
    let message = format!("`{}` is a value; a method comes first", variable.text);
    Err(CallError::usage(message, Some(extra.word.span)))
}

/// The name and the value of `NAME = VALUE`.
fn parts(line: &Line) -> Result<(&Item, &Item), CallError> {
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
    match (items.next(), items.next(), items.next()) {
        (Some(equals), Some(value), None) if equals.tag.is_none() && equals.word.text() == "=" => Ok((name, value)),
        (Some(equals), _, extra) if equals.word.text() == "=" => Err(refused("`let` takes one value", extra)),
        (other, ..) => Err(refused("a `=` is missing after the name", other)),
    }
}

/// Judges `last` before it is shown.
pub(super) fn foresee_last(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    let there = match session.memory.next() {
        Next::Open => true,
        Next::Same => session.memory.kept().is_some(),
        Next::Gone(_) => false,
    };
    if !there {
        return Err(CallError::usage(session.memory.nothing_kept(), Some(line.head.span)));
    }
    super::result::foresee(session, course, line)
}

/// `last`
pub(super) fn last(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let Some(kept) = session.memory.kept() else {
        return Err(CallError::usage(session.memory.nothing_kept(), Some(line.head.span)));
    };
    let options = Options::of(line)?;
    let private = kept.is_secret();
    let presentation = session.planning().presentation(&options)?;
    let output = session.output(presentation, options.wish.redirect.as_ref(), private)?;
    crate::engine::deliver::result::put_last(&mut session.delivery(), output, None)?;
    Ok(Outcome::Done)
}
