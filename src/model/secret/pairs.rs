//! A quick look at whether a text can contain a piece of other texts: most texts share too few pairs of bytes with them.

use std::fmt;

use super::REDACTED;
use super::letters::{Classes, FOLDED, FOREIGN, any_folded};
use super::matcher::{Needs, Wanted};
use super::views::Folded;

/// The pairs are known by the lower seven bits of both bytes.
const BITS: u32 = 7;
const WORDS: usize = (1 << (2 * BITS)) / 64;

/// All pairs of adjacent bytes of some texts. A piece of one of them consists of known pairs; other texts may, too.
#[derive(Clone)]
pub(super) struct Pairs {
    known: Box<[u64; WORDS]>,
    /// What each byte of a text is to the search.
    classes: Box<Classes>,
    /// The fewest bytes of a piece that counts, and of a whole text.
    piece: usize,
    whole: usize,
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The place of a pair: a word, and a bit in it.
fn place(first: u8, second: u8) -> (usize, u64) {
    let lower = |byte: u8| usize::from(byte) & ((1 << BITS) - 1);
    let bit = lower(first) << BITS | lower(second);
    (bit / 64, 1 << (bit % 64))
}

impl Pairs {
    pub(super) fn of(texts: &[Folded<()>]) -> Pairs {
        let needs = || texts.iter().map(Needs::of);
        let piece = needs().map(|needs| needs.least(Wanted::Pieces)).min().unwrap_or(usize::MAX);
        let whole = needs().map(|needs| needs.least(Wanted::Whole)).min().unwrap_or(usize::MAX);
        let mut known = Box::new([0; WORDS]);
        let mut used = [false; 256];
        for text in texts {
            for byte in &text.layer.bytes {
                used.get_mut(usize::from(*byte)).into_iter().for_each(|used| *used = true);
            }
            for (first, second) in text.layer.bytes.iter().zip(text.layer.bytes.iter().skip(1)) {
                let (word, bit) = place(*first, *second);
                known.get_mut(word).into_iter().for_each(|word| *word |= bit);
            }
        }
        let mut classes = Box::new(FOLDED);
        for class in classes.iter_mut().filter(|class| **class > FOREIGN) {
            if !used.get(usize::from(*class)).is_some_and(|used| *used) {
                *class = FOREIGN;
            }
        }
        Pairs { known, classes, piece, whole }
    }

    /// Pairs with which nothing is passed over.
    #[cfg(test)]
    pub(super) fn all() -> Pairs {
        Pairs { known: Box::new([u64::MAX; WORDS]), classes: Box::new(FOLDED), piece: 0, whole: 0 }
    }

    /// The fewest bytes that count.
    pub(super) fn least(&self, wanted: Wanted) -> usize {
        match wanted {
            Wanted::Pieces => self.piece.min(self.whole),
            Wanted::Whole => self.whole,
        }
    }

    /// False if nothing that counts can be found in a text, which need not be folded.
    pub(super) fn may_be_in(&self, text: &[u8], wanted: Wanted) -> bool {
        let least = self.least(wanted);
        // The length of the piece that ends here, and its last byte.
        let (mut length, mut last) = (0, 0);
        least == 0
            || any_folded(text, &self.classes, |byte| {
                if byte == FOREIGN {
                    length = 0;
                    return false;
                }
                let (word, bit) = place(last, byte);
                let is_known = self.known.get(word).is_some_and(|word| word & bit != 0);
                length = if is_known || length == 0 { length + 1 } else { 1 };
                last = byte;
                length >= least
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::layer::Layer;
    use super::super::matcher::Matcher;
    use super::super::views::Signs;
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &[u8], is_run: bool) -> Folded<()> {
        Folded::of(&Layer::of(text), is_run, Signs::Apart)
    }

    #[test]
    fn ordinary_words_share_too_few_pairs_with_a_key() {
        let pairs = Pairs::of(&[folded(b"0123456789abcdef01234567a32a1fe9", false)]);
        for (text, piece, whole) in [
            ("myserver1.example.com", false, false),
            ("37605271-d650-4d8e-a0b0-ad46b25d0952", false, false),
            ("", false, false),
            ("012345", true, false),
            ("0123456789abcdef01234567a32a1fe9", true, true),
        ] {
            let found = [Wanted::Pieces, Wanted::Whole].map(|wanted| pairs.may_be_in(text.as_bytes(), wanted));
            assert_eq!(found, [piece, whole], "{text:?}");
        }
        assert!(!Pairs::of(&[]).may_be_in(b"anything", Wanted::Pieces));
        assert_eq!(format!("{pairs:?}"), REDACTED);
    }

    proptest! {
        /// Few letters, so that much is found.
        #[test]
        fn whatever_the_search_finds_passes(
            secrets in proptest::collection::vec(("[ab\u{e1}]{4,20}", any::<bool>()), 1..4),
            text in "[ab\u{e1}\u{2026}. ]{0,40}",
            whole in any::<bool>(),
        ) {
            let secrets: Vec<_> = secrets.iter().map(|(text, is_run)| folded(text.as_bytes(), *is_run)).collect();
            let wanted = if whole { Wanted::Whole } else { Wanted::Pieces };
            let is_found = !Matcher::of(&secrets).find(&folded(text.as_bytes(), false), wanted).is_empty();
            prop_assert!(!is_found || Pairs::of(&secrets).may_be_in(text.as_bytes(), wanted));
        }
    }
}
