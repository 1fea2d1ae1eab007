//! The terminal as the place of results: what is longer than the screen goes through a pager, and Ctrl-C stops what
//! does not.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::render::{is_drawn_by_terminal, style, text};
use crate::sink::{CommandSink, SinkError};

/// Tells the columns and rows of the screen as they are now.
pub type Size = Rc<dyn Fn() -> (usize, usize)>;

/// The program that shows what is longer than the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    /// The command, as `|!` takes one.
    pub command: String,
    /// The user has named it; the usual one may be missing without a word.
    pub named: bool,
    /// Variables that are set for it.
    pub variables: Vec<(String, String)>,
    /// The search path for it.
    pub search_path: OsString,
}

impl Pager {
    /// Starts it, for a text that comes in pieces. `None` if it cannot be had.
    fn start(&self) -> Option<CommandSink> {
        let program = CommandSink::check(&self.command, &self.search_path).ok()?.with_variables(&self.variables);
        CommandSink::start(program).ok()
    }

    fn show(&self, text: &[u8]) -> Result<(), SinkError> {
        let program = CommandSink::check(&self.command, &self.search_path)?.with_variables(&self.variables);
        let mut sink = CommandSink::start(program)?;
        // What it does not take is not wanted; how it ends is told by `finish`.
        let _ = sink.write_all(text);
        sink.finish()
    }
}

/// Standard output of a session at a terminal. Bytes are gathered until they are flushed, and shown as one piece.
pub struct Screen {
    to: Box<dyn Write>,
    notes: Box<dyn Write>,
    size: Size,
    pager: Option<Pager>,
    interrupted: Arc<AtomicBool>,
    gathered: Vec<u8>,
    /// More is to come of what is flushed.
    more: Rc<Cell<bool>>,
    /// What is shown comes in pieces, and the first has come.
    begun: bool,
    /// The pager that shows them.
    running: Option<CommandSink>,
}

impl Screen {
    /// Shows on `to`, and says on `notes` what else there is to say. `interrupted` is set when Ctrl-C is pressed.
    pub fn new(
        to: Box<dyn Write>,
        notes: Box<dyn Write>,
        size: Size,
        pager: Option<Pager>,
        interrupted: Arc<AtomicBool>,
    ) -> Screen {
        let (more, begun, running) = (Rc::default(), false, None);
        Screen { to, notes, size, pager, interrupted, gathered: Vec::new(), more, begun, running }
    }

    /// The same for a text that may come in pieces: `more` is set while there are further ones.
    pub fn followed(self, more: Rc<Cell<bool>>) -> Screen {
        Screen { more, ..self }
    }

    /// Shows a piece. Those that go through a pager do so from the first; it is waited for after the last. The reader is
    /// gone when the pager has been left before that.
    fn piece(&mut self, shown: &[u8]) -> io::Result<()> {
        let more = self.more.get();
        if !self.begun {
            self.interrupted.store(false, Ordering::Relaxed);
            self.running = self.pager.as_ref().and_then(Pager::start);
        }
        self.begun = more;
        let Some(pager) = &mut self.running else { return self.write_out(shown) };
        pager.write_all(shown)?;
        pager.flush()?;
        if more && !pager.is_closed() {
            return Ok(());
        }
        let gone = more && pager.is_closed();
        // How it ends is its own affair: what it showed has been seen.
        let _ = self.running.take().map(CommandSink::finish);
        self.interrupted.store(false, Ordering::Relaxed);
        if gone { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }

    fn note(&mut self, text: &str) {
        let _ = writeln!(self.notes, "{text}").and_then(|()| self.notes.flush());
    }

    /// Whether a pager has shown it. One that cannot be had is told once, and is not tried again.
    fn paged(&mut self, shown: &[u8]) -> bool {
        let (width, height) = (self.size)();
        let Some(pager) = &self.pager else { return false };
        // A picture has no lines.
        if is_drawn_by_terminal(shown) || !is_longer(&String::from_utf8_lossy(shown), width, height) {
            return false;
        }
        let done = pager.show(shown);
        // Ctrl-C in the pager was for the pager.
        self.interrupted.store(false, Ordering::Relaxed);
        let Err(error) = done else { return true };
        let named = self.pager.take().is_some_and(|pager| pager.named);
        if named {
            self.note(&format!("note: no pager: {error}"));
        }
        matches!(error, SinkError::Ended { .. })
    }

    /// Writes line by line, so that a user who has seen enough can stop it.
    fn write_out(&mut self, shown: &[u8]) -> io::Result<()> {
        let mut lines = shown.split_inclusive(|byte| *byte == b'\n');
        while let Some(line) = lines.next() {
            if self.interrupted.load(Ordering::Relaxed) {
                self.to.flush()?;
                let left = lines.count() + 1;
                let left = if left == 1 { "1 more line".into() } else { format!("{left} more lines") };
                self.note(&format!("\nnote: stopped before {left}"));
                return Ok(());
            }
            self.to.write_all(line)?;
        }
        self.to.flush()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let shown = mem::take(&mut self.gathered);
        if self.more.get() || self.begun {
            return self.piece(&shown);
        }
        // What Ctrl-C was pressed for before is over.
        self.interrupted.store(false, Ordering::Relaxed);
        if self.paged(&shown) { Ok(()) } else { self.write_out(&shown) }
    }
}

/// Whether a text takes more rows than are left beside its heading and the next prompt.
fn is_longer(shown: &str, width: usize, height: usize) -> bool {
    let room = height.saturating_sub(2).max(1);
    let mut rows = 0;
    shown.lines().any(|line| {
        rows += text::width(&style::unpainted(line)).div_ceil(width.max(1)).max(1);
        rows > room
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn rows_are_counted_as_the_terminal_wraps_them() {
        let long = "x".repeat(80);
        let coloured = format!("\x1b[1;94m{long}\x1b[0m\n").repeat(8);
        for (shown, longer) in [
            (String::new(), false),
            ("a\n".repeat(8), false),
            ("a\n".repeat(9), true),
            ("\n".repeat(9), true),
            (format!("{long}\n").repeat(8), false),
            (format!("{long}x\n").repeat(4), false),
            (format!("{long}x\n").repeat(5), true),
            (format!("{}\n", "東".repeat(41)).repeat(5), true),
            (coloured, false),
        ] {
            assert_eq!(is_longer(&shown, 80, 10), longer, "{shown}");
        }
    }

    /// A stream that can be looked at.
    #[derive(Clone, Default)]
    struct Seen(Rc<RefCell<Vec<u8>>>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seen {
        fn text(&self) -> String {
            String::from_utf8(self.0.take()).unwrap()
        }
    }

    fn screen(command: &str, named: bool) -> (Screen, Seen, Seen) {
        let (out, notes) = (Seen::default(), Seen::default());
        let pager =
            Pager { command: command.into(), named, variables: Vec::new(), search_path: "/usr/bin:/bin".into() };
        let to = Box::new(out.clone());
        let screen = Screen::new(to, Box::new(notes.clone()), Rc::new(|| (80, 5)), Some(pager), Arc::default());
        (screen, out, notes)
    }

    #[test]
    fn only_what_is_longer_than_the_screen_is_paged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paged");
        let (mut screen, out, notes) = screen(&format!("sh -c 'cat >\"$0\"' {}", path.display()), true);
        screen.write_all(b"1\n2\n").unwrap();
        screen.write_all(b"3\n").unwrap();
        screen.flush().unwrap();
        assert_eq!((out.text().as_str(), path.exists()), ("1\n2\n3\n", false));
        screen.write_all(b"1\n2\n3\n4\n").unwrap();
        screen.flush().unwrap();
        assert_eq!((out.text(), notes.text()), (String::new(), String::new()));
        assert_eq!(std::fs::read_to_string(path).unwrap(), "1\n2\n3\n4\n");
    }

    #[test]
    fn a_pager_that_cannot_be_had_costs_a_note_and_nothing_of_the_result() {
        for (command, named, told) in
            [("no-such-pager", true, "no pager: cannot find"), ("", true, "no pager"), ("no-such-pager", false, "")]
        {
            let (mut screen, out, notes) = screen(command, named);
            for turn in 0..2 {
                screen.write_all(b"1\n2\n3\n4\n").unwrap();
                screen.flush().unwrap();
                let notes = notes.text();
                assert_eq!(out.text(), "1\n2\n3\n4\n", "{command}");
                assert!(if turn == 0 { notes.contains(told) } else { notes.is_empty() }, "{notes}");
            }
        }
    }

    #[test]
    fn pieces_go_through_one_pager_which_may_be_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paged");
        let more = Rc::new(Cell::new(true));
        let (screen, out, _) = screen(&format!("sh -c 'cat >\"$0\"' {}", path.display()), true);
        let mut screen = screen.followed(Rc::clone(&more));
        for (piece, last) in [("1\n", false), ("2\n", false), ("3\n", true)] {
            more.set(!last);
            screen.write_all(piece.as_bytes()).unwrap();
            screen.flush().unwrap();
        }
        assert_eq!((out.text().as_str(), std::fs::read_to_string(path).unwrap().as_str()), ("", "1\n2\n3\n"));
        // Afterwards a short text needs no pager.
        screen.write_all(b"4\n").unwrap();
        screen.flush().unwrap();
        assert_eq!(out.text(), "4\n");

        let (screen, _, _) = self::screen("true", true);
        let mut screen = screen.followed(Rc::clone(&more));
        more.set(true);
        let left = (0..1000).find_map(|_| {
            screen.write_all(&[b'x'; 70_000]).unwrap();
            screen.flush().err()
        });
        assert_eq!(left.map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
    }

    #[test]
    fn pieces_are_shown_at_once_where_there_is_no_pager() {
        let more = Rc::new(Cell::new(true));
        let (screen, out, _) = screen("no-such-pager", false);
        let mut screen = screen.followed(Rc::clone(&more));
        for last in [false, true] {
            more.set(!last);
            screen.write_all(b"1\n2\n3\n4\n").unwrap();
            screen.flush().unwrap();
            assert_eq!(out.text(), "1\n2\n3\n4\n");
        }
    }

    /// Has Ctrl-C pressed below it when it has taken a line.
    struct Pressed(Seen, Arc<AtomicBool>);

    impl Write for Pressed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.store(true, Ordering::Relaxed);
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn ctrl_c_stops_what_is_shown_and_that_is_said() {
        for (text, shown, note) in [
            ("1\n2\n3\n", "1\n", "\nnote: stopped before 2 more lines\n"),
            ("1\n2", "1\n", "\nnote: stopped before 1 more line\n"),
            ("1\n", "1\n", ""),
        ] {
            let (mut screen, out, notes) = screen("cat", true);
            screen.pager = None;
            // An earlier one is over.
            screen.interrupted.store(true, Ordering::Relaxed);
            screen.to = Box::new(Pressed(out.clone(), Arc::clone(&screen.interrupted)));
            screen.write_all(text.as_bytes()).unwrap();
            screen.flush().unwrap();
            assert_eq!((out.text().as_str(), notes.text().as_str()), (shown, note));
        }
    }
}
