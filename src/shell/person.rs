//! Questions to a person at the terminal, apart from the lines of the shell: nothing of an answer is recalled later.

use std::borrow::Cow;
use std::io;

use rustyline::completion::Completer;
use rustyline::config::Behavior;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Config, Editor, Helper};

use super::plain;
use crate::engine::console::Person;
use model::Secret;

/// Whoever sits at the terminal of the process, wherever its results go.
#[derive(Clone, Copy, Debug, Default)]
pub struct AtTerminal {
    /// The terminal is not known to take what an editor draws with.
    pub plain: bool,
}

impl Person for AtTerminal {
    fn line(&mut self, question: &str) -> io::Result<Option<String>> {
        if self.plain {
            return match plain::read(&mut io::stderr(), question, |_| false) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
                answer => answer,
            };
        }
        read(question, false)
    }

    fn secret(&mut self, question: &str) -> io::Result<Option<Secret>> {
        Ok(read(question, true)?.map(Secret::new))
    }
}

/// Reads one answer in the terminal's raw mode, where Ctrl-C is a key like any other: it takes the question back.
/// The editor, and what it remembers of the keys, is gone afterwards.
fn read(question: &str, hidden: bool) -> io::Result<Option<String>> {
    let config = Config::builder().behavior(Behavior::PreferTerm).max_history_size(0).map_err(io::Error::other)?;
    let history = MemHistory::with_config(&config.clone().build());
    let mut editor: Editor<Answer, MemHistory> =
        Editor::with_history(config.build(), history).map_err(io::Error::other)?;
    editor.set_helper(Some(Answer { hidden }));
    match editor.readline(question) {
        Ok(answer) => Ok(Some(answer)),
        Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(None),
        Err(ReadlineError::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// How an answer looks while it is typed.
struct Answer {
    hidden: bool,
}

impl Helper for Answer {}
impl Validator for Answer {}
impl Hinter for Answer {
    type Hint = String;
}
impl Completer for Answer {
    type Candidate = String;
}

impl Highlighter for Answer {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        // As wide as what was typed, or the cursor would stand elsewhere.
        if self.hidden { Cow::Owned("*".repeat(line.chars().count())) } else { Cow::Borrowed(line) }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.hidden
    }
}
