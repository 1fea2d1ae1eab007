//! The ways to read a layer: as letters and digits in any case, as Base64, as hexadecimal, as numbers.

use super::layer::{Layer, Place};
use super::letters::{fold, is_sign, is_unseen};

/// Fewer digits than this are ignored: they hold less than the shortest secret that is searched for.
const SHORTEST_RUN: usize = 8;

/// A layer in the form that is searched: lower case, without white space, invisible characters, `+` (the space of
/// forms), `\`, dots and stars, and with one byte for each Latin-1 character. UTF-8 that was read as Latin-1 or
/// Windows-1252 is turned back into its bytes.
#[derive(Debug)]
pub(super) struct Folded<P> {
    pub(super) layer: Layer<P>,
    /// Positions between two bytes at which something was left out: `…`, `...`, `***`.
    pub(super) cuts: Vec<usize>,
    /// For each byte, whether it continues the word of the byte before it.
    pub(super) goes_on: Vec<bool>,
    /// There are no words: the bytes were written as digits, and a secret may begin anywhere.
    pub(super) is_run: bool,
}

impl<P: Place> Folded<P> {
    /// A text, or bytes that were written as digits.
    pub(super) fn of(layer: &Layer<P>, is_run: bool, signs: Signs) -> Folded<P> {
        let room = layer.bytes.len();
        let (same, goes_on) = (Layer::with_room(room), Vec::with_capacity(room));
        Folded { layer: same, cuts: Vec::new(), goes_on, is_run }.filled(layer, signs)
    }

    fn filled(mut self, layer: &Layer<P>, signs: Signs) -> Folded<P> {
        let mut in_word = false;
        let mut pending = None;
        let mut characters = layer.characters().peekable();
        while let Some((c, mut place)) = characters.next() {
            if c.is_ascii_alphanumeric() {
                // The same as below, for nearly all characters.
                self.layer.push(c.to_ascii_lowercase() as u8, pending.take().map_or(place, |first: P| first.to(place)));
                self.goes_on.push(in_word);
                in_word = true;
                continue;
            }
            let mut run = 1;
            while matches!(c, '.' | '*' | '•')
                && let Some((_, more)) = characters.next_if(|(next, _)| *next == c)
            {
                (run, place) = (run + 1, place.to(more));
            }
            let is_cut = matches!((c, run), ('…', _) | ('.', 3..) | ('*' | '•', 2..));
            if is_cut {
                self.cuts.push(self.layer.bytes.len());
            }
            // A character that is part of a secret may be next to one that is not.
            if !is_sign(c) {
                let place = pending.take().map_or(place, |first: P| first.to(place));
                self.take(c, place);
            } else if signs == Signs::Within {
                pending = pending.or(Some(place));
                self.layer.places.last_mut().into_iter().for_each(|last| *last = last.to(place));
            }
            // A character without a shape continues a word; white space does not.
            let is_part = !is_cut && (self.is_run || c.is_alphanumeric() || is_unseen(c) && !c.is_whitespace());
            self.goes_on.resize(self.layer.bytes.len(), in_word && is_part);
            in_word = is_part;
        }
        self
    }

    fn take(&mut self, c: char, place: P) {
        fold(c, &mut |byte| self.layer.push(byte, place));
    }
}

/// What the positions of ignored punctuation belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signs {
    /// To nothing.
    Apart,
    /// To the characters next to it.
    Within,
}

/// A run of digits in some base, each with its value and its place.
type Run<P> = Vec<(u8, P)>;

/// What a character means in a notation of digits.
#[derive(Clone, Copy)]
enum Digit {
    /// A digit with its value.
    Value(u8),
    /// It may occur between two digits.
    Skipped,
    /// It may occur between two digits at the end of a line.
    Blank,
    /// Not a digit: a run ends here.
    Other,
}

/// What each ASCII character means. Of the others, those without a shape are skipped.
type Digits = [Digit; 128];

/// A table of what a notation says of each character.
macro_rules! digits {
    ($of:path) => {{
        let mut table = [Digit::Other; 128];
        let mut byte: u8 = 0;
        while byte < 128 {
            table[byte as usize] = $of(byte);
            byte += 1;
        }
        table
    }};
}

#[expect(clippy::indexing_slicing, reason = "it is computed by the compiler, which would refuse it")]
static BASE64: Digits = digits!(in_base64);
#[expect(clippy::indexing_slicing, reason = "it is computed by the compiler, which would refuse it")]
static HEXADECIMAL: Digits = digits!(in_hexadecimal);

const fn in_base64(byte: u8) -> Digit {
    match byte {
        b'A'..=b'Z' => Digit::Value(byte - b'A'),
        b'a'..=b'z' => Digit::Value(byte - b'a' + 26),
        b'0'..=b'9' => Digit::Value(byte - b'0' + 52),
        b'+' | b'-' => Digit::Value(62),
        b'/' | b'_' => Digit::Value(63),
        b' ' | b'\t' => Digit::Blank,
        ..b' ' | 0x7f => Digit::Skipped,
        _ => Digit::Other,
    }
}

const fn in_hexadecimal(byte: u8) -> Digit {
    match byte {
        b'0'..=b'9' => Digit::Value(byte - b'0'),
        b'A'..=b'F' => Digit::Value(byte - b'A' + 10),
        b'a'..=b'f' => Digit::Value(byte - b'a' + 10),
        // `0x41`: its `0` is one digit too many, and is dropped below.
        b'x' | b'X' => Digit::Value(MARK),
        b':' | b'-' | b',' | ..=b' ' | 0x7f => Digit::Skipped,
        _ => Digit::Other,
    }
}

/// Takes each run of digits that may hold a secret.
fn runs<P: Place>(layer: &Layer<P>, digits: &Digits, mut take: impl FnMut(&mut Run<P>)) {
    let (mut run, mut broken) = (Run::new(), false);
    for (c, place) in layer.characters().chain([('!', P::none())]) {
        let digit = match digits.get(c as usize) {
            Some(digit) => *digit,
            None if is_unseen(c) => Digit::Skipped,
            None => Digit::Other,
        };
        match digit {
            Digit::Value(value) => {
                run.push((value, place));
                broken = false;
            }
            Digit::Skipped => broken |= c == '\n',
            Digit::Blank if broken => {}
            Digit::Blank | Digit::Other => {
                if run.len() >= SHORTEST_RUN {
                    take(&mut run);
                }
                run.clear();
            }
        }
    }
}

/// Put between the bytes of two runs, so that a secret cut off by the end of a run counts as cut.
const BETWEEN: &str = "…";

fn separate<P: Place>(out: &mut Layer<P>) {
    let end = out.places.last().map_or_else(P::none, |place| place.end());
    BETWEEN.bytes().for_each(|byte| out.push(byte, end));
}

/// The text decoded as Base64 of either alphabet, with line breaks anywhere and with or without padding. The start of a
/// run is not known, so there are four ways to read it. What is found counts as its whole word.
pub(super) fn base64<P: Place>(layer: &Layer<P>) -> [Layer<P>; 4] {
    let mut all = std::array::from_fn::<_, 4, _>(|_| Layer::with_room(layer.bytes.len()));
    runs(layer, &BASE64, |run| {
        whole_words(run);
        for (skipped, out) in all.iter_mut().enumerate() {
            for quad in run.get(skipped..).unwrap_or_default().chunks(4) {
                for pair in quad.windows(2).zip([(2, 4), (4, 2), (6, 0)]) {
                    let ([(first, from), (second, to)], (left, right)) = pair else { continue };
                    out.push((first << left) | (second >> right), from.to(*to));
                }
            }
            separate(out);
        }
    });
    all
}

/// The same digits, each with the place of the whole word that contains it.
fn whole_words<P: Place>(run: &mut Run<P>) {
    for word in run.chunk_by_mut(|(_, one), (_, next)| one.touches(*next)) {
        let whole = word.first().zip(word.last()).map(|(first, last)| first.1.to(last.1));
        if let Some(whole) = whole {
            word.iter_mut().for_each(|(_, place)| *place = whole);
        }
    }
}

/// The text decoded as hexadecimal digits, with or without the usual separators. There are two ways to read it. What is
/// found counts as its whole word.
pub(super) fn hexadecimal<P: Place>(layer: &Layer<P>) -> [Layer<P>; 2] {
    let mut all = std::array::from_fn::<_, 2, _>(|_| Layer::default());
    runs(layer, &HEXADECIMAL, |run| {
        for mut run in without_marks(run) {
            whole_words(&mut run);
            for (skipped, out) in all.iter_mut().enumerate() {
                for pair in run.get(skipped..).unwrap_or_default().chunks_exact(2) {
                    if let [(first, from), (second, to)] = pair {
                        out.push(first << 4 | second, from.to(*to));
                    }
                }
                separate(out);
            }
        }
    });
    all
}

/// Marks an `x` among hexadecimal digits.
const MARK: u8 = 16;

/// The digits without every `0x`. Any other `x` ends a run.
fn without_marks<P: Place>(run: &Run<P>) -> Vec<Run<P>> {
    let (mut all, mut out) = (Vec::new(), Run::new());
    for (value, place) in run {
        match (*value, out.last()) {
            (MARK, Some((0, _))) => _ = out.pop(),
            (MARK, _) => all.push(std::mem::take(&mut out)),
            _ => out.push((*value, *place)),
        }
    }
    all.push(out);
    all
}

/// The text decoded as a list of byte values: `[67, 97, 110]`.
pub(super) fn decimal<P: Place>(layer: &Layer<P>) -> Layer<P> {
    let mut out = Layer::default();
    let mut number: Option<(usize, P)> = None;
    for (c, place) in layer.characters().chain([(',', P::none())]) {
        if let Some(digit) = c.to_digit(10) {
            let (value, start) = number.unwrap_or((0, place));
            number = Some(((value * 10 + digit as usize).min(999), start.to(place)));
            continue;
        }
        let separator = c == ',' || is_unseen(c);
        match number.take() {
            Some((value, place)) => match u8::try_from(value) {
                Ok(byte) if separator || c == ']' => out.push(byte, place),
                _ => separate(&mut out),
            },
            None if separator => {}
            None if out.bytes.last().is_some_and(|byte| !BETWEEN.as_bytes().ends_with(&[*byte])) => separate(&mut out),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::layer::Span;
    use super::super::letters::{FOLDED, any_folded};
    use super::*;
    use proptest::prelude::*;

    /// The text of a view, without the separators between its parts.
    fn read(text: &str, view: impl Fn(&Layer<()>) -> Vec<Layer<()>>) -> Vec<String> {
        let layers = view(&Layer::of(text.as_bytes())).into_iter();
        let texts = layers.map(|layer| String::from_utf8_lossy(&layer.bytes).replace(BETWEEN, "|"));
        texts.map(|text| text.trim_matches('|').to_owned()).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn a_text_is_read_in_each_notation() {
        let base64 = |text: &str| read(text, |layer| Vec::from(base64(layer)));
        for text in ["Y2FuYXJ5LWtleQ==", "Y2FuYXJ5\r\nLWtleQ", "key=Y2FuYXJ5LWtleQ=="] {
            assert!(base64(text).iter().any(|read| read.contains("canary-key")), "{text}: {:?}", base64(text));
        }
        assert!(base64("P8O/Pz8-").iter().any(|read| read.contains("?ÿ??>")), "{:?}", base64("P8O/Pz8-"));
        let hexadecimal = |text: &str| read(text, |layer| Vec::from(hexadecimal(layer)));
        for text in ["63616e617279", "63:61:6E:61:72:79", "0x63, 0x61, 0x6e, 0x61, 0x72, 0x79", "f63616e617279"] {
            assert!(hexadecimal(text).iter().any(|read| read.contains("canary")), "{text}: {:?}", hexadecimal(text));
        }
        let decimal = |text: &str| read(text, |layer| vec![decimal(layer)]);
        assert_eq!(decimal("[99, 97, 110]"), ["can"]);
        assert_eq!(decimal("[99, 300, 97]"), ["c|a"]);
        assert_eq!(decimal("no numbers"), [""; 0]);
    }

    #[test]
    fn every_byte_of_a_reading_knows_its_place() {
        let [reading, ..] = base64(&Layer::<Span>::of(b"x Y2FuYXJ5LWtleQ== y"));
        let at = reading.bytes.windows(6).position(|part| part == b"canary").unwrap();
        // A Base64 word is one unit: what is found in a part of it counts for all of it.
        assert_eq!(reading.place(at, at + 6), (2, 16));
    }

    proptest! {
        #[test]
        fn bytes_are_folded_one_by_one_as_all_together(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0xc0_u8..=0xff, 0x80_u8..=0xbf, Just(b'.')], 0..40),
            text in any::<String>(),
            signs in prop::sample::select(vec![Signs::Apart, Signs::Within]),
        ) {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let mut folded = Vec::new();
                let found = any_folded(bytes, &FOLDED, |byte| {
                    folded.push(byte);
                    false
                });
                prop_assert!(!found);
                prop_assert_eq!(folded, Folded::of(&Layer::<()>::of(bytes), false, signs).layer.bytes);
            }
        }
    }

    #[test]
    fn letters_are_folded_and_punctuation_is_ignored() {
        let folded = |text: &str| Folded::of(&Layer::<()>::of(text.as_bytes()), false, Signs::Apart).layer.bytes;
        assert_eq!(folded("CaNa\u{200b}RY \n7"), folded("canary7"));
        assert_ne!(folded("canary7"), folded("canary8"));
    }
}
