//! The durable record of the lines a user typed, with secrets cut out.
//!
//! One file, one line an entry, newest last, readable by its owner only. Several shells may share it: each entry is
//! one write at the end of the file under its lock.

mod cut;
mod escape;
mod store;

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::path::Path;

pub use cut::STAND_IN;
use store::Store;

/// More lines than this, and the file is cut back when it is opened …
const MOST: usize = 10_000;
/// … to so many of the newest.
const KEPT: usize = 5_000;

/// The record of the lines a user typed.
#[derive(Debug)]
pub struct History {
    store: Store,
    /// The newest entry that this shell knows of, as it was stored.
    last: Option<String>,
}

/// A line that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line; one that went over several lines has line feeds in it.
    pub text: String,
    /// Whether something was cut out of it, so that it cannot be run as it stands.
    pub redacted: bool,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is on record.
    Stored,
    /// It is empty, begins with a blank, or repeats the newest entry.
    Skipped,
}

impl History {
    /// Opens the record, and makes it and its folders when they are missing. Others who could read the file before
    /// cannot any more. A file that has grown too long is cut back to its newest part.
    pub fn open(path: impl AsRef<Path>) -> io::Result<History> {
        let mut store = Store::open(path.as_ref())?;
        store.keep_newest(MOST, KEPT)?;
        let last = newest(&store.read()?, 1).pop().map(|entry| entry.text);
        Ok(History { store, last })
    }

    /// Puts a line on record, with [`STAND_IN`] in the place of each range of bytes to hide. The ranges may come in
    /// any order and overlap; those that split a character or reach beyond the line are widened or cut to fit.
    pub fn append(&mut self, line: &str, hide: &[Range<usize>]) -> io::Result<Appended> {
        if line.trim().is_empty() || line.starts_with(char::is_whitespace) {
            return Ok(Appended::Skipped);
        }
        let text = cut::cut(line, hide);
        if self.last.as_deref() == Some(&*text) {
            return Ok(Appended::Skipped);
        }
        self.store.append(&escape::escape(&text))?;
        self.last = Some(text.into_owned());
        Ok(Appended::Stored)
    }

    /// What other shells have stored since this was last asked, the newest last. Cheap when there is nothing.
    pub fn news(&mut self) -> io::Result<Vec<Entry>> {
        Ok(newest(&self.store.news()?, usize::MAX))
    }

    /// The newest entries, the very newest last; those of other shells among them.
    pub fn load(&self, most: usize) -> io::Result<Vec<Entry>> {
        Ok(newest(&self.store.read()?, most))
    }
}

/// The last entries of a file. Bytes that are no text are replaced, and a line that broke off counts as it is.
fn newest(content: &[u8], most: usize) -> Vec<Entry> {
    let lines = content.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut entries: Vec<Entry> = lines.take(most).map(|line| entry(String::from_utf8_lossy(line))).collect();
    entries.reverse();
    entries
}

fn entry(line: Cow<'_, str>) -> Entry {
    let text = escape::unescape(&line);
    // A line that was recalled and typed again with the stand-in in it can be run no more than the first one.
    let redacted = text.contains(STAND_IN);
    Entry { text, redacted }
}

#[cfg(test)]
mod tests;
