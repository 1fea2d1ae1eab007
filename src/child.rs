//! Starts other programs: the only place where a process is built, so that none inherits a key.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The environment variables that contain keys. The environment belongs to the whole process, and so does this set.
static WITHHELD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Programs started from now on do not inherit these environment variables.
pub fn withhold(names: impl IntoIterator<Item = String>) {
    WITHHELD.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
}

/// A program to be started, without the variables that contain keys.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in WITHHELD.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        command.env_remove(name);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_contains_a_key_is_not_inherited() {
        withhold(["KEY_OF_CHILD_TEST".to_owned()]);
        let removed: Vec<_> =
            command("true").get_envs().map(|(name, value)| (name.to_owned(), value.is_none())).collect();
        assert!(removed.contains(&("KEY_OF_CHILD_TEST".into(), true)), "{removed:?}");
    }
}
