//! `-q`: the filter of a line, checked before anything is sent, and what it makes of a result.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::engine::run::pipeline;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::query::{self, QueryError};
use crate::render::Format;
use crate::signals::Interrupts;
use crate::wire::Timeouts;
use lang::Line;
use model::{Span, Value};

/// How long a filter may run when no other time is asked for.
const USUAL: Duration = Duration::from_secs(30);

/// Checked filters that are remembered.
const MOST: usize = 200;

impl Session {
    /// So that the same filter is not checked again, when the line runs or in the next one.
    fn remember_filter(&mut self, filter: &query::Filter) {
        if self.filters.iter().all(|known| known.text() != filter.text()) {
            self.filters.drain(..self.filters.len().saturating_sub(MOST - 1));
            self.filters.push(filter.clone());
        }
    }
}

/// The filter of a line.
pub(crate) struct Filter {
    filter: query::Filter,
    limit: Duration,
    /// Ctrl-C was pressed at the prompt since the line began.
    pressed: Arc<AtomicBool>,
    /// Where the line has it.
    pub(crate) span: Span,
}

/// What is stored, and what a person is shown instead.
pub(crate) struct Filtered {
    pub(crate) stored: Vec<Value>,
    pub(crate) shown: Vec<Value>,
}

impl Filter {
    /// The filter that the line asks for, if any, found to be one.
    pub(crate) fn of(session: &mut Session, line: &Line) -> Result<Option<Filter>, CallError> {
        let Some(word) = line.option_value("query") else { return Ok(None) };
        let ruled = session.rules(session.registry.here().profile()).timeouts;
        // Who settled nothing about answers has said nothing about filters either.
        let ruled = Some(ruled).filter(|ruled| *ruled != Timeouts::default()).map(|ruled| ruled.idle);
        let limit = pipeline::asked_timeout(line)?.or(ruled).unwrap_or(USUAL);
        // From here on it is the filter that Ctrl-C ends.
        session.wire.heed_interrupts();
        let interrupts = Interrupts::heed();
        let text = word.text();
        let known = session.filters.iter().find(|filter| filter.text() == text).cloned();
        let compile = || query::Filter::compile(&text, &session.settings.program, &|| interrupts.pressed());
        let compiled = known.map_or_else(compile, Ok);
        let filter = compiled.map_err(|error| {
            let span = error.place().map_or(word.span, |(start, end)| word.part(start..end));
            CallError::Query { error, span }
        })?;
        session.remember_filter(&filter);
        Ok(Some(Filter { filter, limit, pressed: Arc::clone(&session.interrupted), span: word.span }))
    }

    /// Refuses a result that stays the provider's own bytes: there is nothing for a filter to work on.
    pub(crate) fn suits(&self, line: &Line, format: Format) -> Result<(), CallError> {
        if format != Format::Raw {
            return Ok(());
        }
        let span = line.option_value("output").map_or(self.span, |word| word.span);
        Err(CallError::Usage {
            message: "a raw result is the provider's own bytes, which no filter can work on".into(),
            span: Some(span),
            hint: Some("another form goes with a filter: -o json".into()),
        })
    }

    /// What it makes of a result, and of what a person may see of it where the two differ.
    pub(crate) fn both(&self, value: &Value, shown: Option<&Value>) -> Result<Filtered, QueryError> {
        let interrupts = Interrupts::heed();
        let apply = |value| self.filter.run(value, self.limit, &|| interrupts.pressed());
        let stored = apply(value)?;
        let shown = shown.map_or_else(|| Ok(stored.clone()), apply)?;
        Ok(Filtered { stored, shown })
    }

    /// What it makes of the result of a local command, which nothing but the filter can take long over: any number of
    /// results.
    pub(crate) fn apply(&self, value: &Value) -> Result<Vec<Value>, QueryError> {
        let interrupts = Interrupts::heed();
        let pressed = || interrupts.pressed() || self.pressed.load(Ordering::Relaxed);
        self.filter.run(value, self.limit, &pressed)
    }
}
