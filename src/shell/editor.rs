//! The line editor: its keys, and the lines that it recalls.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Cmd, CompletionType, ConditionalEventHandler, Config, Event, EventContext, EventHandler};
use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::assistant::Assistant;
use super::prompt::Prompt;
use crate::engine::Session;

/// How many lines are recalled.
pub(super) const HISTORY: usize = 10_000;

/// What came from the keyboard.
pub(super) enum Typed {
    /// A whole line, or several when they were pasted or continued.
    Line(String),
    /// Ctrl-C: the line was dropped.
    Interrupted,
    /// Ctrl-D on an empty line, or the end of the input.
    End,
    /// The terminal is gone.
    Broken(io::Error),
}

/// The editor with its memory of lines.
pub(super) struct Editor {
    inner: rustyline::Editor<Assistant, MemHistory>,
    recallable: Recallable,
}

/// The lines that can be recalled; the editor tells its handlers of keys no more than the line being typed.
type Recallable = Arc<Mutex<HashSet<String>>>;

impl Editor {
    /// An editor that completes from the session's registry and recalls `lines`, the oldest first.
    pub(super) fn new(
        session: Rc<RefCell<Session>>,
        colour: bool,
        lines: impl Iterator<Item = String>,
    ) -> rustyline::Result<Editor> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .history_ignore_space(true)
            .history_ignore_dups(true)?
            .max_history_size(HISTORY)?
            .bracketed_paste(true)
            .build();
        let history = MemHistory::with_config(&config);
        let mut inner = rustyline::Editor::with_history(config, history)?;
        inner.set_helper(Some(Assistant::new(session, colour)));
        let recallable = Recallable::default();
        for (key, search) in [(KeyCode::Up, Cmd::HistorySearchBackward), (KeyCode::Down, Cmd::HistorySearchForward)] {
            let arrow = Arrow { search, recallable: Arc::clone(&recallable) };
            let handler = EventHandler::Conditional(Box::new(arrow));
            inner.bind_sequence(Event::from(KeyEvent(key, Modifiers::NONE)), handler);
        }
        let mut editor = Editor { inner, recallable };
        lines.for_each(|line| editor.remember(&line));
        Ok(editor)
    }

    /// Reads one line, with its continuation.
    pub(super) fn read(&mut self, prompt: &Prompt) -> Typed {
        match self.inner.readline(&(prompt.plain.as_str(), prompt.styled.as_str())) {
            Ok(line) => Typed::Line(line),
            Err(ReadlineError::Interrupted) => Typed::Interrupted,
            Err(ReadlineError::Eof) => Typed::End,
            Err(ReadlineError::Io(error)) => Typed::Broken(error),
            Err(error) => Typed::Broken(io::Error::other(error)),
        }
    }

    /// Makes a line recallable in this session. A line that begins with a blank is not.
    pub(super) fn remember(&mut self, line: &str) {
        // It can only fail on a history that is a file.
        if self.inner.add_history_entry(line).unwrap_or(false) {
            self.recallable.lock().unwrap_or_else(PoisonError::into_inner).insert(line.to_owned());
        }
    }
}

/// An arrow key: it goes line by line from an empty or a recalled line, and from any other only to lines that begin
/// like it.
struct Arrow {
    search: Cmd,
    recallable: Recallable,
}

impl ConditionalEventHandler for Arrow {
    fn handle(&self, _: &Event, _: u16, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let line = context.line();
        // A search leaves the cursor behind what was searched for; recalling puts it behind the line.
        let searching = context.pos() < line.len()
            || !self.recallable.lock().unwrap_or_else(PoisonError::into_inner).contains(line);
        (searching && !line.is_empty() && !line.contains('\n')).then(|| self.search.clone())
    }
}
