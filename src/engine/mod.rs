//! Runs a line, from its text to its result: the steps and their order. How each step works is in other folders of `src`.
//!
//! The folders here are layers. Each imports only from those after it in this list: `commands`, `run`, `guard`, `plan`,
//! `deliver`, `call`, `accounts`, `state`. `run/pipeline` reads like the sentence in `docs/architecture.md`; the other
//! files have the details.

mod accounts;
mod call;
pub mod commands;
mod deliver;
#[cfg(test)]
mod fixture;
mod guard;
mod plan;
mod run;
mod state;

pub use accounts::account::{Account, AccountParts};
pub use accounts::kept_lists::{keep_list, recall_list};
pub use accounts::outside::Outside;
pub use accounts::probe::Probe;
pub use accounts::roster::Accounts;
pub use accounts::rules::{Confirm, Rules};
pub use accounts::target::{Place, Target};
pub use accounts::{catalogs, changes, discovery, documents, imports, rules, seeking, target};
pub use call::progress::overwrite;
pub use deliver::{rescue, screen};
pub use plan::notation::forms;
pub use run::outcome::{Flow, Way};
pub use run::script::Script;
pub use run::session::Session;
pub use run::{script, session};
pub use state::console::{Console, Stream, Window};
pub use state::error::CallError;
pub use state::job_error::JobError;
pub use state::ledger::{Records, remembered, unread};
pub use state::memory::Memory;
pub use state::page_error::PageError;
pub use state::settings::{Manner, Settings, Surroundings};
pub use state::simulated::session_name;
pub use state::unrecorded::advice;
pub use state::{console, error, memory, recorded};
