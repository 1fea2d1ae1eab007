//! Questions to the user at the terminal, separate from the lines of the shell: answers are never recalled later.

use std::io;

use rustyline::config::Behavior;
use rustyline::error::ReadlineError;
use rustyline::{CompletionType, Config, Editor};

use super::answer::Answers;
use super::past::Past;
use super::{mode, plain, terminal};
use crate::engine::console::{Person, Wanted};
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
        edited(question, None)
    }

    fn value(&mut self, question: &str, wanted: Wanted<'_>) -> io::Result<Option<String>> {
        if self.plain { self.line(question) } else { edited(question, Some(wanted)) }
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
fn edited(question: &str, wanted: Option<Wanted<'_>>) -> io::Result<Option<String>> {
    mode::note();
    let config = Config::builder()
        .behavior(Behavior::PreferTerm)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .completion_prompt_limit(usize::MAX)
        .max_history_size(0)
        .map_err(io::Error::other)?;
    let mut editor: Editor<Answers<'_>, Past> =
        Editor::with_history(config.build(), Past::of_at_most(0)).map_err(io::Error::other)?;
    let size = editor.dimensions().map_or((80, 24), |(columns, rows)| (columns.into(), rows.into()));
    editor.set_helper(wanted.map(|wanted| Answers::new(wanted, size)));
    match editor.readline(question) {
        Ok(answer) => Ok(Some(answer)),
        Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(None),
        Err(ReadlineError::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}
