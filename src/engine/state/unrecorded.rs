//! A change that was not sent, because it could not be recorded first.

use history::Mend;
use model::{Class, Diagnostic, Sent};

/// Why a change was not sent, or not sent again.
#[derive(Debug, thiserror::Error)]
pub enum Unrecorded {
    /// The journal cannot be written.
    #[error("{what}, because it cannot be recorded: {error}")]
    Journal {
        /// What was not done.
        what: String,
        /// Why.
        error: history::Error,
        /// What can be done about it.
        mend: Option<Mend>,
    },
    /// The journal cannot be read.
    #[error("{what}: {error}")]
    Unread {
        /// What was not done.
        what: String,
        /// Why.
        error: history::Error,
        /// What can be done about it.
        mend: Option<Mend>,
    },
    /// There is no folder for the journal.
    #[error("{what}, because it cannot be recorded: no folder for the journal is known")]
    Homeless {
        /// What was not done.
        what: String,
    },
}

impl Diagnostic for Unrecorded {
    fn class(&self) -> Class {
        Class::Local
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Unrecorded::Journal { mend, .. } => match mend.as_ref().map(advice) {
                Some(advice) => format!("{advice}; {OFF}"),
                None => OFF.to_owned(),
            },
            Unrecorded::Unread { mend, .. } => return mend.as_ref().map(advice),
            Unrecorded::Homeless { .. } => format!("set HOME or XDG_STATE_HOME; {OFF}"),
        })
    }

    fn sent(&self) -> Sent {
        Sent::No
    }
}

/// How to send it anyway.
const OFF: &str = "MARSH_JOURNAL=off sends changes without a record";

/// What can be done about a fault of the journal, in words.
pub fn advice(mend: &Mend) -> String {
    match mend {
        Mend::MakeRoom(folder) => format!("make room on the disk of {}", folder.display()),
        Mend::AllowWriting(folder) => format!("allow writing in {}", folder.display()),
        Mend::EndTheOther(file) => format!("wait for the program that has {} locked, or end it", file.display()),
        Mend::SetAside(file) => format!("move {0}, {0}-wal and {0}-shm away: a new journal is made", file.display()),
        Mend::Update => "use the newer version of marsh".to_owned(),
        Mend::SetBits(path, bits) => format!("chmod {bits:o} {}", path.display()),
        Mend::Reconcile(1) => "find out what became of the open call: `marsh pending` lists it".to_owned(),
        Mend::Reconcile(calls) => format!("find out what became of the {calls} open calls: `marsh pending` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_that_nothing_was_sent_and_what_to_do() {
        let what = || "a.b was not sent".to_owned();
        let full = Unrecorded::Journal {
            what: what(),
            error: history::Error::Full,
            mend: Some(Mend::MakeRoom("/state".into())),
        };
        let unread = Unrecorded::Unread { what: what(), error: history::Error::Full, mend: None };
        assert_eq!((unread.hint(), unread.sent()), (None, Sent::No));
        let other = Unrecorded::Journal { what: what(), error: history::Error::Foreign, mend: None };
        for (error, words, hint) in [
            (&full, "the disk or a quota is full", "make room on the disk of /state; MARSH_JOURNAL=off"),
            (&other, "a database of another program", "MARSH_JOURNAL=off"),
            (&Unrecorded::Homeless { what: what() }, "no folder", "set HOME or XDG_STATE_HOME; MARSH_JOURNAL=off"),
        ] {
            assert_eq!((error.class(), error.sent()), (Class::Local, Sent::No));
            assert!(error.to_string().starts_with("a.b was not sent, because ") && error.to_string().contains(words));
            assert!(error.hint().is_some_and(|said| said.starts_with(hint)), "{error}");
        }
    }

    #[test]
    fn each_mend_has_words() {
        for (mend, words) in [
            (Mend::EndTheOther("/j.db".into()), "wait for the program that has /j.db locked, or end it"),
            (Mend::SetAside("/j.db".into()), "move /j.db, /j.db-wal and /j.db-shm away: a new journal is made"),
            (Mend::SetBits("/j.db".into(), 0o600), "chmod 600 /j.db"),
            (Mend::Reconcile(1), "find out what became of the open call: `marsh pending` lists it"),
            (Mend::Reconcile(3), "find out what became of the 3 open calls: `marsh pending` lists them"),
        ] {
            assert_eq!(advice(&mend), words);
        }
    }
}
