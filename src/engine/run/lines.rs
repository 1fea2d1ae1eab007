//! Runs lines one after the other: those of a script, and those that a line asks to run.

use std::mem;
use std::sync::atomic::Ordering;

use crate::engine::run::arguments;
use crate::engine::run::batch;
use crate::engine::run::beside;
use crate::engine::run::judge::{Judged, Read};
use crate::engine::run::outcome::{Flow, Outcome, Way};
use crate::engine::run::pipeline;
use crate::engine::run::privacy::complete;
use crate::engine::run::script::Script;
use crate::engine::run::session::Session;
use crate::engine::run::viewing;
use crate::engine::run::watch;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::signals;
use lang::{self, Line};
use model::{Class, Diagnostic, Span};

impl Session {
    /// The lines of a text. When this returns an error, it has been reported.
    pub(crate) fn read(&mut self, text: &str) -> Result<Vec<Line>, CallError> {
        let parsed = match lang::parse(text) {
            Ok(lines) => {
                let read = |line: &Line| complete(text, line.span).and_then(|()| Ok(arguments::filled(line, None)?));
                lines.iter().map(read).collect()
            }
            // The placeholder of a secret looks like an unknown type.
            Err(error) => complete(text, Span::new(0, text.len())).and(Err(error.into())),
        };
        parsed.map_err(|error| self.failed(error, text, None))
    }

    /// Runs one line, and reports its error.
    pub fn run_line(&mut self, line: &Line, text: &str) -> Result<Flow, CallError> {
        self.begun.1 = self.accounts.wire.left();
        self.accounts.ledger.turn();
        self.learn_arguments(line);
        let done = complete(text, line.span).and_then(|()| pipeline::run(self, line));
        let done = done.and_then(|outcome| self.go_on(outcome, (line, text)));
        let done = done.map_err(|error| self.failed(error, text, Some(line)));
        self.accounts.ledger.settle(&mut self.console, &self.accounts.redactor);
        signals::settle();
        done
    }

    /// Runs the lines that a line asks for, if it does.
    fn go_on(&mut self, outcome: Outcome, at: (&Line, &str)) -> Result<Flow, CallError> {
        match outcome {
            Outcome::Done => Ok(Flow::Continue),
            Outcome::Quit => Ok(Flow::Quit),
            Outcome::Batch { script, order } => batch::run(self, &script, &order).map(|()| Flow::Continue),
            Outcome::Watch(watched) => watch::run(self, &watched, at).map(|()| Flow::Continue),
            Outcome::View(line) => viewing::run(self, &line).map(|()| Flow::Continue),
            Outcome::Wait(awaited) => pipeline::wait(self, *awaited).map(|()| Flow::Continue),
            Outcome::Script { script, way, yes } => {
                let before = mem::replace(&mut self.settings.yes, yes);
                let done = self.run_script(script, way);
                self.settings.yes = before;
                done
            }
        }
    }

    /// Runs the lines of a script. If any line is known to be invalid, nothing runs. The first error ends the script,
    /// or is returned at the end if it is to keep going. When this returns an error, all errors have been reported.
    pub fn run_script(&mut self, script: Script, way: Way) -> Result<Flow, CallError> {
        self.within(&script, |session| {
            let read = Read::of(&script);
            let judged = session.judge_script(&read, &script.text)?;
            session.run_lines(&script.text, (&read, judged), way)
        })
    }

    fn run_lines(&mut self, text: &str, (read, judged): (&Read, Judged), way: Way) -> Result<Flow, CallError> {
        let lines = read.lines.as_slice();
        let mut first = None;
        let (mut done, mut failed, mut known) = (0, 0, judged.effects.len());
        while let Some(line) = lines.get(done) {
            if done == known {
                known += self.judge(lines.get(done..).unwrap_or_default(), text)?.effects.len();
            }
            // A secret in a variable is known only when the lines before it have run.
            self.learn_part(text, line.span, &lang::tokens_within(&read.tokens, line.span));
            let mut ended = beside::run(self, text, lines.get(done..known).unwrap_or_default(), way);
            if ended.is_empty() {
                self.unused = self.leaves_unused(lines.get(done + 1), text);
                ended.push(self.run_line(line, text));
                self.unused = false;
            }
            let last = done + ended.len();
            for one in ended {
                done += 1;
                match one {
                    Ok(Flow::Quit) => return self.ended(first, (failed, lines.len()), Flow::Quit),
                    Ok(Flow::Continue) => {}
                    Err(error) if way.keep_going && !ends_all(&error) && !self.is_interrupted() => {
                        failed += 1;
                        first.get_or_insert(error);
                        // What lines beside it have left is theirs.
                        if done == last {
                            self.memory.forget("the line that should have produced it failed");
                        }
                    }
                    Err(error) => return Err(first.unwrap_or(error)),
                }
            }
            let left = lines.len() - done;
            if self.is_interrupted() && left > 0 {
                self.console.note(&left_out(left));
                break;
            }
        }
        self.ended(first, (failed, lines.len()), Flow::Continue)
    }

    /// Whether no line can use the result of the one before this one, or of the last one of a script.
    pub(super) fn leaves_unused(&self, next: Option<&Line>, text: &str) -> bool {
        let unused = match next {
            None => self.scripts.len() == 1,
            // It has a result of its own, or none after an error.
            Some(line) => {
                let words = text.get(line.span.start..line.span.end);
                !self.is_command(line)
                    && line.own_command().is_none()
                    && words.is_some_and(|words| !words.contains('$'))
            }
        };
        unused && self.manner == Manner::Batch
    }

    /// How lines have ended, of which some may have failed.
    fn ended(
        &mut self,
        first: Option<CallError>,
        (failed, lines): (usize, usize),
        flow: Flow,
    ) -> Result<Flow, CallError> {
        let Some(first) = first else { return Ok(flow) };
        self.console.note(&format!("note: {failed} of {lines} lines failed"));
        Err(first)
    }

    /// Whether Ctrl-C was pressed, or the process is about to end: then no further line runs.
    fn is_interrupted(&self) -> bool {
        let pressed = self.interrupted.load(Ordering::Relaxed) || self.accounts.wire.was_interrupted();
        pressed || signals::ending().is_some()
    }
}

/// Whether an error ends everything, even with `--keep-going`.
fn ends_all(error: &CallError) -> bool {
    error.class() == Class::ReaderGone || error.class().broken_by().is_some()
}

/// The note about lines that did not run because of the one before them.
pub(crate) fn left_out(lines: usize) -> String {
    match lines {
        1 => "note: the line after it was skipped".into(),
        _ => format!("note: the {lines} lines after it were skipped"),
    }
}
