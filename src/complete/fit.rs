//! How well a name fits what was typed: by its beginning, by its parts, by its letters.

use super::typed::begins;
use crate::model::suggest;

/// What separates the parts of a name.
const SEPARATORS: [char; 4] = ['.', '_', '-', '/'];
/// Fewer letters than this fit nearly every name in one way or another.
const FEWEST: usize = 3;

/// The ways to fit, best first.
const WAYS: [fn(&str, &str) -> bool; 4] = [|word, name| begins(name, word), by_parts, by_humps, by_letters];

/// The members whose names fit a word in the best way that any fits: names that begin with it, else names whose parts
/// begin with its parts (`zr.cr` finds `zone_record.create`), else those with its letters at the beginnings of their
/// parts, else those with its letters anywhere in order, else those that are spelt nearly so.
pub(super) fn fitting<T>(word: &str, all: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    if word.is_empty() {
        return all;
    }
    let folded = word.to_lowercase();
    for (nth, fits) in WAYS.into_iter().enumerate() {
        if nth > 1 && folded.chars().count() < FEWEST {
            break;
        }
        if all.iter().any(|one| fits(&folded, &name(one).to_lowercase())) {
            let mut found: Vec<T> = all.into_iter().filter(|one| fits(&folded, &name(one).to_lowercase())).collect();
            if nth > 0 {
                found.sort_by_key(|one| (off(&folded, name(one)), name(one).len()));
            }
            return found;
        }
    }
    let near: Vec<String> = suggest::nearest(word, all.iter().map(&name)).into_iter().map(str::to_owned).collect();
    let mut found: Vec<T> = all.into_iter().filter(|one| near.iter().any(|near| near == name(one))).collect();
    found.sort_by_key(|one| near.iter().position(|near| near == name(one)));
    found
}

/// Whether the name begins with another letter than the word: then it fits less.
fn off(word: &str, name: &str) -> bool {
    !name.to_lowercase().starts_with(|first| word.starts_with(first))
}

/// Whether every part of the word, in order, begins a part of the name or is made of the first letters of some.
fn by_parts(word: &str, name: &str) -> bool {
    let mut parts = name.split(SEPARATORS);
    word.split(SEPARATORS).filter(|piece| !piece.is_empty()).all(|piece| {
        while let Some(part) = parts.next() {
            if part.starts_with(piece) {
                return true;
            }
            // `zr` stands for `zone_record`.
            let mut letters = piece.chars();
            let mut rest = parts.clone();
            if part.chars().next() == letters.next()
                && letters.all(|letter| rest.next().is_some_and(|next| next.starts_with(letter)))
                && piece.chars().count() > 1
            {
                parts = rest;
                return true;
            }
        }
        false
    })
}

/// Whether the word is made of beginnings of parts of the name, in order: `zoreccr`, `dzrc`.
fn by_humps(word: &str, name: &str) -> bool {
    let mut rests: Vec<&str> = vec![word];
    for part in name.split(SEPARATORS) {
        let mut further = rests.clone();
        for rest in &rests {
            let shared = part.chars().zip(rest.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8());
            let mut taken = 0;
            for length in shared {
                taken += length;
                further.extend(rest.get(taken..));
            }
        }
        further.sort_unstable();
        further.dedup();
        rests = further;
    }
    rests.iter().any(|rest| rest.is_empty())
}

/// Whether the letters of the word stand in the name in their order.
fn by_letters(word: &str, name: &str) -> bool {
    let mut letters = name.chars();
    word.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: [&str; 7] = [
        "zone.list",
        "zone_record.create",
        "zone_record.info",
        "zone.record_copy",
        "server.list",
        "server.reboot",
        "Server.Rename",
    ];

    fn found(word: &str) -> Vec<&'static str> {
        fitting(word, NAMES.to_vec(), |name| name)
    }

    #[test]
    fn the_best_way_to_fit_decides() {
        for (word, names) in [
            ("server.", &["server.list", "server.reboot", "Server.Rename"][..]),
            ("SERVER.L", &["server.list"]),
            ("zr.cr", &["zone_record.create"]),
            ("z.i", &["zone_record.info"]),
            ("s.re", &["server.reboot", "Server.Rename"]),
            ("record", &["zone_record.info", "zone.record_copy", "zone_record.create"]),
            ("zoreccr", &["zone_record.create"]),
            ("zrc", &["zone.record_copy", "zone_record.create"]),
            ("rboot", &["server.reboot"]),
            ("rb", &[]),
            ("servre.list", &["server.list"]),
            ("frobnicate", &[]),
        ] {
            assert_eq!(found(word), names, "{word}");
        }
        assert_eq!(found("").len(), NAMES.len());
    }

    proptest! {
        #[test]
        fn any_word_can_be_tried(word in "\\PC{0,12}", name in "\\PC{0,20}") {
            fitting(&word, vec![name.as_str()], |name| name);
        }
    }
}
