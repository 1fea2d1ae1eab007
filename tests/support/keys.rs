//! A scripted terminal: the program runs in a pseudo-terminal, keys are typed, the screen is read.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use expectrl::process::Process;
use expectrl::process::unix::{PtyStream, UnixProcess, WaitStatus};
use tempfile::TempDir;
use vt100::Parser;

use super::cmd::{Run, World, spawning};

pub(crate) const ENTER: &str = "\r";
pub(crate) const TAB: &str = "\t";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const LEFT: &str = "\x1b[D";
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";
pub(crate) const CTRL_L: &str = "\x0c";
pub(crate) const CTRL_R: &str = "\x12";
pub(crate) const BACKSPACE: &str = "\x7f";

/// The prompt with the sandbox's key.
pub(crate) const PROMPT: &str = "[...a32a1fe9]>";

/// Columns and rows, those of an untouched terminal window.
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;
const SCROLLBACK: usize = 10_000;
/// What is awaited comes within this, or never. Generous, for machines that do much else.
const PATIENCE: Duration = Duration::from_secs(30);
/// With this the line editor tells the terminal that it begins to read a line.
const READING: &[u8] = b"\x1b[?2004h";

/// A terminal with the program in it. The program is ended with the value.
pub(crate) struct Terminal {
    process: UnixProcess,
    keyboard: PtyStream,
    output: Receiver<Vec<u8>>,
    screen: Parser,
    columns: u16,
    _world: Arc<TempDir>,
    /// Every byte that the program wrote.
    pub(crate) raw: Vec<u8>,
    /// How many times it has begun to read a line.
    readings: usize,
}

impl Terminal {
    /// Starts a program. Waits for nothing.
    pub(crate) fn open(run: Run) -> Terminal {
        let mut process = {
            let _alone = spawning();
            UnixProcess::spawn_command(run.command).unwrap()
        };
        let keyboard = process.open_stream().unwrap();
        let mut display = process.open_stream().unwrap();
        let (sender, output) = channel();
        // It ends with the program: then the terminal has nobody on its other side.
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = display.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = |count| NonZeroU16::new(count).unwrap();
        let screen = Parser::new(size(ROWS), size(COLUMNS), SCROLLBACK);
        let (raw, readings) = (Vec::new(), 0);
        Terminal { process, keyboard, output, screen, columns: COLUMNS, _world: run.world, raw, readings }
    }

    /// The same at a terminal that shows by itself what is typed, as terminals do unless a program tells them not to.
    /// The pseudo-terminal of these tests does not.
    pub(crate) fn echoing(run: Run) -> Terminal {
        let mut command = Command::new("sh");
        command.env_clear().args(["-c", "stty echo; exec \"$0\" \"$@\""]);
        command.arg(run.command.get_program()).args(run.command.get_args());
        command.envs(run.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(run.command.get_current_dir().unwrap());
        Terminal::open(run.instead(command))
    }

    /// Starts a program that prompts, and waits for its first prompt.
    pub(crate) fn prompt(run: Run) -> Terminal {
        let mut terminal = Terminal::open(run);
        terminal.until("the first prompt", |t| t.readings == 1 && t.at_prompt());
        terminal
    }

    /// A prompt on a simulated account, in a world of its own.
    pub(crate) fn sandbox() -> Terminal {
        Terminal::prompt(World::new().marsh().arg("--sandbox"))
    }

    /// The window gets another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = |count| NonZeroU16::new(count).unwrap();
        self.columns = columns;
        self.screen.screen_mut().set_size(size(rows), size(columns));
        self.process.set_window_size(columns, rows).unwrap();
    }

    /// Puts a text in the way a terminal does when somebody pastes it.
    pub(crate) fn paste(&mut self, text: &str) {
        self.press(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Types a line, waits for the next prompt, and returns what came between the two.
    pub(crate) fn run(&mut self, line: &str) -> String {
        self.press(line);
        self.enter()
    }

    /// Presses Enter, waits for the next prompt, and returns what came between the two.
    pub(crate) fn enter(&mut self) -> String {
        self.after(ENTER)
    }

    /// Presses a key that ends a line, waits for the next prompt, and returns what came between the two.
    pub(crate) fn after(&mut self, key: &str) -> String {
        let (before, readings) = (self.transcript().len(), self.readings);
        self.press(key);
        self.until("the next prompt", |t| t.readings > readings && t.at_prompt());
        let all = self.transcript();
        all.get(before..all.len() - 1).unwrap_or_default().join("\n")
    }

    /// Waits until the line being typed is this one.
    pub(crate) fn typing(&mut self, line: &str) {
        let row = format!("{PROMPT} {line}");
        self.until(&row, |t| t.row() == row.trim_end());
    }

    /// Waits until the screen shows a text.
    pub(crate) fn see(&mut self, text: &str) {
        self.until(text, |t| t.screen.screen().contents().contains(text));
    }

    /// Presses keys, and waits until a text is shown in the row of the cursor or after it. `what` is told if that never comes.
    pub(crate) fn see_after(&mut self, keys: &str, text: &str, what: &str) {
        let before = self.transcript().len().saturating_sub(1);
        self.press(keys);
        let deadline = Instant::now() + PATIENCE;
        while !self.transcript().get(before..).unwrap_or_default().join("\n").contains(text) {
            let goes_on = Instant::now() < deadline && self.take(deadline);
            assert!(goes_on, "{what}: waited in vain for {text:?}:\n{}", self.contents());
        }
    }

    /// Waits until the program has ended, and returns its exit code.
    pub(crate) fn code(&mut self) -> i32 {
        let deadline = Instant::now() + PATIENCE;
        while self.take(deadline) {}
        match self.process.wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            other => panic!("{other:?}\n{}", self.contents()),
        }
    }

    /// The number of the program's process.
    pub(crate) fn process(&self) -> i32 {
        self.process.pid().as_raw()
    }

    /// What the screen shows.
    pub(crate) fn contents(&self) -> String {
        self.screen.screen().contents()
    }

    /// The row with the cursor, up to its last character, without the hint behind the cursor.
    pub(crate) fn row(&self) -> String {
        self.row_and_hint().0
    }

    /// The hint behind the cursor: what is dim there.
    pub(crate) fn hint(&self) -> String {
        self.row_and_hint().1
    }

    fn row_and_hint(&self) -> (String, String) {
        let screen = self.screen.screen();
        let (row, cursor) = screen.cursor_position();
        let dim = |column: &u16| screen.cell(row, *column).is_some_and(|cell| cell.dim());
        let from = (cursor..self.columns).find(dim).unwrap_or(self.columns);
        let part = |from, to: u16| screen.contents_between(row, from, row, to).trim_end().to_owned();
        (part(0, from), part(from, self.columns))
    }

    /// Every line down to the cursor's, with those that have left the screen; wrapped ones in one piece.
    pub(crate) fn transcript(&mut self) -> Vec<String> {
        let (columns, screen) = (self.columns, self.screen.screen_mut());
        let mut rows = Vec::new();
        for offset in (1..=screen.scrollback_len()).rev() {
            screen.set_scrollback(offset);
            rows.push((screen.rows(0, columns).next().unwrap_or_default(), screen.row_wrapped(0)));
        }
        screen.set_scrollback(0);
        let (cursor, _) = screen.cursor_position();
        let visible: Vec<String> = screen.rows(0, columns).take(usize::from(cursor) + 1).collect();
        rows.extend((0..).zip(visible).map(|(at, row)| (row, screen.row_wrapped(at))));
        let (mut lines, mut open) = (Vec::<String>::new(), false);
        for (row, wrapped) in rows {
            match lines.last_mut().filter(|_| open) {
                Some(line) => line.push_str(&row),
                None => lines.push(row),
            }
            open = wrapped;
        }
        lines
    }

    /// Waits until something holds.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Terminal) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(self.take(deadline), "waited for {what:?}, but the program ended:\n{}", self.contents());
            assert!(Instant::now() < deadline, "waited in vain for {what:?}:\n{}", self.contents());
        }
    }

    /// Takes in what the program writes next. False when it has ended.
    fn take(&mut self, deadline: Instant) -> bool {
        match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                let seen = self.raw.len().saturating_sub(READING.len() - 1);
                self.raw.extend_from_slice(&bytes);
                self.readings += self.raw[seen..].windows(READING.len()).filter(|bytes| *bytes == READING).count();
                true
            }
            Err(RecvTimeoutError::Timeout) => panic!("nothing more came:\n{}", self.contents()),
            Err(RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Whether the cursor stands behind a bare prompt.
    pub(crate) fn at_prompt(&self) -> bool {
        let row = self.row();
        row.strip_suffix(" ro>")
            .or(row.strip_suffix(" ro!>"))
            .or(row.strip_suffix('>'))
            .is_some_and(|name| !name.contains(' '))
    }
}
