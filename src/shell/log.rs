//! The lines on disk: kept one by one before they run, shared with other shells, shown by `history`.

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::process;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use history::{Account, Entry, Error, Journal, Keep, Millis};

use crate::engine::{self, Lines};

/// So many lines are kept, the newest.
const KEPT: u64 = 10_000;

/// The record of lines; none when they are not kept. Copies are the same record.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Rc<RefCell<Option<Open>>>);

#[derive(Debug)]
struct Open {
    journal: Journal,
    /// Lines that are too many have been removed in this session.
    tended: bool,
}

impl Log {
    /// Opens the journal in a folder. The first time, it takes the lines over that an older version kept in `older`.
    pub(super) fn open(folder: &Path, older: &Path) -> Result<Log, Error> {
        let journal = Journal::at(folder, session()).taking_over(older);
        journal.open()?;
        Ok(Log(Rc::new(RefCell::new(Some(Open { journal, tended: false })))))
    }

    /// The newest lines of earlier sessions, the oldest first.
    pub(super) fn earlier(&self, most: usize) -> Vec<String> {
        self.newest(most).and_then(Result::ok).unwrap_or_default()
    }

    /// Keeps a line, without what is at the places to hide. After a failure no more lines are kept.
    pub(super) fn keep(
        &self,
        line: &str,
        hide: &[Range<usize>],
        account: Option<&engine::Account>,
    ) -> Result<(), Error> {
        let mut log = self.0.borrow_mut();
        let kept = log.as_mut().map_or(Ok(()), |open| open.keep(line, hide, account));
        if kept.is_err() {
            *log = None;
        }
        kept
    }

    /// What other shells have stored since this was last asked. What cannot be read is not worth a word: it is only
    /// missing among the lines to recall.
    pub(super) fn news(&self) -> Vec<String> {
        let news = self.0.borrow().as_ref().and_then(|open| open.journal.news().ok());
        texts(news.unwrap_or_default())
    }
}

impl Open {
    fn keep(&mut self, line: &str, hide: &[Range<usize>], account: Option<&engine::Account>) -> Result<(), Error> {
        let account = account.map(|account| Account {
            provider: account.target.provider.clone(),
            profile: account.named.then(|| account.target.profile.clone()),
            id: None,
        });
        self.journal.append(now(), account.as_ref(), line, hide)?;
        if !self.tended {
            self.tended = true;
            self.journal.tend(&Keep { lines: Some(KEPT), ..Keep::default() })?;
        }
        Ok(())
    }
}

impl Lines for Log {
    fn newest(&self, most: usize) -> Option<io::Result<Vec<String>>> {
        let entries = self.0.borrow().as_ref()?.journal.load(most);
        Some(entries.map(texts).map_err(io::Error::other))
    }
}

fn texts(entries: Vec<Entry>) -> Vec<String> {
    entries.into_iter().map(|entry| entry.text).collect()
}

/// A name that no other session has: when it began, and the number of its process.
fn session() -> String {
    format!("{:x}-{}", now(), process::id())
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
