//! The line editor: its keys, and the lines it can recall.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use history::{Account, Recalled};
use rustyline::error::ReadlineError;
use rustyline::{Cmd, CompletionType, ConditionalEventHandler, Config, EditMode, Event, EventHandler};
use rustyline::{KeyCode, KeyEvent, Modifiers};

use super::assistant::{Assistant, goes_on};
use super::keys::{Arrow, HandOver, Keys, Watcher};
use super::past::Past;
use super::prompt::Prompt;
use super::recall::Recall;
use super::{mode, plain};
use crate::engine::Session;
use crate::engine::screen::Size;

/// The most lines that can be recalled.
pub(super) const HISTORY: usize = 10_000;

/// Input from the keyboard.
pub(super) enum Typed {
    /// A whole line, or several when they were pasted or continued.
    Line {
        /// What was typed.
        text: String,
        /// It was recalled and not changed.
        recalled: bool,
    },
    /// Ctrl-X Ctrl-E: the line so far, to be edited in another editor.
    HandedOver(String),
    /// Ctrl-C: the line was discarded.
    Interrupted,
    /// Ctrl-D on an empty line, or the end of the input.
    End,
    /// The terminal is gone.
    Broken(io::Error),
}

/// How lines are edited.
#[derive(Clone)]
pub(super) struct Look {
    /// The terminal may not support an editor's escape sequences: lines are read without one.
    pub(super) plain: bool,
    /// The line being typed is coloured.
    pub(super) colour: bool,
    /// The keys are those of vi instead of Emacs.
    pub(super) vi: bool,
    /// The current size of the screen.
    pub(super) size: Size,
}

/// The editor with the lines it can recall.
pub(super) struct Editor {
    /// `None` if lines are read without an editor.
    inner: Option<Box<Inner>>,
    recall: Recall,
    keys: Keys,
}

type Inner = rustyline::Editor<Assistant, Past>;

impl Editor {
    /// An editor that completes from the session's registry.
    pub(super) fn new(session: Rc<RefCell<Session>>, look: Look) -> rustyline::Result<Editor> {
        let keys = Keys::default();
        let inner = if look.plain { None } else { Some(Box::new(inner(session, look, &keys)?)) };
        Ok(Editor { inner, recall: Recall::new(HISTORY), keys })
    }

    /// Reads one line with its continuation; `begun` is its initial text.
    pub(super) fn read(&mut self, prompt: &Prompt, begun: &str) -> Typed {
        let Some(inner) = &mut self.inner else { return plainly(prompt) };
        self.keys.begin(begun);
        match inner.readline_with_initial(&(prompt.plain.as_str(), prompt.styled.as_str()), (begun, "")) {
            Ok(line) => Typed::Line { recalled: self.keys.recalled(&line), text: line },
            Err(ReadlineError::Interrupted) => self.keys.handed_over().map_or(Typed::Interrupted, Typed::HandedOver),
            Err(ReadlineError::Eof) => Typed::End,
            Err(ReadlineError::Io(error)) => Typed::Broken(error),
            Err(error) => Typed::Broken(io::Error::other(error)),
        }
    }

    /// Makes a line recallable in this session, unless it begins with a space.
    pub(super) fn remember(&mut self, line: &str) {
        if !self.recall.add(line) {
            return;
        }
        match &mut self.inner {
            // It can only fail for a history in a file.
            Some(inner) if self.keys.learn(line) => drop(inner.add_history_entry(line)),
            _ => self.fill(),
        }
    }

    /// Whether the lines of this account are recalled first.
    pub(super) fn recalls_for(&self, account: Option<&Account>) -> bool {
        self.recall.is_for(account)
    }

    /// Recalls the lines of this account first, with those of other sessions.
    pub(super) fn recall_for(&mut self, account: Option<Account>, earlier: Recalled) {
        self.recall.turn_to(account, earlier);
        self.fill();
    }

    /// Sorts the editor's history into the order of recall.
    fn fill(&mut self) {
        let Some(inner) = &mut self.inner else { return };
        // Neither can fail for a history that is not in a file.
        let _ = inner.clear_history();
        for line in self.recall.lines() {
            let _ = inner.add_history_entry(line.as_str());
        }
        self.keys.recallable(self.recall.lines());
    }
}

fn inner(session: Rc<RefCell<Session>>, look: Look, keys: &Keys) -> rustyline::Result<Inner> {
    mode::note();
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        // A list fits the screen. The editor's own question for longer ones does not react to Ctrl-C.
        .completion_prompt_limit(usize::MAX)
        .max_history_size(HISTORY)?
        .bracketed_paste(true)
        .edit_mode(if look.vi { EditMode::Vi } else { EditMode::Emacs })
        .build();
    let mut inner = rustyline::Editor::with_history(config, Past::of_at_most(HISTORY))?;
    inner.set_helper(Some(Assistant::new(session, look.colour, look.size)));
    let bound = |handler: Box<dyn ConditionalEventHandler>| EventHandler::Conditional(handler);
    for (key, search) in [(KeyCode::Up, Cmd::HistorySearchBackward), (KeyCode::Down, Cmd::HistorySearchForward)] {
        let arrow = Arrow { search, keys: keys.clone() };
        inner.bind_sequence(Event::from(KeyEvent(key, Modifiers::NONE)), bound(Box::new(arrow)));
    }
    let elsewhere = Event::KeySeq(vec![KeyEvent::ctrl('X'), KeyEvent::ctrl('E')]);
    inner.bind_sequence(elsewhere, bound(Box::new(HandOver(keys.clone()))));
    inner.bind_sequence(Event::Any, bound(Box::new(Watcher(keys.clone()))));
    Ok(inner)
}

fn plainly(prompt: &Prompt) -> Typed {
    match plain::read(&mut io::stdout(), &prompt.plain, goes_on) {
        Ok(Some(text)) => Typed::Line { text, recalled: false },
        Ok(None) => Typed::End,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Typed::Interrupted,
        Err(error) => Typed::Broken(error),
    }
}
