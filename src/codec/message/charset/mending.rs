//! Repairs whole messages that are not in the character set they should be in.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::UTF_8;

use super::choice::choose;

/// Bytes that were read in a different character set from the declared one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The number of bytes before the first of them.
    pub(super) at: u64,
    /// The character set that was used.
    pub(super) charset: &'static str,
    /// Everything after that was read in the same way.
    pub(super) to_the_end: bool,
}

impl fmt::Display for Mended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mended { at, charset, to_the_end } = self;
        match to_the_end {
            true => write!(f, "byte {at} of the answer is not UTF-8: from there on it was read as {charset}"),
            false => write!(f, "byte {at} of the answer is not UTF-8: such bytes were read as {charset}"),
        }
    }
}

/// A message that claims to be UTF-8 but is not quite: every byte that does not fit is read as Latin-1, so that one
/// badly encoded name does not make the whole answer unusable. Any other message is returned unchanged.
pub(crate) fn mend<'b>(bytes: &'b [u8], label: Option<&str>) -> (Cow<'b, [u8]>, Option<Mended>) {
    let at = match std::str::from_utf8(bytes) {
        Err(error) if choose(label, bytes).0 == UTF_8 => error.valid_up_to() as u64,
        _ => return (Cow::Borrowed(bytes), None),
    };
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    (Cow::Owned(text.into_bytes()), Some(Mended { at, charset: LATIN_1, to_the_end: false }))
}

/// The fallback character set: each byte is the character with its number.
pub(super) const LATIN_1: &str = "Latin-1 (ISO-8859-1)";

/// A whole message as text, in any character set; undecodable bytes are replaced.
pub(crate) fn text(bytes: &[u8], label: Option<&str>) -> (String, Option<Mended>) {
    let (encoding, _) = choose(label, bytes);
    if encoding.is_single_byte()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return (text.to_owned(), None);
    }
    let (bytes, mended) = mend(bytes, label);
    (encoding.decode(&bytes).0.into_owned(), mended)
}
