//! The progress of something that takes a while: one line that is redrawn on a terminal, plain lines elsewhere.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::engine::state::console::Console;
use crate::render::{sanitize, text};
use model::{Redactor, period};

/// The width of the bar.
const BAR: i64 = 20;
/// On plain lines, "no change" is reported after so long without a line.
const QUIET: Duration = Duration::from_secs(30);

/// The progress of one piece of work. On a terminal, nothing of it remains.
pub(crate) struct Progress {
    what: String,
    started: Instant,
    /// The line is redrawn in place.
    live: bool,
    bar: String,
    /// The last text, and when it was shown.
    shown: String,
    at: Instant,
}

impl Progress {
    /// Nothing is shown yet. On a terminal without colours, lines are not redrawn either.
    pub(crate) fn of(what: String, console: &Console) -> Progress {
        let now = Instant::now();
        Progress {
            what,
            started: now,
            live: console.err.terminal && console.err.colour,
            bar: String::new(),
            shown: String::new(),
            at: now,
        }
    }

    /// Whether a clock is running on the screen.
    pub(crate) fn is_live(&self) -> bool {
        self.live
    }

    /// Shows the state, in the provider's words, and the progress in per cent.
    pub(crate) fn show(&mut self, console: &mut Console, redactor: &Redactor, words: &str, percent: Option<i64>) {
        let words = redactor.foreign(words).replace('\n', " ");
        if self.live {
            (self.shown, self.bar) = (words, percent.map(bar).unwrap_or_default());
            return self.tick(console);
        }
        let said = percent.map_or_else(|| words.clone(), |percent| format!("{words}, {percent} %"));
        let after = match said == self.shown {
            true if self.at.elapsed() < QUIET => return,
            true => format!(", after {}", self.elapsed()),
            false => String::new(),
        };
        console.note(&format!("{}: {said}{after}", redactor.apply(&self.what)));
        (self.shown, self.at) = (said, Instant::now());
    }

    /// The time so far, in whole seconds.
    fn elapsed(&self) -> String {
        period::words(Duration::from_secs(self.started.elapsed().as_secs()))
    }

    /// Updates the clock.
    pub(crate) fn tick(&self, console: &mut Console) {
        if self.live && !self.shown.is_empty() {
            // What may be cut off comes last.
            let line = format!("{}{} · {}", self.bar, self.elapsed(), self.shown);
            let line = sanitize::for_terminal(&line);
            draw(console, &text::cut_end(&line, console.width.saturating_sub(1)));
        }
    }

    /// Removes the line, and shows none from here on.
    pub(crate) fn silence(&mut self, console: &mut Console) {
        self.end(console);
        self.live = false;
    }

    /// Removes the line for something else that is shown; the next state brings it back.
    pub(crate) fn clear(&mut self, console: &mut Console) {
        if self.live && !self.shown.is_empty() {
            self.shown.clear();
            draw(console, "");
        }
    }

    /// Removes the line.
    pub(crate) fn end(&mut self, console: &mut Console) {
        if self.live {
            draw(console, "");
        }
    }
}

/// Replaces the line that the cursor is on. If this fails, the call continues.
fn draw(console: &mut Console, line: &str) {
    overwrite(&mut *console.err.to, line);
}

/// The same on any stream.
pub fn overwrite(to: &mut dyn Write, line: &str) {
    let _ = write!(to, "\r\x1b[2K{line}").and_then(|()| to.flush());
}

/// `[#######.............]  37 %  `
fn bar(percent: i64) -> String {
    let done = usize::try_from(percent.clamp(0, 100) * BAR / 100).unwrap_or_default();
    let open = usize::try_from(BAR).unwrap_or_default() - done;
    format!("[{}{}] {percent:3} %  ", "#".repeat(done), ".".repeat(open))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io;
    use std::rc::Rc;

    use super::*;
    use crate::engine::state::console::Stream;

    #[derive(Clone, Default)]
    struct Page(Rc<RefCell<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn shown(terminal: bool, colour: bool, words: &[(&str, Option<i64>)]) -> String {
        let page = Page::default();
        let err = Stream { to: Box::new(page.clone()), terminal, colour };
        let out = Stream::plain(Box::new(io::sink()));
        let mut console = Console {
            out,
            err,
            person: None,
            width: 40,
            height: 24,
            window: Default::default(),
            ability: Default::default(),
        };
        let mut progress = Progress::of("a.b 1".into(), &console);
        for (words, percent) in words {
            progress.show(&mut console, &Redactor::default(), words, *percent);
        }
        progress.end(&mut console);
        String::from_utf8(page.0.take()).unwrap()
    }

    #[test]
    fn a_terminal_is_drawn_on_and_left_clean() {
        let text = shown(true, true, &[("BUSY\x1b[31m", None), ("BUSY, step 2 of 4 with a long long name", Some(37))]);
        let frames: Vec<&str> = text.split("\r\x1b[2K").collect();
        assert!(
            matches!(frames[..], ["", first, second, ""] if first.starts_with("0 s · BUSY") && !first.contains('\x1b')
            && second.starts_with("[#######.............]  37 %  0 s · BU") && second.chars().count() < 40),
            "{frames:?}"
        );
    }

    #[test]
    fn elsewhere_only_what_changes_is_said() {
        let words = [("A", None), ("A", None), ("B\nnote: x", Some(5)), ("B\nnote: x", Some(5)), ("B", Some(6))];
        for (terminal, colour) in [(false, false), (true, false)] {
            assert_eq!(shown(terminal, colour, &words), "a.b 1: A\na.b 1: B note: x, 5 %\na.b 1: B, 6 %\n");
        }
    }
}
