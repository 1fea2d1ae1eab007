//! The results of calls side by side, put back in order: the calling thread takes one after the other.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::lane::Message;
use super::order::{Desk, Finished, Why};
use super::queue::Queue;
use crate::engine::accounts::grant::Grant;
use crate::engine::call::progress::Progress;

/// How often the progress is shown, and how long it takes until it is shown first.
const TICK: Duration = Duration::from_secs(1);

/// The results that have come, and those that will.
pub(crate) struct Results<'r, T> {
    /// What a result is delivered with.
    pub(crate) desk: Desk<'r>,
    queue: &'r Queue,
    /// How many calls there are.
    of: usize,
    reports: Receiver<Message<T>>,
    /// What the services give the accounts meanwhile. A thread learns the secrets in it alone.
    grants: Vec<Grant>,
    /// How far the calls are, in words, when so many have ended.
    so_far: &'r dyn Fn(usize) -> String,
    progress: Progress,
    /// Those that came before their turn.
    early: BTreeMap<usize, Finished<T>>,
    /// The place of the next.
    at: usize,
    ended: usize,
    /// No thread is left.
    over: bool,
}

impl<'r, T> Results<'r, T> {
    /// None has come yet.
    pub(super) fn of(
        desk: Desk<'r>,
        (queue, of): (&'r Queue, usize),
        (reports, grants): (Receiver<Message<T>>, Vec<Grant>),
        so_far: &'r dyn Fn(usize) -> String,
    ) -> Results<'r, T> {
        let progress = Progress::of(String::new(), desk.console);
        let (early, at, ended, over) = (BTreeMap::new(), 0, 0, false);
        Results { desk, queue, of, reports, grants, so_far, progress, early, at, ended, over }
    }

    /// The next result, once it is there: its place, and how it ended.
    pub(crate) fn next(&mut self) -> Option<(usize, Finished<T>)> {
        // What was taken before has been delivered.
        self.queue.delivered(self.at);
        while !self.over && !self.early.contains_key(&self.at) {
            self.wait();
        }
        if self.at >= self.of {
            return None;
        }
        let why = || self.queue.stopped().unwrap_or(Why::Failure);
        let finished = self.early.remove(&self.at).unwrap_or_else(|| Finished::unsent(why()));
        self.progress.clear(self.desk.console);
        self.at += 1;
        Some((self.at - 1, finished))
    }

    fn wait(&mut self) {
        match self.reports.recv_timeout(TICK) {
            Ok(Message { index, finished, traces }) => {
                self.ended += 1;
                self.grants.iter().for_each(|grant| grant.teach(self.desk.redactor));
                self.desk.ledger.take_up(traces);
                self.early.insert(index, finished);
            }
            Err(RecvTimeoutError::Timeout) => {
                if self.progress.is_live() {
                    let words = (self.so_far)(self.ended);
                    self.progress.show(self.desk.console, self.desk.redactor, &words, None);
                }
            }
            Err(RecvTimeoutError::Disconnected) => self.over = true,
        }
    }

    /// Waits for the calls that are under way. With `failed`, no other begins.
    pub(super) fn end(mut self, failed: bool) {
        if failed {
            self.queue.stop(Why::Failure);
        }
        while self.next().is_some() {}
        self.progress.end(self.desk.console);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::engine::call::side_by_side::order::Ended;
    use crate::engine::state::console::Console;
    use crate::engine::state::ledger::{Ledger, Traces};
    use model::Redactor;

    /// The places and values of what is taken of such messages, by a taker that has had enough after `most`.
    fn taken(of: usize, came: &[usize], most: usize) -> Vec<(usize, Option<usize>)> {
        let (report, reports) = mpsc::channel();
        for index in came {
            let finished = Finished { ended: Ended::Done(*index), row: None, notes: Vec::new() };
            report.send(Message { index: *index, finished, traces: Traces::default() }).unwrap();
        }
        drop(report);
        let (mut redactor, mut ledger) = (Redactor::default(), Ledger::default());
        let mut console = Console::of_notes(Box::new(std::io::sink()));
        let desk = Desk { redactor: &mut redactor, ledger: &mut ledger, console: &mut console };
        let queue = Queue::new(Vec::new(), Vec::new(), Vec::new(), 9);
        let mut results = Results::of(desk, (&queue, of), (reports, Vec::new()), &|_| String::new());
        let mut all = Vec::new();
        while all.len() < most
            && let Some((at, finished)) = results.next()
        {
            let done = if let Ended::Done(value) = finished.ended { Some(value) } else { None };
            all.push((at, done));
        }
        results.end(false);
        all
    }

    #[test]
    fn results_are_taken_in_order_and_those_that_never_began_are_there() {
        assert_eq!(taken(3, &[2, 0, 1], 9), [(0, Some(0)), (1, Some(1)), (2, Some(2))]);
        assert_eq!(taken(3, &[2, 0], 9), [(0, Some(0)), (1, None), (2, Some(2))]);
        assert_eq!(taken(3, &[2, 0, 1], 1), [(0, Some(0))]);
        assert_eq!(taken(0, &[], 9), []);
    }
}
