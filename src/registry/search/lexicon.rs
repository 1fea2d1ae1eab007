//! What people say, and what catalogues call it: the shared table and those of providers.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::words::Stems;
use crate::embedded;

/// The shared table, as `src/catalogs/words.toml` has it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    ignored: Vec<String>,
    synonyms: BTreeMap<String, Vec<String>>,
}

/// The most words in a phrase that has synonyms.
pub(crate) const LONGEST: usize = 4;

/// Phrases with their synonyms, and the words that are ignored.
pub(super) struct Lexicon {
    ignored: HashSet<String>,
    /// The stems of a phrase, with the stems of its synonyms.
    synonyms: HashMap<Vec<String>, Vec<Vec<String>>>,
}

impl Lexicon {
    /// The shared table together with those of providers.
    pub(super) fn of<'t>(own: impl Iterator<Item = &'t BTreeMap<String, Vec<String>>>, stems: &Stems) -> Lexicon {
        let Table { ignored, synonyms } = serde_json::from_str(embedded::WORDS).unwrap_or_default();
        let mut lexicon = Lexicon { ignored: ignored.into_iter().collect(), synonyms: HashMap::new() };
        lexicon.learn(&synonyms, stems);
        own.for_each(|synonyms| lexicon.learn(synonyms, stems));
        lexicon
    }

    fn learn(&mut self, synonyms: &BTreeMap<String, Vec<String>>, stems: &Stems) {
        for (phrase, others) in synonyms {
            let others = others.iter().map(|other| stems.all(other));
            self.synonyms.entry(stems.all(phrase)).or_default().extend(others);
        }
    }

    /// Whether a word is ignored in a search.
    pub(super) fn ignores(&self, word: &str) -> bool {
        self.ignored.contains(&word.to_lowercase())
    }

    /// The synonyms of the longest known phrase that some stems begin with, and the number of stems in that phrase.
    pub(super) fn phrase(&self, stems: &[String]) -> Option<(usize, &[Vec<String>])> {
        (1..=LONGEST.min(stems.len())).rev().find_map(|length| {
            let others = self.synonyms.get(stems.get(..length)?)?;
            Some((length, others.as_slice()))
        })
    }

    /// The synonyms of a single stem.
    pub(super) fn stem(&self, stem: &String) -> &[Vec<String>] {
        self.synonyms.get(std::slice::from_ref(stem)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_table_is_read_and_every_phrase_can_be_found() {
        let table: Table = serde_json::from_str(embedded::WORDS).unwrap();
        assert!(table.synonyms.len() > 100 && table.ignored.len() > 20);
        let (stems, own) = (Stems::default(), BTreeMap::from([("odd one".to_owned(), vec!["thing".to_owned()])]));
        let lexicon = Lexicon::of(std::iter::once(&own), &stems);
        for (phrase, others) in table.synonyms.iter().chain(&own) {
            let key = stems.all(phrase);
            assert!((1..=LONGEST).contains(&key.len()), "{phrase}");
            let (length, found) = lexicon.phrase(&key).unwrap();
            assert_eq!(length, key.len(), "{phrase}");
            assert!(others.iter().all(|other| found.contains(&stems.all(other))), "{phrase}");
            let is_ignored = |word: &str| lexicon.ignores(word);
            assert!(others.iter().all(|other| !other.split(' ').all(is_ignored)), "{phrase}: says nothing");
        }
    }
}
