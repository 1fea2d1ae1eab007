//! Reads wait in a file beside the database until the database is opened for another reason, because opening it takes a
//! fifth of the time of a whole call.
//!
//! The file begins with a name that no earlier file had. The database records how many bytes of the file with this name it
//! has taken in, in the same transaction as the rows. If a process is killed before it empties the file, no read is
//! therefore lost or recorded twice, even if other processes add to the file in the meantime.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::call::{CallId, Finish, NewCall};
use crate::database::{Database, Place, Survives};
use crate::error::{Error, Result};
use crate::private;
use crate::rows::{self, Begun};

/// If more bytes than this wait, the database is opened for them: five hundred rows, which it takes in within
/// milliseconds.
const MANY: u64 = 256 * 1024;
/// The limit if the database cannot take them in.
const TOO_MANY: u64 = 4 * 1024 * 1024;
/// Room for an ordinary line.
const LINE: usize = 640;

/// A line of the file.
#[derive(Debug, Deserialize)]
struct Waiting {
    session: String,
    process: u32,
    call: NewCall,
    attempts: u32,
    finish: Finish,
}

/// The same before it is written.
#[derive(Debug, Serialize)]
pub(crate) struct Waits<'c> {
    pub(crate) session: &'c str,
    pub(crate) process: u32,
    pub(crate) call: &'c NewCall,
    pub(crate) attempts: u32,
    pub(crate) finish: &'c Finish,
}

/// The file once it was opened. Its lock is held only while something is added. Threads take turns: they share the lock.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Option<Open>>);

#[derive(Debug)]
struct Open {
    file: File,
    /// Its device and inode.
    identity: (u64, u64),
}

/// How the name of a file begins.
const READS: &str = "reads of ";
/// The length of a name: after its beginning, the time in nanoseconds and the process, both in hexadecimal.
const NAME: u64 = READS.len() as u64 + 16 + 8;

/// Whether any reads wait.
pub(crate) fn wait(place: &Place) -> bool {
    fs::metadata(path(place)).is_ok_and(|found| found.len() > 0)
}

impl Kept {
    /// Adds a line for each. True if so much is waiting that it should be taken in. Fails if the file is longer than it may
    /// be. The usual reason is a database of a newer version, which has to take it in.
    pub(crate) fn append(&self, place: &Place, waiting: &[Waits<'_>]) -> Result<bool> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = path(place);
        // It is closed, and its lock with it, unless it comes back to its place below.
        let (mut open, length) = match kept.take().and_then(|open| open.locked_at(&path)) {
            Some(ready) => ready,
            None => Open::locked(place, &path)?,
        };
        let many = add(&mut open.file, length, waiting);
        if open.file.unlock().is_ok() {
            *kept = Some(open);
        }
        many
    }
}

impl Open {
    /// Opens the file and locks it: no other process can take it in then. Also returns its length.
    fn locked(place: &Place, path: &Path) -> Result<(Open, u64)> {
        let file = private::to_append(&place.folder, path)?;
        file.lock()?;
        let found = file.metadata()?;
        Ok((Open { file, identity: private::identity(&found) }, found.len()))
    }

    /// The same for a file that is open already. `None` if it is no longer the one at the path, or no longer private, or
    /// has no name: all of it would be replaced, so it is opened again for that.
    fn locked_at(self, path: &Path) -> Option<(Open, u64)> {
        self.file.lock().ok()?;
        let found = fs::metadata(path).ok()?;
        let is_in_place = private::identity(&found) == self.identity && private::is_private(&found);
        (is_in_place && found.len() >= NAME).then_some((self, found.len()))
    }
}

/// Adds lines to a locked file of this length.
fn add(file: &mut File, mut before: u64, waiting: &[Waits<'_>]) -> Result<bool> {
    if before > TOO_MANY {
        return Err(Error::Full);
    }
    let mut lines = Vec::with_capacity(LINE * waiting.len());
    if before < NAME {
        // The file is new, or its name is incomplete. Nothing can follow an incomplete name.
        file.set_len(0)?;
        before = 0;
        lines = name().into_bytes();
    }
    for waiting in waiting {
        // The line feed comes before the line, so that an incomplete line does not spoil the next one.
        lines.push(b'\n');
        serde_json::to_writer(&mut lines, waiting).map_err(|error| Error::Database(error.to_string()))?;
    }
    if let Err(error) = file.write_all(&lines) {
        // On a full disk, part of it may have been written.
        let _ = file.set_len(before);
        return Err(error.into());
    }
    Ok(before + lines.len() as u64 > MANY)
}

/// A name that no other file had.
fn name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nanos = u64::try_from(now.as_nanos()).unwrap_or_default();
    format!("{READS}{nanos:016x}{:08x}", std::process::id())
}

pub(crate) fn path(place: &Place) -> PathBuf {
    place.folder.join("journal.reads")
}

/// Moves waiting reads into the database.
pub(crate) fn take_in(place: &Place, database: &mut Database) -> Result<()> {
    match store(place, database)? {
        Some(file) => Ok(file.set_len(0)?),
        None => Ok(()),
    }
}

/// Stores waiting reads in the database, and returns the locked file, which must then be emptied. `None` if no reads wait.
fn store(place: &Place, database: &mut Database) -> Result<Option<File>> {
    if !wait(place) {
        return Ok(None);
    }
    let mut file = File::options().read(true).write(true).open(path(place))?;
    file.lock()?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    let name = String::from_utf8_lossy(content.split(|byte| *byte == b'\n').next().unwrap_or_default());
    database.write(Survives::Kill, |transaction| {
        let taken: Option<i64> = transaction.query_row(TAKEN, params![name], |row| row.get(0)).optional()?;
        let taken = taken.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
        let waiting = content.get(taken..).unwrap_or_default();
        let waiting = str::from_utf8(waiting).map_or_else(|_| String::from_utf8_lossy(waiting), Cow::Borrowed);
        // The name and incomplete lines are not JSON.
        let waiting = waiting.lines().filter_map(|line| serde_json::from_str(line).ok());
        waiting.into_iter().try_for_each(|waiting| insert(transaction, &waiting).map(drop))?;
        // Names of earlier files never occur again.
        transaction.execute("DELETE FROM reads_taken", [])?;
        let bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
        transaction.execute("INSERT INTO reads_taken VALUES (?1, ?2)", params![name, bytes])?;
        Ok(())
    })?;
    Ok(Some(file))
}

fn insert(transaction: &Transaction<'_>, waiting: &Waiting) -> Result<CallId> {
    let Waiting { session, process, call, attempts, finish } = waiting;
    let begun = Begun { session, process: *process, is_change: false, attempts: *attempts };
    rows::insert(transaction, call, &begun, Some(finish))
}

const TAKEN: &str = "SELECT bytes FROM reads_taken WHERE file = ?1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{begin, bits, done, fresh, new_call, other, set_bits};
    use crate::{Filter, Journal, Outcome};

    fn requests(journal: &Journal) -> Vec<String> {
        let calls = journal.calls(&Filter::default()).unwrap();
        calls.into_iter().map(|call| call.call.request).collect()
    }

    #[test]
    fn reads_wait_until_somebody_opens_the_database() {
        let (_folder, journal) = fresh();
        for request in ["a", "b"] {
            journal.record_read(&new_call("p", request), 1, &done()).unwrap();
        }
        assert!(!journal.path().exists());
        assert_eq!(bits(&path(&journal.place)), 0o600);
        let change = begin(&other(&journal), &new_call("p", "c")).unwrap();
        other(&journal).record_read(&new_call("p", "d"), 2, &done()).unwrap();
        assert_eq!((change, requests(&journal)), (CallId(3), ["a", "b", "c", "d"].map(str::to_owned).to_vec()));
        let calls = journal.calls(&Filter::default()).unwrap();
        let of = |at: usize| (calls[at].session.as_str(), calls[at].attempts, calls[at].is_change, calls[at].outcome);
        assert_eq!((of(0), of(3)), (("one", 1, false, Outcome::Done), ("other", 2, false, Outcome::Done)));
    }

    /// Does what a process does that is killed after it has stored the rows, and before it has emptied the file.
    fn stopped(journal: &Journal) {
        let path = path(&journal.place);
        let before = fs::metadata(&path).unwrap().len();
        let mut database = Database::open(&journal.place).unwrap();
        drop(store(&journal.place, &mut database).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().len(), before);
    }

    #[test]
    fn each_read_is_taken_in_once_wherever_a_process_stops() {
        // Each letter is a read; `!` stops in the middle of taking in, and `.` takes in.
        for steps in ["a!.", "a!b.", "a!b!c.", "ab!cd!!ef!.g.", "a.b!c.d!e.", "!a.", ".!a!b!.c!d"] {
            let (_folder, journal) = fresh();
            journal.open().unwrap();
            let mut read = Vec::new();
            for step in steps.chars() {
                match step {
                    '!' if path(&journal.place).exists() => stopped(&journal),
                    '!' => {}
                    '.' => journal.open().unwrap(),
                    letter => {
                        journal.record_read(&new_call("p", &letter.to_string()), 1, &done()).unwrap();
                        read.push(letter.to_string());
                    }
                }
            }
            assert_eq!(requests(&journal), read, "{steps}");
        }
    }

    #[test]
    fn a_name_that_broke_off_is_written_anew() {
        for length in 0..NAME as usize {
            let (_folder, journal) = fresh();
            journal.open().unwrap();
            File::create(path(&journal.place)).unwrap().write_all(&name().as_bytes()[..length]).unwrap();
            journal.record_read(&new_call("p", "a"), 1, &done()).unwrap();
            stopped(&journal);
            journal.record_read(&new_call("p", "b"), 1, &done()).unwrap();
            assert_eq!(requests(&journal), ["a", "b"]);
        }
        assert_eq!(name().len() as u64, NAME);
    }

    #[test]
    fn a_line_that_broke_off_is_left_out() {
        let (_folder, journal) = fresh();
        journal.record_read(&new_call("p", "a"), 1, &done()).unwrap();
        let mut content = fs::read(path(&journal.place)).unwrap();
        content.extend_from_slice(b"\n{\"session\":\"on\xff");
        File::create(path(&journal.place)).unwrap().write_all(&content).unwrap();
        journal.record_read(&new_call("p", "b"), 1, &done()).unwrap();
        assert_eq!(requests(&journal), ["a", "b"]);
    }

    #[test]
    fn many_are_taken_in_even_if_nothing_else_is_recorded() {
        let (_folder, journal) = fresh();
        let most = (0..).find(|_| {
            journal.record_read(&new_call("p", &"x".repeat(1000)), 1, &done()).unwrap();
            journal.path().exists()
        });
        assert!(most.is_some_and(|most| (100..260).contains(&most)), "{most:?}");
        assert_eq!(fs::metadata(path(&journal.place)).unwrap().len(), 0);
    }

    #[test]
    fn a_file_that_was_removed_or_moved_or_opened_to_others_is_not_added_to() {
        let (folder, journal) = fresh();
        let record = |request: &str| journal.record_read(&new_call("p", request), 1, &done()).unwrap();
        let (path, aside) = (path(&journal.place), folder.path().join("aside"));
        record("a");
        fs::remove_file(&path).unwrap();
        record("b");
        fs::rename(&path, &aside).unwrap();
        record("c");
        assert!(fs::read_to_string(&aside).unwrap().contains("thing.create name b"));
        fs::rename(&aside, &path).unwrap();
        record("d");
        set_bits(&path, 0o644);
        record("e");
        assert_eq!(bits(&path), 0o600);
        fs::rename(journal.folder(), &aside).unwrap();
        record("f");
        assert_eq!(bits(journal.folder()), 0o700);
        assert_eq!(requests(&journal), ["f"]);
        assert_eq!(requests(&Journal::at(&aside, "aside")), ["b", "d", "e"]);
    }

    #[test]
    fn shells_and_threads_add_while_others_take_in() {
        let (_folder, journal) = fresh();
        let shells = [&journal, &other(&journal)];
        std::thread::scope(|scope| {
            for (number, journal) in shells.into_iter().chain(shells).enumerate() {
                scope.spawn(move || {
                    for nth in 0..50 {
                        journal.record_read(&new_call("p", &format!("{number}-{nth}")), 1, &done()).unwrap();
                        if nth % 7 == number {
                            journal.open().unwrap();
                        }
                    }
                });
            }
        });
        let mut found = requests(&journal);
        found.sort_unstable();
        found.dedup();
        assert_eq!((found.len(), journal.calls(&Filter::default()).unwrap().len()), (200, 200));
    }
}
