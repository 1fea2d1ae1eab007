//! The history: lines are stored one by one before they run, and shared with other shells.

use std::cell::RefCell;
use std::mem;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use history::{Error, Journal, Keep, LineId, Recalled};

use crate::engine::Account;

/// The history; none if lines are not stored. Clones share the same history.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Rc<RefCell<Option<Open>>>);

#[derive(Debug)]
struct Open {
    journal: Arc<Journal>,
    /// What is to be kept, until the rest has been removed in this session.
    keep: Option<Keep>,
    /// The last line could not be kept, and the user knows.
    failing: bool,
}

/// What became of a line that was to be kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Its number; `None` for one that is not kept.
    pub(super) line: Option<LineId>,
    /// What the user has to know.
    pub(super) note: Option<String>,
}

impl Log {
    /// Opens the journal now, so that a fault of it is known before the first line is typed.
    pub(super) fn open(journal: &Arc<Journal>, keep: Keep) -> Result<Log, Error> {
        journal.open()?;
        let journal = Arc::clone(journal);
        Ok(Log(Rc::new(RefCell::new(Some(Open { journal, keep: Some(keep), failing: false })))))
    }

    /// The newest lines of other sessions, at most `most`, those of the account first. A read error is not reported: the
    /// lines are only missing from recall.
    pub(super) fn earlier(&self, account: Option<&history::Account>, most: usize) -> Recalled {
        self.0.borrow().as_ref().and_then(|open| open.journal.recall(account, most).ok()).unwrap_or_default()
    }

    /// Keeps a line, without what is at the places to hide.
    pub(super) fn keep(&self, line: &str, hide: &[Range<usize>], account: Option<&Account>) -> Kept {
        self.0.borrow_mut().as_mut().map(|open| open.keep(line, hide, account)).unwrap_or_default()
    }

    /// Puts the complete form of a line in the place of what was typed, without what is at the places to hide. Where that
    /// cannot be written, the line stays as it was typed.
    pub(super) fn completed(&self, line: LineId, whole: &str, hide: &[Range<usize>]) {
        if let Some(open) = self.0.borrow().as_ref() {
            let _ = open.journal.line_completed(line, whole, hide);
        }
    }

    /// Keeps how a line ended. Where that cannot be written, the line looks as if its process had been killed.
    pub(super) fn ended(&self, line: LineId, exit_code: u8, duration: Duration) {
        if let Some(open) = self.0.borrow().as_ref() {
            let _ = open.journal.line_ended(line, exit_code.into(), duration);
        }
    }

    /// Whether other sessions have stored lines since the last call.
    pub(super) fn has_news(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(|open| open.journal.has_news().unwrap_or(false))
    }
}

impl Open {
    /// A failure is reported once, until it is over. Later lines are tried again: the next one may be kept.
    fn keep(&mut self, line: &str, hide: &[Range<usize>], account: Option<&Account>) -> Kept {
        let account = account.map(Account::on_record);
        match self.journal.append(history::now(), account.as_ref(), line, hide) {
            Ok(kept) => {
                self.failing = false;
                Kept { line: kept.id(), note: self.tend() }
            }
            Err(error) => {
                let known = mem::replace(&mut self.failing, true);
                let note = format!("note: lines cannot be saved at the moment: {error}");
                Kept { line: None, note: Some(note).filter(|_| !known) }
            }
        }
    }

    /// Removes what is too old, once. If that fails, the next session tries again.
    fn tend(&mut self) -> Option<String> {
        let error = self.journal.tend(&self.keep.take()?).err()?;
        Some(format!("note: old lines and calls could not be removed from the journal: {error}"))
    }
}
