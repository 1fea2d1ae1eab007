//! The most likely continuation, shown after the cursor while typing.

use super::context::Context;
use super::cursor::{Cursor, Place};
use super::params::is_due;
use model::{Method, Param, Value};

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
    let cursor = Cursor::of(line, cursor);
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
            Some(Hint { shown: accepted_values(param), insert: None })
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

/// The values of a parameter: its choices if they are few, or its type.
fn accepted_values(param: &Param) -> String {
    const MOST: usize = 6;
    match param.choices.len() {
        1..=MOST => format!("({})", param.choices.iter().map(Value::plain).collect::<Vec<_>>().join("|")),
        _ => format!("({})", param.type_.keyword()),
    }
}
