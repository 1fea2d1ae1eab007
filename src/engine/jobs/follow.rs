//! Waiting for work to end: it is read again and again, more and more seldom, until it is over, the time is up or the
//! user has had enough. Nothing is sent but readings.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::error::CallError;
use super::super::exchange::Exchange;
use super::super::progress::Progress;
use super::error::JobError;
use super::state::{Report, State};
use super::watch::{Look, Watch};
use crate::model::{Class, Diagnostic, Method, Value};
use crate::wire::{Timeouts, WireError};

/// The first wait between two readings, and the longest; each is half as long again as the one before.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);
/// On a screen the clock goes on meanwhile.
const TICK: Duration = Duration::from_secs(1);
/// What has just been asked for may not be listed yet: so many readings, about half a minute, may pass without it.
const UNSEEN: usize = 10;

/// How the waiting ended.
pub(super) struct Followed {
    /// The work as it was read last; `None` when it never was, or is gone.
    pub(super) task: Option<Value>,
    /// What the last reading told.
    pub(super) state: String,
    /// The method that read it.
    pub(super) reading: Option<Arc<Method>>,
    /// Nothing when it ended well.
    pub(super) error: Option<CallError>,
}

/// One wait.
struct Follow<'f, 's> {
    exchange: &'f mut Exchange<'s>,
    watch: &'f mut Watch,
    progress: Progress,
    limit: Duration,
    deadline: Instant,
    timeouts: Timeouts,
    /// How to come back, in case it does not end.
    back: &'f dyn Fn(&Watch) -> String,
    task: Option<Value>,
    state: String,
}

/// Waits for what is watched.
pub(super) fn follow(
    exchange: &mut Exchange<'_>,
    watch: &mut Watch,
    limit: Duration,
    back: &dyn Fn(&Watch) -> String,
) -> Followed {
    let progress = Progress::of(watch.what(), exchange.console);
    let (deadline, timeouts) = (Instant::now() + limit, exchange.timeouts);
    let state = "not seen yet".to_owned();
    let mut follow = Follow { exchange, watch, progress, limit, deadline, timeouts, back, task: None, state };
    let mut reading = None;
    let error = follow.run(&mut reading);
    let Follow { progress, task, state, exchange, .. } = follow;
    progress.end(exchange.console);
    Followed { task, state, reading, error }
}

impl Follow<'_, '_> {
    fn run(&mut self, reading: &mut Option<Arc<Method>>) -> Option<CallError> {
        let method = match self.watch.ready(self.exchange) {
            Ok(method) => reading.insert(method),
            Err(error) => return Some(self.broken(error)),
        };
        let (mut pace, mut unseen) = (FIRST, 0);
        loop {
            self.exchange.timeouts = self.timeouts.within(self.left().max(TICK));
            let read = self.exchange.value(&self.watch.call(method));
            match read.map(|(answer, _)| self.watch.look(answer)) {
                Ok(Ok(Look::Here { task, report })) => {
                    self.task = Some(task);
                    if let Some(end) = self.heard(report) {
                        return end;
                    }
                }
                Ok(Ok(Look::Gone)) => {
                    unseen += 1;
                    if let Some(end) = self.missed(unseen) {
                        return end;
                    }
                }
                Ok(Err(field)) => return self.untold(field),
                Err(error) if self.is_gone(&error) => return self.gone(),
                Err(error) if error.class() == Class::Interrupted => return job(self.left_running(None)),
                Err(error) if passes(&error) => self.show(&format!("no answer ({error}), asking again"), None),
                Err(error) => return Some(self.broken(error)),
            }
            if self.left().is_zero() {
                return job(self.left_running(Some(self.limit)));
            }
            if self.pause(pace.min(self.left())).is_err() {
                return job(self.left_running(None));
            }
            pace = (pace * 3 / 2).min(LONGEST);
        }
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Takes in what a reading told. The outer `None` is that it goes on.
    fn heard(&mut self, report: Report) -> Option<Option<CallError>> {
        self.state.clone_from(&report.words);
        match report.state {
            State::Running => {
                self.show(&report.line(), report.percent);
                None
            }
            State::Well => Some(None),
            State::Badly => {
                let Report { words: state, reason, .. } = report;
                Some(job(JobError::Failed { what: self.watch.what(), state, reason }))
            }
        }
    }

    /// What is not there is gone, or has not come yet.
    fn missed(&mut self, times: usize) -> Option<Option<CallError>> {
        if self.watch.begins.gone || self.task.is_some() || times >= UNSEEN {
            return Some(self.gone());
        }
        None
    }

    fn gone(&mut self) -> Option<CallError> {
        self.task = None;
        if self.watch.begins.gone {
            self.state = "gone".into();
            return None;
        }
        self.state = "not there".into();
        job(JobError::Vanished { what: self.watch.what(), method: self.watch.rule.method.clone() })
    }

    fn is_gone(&self, error: &CallError) -> bool {
        let CallError::Fault(refusal) = error else { return false };
        refusal.fault.code.as_ref().is_some_and(|code| self.watch.rule.gone.contains(code))
    }

    fn left_running(&self, waited: Option<Duration>) -> JobError {
        let (what, state, back) = (self.watch.what(), self.state.clone(), (self.back)(self.watch));
        JobError::Running { what, state, waited, back }
    }

    /// It cannot be looked at; where nothing but looking was asked for, that is all there is to say.
    fn broken(&self, error: CallError) -> CallError {
        if self.task.is_none() && self.watch.only_reads() {
            return error;
        }
        CallError::Job(Box::new(JobError::Broken {
            what: self.watch.what(),
            error: Box::new(error),
            back: (self.back)(self.watch),
        }))
    }

    fn untold(&self, field: String) -> Option<CallError> {
        job(JobError::Untold { what: self.watch.what(), method: self.watch.rule.method.clone(), field })
    }

    fn show(&mut self, words: &str, percent: Option<i64>) {
        self.progress.show(self.exchange.console, self.exchange.redactor, words, percent);
    }

    /// Lets time pass. An error is Ctrl-C.
    fn pause(&mut self, length: Duration) -> Result<(), WireError> {
        let (mut left, tick) = (length, if self.progress.is_live() { TICK } else { length });
        while !left.is_zero() {
            let step = left.min(tick);
            self.exchange.wire.pause(step)?;
            left -= step;
            self.progress.tick(self.exchange.console);
        }
        Ok(())
    }
}

fn job(error: JobError) -> Option<CallError> {
    Some(CallError::Job(Box::new(error)))
}

/// Whether the next reading may well succeed: the line was down, or the service was.
fn passes(error: &CallError) -> bool {
    error.retryable() || matches!(error.class(), Class::NotReached | Class::Failed)
}
