//! The parts of a text that may be secret, and how sure that is.

use std::ops::Range;

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
    /// It is one. It is not shown anywhere from now on.
    None,
    /// It may be one. No error about this text shows it.
    Little,
    /// It is probably not one. Errors show it, but it is not saved.
    Great,
}

/// What has been found in a text so far.
#[derive(Default)]
pub(super) struct Found<'t> {
    pub(super) places: Vec<Place>,
    /// What variables are set to: their names, and where the values are.
    pub(super) values: Vec<(&'t str, Range<usize>)>,
    /// The variables that have been set so far.
    pub(super) set: Vec<&'t str>,
    /// The variables that are used as values of secrets.
    pub(super) variables: Vec<&'t str>,
}

impl Found<'_> {
    pub(super) fn add(&mut self, range: Range<usize>, doubt: Doubt) {
        self.places.push(Place { range, doubt });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_keeps_its_doubt_and_the_surest_comes_first() {
        let mut found = Found::default();
        for (at, doubt) in [Doubt::Great, Doubt::None, Doubt::Little].into_iter().enumerate() {
            found.add(at..at + 1, doubt);
        }
        found.places.sort_by_key(|place| place.doubt);
        assert_eq!(found.places.iter().map(|place| place.range.start).collect::<Vec<_>>(), [1, 2, 0]);
    }
}
