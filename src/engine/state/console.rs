//! The two streams of the process, and their properties. Results go to one, everything else to the other.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use crate::render::{self, Ability, Style, sanitize};
use model::{Diagnostic, Param, Remembered, Secret, Sought};

/// How a remark begins, which may quote a server.
const NOTE: &str = "note: ";
/// The indent of the later lines of a note.
const HANGING: usize = 2;

/// One stream.
pub struct Stream {
    /// Where the bytes go.
    pub to: Box<dyn Write>,
    /// A person reads it.
    pub terminal: bool,
    /// Colours are used.
    pub colour: bool,
}

impl Stream {
    /// A stream that no person reads.
    pub fn plain(to: Box<dyn Write>) -> Stream {
        Stream { to, terminal: false, colour: false }
    }

    /// The style of results on it.
    pub fn style(&self) -> Style {
        Style { colour: self.colour, terminal: self.terminal }
    }
}

/// Looks up values that were seen in an account.
pub type Look<'a> = dyn Fn(Sought<'_>) -> Vec<Remembered> + 'a;

/// What an answer is for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The method that is to be called.
    pub method: &'a str,
    /// The parameter whose value is asked for.
    pub param: &'a Param,
    /// What was seen in the account.
    pub look: &'a Look<'a>,
}

/// A person who can be asked. `None` as an answer means that the question was cancelled: Ctrl-C, or no more input.
pub trait Person {
    /// One line.
    fn line(&mut self, question: &str) -> io::Result<Option<String>>;
    /// One line of which only the beginning of a yes or a no is shown while it is typed.
    fn yes_or_no(&mut self, question: &str) -> io::Result<Option<String>> {
        self.line(question)
    }
    /// One line with the value of a parameter, which can be completed.
    fn value(&mut self, question: &str, _: Wanted<'_>) -> io::Result<Option<String>> {
        self.line(question)
    }
    /// One line that is not shown while it is typed.
    fn secret(&mut self, question: &str) -> io::Result<Option<Secret>>;
}

/// Whether an answer is yes, in one letter or three.
pub fn is_yes(answer: &str) -> bool {
    ["y", "yes"].iter().any(|yes| answer.trim().eq_ignore_ascii_case(yes))
}

/// Whether an answer is no, in one letter or two.
pub fn is_no(answer: &str) -> bool {
    ["n", "no"].iter().any(|no| answer.trim().eq_ignore_ascii_case(no))
}

/// Standard output, standard error, and the person at the terminal.
pub struct Console {
    /// Results only.
    pub out: Stream,
    /// Everything else.
    pub err: Stream,
    /// The person who can be asked; `None` unless somebody can both read the question and type.
    pub person: Option<Box<dyn Person>>,
    /// Columns of the screen.
    pub width: usize,
    /// Rows of the screen.
    pub height: usize,
    /// What is known of the widths of where results go.
    pub window: Window,
    /// What the screen can show.
    pub ability: Ability,
}

/// What is found out of the screen when something is written.
#[derive(Clone, Default)]
pub struct Window {
    /// Returns the present columns and rows of the screen; `None` if they never change.
    pub size: Option<Rc<dyn Fn() -> (usize, usize)>>,
    /// The width of tables that go through a pipe; `None` if they have no limit.
    pub piped: Option<usize>,
    /// Asks the terminal whether it shows sixels; `None` if there is nobody to answer.
    pub sixel: Option<Rc<dyn Fn() -> bool>>,
    /// More of what is flushed to the screen is to come.
    pub more: Rc<Cell<bool>>,
}

impl Console {
    /// A console that nobody sees and that shows no results: its notes go to this writer, one with each flush.
    pub(crate) fn of_notes(to: Box<dyn Write>) -> Console {
        Console {
            out: Stream::plain(Box::new(io::sink())),
            err: Stream::plain(to),
            person: None,
            width: 80,
            height: 24,
            window: Window::default(),
            ability: Ability::default(),
        }
    }

    /// The columns of the screen as it is now.
    pub fn columns(&self) -> usize {
        self.window.size.as_ref().map_or(self.width, |size| size().0)
    }

    /// Writes a result. The reader may close the pipe at any time; the caller decides what that means.
    pub fn result(&mut self, text: &str) -> io::Result<()> {
        self.out.to.write_all(text.as_bytes())?;
        self.out.to.flush()
    }

    /// Writes a text that is not a result, wrapped on a terminal. If it cannot be written, the program continues.
    pub fn note(&mut self, text: &str) {
        let text = if text.starts_with(NOTE) { render::text::remark(text) } else { text.into() };
        let text = sanitize::for_terminal(&render::text::own(&text)).into_owned();
        if !self.err.terminal {
            return self.whole(&text);
        }
        let wrapped: Vec<String> = text.split('\n').map(|line| self.wrapped(line)).collect();
        self.whole(&wrapped.join("\n"));
    }

    /// A line wrapped for the screen: the rest is aligned with the second of two columns, or indented.
    fn wrapped(&self, line: &str) -> String {
        let width = self.columns();
        let margin = line.len() - line.trim_start().len();
        let column = line.get(margin..).and_then(|rest| {
            let gap = rest.find("  ").filter(|_| margin > 0)?;
            let words = rest.get(gap..)?.trim_start();
            let column = render::text::width(line.strip_suffix(words)?);
            // A long word, such as an id, is not broken by the terminal if that can be avoided.
            let longest = render::text::longest_word(words);
            let fits = |column: usize| column + longest <= width;
            (fits(column) || !fits(margin + HANGING)).then_some(column)
        });
        let hanging = column.filter(|column| *column <= width / 2).unwrap_or(margin + HANGING);
        render::text::wrap(line, width, hanging)
    }

    /// Writes one line for programs, without wrapping.
    pub fn whole(&mut self, text: &str) {
        let text = sanitize::for_terminal(text);
        let _ = writeln!(self.err.to, "{text}").and_then(|()| self.err.to.flush());
    }

    /// Writes an error with its line. They must not contain any secrets.
    pub fn report(&mut self, error: &dyn Diagnostic, line: &str) {
        let report = render::report(error, Some(line), self.err.style());
        let _ = self.err.to.write_all(report.as_bytes()).and_then(|()| self.err.to.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_wrapped_on_a_terminal_alone() {
        for (note, shown) in [
            ("note: no room for the columns a, b", "note: no room for the\n  columns a, b"),
            ("  price  about 5.00 EUR a month", "  price  about 5.00 EUR a\n         month"),
            ("  1  a file\n  2  a command of one's own", "  1  a file\n  2  a command of one's\n     own"),
            ("short", "short"),
            ("  id    0123456789abcdef012", "  id\n    0123456789abcdef012"),
            ("  id    0123456789abcdef01234", "  id\n        0123456789abcdef01234"),
        ] {
            for terminal in [true, false] {
                let (paper, mut kept) = (tempfile::NamedTempFile::new().unwrap(), String::new());
                let err = Stream { to: Box::new(paper.reopen().unwrap()), terminal, colour: false };
                let out = Stream::plain(Box::new(io::sink()));
                Console {
                    out,
                    err,
                    person: None,
                    width: 24,
                    height: 24,
                    window: Window::default(),
                    ability: Ability::default(),
                }
                .note(note);
                io::Read::read_to_string(&mut paper.reopen().unwrap(), &mut kept).unwrap();
                assert_eq!(kept, format!("{}\n", if terminal { shown } else { note }));
            }
        }
    }
}
