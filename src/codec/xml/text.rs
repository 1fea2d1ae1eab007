//! The characters of a text.

use model::escape::xml_can_hold;

/// The first character of a text that XML cannot hold.
pub(super) fn forbidden(text: &str) -> Option<char> {
    // Nearly every text is cleared by its bytes: only control characters and U+FFFE, U+FFFF need a closer look.
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xef;
    if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
        return None;
    }
    text.chars().find(|&c| !xml_can_hold(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_found() {
        for (text, found) in [
            ("a\tb\r\n\u{7f}\u{85}é€", None),
            ("\u{fffd}\u{feff}", None),
            ("a\u{1b}b\0", Some('\u{1b}')),
            ("\u{ffff}", Some('\u{ffff}')),
            ("é\u{fffe}", Some('\u{fffe}')),
        ] {
            assert_eq!(forbidden(text), found, "{text:?}");
        }
    }
}
