//! Values against what the catalogue allows.

use super::coerce::quoted;
use super::error::BindError;
use lang::Pair;
use model::method::Pattern;
use model::{Param, Value};

/// Checks choices, limits and patterns.
pub(super) fn allowed(param: &Param, value: &Value, pair: &Pair<'_>) -> Result<(), BindError> {
    choices(param, value, pair)?;
    match broken_limit(param, value) {
        Some(rule) => Err(BindError::Limit { name: param.name.clone(), rule, span: pair.value.span }),
        None => Ok(()),
    }
}

fn choices(param: &Param, value: &Value, pair: &Pair<'_>) -> Result<(), BindError> {
    if param.choices.is_empty() || value == &Value::Null {
        return Ok(());
    }
    let members = value.as_list().map_or(std::slice::from_ref(value), |list| list);
    match members.iter().find(|member| !param.choices.contains(member)) {
        None => Ok(()),
        Some(wrong) => Err(BindError::Choice {
            name: param.name.clone(),
            given: quoted(&wrong.plain()),
            choices: param.choices.iter().map(Value::plain).collect(),
            span: pair.value.span,
        }),
    }
}

pub(super) fn broken_limit(param: &Param, value: &Value) -> Option<String> {
    match value {
        Value::Int(_) | Value::Decimal(_) => number_limit(param, value),
        Value::Text(text) => {
            length_limit(param, text.chars().count(), "characters").or_else(|| pattern_fault(param, text))
        }
        Value::Secret(secret) => length_limit(param, secret.length(), "characters"),
        Value::List(list) => length_limit(param, list.len(), "members"),
        _ => None,
    }
}

fn number_limit(param: &Param, value: &Value) -> Option<String> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Decimal(number) => number.to_f64(),
        _ => return None,
    };
    match (param.min, param.max) {
        (Some(min), _) if number < min as f64 => Some(format!("must be at least {min}")),
        (_, Some(max)) if number > max as f64 => Some(format!("must be at most {max}")),
        _ => None,
    }
}

fn length_limit(param: &Param, length: usize, what: &str) -> Option<String> {
    match (param.min_length, param.max_length) {
        (Some(min), _) if length < min => Some(format!("must have at least {min} {what}")),
        (_, Some(max)) if length > max => Some(format!("must have at most {max} {what}, this has {length}")),
        _ => None,
    }
}

fn pattern_fault(param: &Param, text: &str) -> Option<String> {
    let pattern = param.pattern?;
    let fits = match pattern {
        Pattern::Hex32 => text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        Pattern::Name64 => {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        }
        Pattern::Domain => is_domain(text),
        Pattern::Ip => text.parse::<std::net::IpAddr>().is_ok(),
        Pattern::Month => is_month(text),
        Pattern::Email => {
            text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()) && !text.contains(' ')
        }
    };
    (!fits).then(|| format!("must be {}", pattern.wanted()))
}

/// Lenient on purpose: underscores, wildcards, a final dot and other scripts all occur in zones.
fn is_domain(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.contains(|c: char| c.is_whitespace() || c.is_control() || "/:@\\".contains(c))
    };
    name.len() <= 253 && name.split('.').all(label)
}

fn is_month(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && (1..=12).contains(&month.parse::<u8>().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_tell_right_from_wrong() {
        for (pattern, right, wrong) in [
            (Pattern::Hex32, "0123456789abcdef0123456789ABCDEF", "0123"),
            (Pattern::Name64, "myserver-1.x_y", "my server"),
            (Pattern::Domain, "_sip._tcp.example.com.", "exa mple.com"),
            (Pattern::Ip, "2001:db8::1", "192.0.2.256"),
            (Pattern::Month, "2011-12", "2011-13"),
            (Pattern::Email, "a@example.com", "example.com"),
        ] {
            let param = Param { pattern: Some(pattern), ..Param::default() };
            assert_eq!(pattern_fault(&param, right), None, "{right}");
            assert!(pattern_fault(&param, wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn limits_are_inclusive() {
        let param = Param { min: Some(0), max: Some(999), max_length: Some(2), ..Param::default() };
        for (value, ok) in [
            (Value::Int(0), true),
            (Value::Int(999), true),
            (Value::Int(-1), false),
            (Value::number("999.5").unwrap(), false),
            (Value::from("ab"), true),
            (Value::from("abc"), false),
            (Value::from(vec![Value::Null; 3]), false),
        ] {
            assert_eq!(broken_limit(&param, &value).is_none(), ok, "{value:?}");
        }
    }
}
