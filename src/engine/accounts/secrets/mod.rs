//! Finds the secrets in a typed text, even if it is not a valid line.
//!
//! A line that is refused is still quoted and saved, so the secrets must be found before the line is understood. The
//! rules, as in `docs/manual/security.md`:
//!
//! - The value of a secret parameter is secret, and so is the value of a name that sounds like one.
//! - In a line that calls a method with a secret parameter, anything in the wrong place may be that secret: the value of
//!   a name that the method does not have, and a word that belongs to no name.
//! - In a line that calls nothing known, anything may be a secret.

mod arguments;
mod names;
mod own;
mod place;
mod statement;
#[cfg(test)]
mod tests;
mod word;

pub(crate) use names::{sounds_secret, unquoted};
pub(crate) use place::{Doubt, Place};

use crate::engine::state::memory::Memory;
use lang::Token;
use place::Found;
use registry::Registry;
use statement::Statement;

/// A shorter secret is not looked for elsewhere in its line: it may be a part of an ordinary word.
const SHORTEST: usize = 6;

/// Where what is certainly secret is a second time, such as in the filter of its line.
fn elsewhere(text: &str, places: &[Place]) -> Vec<Place> {
    let certain = places.iter().filter(|place| place.doubt == Doubt::None);
    let secrets = certain.filter_map(|place| Some(unquoted(text.get(place.range.clone())?)));
    let again = secrets.filter(|secret| secret.len() >= SHORTEST && !secret.starts_with('$')).flat_map(|secret| {
        text.match_indices(secret).map(|(at, found)| Place { range: at..at + found.len(), doubt: Doubt::None })
    });
    again.filter(|again| !places.iter().any(|place| place.range == again.range)).collect()
}

/// Where there may be secrets in a text.
///
/// A variable that is set is no secret itself, whatever it holds; one that is not may be a secret with a dollar.
pub(crate) fn places(text: &str, tokens: &[Token], registry: &Registry, memory: &Memory) -> Vec<Place> {
    let mut found = Found::default();
    Statement::all(text, tokens, registry, memory, &mut found);
    let Found { mut places, values, variables, .. } = found;
    // A variable takes the place of a secret: what variables are set to in the same text may be that.
    if !variables.is_empty() {
        places.extend(values.into_iter().map(|(name, range)| {
            let doubt = if variables.contains(&name) { Doubt::None } else { Doubt::Little };
            Place { range, doubt }
        }));
    }
    places.extend(elsewhere(text, &places));
    places.retain(|place| !place.range.is_empty());
    places
}
