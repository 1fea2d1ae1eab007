//! Checks single values against the limits in the catalogue.

use model::spec::Spec;
use model::{Form, Value};

/// The limit that a value breaks, if any, worded to follow the name: "must be at most 999".
pub(super) fn broken(spec: &Spec<'_>, value: &Value) -> Option<String> {
    match value {
        Value::Int(_) | Value::Decimal(_) => number(spec, value),
        Value::Text(text) => length(spec, text.chars().count(), "character").or_else(|| of_text(spec, text)),
        Value::Secret(secret) => length(spec, secret.length(), "character").or_else(|| {
            let pattern = spec.pattern.filter(|pattern| !secret.fits(*pattern))?;
            Some(format!("must be {}", pattern.wanted()))
        }),
        Value::List(list) => length(spec, list.len(), "member").or_else(|| of_list(spec, list)),
        Value::Map(map) => length(spec, map.len(), "field"),
        _ => None,
    }
}

fn number(spec: &Spec<'_>, value: &Value) -> Option<String> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Decimal(number) => number.to_f64(),
        _ => return None,
    };
    match (spec.min, spec.max, spec.step) {
        (Some(min), _, _) if number < min as f64 => Some(format!("must be at least {min}")),
        (_, Some(max), _) if number > max as f64 => Some(format!("must be at most {max}")),
        (_, _, Some(step)) if value.as_int().is_none_or(|number| number % step.max(1) != 0) => {
            Some(format!("must be a multiple of {step}"))
        }
        _ => None,
    }
}

fn length(spec: &Spec<'_>, length: usize, unit: &str) -> Option<String> {
    let counted = |number: usize| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match (spec.min_length, spec.max_length) {
        (Some(min), _) if length < min => Some(format!("must have at least {}", counted(min))),
        (_, Some(max)) if length > max => Some(format!("must have at most {}, but has {length}", counted(max))),
        _ => None,
    }
}

fn of_text(spec: &Spec<'_>, text: &str) -> Option<String> {
    if spec.not.iter().any(|not| not.eq_ignore_ascii_case(text)) {
        return Some(format!("must not be {}", spec.not.join(" or ")));
    }
    let pattern = spec.pattern.filter(|pattern| !pattern.fits(text))?;
    Some(format!("must be {}", pattern.wanted()))
}

fn of_list(spec: &Spec<'_>, list: &[Value]) -> Option<String> {
    if spec.distinct
        && let Some(twice) =
            list.iter().enumerate().find_map(|(at, one)| list.iter().take(at).any(|it| it == one).then_some(at))
    {
        return Some(format!("must not have a member twice, and number {} is a repeat", twice + 1));
    }
    let alone = spec.alone.iter().find(|alone| list.contains(alone)).filter(|_| list.len() > 1)?;
    let name = match alone {
        Value::Map(map) => map.iter().map(|(_, value)| value.plain()).collect::<Vec<_>>().join(" "),
        other => other.plain(),
    };
    Some(format!("must have no other member besides {name}"))
}

/// The invalid part of a text that says how to sort a list.
pub(super) fn unsortable<'t>(spec: &Spec<'_>, text: &'t str, any_case: bool) -> Option<&'t str> {
    let sorting = spec.sorts?;
    let same = |one: &String, other: &str| one == other || any_case && one.eq_ignore_ascii_case(other);
    let fits = |part: &&str| {
        let (name, word) = part.split_once('.').map_or((*part, None), |(name, word)| (name, Some(word)));
        sorting.by.iter().any(|known| same(known, name))
            && word.is_none_or(|word| sorting.with.iter().any(|known| same(known, word)))
    };
    text.split(',').find(|part| !fits(part))
}

/// A date in the required form; `None` when it cannot be converted.
pub(super) fn rewritten(form: Form, value: &Value) -> Option<Value> {
    match value {
        Value::Date(date) => date.in_form(form).map(Value::Date),
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Param, Secret};

    fn param(json: &str) -> Param {
        serde_json::from_str(json).unwrap()
    }

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn limits_are_inclusive_and_named() {
        for (limits, given, said) in [
            (r#""min":0,"max":999"#, "0", None),
            (r#""min":0,"max":999"#, "999", None),
            (r#""min":0,"max":999"#, "-1", Some("must be at least 0")),
            (r#""min":0,"max":999"#, "999.5", Some("must be at most 999")),
            (r#""step":1024"#, "2048", None),
            (r#""step":1024"#, "1500", Some("must be a multiple of 1024")),
            (r#""max_length":2"#, "\"éé\"", None),
            (r#""max_length":2"#, "\"abc\"", Some("must have at most 2 characters, but has 3")),
            (r#""min_length":1"#, "[]", Some("must have at least 1 member")),
            (r#""min_length":1"#, "{}", Some("must have at least 1 field")),
            (r#""pattern":"word""#, "\"we.b\"", Some("must be made of letters, digits, _ and -")),
            (r#""not":["default"]"#, "\"Default\"", Some("must not be default")),
            (r#""distinct":true"#, "[1,2]", None),
            (r#""distinct":true"#, "[1,2,1]", Some("must not have a member twice, and number 3 is a repeat")),
            (r#""alone":["read only"]"#, "[\"read only\"]", None),
            (
                r#""alone":["read only"]"#,
                "[\"server\",\"read only\"]",
                Some("must have no other member besides read only"),
            ),
            (
                r#""alone":[{"name":"read only"}]"#,
                r#"[{"name":"server"},{"name":"read only"}]"#,
                Some("must have no other member besides read only"),
            ),
        ] {
            let param = param(&format!(r#"{{"name":"p","type":"any",{limits}}}"#));
            assert_eq!(broken(&Spec::of(&param), &value(given)).as_deref(), said, "{limits} {given}");
        }
        let param = param(r#"{"name":"p","pattern":"key_characters","min_length":4}"#);
        for (secret, said) in [
            ("abcd", None),
            ("abc", Some("must have at least 4 characters")),
            ("ab cd", Some("must be made of letters, digits and .!@#$%^&*()_+-=")),
        ] {
            assert_eq!(broken(&Spec::of(&param), &Value::Secret(Secret::new(secret))).as_deref(), said);
        }
    }

    #[test]
    fn a_list_is_sorted_by_existing_names() {
        let param = param(r#"{"name":"p","sorts":{"by":["id","created"],"with":["DESCENDING"]}}"#);
        for (text, any_case, wrong) in [
            ("id", false, None),
            ("created.DESCENDING,id", false, None),
            ("Created.descending", true, None),
            ("Created", false, Some("Created")),
            ("id,size", true, Some("size")),
            ("id.UP", true, Some("id.UP")),
            ("id,", true, Some("")),
        ] {
            assert_eq!(unsortable(&Spec::of(&param), text, any_case), wrong, "{text}");
        }
    }
}
