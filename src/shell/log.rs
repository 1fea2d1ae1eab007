//! The history: lines are stored one by one before they run, and shared with other shells.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use history::{Entry, Error, Journal, Keep, LineId};

use crate::engine::Account;

/// The history; none if lines are not stored. Clones share the same history.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Rc<RefCell<Option<Open>>>);

#[derive(Debug)]
struct Open {
    journal: Arc<Journal>,
    /// What is to be kept, until the rest has been removed in this session.
    keep: Option<Keep>,
}

impl Log {
    /// Opens the journal now, so that a fault of it is known before the first line is typed.
    pub(super) fn open(journal: &Arc<Journal>, keep: Keep) -> Result<Log, Error> {
        journal.open()?;
        let journal = Arc::clone(journal);
        Ok(Log(Rc::new(RefCell::new(Some(Open { journal, keep: Some(keep) })))))
    }

    /// The newest lines of earlier sessions, at most `most`, the oldest first.
    pub(super) fn earlier(&self, most: usize) -> Vec<String> {
        let entries = self.0.borrow().as_ref().and_then(|open| open.journal.load(most).ok());
        texts(entries.unwrap_or_default())
    }

    /// Keeps a line, without what is at the places to hide, and returns its number; `None` for one that is not to be
    /// kept. After a failure no more lines are kept.
    pub(super) fn keep(
        &self,
        line: &str,
        hide: &[Range<usize>],
        account: Option<&Account>,
    ) -> Result<Option<LineId>, Error> {
        let mut log = self.0.borrow_mut();
        let kept = log.as_mut().map_or(Ok(None), |open| open.keep(line, hide, account));
        if kept.is_err() {
            *log = None;
        }
        kept
    }

    /// Keeps how a line ended. Where that cannot be written, the line looks as if its process had been killed.
    pub(super) fn ended(&self, line: LineId, exit_code: u8, duration: Duration) {
        if let Some(open) = self.0.borrow().as_ref() {
            let _ = open.journal.line_ended(line, exit_code.into(), duration);
        }
    }

    /// The lines that other shells have stored since the last call. A read error is not reported: the lines are only
    /// missing from recall.
    pub(super) fn news(&self) -> Vec<String> {
        let news = self.0.borrow().as_ref().and_then(|open| open.journal.news().ok());
        texts(news.unwrap_or_default())
    }
}

impl Open {
    fn keep(&mut self, line: &str, hide: &[Range<usize>], account: Option<&Account>) -> Result<Option<LineId>, Error> {
        let account = account.map(Account::on_record);
        let kept = self.journal.append(history::now(), account.as_ref(), line, hide)?;
        if let Some(keep) = self.keep.take() {
            self.journal.tend(&keep)?;
        }
        Ok(kept.id())
    }
}

fn texts(entries: Vec<Entry>) -> Vec<String> {
    entries.into_iter().map(|entry| entry.text).collect()
}
