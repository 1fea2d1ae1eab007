//! A script: lines that are read and judged as a whole before the first of them runs.

use std::fs;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use crate::bind::{BindError, Faults};
use crate::engine::run::judge::{Judged, Read};
use crate::engine::run::paste::left_out;
use crate::engine::run::session::{Flow, Session};
use crate::engine::state::error::CallError;
use crate::signals;
use lang::{self, Line, Word};
use model::{Class, Diagnostic};

/// How deep scripts may run each other.
const DEEPEST: usize = 16;

/// The text of a script and where it came from.
#[derive(Clone, Debug)]
pub struct Script {
    /// What its errors call it: its path as it was typed, or `stdin`.
    pub name: String,
    /// Its lines.
    pub text: String,
    /// The file, with all links followed.
    file: Option<PathBuf>,
}

/// A script whose lines are running.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    file: Option<PathBuf>,
}

impl Running {
    /// The script with the number of the line that holds a byte of its text.
    pub(crate) fn place(&self, text: &str, at: usize) -> String {
        let before = text.get(..text.floor_char_boundary(at)).unwrap_or("");
        format!("{}:{}", self.name, line_number(before))
    }
}

/// The number of the line that begins behind the last of these.
pub(crate) fn line_number(before: &str) -> usize {
    before.matches('\n').count() + 1
}

impl Script {
    /// The lines that stand on standard input.
    pub fn of_stdin(text: String) -> Script {
        Script { name: "stdin".into(), text, file: None }
    }

    /// The lines of the file that a word names, or of standard input for `-`.
    pub(crate) fn read(session: &mut Session, word: &Word) -> Result<Script, CallError> {
        let name = word.text();
        let (name, bytes, file) = match name.as_str() {
            "-" => ("stdin".to_owned(), session.sources.stdin(), None),
            _ => (
                name.clone(),
                session.sources.file(&name),
                fs::canonicalize(session.settings.home.expand(Path::new(&name))).ok(),
            ),
        };
        let unreadable = |cause| Faults::from(BindError::Source { place: name.clone(), cause, span: word.span });
        let text = String::from_utf8(bytes.map_err(&unreadable)?).map_err(|error| {
            let good = String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or(&[]));
            unreadable(format!("line {} is not UTF-8 text", line_number(&good)))
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let round = session.scripts.iter().any(|running| running.file.is_some() && running.file == file);
        if round {
            return Err(CallError::usage(format!("{name} is running already and would never end"), Some(word.span)));
        }
        if session.scripts.len() >= DEEPEST {
            return Err(CallError::usage(format!("scripts run each other {DEEPEST} deep at most"), Some(word.span)));
        }
        Ok(Script { name, text, file })
    }
}

impl Session {
    /// Runs the lines of a script. Nothing runs unless nothing can be known to be wrong with any of them. The first that
    /// fails ends it, or is the error in the end if it is to keep going; every error has been reported when this
    /// returns one.
    pub fn run_script(&mut self, script: Script, keep_going: bool) -> Result<Flow, CallError> {
        self.within(&script, |session| {
            let read = Read::of(&script.text);
            let judged = session.judge_script(&read, &script.text)?;
            session.run_lines(&script.text, (&read.lines, judged), keep_going)
        })
    }

    /// Does something whose errors lie in a script, and marks the error as one that has been told.
    pub(crate) fn within<T>(
        &mut self,
        script: &Script,
        act: impl FnOnce(&mut Session) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        self.scripts.push(Running { name: script.name.clone(), file: script.file.clone() });
        // The line that runs it may have been recalled; its own lines have not.
        let recalled = mem::take(&mut self.recalled);
        let done = act(self);
        self.recalled = recalled;
        self.scripts.pop();
        done.map_err(|error| match error {
            told @ CallError::Told(_) => told,
            error => CallError::Told(Box::new(error)),
        })
    }

    /// Reports an error of a script's line.
    pub(crate) fn told_in(&mut self, script: &Script, error: &CallError, line: &Line) {
        self.scripts.push(Running { name: script.name.clone(), file: None });
        self.tell(error, &script.text, Some(line));
        self.scripts.pop();
    }

    fn run_lines(
        &mut self,
        text: &str,
        (lines, judged): (&[Line], Judged),
        keep_going: bool,
    ) -> Result<Flow, CallError> {
        let mut first = None;
        let (mut failed, mut flow, mut known) = (0, Flow::Continue, judged.effects.len());
        for (done, line) in lines.iter().enumerate() {
            if done == known {
                known += self.judge(lines.get(done..).unwrap_or_default(), text)?.effects.len();
            }
            // A secret that a variable stands for is known once the lines before it have run.
            self.learn_line(text, line.span);
            match self.run_line(line, text) {
                Ok(Flow::Quit) => {
                    flow = Flow::Quit;
                    break;
                }
                Ok(Flow::Continue) => {}
                Err(error) if keep_going && !ends_all(&error) && !self.is_interrupted() => {
                    failed += 1;
                    first.get_or_insert(error);
                    self.memory.forget("the line that was to bring it failed");
                }
                Err(error) => return Err(first.unwrap_or(error)),
            }
            let left = lines.len() - done - 1;
            if self.is_interrupted() && left > 0 {
                self.console.note(&left_out(left));
                break;
            }
        }
        let Some(first) = first else { return Ok(flow) };
        self.console.note(&format!("note: {failed} of {} lines failed", lines.len()));
        Err(first)
    }

    /// Whether Ctrl-C was pressed where no call was waited for, or the process is about to end.
    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed) || signals::ending().is_some()
    }
}

/// Whether nothing more is wanted after an error, however hard one is to keep going.
fn ends_all(error: &CallError) -> bool {
    error.class() == Class::ReaderGone || error.class().broken_by().is_some()
}
