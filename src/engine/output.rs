//! Where a result goes and in what form: decided, and opened, before anything is sent.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use super::console::Console;
use super::error::CallError;
use super::session::{Manner, Session, Settings};
use crate::lang::{Line, RedirectKind};
use crate::model::Value;
use crate::render::{self, Format, Style, sanitize};
use crate::sink::{CommandSink, FileSink, Mode, Program, SinkError};

/// The place of a result.
pub(super) enum Place {
    /// Standard output.
    Stdout,
    /// A file, already opened.
    File(FileSink, PathBuf),
    /// A command that was found, started once there is a result for it.
    Command(Program),
}

/// A place and a form.
pub(super) struct Output {
    pub(super) place: Place,
    pub(super) format: Format,
    /// The line says so, or the name of the file.
    chosen: bool,
    /// What a person at a prompt is shown of a stored result; nothing in a batch.
    echo: Option<Format>,
}

impl Output {
    /// Decides and opens. A file whose content may hold a secret is for its owner alone.
    pub(super) fn open(session: &Session, profile: &str, line: &Line, private: bool) -> Result<Output, CallError> {
        let usual = session.rules(profile).format.unwrap_or_default();
        let asked = asked_format(line)?;
        let (place, by_name) = match &line.redirect {
            None => (Place::Stdout, None),
            Some(redirect) => open_place(&redirect.kind, private, &session.settings)
                .map_err(|error| CallError::Place { error, span: redirect.span })?,
        };
        let echo = (session.manner == Manner::Prompt).then_some(usual);
        let chosen = asked.or(by_name).is_some();
        Ok(Output { place, format: asked.or(by_name).unwrap_or(usual), chosen, echo })
    }

    /// For a document or a picture: it is stored and handed on as the bytes that it is, unless a format was chosen.
    pub(super) fn of_document(mut self, console: &Console) -> Output {
        if !self.chosen && !self.reaches_terminal(console) {
            self.format = Format::Raw;
        }
        self
    }

    /// For a report: a file named after the notation that the provider writes holds the provider's own bytes.
    pub(super) fn of_report(mut self) -> Output {
        if let (Place::File(_, path), false) = (&self.place, self.chosen)
            && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
        {
            self.format = Format::Raw;
        }
        self
    }

    /// The file, when the result goes into one and nobody is to be shown it meanwhile.
    pub(super) fn unwatched_file(self) -> Result<(FileSink, Format), Box<Output>> {
        match (self.place, self.echo) {
            (Place::File(sink, _), None) => Ok((sink, self.format)),
            (place, echo) => Err(Box::new(Output { place, echo, ..self })),
        }
    }

    /// Whether a person will see the result on this screen.
    pub(super) fn reaches_terminal(&self, console: &Console) -> bool {
        console.out.terminal && matches!(self.place, Place::Stdout)
    }

    /// Writes a value to its place. `shown` is the value as a person may see it.
    pub(super) fn write(self, console: &mut Console, value: &Value, shown: &Value) -> Result<(), CallError> {
        match self.place {
            Place::Stdout => show(console, shown, self.format),
            Place::File(mut sink, path) => {
                render::render(value, self.format, Style::default(), &mut sink).map_err(CallError::Output)?;
                sink.commit()?;
                if let Some(format) = self.echo {
                    show_cut(console, shown, format)?;
                    piped(console, &path);
                }
                Ok(())
            }
            Place::Command(program) => {
                let mut sink = CommandSink::start(program)?;
                render::render(value, self.format, Style::default(), &mut sink).map_err(CallError::Output)?;
                Ok(sink.finish()?)
            }
        }
    }

    /// Copies the provider's own bytes to their place.
    pub(super) fn copy(self, console: &mut Console, mut body: impl BufRead) -> Result<(), CallError> {
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

/// The format that the line itself asks for.
pub(super) fn asked_format(line: &Line) -> Result<Option<Format>, CallError> {
    match line.option_value("output") {
        Some(name) => {
            let format = name.text().parse().map_err(|error| CallError::Format { error, span: name.span })?;
            Ok(Some(format))
        }
        None if line.has_option("xml") => Ok(Some(Format::Xml)),
        None => Ok(None),
    }
}

fn open_place(kind: &RedirectKind, private: bool, settings: &Settings) -> Result<(Place, Option<Format>), SinkError> {
    let (word, mode) = match kind {
        RedirectKind::Command(command) => {
            return Ok((Place::Command(CommandSink::check(command, &settings.search_path)?), None));
        }
        RedirectKind::Pipe(word) => (word, Mode::Replace),
        RedirectKind::Force(word) => (word, Mode::Force),
        RedirectKind::Write(word) => (word, Mode::New),
        RedirectKind::Append(word) => (word, Mode::Append),
    };
    let name = word.text();
    let sink = FileSink::open(Path::new(&name), mode, private)?;
    let format = Format::from_file_name(&name);
    Ok((Place::File(sink, name.into()), format))
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

fn show(console: &mut Console, value: &Value, format: Format) -> Result<(), CallError> {
    let mut bytes = Vec::new();
    render::render(value, format, console.out.style(), &mut bytes).map_err(CallError::Output)?;
    match format {
        Format::Raw => show_bytes(console, bytes.as_slice()),
        _ => {
            let out = &mut console.out.to;
            out.write_all(&bytes).and_then(|()| out.flush()).map_err(CallError::Output)
        }
    }
}

/// What was stored, cut to a screenful: the file has it all.
fn show_cut(console: &mut Console, value: &Value, format: Format) -> Result<(), CallError> {
    let mut bytes = Vec::new();
    render::render(value, format, console.out.style(), &mut bytes).map_err(CallError::Output)?;
    let text = String::from_utf8_lossy(&bytes);
    let (lines, room) = (text.lines().count(), console.height.saturating_sub(4).max(4));
    let shown: String = text.split_inclusive('\n').take(room).collect();
    console.result(&shown).map_err(CallError::Output)?;
    if lines > room {
        let rest = lines - room;
        console.note(&format!("… {rest} more {}", if rest == 1 { "line" } else { "lines" }));
    }
    Ok(())
}
