//! The only file that knows the line editor: keys, completion, colours, continuation.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use rustyline::completion::{Candidate as Shown, Completer};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, CompletionType, ConditionalEventHandler, Config, Context, EditMode, Event, EventHandler};
use rustyline::{Helper, KeyCode, KeyEvent, Modifiers};

use super::keys::{Arrow, HandOver, Keys, Watcher};
use super::prompt::Prompt;
use super::recall::Recall;
use crate::complete::{self, Candidate};
use crate::engine::Session;
use crate::lang::{self, TokenKind};
use crate::render::style::{Role, paint};
use crate::render::text;

/// How many lines are recalled.
pub(super) const HISTORY: usize = 10_000;

/// What came from the keyboard.
pub(super) enum Typed {
    /// A whole line, or several when they were pasted or continued.
    Line {
        /// What was typed.
        text: String,
        /// It was taken from the lines to recall as it stands.
        recalled: bool,
    },
    /// Ctrl-X Ctrl-E: the line so far, to be edited elsewhere.
    HandedOver(String),
    /// Ctrl-C: the line was dropped.
    Interrupted,
    /// Ctrl-D on an empty line, or the end of the input.
    End,
    /// The terminal is gone.
    Broken(io::Error),
}

/// How lines are typed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// The line being typed is coloured.
    pub(super) colour: bool,
    /// The keys are those of vi instead of those of Emacs.
    pub(super) vi: bool,
}

/// The editor with its memory of lines.
pub(super) struct Editor {
    inner: rustyline::Editor<Assistant, MemHistory>,
    recall: Recall,
    keys: Keys,
}

impl Editor {
    /// An editor that completes from the session's registry and recalls `earlier` lines, the oldest first.
    pub(super) fn new(session: Rc<RefCell<Session>>, look: Look, earlier: Vec<String>) -> rustyline::Result<Editor> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .max_history_size(HISTORY)?
            .bracketed_paste(true)
            .edit_mode(if look.vi { EditMode::Vi } else { EditMode::Emacs })
            .build();
        let history = MemHistory::with_config(&config);
        let mut inner = rustyline::Editor::with_history(config, history)?;
        inner.set_helper(Some(Assistant { session, colour: look.colour }));
        let keys = Keys::default();
        let bound = |handler: Box<dyn ConditionalEventHandler>| EventHandler::Conditional(handler);
        for (key, search) in [(KeyCode::Up, Cmd::HistorySearchBackward), (KeyCode::Down, Cmd::HistorySearchForward)] {
            let arrow = Arrow { search, keys: keys.clone() };
            inner.bind_sequence(Event::from(KeyEvent(key, Modifiers::NONE)), bound(Box::new(arrow)));
        }
        let elsewhere = Event::KeySeq(vec![KeyEvent::ctrl('X'), KeyEvent::ctrl('E')]);
        inner.bind_sequence(elsewhere, bound(Box::new(HandOver(keys.clone()))));
        inner.bind_sequence(Event::Any, bound(Box::new(Watcher(keys.clone()))));
        let mut editor = Editor { inner, recall: Recall::new(earlier, HISTORY), keys };
        editor.fill();
        Ok(editor)
    }

    /// Reads one line, with its continuation; `begun` stands there already.
    pub(super) fn read(&mut self, prompt: &Prompt, begun: &str) -> Typed {
        self.keys.begin(begun);
        match self.inner.readline_with_initial(&(prompt.plain.as_str(), prompt.styled.as_str()), (begun, "")) {
            Ok(line) => Typed::Line { recalled: self.keys.recalled(&line), text: line },
            Err(ReadlineError::Interrupted) => self.keys.handed_over().map_or(Typed::Interrupted, Typed::HandedOver),
            Err(ReadlineError::Eof) => Typed::End,
            Err(ReadlineError::Io(error)) => Typed::Broken(error),
            Err(error) => Typed::Broken(io::Error::other(error)),
        }
    }

    /// Makes a line recallable in this session. A line that begins with a blank is not.
    pub(super) fn remember(&mut self, line: &str) {
        if !self.recall.add(line) {
            return;
        }
        if self.keys.learn(line) {
            // It can only fail on a history that is a file.
            let _ = self.inner.add_history_entry(line);
        } else {
            self.fill();
        }
    }

    /// Makes lines of other shells recallable.
    pub(super) fn remember_foreign(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            lines.into_iter().for_each(|line| self.recall.add_foreign(line));
            self.fill();
        }
    }

    /// Brings the memory into the order of recall.
    fn fill(&mut self) {
        // Neither can fail on a history that is no file.
        let _ = self.inner.clear_history();
        for line in self.recall.lines() {
            let _ = self.inner.add_history_entry(line.as_str());
        }
        self.keys.recallable(self.recall.lines());
    }
}

/// What helps while a line is typed.
struct Assistant {
    session: Rc<RefCell<Session>>,
    colour: bool,
}

impl Helper for Assistant {}

impl Shown for Candidate {
    fn display(&self) -> &str {
        &self.summary
    }

    fn replacement(&self) -> &str {
        &self.insert
    }
}

impl Completer for Assistant {
    type Candidate = Candidate;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Candidate>)> {
        // The session is borrowed while a line runs, and then no key is read.
        let Ok(mut session) = self.session.try_borrow_mut() else { return Ok((cursor, Vec::new())) };
        session.poll_discovery();
        let completion = complete::complete(line, cursor, &session.registry);
        let only = completion.candidates.len() == 1;
        let widest = completion.candidates.iter().map(|c| text::width(&c.insert)).max().unwrap_or(0);
        let candidates = completion.candidates.into_iter().map(|candidate| {
            let pad = text::blanks(widest - text::width(&candidate.insert));
            let shown = format!("{}{pad}  {}", candidate.insert, candidate.summary);
            let summary = text::cut_end(shown.trim_end(), session.console.width.saturating_sub(2)).into_owned();
            let insert = if only { format!("{} ", candidate.insert) } else { candidate.insert };
            Candidate { insert, summary }
        });
        Ok((completion.start, candidates.collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let mut out = String::with_capacity(line.len() * 2);
        let mut from = 0;
        for token in lang::tokens(line) {
            out.push_str(line.get(from..token.span.start).unwrap_or(""));
            let word = line.get(token.span.range()).unwrap_or("");
            match role(token.kind) {
                Some(role) => out.push_str(&paint(role, word, true)),
                None => out.push_str(word),
            }
            from = token.span.end;
        }
        out.push_str(line.get(from..).unwrap_or(""));
        Cow::Owned(out)
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

fn role(kind: TokenKind) -> Option<Role> {
    match kind {
        TokenKind::Profile | TokenKind::Head => Some(Role::Head),
        TokenKind::Name => Some(Role::Key),
        TokenKind::Tag => Some(Role::Literal),
        TokenKind::Option | TokenKind::OptionValue => Some(Role::Number),
        TokenKind::Operator | TokenKind::File | TokenKind::Command => Some(Role::Hint),
        TokenKind::Comment => Some(Role::Dim),
        TokenKind::Error => Some(Role::Error),
        TokenKind::Value | TokenKind::Separator => None,
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match lang::parse(context.input()) {
            Err(error) if error.is_incomplete() => ValidationResult::Incomplete,
            // What is wrong is reported when the line runs, with a caret under the word.
            _ => ValidationResult::Valid(None),
        })
    }
}
