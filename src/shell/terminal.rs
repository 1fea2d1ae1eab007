//! An answer that must not be shown, read key by key from the terminal while nothing is echoed: not even how long it
//! is. Nothing here depends on colours or on what the terminal is called.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;

use rustix::termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Puts a question and reads one line. `None` when the question is taken back, or the terminal is gone.
pub(super) fn ask(question: &str) -> io::Result<Option<String>> {
    // The terminal itself, wherever standard output goes.
    match OpenOptions::new().read(true).write(true).open("/dev/tty") {
        Ok(terminal) => converse(&terminal, &terminal, question),
        Err(_) => {
            let keyboard = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            let screen = File::from(io::stderr().as_fd().try_clone_to_owned()?);
            converse(&keyboard, &screen, question)
        }
    }
}

fn converse(mut keyboard: &File, mut screen: &File, question: &str) -> io::Result<Option<String>> {
    // Before the question is there, so that nothing that is typed at it can be seen.
    let mode = Silence::over(keyboard)?;
    screen.write_all(question.as_bytes())?;
    let mut answer = Answer::default();
    let mut byte = [0];
    let ended = loop {
        let read = match keyboard.read(&mut byte) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // A terminal that hangs up has nobody on its other side.
            Err(_) | Ok(0) => break None,
            Ok(_) => answer.take(byte[0]),
        };
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

/// The terminal without its own echo and its own keys, as long as the value lives.
struct Silence<'t> {
    terminal: &'t File,
    before: Termios,
}

impl Silence<'_> {
    fn over(terminal: &File) -> io::Result<Silence<'_>> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON);
        // Ctrl-C takes the question back, and ends nothing.
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

/// What a key does.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    /// The answer goes on.
    Going,
    /// Nothing: it cannot be part of an answer.
    Refused,
    Done,
    TakenBack,
}

/// An answer as far as it has been typed.
#[derive(Debug, Default)]
struct Answer {
    bytes: Vec<u8>,
    sequence: Sequence,
}

/// How far a sequence of keys that are no characters has come: an arrow, the mark around what is pasted.
#[derive(Debug, Default, PartialEq, Eq)]
enum Sequence {
    #[default]
    None,
    Escape,
    /// Behind `ESC [` or `ESC O`.
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
            // Ctrl-C, and Ctrl-D where there is nothing to delete.
            0x03 => return Key::TakenBack,
            0x04 if self.bytes.is_empty() => return Key::TakenBack,
            0x1b => self.sequence = Sequence::Escape,
            // Backspace, Ctrl-H: the last character goes, all its bytes.
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

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What keys come to.
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
    fn keys_come_to_an_answer() {
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
