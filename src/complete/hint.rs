//! The most likely continuation, shown after the cursor while typing.

use super::context::Context;
use super::cursor::{Cursor, Place};
use super::inner;
use super::params::is_due;
use model::{Method, Param, Type, Value};

/// A short text after the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The text shown.
    pub shown: String,
    /// The text inserted when the hint is accepted; `None` if only the user can know it.
    pub insert: Option<String>,
}

/// The next required parameter, or what the parameter just named takes. Only at the end of the line.
pub fn hint(line: &str, cursor: usize, context: &Context<'_>) -> Option<Hint> {
    if cursor < line.len() || line.trim().is_empty() {
        return None;
    }
    let line = line.get(inner::at_end(line).map_or(0, |inner| inner.start)..).unwrap_or(line);
    let cursor = Cursor::of(line, line.len());
    let registry = context.registry;
    if cursor.place == Place::Head {
        // The method may already be complete: the line then continues after a space.
        let whole = format!("{line} ");
        let behind = Cursor::of(&whole, whole.len());
        let method = behind.method(registry)?;
        return Some(named(" ", "", next(&method, &[])?));
    }
    let method = cursor.method(registry)?;
    match cursor.place {
        Place::Name => {
            let param = next(&method, &cursor.used).filter(|param| param.name.starts_with(cursor.word))?;
            match param.name == cursor.word {
                true => Some(Hint { shown: format!(" {}", accepted_values(param)), insert: Some(" ".into()) }),
                false => Some(named("", cursor.word, param)),
            }
        }
        Place::Value(name) if cursor.word.is_empty() && cursor.tag.is_none() => {
            let param = method.param(name)?;
            Some(Hint { shown: format!("{} {}", accepted_values(param), described(param)), insert: None })
        }
        _ => None,
    }
}

/// The first required parameter that the line lacks.
fn next<'m>(method: &'m Method, used: &[&str]) -> Option<&'m Param> {
    let given = |param: &Param| used.iter().any(|used| used.split(['.', '[']).next() == Some(&param.name));
    method.params.iter().find(|param| is_due(param) && !given(param))
}

/// The rest of a name, with its type.
fn named(blank: &str, typed: &str, param: &Param) -> Hint {
    let rest = param.name.strip_prefix(typed).unwrap_or(&param.name);
    Hint { shown: format!("{blank}{rest} {}", accepted_values(param)), insert: Some(format!("{blank}{rest} ")) }
}

/// What a parameter is and what limits its value.
fn described(param: &Param) -> String {
    let mut words = vec![param.summary.clone()];
    // A type says what it is called already; the longest list of choices has no room.
    words.extend(limits(param));
    words.extend(param.default.iter().map(|default| format!("default {}", default.plain())));
    words.retain(|word| !word.is_empty());
    words.join("; ")
}

fn limits(param: &Param) -> Option<String> {
    if let Some(pattern) = param.pattern {
        return Some(pattern.wanted().to_owned());
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let of = if param.min_length.or(param.max_length).is_some() { " characters" } else { "" };
    let of = if matches!(param.type_, Type::List(_)) && !of.is_empty() { " members" } else { of };
    match (param.min.or(param.min_length.map(count)), param.max.or(param.max_length.map(count))) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{of}")),
        (Some(low), None) => Some(format!("at least {low}{of}")),
        (None, Some(high)) => Some(format!("at most {high}{of}")),
        (None, None) => None,
    }
}

/// The values of a parameter: its choices if they are few, or its type.
fn accepted_values(param: &Param) -> String {
    const MOST: usize = 6;
    match param.choices.len() {
        1..=MOST => format!("({})", param.choices.iter().map(Value::plain).collect::<Vec<_>>().join("|")),
        _ => format!("({})", param.type_.keyword()),
    }
}
