//! Lines without a prompt: one from the command line, or a script from standard input.

use std::io;

use super::args::Cli;
use crate::engine::{CallError, Flow, Session};
use crate::lang::{self, SyntaxError};

/// Runs the words of a command line as one line.
pub(super) fn one_shot(session: &mut Session, words: &[String]) -> Result<(), CallError> {
    session.learn_typed(&words.join(" "), &lang::word_tokens(words));
    match lang::parse_words(words) {
        Ok((line, text)) => session.run_line(&line, &text).map(|_| ()),
        Err(error) => Err(session.failed(misplaced(error), &words.join(" "), None)),
    }
}

/// An option that is no option of a line may be one of the program, which stands before the method.
fn misplaced(error: SyntaxError) -> CallError {
    let SyntaxError::UnknownOption { name, span } = &error else { return error.into() };
    let Some(option) = Cli::option_named(name) else { return error.into() };
    let hint = Some(format!("put {option} before the method: marsh {option} … METHOD"));
    CallError::Usage { message: format!("{option} stands behind the method"), span: Some(*span), hint }
}

/// Runs the lines of standard input until one fails, one leaves, or they end. A line goes on where it is open: in a
/// quote, behind a `\`. Between lines standard input is free: a value can be what is left of it.
pub(super) fn script(session: &mut Session) -> Result<(), CallError> {
    let mut pending = String::new();
    loop {
        let mut line = String::new();
        let ended = match io::stdin().read_line(&mut line) {
            Ok(count) => count == 0,
            Err(error) => {
                let message = format!("cannot read the script: {error}");
                return Err(session.failed(CallError::Usage { message, span: None, hint: None }, "", None));
            }
        };
        pending.push_str(&line);
        if !ended && is_open(&pending) {
            continue;
        }
        let text = std::mem::take(&mut pending);
        if session.run(text.trim_end_matches(['\n', '\r']))? == Flow::Quit || ended {
            return Ok(());
        }
    }
}

fn is_open(text: &str) -> bool {
    lang::parse(text.trim_end_matches(['\n', '\r'])).is_err_and(|error| error.is_incomplete())
}
