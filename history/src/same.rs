//! The same change from two shells at once: looking for the one and putting the other on record is one step.

use crate::call::{Call, CallId, NewCall};
use crate::database::Survives;
use crate::error::Result;
use crate::journal::Journal;
use crate::query;
use crate::rows::{Begun, insert};

/// What became of the attempt to put changes on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// All of them are on record, under these numbers.
    Begun(Vec<CallId>),
    /// None of them is, because of this call.
    Refused(Box<Call>),
}

impl Journal {
    /// Puts changes on record like [`Journal::begin_changes`], unless there is another call whose outcome is not known,
    /// which asked the same of the same account and for which `is_in_the_way` holds. No other process can begin a call
    /// between the look and the record.
    pub fn begin_changes_unless(
        &self,
        calls: &[NewCall],
        is_in_the_way: impl Fn(&NewCall, &Call) -> bool,
    ) -> Result<Start> {
        self.write(Survives::PowerLoss, |transaction| {
            for call in calls {
                let same = query::same_unknown(transaction, &call.account, &call.request)?;
                if let Some(other) = same.into_iter().rfind(|other| is_in_the_way(call, other)) {
                    return Ok(Start::Refused(Box::new(other)));
                }
            }
            let begun = Begun { session: &self.session, process: self.process, is_change: true, attempts: 1 };
            let rows = calls.iter().map(|call| insert(transaction, call, &begun, None));
            rows.collect::<Result<Vec<_>>>().map(Start::Begun)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::tests::{done, fresh, new_call, other};

    #[test]
    fn only_one_of_several_shells_begins_the_same_change() {
        const SHELLS: usize = 4;
        let (_folder, journal) = fresh();
        for round in 0..20 {
            let call = new_call("a", &format!("r{round}"));
            let barrier = Barrier::new(SHELLS);
            let begin = || {
                let shell = other(&journal);
                shell.open().unwrap();
                barrier.wait();
                shell.begin_changes_unless(std::slice::from_ref(&call), |_, _| true).unwrap()
            };
            let starts: Vec<Start> = thread::scope(|scope| {
                let shells: Vec<_> = (0..SHELLS).map(|_| scope.spawn(begin)).collect();
                shells.into_iter().map(|shell| shell.join().unwrap()).collect()
            });
            let begun: Vec<_> = starts.iter().filter(|start| matches!(start, Start::Begun(_))).collect();
            assert_eq!(begun.len(), 1, "{starts:?}");
            let row = journal.open_calls(None).unwrap().last().map(|call| call.id).unwrap();
            let refused = |start: &Start| matches!(start, Start::Refused(call) if call.id == row);
            assert_eq!((begun[0], starts.iter().filter(|start| refused(start)).count()), (&Start::Begun(vec![row]), 3));
        }
    }

    #[test]
    fn all_changes_begin_or_none_does() {
        let (_folder, journal) = fresh();
        let begin = |requests: &[&str], known: i64| {
            let calls: Vec<NewCall> = requests.iter().map(|request| new_call("a", request)).collect();
            journal.begin_changes_unless(&calls, |_, call| call.id > CallId(known)).unwrap()
        };
        let begun = |ids: &[i64]| Start::Begun(ids.iter().copied().map(CallId).collect());
        // Calls that leave together are not in each other's way.
        assert_eq!(begin(&["x", "x", "y"], 0), begun(&[1, 2, 3]));
        assert!(matches!(begin(&["z", "y"], 2), Start::Refused(call) if call.id == CallId(3)));
        assert_eq!(journal.count_open(None).unwrap(), 3);
        assert_eq!(begin(&["z", "y"], 3), begun(&[4, 5]));
        // What is known, and what another account asked for, is not in the way.
        journal.finish(CallId(4), &done()).unwrap();
        assert_eq!(begin(&["z"], 0), begun(&[6]));
        let elsewhere = [new_call("b", "y")];
        assert_eq!(journal.begin_changes_unless(&elsewhere, |_, _| true).unwrap(), begun(&[7]));
    }
}
