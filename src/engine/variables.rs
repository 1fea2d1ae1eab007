//! Values of addresses that the service itself tells: asked for before the first call that needs one, then kept.

use super::account::Account;
use super::ask::Asked;
use super::error::CallError;
use crate::model::escape::percent;
use crate::model::provider::Variable;
use crate::model::{Arguments, Map, Method, Value};
use crate::registry::Source;
use crate::wire::{Timeouts, Wire};

/// Asks for the variables that the address of a method wants and that are not known yet.
pub(super) fn resolve(
    account: &mut Account,
    source: &Source,
    method: &Method,
    wire: &mut Wire,
    timeouts: Timeouts,
) -> Result<(), CallError> {
    let Some(route) = &method.route else { return Ok(()) };
    for variable in &source.provider().variables {
        if route.mentions(&variable.name) && !account.target.variables.contains_key(&variable.name) {
            let value = ask(account, source, variable, wire, timeouts)?;
            account.target.variables.insert(variable.name.clone(), percent(&value).into_owned());
        }
    }
    Ok(())
}

fn ask(
    account: &Account,
    source: &Source,
    variable: &Variable,
    wire: &mut Wire,
    timeouts: Timeouts,
) -> Result<String, CallError> {
    let untold = || CallError::Variable { name: variable.name.clone(), method: variable.method.clone() };
    let method =
        source.method(&variable.method).ok_or_else(untold)?.map_err(|error| CallError::Resolve(error.into()))?;
    let (provider, shapes) = (source.provider(), source.shapes());
    let asked = Asked { target: &account.target, provider, shapes, timeouts };
    let told = asked.call(wire, &method, Arguments::Named(Map::new()))?;
    match told.get(&variable.field) {
        Some(Value::Text(text)) if !text.is_empty() => Ok(text.clone()),
        Some(value @ Value::Int(_)) => Ok(value.plain()),
        _ => Err(untold()),
    }
}
