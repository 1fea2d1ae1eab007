//! What a call would cost, in the provider's own figures. They are requested if the catalogue says how, and never
//! computed.

use std::sync::Arc;

use super::gate::{Gate, Pending, broken};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Field, Map, PriceRule, Value};

/// The text for an unknown price.
const UNKNOWN: &str = "unknown";

/// One line for each figure, or one that says that the price is unknown. Fails only if the call itself could not be
/// made either, or if the user cancels.
pub(super) fn lines(gate: &mut Gate<'_>, pending: &Pending<'_>) -> Result<Vec<String>, CallError> {
    let unknown = || vec![UNKNOWN.to_owned()];
    let Pending { profile, call, .. } = *pending;
    let Some(rule) = &call.method.price else { return Ok(unknown()) };
    let timeouts = gate.accounts.rules(profile).timeouts;
    let mut exchange = Exchange::of(gate.accounts, gate.console, profile, timeouts)?;
    let Some(asking) = asking(&exchange, rule, call) else { return Ok(unknown()) };
    exchange.account.unlock_for(&asking.method, exchange.redactor)?;
    let asked = variables::resolve(&mut exchange, &asking.method).and_then(|()| exchange.value(&asking));
    let answer = match asked {
        Ok((answer, _)) => answer,
        Err(error) => return broken(&error, call).map_or_else(|| Ok(unknown()), Err),
    };
    let figures =
        figures(rule, &answer, &call.arguments, asking.method.result_fields(exchange.source.shapes_of(&asking.method)));
    Ok(if figures.is_empty() { unknown() } else { figures })
}

/// The call that asks for the price and orders nothing.
fn asking(exchange: &Exchange<'_>, rule: &PriceRule, call: &Call) -> Option<Call> {
    let method = match &rule.method {
        Some(name) => exchange.source.method(name)?.ok()?,
        None => Arc::clone(&call.method),
    };
    let asking = Call { method, arguments: Arguments::Named(rule.arguments(&call.arguments)?) };
    // Whatever a catalogue says, only a read is sent before the user has agreed.
    asking.effects().only_reads().then_some(asking)
}

fn figures(rule: &PriceRule, answer: &Value, given: &Arguments, declared: &[Field]) -> Vec<String> {
    let Some(answer) = chosen(rule, answer, given) else { return Vec::new() };
    let told = rule.tells.iter().filter_map(|path| {
        let value = path.split('.').try_fold(answer, |value, key| value.get(key))?;
        let field = declared.iter().find(|field| field.name == *path).filter(|field| !field.summary.is_empty());
        let label = field.map_or(path.as_str(), |field| field.summary.as_str());
        Some(format!("{label}: {}", plain(value)?))
    });
    told.collect()
}

/// The member of a list that the call is about, or the answer as it is.
fn chosen<'v>(rule: &PriceRule, answer: &'v Value, given: &Arguments) -> Option<&'v Value> {
    let Arguments::Named(given) = given else { return None };
    let is_meant = |member: &&Value| {
        rule.find.iter().all(|(field, from)| {
            let (found, wanted) = (member.get(field).map(Value::plain), given.get(from).map(Value::plain));
            found.is_some() && found == wanted
        })
    };
    match answer.as_list() {
        Some(list) => list.iter().find(is_meant),
        None => Some(answer),
    }
}

/// A figure, or several with their names.
fn plain(value: &Value) -> Option<String> {
    let pairs = |map: &Map| -> Vec<String> {
        map.iter().filter_map(|(name, value)| Some(format!("{name} {}", plain(value)?))).collect()
    };
    match value {
        Value::Null | Value::List(_) | Value::Secret(_) | Value::Bytes(_) => None,
        Value::Map(map) => Some(pairs(map).join(", ")),
        scalar => Some(scalar.plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_the_providers_own() {
        let declared: Vec<Field> =
            serde_json::from_str(r#"[{"name":"rent","type":"float","summary":"Rent a month"}]"#).unwrap();
        for (rule, answer, given, told) in [
            (
                r#"{"tells":["rent","currency","none"]}"#,
                r#"{"rent":12.50,"currency":"GBP","none":null}"#,
                "{}",
                &["Rent a month: 12.50", "currency: GBP"][..],
            ),
            (
                r#"{"tells":["cost.one"]}"#,
                r#"{"cost":{"one":{"price":5.0,"unit":"EUR"}}}"#,
                "{}",
                &["cost.one: price 5.0, unit EUR"],
            ),
            (
                r#"{"find":{"id":"server"},"tells":["price"]}"#,
                r#"[{"id":4,"price":1},{"id":5,"price":2}]"#,
                r#"{"server":5}"#,
                &["price: 2"],
            ),
            (r#"{"find":{"id":"server"},"tells":["price"]}"#, r#"[{"id":4,"price":1}]"#, r#"{"server":5}"#, &[]),
            (r#"{"tells":["price"]}"#, r#"{"other":1}"#, "{}", &[]),
        ] {
            let rule: PriceRule = serde_json::from_str(rule).unwrap();
            let answer: Value = serde_json::from_str(answer).unwrap();
            let given = Arguments::Named(serde_json::from_str(given).unwrap());
            assert_eq!(figures(&rule, &answer, &given, &declared), told, "{answer:?}");
        }
    }
}
