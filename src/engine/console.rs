//! The two streams of the process, and what is known of them. Results go to one, everything else to the other.

use std::io::{self, Write};

use crate::model::{Diagnostic, Secret};
use crate::render::{self, Style, sanitize, text};

/// One stream.
pub struct Stream {
    /// Where the bytes go.
    pub to: Box<dyn Write>,
    /// A person reads it.
    pub terminal: bool,
    /// Colours are wanted.
    pub colour: bool,
}

impl Stream {
    /// A stream that no person reads.
    pub fn plain(to: Box<dyn Write>) -> Stream {
        Stream { to, terminal: false, colour: false }
    }

    /// How results are to look on it.
    pub fn style(&self) -> Style {
        Style { colour: self.colour, terminal: self.terminal }
    }
}

/// Somebody who can be asked. An answer of `None` means that the question was taken back: Ctrl-C, or no more input.
pub trait Person {
    /// One line.
    fn line(&mut self, question: &str) -> io::Result<Option<String>>;
    /// One line that is not shown while it is typed.
    fn secret(&mut self, question: &str) -> io::Result<Option<Secret>>;
}

/// Standard output and standard error, and who sits at the terminal.
pub struct Console {
    /// Results only.
    pub out: Stream,
    /// Everything else.
    pub err: Stream,
    /// Who can be asked; nobody unless somebody can both read the question and type.
    pub person: Option<Box<dyn Person>>,
    /// Columns of the screen.
    pub width: usize,
    /// Rows of the screen.
    pub height: usize,
}

impl Console {
    /// Writes a result. Whoever reads may leave at any time; the caller decides what that means.
    pub fn result(&mut self, text: &str) -> io::Result<()> {
        self.out.to.write_all(text.as_bytes())?;
        self.out.to.flush()
    }

    /// Writes a line that is no result. That it cannot be written is no reason to stop.
    pub fn note(&mut self, text: &str) {
        let mut text = sanitize::for_terminal(text);
        if self.err.terminal {
            text = folded(&text, self.width).into();
        }
        let _ = writeln!(self.err.to, "{text}").and_then(|()| self.err.to.flush());
    }

    /// Writes an error with the line it lies in. Nothing in them may be secret any more.
    pub fn report(&mut self, error: &dyn Diagnostic, line: &str) {
        let report = render::report(error, Some(line), self.err.style());
        let _ = self.err.to.write_all(report.as_bytes()).and_then(|()| self.err.to.flush());
    }
}

/// Text in which no line goes over the width of the screen, broken at blanks and moved in like the line it is of.
fn folded(text: &str, width: usize) -> String {
    let fold = |line: &str| {
        if text::width(line) <= width {
            return line.to_owned();
        }
        let words = line.trim_start();
        let lead = text::blanks(line.len() - words.len());
        text::wrap_after(&lead, words, width, lead.len() + 2)
    };
    text.split('\n').map(fold).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_broken_between_words_and_only_where_it_must_be() {
        assert_eq!(folded("note: a few words", 20), "note: a few words");
        assert_eq!(folded("note: no room for the columns", 20), "note: no room for\n  the columns");
        assert_eq!(folded("a  b\n  price  so much for so little", 24), "a  b\n  price  so much for so\n    little");
    }
}
