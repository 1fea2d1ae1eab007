//! Parts of addresses that only the service knows. They are requested before the first call that needs one, and then
//! kept.

use crate::engine::call::exchange::Exchange;
use crate::engine::state::error::CallError;
use model::escape::percent;
use model::provider::Variable;
use model::{Arguments, Call, Map, Method, Value};

/// Begins a session if a method needs one, and asks for those of its variables that are not known yet.
pub(crate) fn resolve(exchange: &mut Exchange<'_>, method: &Method) -> Result<(), CallError> {
    exchange.sign_in(method)?;
    for variable in &exchange.source.provider().variables {
        if method.needs_variable(&variable.name) && !exchange.account.target.variables.contains_key(&variable.name) {
            let value = ask(exchange, variable).map_err(|error| error.on_the_way_to(&method.name, &variable.method))?;
            exchange.account.target.variables.insert(variable.name.clone(), percent(&value).into_owned());
        }
    }
    Ok(())
}

fn ask(exchange: &mut Exchange<'_>, variable: &Variable) -> Result<String, CallError> {
    let untold = || CallError::Variable { name: variable.name.clone(), method: variable.method.clone() };
    let method = exchange.source.method(&variable.method).ok_or_else(untold)?;
    let method = method.map_err(|error| CallError::Resolve(error.into()))?;
    let (told, _) = exchange.value(&Call { method, arguments: Arguments::Named(Map::new()) })?;
    match told.get(&variable.field) {
        Some(Value::Text(text)) if !text.is_empty() => Ok(text.clone()),
        Some(value @ Value::Int(_)) => Ok(value.plain()),
        _ => Err(untold()),
    }
}
