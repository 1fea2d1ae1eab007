//! What is looked for: the words of a search, each with what may be said instead.

use super::lexicon::Lexicon;
use super::words::{Stems, words};

/// What one typed word or phrase looks for.
#[derive(Debug)]
pub(super) struct Concept {
    /// As it was typed.
    pub(super) typed: String,
    /// The ways to say it, the typed one first.
    pub(super) forms: Vec<Form>,
}

/// One way to say it.
#[derive(Debug)]
pub(super) struct Form {
    /// All of them must be found.
    pub(super) stems: Vec<String>,
    /// It is a synonym.
    pub(super) other: bool,
}

/// Reads the words of a search. Words that say nothing are left out, unless there are no others.
pub(super) fn concepts(typed: &[String], lexicon: &Lexicon, stems: &Stems) -> Vec<Concept> {
    let typed: Vec<&str> = typed.iter().flat_map(|word| words(word)).collect();
    let all: Vec<String> = typed.iter().map(|word| stems.of(word)).collect();
    let says_something = |word: &&str| !lexicon.ignores(word);
    let whole = !typed.iter().any(says_something) && lexicon.phrase(&all).is_none();
    let (mut concepts, mut at) = (Vec::new(), 0);
    while let (Some(word), Some(rest)) = (typed.get(at), all.get(at..)) {
        let phrase = lexicon.phrase(rest).filter(|(length, _)| *length > 1);
        let length = phrase.map_or(1, |(length, _)| length);
        if phrase.is_some() || whole || says_something(word) {
            let own = rest.get(..length).unwrap_or_default();
            let others = phrase.map_or_else(|| own.first().map_or(&[][..], |stem| lexicon.stem(stem)), |(_, it)| it);
            let mut forms = vec![Form { stems: own.to_vec(), other: false }];
            forms.extend(others.iter().map(|stems| Form { stems: stems.clone(), other: true }));
            concepts.push(Concept { typed: typed.get(at..at + length).unwrap_or_default().join(" "), forms });
        }
        at += length;
    }
    join_neighbours(&mut concepts, stems);
    concepts
}

/// Two words may be written as one: `name server` for `nameserver`.
fn join_neighbours(concepts: &mut [Concept], stems: &Stems) {
    for at in 1..concepts.len() {
        let [first, second] = [at - 1, at].map(|at| concepts.get(at).map_or("", |it| it.typed.as_str()));
        let joined = stems.of(&format!("{first}{second}"));
        for concept in concepts.iter_mut().skip(at - 1).take(2) {
            concept.forms.push(Form { stems: vec![joined.clone()], other: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &str) -> Vec<String> {
        let stems = Stems::default();
        let lexicon = Lexicon::of(std::iter::empty(), &stems);
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        concepts(&words, &lexicon, &stems).into_iter().map(|concept| concept.typed).collect()
    }

    #[test]
    fn words_that_say_nothing_are_left_out_and_phrases_kept_together() {
        for (words, left) in [
            ("list my servers", &["list", "servers"][..]),
            ("who am i", &["who am i"]),
            ("load balancer add node", &["load balancer", "add", "node"]),
            ("the", &["the"]),
            ("dns.zone_list", &["dns", "zone", "list"]),
            ("when does my server expire", &["server", "expire"]),
        ] {
            assert_eq!(typed(words), left, "{words}");
        }
    }
}
