//! What the search makes of a character: letters in lower case, one byte for each Latin-1 character, and nothing of what it
//! ignores.

use super::layer::first_character;

/// Characters that the search ignores, because they may have another cause: the space of forms, the start of an escape,
/// and marks of an omission.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '+' | '\\' | '…' | '.' | '*' | '•')
}

/// White space, controls and characters without a shape. Controls beyond ASCII count as their Latin-1 bytes.
#[inline]
pub fn is_unseen(c: char) -> bool {
    match c {
        '\0'..='\u{ff}' => matches!(c, '\0'..=' ' | '\u{7f}' | '\u{a0}' | '\u{ad}'),
        c => is_unseen_beyond(c),
    }
}

/// The same beyond Latin-1.
fn is_unseen_beyond(c: char) -> bool {
    match c {
        '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => true,
        '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        c => c.is_whitespace() || c.is_control(),
    }
}

/// The byte of a small letter or a sign of Latin-1, or of the small letter of a capital. The two whose capitals are beyond
/// Latin-1 are left out.
fn latin(c: char) -> Option<u8> {
    match c {
        'À'..='Þ' if c != '×' => Some(c as u8 + 0x20),
        'ß' | 'µ' => None,
        c => u8::try_from(u32::from(c)).ok(),
    }
}

/// The byte of a character that is in Windows-1252 but not in Latin-1.
fn windows_1252(c: char) -> Option<u8> {
    const SIGNS: [(char, u8); 25] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8a),
        ('‹', 0x8b),
        ('Œ', 0x8c),
        ('Ž', 0x8e),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9a),
        ('›', 0x9b),
        ('œ', 0x9c),
        ('ž', 0x9e),
        ('Ÿ', 0x9f),
    ];
    SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, byte)| *byte)
}

/// The bytes of a character in a folded text: none for one that is unseen.
pub(super) fn fold(c: char, push: &mut impl FnMut(u8)) {
    if is_unseen(c) {
        return;
    }
    if c.is_ascii() {
        return push(c.to_ascii_lowercase() as u8);
    }
    if let Some(byte) = latin(c).or_else(|| windows_1252(c)) {
        return push(byte);
    }
    // Through upper case, which is two letters for some: `ß` is `SS`.
    for c in c.to_uppercase().flat_map(char::to_lowercase) {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => push(byte),
            Err(_) => c.encode_utf8(&mut [0; 4]).bytes().for_each(&mut *push),
        }
    }
}

/// What each byte is to a search: the byte that it becomes in a folded text if it is a character of its own, or one of the
/// three below. None of them is a byte of a folded text.
pub(super) type Classes = [u8; 256];

/// It is left out.
const LEFT_OUT: u8 = 0;
/// It may be the beginning of a character, or become several bytes.
const WIDE: u8 = 1;
/// What is looked for does not have it.
pub(super) const FOREIGN: u8 = 2;

/// If anything may be looked for.
#[expect(clippy::indexing_slicing, reason = "it is computed by the compiler, which would refuse it")]
pub(super) static FOLDED: Classes = {
    let mut classes = [LEFT_OUT; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn class_of(byte: u8) -> u8 {
    match byte {
        b'+' | b'\\' | b'.' | b'*' | ..=b' ' | 0x7f | 0xa0 | 0xad => LEFT_OUT,
        // `µ`, and what begins a character in UTF-8.
        0xb5 | 0xc0..=0xf4 => WIDE,
        byte => byte.to_ascii_lowercase(),
    }
}

/// Goes through the bytes of a text as a folded text has them, without making one, until one of them is enough.
pub(super) fn any_folded(bytes: &[u8], classes: &Classes, mut is_enough: impl FnMut(u8) -> bool) -> bool {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match classes.get(usize::from(*byte)).copied().unwrap_or(WIDE) {
            LEFT_OUT => {}
            WIDE => {
                let Some((c, length)) = bytes.get(at - 1..).and_then(first_character) else { break };
                at += length - 1;
                let mut enough = false;
                if !is_sign(c) {
                    fold(c, &mut |byte| enough |= is_enough(byte));
                }
                if enough {
                    return true;
                }
            }
            folded if is_enough(folded) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_latin_1_are_folded_as_all_others() {
        for c in '\u{80}'..='\u{ff}' {
            let folded: Vec<u32> = c.to_uppercase().flat_map(char::to_lowercase).map(u32::from).collect();
            match latin(c) {
                Some(byte) => assert_eq!(folded, [u32::from(byte)], "{c}"),
                None => assert_ne!(folded, [u32::from(c)], "{c}"),
            }
        }
        assert_eq!(latin('Ÿ'), None);
        for c in '\0'..='\u{ff}' {
            let has_no_shape = c.is_whitespace() || c.is_control() || c == '\u{ad}';
            assert_eq!(is_unseen(c), has_no_shape && !('\u{80}'..='\u{9f}').contains(&c), "{c:?}");
        }
    }
}
