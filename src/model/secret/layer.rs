//! A text with its escapes undone, in which every byte keeps its place in the original text.

use std::ops::Range;

use super::entity;

/// The longest name of an HTML entity, including its `&` and `;`.
const LONGEST_ENTITY: usize = 12;
/// The most digits of a number between `&#` and `;`.
const MOST_DIGITS: usize = 10;

/// The part of the original text that a byte was made from. `()` is for a search that asks only whether anything is
/// found: it takes a fraction of the time, and both read the same bytes.
pub(super) trait Place: Copy + std::fmt::Debug {
    /// Of a byte that is taken unchanged.
    fn of(at: usize) -> Self;
    /// Of a byte that the text does not have.
    fn none() -> Self;
    /// From the beginning of this to the end of another.
    fn to(self, last: Self) -> Self;
    /// Nothing, at the end of this.
    fn end(self) -> Self;
    /// Whether the other begins where this ends. Only places depend on it.
    fn touches(self, next: Self) -> bool;
}

/// The first byte, and one past the last.
pub(super) type Span = (usize, usize);

impl Place for Span {
    fn of(at: usize) -> Span {
        (at, at + 1)
    }

    fn none() -> Span {
        (0, 0)
    }

    fn to(self, last: Span) -> Span {
        (self.0, last.1)
    }

    fn end(self) -> Span {
        (self.1, self.1)
    }

    fn touches(self, next: Span) -> bool {
        self.1 == next.0
    }
}

impl Place for () {
    fn of(_: usize) {}

    fn none() {}

    fn to(self, (): ()) {}

    fn end(self) {}

    fn touches(self, (): ()) -> bool {
        true
    }
}

/// Bytes, and where each of them comes from.
#[derive(Debug)]
pub(super) struct Layer<P> {
    /// The bytes; they need not be UTF-8.
    pub(super) bytes: Vec<u8>,
    /// For each byte, the part of the original text that it was made from.
    pub(super) places: Vec<P>,
}

impl<P> Default for Layer<P> {
    fn default() -> Layer<P> {
        Layer { bytes: Vec::new(), places: Vec::new() }
    }
}

impl<P: Place> Layer<P> {
    /// The text unchanged.
    pub(super) fn of(bytes: &[u8]) -> Layer<P> {
        Layer { bytes: bytes.to_vec(), places: (0..bytes.len()).map(P::of).collect() }
    }

    /// Nothing, with room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Layer<P> {
        Layer { bytes: Vec::with_capacity(bytes), places: Vec::with_capacity(bytes) }
    }

    /// Adds a byte.
    pub(super) fn push(&mut self, byte: u8, place: P) {
        self.bytes.push(byte);
        self.places.push(place);
    }

    /// The part of the original text that bytes `from..to` come from.
    pub(super) fn place(&self, from: usize, to: usize) -> P {
        let places = self.places.get(from..to).unwrap_or_default();
        places.first().zip(places.last()).map_or_else(P::none, |(first, last)| first.to(*last))
    }

    /// The bytes as characters. Bytes that are not UTF-8 count as Latin-1, one character each.
    pub(super) fn characters(&self) -> impl Iterator<Item = (char, P)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let from = at;
            if let Some(byte) = self.bytes.get(from).filter(|byte| byte.is_ascii()) {
                at += 1;
                return Some((char::from(*byte), *self.places.get(from)?));
            }
            let (c, length) = first_character(self.bytes.get(from..)?)?;
            at += length;
            Some((c, self.place(from, at)))
        })
    }

    /// The same with every escape of any notation undone; `None` when there is none.
    pub(super) fn unescaped(&self) -> Option<Layer<P>> {
        let mut out = Layer::default();
        let (mut at, mut copied) = (0, 0);
        let begins = |byte: &u8| matches!(byte, b'%' | b'\\' | b'&');
        while let Some(before) = self.bytes.get(at..).and_then(|rest| rest.iter().position(begins)) {
            at += before;
            let Some(Escape { meant, length }) = escape(self.bytes.get(at..)?) else {
                at += 1;
                continue;
            };
            out.copy(self, copied..at);
            let place = self.place(at, at + length);
            meant.into_iter().for_each(|byte| out.push(byte, place));
            at += length;
            copied = at;
        }
        if copied == 0 {
            return None;
        }
        out.copy(self, copied..self.bytes.len());
        Some(out)
    }

    /// Adds a part of another unchanged.
    fn copy(&mut self, other: &Layer<P>, part: Range<usize>) {
        self.bytes.extend_from_slice(other.bytes.get(part.clone()).unwrap_or_default());
        self.places.extend_from_slice(other.places.get(part).unwrap_or_default());
    }
}

/// The first character, and its length in bytes.
pub(super) fn first_character(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if !(0xc2..=0xf4).contains(&first) {
        // ASCII, or no beginning of a character.
        return Some((char::from(first), 1));
    }
    let length = match first {
        ..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    };
    let is_begun = bytes.get(1).is_some_and(|second| (0x80..0xc0).contains(second));
    let whole = bytes.get(..length).filter(|_| is_begun).and_then(|whole| str::from_utf8(whole).ok());
    let valid = whole.and_then(|whole| whole.chars().next());
    Some(valid.map_or((char::from(first), 1), |c| (c, length)))
}

/// What an escape means, and its length in bytes.
struct Escape {
    meant: Vec<u8>,
    length: usize,
}

impl Escape {
    fn character(c: char, length: usize) -> Escape {
        Escape { meant: c.to_string().into_bytes(), length }
    }

    fn byte(byte: u8, length: usize) -> Escape {
        Escape { meant: vec![byte], length }
    }
}

/// The escape at the start of a text.
fn escape(text: &[u8]) -> Option<Escape> {
    match text {
        [b'%', rest @ ..] => percent(rest),
        [b'\\', rest @ ..] => backslash(rest),
        [b'&', ..] => entity(text),
        _ => None,
    }
}

/// `%2F` of addresses and forms, `%u00fc` of old scripts.
fn percent(rest: &[u8]) -> Option<Escape> {
    if let [b'u' | b'U', digits @ ..] = rest {
        let c = char::from_u32(number(digits.get(..4)?, 16)?)?;
        return Some(Escape::character(c, 6));
    }
    Some(Escape::byte(u8::try_from(number(rest.get(..2)?, 16)?).ok()?, 3))
}

/// The escapes of JSON, Python, C, Rust and shells.
fn backslash(rest: &[u8]) -> Option<Escape> {
    let (first, digits) = rest.split_first()?;
    match first {
        b'u' | b'U' if digits.first() == Some(&b'{') => {
            let end = digits.iter().take(8).position(|byte| *byte == b'}')?;
            let c = char::from_u32(number(digits.get(1..end)?, 16)?)?;
            Some(Escape::character(c, 2 + end + 1))
        }
        b'u' => utf16(digits),
        b'U' => Some(Escape::character(char::from_u32(number(digits.get(..8)?, 16)?)?, 10)),
        b'x' | b'X' => Some(Escape::byte(u8::try_from(number(digits.get(..2)?, 16)?).ok()?, 4)),
        b'0'..=b'3' if rest.get(..3).is_some_and(|three| number(three, 8).is_some()) => {
            Some(Escape::byte(u8::try_from(number(rest.get(..3)?, 8)?).ok()?, 4))
        }
        // White space or a control character: it is not part of a secret.
        b'n' | b'r' | b't' | b'f' | b'v' | b'b' | b'a' | b'e' | b'0' => Some(Escape::byte(b' ', 2)),
        punctuation if punctuation.is_ascii_punctuation() => Some(Escape::byte(*punctuation, 2)),
        _ => None,
    }
}

/// `\u00fc`, or two of them for a character beyond 16 bits.
fn utf16(digits: &[u8]) -> Option<Escape> {
    let first = u16::try_from(number(digits.get(..4)?, 16)?).ok()?;
    let second = digits.get(4..10).and_then(|next| next.strip_prefix(br"\u")).and_then(|next| number(next, 16));
    let second = second.and_then(|second| u16::try_from(second).ok());
    if let Some(Ok(c)) = second.and_then(|second| char::decode_utf16([first, second]).next())
        && c.len_utf16() == 2
    {
        return Some(Escape::character(c, 12));
    }
    Some(Escape::character(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
}

/// `&amp;`, `&#39;`, `&#x27;`; the semicolon of a number may be missing, as browsers allow.
fn entity(text: &[u8]) -> Option<Escape> {
    if let [b'&', b'#', rest @ ..] = text {
        let (head, digits, radix) = match rest {
            [b'x' | b'X', digits @ ..] => (3, digits, 16),
            digits => (2, digits, 10),
        };
        let count = digits.iter().take(MOST_DIGITS).take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let c = char::from_u32(number(digits.get(..count)?, radix)?)?;
        let end = usize::from(digits.get(count) == Some(&b';'));
        return Some(Escape::character(c, head + count + end));
    }
    let end = text.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
    let meant = entity::named(str::from_utf8(text.get(1..end)?).ok()?)?;
    Some(Escape { meant: meant.as_bytes().to_vec(), length: end + 1 })
}

/// Digits as a number; `None` when there are none, or there is anything else.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = str::from_utf8(digits).ok().filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unescaped(text: &str) -> Option<String> {
        Layer::<()>::of(text.as_bytes()).unescaped().map(|layer| String::from_utf8(layer.bytes).unwrap())
    }

    #[test]
    fn escapes_of_many_notations_are_undone() {
        for (text, meant) in [
            ("a%2Fb%2f%C3%BC%u00fc", "a/b/üü"),
            (r"\/\u003c\u003C\u00fc\ud83d\ude00\u{1F600}\U0001f600", "/<<ü😀😀😀"),
            (r#"\"\'\\\x41\101"#, r#""'\AA"#),
            (r"a\nb\0c", "a b c"),
            ("&amp;&lt;&#39;&#x27;&#X27;&#60&uuml;&sol;&Oslash;", "&<'''<ü/Ø"),
            ("%2541", "%41"),
            ("&amp;lt;", "&lt;"),
        ] {
            assert_eq!(unescaped(text).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn text_without_escapes_is_kept() {
        for text in [
            "", "a", "%", "%4", "%zz", "%+1", r"\", r"\u12", r"\q", r"\ü", "&", "&;", "&#;", "&#x;", "& b;", "&nosuch;",
        ] {
            assert_eq!(unescaped(text), None, "{text}");
        }
        assert_eq!(unescaped(r"\ud83d").as_deref(), Some("\u{fffd}"));
    }

    proptest! {
        /// As the standard library divides bytes, for any: beginnings of characters are among them more often.
        #[test]
        fn bytes_that_are_no_characters_count_as_latin_1(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0xc0_u8..=0xff, 0x80_u8..=0xbf], 0..40),
        ) {
            let chunks = bytes.utf8_chunks();
            let expected: String = chunks
                .flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|byte| char::from(*byte))))
                .collect();
            let layer = Layer::<Span>::of(&bytes);
            prop_assert_eq!(layer.characters().map(|(c, _)| c).collect::<String>(), expected);
            let places: Vec<Span> = layer.characters().map(|(_, place)| place).collect();
            prop_assert!(places.windows(2).all(|pair| pair[0].1 == pair[1].0));
            prop_assert_eq!(places.last().map_or(0, |last| last.1), bytes.len());
        }
    }

    #[test]
    fn places_point_into_the_text() {
        let layer = Layer::<Span>::of(b"a%C3%BCb");
        let once = layer.unescaped().unwrap();
        let found: Vec<_> = once.characters().collect();
        assert_eq!(found, [('a', (0, 1)), ('ü', (1, 7)), ('b', (7, 8))]);
        let odd = Layer::<()>::of(b"x%FCy").unescaped().unwrap();
        assert_eq!(odd.characters().map(|(c, _)| c).collect::<String>(), "xüy");
    }
}
