//! The floor of a prompt: the line editor that marsh uses, with names to complete, and nothing else.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};

/// The argument that makes this program the floor of a prompt.
pub(crate) const BARE: &str = "--bare-prompt";
/// What it shows when it is ready.
pub(crate) const PROMPT: &str = "bare> ";

/// Reads lines until the input ends, with 150 names to complete.
pub(crate) fn run() -> rustyline::Result<()> {
    let mut editor: Editor<Names, rustyline::history::MemHistory> = Editor::with_history(
        Config::builder().completion_type(CompletionType::List).build(),
        rustyline::history::MemHistory::new(),
    )?;
    editor.set_helper(Some(Names((0..150).map(|at| format!("group{}.method{at}", at / 10)).collect())));
    while editor.readline(PROMPT).is_ok() {}
    Ok(())
}

struct Names(Vec<String>);

impl Helper for Names {}
impl Highlighter for Names {}
impl Validator for Names {}
impl Hinter for Names {
    type Hint = String;
}

impl Completer for Names {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or(line);
        Ok((0, self.0.iter().filter(|name| name.starts_with(typed)).cloned().collect()))
    }
}
