//! Reads wait in a file beside the database until it is opened for something else: opening it takes a fifth of the time
//! of a whole call.
//!
//! The file begins with a name that no other one had. It is on record which was taken in last, so that none is taken in
//! twice when a process is killed between the database and the file.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};

use crate::call::{CallId, Finish, NewCall, Outcome};
use crate::database::{Database, Place, Survives};
use crate::error::{Error, Result};
use crate::private;
use crate::rows::{self, Begun};

/// So many bytes may wait before somebody who only reads opens the database for them.
const MANY: u64 = 64 * 1024;
/// And no more than these where the database cannot take them.
const TOO_MANY: u64 = 4 * 1024 * 1024;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) session: String,
    pub(crate) process: u32,
    pub(crate) call: NewCall,
    pub(crate) attempts: u32,
    pub(crate) finish: Finish,
}

/// How the first line of the file begins, and the name under which the database remembers it.
const READS: &str = "reads of ";

/// Whether the file is longer than it may be.
pub(crate) fn are_too_many(place: &Place) -> bool {
    fs::metadata(path(place)).is_ok_and(|found| found.len() > TOO_MANY)
}

/// Refuses a file that is still too long. Where the database is of a newer version, that takes them in.
pub(crate) fn must_have_room(place: &Place) -> Result<()> {
    if are_too_many(place) { Err(Error::Full) } else { Ok(()) }
}

/// Adds a line. Says whether there are so many that they should be taken in.
pub(crate) fn append(place: &Place, waiting: &Waiting) -> Result<bool> {
    let path = path(place);
    private::folder(&place.folder)?;
    private::file(&path)?;
    let mut file = File::options().append(true).open(&path)?;
    // Nobody takes the file in meanwhile.
    file.lock()?;
    let mut lines = match file.metadata()?.len() {
        0 => name(&waiting.session).into_bytes(),
        _ => Vec::new(),
    };
    // In front, so that a line which broke off takes no other with it.
    lines.push(b'\n');
    serde_json::to_writer(&mut lines, waiting).map_err(|error| Error::Database(error.to_string()))?;
    file.write_all(&lines)?;
    Ok(file.metadata()?.len() > MANY)
}

/// A name for a file that no other one had.
fn name(session: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{READS}{session} {}", now.as_nanos())
}

pub(crate) fn path(place: &Place) -> PathBuf {
    place.folder.join("journal.reads")
}

/// Moves what waits into the database, if anything does.
pub(crate) fn take_in(place: &Place, database: &mut Database) -> Result<()> {
    let path = path(place);
    if fs::metadata(&path).map_or(0, |found| found.len()) == 0 {
        return Ok(());
    }
    let mut file = File::options().read(true).write(true).open(path)?;
    file.lock()?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    let content = String::from_utf8_lossy(&content);
    let (name, lines) = content.split_once('\n').unwrap_or((&content, ""));
    database.write(Survives::Kill, |transaction| {
        if !is_first_time(transaction, name)? {
            return Ok(());
        }
        // A line that broke off with its process is nothing that can be read.
        let waiting = lines.lines().filter_map(|line| serde_json::from_str(line).ok());
        waiting.into_iter().try_for_each(|waiting| insert(transaction, &waiting).map(drop))
    })?;
    Ok(file.set_len(0)?)
}

/// Whether the file of this name is taken in now for the first time.
fn is_first_time(transaction: &Transaction<'_>, name: &str) -> Result<bool> {
    let known: bool = transaction.query_row(KNOWN, params![name], |row| row.get(0))?;
    if !known {
        transaction.execute("DELETE FROM taken_over WHERE source LIKE ?1 || '%'", params![READS])?;
        transaction.execute("INSERT INTO taken_over VALUES (?1, unixepoch() * 1000, 0)", params![name])?;
    }
    Ok(!known)
}

fn insert(transaction: &Transaction<'_>, waiting: &Waiting) -> Result<CallId> {
    let Waiting { session, process, call, attempts, finish } = waiting;
    let begun = Begun { session, process: *process, is_change: false, attempts: *attempts };
    let id = rows::insert(transaction, call, &begun, Outcome::Unknown)?;
    rows::end(transaction, id, finish)?;
    Ok(id)
}

const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM taken_over WHERE source = ?1)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{bits, done, fresh, new_call, other};
    use crate::{Filter, Journal};

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
        let change = other(&journal).begin_change(&new_call("p", "c")).unwrap();
        other(&journal).record_read(&new_call("p", "d"), 2, &done()).unwrap();
        assert_eq!((change, requests(&journal)), (CallId(3), ["a", "b", "c", "d"].map(str::to_owned).to_vec()));
        let calls = journal.calls(&Filter::default()).unwrap();
        let of = |at: usize| (calls[at].session.as_str(), calls[at].attempts, calls[at].is_change, calls[at].outcome);
        assert_eq!((of(0), of(3)), (("one", 1, false, Outcome::Done), ("other", 2, false, Outcome::Done)));
    }

    #[test]
    fn none_is_taken_in_twice_or_lost_when_the_file_could_not_be_emptied() {
        let (_folder, journal) = fresh();
        journal.record_read(&new_call("p", "a"), 1, &done()).unwrap();
        let before = fs::read(path(&journal.place)).unwrap();
        assert_eq!(requests(&journal), ["a"]);
        File::create(path(&journal.place)).unwrap().write_all(&before).unwrap();
        assert_eq!(requests(&journal), ["a"]);
        journal.record_read(&new_call("p", "b"), 1, &done()).unwrap();
        assert_eq!(requests(&journal), ["a", "b"]);
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
    fn many_are_taken_in_by_who_only_reads() {
        let (_folder, journal) = fresh();
        let most = (0..).find(|_| {
            journal.record_read(&new_call("p", &"x".repeat(1000)), 1, &done()).unwrap();
            journal.path().exists()
        });
        assert!(most.is_some_and(|most| (20..70).contains(&most)), "{most:?}");
        assert_eq!(fs::metadata(path(&journal.place)).unwrap().len(), 0);
    }
}
