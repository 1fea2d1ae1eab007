//! Questions to the user at the terminal, separate from the lines of the shell: answers are never recalled later.

use std::io;

use rustyline::config::Behavior;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Config, Editor};

use super::{plain, terminal};
use crate::engine::console::Person;
use model::Secret;

/// The user at the terminal of the process, wherever its results go.
#[derive(Clone, Copy, Debug, Default)]
pub struct AtTerminal {
    /// The terminal may not support an editor.
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
        edited(question)
    }

    fn yes_or_no(&mut self, question: &str) -> io::Result<Option<String>> {
        terminal::ask(question, &["yes", "no"])
    }

    fn secret(&mut self, question: &str) -> io::Result<Option<Secret>> {
        Ok(terminal::ask(question, &[])?.map(Secret::new))
    }
}

/// Reads one answer in the terminal's raw mode, in which Ctrl-C is an ordinary key: it cancels the question. The editor
/// and its history are dropped afterwards.
fn edited(question: &str) -> io::Result<Option<String>> {
    let config = Config::builder().behavior(Behavior::PreferTerm).max_history_size(0).map_err(io::Error::other)?;
    let history = MemHistory::with_config(&config.clone().build());
    let mut editor: Editor<(), MemHistory> = Editor::with_history(config.build(), history).map_err(io::Error::other)?;
    match editor.readline(question) {
        Ok(answer) => Ok(Some(answer)),
        Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(None),
        Err(ReadlineError::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}
