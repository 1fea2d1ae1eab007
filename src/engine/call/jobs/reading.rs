//! How the work is read: with which methods, and what existed before it.

use std::sync::Arc;

use super::watch::{Subject, Watch};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Map, Method};
use registry::resolve::ResolveError;

impl Watch {
    /// If no answer contains the id of the new object, the objects that exist already are looked up before the call.
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

    /// The method that reads it, with the variables that its address needs.
    pub(super) fn ready(&self, exchange: &mut Exchange<'_>) -> Result<Arc<Method>, CallError> {
        named(exchange, &self.rule.method)
    }

    /// The method that lists ended work, with its call; `None` if there is none.
    pub(super) fn ended(&self, exchange: &mut Exchange<'_>) -> Result<Option<Call>, CallError> {
        let Some(ended) = &self.rule.ended else { return Ok(None) };
        let method = named(exchange, &ended.method)?;
        Ok(Some(Call { method, arguments: Arguments::Named(Map::new()) }))
    }
}

/// The method with that name, with the variables that its address needs.
fn named(exchange: &mut Exchange<'_>, name: &str) -> Result<Arc<Method>, CallError> {
    let missing = || CallError::usage(format!("there is no method `{name}` to follow it with"), None);
    let method = exchange.source.method(name).ok_or_else(missing)?.map_err(ResolveError::from)?;
    variables::resolve(exchange, &method)?;
    Ok(method)
}
