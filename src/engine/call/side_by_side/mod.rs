//! Several calls side by side: the one place where more than one call is under way.
//!
//! **In**: plans that are ready to be sent, in order. Everything that needs a person or the whole session has been done
//! on the calling thread before: the rules of the accounts, the question, the keys (`Accounts::unlock`), the opening of
//! outputs. **Out**: for each plan how it ended, with its value, its row in the journal and its notes, delivered on the
//! calling thread **in the order of the plans**, each as soon as all before it have been delivered.
//!
//! ```text
//! plans ─▶ queue ─▶ a few threads, each with a client, a runtime and connections of its own
//!                      │ work(exchange, plan): any step that one call is made of
//!                      ▼
//! calling thread ◀── results, put back in order ──▶ deliver(desk, index, finished), or taken one by one (`take`)
//! ```
//!
//! - **Bounds.** At most [`Order::at_once`] calls are under way; of one account at most as many as its catalogue says
//!   (`calls_at_once` of the provider and of the method). Two profiles with the same key at the same host are one account
//!   here. A call may begin only if fewer than four times as many results are under way or wait to be delivered, so
//!   memory does not grow with the number of plans.
//! - **Keys.** Until a service has accepted the key of an account, its calls go one by one; if it refuses the key three
//!   times before that, the rest of the account's calls are not sent ([`Why::Key`]): services lock out who tries often.
//! - **Stops.** After an error for which [`Order::ends`] is true, after Ctrl-C and before the end of the process, no call
//!   begins. Calls under way: Ctrl-C breaks off their waits; otherwise they run to their end. What never began is
//!   delivered as [`Ended::Unsent`]. If `deliver` returns an error, nothing more begins, and that error is returned when
//!   the calls under way have ended.
//! - **The journal.** Each change has its row before it leaves, on whichever thread; rows are completed there, too, also
//!   after Ctrl-C. Reads are written down with the line, as always.
//! - **Secrets.** A thread knows the secrets that were known when the calls began. Errors and notes are redacted again
//!   with all secrets where they are shown: use [`Desk::redactor`].
//!
//! Errors are for the caller to report: only it knows the line, the item or the account that a reader would look for.

mod lane;
mod order;
mod queue;
mod results;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use order::{Comes, Desk, Ended, Finished, Order, Planned, Why};
pub(crate) use results::Results;
pub(crate) use run::{run, take};
