//! What became of a document: what was taken, what was not, and what a person should look at.

use std::collections::BTreeMap;

use model::Effect;

/// The account of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The format with its version: `OpenAPI 3.0.3`.
    pub format: String,
    /// What the document calls the service.
    pub title: String,
    /// Its version of the document.
    pub version: String,
    /// Scheme, host and port of the service; empty if the document does not say.
    pub host: String,
    /// The path before that of every operation.
    pub path: String,
    /// Other addresses that the document names. They are not used.
    pub others: Vec<String>,
    /// How many files the document has.
    pub files: usize,
    /// How many operations it describes.
    pub operations: usize,
    /// How many of them became methods.
    pub methods: usize,
    /// Operations that cannot be carried, each with the reason.
    pub refused: Vec<(String, String)>,
    /// Operations at other addresses, by the address with which the document can be imported once more.
    pub elsewhere: BTreeMap<String, Vec<String>>,
    /// Operations that their vendor keeps from command lines.
    pub hidden: usize,
    /// How many methods have each effect.
    pub effects: BTreeMap<Effect, usize>,
    /// Effects that a word or a value led to: a person should look at them once.
    pub guesses: Vec<Guess>,
    /// Methods that did not get the name of their path, because another has it: name, path, and the name that is taken.
    pub renamed: Vec<(String, String, String)>,
    /// Ways to authenticate that this program does not have.
    pub unknown_schemes: Vec<String>,
    /// How many methods a person has reviewed.
    pub reviewed: usize,
    /// Reviewed methods whose operation has changed since, or does not exist any more.
    pub outdated: Vec<String>,
}

/// An effect that is no more than likely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The method.
    pub method: String,
    /// Its verb and path.
    pub operation: String,
    /// What it is taken to do.
    pub effect: Effect,
    /// Why, worded to follow "because of".
    pub because: String,
}

impl Report {
    /// How many methods have an effect.
    pub fn count(&self, effect: Effect) -> usize {
        self.effects.get(&effect).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_counted() {
        let report = Report { effects: BTreeMap::from([(Effect::Read, 3)]), ..Report::default() };
        assert_eq!((report.count(Effect::Read), report.count(Effect::Destroy)), (3, 0));
    }
}
