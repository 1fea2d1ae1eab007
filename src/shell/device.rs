//! Asks the terminal whether it shows sixels. Only a terminal in whose foreground this process is gets the question, and an
//! answer that does not come is not waited for long.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::getpgrp;
use rustix::termios::tcgetpgrp;

use super::terminal::Silence;
use crate::render::{names_sixel, style::ATTRIBUTES};

/// How long an answer may take. Nearly every terminal answers at once; this is for slow lines.
const PATIENCE: Duration = Duration::from_secs(1);
/// A longer answer is none.
const LONGEST: usize = 256;

/// Whether the terminal says that it shows sixels.
pub fn shows_sixel() -> bool {
    ask().unwrap_or(false)
}

fn ask() -> io::Result<bool> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    // In the background, the process would be stopped; keys that were typed ahead would be taken for the answer.
    if tcgetpgrp(&terminal)? != getpgrp() || is_readable(&terminal, Duration::ZERO)? {
        return Ok(false);
    }
    let mode = Silence::over(&terminal)?;
    (&terminal).write_all(ATTRIBUTES.as_bytes())?;
    let until = Instant::now() + PATIENCE;
    let answer = answer(|piece| {
        let left = until.saturating_duration_since(Instant::now());
        if is_readable(&terminal, left)? { (&terminal).read(piece) } else { Ok(0) }
    });
    drop(mode);
    answer.map(|answer| names_sixel(&answer))
}

/// Reads pieces up to the end of an answer, or until nothing more comes.
fn answer(mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let (mut answer, mut piece) = (Vec::new(), [0; 64]);
    loop {
        let count = read(&mut piece)?;
        answer.extend_from_slice(piece.get(..count).unwrap_or_default());
        if count == 0 || answer.contains(&b'c') || answer.len() > LONGEST {
            return Ok(answer);
        }
    }
}

fn is_readable(terminal: &File, within: Duration) -> io::Result<bool> {
    let within =
        Timespec { tv_sec: i64::try_from(within.as_secs()).unwrap_or(i64::MAX), tv_nsec: within.subsec_nanos().into() };
    Ok(poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&within))? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_last_letter_or_when_nothing_more_comes() {
        for (pieces, read) in [
            (&["\x1b[?62", ";4c", "next"][..], "\x1b[?62;4c"),
            (&["\x1b[?62;4"], "\x1b[?62;4"),
            (&[], ""),
            (&["\x1b[?1;2c"], "\x1b[?1;2c"),
        ] {
            let mut pieces = pieces.iter();
            let found = answer(|piece| {
                let next = pieces.next().map_or("", |next| next);
                piece[..next.len()].copy_from_slice(next.as_bytes());
                Ok(next.len())
            });
            assert_eq!(found.unwrap(), read.as_bytes());
        }
        let endless = answer(|piece| {
            piece[0] = b'x';
            Ok(1)
        });
        assert_eq!(endless.unwrap().len(), LONGEST + 1);
        assert!(answer(|_| Err(io::ErrorKind::Other.into())).is_err());
    }
}
