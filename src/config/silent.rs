//! A key that is typed where it is read from standard input. The terminal does not show it.

use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// The longest line that is read.
const MOST: usize = 4096;
/// What Ctrl-C writes where it is not a signal.
const CTRL_C: u8 = 0x03;

/// The first line of standard input; if that is a terminal, without showing it. An error of the kind
/// [`io::ErrorKind::Interrupted`] if Ctrl-C is pressed instead.
pub(super) fn first_line(stdin: &mut dyn Read) -> io::Result<String> {
    let terminal = io::stdin();
    if !terminal.is_terminal() {
        return line(stdin);
    }
    let mode = Silence::over(&terminal)?;
    let mut screen = io::stderr();
    // Whoever sees no question types all the same.
    let _ = screen.write_all(b"Key (not shown): ");
    let typed = line(stdin);
    drop(mode);
    let _ = screen.write_all(b"\n");
    typed
}

/// One line, read byte by byte: what follows belongs to the next reader.
fn line(from: &mut dyn Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < MOST && from.read(&mut byte)? == 1 && byte != *b"\n" {
        if byte == [CTRL_C] {
            return Err(io::ErrorKind::Interrupted.into());
        }
        line.extend_from_slice(&byte);
    }
    String::from_utf8(line).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
}

/// The terminal without its echo, while the value lives. Ctrl-C ends the line, so that the echo always comes back.
struct Silence<'t, T: AsFd> {
    terminal: &'t T,
    before: Termios,
}

impl<T: AsFd> Silence<'_, T> {
    fn over(terminal: &T) -> io::Result<Silence<'_, T>> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        tcsetattr(terminal, OptionalActions::Drain, &silent)?;
        Ok(Silence { terminal, before })
    }
}

impl<T: AsFd> Drop for Silence<'_, T> {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(self.terminal, OptionalActions::Drain, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_taken() {
        let mut from: &[u8] = b"the-key\r\nservice.list\n";
        assert_eq!(line(&mut from).unwrap(), "the-key\r");
        assert_eq!(from, b"service.list\n");
        assert_eq!(line(&mut &b"abc"[..]).unwrap(), "abc");
        assert_eq!(line(&mut &b"ab\x03"[..]).unwrap_err().kind(), io::ErrorKind::Interrupted);
        assert_eq!(line(&mut &b"\xff\n"[..]).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
