//! The secrets that must never be shown, and the search for them in any notation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::layer::{Layer, Place, Span};
use super::letters;
use super::matcher::{Matcher, Wanted};
use super::pairs::Pairs;
use super::views::{self, Folded, Signs};
use super::{REDACTED, Secret};

/// Every secret seen in this process, by value. Secrets are only ever added, and everything that is logged, traced or
/// shown as an error passes through it.
///
/// A secret is found in any letter case, with white space, line breaks and invisible characters in it or left out, in
/// the escapes of addresses, forms, JSON, XML, HTML, Python and C, nested up to six deep, as Base64 of either alphabet
/// (alone or together with other text such as the user's name), as hexadecimal digits, as a list of bytes, and where
/// UTF-8 was read as Latin-1. In text from others, a piece of a secret that is not part of a longer word is found too:
/// half of it, and less where `…`, `...` or `***` cuts it off. The time is proportional to the length of the text; no
/// memory accumulates.
///
/// Secrets shorter than six characters are found as whole words, by [`Redactor::foreign`] and [`Redactor::own`].
#[derive(Clone, Default, Debug)]
pub struct Redactor {
    known: Vec<Secret>,
    /// Those that came with results, the newest last: their number has no limit.
    shown: VecDeque<Secret>,
    search: OnceLock<Arc<Search>>,
}

/// Shorter secrets are found as whole words only, or they would black out parts of ordinary words.
const SHORTEST: usize = 6;
/// The fewest characters of a secret that is also searched for without its punctuation, and the fewest bytes that must
/// then be left.
const MANY: usize = 8;
const FEWEST: usize = 4;
/// The most secrets of results that are remembered.
const MOST_SHOWN: usize = 2_000;
/// The most bytes of a secret that are searched for.
const LONGEST: usize = 256 * 1024;
/// The most bytes that are searched for of a secret that is mostly punctuation.
const MOST_SIGNS: usize = 64;
/// How deep escapes may be nested.
const DEEPEST: usize = 6;
/// A text is searched in chunks of this length …
const CHUNK: usize = 64 * 1024;
/// … that overlap by this much: the longest piece that is looked for fits into it in any notation.
const OVERLAP: usize = 4 * 1024;

impl Redactor {
    /// Remembers a secret.
    pub fn learn(&mut self, secret: &Secret) {
        if !secret.expose().trim().is_empty() && !self.known.contains(secret) {
            self.known.push(secret.clone());
            self.search = OnceLock::new();
        }
    }

    /// Remembers a text that is secret.
    pub fn learn_text(&mut self, text: &str) {
        self.learn(&Secret::new(text));
    }

    /// Remembers a secret of a result. Only the newest two thousand of these are kept.
    pub fn learn_shown(&mut self, secret: &Secret) {
        if secret.expose().trim().is_empty() || self.known.contains(secret) || self.shown.contains(secret) {
            return;
        }
        if self.shown.len() >= MOST_SHOWN {
            self.shown.pop_front();
        }
        self.shown.push_back(secret.clone());
        self.search = OnceLock::new();
    }

    /// Where known secrets occur in a text that the user wrote, in order and without overlaps. Only whole ones count,
    /// and no short ones: a name that is also part of a password is not a secret.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        self.found(text, Wanted::Whole, false)
    }

    /// The text with stars in place of the secrets that [`Redactor::find`] finds.
    pub fn mask(&self, text: &str) -> String {
        mask(text, &self.find(text))
    }

    /// Text written by this program with every known secret replaced, except short ones.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        replaced(text, &self.find(text))
    }

    /// Text from others with every known secret, and every piece of one, replaced; a short secret only as a whole word.
    pub fn foreign<'t>(&self, text: &'t str) -> Cow<'t, str> {
        replaced(text, &self.found(text, Wanted::Pieces, true))
    }

    /// Text written by this program with every known secret replaced; a short secret only as a whole word between
    /// backticks, where the program quotes typed text.
    pub fn own<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found = self.find(text);
        let mut from = 0;
        for (number, part) in text.split('`').enumerate() {
            if number % 2 == 1 {
                let words = self.found(part, Wanted::Whole, true);
                found.extend(words.into_iter().map(|range| from + range.start..from + range.end));
            }
            from += part.len() + 1;
        }
        replaced(text, &merged(found))
    }

    fn found(&self, text: &str, wanted: Wanted, words: bool) -> Vec<Range<usize>> {
        if self.known.is_empty() && self.shown.is_empty() {
            return Vec::new();
        }
        let search = self.search.get_or_init(|| Arc::new(Search::of(self.known.iter().chain(&self.shown))));
        let (mut found, mut from) = (Vec::new(), 0);
        loop {
            let end = text.floor_char_boundary((from + CHUNK).min(text.len()));
            let chunk = text.get(from..end).unwrap_or_default();
            let edges = Edges { first: from == 0, last: end == text.len() };
            search
                .look(chunk, wanted, words.then_some(edges), |range| found.push(from + range.start..from + range.end));
            if edges.last {
                break;
            }
            from = text.floor_char_boundary(end - OVERLAP);
        }
        // The mask itself is not a secret.
        let masks: Vec<Range<usize>> = text.match_indices(REDACTED).map(|(at, mask)| at..at + mask.len()).collect();
        let is_mask = |range: &Range<usize>| {
            let before = masks.partition_point(|mask| mask.start <= range.start);
            before.checked_sub(1).and_then(|at| masks.get(at)).is_some_and(|mask| range.end <= mask.end)
        };
        let found = merged(found).into_iter().map(|range| whole_characters(text, range));
        found.filter(|range| !is_mask(range)).collect()
    }
}

/// The text with stars in place of these ranges, one for each byte.
pub fn mask(text: &str, places: &[Range<usize>]) -> String {
    rewritten(text, &merged(places.to_vec()), |out, range| out.extend(std::iter::repeat_n('*', range.len())))
}

fn replaced<'t>(text: &'t str, found: &[Range<usize>]) -> Cow<'t, str> {
    match found {
        [] => Cow::Borrowed(text),
        found => Cow::Owned(rewritten(text, found, |out, _| out.push_str(REDACTED))),
    }
}

fn rewritten(text: &str, found: &[Range<usize>], put: impl Fn(&mut String, &Range<usize>)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in found {
        out.push_str(text.get(from..range.start).unwrap_or(""));
        put(&mut out, range);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
    found
}

fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end)
}

/// Whether a chunk starts at the beginning of the text, and whether it reaches the end.
#[derive(Clone, Copy)]
struct Edges {
    first: bool,
    last: bool,
}

/// The secrets, prepared for the search.
struct Search {
    /// The long ones, in their forms.
    long: Vec<Folded<()>>,
    pairs: Pairs,
    /// Made for the first text that may contain something.
    matcher: OnceLock<Matcher>,
    /// The short ones, unchanged.
    words: Words,
    /// Those of which too little is left without the punctuation that the search ignores.
    signs_alone: Words,
    /// How ignored punctuation is placed: one of the secrets may begin or end with some.
    signs: Signs,
}

/// Texts that are looked for unchanged.
#[derive(Clone, Default)]
struct Words {
    texts: BTreeSet<Vec<u8>>,
    /// Their lengths.
    lengths: BTreeSet<usize>,
}

impl Words {
    fn add(&mut self, text: &str) {
        self.lengths.insert(text.len());
        self.texts.insert(text.as_bytes().to_vec());
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Search {
    fn of<'s>(secrets: impl Iterator<Item = &'s Secret>) -> Search {
        let (mut long, mut signs) = (BTreeMap::new(), Signs::Apart);
        let (mut words, mut signs_alone) = (Words::default(), Words::default());
        for secret in secrets {
            let text = secret.expose();
            let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
            if text.starts_with(letters::is_sign) || text.ends_with(letters::is_sign) {
                signs = Signs::Within;
            }
            let forms = forms(text);
            let text = text.trim();
            match forms.is_empty() {
                true if text.len() < SHORTEST => words.add(text),
                true => signs_alone.add(text.get(..text.floor_char_boundary(MOST_SIGNS)).unwrap_or(text)),
                false => {}
            }
            long.extend(forms.into_iter().map(|form| (form.layer.bytes.clone(), form)));
        }
        let long: Vec<Folded<()>> = long.into_values().collect();
        Search { pairs: Pairs::of(&long), long, matcher: OnceLock::new(), words, signs_alone, signs }
    }

    /// Searches a text that is not too long. Nearly always there is nothing to find, and places are not needed then.
    fn look(&self, text: &str, wanted: Wanted, words: Option<Edges>, mut found: impl FnMut(Range<usize>)) {
        if self.is_too_short(text, wanted, words.is_some()) {
            return;
        }
        let mut is_any = false;
        self.look_through(text, wanted, words, &mut |()| is_any = true);
        if is_any {
            self.look_through(text, wanted, words, &mut |(from, to): Span| found(from..to));
        }
    }

    /// Whether a text is shorter than whatever is looked for. No notation is shorter than what it means but for an escape,
    /// which may mean several letters.
    fn is_too_short(&self, text: &str, wanted: Wanted, words: bool) -> bool {
        let only_long = self.signs_alone.texts.is_empty() && (!words || self.words.texts.is_empty());
        let is_itself = |byte: u8| byte.is_ascii() && !matches!(byte, b'%' | b'\\' | b'&');
        only_long && text.len() < self.pairs.least(wanted) && text.bytes().all(is_itself)
    }

    fn look_through<P: Place>(&self, text: &str, wanted: Wanted, words: Option<Edges>, found: &mut impl FnMut(P)) {
        let mut layer = Some(Layer::of(text.as_bytes()));
        for _ in 0..=DEEPEST {
            let Some(here) = layer else { break };
            self.look_at(&here, false, wanted, found);
            let [one, two, three, four] = views::base64(&here);
            let [even, odd] = views::hexadecimal(&here);
            for view in [one, two, three, four, even, odd, views::decimal(&here)] {
                self.look_at(&view, true, wanted, found);
            }
            look_for(&self.signs_alone, &here, None, found);
            if let Some(edges) = words {
                look_for(&self.words, &here, Some(edges), found);
            }
            layer = here.unescaped();
        }
    }

    fn look_at<P: Place>(&self, layer: &Layer<P>, is_run: bool, wanted: Wanted, found: &mut impl FnMut(P)) {
        if !self.pairs.may_be_in(&layer.bytes, wanted) {
            return;
        }
        let folded = Folded::of(layer, is_run, self.signs);
        for range in self.matcher.get_or_init(|| Matcher::of(&self.long)).find(&folded, wanted) {
            found(folded.layer.place(range.start, range.end));
        }
    }
}

/// Finds texts unchanged; if the edges of the layer are given, only where no letter or digit touches either end.
fn look_for<P: Place>(words: &Words, layer: &Layer<P>, edges: Option<Edges>, found: &mut impl FnMut(P)) {
    if words.texts.is_empty() {
        return;
    }
    let bytes = &layer.bytes;
    let in_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    for at in 0..bytes.len() {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let begins = edges.is_none_or(|edges| !(in_word(before) && in_word(bytes.get(at)) || at == 0 && !edges.first));
        if !begins {
            continue;
        }
        for length in &words.lengths {
            let Some(word) = bytes.get(at..at + length) else { break };
            let goes_on = in_word(word.last()) && in_word(bytes.get(at + length));
            let ends = edges.is_none_or(|edges| !goes_on && (at + length < bytes.len() || edges.last));
            if ends && words.texts.contains(word) {
                found(layer.place(at, at + length));
            }
        }
    }
}

/// The rest of a secret when a part of it was taken for an HTML tag and removed.
fn beside_tags(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split_once('>').map(|(_, after)| after);
    let before = text.rsplit_once('<').map(|(before, _)| before);
    after.into_iter().chain(before).filter(|rest| rest.chars().count() >= MANY)
}

/// The forms in which a secret may appear in an unescaped and folded text: with each number of its own escapes undone,
/// and with its characters misread in the usual ways. Empty for a short secret.
fn forms(text: &str) -> Vec<Folded<()>> {
    let mut readings = vec![text.to_owned()];
    readings.extend(beside_tags(text).map(str::to_owned));
    if !text.is_ascii() {
        // UTF-8 that was read as Latin-1, once and twice.
        let latin = |text: &str| text.bytes().map(char::from).collect::<String>();
        readings.extend([latin(text), latin(&latin(text))]);
    }
    let mut forms = Vec::new();
    for text in readings {
        let mut layer = Some(Layer::of(text.as_bytes()));
        for _ in 0..=DEEPEST {
            let Some(here) = layer else { break };
            forms.push(Folded::of(&here, false, Signs::Apart));
            layer = here.unescaped();
        }
    }
    if text.len() >= 2 * SHORTEST && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        // The bytes that the digits represent.
        let [bytes, _] = views::hexadecimal(&Layer::of(text.as_bytes()));
        forms.push(Folded::of(&bytes, true, Signs::Apart));
    }
    // A secret with a lot of punctuation has fewer characters left, and still looks like no ordinary word.
    let least = if text.chars().count() >= MANY { FEWEST } else { SHORTEST };
    let is_long = |form: &Folded<()>| form.layer.bytes.len() >= least;
    if !forms.first().is_some_and(is_long) {
        return Vec::new();
    }
    forms.retain(is_long);
    forms
}

#[cfg(test)]
mod tests {
    use super::super::tests::written;
    use super::*;
    use crate::base64;
    use proptest::prelude::*;

    proptest! {
        /// What is found, and where, does not depend on the quick looks before the search.
        #[test]
        fn a_quick_look_passes_over_nothing(
            secrets in proptest::collection::vec("[a-c0-2.+*\u{e1}\u{df}]{1,24}|[0-9a-f]{32}|[!-~]{8,20}", 1..4),
            parts in proptest::collection::vec(
                (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..16, "[a-c. \u{2026}|]{0,4}"),
                0..5,
            ),
            flags in any::<(bool, bool)>(),
        ) {
            let text: String = parts.iter().map(|(secret, from, to, how, after)| {
                let secret: Vec<char> = secret.get(&secrets).chars().collect();
                let (from, to) = (from.index(secret.len()), to.index(secret.len()) + 1);
                let piece: String = secret.get(from..to).unwrap_or(&secret).iter().collect();
                let piece = match how {
                    0..8 => written(*how, &piece),
                    8 => base64::encode(piece.as_bytes()),
                    9 => piece.bytes().map(|byte| format!("{byte:02x}")).collect(),
                    10 => piece.bytes().map(|byte| format!("{byte}, ")).collect(),
                    _ => piece,
                };
                format!("{piece}{after}")
            }).collect();
            let secrets: Vec<Secret> = secrets.iter().map(Secret::new).collect();
            let (wanted, words) = (if flags.0 { Wanted::Whole } else { Wanted::Pieces }, Edges { first: true, last: true });
            let words = flags.1.then_some(words);
            let found = |search: &Search| {
                let mut found = Vec::new();
                search.look(&text, wanted, words, |range| found.push(range));
                found
            };
            let thorough = Search { pairs: Pairs::all(), ..Search::of(secrets.iter()) };
            let mut expected = Vec::new();
            thorough.look_through(&text, wanted, words, &mut |(from, to): Span| expected.push(from..to));
            prop_assert_eq!(found(&Search::of(secrets.iter())), expected, "{}", text);
        }
    }
}
