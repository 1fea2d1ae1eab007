//! Errors of the journal.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::call::{CallId, Outcome};

/// The result of an operation of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation failed. A write that failed has recorded nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the user's quota is full, or the system refused to write more.
    #[error("the journal cannot be written: the disk or a quota is full")]
    Full,
    /// The file, its folder or the whole file system is read-only.
    #[error("the journal is read-only")]
    ReadOnly,
    /// Another program held the lock for longer than this one waits.
    #[error("the journal is locked by another program")]
    Locked,
    /// The content is not what SQLite wrote, or not a database.
    #[error("the journal is damaged: {0}")]
    Corrupt(String),
    /// A newer version of the program has changed the tables. They can be read, but not written.
    #[error("the journal was written by a newer version (format {found}; this version knows {known})")]
    Newer {
        /// The number of the last migration of the file.
        found: u32,
        /// The number of the last migration of this version.
        known: u32,
    },
    /// The file is a database, but not a journal.
    #[error("the file is a database of another program")]
    Foreign,
    /// There is something other than a regular file.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Others have access, and this user may not change the permissions.
    #[error("others have access to {}, and its permissions cannot be changed", .0.display())]
    NotPrivate(PathBuf),
    /// There is no call with this number.
    #[error("the journal has no call {0}")]
    NoSuchCall(CallId),
    /// The call is closed. A closed row is never opened again.
    #[error("call {id} is closed already: {outcome}")]
    Closed {
        /// The number of the call.
        id: CallId,
        /// Its recorded outcome.
        outcome: Outcome,
    },
    /// Any other error of the system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Any other error of SQLite.
    #[error("{0}")]
    Database(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let rusqlite::Error::SqliteFailure(failure, _) = &error else { return Error::Database(error.to_string()) };
        match (failure.code, failure.extended_code) {
            // A quota, a limit on the file size and a device error all appear as a failed write.
            (ErrorCode::DiskFull, _) => Error::Full,
            (_, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE) => Error::Full,
            (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => Error::ReadOnly,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::Locked,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => Error::Corrupt(error.to_string()),
            _ => Error::Database(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_says_has_a_type() {
        let of = |code| Error::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for (code, expected) in [
            (ffi::SQLITE_FULL, "Full"),
            (ffi::SQLITE_IOERR_WRITE, "Full"),
            (ffi::SQLITE_IOERR_SHMSIZE, "Full"),
            (ffi::SQLITE_READONLY, "ReadOnly"),
            (ffi::SQLITE_READONLY_DIRECTORY, "ReadOnly"),
            (ffi::SQLITE_PERM, "ReadOnly"),
            (ffi::SQLITE_BUSY, "Locked"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "Locked"),
            (ffi::SQLITE_LOCKED, "Locked"),
            (ffi::SQLITE_CORRUPT, "Corrupt("),
            (ffi::SQLITE_NOTADB, "Corrupt("),
            (ffi::SQLITE_IOERR_FSYNC, "Database("),
            (ffi::SQLITE_CANTOPEN, "Database("),
        ] {
            let found = format!("{:?}", of(code));
            assert!(found.starts_with(expected), "{code}: {found}");
        }
        assert!(matches!(Error::from(rusqlite::Error::QueryReturnedNoRows), Error::Database(_)));
    }
}
