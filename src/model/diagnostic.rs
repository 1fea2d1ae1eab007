//! What an error knows: facts and positions. The wording is chosen at the edge of the program.

use std::fmt;
use std::ops::Range;

/// Bytes `start..end` of the typed line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to but not including `end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// From the start of this span to the end of the other.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start, other.end)
    }

    /// As a range that indexes the line.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Whether any part of a call left this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing left.
    No,
    /// The provider received it and answered.
    Yes,
    /// It may have arrived, but no usable answer came.
    Unknown,
}

impl Sent {
    /// The name used in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Sent::No => "no",
            Sent::Yes => "yes",
            Sent::Unknown => "unknown",
        }
    }
}

/// What was sent before an error whose own call was not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    #[default]
    Nothing,
    /// Calls of earlier lines of the same text or script.
    Lines,
    /// Reading calls that the line itself needed, such as one for the price of an order.
    Reads,
    /// The line is a command of the user's own shell: there is no call that could have been sent.
    Own,
}

/// How a line ended. Each class has an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Disk, configuration, or a bug in the program.
    Local,
    /// The line itself: syntax, type, unknown method or parameter. Nothing was sent.
    Usage,
    /// The key is missing or was refused.
    Credentials,
    /// The provider understood the call and refused it.
    Refused,
    /// The provider broke down, or its answer cannot be read.
    Failed,
    /// No connection was made: name lookup, TCP or TLS failed.
    NotReached,
    /// A changing call was sent and no usable answer came back.
    Unknown,
    /// The wait was stopped; the job is still running.
    StillRunning,
    /// The job that was waited for failed.
    JobFailed,
    /// The user or a rule stopped the call before it was sent.
    Blocked,
    /// Several calls, some of which failed.
    Several,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// SIGHUP: the terminal is gone.
    HungUp,
    /// The reader of the output is gone.
    ReaderGone,
}

impl Class {
    /// The name used in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Class::Local => "local",
            Class::Usage => "usage",
            Class::Credentials => "credentials",
            Class::Refused => "refused",
            Class::Failed => "failed",
            Class::NotReached => "not_reached",
            Class::Unknown => "unknown",
            Class::StillRunning => "still_running",
            Class::JobFailed => "job_failed",
            Class::Blocked => "blocked",
            Class::Several => "several",
            Class::Interrupted => "interrupted",
            Class::Terminated => "terminated",
            Class::HungUp => "hung_up",
            Class::ReaderGone => "reader_gone",
        }
    }

    /// The exit code of the process, from the table that scripts rely on (`docs/manual/scripting.md`).
    pub fn exit_code(self) -> u8 {
        match self {
            Class::Local => 1,
            Class::Usage => 2,
            Class::Credentials => 3,
            Class::Refused => 4,
            Class::Failed => 5,
            Class::NotReached => 6,
            Class::Unknown => 7,
            Class::StillRunning => 8,
            Class::JobFailed => 9,
            Class::Blocked => 10,
            Class::Several => 11,
            Class::HungUp => 129,
            Class::Interrupted => 130,
            Class::Terminated => 143,
            Class::ReaderGone => 141,
        }
    }
}

impl Class {
    /// What interrupted the work, if anything did: nothing more should be done then.
    pub fn broken_by(self) -> Option<Break> {
        [Break::CtrlC, Break::Terminated, Break::HungUp].into_iter().find(|by| by.class() == self)
    }
}

/// An outside event that interrupts a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Ctrl-C (SIGINT).
    CtrlC,
    /// SIGTERM.
    Terminated,
    /// SIGHUP.
    HungUp,
}

impl Break {
    /// The class of that end.
    pub fn class(self) -> Class {
        match self {
            Break::CtrlC => Class::Interrupted,
            Break::Terminated => Class::Terminated,
            Break::HungUp => Class::HungUp,
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Break::CtrlC => "interrupted",
            Break::Terminated => "terminated (SIGTERM)",
            Break::HungUp => "hung up (SIGHUP)",
        })
    }
}

/// An error that can be shown to the user. Each stage of a call has its own error type; this is what they share.
pub trait Diagnostic: std::error::Error {
    /// How the line ends with this error.
    fn class(&self) -> Class;

    /// Where in the line the fault is.
    fn span(&self) -> Option<Span> {
        None
    }

    /// What the user can do next.
    fn hint(&self) -> Option<String> {
        None
    }

    /// Whether anything was sent.
    fn sent(&self) -> Sent {
        Sent::No
    }

    /// The row in the journal of the change that it is about.
    fn journal(&self) -> Option<i64> {
        None
    }

    /// What else was sent before it.
    fn before(&self) -> Before {
        Before::Nothing
    }

    /// The provider's own code for the fault.
    fn provider_code(&self) -> Option<String> {
        None
    }

    /// The provider's own words.
    fn provider_words(&self) -> Option<&str> {
        None
    }

    /// More faults in the same line.
    fn more(&self) -> Vec<&dyn Diagnostic> {
        Vec::new()
    }

    /// Whether the same call may succeed a little later.
    fn retryable(&self) -> bool {
        false
    }
}
