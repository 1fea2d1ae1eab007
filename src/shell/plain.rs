//! Reads lines without an editor, for terminals that may not support an editor's escape sequences. The terminal itself
//! lets the user correct the line; nothing is completed or recalled.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Ctrl-C was pressed and has not been handled yet. A signal just before the wait for a key does not end that wait, so
/// the flag is checked regularly.
static PRESSED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
/// How long a wait for a key lasts before the flag is checked.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// The flag that Ctrl-C sets, for the code that handles signals.
pub(super) fn pressed() -> Arc<AtomicBool> {
    Arc::clone(PRESSED.get_or_init(Arc::default))
}

/// Waits until standard input is readable.
fn wait_for(stdin: &io::Stdin) -> io::Result<()> {
    loop {
        match poll(&mut [PollFd::new(stdin, PollFlags::IN)], Some(&TICK)) {
            _ if pressed().swap(false, Ordering::Relaxed) => return Err(io::ErrorKind::Interrupted.into()),
            Ok(0) => {}
            Ok(_) => return Ok(()),
            // If nothing sets the flag, the signal has ended the process.
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The streams for reading lines.
pub(super) struct Paper<'p> {
    /// The typed input.
    pub(super) input: &'p mut dyn BufRead,
    /// Waits for input; [`io::ErrorKind::Interrupted`] if Ctrl-C is pressed first.
    pub(super) wait: &'p mut dyn FnMut() -> io::Result<()>,
    /// Where the prompt goes.
    pub(super) out: &'p mut dyn Write,
}

/// Reads a line from standard input. See [`Paper::read`].
pub(super) fn read(out: &mut dyn Write, prompt: &str, goes_on: impl Fn(&str) -> bool) -> io::Result<Option<String>> {
    let stdin = io::stdin();
    // A key pressed before the prompt appeared was not meant for it.
    pressed().store(false, Ordering::Relaxed);
    let mut wait = || wait_for(&stdin);
    Paper { input: &mut stdin.lock(), wait: &mut wait, out }.read(prompt, goes_on)
}

impl Paper<'_> {
    /// Reads a line, and the following rows while it continues. `None` at the end of the input; an error of the kind
    /// [`io::ErrorKind::Interrupted`] if Ctrl-C discards it. The terminal has then discarded the incomplete row.
    fn read(&mut self, prompt: &str, goes_on: impl Fn(&str) -> bool) -> io::Result<Option<String>> {
        let mut text = String::new();
        self.ask(prompt)?;
        loop {
            if let Err(error) = (self.wait)() {
                self.ask("\n")?;
                return Err(error);
            }
            let mut row = Vec::new();
            if self.input.read_until(b'\n', &mut row)? == 0 {
                return Ok(None);
            }
            let Ok(row) = String::from_utf8(row) else {
                text.clear();
                self.ask(&format!("that is not UTF-8 and was dropped\n{prompt}"))?;
                continue;
            };
            text.push_str(row.trim_end_matches(['\r', '\n']));
            if !goes_on(&text) {
                return Ok(Some(text));
            }
            text.push('\n');
        }
    }

    fn ask(&mut self, prompt: &str) -> io::Result<()> {
        self.out.write_all(prompt.as_bytes())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All lines of an input, and the output.
    fn lines(mut input: &[u8]) -> (Vec<String>, String) {
        let (mut out, mut read) = (Vec::new(), Vec::new());
        let mut paper = Paper { input: &mut input, wait: &mut || Ok(()), out: &mut out };
        while let Some(line) = paper.read("> ", |text| text.ends_with('\\')).unwrap() {
            read.push(line);
        }
        (read, String::from_utf8(out).unwrap())
    }

    #[test]
    fn lines_are_read_as_they_are_typed() {
        for (typed, read, written) in [
            (&b"one\ntwo\r\n"[..], &["one", "two"][..], "> > > "),
            (b"a \\\nb\nc", &["a \\\nb", "c"], "> > > "),
            (b"", &[], "> "),
            (b"a \\\n", &[], "> "),
            (b"x\xff\ny\n", &["y"], "> that is not UTF-8 and was dropped\n> > "),
        ] {
            assert_eq!(lines(typed), (read.iter().map(|line| (*line).to_owned()).collect(), written.to_owned()));
        }
    }

    #[test]
    fn ctrl_c_discards_the_line() {
        let (mut input, mut out, mut waits) = (&b"a \\\nb\n"[..], Vec::new(), 0);
        let mut wait = || {
            waits += 1;
            if waits == 2 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        };
        let mut paper = Paper { input: &mut input, wait: &mut wait, out: &mut out };
        let mut read = || paper.read("> ", |text| text.ends_with('\\'));
        assert_eq!(read().unwrap_err().kind(), io::ErrorKind::Interrupted);
        assert_eq!(read().unwrap().as_deref(), Some("b"));
        assert_eq!(out, b"> \n> ");
    }
}
