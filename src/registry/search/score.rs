//! How much a method has to do with a word, by where the word is found.

use std::collections::{HashMap, HashSet};

use super::query::{Concept, Form};
use super::words::{Stems, words};
use crate::sketch::Sketch;
use model::Shape;

/// The worth of a word: as a part of the name, somewhere in it, in another name for it, in the summary, in the name of
/// a parameter or a field of the result, and in what is said about one.
pub(super) const PART: u32 = 160;
const NAME: u32 = 80;
const ALIAS: u32 = 120;
const SUMMARY: u32 = 64;
const PARAMETER: u32 = 32;
const RESULT: u32 = 24;
const DETAIL: u32 = 12;
/// A synonym is worth so many hundredths of the word itself.
const SYNONYM: u32 = 62;
/// A typed word counts inside a name from so many letters.
const LETTERS: usize = 2;

/// A method's words by their places, as far as they may be among those looked for.
pub(super) struct Page<'m> {
    name: String,
    /// With its capitals.
    spelt: &'m str,
    /// The stems with the worth of their best place.
    worths: HashMap<String, u32>,
    owner: &'m [&'m str],
}

/// How the words looked for begin. Other words are not stemmed.
pub(super) struct Fronts(HashSet<(char, char)>);

impl Fronts {
    /// How the stems of some concepts begin.
    pub(super) fn of(concepts: &[Concept]) -> Fronts {
        let stems = concepts.iter().flat_map(|concept| &concept.forms).flat_map(|form| &form.stems);
        Fronts(stems.filter_map(|stem| front(stem)).collect())
    }

    fn has(&self, word: &str) -> bool {
        front(word).is_some_and(|front| self.0.contains(&front))
    }
}

/// The first two letters. A stem may end in an i where its word ends in a y.
fn front(word: &str) -> Option<(char, char)> {
    let mut letters = word.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'y' { 'i' } else { letter });
    Some((letters.next()?, letters.next().unwrap_or(' ')))
}

impl<'m> Page<'m> {
    /// The words of a method of an account that has these names.
    pub(super) fn of(
        method: &'m Sketch<'_>,
        shapes: &[Shape],
        owner: &'m [&'m str],
        (fronts, stems): (&Fronts, &Stems),
    ) -> Page<'m> {
        let mut page = Page { name: method.name.to_lowercase(), spelt: &method.name, worths: HashMap::new(), owner };
        let mut learn = |text: &str, worth: u32| {
            for word in words(text).filter(|word| fronts.has(word)) {
                let known = page.worths.entry(stems.of(word)).or_default();
                *known = worth.max(*known);
            }
        };
        learn(&method.name, PART);
        method.aliases.iter().for_each(|alias| learn(alias, ALIAS));
        learn(&method.summary, SUMMARY);
        for param in &method.params {
            learn(&param.name, PARAMETER);
            learn(&param.summary, DETAIL);
        }
        let shape = method.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        let shared = shape.into_iter().flat_map(|shape| &shape.fields).map(|field| (&*field.name, &*field.summary));
        let own = method.fields.iter().filter(|_| shape.is_none()).map(|field| (&*field.name, &*field.summary));
        for (name, summary) in shared.chain(own) {
            learn(name, RESULT);
            learn(summary, DETAIL);
        }
        [&method.notes, &method.returns_summary].into_iter().flatten().for_each(|text| learn(text, DETAIL));
        page
    }

    /// What a concept is worth here: that of its best form.
    pub(super) fn worth(&self, concept: &Concept) -> u32 {
        let owned = self.owner.iter().any(|owner| owner.eq_ignore_ascii_case(&concept.typed));
        let best = concept.forms.iter().map(|form| self.of_form(form, &concept.typed)).max().unwrap_or_default();
        // The name of an account or its provider is found everywhere, and puts no method before another.
        best.max(u32::from(owned))
    }

    /// That of its least stem.
    fn of_form(&self, form: &Form, typed: &str) -> u32 {
        let inside = !form.other && typed.len() >= LETTERS && self.name.contains(&typed.to_lowercase());
        let of = |stem: &String| self.worths.get(stem).copied().unwrap_or_default();
        let least = form.stems.iter().map(of).min().unwrap_or_default().max(if inside { NAME } else { 0 });
        if form.other { least * SYNONYM / 100 } else { least }
    }

    /// How many hundredths of the name's parts are meant by the concepts.
    pub(super) fn covered(&self, concepts: &[Concept], stems: &Stems) -> u32 {
        let parts = stems.all(self.spelt);
        let meant = |part: &&String| concepts.iter().flat_map(|it| &it.forms).any(|form| form.stems.contains(part));
        let (count, found) = (parts.len().max(1), parts.iter().filter(meant).count());
        u32::try_from(found * 100 / count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::Lexicon;
    use super::super::query::concepts;
    use super::*;
    use crate::sketch::Part;

    #[test]
    fn the_name_counts_most() {
        let param = Part { name: "ttl".into(), summary: "Seconds to keep it".into() };
        let field = Part { name: "owner".into(), summary: "Whose it is".into() };
        let method = Sketch {
            name: "dns.zone_create".into(),
            summary: "Prepare a Zone".into(),
            params: vec![param],
            fields: vec![field],
            ..Sketch::default()
        };
        let stems = Stems::default();
        let lexicon = Lexicon::of(std::iter::empty(), &stems);
        for (word, wanted) in [
            ("zone", PART),
            ("Zones", PART),
            ("zo", NAME),
            ("preparing", SUMMARY),
            ("owners", RESULT),
            ("second", DETAIL),
            ("work", 1),
            ("add", PART * SYNONYM / 100),
            // Letters in order are not enough.
            ("zne", 0),
            ("frobnicate", 0),
        ] {
            let concepts = concepts(&[word.to_owned()], &lexicon, &stems);
            let page = Page::of(&method, &[], &["work"], (&Fronts::of(&concepts), &stems));
            assert_eq!(page.worth(&concepts[0]), wanted, "{word}");
        }
    }
}
