//! The outcome of a line, and what remains to be done.

use std::time::Duration;

use history::CallId;

use crate::engine::call::jobs::Watch;
use crate::engine::plan::options::Options;
use crate::engine::run::script::Script;
use crate::engine::run::watched::Watched;
use lang::Line;
use model::Span;

/// What a line asks the session to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Take the next line.
    Continue,
    /// Leave.
    Quit,
}

/// How the lines of a script run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// After a line that failed, the others still run.
    pub keep_going: bool,
    /// How many calls may be under way at once.
    pub jobs: usize,
}

impl Default for Way {
    fn default() -> Way {
        Way { keep_going: false, jobs: 1 }
    }
}

/// The outcome of a line.
pub(crate) enum Outcome {
    /// Everything is done.
    Done,
    /// It asks to leave.
    Quit,
    /// It asks to run the lines of a script. `yes` is the answer to all their questions.
    Script { script: Script, way: Way, yes: bool },
    /// It asks to run the lines of a script as a batch.
    Batch { script: Script, order: Box<Order> },
    /// It asks to repeat a read.
    Watch(Box<Watched>),
    /// It asks for a view, which the line names.
    View(Box<Line>),
    /// It asks to wait until a job has ended.
    Wait(Box<Awaited>),
}

/// A job that a line waits for.
#[derive(Debug)]
pub(crate) struct Awaited {
    /// The profile of its account.
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

/// What a line says about a batch.
#[derive(Debug)]
pub(crate) struct Order {
    /// The form and the place of the one result, among others.
    pub(crate) options: Options,
    /// The answer to the question is yes.
    pub(crate) agreed: bool,
    /// Where the line names what it does.
    pub(crate) head: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_run_one_after_the_other_unless_more_is_asked_for() {
        assert_eq!(Way::default(), Way { keep_going: false, jobs: 1 });
    }
}
