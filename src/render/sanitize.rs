//! What strangers sent must not drive the terminal, nor look like something else.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character acts on a terminal or misleads the eye instead of showing: the controls (escape, backspace,
/// carriage return, the 8-bit ones), the marks that turn the direction of text, and characters without a shape.
///
/// Line feed and tab are left to the caller. The variation selectors below U+FE10 stay, since they merely choose
/// between two looks of the same sign.
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

/// The text with every hidden character written as `\u{…}`; line feeds and tabs stay.
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_or_misleads_is_made_visible() {
        for (given, shown) in [
            ("\x1b]0;owned\x07", r"\u{1b}]0;owned\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("abc\rxyz", r"abc\u{d}xyz"),
            ("a\u{8}\u{7f}", r"a\u{8}\u{7f}"),
            ("user\u{202e}txt.exe", r"user\u{202e}txt.exe"),
            ("\u{2066}a\u{2069}", r"\u{2066}a\u{2069}"),
            ("pay\u{200b}pal", r"pay\u{200b}pal"),
            ("\u{feff}x\u{2028}", r"\u{feff}x\u{2028}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("\0", r"\u{0}"),
        ] {
            assert_eq!(for_terminal(given), shown);
        }
    }

    #[test]
    fn ordinary_text_is_not_touched() {
        for text in ["", "two\nlines\tand a tab", "Grüße, 東京, ❤\u{fe0f}, עברית", r"\u{1b}"] {
            assert!(matches!(for_terminal(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in any::<String>()) {
            prop_assert!(!for_terminal(&text).contains(is_hidden));
        }
    }
}
