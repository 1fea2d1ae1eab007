//! What is read of the work that is watched: by which methods, and what was there before it.

use std::sync::Arc;

use super::watch::{Subject, Watch};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Map, Method};
use registry::resolve::ResolveError;

impl Watch {
    /// Where nobody tells the id of what a call makes, what is there already is not it: it is looked up beforehand.
    pub(crate) fn look_around(&mut self, exchange: &mut Exchange<'_>) -> Result<(), CallError> {
        if !matches!(self.subject, Subject::New { .. }) {
            return Ok(());
        }
        let first = |error: CallError| error.on_the_way_to(&self.method, &self.rule.method);
        let call = self.call(&self.ready(exchange).map_err(first)?);
        let there = exchange.value(&call).map_err(first)?.0;
        let ids = there.as_list().unwrap_or_default().iter().filter_map(|member| self.id_of(member)).collect();
        if let Subject::New { known, .. } = &mut self.subject {
            *known = ids;
        }
        Ok(())
    }

    /// The reading method, and whatever its address needs.
    pub(super) fn ready(&self, exchange: &mut Exchange<'_>) -> Result<Arc<Method>, CallError> {
        named(exchange, &self.rule.method)
    }

    /// The method that lists what has ended, with its call; `None` where there is none.
    pub(super) fn ended(&self, exchange: &mut Exchange<'_>) -> Result<Option<Call>, CallError> {
        let Some(ended) = &self.rule.ended else { return Ok(None) };
        let method = named(exchange, &ended.method)?;
        Ok(Some(Call { method, arguments: Arguments::Named(Map::new()) }))
    }
}

/// The method of that name, and whatever its address needs.
fn named(exchange: &mut Exchange<'_>, name: &str) -> Result<Arc<Method>, CallError> {
    let missing = || CallError::usage(format!("there is no method `{name}` to follow it with"), None);
    let method = exchange.source.method(name).ok_or_else(missing)?.map_err(ResolveError::from)?;
    variables::resolve(exchange, &method)?;
    Ok(method)
}
