//! A script: lines that are read and judged as a whole before the first of them runs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bind::{BindError, Faults, Sources};
use crate::engine::run::arguments;
use crate::engine::state::error::CallError;
use lang::{self, Item, Word};
use model::{Home, Method, Span};

/// How deep scripts may run each other.
const DEEPEST: usize = 16;

/// The text of a script and where it came from.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its name in errors: its path as it was typed, or `stdin`.
    pub name: String,
    /// Its lines.
    pub text: String,
    /// What fills the holes in them.
    pub(crate) arguments: Vec<String>,
    /// The file, with all links followed.
    file: Option<PathBuf>,
    /// The account that is the current one while they run, if another one is otherwise.
    pub(crate) account: Option<String>,
}

/// A script whose lines are running.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    file: Option<PathBuf>,
    /// What fills the holes in its lines.
    pub(crate) arguments: Vec<String>,
}

impl Running {
    /// A script that begins to run.
    pub(crate) fn of(script: &Script) -> Running {
        Running { name: script.name.clone(), file: script.file.clone(), arguments: script.arguments.clone() }
    }

    /// The same, for an error of a script that has run.
    pub(crate) fn over(script: &Script) -> Running {
        Running { file: None, ..Running::of(script) }
    }

    /// The name of the script, with the number of the line at a position of its text.
    pub(crate) fn place(&self, text: &str, at: usize) -> String {
        let before = text.get(..text.floor_char_boundary(at)).unwrap_or("");
        format!("{}:{}", self.name, line_number(before))
    }
}

/// The number of the line that begins after this text.
pub(crate) fn line_number(before: &str) -> usize {
    before.matches('\n').count() + 1
}

impl Script {
    /// The lines that stand on standard input, with the arguments after it.
    pub fn of_stdin(text: String, arguments: Vec<String>) -> Result<Script, CallError> {
        Script { name: "stdin".into(), text, arguments, file: None, account: None }.checked(&[])
    }

    /// A line that is saved under a name, for an account if that is named, with the values for it and the words that give
    /// them. `at` is where the name is.
    pub(crate) fn saved(
        method: &Method,
        account: Option<String>,
        (arguments, items): (Vec<String>, &[Item]),
        (running, at): (&[Running], Span),
    ) -> Result<Script, CallError> {
        let name = method.name.clone();
        if running.iter().any(|other| other.file.is_none() && other.name == name) {
            return Err(CallError::usage(format!("{name} is running already and would never end"), Some(at)));
        }
        let text = method.example.clone().unwrap_or_default();
        Script { name, text, arguments, file: None, account }.checked(items)
    }

    /// The same if it uses all of its arguments, which the words of a line give.
    fn checked(self, items: &[Item]) -> Result<Script, CallError> {
        if !self.arguments.is_empty()
            && let Ok(lines) = lang::parse_all(&self.text)
        {
            arguments::refuse_unused(&self.name, &lines, &self.arguments, items)?;
        }
        Ok(self)
    }

    /// The lines of the file that a word names, or of standard input for `-`, with arguments that are given by words
    /// after that.
    pub(crate) fn read(
        (word, items): (&Word, &[Item]),
        arguments: Vec<String>,
        sources: &mut dyn Sources,
        home: &Home,
        running: &[Running],
    ) -> Result<Script, CallError> {
        let name = word.text();
        let (name, bytes, file) = match name.as_str() {
            "-" => ("stdin".to_owned(), sources.stdin(), None),
            _ => (name.clone(), sources.file(&name), fs::canonicalize(home.expand(Path::new(&name))).ok()),
        };
        let unreadable = |cause| Faults::from(BindError::Source { place: name.clone(), cause, span: word.span });
        let text = String::from_utf8(bytes.map_err(&unreadable)?).map_err(|error| {
            let good = String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or(&[]));
            unreadable(format!("line {} is not UTF-8 text", line_number(&good)))
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let round = running.iter().any(|other| other.file.is_some() && other.file == file);
        if round {
            return Err(CallError::usage(format!("{name} is running already and would never end"), Some(word.span)));
        }
        if running.len() >= DEEPEST {
            return Err(CallError::usage(format!("scripts run each other {DEEPEST} deep at most"), Some(word.span)));
        }
        Script { name, text, arguments, file, account: None }.checked(items)
    }
}
