//! The terminal's mode from before an editor changed it, for an end of the program that no value outlives.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::OnceLock;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The mode in which the program found the terminal.
static BEFORE: OnceLock<Termios> = OnceLock::new();
/// Pasted text comes without marks again, and what follows begins on a line of its own.
const PLAIN: &[u8] = b"\x1b[?2004l\r\n";

/// Notes the mode, before it is changed for the first time.
pub(super) fn note() {
    if BEFORE.get().is_none()
        && let Some(mode) = terminal().ok().and_then(|terminal| tcgetattr(&terminal).ok())
    {
        let _ = BEFORE.set(mode);
    }
}

/// Gives the terminal the mode back that was noted, if any.
pub(crate) fn restore() {
    if let (Some(mode), Ok(mut terminal)) = (BEFORE.get(), terminal()) {
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(&terminal, OptionalActions::Drain, mode);
        let _ = terminal.write_all(PLAIN);
    }
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expectrl::process::Process;
    use expectrl::process::unix::UnixProcess;
    use rustix::termios::LocalModes;
    use std::io::Read;
    use std::process::Command;

    /// What a child process of a test does: it leaves the terminal as an editor has it, and gives back what was noted.
    #[test]
    #[ignore = "the child of another test"]
    fn child() {
        note();
        let terminal = terminal().unwrap();
        let mut silent = tcgetattr(&terminal).unwrap();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(&terminal, OptionalActions::Now, &silent).unwrap();
        // Not the mode that is given back.
        note();
        restore();
    }

    #[test]
    fn the_first_mode_is_given_back() {
        let mut shell = Command::new("sh");
        let script = "stty echo icanon; \"$0\" --exact shell::mode::tests::child --ignored --nocapture; stty -a";
        shell.args(["-c", script]).arg(std::fs::read_link("/proc/self/exe").unwrap());
        let mut process = UnixProcess::spawn_command(shell).unwrap();
        let mut screen = Vec::new();
        // The end of a pseudo-terminal is an error.
        let _ = process.open_stream().unwrap().read_to_end(&mut screen);
        let screen = String::from_utf8_lossy(&screen);
        assert!(screen.contains("1 passed") && screen.contains("\u{1b}[?2004l"), "{screen}");
        let modes = screen.rsplit_once("1 passed").map_or("", |(_, modes)| modes);
        assert!(modes.contains(" icanon") && modes.contains(" echo "), "{modes}");
    }
}
