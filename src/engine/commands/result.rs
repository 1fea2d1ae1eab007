//! The result of a command, and the expected result of one that has not run yet.

use crate::engine::deliver::delivery::Delivery;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result;
use crate::engine::plan::options::Options;
use crate::engine::run::outcome::Outcome;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::{Format, Guide, sanitize, text};
use model::Value;

/// The result of a command.
pub(super) enum Reply {
    /// It is done, and has no result.
    Done,
    /// A text, which is printed as it is unless the line has a format or a filter.
    Text(String),
    /// A text, and the same as data for a line with a format or a filter.
    Either(String, Value),
    /// Data.
    Data(Value),
    /// A list, and those of its columns that matter most, the first one first.
    List(Vec<Value>, &'static [&'static str]),
    /// The last result, once more.
    Last,
    /// Something that the session does next.
    Next(Outcome),
}

/// The expected result of a command that has not run yet.
pub(super) enum Ahead {
    /// No result.
    Nothing,
    /// A result of its own.
    Result,
    /// A result from a service, which will then be the last result.
    Answer,
    /// What a command of the user's own shell does.
    Own,
    /// Lines that cannot be read yet.
    Unread,
    /// Something that the session will do.
    Next(Outcome),
}

impl Reply {
    /// Writes the result to its destination, in the format of the line.
    pub(super) fn put(self, delivery: &mut Delivery<'_>, output: Output, options: &Options) -> Result<(), CallError> {
        let plain = !options.wish.filtered && options.wish.format.is_none();
        let console = &mut *delivery.console;
        match self {
            Reply::Done | Reply::Next(_) => Ok(()),
            // It may contain text from catalogues and services. It is meant to be read, and may reach a terminal
            // through a pipe.
            Reply::Text(text) if plain => put_text(console, output, &sanitize::for_terminal(&text)),
            Reply::Either(text, _) if plain => put_text(console, output, &text),
            Reply::Text(text) => put_data(console, output, &Value::from(text)),
            Reply::Either(_, data) | Reply::Data(data) => put_data(console, output, &data),
            Reply::List(rows, columns) => put_list(console, output, rows, columns),
            Reply::Last => result::put_last(delivery, output, None),
        }
    }
}

fn put_text(console: &mut Console, mut output: Output, text: &str) -> Result<(), CallError> {
    output.view.format = Format::Raw;
    let value = Value::from(&*text::own(text));
    output.write(console, &value, &value)
}

fn put_list(console: &mut Console, output: Output, rows: Vec<Value>, columns: &[&str]) -> Result<(), CallError> {
    // What a filter makes of a list has columns of its own.
    let guide = if output.filter.is_some() { Guide::default() } else { Guide::listing(columns) };
    put_data(console, output.guided(guide), &Value::List(rows))
}

fn put_data(console: &mut Console, mut output: Output, value: &Value) -> Result<(), CallError> {
    let Some(filter) = output.filter.take() else { return output.write(console, value, value) };
    let results = filter.apply(value).map_err(|error| CallError::Query { error, span: filter.span })?;
    result::put(console, output, &results, &results).map(|_| ())
}
