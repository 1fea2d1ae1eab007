//! The prompt: reads a line, runs it, and repeats. Of all lines, only `quit` and end of file end the session.

mod answer;
mod assistant;
mod device;
mod editor;
mod keys;
mod listing;
mod log;
mod mode;
mod past;
mod person;
mod plain;
mod prompt;
mod recall;
mod terminal;

use std::cell::RefCell;
use std::io;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use crate::engine::screen::{Pager, Screen, Size};
use crate::engine::{Account, CallError, Flow, Session};
use crate::signals;
pub use device::shows_sixel;
use editor::{Editor, Look, Typed};
use history::{Journal, Keep, LineId};
use log::{Kept, Log};
pub(crate) use mode::restore;
use model::Diagnostic;
pub use person::AtTerminal;
use prompt::Prompt;

/// What the prompt needs in addition to the session.
pub struct Setup {
    /// The journal; `None` if lines are not stored.
    pub journal: Option<Arc<Journal>>,
    /// What is kept of the journal; the rest is removed after the first line.
    pub keep: Keep,
    /// The terminal may not support an editor: lines are read without one.
    pub plain: bool,
    /// The line being typed is coloured.
    pub colour: bool,
    /// The keys are those of vi.
    pub vi: bool,
    /// The pager for results longer than the screen; `None` if they are simply printed.
    pub pager: Option<Pager>,
    /// The user's own editor, for long lines.
    pub editor: Option<String>,
    /// The current size of the screen.
    pub size: Size,
    /// Shown once, above the first prompt.
    pub banner: String,
    /// Additional text for the banner's second line, such as the sandbox's address.
    pub notes: Vec<String>,
}

/// Runs a session until the user leaves.
pub fn run(session: Session, setup: Setup) -> Result<(), CallError> {
    let session = Rc::new(RefCell::new(session));
    settle(&session, &setup)?;
    let log = setup.journal.as_ref().map(|journal| open_log(&session, journal, setup.keep)).unwrap_or_default();
    let look = Look { plain: setup.plain, colour: setup.colour, vi: setup.vi, size: setup.size.clone() };
    let mut editor =
        Editor::new(Rc::clone(&session), look).map_err(|error| CallError::Output(io::Error::other(error)))?;
    for note in std::iter::once(&setup.banner).chain(&setup.notes) {
        session.borrow_mut().console.note(note);
    }
    let done = converse(&session, &setup, &log, &mut editor);
    session.borrow_mut().accounts.sign_out();
    done
}

/// Reads lines and runs them.
fn converse(session: &RefCell<Session>, setup: &Setup, log: &Log, editor: &mut Editor) -> Result<(), CallError> {
    let mut told = false;
    let mut begun = String::new();
    loop {
        catch_up(session, &setup.size);
        arrange(&session.borrow(), log, editor);
        let prompt = prompt(&session.borrow(), setup.colour);
        match editor.read(&prompt, &mem::take(&mut begun)) {
            Typed::Line { text, .. } if text.trim().is_empty() => {}
            Typed::Line { text, recalled } => {
                editor.remember(&text);
                // The window may have changed while the line was typed.
                measure(session, &setup.size);
                let flow = run_line(session, log, &text, recalled);
                if let Some(whole) = session.borrow_mut().completed.take().filter(|_| !text.starts_with(' ')) {
                    editor.remember(&whole);
                }
                if flow == Flow::Quit || signals::ending().is_some() {
                    return Ok(());
                }
            }
            Typed::HandedOver(text) => begun = edited(&mut session.borrow_mut(), setup.editor.as_deref(), text),
            Typed::Interrupted => {
                if !mem::replace(&mut told, true) {
                    session.borrow_mut().console.note("(Ctrl-D or `quit` leaves)");
                }
            }
            Typed::End => return Ok(()),
            Typed::Broken(error) => return Err(CallError::Output(error)),
        }
    }
}

/// Brings the lines that can be recalled up to date: other shells have stored some, or another account is in use.
fn arrange(session: &Session, log: &Log, editor: &mut Editor) {
    let account = session.accounts.here().map(Account::on_record);
    if log.has_news() || !editor.recalls_for(account.as_ref()) {
        let earlier = log.earlier(account.as_ref(), editor::HISTORY);
        editor.recall_for(account, earlier);
    }
}

/// The prompt for the next line.
fn prompt(session: &Session, colour: bool) -> Prompt {
    prompt::of(session.accounts.here(), session.accounts.is_open_here(), colour)
}

/// Stores a line, runs it, and stores how it ended. Errors have been reported, and do not end the session.
fn run_line(session: &RefCell<Session>, log: &Log, text: &str, recalled: bool) -> Flow {
    let kept = keep(session, log, text);
    let since = Instant::now();
    let done = {
        let mut session = session.borrow_mut();
        session.recalled = recalled;
        session.accounts.record_line(kept);
        session.run_typed(text)
    };
    if let Some(line) = kept {
        let code = done.as_ref().map_or_else(|error| error.class().exit_code(), |_| 0);
        log.ended(line, code, since.elapsed());
        let session = session.borrow();
        if let Some(whole) = &session.completed
            && let Some(places) = session.places_to_hide(whole)
        {
            log.completed(line, whole, &places);
        }
    }
    done.unwrap_or(Flow::Continue)
}

/// The line as the user's editor leaves it; the same line when that cannot be had.
fn edited(session: &mut Session, editor: Option<&str>, text: String) -> String {
    let Some(editor) = editor else {
        session.console.note("note: set VISUAL or EDITOR to the program in which Ctrl-X Ctrl-E edits a line");
        return text;
    };
    session.edit(editor, &text).unwrap_or_else(|error| {
        session.failed(error, "", None);
        text
    })
}

/// Adapts the session to the terminal: long results go through the pager, and Ctrl-C ends the current work but never
/// the session.
fn settle(session: &RefCell<Session>, setup: &Setup) -> Result<(), CallError> {
    let mut session = session.borrow_mut();
    for flag in [Arc::clone(&session.interrupted), plain::pressed()] {
        signals::flag_interrupts(flag).map_err(CallError::Output)?;
    }
    let interrupted = Arc::clone(&session.interrupted);
    session.console.window.size = Some(setup.size.clone());
    let more = Rc::clone(&session.console.window.more);
    let out = &mut session.console.out;
    let to = mem::replace(&mut out.to, Box::new(io::sink()));
    let screen = Screen::new(to, Box::new(io::stderr()), setup.size.clone(), setup.pager.clone(), interrupted);
    let screen = screen.followed(more);
    out.to = Box::new(screen);
    Ok(())
}

fn open_log(session: &RefCell<Session>, journal: &Arc<Journal>, keep: Keep) -> Log {
    Log::open(journal, keep).unwrap_or_else(|error| {
        let note = format!("note: lines are not saved: {}: {error}", journal.folder().display());
        let mut session = session.borrow_mut();
        session.console.note(&note);
        session.lines = None;
        Log::default()
    })
}

/// Keeps the line on disk before it runs, without what may be secret in it. One that would have nothing left is not
/// kept.
fn keep(session: &RefCell<Session>, log: &Log, text: &str) -> Option<LineId> {
    let mut session = session.borrow_mut();
    let places = session.places_to_hide(text)?;
    let Kept { line, note } = log.keep(text, &places, session.accounts.here());
    note.into_iter().for_each(|note| session.console.note(&note));
    line
}

/// Applies what has arrived in the background, and the current size of the window. This happens between two lines, so
/// that nothing disturbs the one being typed.
fn catch_up(session: &RefCell<Session>, size: &Size) {
    measure(session, size);
    let mut session = session.borrow_mut();
    session.begin_discovery();
    session.tell_news();
    // Not when Tab is pressed: this may take a moment after a long list.
    session.accounts.take_in_seen();
}

/// Takes the size that the window has now.
fn measure(session: &RefCell<Session>, size: &Size) {
    let console = &mut session.borrow_mut().console;
    (console.width, console.height) = size();
}
