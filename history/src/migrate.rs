//! Migrations: the tables are created and changed in numbered steps. New steps are added at the end.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::{Error, Result};
use crate::old;

/// Step 1 comes first. A published step is never changed.
const STEPS: [&str; 4] = [
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
    include_str!("migrations/4.sql"),
];

/// The number of the last step that this version knows.
pub(crate) const KNOWN: u32 = STEPS.len() as u32;

/// `jrnl`: the application id in the header of the file.
pub(crate) const APPLICATION: i32 = i32::from_be_bytes(*b"jrnl");

/// The number of the last step that this database has; 0 if it is empty.
pub(crate) fn version(connection: &Connection) -> Result<u32> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = u32::try_from(number("user_version")?).map_err(|_| Error::Foreign)?;
    let is_ours = number("application_id")? == i64::from(APPLICATION);
    match version {
        _ if is_ours => Ok(version),
        // An empty database.
        0 if number("schema_version")? == 0 => Ok(0),
        _ => Err(Error::Foreign),
    }
}

/// Applies all missing steps in one transaction. Other processes may do so at the same time.
pub(crate) fn migrate(connection: &mut Connection, old_lines: Option<&Path>) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&transaction)?;
    if from == 0 {
        transaction.execute_batch(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
             -- When a step was taken.
             ",
        )?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
    }
    for (number, step) in (1..).zip(STEPS).filter(|(number, _)| *number > from) {
        transaction.execute_batch(step)?;
        transaction.execute("INSERT INTO migrations VALUES (?1, unixepoch() * 1000)", params![number])?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    if let (0, Some(path)) = (from, old_lines) {
        old::take_over(&transaction, path)?;
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests;
