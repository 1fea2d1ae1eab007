//! What is done with whole messages that are not in the character set that they should be in.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::UTF_8;

use super::choice::choose;

/// Bytes that were read in another character set than the one that they should be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mended {
    /// How many bytes stand before the first of them.
    pub(super) at: u64,
    /// What they were read as.
    pub(super) charset: &'static str,
    /// All that follows was, too.
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

/// A message that claims to be UTF-8 and is not quite: every byte that does not fit is taken for Latin-1, so that one
/// careless name does not cost the whole answer. Any other message stays what it is.
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

/// What bytes without a better name are read as: each as the character of its number.
const LATIN_1: &str = "Latin-1 (ISO-8859-1)";

/// A whole message as text, whatever its character set; bytes that cannot be text are replaced.
pub(crate) fn text(bytes: &[u8], label: Option<&str>) -> (String, Option<Mended>) {
    let (encoding, _) = choose(label, bytes);
    let (bytes, mended) = mend(bytes, label);
    (encoding.decode(&bytes).0.into_owned(), mended)
}
