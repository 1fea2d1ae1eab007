//! What it takes to bring a result to its place, and what is known of how the result came to be.

use crate::engine::accounts::roster::Accounts;
use crate::engine::state::console::Console;
use crate::engine::state::memory::Memory;
use crate::engine::state::settings::{Manner, Settings};
use model::{Call, Effect, Method};

/// The parts of the session that a result passes on its way.
pub(crate) struct Delivery<'s> {
    pub(crate) accounts: &'s mut Accounts,
    pub(crate) memory: &'s mut Memory,
    pub(crate) console: &'s mut Console,
    pub(crate) settings: &'s Settings,
    pub(crate) manner: Manner,
}

/// What was done for a result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done<'d> {
    /// What it is called.
    pub(crate) what: &'d str,
    /// There were several calls of it, and not all of them need to have been done.
    pub(crate) several: bool,
    /// What it did at the provider.
    pub(crate) effect: Effect,
}

impl<'d> Done<'d> {
    /// One call.
    pub(crate) fn call(call: &'d Call) -> Done<'d> {
        Done { what: &call.method.name, several: false, effect: call.effects().main() }
    }

    /// Some call of a method.
    pub(crate) fn any(method: &'d Method) -> Done<'d> {
        Done { what: &method.name, several: false, effect: method.effect }
    }
}
