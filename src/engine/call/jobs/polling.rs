//! Waits for work to end: reads its state again and again, at growing intervals, until it has ended, the time is up or
//! the user cancels. Only reads are sent.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::state::{Report, State};
use super::watch::{Look, Watch};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::progress::Progress;
use crate::engine::state::error::CallError;
use crate::engine::state::job_error::JobError;
use crate::wire::{Timeouts, WireError};
use model::{Class, Diagnostic, Method, Value};

/// The first and the longest pause between two reads. Each pause is half as long again as the one before.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);
/// How often the clock on the screen is updated.
const TICK: Duration = Duration::from_secs(1);
/// New work may not be listed yet. It may be missing from so many reads, which take about half a minute.
const UNSEEN: usize = 10;
/// The state of work that has not been read yet.
const UNREAD: &str = "not seen yet";

/// Nothing when the work ended well.
type End = Result<(), CallError>;

/// How the waiting ended.
pub(super) struct Followed {
    /// The work as it was last read; `None` if it never was, or no longer exists.
    pub(super) task: Option<Value>,
    /// Its state at the last read.
    pub(super) state: String,
    /// The method that read it.
    pub(super) reading: Option<Arc<Method>>,
    /// The outcome is known, not only that it has ended.
    pub(super) certain: bool,
    /// An error unless it ended well.
    pub(super) end: End,
}

/// One wait.
struct Follow<'f, 's> {
    exchange: &'f mut Exchange<'s>,
    watch: &'f mut Watch,
    progress: Progress,
    limit: Duration,
    deadline: Instant,
    timeouts: Timeouts,
    /// What to type to continue waiting, if it does not end.
    back: &'f dyn Fn(&Watch) -> String,
    task: Option<Value>,
    /// The method that showed the outcome, if it is not the one that showed the work.
    teller: Option<Arc<Method>>,
    /// A note for the end of the wait.
    remark: Option<String>,
    /// How many reads in a row did not show it.
    unseen: usize,
    state: String,
    /// The first failure, while the rest of several pieces of work is waited for.
    failed: Option<CallError>,
    /// The next piece of work has not been read yet.
    turned: bool,
}

/// Waits for the work.
pub(super) fn follow(
    exchange: &mut Exchange<'_>,
    watch: &mut Watch,
    limit: Duration,
    back: &dyn Fn(&Watch) -> String,
) -> Followed {
    let progress = Progress::of(watch.what(), exchange.console);
    exchange.wire.quiet(true);
    let (deadline, timeouts) = (Instant::now() + limit, exchange.timeouts);
    exchange.until = Some(deadline);
    let mut follow = Follow {
        exchange,
        watch,
        progress,
        limit,
        deadline,
        timeouts,
        back,
        task: None,
        teller: None,
        remark: None,
        unseen: 0,
        state: UNREAD.to_owned(),
        failed: None,
        turned: false,
    };
    let mut reading = None;
    let end = follow.run(&mut reading);
    let Follow { mut progress, task, teller, remark, state, exchange, failed, .. } = follow;
    progress.end(exchange.console);
    exchange.wire.quiet(false);
    let certain = remark.is_none();
    if let Some(remark) = remark {
        exchange.console.note(&exchange.redactor.foreign(&format!("note: {remark}")));
    }
    let end = match (end, failed) {
        // What has failed is certain, whatever became of the rest.
        (Err(error), Some(failed)) => {
            exchange.console.note(&exchange.redactor.foreign(&format!("note: {error}")));
            Err(failed)
        }
        (end, _) => end,
    };
    Followed { task, state, reading: teller.or(reading), certain, end }
}

impl Follow<'_, '_> {
    fn run(&mut self, reading: &mut Option<Arc<Method>>) -> End {
        let ready = self.watch.ready(self.exchange);
        let method = reading.insert(ready.map_err(|error| self.broken(error))?);
        let mut pace = FIRST;
        loop {
            if let ControlFlow::Break(end) = self.read(method) {
                return end;
            }
            if self.left().is_zero() {
                return Err(self.left_running(Some(self.limit)));
            }
            if std::mem::take(&mut self.turned) {
                pace = FIRST;
                continue;
            }
            self.pause(pace.min(self.left())).map_err(|_| self.left_running(None))?;
            pace = (pace * 3 / 2).min(LONGEST);
        }
    }

    /// Reads once, and returns whether the wait is over.
    fn read(&mut self, method: &Arc<Method>) -> ControlFlow<End> {
        self.exchange.timeouts = self.timeouts.within(self.left().max(TICK));
        let read = self.exchange.value(&self.watch.call(method));
        match read.map(|(answer, _)| self.watch.look(answer)) {
            Ok(Ok(Look::Here { task, report })) => self.evaluate(task, report),
            Ok(Ok(Look::Gone)) => self.missed(),
            Ok(Err(field)) => ControlFlow::Break(Err(self.untold(field))),
            Err(error) if error.class().broken_by().is_some() => ControlFlow::Break(Err(self.left_running(None))),
            Err(error) if self.nothing_yet() => ControlFlow::Break(Err(error)),
            Err(error) if self.watch.is_gone(&error) => self.missed(),
            Err(error) if passes(&error) => {
                self.show(&format!("no answer ({error}), trying again"), None);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Err(self.broken(error))),
        }
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Evaluates the result of a read.
    fn evaluate(&mut self, task: Value, report: Report) -> ControlFlow<End> {
        self.task = Some(task);
        self.unseen = 0;
        self.state.clone_from(&report.words);
        match report.state {
            State::Running => {
                self.show(&report.line(), report.percent);
                ControlFlow::Continue(())
            }
            State::Well => self.over(None),
            State::Badly => {
                let Report { words: state, reason, .. } = report;
                self.over(Some(job(JobError::Failed { what: self.watch.what(), state, reason })))
            }
        }
    }

    /// One piece of work has ended. If there are others, they are waited for, whether it failed or not.
    fn over(&mut self, failure: Option<CallError>) -> ControlFlow<End> {
        self.failed = self.failed.take().or(failure);
        if self.watch.turn(self.task.as_ref()) {
            (self.task, self.unseen, self.turned) = (None, 0, true);
            UNREAD.clone_into(&mut self.state);
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(self.failed.take().map_or(Ok(()), Err))
    }

    /// Work that is not shown has gone, or is not there yet.
    fn missed(&mut self) -> ControlFlow<End> {
        self.unseen += 1;
        if self.watch.rule.listed {
            return self.left_the_list();
        }
        let goes = self.watch.begins.gone;
        if !goes && self.task.is_none() && self.unseen < UNSEEN {
            return ControlFlow::Continue(());
        }
        self.task = None;
        self.state = if goes { "gone".into() } else { "not there".into() };
        let vanished = || JobError::Vanished { what: self.watch.what(), method: self.watch.rule.method.clone() };
        if goes { self.over(None) } else { ControlFlow::Break(Err(job(vanished()))) }
    }

    /// If work is listed only while it is running, it has ended or is not listed yet: the record of its end decides.
    fn left_the_list(&mut self) -> ControlFlow<End> {
        let seen = self.task.is_some();
        let asked = match self.watch.ended(self.exchange) {
            Ok(Some(call)) => self.exchange.value(&call).map(|(list, _)| Some((call.method, list))),
            Ok(None) => Ok(None),
            Err(error) => return ControlFlow::Break(Err(self.broken(error))),
        };
        match asked {
            Ok(Some((method, list))) => match self.watch.recorded(list) {
                Ok(Some((record, report))) => {
                    self.teller = Some(method);
                    self.evaluate(record, report)
                }
                Ok(None) if self.unseen < UNSEEN => ControlFlow::Continue(()),
                Ok(None) => ControlFlow::Break(Err(job(JobError::Unrecorded { what: self.watch.what(), seen }))),
                Err(field) => ControlFlow::Break(Err(self.untold(field))),
            },
            Ok(None) if seen => {
                // There is no record of its end: the result is still that of the call.
                (self.task, self.state) = (None, "no longer running".into());
                let what = self.watch.what();
                self.remark = Some(format!("{what} is no longer running; its outcome is not known"));
                ControlFlow::Break(Ok(()))
            }
            Ok(None) if self.unseen < UNSEEN => ControlFlow::Continue(()),
            Ok(None) => ControlFlow::Break(Err(job(JobError::Unrecorded { what: self.watch.what(), seen }))),
            Err(error) if error.class().broken_by().is_some() => ControlFlow::Break(Err(self.left_running(None))),
            Err(error) if passes(&error) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Err(self.broken(error))),
        }
    }

    /// Whether the line only reads, and nothing has been seen: then there is nothing to wait for.
    fn nothing_yet(&self) -> bool {
        self.task.is_none() && self.watch.only_reads()
    }

    fn left_running(&self, waited: Option<Duration>) -> CallError {
        let (what, state, back) = (self.watch.what(), self.state.clone(), (self.back)(self.watch));
        job(JobError::Running { what, state, waited, back })
    }

    fn broken(&self, error: CallError) -> CallError {
        if self.nothing_yet() {
            return error;
        }
        job(JobError::Broken { what: self.watch.what(), error: Box::new(error), back: (self.back)(self.watch) })
    }

    fn untold(&self, field: String) -> CallError {
        job(JobError::Untold { what: self.watch.what(), method: self.watch.rule.method.clone(), field })
    }

    fn show(&mut self, words: &str, percent: Option<i64>) {
        self.progress.show(self.exchange.console, self.exchange.redactor, words, percent);
    }

    /// Pauses. An error means Ctrl-C.
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

fn job(error: JobError) -> CallError {
    CallError::Job(Box::new(error))
}

/// Whether the next read may succeed: the connection or the service failed.
fn passes(error: &CallError) -> bool {
    error.retryable() || matches!(error.class(), Class::NotReached | Class::Failed)
}
