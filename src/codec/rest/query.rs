//! The query of a call: the catalogue's bare words, then names with values.

use super::EncodeError;
use super::given::Given;
use super::leaf::{Leaf, flatten, joined};
use model::escape::percent;
use model::route::{Place, Route};

/// Writes the query with its question mark; empty if there is none.
pub(super) fn write(route: &Route, given: &[Given<'_>]) -> Result<String, EncodeError> {
    let mut words: Vec<String> = route.query.iter().map(|word| percent(word).into_owned()).collect();
    for given in given.iter().filter(|given| given.place == Place::Query) {
        if let Some(separator) = given.param.and_then(|param| param.join.as_deref()) {
            let text = joined(given, separator)?.ok_or_else(|| EncodeError::Joined { name: given.name.to_string() })?;
            words.push(format!("{}={}", percent(&given.wire), percent(&text)));
            continue;
        }
        for (name, leaf) in flatten(&given.wire, given.value, given.repeats()) {
            match leaf {
                Leaf::Plain(text) => words.push(format!("{}={}", percent(&name), percent(&text))),
                Leaf::Sealed(_) => return Err(EncodeError::Secret { name: given.name.to_string() }),
            }
        }
    }
    Ok(if words.is_empty() { String::new() } else { format!("?{}", words.join("&")) })
}
