//! What is secret in a text that was typed, whether or not it makes sense as a line.
//!
//! A line that is refused is quoted and kept all the same, so that this cannot wait for the line to be understood. The
//! rule, as `docs/manual/security.md` gives it:
//!
//! - The value of a secret parameter is secret, and so is the value of a name that sounds like one.
//! - In a line that calls a method with a secret parameter, whatever is in the wrong place may be that secret: the value
//!   of a name that the method does not have, and a word that belongs to no name.
//! - In a line that calls nothing that is known, anything may be one.

mod names;
mod statement;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub(crate) use names::{sounds_secret, unquoted};

use crate::engine::state::memory::Memory;
use lang::{Token, TokenKind};
use registry::Registry;
use statement::Statement;

/// A part of a text that may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where.
    pub(crate) range: Range<usize>,
    /// How sure that is.
    pub(crate) doubt: Doubt,
}

/// How sure it is that something is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// It is one, and is not shown anywhere from now on.
    None,
    /// It may be one: no error about this text shows it.
    Little,
    /// It is hardly one: errors show it, and what is kept of the text does not.
    Great,
}

/// Where there may be secrets in a text.
///
/// A variable that is set is no secret itself, whatever it holds; one that is not may be a secret with a dollar.
pub(crate) fn places(text: &str, tokens: &[Token], registry: &Registry, memory: &Memory) -> Vec<Place> {
    let mut found = Found::default();
    for tokens in tokens.split(|token| token.kind == TokenKind::Separator) {
        Statement::of(text, tokens, registry, memory).read(&mut found);
    }
    let Found { mut places, values, variables, .. } = found;
    // A variable takes the place of a secret: what variables are set to in the same text may be that.
    if !variables.is_empty() {
        places.extend(values.into_iter().map(|(name, range)| {
            let doubt = if variables.contains(&name) { Doubt::None } else { Doubt::Little };
            Place { range, doubt }
        }));
    }
    places.retain(|place| !place.range.is_empty());
    places
}

/// What has been found of a text so far.
#[derive(Default)]
struct Found<'t> {
    places: Vec<Place>,
    /// What variables are set to: their names, and where the values are.
    values: Vec<(&'t str, Range<usize>)>,
    /// The variables that have been set so far.
    set: Vec<&'t str>,
    /// The variables that are given for secrets.
    variables: Vec<&'t str>,
}

impl Found<'_> {
    fn add(&mut self, range: Range<usize>, doubt: Doubt) {
        self.places.push(Place { range, doubt });
    }
}
