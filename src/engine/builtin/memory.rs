//! `let` and `last`: what the session remembers, set and shown.

use super::super::error::CallError;
use super::super::filter::Filter;
use super::super::memory::Known;
use super::super::output::Output;
use super::super::secrets;
use super::super::session::{Flow, Session};
use crate::bind::{self, BindError, Faults};
use lang::{Item, Line, Variable};
use model::Value;

const USAGE: &str = "write let NAME = VALUE, such as let zone = $_.id or let days = (list:int)1,2";

/// `let NAME = VALUE`, or `let` for what is set.
pub(super) fn set(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    if line.items.is_empty() {
        let all = Value::Map(session.memory.all().clone());
        super::put_value(session, line, &all)?;
        return Ok(Flow::Continue);
    }
    let (name, item) = parts(line)?;
    let word = name.word.text();
    let Session { sources, memory, .. } = session;
    let found = bind::value(&name.word, item, &mut Known { outside: &mut **sources, memory });
    // A name whose new value cannot be had must not go on with its old one.
    memory.unset(&word);
    let value = found?;
    let value = if secrets::sounds_secret(&word) { bind::seal(value) } else { value };
    super::super::mask::learn(&value, &mut session.redactor);
    session.memory.set(&word, value);
    Ok(Flow::Continue)
}

/// A line that is nothing but a variable: what it holds.
pub(in super::super) fn show(session: &mut Session, line: &Line, variable: &Variable) -> Result<Flow, CallError> {
    if let Some(extra) = line.items.first() {
        let message = format!("`{}` is a value; a method comes first", variable.text);
        return Err(CallError::usage(message, Some(extra.word.span)));
    }
    let absent = |absent| Faults::from(BindError::Variable { absent, span: variable.span });
    let value = session.memory.look_up(variable).map_err(absent)?;
    super::put_value(session, line, &value)?;
    Ok(Flow::Continue)
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
        return Err(refused("this is no name for a variable", name));
    };
    if name.word.text() == Variable::LAST {
        return Err(refused("`_` is the last result and cannot be set", Some(name)));
    }
    match (items.next(), items.next(), items.next()) {
        (Some(equals), Some(value), None) if equals.tag.is_none() && equals.word.text() == "=" => Ok((name, value)),
        (Some(equals), _, extra) if equals.word.text() == "=" => Err(refused("`let` wants one value", extra)),
        (other, ..) => Err(refused("a `=` is missing behind the name", other)),
    }
}

/// `last`
pub(super) fn last(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let Some(kept) = session.memory.kept() else {
        return Err(CallError::usage(session.memory.nothing_kept(), Some(line.head.span)));
    };
    let here = session.registry.here().profile();
    let mut output = Output::open(session, here, line, kept.is_secret())?;
    if let Some(filter) = Filter::of(session, line)? {
        filter.suits(line, &output)?;
        output = output.filtered(filter);
    }
    super::super::deliver::put_last(session, output, None)?;
    Ok(Flow::Continue)
}
