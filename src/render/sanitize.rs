//! Untrusted text must not control the terminal, nor look like something else.

use std::borrow::Cow;
use std::fmt::Write as _;

pub use model::unseen::is_hidden;

/// The text with every hidden character written as `\u{…}`; line feeds and tabs are kept.
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
    fn characters_that_act_or_mislead_are_made_visible() {
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
    fn ordinary_text_is_unchanged() {
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
