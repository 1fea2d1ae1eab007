//! Where a result goes: opened before anything is sent, and written to once there is a result.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use crate::engine::deliver::delivery::Delivery;
use crate::engine::deliver::filter::Filter;
use crate::engine::deliver::presentation::Presentation;
use crate::engine::deliver::rescue;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::kept::Kept;
use crate::engine::state::settings::{Manner, Settings};
use crate::render::{self, Format, Guide, Note, View, sanitize};
use crate::signals;
use crate::sink::{CommandSink, FileSink, Mode, Program, SinkError};
use lang::{Redirect, RedirectKind};
use model::{Call, Effect, Value};

/// The place of a result.
pub(crate) enum Place {
    /// Standard output.
    Stdout,
    /// A file, already opened.
    File(FileSink, PathBuf),
    /// A command that was found, started once there is a result for it.
    Command(Program),
}

/// A place and a form.
pub(crate) struct Output {
    pub(crate) place: Place,
    /// The form that the result has in that place.
    pub(crate) view: View,
    /// What the result goes through first.
    pub(crate) filter: Option<Filter>,
    /// The method or the file says that the provider's bytes are meant, and nobody else.
    implied: bool,
    /// The field of the result whose bytes are meant.
    document: Option<String>,
    /// A result that is a picture is shown as one.
    pictured: bool,
    /// What a person at a prompt is shown of a stored result; nothing in a batch.
    echo: Option<Format>,
    /// The line chooses the format, and what it shows is shown as it is.
    chosen: bool,
    /// What is said above the result.
    pub(crate) heading: Option<String>,
}

impl Output {
    /// Opens the place of a result in that form. A file whose content may hold a secret is for its owner alone.
    pub(crate) fn open(
        presentation: Presentation,
        redirect: Option<&Redirect>,
        (settings, manner): (&Settings, Manner),
        private: bool,
    ) -> Result<Output, CallError> {
        let Presentation { mut view, filter, implied, document, pictured, mut usual, chosen, open } = presentation;
        if open && !implied && manner == Manner::Prompt && settings.named {
            usual = Format::Auto;
            if redirect.is_none() {
                view.format = Format::Auto;
            }
        }
        let place = match redirect {
            None if settings.stdout_closed => return Err(CallError::NoOutput),
            None => Place::Stdout,
            Some(redirect) => open_place(&redirect.kind, private, settings)
                .map_err(|error| CallError::Place { error, span: redirect.span })?,
        };
        // What is a picture in a file is a chart on the screen.
        let usual = if view.format == Format::Svg { Format::Chart } else { usual };
        let echo = (manner == Manner::Prompt).then_some(usual);
        Ok(Output { place, view, filter, implied, document, pictured, echo, chosen, heading: None })
    }

    /// The file that it is, as the journal names it.
    pub(crate) fn file(&self) -> Option<String> {
        match &self.place {
            Place::File(_, path) => Some(std::path::absolute(path).as_deref().unwrap_or(path).display().to_string()),
            Place::Stdout | Place::Command(_) => None,
        }
    }

    /// Whether its form depends on what the catalogue says about fields.
    pub(crate) fn uses_guide(&self) -> bool {
        matches!(self.view.format, Format::Table | Format::Record | Format::Auto | Format::Csv | Format::Tsv)
    }

    /// With what is known of the result beforehand.
    pub(crate) fn guided(mut self, guide: Guide) -> Output {
        self.view.guide = guide;
        self
    }

    /// Whether moments must have the common form, however the provider spells them: something compares them, or a person
    /// reads them.
    pub(crate) fn needs_common(&self) -> bool {
        self.filter.is_some() || self.view.arranges() || !self.view.format.is_document()
    }

    /// The bytes that are meant, if the result holds them.
    pub(crate) fn bytes_of<'v>(&self, values: &'v [Value]) -> Option<&'v [u8]> {
        match (&self.document, values) {
            (Some(field), [result]) => match result.get(field)? {
                Value::Bytes(bytes) => Some(bytes),
                _ => None,
            },
            _ => None,
        }
    }

    /// What shows the picture that is the result, where a screen can show it.
    pub(crate) fn picture(&self, console: &Console, values: &[Value]) -> Option<String> {
        let screen = self.pictured && self.reaches_terminal(console) && console.out.colour;
        let bytes = render::picture_in(values).filter(|_| screen)?;
        let ability = console.ability.unless_sixel(|| console.window.sixel.as_ref().is_some_and(|asks| asks()));
        render::picture(bytes, ability, (console.width, console.height))
    }

    /// The place and the form, when the result goes unfiltered to one that nobody watches, in a form that needs no more
    /// than a piece of it at a time. With `alone`, no other line can use the result; else only a file gets it while it
    /// comes. What a change answers is not to be lost with a place that fails: it is taken whole first.
    pub(crate) fn unwatched(
        mut self,
        effect: Effect,
        console: &Console,
        alone: bool,
    ) -> Result<(Place, View), Box<Output>> {
        if self.passes(effect, console, alone) { Ok((self.place, self.view)) } else { Err(Box::new(self)) }
    }

    /// Whether that is so. What nobody watches is JSON where its format is open.
    pub(crate) fn passes(&mut self, effect: Effect, console: &Console, alone: bool) -> bool {
        let watched = self.echo.is_some() || self.reaches_terminal(console);
        let plain = self.filter.is_none() && self.document.is_none() && self.heading.is_none();
        let for_good = alone || matches!(self.place, Place::File(..));
        if self.view.format == Format::Auto && !watched {
            self.view.format = Format::Json;
        }
        effect == Effect::Read && self.view.streams() && plain && for_good && !watched
    }

    /// Whether a list is shown to a person as a table of all its rows, in the order in which they come.
    pub(crate) fn is_plain_table(&self, console: &Console) -> bool {
        let table = matches!(self.view.format, Format::Auto | Format::Table) && self.view.sort.is_empty();
        table && self.reaches_terminal(console) && self.filter.is_none() && self.document.is_none()
    }

    /// The form that a table has on the screen.
    pub(crate) fn on_screen(&self, console: &Console) -> View {
        View { format: Format::Table, ..on_stream(console, self.view.clone()) }
    }

    /// Whether the line asks for the provider's own bytes, whatever they are.
    pub(crate) fn wants_bytes(&self) -> bool {
        self.view.format == Format::Raw && !self.implied
    }

    /// Whether the provider's own bytes go into a file that nobody watches.
    pub(crate) fn takes_bytes(&self) -> bool {
        self.view.format == Format::Raw && matches!(self.place, Place::File(..)) && self.echo.is_none()
    }

    /// Whether bytes in the result are named on this screen rather than shown.
    pub(crate) fn names_bytes(&self, console: &Console) -> bool {
        self.reaches_terminal(console) && !self.chosen && self.view.format != Format::Raw
    }

    /// Whether a person will see the result on this screen.
    pub(crate) fn reaches_terminal(&self, console: &Console) -> bool {
        console.out.terminal && matches!(self.place, Place::Stdout)
    }

    /// Whether a secret is among what standard output shows of results.
    pub(crate) fn shows_secrets(&self, console: &Console, shown: &[Value]) -> bool {
        render::shows_secrets(shown, &on_stream(console, self.view.clone()))
    }

    /// The reader of a result may stop in the middle: then Ctrl-C ends a process that has nothing else to do. A command
    /// gets it by itself.
    fn writing(&self) -> signals::Delivering {
        signals::delivering(self.echo.is_none() && !matches!(self.place, Place::Command(_)))
    }

    /// Writes a value to its place. `shown` is the value as a person may see it.
    pub(crate) fn write(self, console: &mut Console, value: &Value, shown: &Value) -> Result<(), CallError> {
        self.write_all(console, std::slice::from_ref(value), std::slice::from_ref(shown))
    }

    /// Writes all that a filter made of a result to its place. `shown` is the same as a person may see it.
    pub(crate) fn write_all(self, console: &mut Console, values: &[Value], shown: &[Value]) -> Result<(), CallError> {
        let _writing = self.writing();
        let notes = match self.place {
            Place::Stdout => show(console, shown, self.view)?,
            Place::File(mut sink, path) => {
                let notes = render::render_all(values, &self.view, &mut sink).map_err(CallError::unwritten)?;
                sink.commit()?;
                if let Some(format) = self.echo {
                    show_cut(console, shown, View { format, ..self.view })?;
                    piped(console, &path);
                }
                notes
            }
            Place::Command(program) => {
                let mut sink = CommandSink::start(program)?;
                let notes = render::render_all(values, &self.view, &mut sink).map_err(CallError::unwritten)?;
                sink.finish()?;
                notes
            }
        };
        notes.iter().for_each(|note| console.note(&note.to_string()));
        Ok(())
    }

    /// Shows the provider's own bytes although they are no result, where they were asked for: nothing else may tell what
    /// the error is about. A file keeps what it has, as after any call that failed. What a change was answered cannot be
    /// had again: where it is not shown, it is kept. Gives the error back.
    pub(crate) fn copy_failure(
        self,
        delivery: &mut Delivery<'_>,
        call: &Call,
        bytes: &[u8],
        error: CallError,
    ) -> CallError {
        let wanted = self.wants_bytes();
        let into_file = matches!(self.place, Place::File(..));
        if bytes.is_empty() {
            return error;
        }
        if error.is_unread_answer_to_a_change() && (into_file || !wanted) {
            if let Kept::At(path) = rescue::keep(delivery, &call.method.name, bytes, false) {
                delivery
                    .console
                    .note(&format!("note: the answer is saved in {}, readable only by you", path.display()));
            }
        } else if wanted && into_file {
            delivery.console.note("note: nothing was stored; without a file, -o raw shows what came");
        } else if wanted {
            // An error is no place for a key that is told back in it, in whatever form it is shown.
            let text = String::from_utf8_lossy(bytes);
            let clean = delivery.accounts.redactor.apply(&text);
            let _ = self.copy(delivery.console, if clean == text { bytes } else { clean.as_bytes() });
        }
        error
    }

    /// Copies the provider's own bytes to their place.
    pub(crate) fn copy(self, console: &mut Console, mut body: impl BufRead) -> Result<(), CallError> {
        let _writing = self.writing();
        match self.place {
            Place::Stdout => show_bytes(console, body),
            Place::File(mut sink, path) => {
                io::copy(&mut body, &mut sink).map_err(CallError::Output)?;
                sink.commit()?;
                if self.echo.is_some() {
                    piped(console, &path);
                }
                Ok(())
            }
            Place::Command(program) => {
                let mut sink = CommandSink::start(program)?;
                io::copy(&mut body, &mut sink).map_err(CallError::Output)?;
                Ok(sink.finish()?)
            }
        }
    }
}

fn open_place(kind: &RedirectKind, private: bool, settings: &Settings) -> Result<Place, SinkError> {
    if let RedirectKind::Command(command) = kind {
        return Ok(Place::Command(CommandSink::check(command, &settings.search_path)?));
    }
    let Some((path, mode)) = file_of(kind, settings) else { return Ok(Place::Stdout) };
    let sink = FileSink::open(&path, mode, private)?;
    Ok(Place::File(sink, path))
}

/// The file that a result goes into, and what happens to one that is there.
pub(crate) fn file_of(kind: &RedirectKind, settings: &Settings) -> Option<(PathBuf, Mode)> {
    let (word, mode) = match kind {
        RedirectKind::Command(_) => return None,
        RedirectKind::Pipe(word) => (word, Mode::Replace),
        RedirectKind::Force(word) => (word, Mode::Force),
        RedirectKind::Write(word) => (word, Mode::New),
        RedirectKind::Append(word) => (word, Mode::Append),
    };
    Some((settings.home.expand(Path::new(&word.text())), mode))
}

fn piped(console: &mut Console, path: &Path) {
    console.note(&format!("(result piped to {})", path.display()));
}

/// The provider's bytes; on a terminal, nothing in them may drive it.
fn show_bytes(console: &mut Console, mut body: impl BufRead) -> Result<(), CallError> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes).map_err(CallError::Output)?;
    if console.out.terminal {
        let text = String::from_utf8_lossy(&bytes);
        return console.result(&sanitize::for_terminal(&text)).map_err(CallError::Output);
    }
    let out = &mut console.out.to;
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(CallError::Output)
}

/// Writes a result to standard output while it is rendered: its text may be much larger than itself.
fn show(console: &mut Console, values: &[Value], view: View) -> Result<Vec<Note>, CallError> {
    let stream = &mut console.out;
    if stream.terminal && view.format == Format::Raw {
        let mut bytes = Vec::new();
        let notes = render::render_all(values, &view, &mut bytes).map_err(CallError::unwritten)?;
        console.result(&sanitize::for_terminal(&String::from_utf8_lossy(&bytes))).map_err(CallError::Output)?;
        return Ok(notes);
    }
    let view = on_stream(console, view);
    render::render_all(values, &view, &mut *console.out.to).map_err(CallError::unwritten)
}

/// A view as standard output takes it.
fn on_stream(console: &Console, view: View) -> View {
    let stream = &console.out;
    // A table that goes through a pipe is as wide as the user says.
    let piped = console.window.piped.filter(|_| view.format == Format::Table);
    let width = if stream.terminal { Some(console.columns()) } else { piped };
    View { style: stream.style(), width, ability: console.ability, ..view }
}

/// What was stored, cut to a screenful: the file has it all.
fn show_cut(console: &mut Console, values: &[Value], view: View) -> Result<(), CallError> {
    let view = on_stream(console, view);
    let mut top = Top { room: console.height.saturating_sub(4).max(4), lines: 0, kept: Vec::new(), open: false };
    render::render_all(values, &view, &mut top).map_err(CallError::unwritten)?;
    let text = String::from_utf8_lossy(&top.kept);
    let raw = console.out.terminal && view.format == Format::Raw;
    console.result(&if raw { sanitize::for_terminal(&text) } else { text }).map_err(CallError::Output)?;
    let rest = (top.lines + usize::from(top.open)).saturating_sub(top.room);
    if rest > 0 {
        let lines = if rest == 1 { "line" } else { "lines" };
        console.note(&format!("… {rest} more {lines}"));
    }
    Ok(())
}

/// Keeps so many lines of what is written, and counts all.
struct Top {
    room: usize,
    /// Those that have ended.
    lines: usize,
    kept: Vec<u8>,
    /// Another one has begun.
    open: bool,
}

impl Write for Top {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.lines < self.room {
                self.kept.extend_from_slice(line);
            }
            self.open = !line.ends_with(b"\n");
            self.lines += usize::from(!self.open);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_kept_and_the_rest_counted() {
        for piece in [1, 3, 100] {
            for (text, kept, lines) in
                [("a\nb\n", "a\nb\n", 2), ("a\nbb\nccc\nd", "a\nbb\n", 4), ("a\nbb", "a\nbb", 2), ("", "", 0)]
            {
                let mut top = Top { room: 2, lines: 0, kept: Vec::new(), open: false };
                text.as_bytes().chunks(piece).for_each(|piece| top.write_all(piece).unwrap());
                let all = top.lines + usize::from(top.open);
                assert_eq!((String::from_utf8(top.kept).unwrap().as_str(), all), (kept, lines), "{text:?} by {piece}");
            }
        }
    }
}
