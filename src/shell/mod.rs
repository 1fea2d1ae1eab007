//! The prompt: read a line, run it, go on. Nothing that a line does ends the session but `quit` and end of file.

mod assistant;
mod editor;
mod person;
mod prompt;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use history::History;

use crate::engine::{CallError, Flow, Session};
use editor::{Editor, Typed};
pub use person::AtTerminal;

/// What the prompt needs beside the session.
pub struct Setup {
    /// Where the lines are kept; none when they are not.
    pub history: Option<PathBuf>,
    /// Colours are wanted in the line being typed.
    pub colour: bool,
    /// Shown once, above the first prompt.
    pub banner: String,
    /// More words for the banner's second line, such as where the sandbox is.
    pub notes: Vec<String>,
}

/// Runs a session until the user leaves.
pub fn run(session: Session, setup: Setup) -> Result<(), CallError> {
    let session = Rc::new(RefCell::new(session));
    let mut log = setup.history.and_then(|path| open_history(&session, path));
    let lines = log.as_ref().and_then(|log| log.load(editor::HISTORY).ok()).unwrap_or_default();
    let mut editor = Editor::new(Rc::clone(&session), setup.colour, lines.into_iter().map(|entry| entry.text))
        .map_err(|error| CallError::Output(std::io::Error::other(error)))?;
    session.borrow_mut().console.note(&setup.banner);
    for note in &setup.notes {
        session.borrow_mut().console.note(note);
    }
    session.borrow_mut().begin_discovery();
    let mut told = false;
    loop {
        tell_news(&session);
        let prompt = prompt::of(session.borrow().here(), setup.colour);
        match editor.read(&prompt) {
            Typed::Line(text) => {
                if text.trim().is_empty() {
                    continue;
                }
                editor.remember(&text);
                keep(&session, &mut log, &text);
                let flow = session.borrow_mut().run(&text);
                if matches!(flow, Ok(Flow::Quit)) {
                    return Ok(());
                }
            }
            Typed::Interrupted => {
                if !std::mem::replace(&mut told, true) {
                    session.borrow_mut().console.note("(Ctrl-D or `quit` leaves)");
                }
            }
            Typed::End => return Ok(()),
            Typed::Broken(error) => return Err(CallError::Output(error)),
        }
    }
}

fn open_history(session: &RefCell<Session>, path: PathBuf) -> Option<History> {
    match History::open(&path) {
        Ok(log) => Some(log),
        Err(error) => {
            let note = format!("note: lines are not kept: {}: {error}", path.display());
            session.borrow_mut().console.note(&note);
            None
        }
    }
}

/// Keeps the line on disk before it runs, without what is secret in it.
fn keep(session: &RefCell<Session>, log: &mut Option<History>, text: &str) {
    let places = session.borrow().secret_places(text);
    let failed = log.as_mut().and_then(|log| log.append(text, &places).err());
    if let Some(error) = failed {
        *log = None;
        session.borrow_mut().console.note(&format!("note: lines are no longer kept: {error}"));
    }
}

/// Takes in what has come in the background. Between two lines, so that nothing breaks into the one being typed.
fn tell_news(session: &RefCell<Session>) {
    let mut session = session.borrow_mut();
    for note in session.poll_discovery() {
        let note = session.redactor.apply(&note).into_owned();
        session.console.note(&note);
    }
}
