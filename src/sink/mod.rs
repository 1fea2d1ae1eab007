//! The destinations of results: a file, or the input of another program.
//!
//! A destination is checked before the call is sent, so that a bad path or a missing program costs nothing, and
//! receives the result only after the call has succeeded.

mod check;
mod command;
mod editor;
mod file;
mod own;
mod target;

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use model::{Class, Diagnostic, Sent};

pub use command::{CommandSink, Program};
pub use editor::edit;
pub use file::{FileSink, Mode};
pub use own::{OwnCommand, OwnError};

/// Why a result cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The file cannot be opened for writing.
    #[error("cannot write to `{}`: {source}", path.display())]
    Open {
        /// As the user wrote it.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file name is empty.
    #[error("the name of the file is empty")]
    NoName,
    /// The working directory has been deleted.
    #[error("the current folder has been deleted")]
    NoFolder,
    /// No process reads from a named pipe.
    #[error("no program is reading from the pipe `{}`", path.display())]
    NoReader {
        /// As the user wrote it.
        path: PathBuf,
    },
    /// The path leads to a directory.
    #[error("`{}` is a directory", path.display())]
    Directory {
        /// As the user wrote it.
        path: PathBuf,
    },
    /// The file exists and must not be replaced.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// As the user wrote it.
        path: PathBuf,
    },
    /// The file is read-only, or belongs to another user.
    #[error("`{}` is read-only", path.display())]
    ReadOnly {
        /// As the user wrote it.
        path: PathBuf,
    },
    /// The call was answered, but its result could not be written.
    #[error("the result could not be stored in `{}`: {source}", path.display())]
    Store {
        /// As the user wrote it.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
        /// Where the complete result was saved instead, if it was.
        kept: Option<PathBuf>,
    },
    /// The command cannot be split into words.
    #[error("the command `{command}` has an open quote")]
    OpenQuote {
        /// As the user wrote it.
        command: String,
    },
    /// The command is empty.
    #[error("there is no command to pipe into")]
    NoCommand,
    /// The command's program is not on the search path.
    #[error("cannot find the program `{program}`")]
    NoProgram {
        /// The first word of the command.
        program: String,
    },
    /// The call was answered, but the program for its result could not be run to its end.
    #[error("the result could not be piped into `{program}`: {source}")]
    Pipe {
        /// The first word of the command.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// A text could not be passed to an editor, or not read back.
    #[error("the line could not be edited with `{program}`: {source}")]
    Edit {
        /// The first word of the command.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// The program for the result failed after the call was answered, or an editor failed.
    #[error("`{program}` ended with {status}")]
    Ended {
        /// The first word of the command.
        program: String,
        /// Its exit status.
        status: ExitStatus,
    },
}

impl SinkError {
    /// Whether the error occurred after the call.
    fn is_late(&self) -> bool {
        matches!(self, SinkError::Store { .. } | SinkError::Pipe { .. } | SinkError::Ended { .. })
    }
}

impl Diagnostic for SinkError {
    fn class(&self) -> Class {
        Class::Local
    }

    fn hint(&self) -> Option<String> {
        match self {
            SinkError::Store { kept: Some(kept), .. } => Some(format!("the result is saved in `{}`", kept.display())),
            SinkError::Exists { .. } | SinkError::ReadOnly { .. } => Some("`>!` replaces it".to_owned()),
            SinkError::NoReader { .. } => Some("start its reader first".to_owned()),
            late if late.is_late() => {
                Some("the provider has answered the call: repeat it only if it changes nothing".to_owned())
            }
            _ => None,
        }
    }

    fn sent(&self) -> Sent {
        if self.is_late() { Sent::Yes } else { Sent::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_late_errors_say_that_the_call_was_made() {
        let path = PathBuf::from("out.json");
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        for (error, sent, shown, hint) in [
            (SinkError::Directory { path: path.clone() }, Sent::No, "`out.json` is a directory", None),
            (SinkError::Exists { path: path.clone() }, Sent::No, "`out.json` already exists", Some("`>!` replaces it")),
            (
                SinkError::Store { path: path.clone(), source: full(), kept: Some("./.marsh-x".into()) },
                Sent::Yes,
                "the result could not be stored in `out.json`: no storage space",
                Some("the result is saved in `./.marsh-x`"),
            ),
            (
                SinkError::Store { path, source: full(), kept: None },
                Sent::Yes,
                "the result could not be stored in `out.json`: no storage space",
                Some("the provider has answered the call: repeat it only if it changes nothing"),
            ),
        ] {
            assert_eq!((error.class(), error.sent()), (Class::Local, sent), "{error}");
            assert_eq!((error.to_string().as_str(), error.hint().as_deref()), (shown, hint));
        }
    }
}
