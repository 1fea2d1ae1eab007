//! The methods of a catalogue by their names, none of which is read.

use super::entry::{Entry, Other, search};
use super::stored::Stored;
use super::texts::Texts;

/// What a catalogue has, wherever that is.
#[derive(Clone, Debug)]
pub(super) enum Listing {
    /// In memory.
    Here(Texts),
    /// In a file.
    Stored(Stored),
}

impl Listing {
    fn count(&self) -> usize {
        match self {
            Listing::Here(texts) => texts.methods.len(),
            Listing::Stored(stored) => stored.methods(),
        }
    }

    fn entry(&self, at: usize) -> Option<Entry<'_>> {
        match self {
            Listing::Here(texts) => texts.entry(at),
            Listing::Stored(stored) => stored.entry(at),
        }
    }

    fn alias(&self, at: usize) -> Option<Other<'_>> {
        match self {
            Listing::Here(texts) => texts.alias(at),
            Listing::Stored(stored) => stored.alias(at),
        }
    }

    fn alias_count(&self) -> usize {
        match self {
            Listing::Here(texts) => texts.aliases.len(),
            Listing::Stored(stored) => stored.aliases(),
        }
    }

    /// The place of the method with that name or alias.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        if let Listing::Stored(stored) = self {
            return stored.position(name);
        }
        let own = |name: &str| search(self.count(), |at| self.entry(at).map(|entry| entry.name.cmp(name)));
        let other = || {
            let at = search(self.alias_count(), |at| self.alias(at).map(|alias| alias.name.cmp(name)))?;
            own(self.alias(at)?.method)
        };
        own(name).or_else(other)
    }
}

/// The methods of a catalogue, sorted by name.
#[derive(Clone, Copy, Debug)]
pub struct Records<'c>(pub(super) &'c Listing);

impl<'c> Records<'c> {
    /// Their number.
    pub fn len(self) -> usize {
        self.0.count()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// One of them, counted from 0.
    pub fn get(self, at: usize) -> Option<Entry<'c>> {
        self.0.entry(at)
    }

    /// Names, summaries and whether they should no longer be used.
    pub fn iter(self) -> impl Iterator<Item = Entry<'c>> + Clone {
        (0..self.len()).filter_map(move |at| self.0.entry(at))
    }
}

impl<'c> IntoIterator for Records<'c> {
    type Item = Entry<'c>;
    type IntoIter = Box<dyn Iterator<Item = Entry<'c>> + 'c>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// The aliases of a catalogue, sorted.
#[derive(Clone, Copy, Debug)]
pub struct Aliases<'c>(pub(super) &'c Listing);

impl<'c> Aliases<'c> {
    /// Each with its method.
    pub fn iter(self) -> impl Iterator<Item = Other<'c>> {
        (0..self.0.alias_count()).filter_map(move |at| self.0.alias(at))
    }
}

impl<'c> IntoIterator for Aliases<'c> {
    type Item = Other<'c>;
    type IntoIter = Box<dyn Iterator<Item = Other<'c>> + 'c>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_found() {
        let methods = [0, 1, 2].map(|at| [at, at + 1, at + 1, 0, 0, 0]);
        let texts = Texts { text: "abczb".into(), methods: methods.to_vec().into(), aliases: vec![[3, 4, 5]].into() };
        let listing = Listing::Here(texts);
        for (name, at) in [("a", Some(0)), ("c", Some(2)), ("z", Some(1)), ("", None), ("bb", None), ("d", None)] {
            assert_eq!(listing.position(name), at, "{name}");
        }
        let records = Records(&listing);
        assert_eq!((records.len(), records.is_empty(), records.into_iter().count()), (3, false, 3));
        assert_eq!(records.get(1).map(|entry| entry.name), Some("b"));
        assert_eq!(Aliases(&listing).iter().next(), Some(Other { name: "z", method: "b" }));
        assert_eq!(Aliases(&listing).into_iter().count(), 1);
    }
}
