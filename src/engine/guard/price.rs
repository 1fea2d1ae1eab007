//! What a call would cost, in the provider's own figures. They are requested if the catalogue says how; nothing is computed
//! but the sum for several calls.

use std::sync::Arc;

use super::gate::{Gate, Pending, broken};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::state::error::CallError;
use model::{Arguments, Call, Field, Map, PriceRule, Value};

/// The text for an unknown price.
const UNKNOWN: &str = "unknown";
/// The prices of so many calls are asked for before one question.
const MOST: usize = 20;
/// A longer number is no price, in bytes.
const LONGEST: usize = 20;

/// A figure: what it is, and the provider's text.
type Figure = (String, String);

/// One line for each figure, or one that says that the price is unknown. Fails only if the call itself could not be
/// made either, or if the user cancels.
pub(super) fn lines(gate: &mut Gate<'_>, pending: &Pending<'_>) -> Result<Vec<String>, CallError> {
    let figures = asked(gate, pending)?;
    if figures.is_empty() {
        return Ok(vec![UNKNOWN.to_owned()]);
    }
    Ok(figures.iter().map(|(label, text)| format!("{label}: {text}")).collect())
}

/// The prices of several calls, in lines: their sum if there is one, or else each. `name` says which call it is.
pub(super) fn of_several(
    gate: &mut Gate<'_>,
    pending: &[&Pending<'_>],
    name: impl Fn(&Pending<'_>) -> String,
) -> Result<Vec<String>, CallError> {
    let unknown = || vec![format!("price {UNKNOWN}")];
    if pending.len() > MOST {
        return Ok(unknown());
    }
    let mut all = Vec::with_capacity(pending.len());
    for pending in pending {
        all.push(asked(gate, pending)?);
    }
    if all.iter().all(Vec::is_empty) {
        return Ok(unknown());
    }
    let same_account = pending.windows(2).all(|two| matches!(two, [one, other] if one.profile == other.profile));
    if let Some(sum) = sum(&all).filter(|sum| same_account || sum.iter().any(|(_, text)| number(text).is_none())) {
        return Ok(vec![format!("price of all: {}", joined(&sum))]);
    }
    let told = |figures: &Vec<Figure>| if figures.is_empty() { UNKNOWN.to_owned() } else { joined(figures) };
    Ok(pending
        .iter()
        .zip(&all)
        .map(|(pending, figures)| format!("price of {}: {}", name(pending), told(figures)))
        .collect())
}

fn joined(figures: &[Figure]) -> String {
    figures.iter().map(|(label, text)| format!("{label}: {text}")).collect::<Vec<_>>().join(", ")
}

/// The sum of each figure, if all calls have the same ones: numbers are added, and anything else, such as the currency,
/// must be the same for all.
fn sum(all: &[Vec<Figure>]) -> Option<Vec<Figure>> {
    let first = all.first().filter(|first| !first.is_empty())?;
    let labels = |figures: &[Figure]| figures.iter().map(|(label, _)| label.clone()).collect::<Vec<_>>();
    if all.iter().any(|figures| labels(figures) != labels(first)) {
        return None;
    }
    let mut added = false;
    let mut total = |(at, (label, text)): (usize, &Figure)| {
        let texts = || all.iter().filter_map(|figures| figures.get(at)).map(|(_, text)| text.as_str());
        let numbers: Option<Vec<(i128, usize)>> = texts().map(number).collect();
        match numbers {
            Some(numbers) => {
                added = true;
                Some((label.clone(), plus(&numbers)?))
            }
            None => texts().all(|other| other == text).then(|| (label.clone(), text.clone())),
        }
    };
    let totals: Option<Vec<Figure>> = first.iter().enumerate().map(&mut total).collect();
    totals.filter(|_| added)
}

/// A plain number: its digits, and how many of them are behind the point.
fn number(text: &str) -> Option<(i128, usize)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || text.ends_with('.') || text.len() > LONGEST {
        return None;
    }
    format!("{whole}{part}").parse().ok().map(|digits| (digits, part.len()))
}

/// The sum of numbers, with as many digits behind the point as the longest.
fn plus(numbers: &[(i128, usize)]) -> Option<String> {
    let places = numbers.iter().map(|(_, places)| *places).max().unwrap_or(0);
    let mut sum: i128 = 0;
    for (digits, own) in numbers {
        let scale = 10_i128.checked_pow(u32::try_from(places.saturating_sub(*own)).ok()?)?;
        sum = sum.checked_add(digits.checked_mul(scale)?)?;
    }
    let text = format!("{sum:0>width$}", width = places + 1);
    let (whole, part) = text.split_at_checked(text.len().saturating_sub(places))?;
    Some(if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") })
}

/// The figures of a call; none if the price is unknown.
fn asked(gate: &mut Gate<'_>, pending: &Pending<'_>) -> Result<Vec<Figure>, CallError> {
    let Pending { profile, call, .. } = *pending;
    let Some(rule) = &call.method.price else { return Ok(Vec::new()) };
    let timeouts = gate.accounts.rules(profile).timeouts;
    let mut exchange = Exchange::of(gate.accounts, gate.console, profile, timeouts)?;
    let Some(asking) = asking(&exchange, rule, call) else { return Ok(Vec::new()) };
    exchange.account.unlock_for(&asking.method, exchange.redactor)?;
    let asked = variables::resolve(&mut exchange, &asking.method).and_then(|()| exchange.value(&asking));
    let answer = match asked {
        Ok((answer, _)) => answer,
        Err(error) => return broken(&error, call).map_or_else(|| Ok(Vec::new()), Err),
    };
    let declared = asking.method.result_fields(exchange.source.shapes_of(&asking.method));
    Ok(figures(rule, &answer, &call.arguments, declared))
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

fn figures(rule: &PriceRule, answer: &Value, given: &Arguments, declared: &[Field]) -> Vec<Figure> {
    let Some(answer) = chosen(rule, answer, given) else { return Vec::new() };
    let told = rule.tells.iter().filter_map(|path| {
        let value = path.split('.').try_fold(answer, |value, key| value.get(key))?;
        let field = declared.iter().find(|field| field.name == *path).filter(|field| !field.summary.is_empty());
        let label = field.map_or(path.as_str(), |field| field.summary.as_str());
        Some((label.to_owned(), plain(value)?))
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
            let found = figures(&rule, &answer, &given, &declared);
            let found: Vec<String> = found.iter().map(|(label, text)| format!("{label}: {text}")).collect();
            assert_eq!(found, told, "{answer:?}");
        }
    }

    #[test]
    fn figures_of_several_calls_are_added_where_that_means_something() {
        let call = |text: &str| -> Vec<Figure> {
            let pair = |pair: &str| pair.split_once('=').map(|(label, text)| (label.to_owned(), text.to_owned()));
            text.split_whitespace().filter_map(pair).collect()
        };
        for (calls, expected) in [
            (&["month=12.50 currency=GBP", "month=7.5 currency=GBP"][..], Some("month: 20.00, currency: GBP")),
            (&["month=1", "month=2", "month=3"], Some("month: 6")),
            (&["month=0.05", "month=0.001"], Some("month: 0.051")),
            (&["month=12.50 currency=GBP", "month=7.50 currency=EUR"], None),
            (&["month=12.50", "year=7.50"], None),
            (&["month=12.50", ""], None),
            (&["month=£12.50", "month=£7.50"], None),
            // The same text for all is no sum.
            (&["month=£12.50", "month=£12.50"], None),
            (&["month=1e3", "month=1e3"], None),
            (&["month=-1", "month=2"], None),
            (&["month=99999999999999999999", "month=99999999999999999999"], Some("month: 199999999999999999998")),
            (&["month=999999999999999999999"], None),
        ] {
            let all: Vec<Vec<Figure>> = calls.iter().map(|text| call(text)).collect();
            assert_eq!(sum(&all).map(|sum| joined(&sum)).as_deref(), expected, "{calls:?}");
        }
    }
}
