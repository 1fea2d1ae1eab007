//! The order of the steps, for one line and for the lines of a script, a batch or a pasted text.

mod across;
pub(crate) mod arguments;
pub(crate) mod batch;
mod beside;
mod calls;
mod each;
pub(crate) mod execution;
pub(crate) mod judge;
mod leafing;
mod lines;
mod member;
mod member_report;
mod members;

mod mistakes;
pub(crate) mod outcome;
mod ownership;
mod passing;
pub(crate) mod pipeline;
pub(crate) mod privacy;
mod prompt;
mod rehearsal;
mod report;
pub mod script;
mod semicolon;
mod series;
pub mod session;
pub(crate) mod viewing;
mod watch;
pub(crate) mod watched;
