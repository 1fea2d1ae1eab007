//! What came of a line, and what is to come of it yet.

use std::time::Duration;

use history::CallId;

use crate::engine::call::jobs::Watch;
use crate::engine::plan::options::Options;
use crate::engine::run::script::Script;
use crate::engine::run::watched::Watched;
use model::Span;

/// What a line asks the session to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Take the next line.
    Continue,
    /// Leave.
    Quit,
}

/// What came of a line.
pub(crate) enum Outcome {
    /// All that it asks for.
    Done,
    /// It asks to leave.
    Quit,
    /// It asks to run the lines of a script. `yes` answers all of their questions.
    Script { script: Script, keep_going: bool, yes: bool },
    /// It asks to run the lines of a script as one call.
    Batch { script: Script, order: Box<Order> },
    /// It asks to repeat a read.
    Watch(Box<Watched>),
    /// It asks to wait until a job has ended.
    Wait(Box<Awaited>),
}

/// A job that a line waits for.
#[derive(Debug)]
pub(crate) struct Awaited {
    /// Whose account it is in.
    pub(crate) profile: String,
    /// How to see it end.
    pub(crate) watch: Watch,
    /// Its place among the jobs of the session, if it is one of them.
    pub(crate) place: Option<usize>,
    /// The call that began it, if that was in another session, and the time since.
    pub(crate) row: Option<(CallId, Duration)>,
    /// The form and the place of the result, and how long to wait, among others.
    pub(crate) options: Options,
}

/// What a line says of the batch that it asks for.
#[derive(Debug)]
pub(crate) struct Order {
    /// The form and the place of the one result, among others.
    pub(crate) options: Options,
    /// Yes to the one question.
    pub(crate) agreed: bool,
    /// Where the line names what it does.
    pub(crate) head: Span,
}
