//! Characters that cannot be seen: those that act on a terminal, have no shape, or look like a space but are not.

/// Whether a character acts on a terminal or deceives the eye instead of being shown: controls (escape, backspace,
/// carriage return, the 8-bit ones), marks that change the direction of text, and characters without a shape.
///
/// Line feed and tab are left to the caller. The variation selectors below U+FE10 are not hidden, since they only
/// choose between two looks of the same character.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{20}'..='\u{7e}' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' => true, // soft hyphen, joiner, Arabic mark
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => true, // Hangul fillers: letters that look empty
        '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' => true, // Khmer and Mongolian shapeless signs
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true, // zero width, separators, direction
        '\u{2060}'..='\u{206f}' | '\u{feff}' => true, // joiners, isolates, byte order mark
        '\u{fff9}'..='\u{fffb}' => true,          // annotations
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true, // format controls of shorthand and music
        '\u{e0000}'..='\u{e0fff}' => true,        // tags and selectors that can hide whole texts
        c => c.is_control(),
    }
}

/// Whether a character looks like a space, or like nothing. The space itself, the tab and line ends do not count.
pub fn is_unseen(c: char) -> bool {
    !matches!(c, ' ' | '\t' | '\r' | '\n') && (is_hidden(c) || c.is_whitespace() || c == '\u{2800}')
}

/// The name of a character: `U+00A0 (a no-break space)`.
pub fn name(c: char) -> String {
    let words = match c {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a mark that turns the direction of text"
        }
        '\u{2028}' => "a line separator",
        '\u{2029}' => "a paragraph separator",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte order mark",
        c if c.is_control() => "a control character",
        c if c.is_whitespace() || c == '\u{2800}' => "a space that is not a plain space",
        _ => "a character that cannot be seen",
    };
    format!("U+{:04X} ({words})", u32::from(c))
}

/// The first such character of a text.
pub fn first(text: &str) -> Option<char> {
    text.chars().find(|c| is_unseen(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_white_space_but_the_plain_ones_is_unseen() {
        let all = (0..=0x10_ffff_u32).filter_map(char::from_u32);
        for c in all.filter(|c| c.is_whitespace() || c.is_control()) {
            assert_eq!(is_unseen(c), ![' ', '\t', '\r', '\n'].contains(&c), "{c:?}");
        }
        for text in ["", "Grüße, 東京, ❤\u{fe0f}, עברית", "a b\tc\r\n", "~!@#$%^&*()"] {
            assert_eq!(first(text), None, "{text}");
        }
        assert_eq!(first("a\u{200d}b\u{a0}"), Some('\u{200d}'));
    }

    #[test]
    fn an_unseen_character_has_a_name() {
        for (c, named) in [
            ('\u{a0}', "U+00A0 (a no-break space)"),
            ('\u{3000}', "U+3000 (a space that is not a plain space)"),
            ('\u{200b}', "U+200B (a zero-width space)"),
            ('\u{7}', "U+0007 (a control character)"),
            ('\u{3164}', "U+3164 (a character that cannot be seen)"),
            ('\u{e0041}', "U+E0041 (a character that cannot be seen)"),
        ] {
            assert_eq!(name(c), named);
        }
    }
}
