//! Bytes that should be UTF-8, checked while they pass.

use std::io::{self, BufRead};
use std::str::Utf8Error;

use crate::message::input::Input;

/// Passes UTF-8 on and checks it.
pub(super) struct Checked {
    /// The number of bytes of the message that were passed on or skipped.
    pub(super) taken: u64,
    /// The first bytes of a character whose remaining ones have not arrived yet.
    pub(super) begun: Vec<u8>,
}

impl Checked {
    pub(super) fn new(skipped: usize) -> Checked {
        Checked { taken: skipped as u64, begun: Vec::new() }
    }

    /// Passes on some of the input, at most so many bytes: nothing only at its end. `false` when the next byte is not
    /// UTF-8.
    pub(super) fn fill<R: BufRead>(
        &mut self,
        room: &mut String,
        most: usize,
        input: &mut Input<R>,
    ) -> io::Result<bool> {
        loop {
            let chunk = match input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            let chunk = chunk.get(..most).unwrap_or(chunk);
            if !self.begun.is_empty() {
                match self.complete(chunk.first().copied()) {
                    Some(false) => input.consume(1),
                    Some(true) => {
                        input.consume(1);
                        self.hand_over(room);
                        return Ok(true);
                    }
                    None => return Ok(false),
                }
                continue;
            }
            let (good, broken) = match std::str::from_utf8(chunk) {
                Ok(text) => (text, None),
                Err(error) => (valid(chunk, error), Some(error.error_len())),
            };
            if let ("", Some(broken)) = (good, broken) {
                if broken.is_some() {
                    return Ok(false);
                }
                self.begun.extend_from_slice(chunk);
                let count = chunk.len();
                input.consume(count);
                continue;
            }
            room.push_str(good);
            let count = good.len();
            input.consume(count);
            self.taken += count as u64;
            return Ok(true);
        }
    }

    /// Passes on the bytes that are not UTF-8, each as the character with its number.
    pub(super) fn as_latin_1<R: BufRead>(&mut self, room: &mut String, input: &mut Input<R>) -> io::Result<()> {
        let mut wrong = std::mem::take(&mut self.begun);
        if wrong.is_empty() {
            wrong.extend(input.fill_buf()?.first());
            input.consume(wrong.len());
        }
        self.taken += wrong.len() as u64;
        room.extend(wrong.into_iter().map(char::from));
        Ok(())
    }

    /// Adds a byte to a character. Returns whether it is now complete; `None` if it cannot be.
    fn complete(&mut self, byte: Option<u8>) -> Option<bool> {
        self.begun.push(byte?);
        match std::str::from_utf8(&self.begun) {
            Ok(_) => Some(true),
            Err(error) if error.error_len().is_none() => Some(false),
            Err(_) => {
                self.begun.pop();
                None
            }
        }
    }

    /// Passes on a complete character.
    fn hand_over(&mut self, room: &mut String) {
        room.push_str(std::str::from_utf8(&self.begun).unwrap_or_default());
        self.taken += self.begun.len() as u64;
        self.begun.clear();
    }
}

/// The part before the first byte that is not UTF-8.
fn valid(bytes: &[u8], error: Utf8Error) -> &str {
    bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::message::Limits;

    /// What is passed on in pieces, whether it ended at a byte that is not UTF-8, and the state at that point.
    fn passed(bytes: &[u8], chunk: usize, room: usize) -> (String, bool, Checked) {
        let mut input = Input::new(BufReader::with_capacity(chunk, bytes), Limits::default());
        let (mut checked, mut text) = (Checked::new(0), String::new());
        loop {
            let before = text.len();
            match checked.fill(&mut text, room, &mut input).unwrap() {
                true if text.len() == before => return (text, false, checked),
                true => {}
                false => return (text, true, checked),
            }
        }
    }

    #[test]
    fn characters_pass_whole_in_pieces_of_any_size() {
        let text = "aé€😀z";
        for chunk in 1..6 {
            for room in 4..9 {
                let (found, broken, checked) = passed(text.as_bytes(), chunk, room);
                assert_eq!((found.as_str(), broken, checked.taken), (text, false, text.len() as u64), "{chunk} {room}");
            }
        }
    }

    #[test]
    fn it_stops_at_the_first_byte_that_is_not_utf_8() {
        for (bytes, text, begun) in [
            (&b"ab\xe9c"[..], "ab", &b"\xe9"[..]),
            (b"\xff", "", b""),
            (b"a\xe2\x82", "a", b"\xe2\x82"),
            (b"a\xe2\x82b", "a", b"\xe2\x82"),
            (b"a\xc3\xa9\xc3", "aé", b"\xc3"),
        ] {
            let (found, broken, checked) = passed(bytes, 1, 8);
            assert_eq!((found.as_str(), broken, checked.begun.as_slice()), (text, true, begun), "{bytes:?}");
            assert_eq!(checked.taken, text.len() as u64, "{bytes:?}");
        }
    }
}
