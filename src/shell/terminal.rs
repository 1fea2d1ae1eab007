//! Reads an answer that must not be shown, key by key from the terminal without echo: even its length is hidden. Where
//! certain words are asked for, these are shown, and nothing else.
//! Nothing here depends on colours or on the terminal's name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;

use super::mode;
use rustix::termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Asks a question and reads one line, of which only the beginning of one of the words is shown. `None` if the question
/// is cancelled, or the terminal is gone.
pub(super) fn ask(question: &str, words: &[&str]) -> io::Result<Option<String>> {
    // The terminal itself, wherever standard output goes.
    match OpenOptions::new().read(true).write(true).open("/dev/tty") {
        Ok(terminal) => converse(&terminal, &terminal, question, words),
        Err(_) => {
            let keyboard = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            let screen = File::from(io::stderr().as_fd().try_clone_to_owned()?);
            converse(&keyboard, &screen, question, words)
        }
    }
}

fn converse(mut keyboard: &File, mut screen: &File, question: &str, words: &[&str]) -> io::Result<Option<String>> {
    // Before the question is shown, so that nothing typed there is visible.
    let mode = Silence::over(keyboard)?;
    screen.write_all(question.as_bytes())?;
    let mut answer = Answer::default();
    let mut shown = String::new();
    let mut byte = [0];
    let ended = loop {
        let read = match keyboard.read(&mut byte) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // When a terminal hangs up, no one is on the other side.
            Err(_) | Ok(0) => break None,
            Ok(_) => answer.take(byte[0]),
        };
        let now = answer.shown(words);
        screen.write_all(redrawn(&shown, &now).as_bytes())?;
        shown = now;
        match read {
            Key::Going => {}
            Key::Refused => screen.write_all(BELL)?,
            Key::Done => break Some(answer.text()),
            Key::TakenBack => break None,
        }
    };
    screen.write_all(b"\n")?;
    drop(mode);
    Ok(ended)
}

/// What turns one shown text into another: both are letters of a single column.
fn redrawn(before: &str, now: &str) -> String {
    match now.strip_prefix(before) {
        Some(added) => added.to_owned(),
        None => "\x08 \x08".repeat(before.len()) + now,
    }
}

/// The terminal without its own echo and key handling, while the value lives.
pub(super) struct Silence<'t> {
    terminal: &'t File,
    before: Termios,
}

impl Silence<'_> {
    pub(super) fn over(terminal: &File) -> io::Result<Silence<'_>> {
        mode::note();
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON);
        // Ctrl-C cancels the question, and ends nothing.
        silent.local_modes.remove(LocalModes::ISIG | LocalModes::IEXTEN);
        silent.input_modes.remove(InputModes::IXON);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(terminal, OptionalActions::Drain, &silent)?;
        Ok(Silence { terminal, before })
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(self.terminal, OptionalActions::Drain, &self.before);
    }
}

/// The effect of a key.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    /// The answer continues.
    Going,
    /// None: the key cannot be part of an answer.
    Refused,
    Done,
    TakenBack,
}

/// An answer being typed.
#[derive(Debug, Default)]
struct Answer {
    bytes: Vec<u8>,
    sequence: Sequence,
}

/// The state of an escape sequence: an arrow key, the mark around pasted text.
#[derive(Debug, Default, PartialEq, Eq)]
enum Sequence {
    #[default]
    None,
    Escape,
    /// After `ESC [` or `ESC O`.
    Within,
}

const BELL: &[u8] = b"\x07";

impl Answer {
    fn take(&mut self, byte: u8) -> Key {
        match (&self.sequence, byte) {
            (Sequence::Escape, b'[' | b'O') => self.sequence = Sequence::Within,
            (Sequence::Escape, _) | (Sequence::Within, b'@'..=b'~') => self.sequence = Sequence::None,
            (Sequence::Within, _) => {}
            (Sequence::None, byte) => return self.key(byte),
        }
        Key::Going
    }

    fn key(&mut self, byte: u8) -> Key {
        match byte {
            b'\r' | b'\n' => return Key::Done,
            // Ctrl-C, and Ctrl-D if there is nothing to delete.
            0x03 => return Key::TakenBack,
            0x04 if self.bytes.is_empty() => return Key::TakenBack,
            0x1b => self.sequence = Sequence::Escape,
            // Backspace, Ctrl-H: removes the last character with all its bytes.
            0x7f | 0x08 => {
                let start = self.bytes.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or(0);
                self.bytes.truncate(start);
            }
            // Ctrl-U.
            0x15 => self.bytes.clear(),
            0..0x20 => return Key::Refused,
            byte => self.bytes.push(byte),
        }
        Key::Going
    }

    /// What of the answer may be seen: all of it while it is the beginning of one of the words.
    fn shown(&self, words: &[&str]) -> String {
        let text = self.text();
        let begins = |word: &&str| word.get(..text.len()).is_some_and(|front| front.eq_ignore_ascii_case(&text));
        if words.iter().any(begins) { text } else { String::new() }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer that these keys produce.
    fn typed(keys: &str) -> Option<String> {
        let mut answer = Answer::default();
        for byte in keys.bytes() {
            match answer.take(byte) {
                Key::Going | Key::Refused => {}
                Key::Done => return Some(answer.text()),
                Key::TakenBack => return None,
            }
        }
        panic!("{keys:?} never ends");
    }

    #[test]
    fn only_the_beginning_of_a_word_is_shown() {
        for (keys, seen) in
            [("y", "y"), ("ye", "ye"), ("YES", "YES"), ("n", "n"), ("yx", ""), ("d41d8cd9", ""), ("y\x7f", "")]
        {
            let mut answer = Answer::default();
            keys.bytes().for_each(|byte| _ = answer.take(byte));
            assert_eq!(answer.shown(&["yes", "no"]), seen, "{keys:?}");
            assert_eq!(answer.shown(&[]), "", "{keys:?}");
        }
        assert_eq!((redrawn("y", "ye"), redrawn("ye", "")), ("e".to_owned(), "\x08 \x08\x08 \x08".to_owned()));
    }

    #[test]
    fn keys_produce_an_answer() {
        for (keys, answer) in [
            ("abc\r", Some("abc")),
            ("abc\n", Some("abc")),
            ("\r", Some("")),
            ("pä東\r", Some("pä東")),
            ("ab\x7fc\r", Some("ac")),
            ("aä\x08b\x7f\x7f\x7f\x7fc\r", Some("c")),
            ("abc\x15d\r", Some("d")),
            ("a\x1b[Db\x1b[1;5Cc\x1bOPd\r", Some("abcd")),
            ("\x1b[200~pasted text\x1b[201~\r", Some("pasted text")),
            ("a\tb\r", Some("ab")),
            ("abc\x03", None),
            ("\x04", None),
            ("a\x04b\r", Some("ab")),
        ] {
            assert_eq!(typed(keys).as_deref(), answer, "{keys:?}");
        }
    }
}
