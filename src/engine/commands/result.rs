//! The result of a command: its form and its place, judged, and the result brought there.

use crate::engine::deliver::result;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::render::{Format, sanitize};
use lang::Line;
use model::{Effect, Value};

/// Judges the form and the place of a result that a command will have.
pub(super) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    let options = Options::of(line)?;
    session.planning().presentation(&options)?;
    if let Some(redirect) = &options.wish.redirect {
        course.place(redirect, &session.settings)?;
    }
    Ok(None)
}

/// Rows of a text as its layout takes them.
pub(super) fn owned<'t>(rows: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<(String, String)> {
    rows.map(|(name, summary)| (name.to_owned(), summary.to_owned())).collect()
}

/// Shows or stores a text that is a command's result. Text goes out as it is unless a format is asked for.
pub(super) fn put_text(session: &mut Session, line: &Line, text: &str) -> Result<(), CallError> {
    // Catalogues and services have a say in it. It is there to be read, and may reach a terminal through a pipe.
    put_text_or(session, line, &sanitize::for_terminal(text), &Value::from(text))
}

/// Shows or stores a command's result: as text unless a format or a filter is asked for, and then as data.
pub(super) fn put_text_or(session: &mut Session, line: &Line, text: &str, data: &Value) -> Result<(), CallError> {
    let options = Options::of(line)?;
    if options.wish.filtered || options.wish.format.is_some() {
        return put_value(session, line, data);
    }
    let presentation = session.planning().presentation(&options)?;
    let mut output = session.output(presentation, options.wish.redirect.as_ref(), false)?;
    output.view.format = Format::Raw;
    let value = Value::from(text);
    output.write(&mut session.console, &value, &value)
}

/// Shows or stores a value that is a command's result.
pub(super) fn put_value(session: &mut Session, line: &Line, value: &Value) -> Result<(), CallError> {
    let options = Options::of(line)?;
    let presentation = session.planning().presentation(&options)?;
    let mut output = session.output(presentation, options.wish.redirect.as_ref(), false)?;
    let Some(filter) = output.filter.take() else { return output.write(&mut session.console, value, value) };
    let results = filter.apply(value).map_err(|error| CallError::Query { error, span: filter.span })?;
    result::put(&mut session.console, output, &results, &results).map(|_| ())
}
