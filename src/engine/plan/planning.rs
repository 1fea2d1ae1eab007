//! What is needed to make the plan of a line.

use std::sync::atomic::AtomicBool;

use super::course::Course;
use super::options::Options;
use crate::bind::Sources;
use crate::engine::accounts::roster::Accounts;
use crate::engine::deliver::filter::{Filter, Filters};
use crate::engine::deliver::presentation::Presentation;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use crate::engine::state::settings::{Manner, Settings};
use lang::{Line, Variable};
use model::Method;

/// The parts of the session that are needed to make a plan.
pub(crate) struct Planning<'s> {
    pub(crate) accounts: &'s mut Accounts,
    pub(crate) memory: &'s Memory,
    pub(crate) console: &'s mut Console,
    pub(crate) sources: &'s mut dyn Sources,
    pub(crate) filters: &'s mut Filters,
    pub(crate) interrupted: &'s AtomicBool,
    pub(crate) settings: &'s Settings,
    pub(crate) manner: Manner,
    /// The line was recalled from the history.
    pub(crate) recalled: bool,
    /// A line that questions completed goes here, as it can be typed.
    pub(crate) completed: &'s mut Option<String>,
}

impl Planning<'_> {
    /// The filter of a line, checked.
    pub(crate) fn filter(&mut self, options: &Options) -> Result<Option<Filter>, CallError> {
        Filter::of(self.accounts, self.filters, options.filter.as_ref())
    }

    /// The form of a result that has no method: that of a command or a batch.
    pub(crate) fn presentation(&mut self, options: &Options) -> Result<Presentation, CallError> {
        let filter = self.filter(options)?;
        Presentation::of(&options.wish, self.accounts.rules_here().format, filter)
    }

    /// Judges the form and the destination of such a result.
    pub(crate) fn foresee_result(&mut self, course: &mut Course, options: &Options) -> Result<(), CallError> {
        self.presentation(options)?;
        let redirect = options.wish.redirect.as_ref();
        redirect.map_or(Ok(()), |redirect| course.place(redirect, self.settings))
    }

    /// Remembers the secrets of a line without the quotes and escapes of the text.
    pub(crate) fn learn_secrets(&mut self, method: &Method, line: &Line) {
        for pair in line.pairs().unwrap_or_default() {
            let is_secret = method.param(pair.name.root()).is_some_and(|param| param.secret);
            if is_secret && Variable::of(pair.value).is_none() {
                self.accounts.redactor.learn_text(&pair.value.text());
            }
        }
    }
}
