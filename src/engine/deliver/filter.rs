//! `-q`: the filter of a line, checked before anything is sent, and what it makes of a result.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::engine::accounts::roster::Accounts;
use crate::engine::state::error::CallError;
use crate::query::{self, QueryError};
use crate::render::Format;
use crate::signals::Interrupts;
use crate::wire::Timeouts;
use lang::Word;
use model::{Span, Value};

/// How long a filter may run when no other time is asked for.
const USUAL: Duration = Duration::from_secs(30);

/// Checked filters that are remembered.
const MOST: usize = 200;

/// Filters that were found to be such, the newest last: each costs a process to check.
pub(crate) struct Filters {
    known: Vec<query::Filter>,
    /// This program's own file, for the processes that filters run in.
    program: PathBuf,
    /// Ctrl-C was pressed at the prompt since the line began.
    pressed: Arc<AtomicBool>,
}

impl Filters {
    /// None yet, with the file of this program and what Ctrl-C sets.
    pub(crate) fn of(program: PathBuf, pressed: Arc<AtomicBool>) -> Filters {
        Filters { known: Vec::new(), program, pressed }
    }

    /// So that the same filter is not checked again, when the line runs or in the next one.
    fn remember(&mut self, filter: &query::Filter) {
        if self.known.iter().all(|known| known.text() != filter.text()) {
            self.known.drain(..self.known.len().saturating_sub(MOST - 1));
            self.known.push(filter.clone());
        }
    }
}

/// What a line asks of its filter.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The filter as it was typed.
    pub(crate) word: Word,
    /// How long the line is ready to wait.
    pub(crate) timeout: Option<Duration>,
    /// Where the line asks for a format, if it does.
    pub(crate) format: Option<Span>,
}

/// The filter of a line.
pub(crate) struct Filter {
    filter: query::Filter,
    limit: Duration,
    /// Ctrl-C was pressed at the prompt since the line began.
    pressed: Arc<AtomicBool>,
    /// Where the line has it.
    pub(crate) span: Span,
    /// Where the line asks for a format, if it does.
    format: Option<Span>,
}

/// What is stored, and what a person is shown instead.
pub(crate) struct Filtered {
    pub(crate) stored: Vec<Value>,
    pub(crate) shown: Vec<Value>,
}

impl Filter {
    /// The filter that a line asks for, if any, found to be one.
    pub(crate) fn of(
        accounts: &mut Accounts,
        filters: &mut Filters,
        asked: Option<&Asked>,
    ) -> Result<Option<Filter>, CallError> {
        let Some(Asked { word, timeout, format }) = asked else { return Ok(None) };
        let ruled = accounts.rules_here().timeouts;
        // Who settled nothing about answers has said nothing about filters either.
        let ruled = Some(ruled).filter(|ruled| *ruled != Timeouts::default()).map(|ruled| ruled.idle);
        let limit = timeout.or(ruled).unwrap_or(USUAL);
        // From here on it is the filter that Ctrl-C ends.
        accounts.wire.handle_interrupts();
        let interrupts = Interrupts::record();
        let text = word.text();
        let known = filters.known.iter().find(|filter| filter.text() == text).cloned();
        let compile = || query::Filter::compile(&text, &filters.program, &|| interrupts.pressed());
        let compiled = known.map_or_else(compile, Ok);
        let filter = compiled.map_err(|error| {
            let span = error.place().map_or(word.span, |(start, end)| word.part(start..end));
            CallError::Query { error, span }
        })?;
        filters.remember(&filter);
        let pressed = Arc::clone(&filters.pressed);
        Ok(Some(Filter { filter, limit, pressed, span: word.span, format: *format }))
    }

    /// Refuses a result that stays the provider's own bytes: there is nothing for a filter to work on.
    pub(super) fn suits(&self, format: Format) -> Result<(), CallError> {
        if format != Format::Raw {
            return Ok(());
        }
        Err(CallError::Usage {
            message: "a raw result is the provider's own bytes, and a filter cannot read them".into(),
            span: Some(self.format.unwrap_or(self.span)),
            hint: Some("use another format with a filter: -o json".into()),
        })
    }

    /// What it makes of a result, and of what a person may see of it where the two differ.
    pub(crate) fn both(&self, value: &Value, shown: Option<&Value>) -> Result<Filtered, QueryError> {
        let interrupts = Interrupts::record();
        let apply = |value| self.filter.run(value, self.limit, &|| interrupts.pressed());
        let stored = apply(value)?;
        let shown = shown.map_or_else(|| Ok(stored.clone()), apply)?;
        Ok(Filtered { stored, shown })
    }

    /// What it makes of the result of a local command, which nothing but the filter can take long over: any number of
    /// results.
    pub(crate) fn apply(&self, value: &Value) -> Result<Vec<Value>, QueryError> {
        let interrupts = Interrupts::record();
        let pressed = || interrupts.pressed() || self.pressed.load(Ordering::Relaxed);
        self.filter.run(value, self.limit, &pressed)
    }
}
