//! Finding methods by what they are for: the words of a search, their stems and synonyms, against names, summaries,
//! parameters and results. The best match comes first.

mod lexicon;
mod query;
mod score;
#[cfg(test)]
mod tests;
mod words;

use std::cmp::Reverse;
use std::sync::Arc;

use super::Source;
use super::catalog::CatalogError;
pub(crate) use lexicon::LONGEST;
use lexicon::Lexicon;
use model::Method;
use query::Concept;
use score::{Fronts, Page};
use words::Stems;
pub(crate) use words::words;

/// A result is left out if it is worth less than so many hundredths of the best one.
const LEAST: u32 = 30;

/// A method that has to do with the words.
#[derive(Debug)]
pub struct Found<'r> {
    /// Whose it is.
    pub source: &'r Source,
    /// The method.
    pub method: Arc<Method>,
}

/// What a search finds.
#[derive(Debug, Default)]
pub struct Results<'r> {
    /// The best first.
    pub found: Vec<Found<'r>>,
    /// The typed words that the best one has nothing to do with.
    pub missing: Vec<String>,
}

/// A method, and what each concept is worth to it.
struct Candidate<'r> {
    source: &'r Source,
    name: &'r str,
    deprecated: bool,
    worths: Vec<u32>,
    covered: u32,
}

/// The methods of some accounts that have to do with words. All words need not be found, but the more the better.
pub fn search<'r>(sources: impl Iterator<Item = &'r Source>, words: &[String]) -> Result<Results<'r>, CatalogError> {
    let (stems, sources) = (Stems::default(), sources.collect::<Vec<_>>());
    let lexicon = Lexicon::of(sources.iter().map(|source| &source.provider().synonyms), &stems);
    let concepts = query::concepts(words, &lexicon, &stems);
    let fronts = Fronts::of(&concepts);
    let mut candidates = Vec::new();
    for source in sources {
        let owner = [source.profile(), source.provider().id.as_str()];
        for entry in source.entries() {
            let Some(method) = source.sketch(entry.name) else { continue };
            let method = method?;
            let page = Page::of(&method, source.shapes(), &owner, (&fronts, &stems));
            let worths: Vec<u32> = concepts.iter().map(|concept| page.worth(concept)).collect();
            if worths.iter().any(|worth| *worth > 0) {
                let covered = page.covered(&concepts, &stems);
                let (name, deprecated) = (entry.name, entry.deprecated);
                candidates.push(Candidate { source, name, deprecated, worths, covered });
            }
        }
    }
    ranked(candidates, &concepts)
}

/// The candidates in order, those that should no longer be used last, without those that are worth much less than the best.
fn ranked<'r>(candidates: Vec<Candidate<'r>>, concepts: &[Concept]) -> Result<Results<'r>, CatalogError> {
    let all = candidates.len();
    let rareness: Vec<u32> = (0..concepts.len())
        .map(|at| rareness(candidates.iter().filter(|one| one.worths.get(at).is_some_and(|it| *it > 0)).count(), all))
        .collect();
    let mut scored: Vec<(u32, Candidate<'r>)> =
        candidates.into_iter().map(|candidate| (score(&candidate, &rareness), candidate)).collect();
    scored.sort_by(|(one, a), (other, b)| {
        let order = |score: &u32, it: &Candidate<'_>| (it.deprecated, Reverse(*score), it.name.len());
        order(one, a).cmp(&order(other, b)).then(a.name.cmp(b.name))
    });
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    let worths = scored.first().map(|(_, best)| best.worths.as_slice()).unwrap_or_default();
    let lacking = concepts.iter().zip(worths).filter(|(_, worth)| **worth == 0);
    let missing = lacking.map(|(concept, _)| concept.typed.clone()).collect();
    let found = scored.into_iter().filter(|(score, _)| score * 100 >= best * LEAST);
    let whole = |it: Candidate<'r>| {
        let method = it.source.method(it.name)?;
        Some(method.map(|method| Found { source: it.source, method }))
    };
    let found = found.filter_map(|(_, it)| whole(it)).collect::<Result<_, _>>()?;
    Ok(Results { found, missing })
}

/// What a word that so many of all candidates have counts, in tenths: a rare one says more.
fn rareness(have: usize, all: usize) -> u32 {
    let steps = (all + 1).checked_div(have.max(1)).unwrap_or(1).max(1).ilog2();
    10 + 3 * steps
}

/// The words that are found, each by its place and its rareness; less where words are missing, where the name says
/// more than was asked for.
fn score(candidate: &Candidate<'_>, rareness: &[u32]) -> u32 {
    let sum: u32 = candidate.worths.iter().zip(rareness).map(|(worth, rare)| worth * rare).sum();
    let (found, all) = (candidate.worths.iter().filter(|worth| **worth > 0).count(), candidate.worths.len().max(1));
    let share = u32::try_from(found * 100 / all).unwrap_or_default();
    sum / 10 * share / 100 * (60 + candidate.covered * 40 / 100) / 100
}
