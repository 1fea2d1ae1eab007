//! Help while the answer to a question is typed: the values that its parameter can have.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};

use super::listing::listing;
use crate::complete::{self, Candidate};
use crate::engine::console::Wanted;

/// Completes the answer to one question.
pub(super) struct Answers<'a> {
    wanted: Wanted<'a>,
    /// The columns and rows of the screen.
    size: (usize, usize),
}

impl<'a> Answers<'a> {
    pub(super) fn new(wanted: Wanted<'a>, size: (usize, usize)) -> Answers<'a> {
        Answers { wanted, size }
    }
}

impl Helper for Answers<'_> {}

impl Completer for Answers<'_> {
    type Candidate = Candidate;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Candidate>)> {
        let Wanted { method, param, look } = self.wanted;
        let typed = line.get(..cursor).unwrap_or(line);
        Ok((0, listing(complete::answers(typed, (method, param), look), typed, self.size)))
    }
}

impl Hinter for Answers<'_> {
    type Hint = String;
}

impl Highlighter for Answers<'_> {}

impl Validator for Answers<'_> {}

#[cfg(test)]
mod tests {
    use super::super::past::Past;
    use super::*;
    use model::{Param, Remembered, Sought};
    use std::time::Duration;

    #[test]
    fn an_answer_is_completed_from_its_beginning() {
        let param: Param = serde_json::from_str(r#"{"name":"p","type":"string","names":"zone"}"#).unwrap();
        let seen = Remembered { key: "d908".into(), label: "shop".into(), age: Duration::ZERO };
        let look = |sought: Sought<'_>| if sought.kind == "zone" { vec![seen.clone()] } else { Vec::new() };
        let answers = Answers::new(Wanted { method: "m", param: &param, look: &look }, (80, 24));
        let history = Past::of_at_most(0);
        let (start, found) = answers.complete("sh", 2, &Context::new(&history)).unwrap();
        assert_eq!((start, found.len(), found[0].insert.as_str()), (0, 1, "d908 "));
    }
}
