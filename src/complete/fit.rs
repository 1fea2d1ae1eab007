//! How well a name matches the typed text: by its beginning, its parts or its letters.

use std::borrow::Cow;

use super::typed::begins;
use model::suggest;

/// The separators of a name's parts.
const SEPARATORS: [char; 4] = ['.', '_', '-', '/'];
/// Fewer letters than this would match nearly every name in some way.
const FEWEST: usize = 3;

/// The ways to match other than by the beginning, best first.
const WAYS: [fn(&str, &str) -> bool; 3] = [by_parts, by_humps, by_letters];

/// The members whose names match a word in the best way that any does: names that begin with it, else names whose parts
/// begin with its parts (`zr.cr` finds `zone_record.create`), else those with its letters at the beginnings of their
/// parts, else those with its letters anywhere in order, else those with a similar spelling.
///
/// This runs on every keystroke over thousands of names: cheap checks come first.
pub(super) fn fitting<T>(word: &str, all: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    if all.iter().any(|one| begins(name(one), word)) {
        return all.into_iter().filter(|one| begins(name(one), word)).collect();
    }
    let order = order(word, &all.iter().map(name).collect::<Vec<_>>());
    let mut all: Vec<Option<T>> = all.into_iter().map(Some).collect();
    order.into_iter().filter_map(|nth| all.get_mut(nth)?.take()).collect()
}

/// The indexes of the names that match a word otherwise than by their beginning, the best first.
fn order(word: &str, names: &[&str]) -> Vec<usize> {
    let folded = word.to_lowercase();
    let letters: String = folded.split(SEPARATORS).collect();
    let mut likely: Vec<(Cow<'_, str>, usize)> = Vec::new();
    for (nth, name) in names.iter().enumerate() {
        let name = fold(name);
        if by_letters(&letters, &name) {
            likely.push((name, nth));
        }
    }
    let ways = if letters.chars().count() < FEWEST { &WAYS[..1] } else { &WAYS[..] };
    let best = ways.iter().find(|fits| likely.iter().any(|(name, _)| fits(&folded, name)));
    match best {
        Some(fits) => {
            likely.retain(|(name, _)| fits(&folded, name));
            likely.sort_by_key(|(name, _)| (off(&folded, name), name.len()));
            likely.iter().map(|(_, nth)| *nth).collect()
        }
        None => near(&folded, names),
    }
}

/// Whether the beginning of a name contains all that was typed, so that it can replace it.
pub fn covers(beginning: &str, word: &str) -> bool {
    let (word, beginning) = (word.to_lowercase(), fold(beginning));
    let letters = word.split(SEPARATORS).map(|part| part.chars().count()).sum::<usize>();
    let ways = if letters < FEWEST { &WAYS[..1] } else { &WAYS[..] };
    letters > 0 && ways.iter().any(|fits| fits(&word, &beginning))
}

/// A name in lower case, as most already are.
fn fold(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

/// The indexes of the names with a similar spelling, the nearest first.
fn near(word: &str, names: &[&str]) -> Vec<usize> {
    let wanted = bag(word);
    let likely: Vec<(usize, &str)> =
        names.iter().copied().enumerate().filter(|(_, name)| alike(&wanted, &bag(name))).collect();
    let near = suggest::nearest(word, likely.iter().map(|(_, name)| *name)).into_iter();
    near.flat_map(|near| likely.iter().filter(move |(_, name)| *name == near).map(|(nth, _)| *nth)).collect()
}

/// How often each letter occurs in a text; everything else counts as one letter.
fn bag(text: &str) -> [u8; 27] {
    let mut bag = [0_u8; 27];
    for byte in text.bytes() {
        let letter = byte.to_ascii_lowercase().wrapping_sub(b'a');
        if let Some(count) = bag.get_mut(usize::from(letter.min(26))) {
            *count = count.saturating_add(1);
        }
    }
    bag
}

/// Whether two texts can differ by one or two slips: each changes at most two letters.
fn alike(one: &[u8; 27], other: &[u8; 27]) -> bool {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>() <= 4
}

/// Whether the first letters of name and word differ, which makes a worse match.
fn off(word: &str, name: &str) -> bool {
    name.chars().next() != word.chars().next()
}

/// Whether every part of the word, in order, begins a part of the name or consists of the first letters of several.
fn by_parts(word: &str, name: &str) -> bool {
    let mut parts = name.split(SEPARATORS);
    word.split(SEPARATORS).filter(|piece| !piece.is_empty()).all(|piece| {
        while let Some(part) = parts.next() {
            if part.starts_with(piece) {
                return true;
            }
            // `zr` matches `zone_record`.
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

/// Whether the word consists of beginnings of the name's parts, in order: `zoreccr`, `dzrc`.
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

/// Whether the name contains the letters of the word in order.
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
    fn the_best_kind_of_match_decides() {
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

    #[test]
    fn a_beginning_stands_for_what_was_typed_if_nothing_of_it_is_lost() {
        for (word, beginning, covers_it) in [
            ("s.startProcess", "supervisor.startProcess", true),
            ("S.START", "supervisor.startProcess", true),
            ("z.rec", "zone.record_", true),
            ("zre", "zone_record.", true),
            ("web", "myweb", true),
            ("z.rec", "zone.", false),
            ("record", "zone", false),
            ("servre.", "server.", false),
            ("we", "myweb", false),
            ("", "zone.", false),
            (".", "zone.", false),
        ] {
            assert_eq!(covers(beginning, word), covers_it, "{word} {beginning}");
        }
    }

    proptest! {
        #[test]
        fn any_word_can_be_tried(word in "\\PC{0,12}", name in "\\PC{0,20}") {
            fitting(&word, vec![name.as_str()], |name| name);
        }
    }
}
