//! The end of a plain stretch of text, found eight bytes at a time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHEST: u64 = u64::from_ne_bytes([0x80; 8]);

/// The place of the first byte that is below `floor`, which is at most 128, or one of `others`.
#[inline(always)]
pub fn first_of<const N: usize>(bytes: &[u8], floor: u8, others: [u8; N]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        if let Some(at) = first_in(*word, floor, others) {
            return Some(bytes.len() - rest.len() + at);
        }
        rest = after;
    }
    match bytes.last_chunk() {
        // What of it has been seen already has none.
        Some(last) => Some(bytes.len() - 8 + first_in(*last, floor, others)?),
        None => bytes.iter().position(|byte| *byte < floor || others.contains(byte)),
    }
}

/// The first of them in eight bytes. A subtraction borrows from the byte above it only where it has found one, so the
/// lowest mark is right.
#[inline(always)]
fn first_in<const N: usize>(word: [u8; 8], floor: u8, others: [u8; N]) -> Option<usize> {
    let word = u64::from_le_bytes(word);
    let below = word.wrapping_sub(ONES * u64::from(floor)) & !word;
    let marks = others.iter().fold(below, |marks, byte| {
        let word = word ^ (ONES * u64::from(*byte));
        marks | (word.wrapping_sub(ONES) & !word)
    }) & HIGHEST;
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one_by_one<const N: usize>(bytes: &[u8], floor: u8, others: [u8; N]) -> Option<usize> {
        bytes.iter().position(|byte| *byte < floor || others.contains(byte))
    }

    #[test]
    fn each_place_is_found_in_a_text_of_any_length() {
        for length in 0..40 {
            let plain = vec![b'a'; length];
            assert_eq!(first_of(&plain, b' ', [b'"']), None);
            for at in 0..length {
                for byte in [0, 0x1f, b'"'] {
                    let mut bytes = plain.clone();
                    bytes[at] = byte;
                    assert_eq!(first_of(&bytes, b' ', [b'"']), Some(at));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_found_as_one_by_one(bytes: Vec<u8>, floor in 0..=128_u8, others: [u8; 3]) {
            prop_assert_eq!(first_of(&bytes, floor, others), one_by_one(&bytes, floor, others));
            // Neighbours of what is looked for, which a borrow could mistake for it.
            let near: Vec<u8> = bytes.iter().map(|byte| others[usize::from(byte % 3)] ^ (byte & 1)).collect();
            prop_assert_eq!(first_of(&near, 0, others), one_by_one(&near, 0, others));
        }
    }
}
