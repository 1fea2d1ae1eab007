//! The lines on disk: kept one by one before they run, shared with other shells, shown by `history`.

use std::cell::RefCell;
use std::io;
use std::path::Path;
use std::rc::Rc;

use history::History;

use crate::engine::Lines;

/// The record of lines; none when they are not kept. Copies are the same record.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Rc<RefCell<Option<History>>>);

impl Log {
    /// Opens the record.
    pub(super) fn open(path: &Path) -> io::Result<Log> {
        Ok(Log(Rc::new(RefCell::new(Some(History::open(path)?)))))
    }

    /// The newest lines of earlier sessions, the oldest first.
    pub(super) fn earlier(&self, most: usize) -> Vec<String> {
        self.newest(most).and_then(Result::ok).unwrap_or_default()
    }

    /// Keeps a line, without what is at the places to hide. After a failure no more lines are kept.
    pub(super) fn keep(&self, line: &str, hide: &[std::ops::Range<usize>]) -> io::Result<()> {
        let mut log = self.0.borrow_mut();
        let kept = log.as_mut().map_or(Ok(()), |log| log.append(line, hide).map(|_| ()));
        if kept.is_err() {
            *log = None;
        }
        kept
    }

    /// What other shells have stored since this was last asked. What cannot be read is not worth a word: it is only
    /// missing among the lines to recall.
    pub(super) fn news(&self) -> Vec<String> {
        let news = self.0.borrow_mut().as_mut().and_then(|log| log.news().ok());
        news.unwrap_or_default().into_iter().map(|entry| entry.text).collect()
    }
}

impl Lines for Log {
    fn newest(&self, most: usize) -> Option<io::Result<Vec<String>>> {
        let entries = self.0.borrow().as_ref()?.load(most);
        Some(entries.map(|entries| entries.into_iter().map(|entry| entry.text).collect()))
    }
}
