//! Required parameters that a line does not give: asked for where somebody can answer, told otherwise.

use std::sync::atomic::Ordering;

use super::parameter;
use super::planning::Planning;
use crate::bind::{self, BindError, Faults, Sources};
use crate::engine::plan::sources::Known;
use crate::engine::state::console::{Console, Person};
use crate::engine::state::error::CallError;
use model::{Diagnostic, Method, Param, Redactor, Span, Value};

/// The values of the parameters that are missing, as a person gives them. The faults themselves come back when
/// something else is wrong too, or when nobody can be asked.
pub(crate) fn asked(
    planning: &mut Planning<'_>,
    method: &Method,
    head: Span,
    faults: Faults,
) -> Result<Vec<(String, Value)>, CallError> {
    let Planning { console, sources, memory, accounts, .. } = planning;
    let names: Option<Vec<String>> = faults.only_missing().map(|names| names.map(str::to_owned).collect());
    let Some(names) = names else { return Err(faults.into()) };
    // Only now: who takes the person and goes away leaves nobody for the questions of later lines.
    let Some(mut person) = console.person.take() else { return Err(faults.into()) };
    console.note(&format!("{} needs these values (Ctrl-C cancels):", method.name));
    let mut sources = Known::of(&mut **sources, memory, None);
    let mut asker = Asker { console, person: &mut *person, sources: &mut sources, redactor: &accounts.redactor };
    let params = names.iter().filter_map(|name| method.param(name));
    let answers =
        params.map(|param| asker.ask(param).transpose()).map_while(|answer| answer).collect::<Result<Vec<_>, _>>();
    console.person = Some(person);
    let answers = answers?;
    if answers.len() < names.len() {
        planning.interrupted.store(true, Ordering::Relaxed);
        let (message, span) = ("cancelled".to_owned(), Some(head));
        return Err(CallError::Blocked { message, span, hint: None });
    }
    Ok(answers)
}

struct Asker<'a> {
    console: &'a mut Console,
    person: &'a mut dyn Person,
    sources: &'a mut dyn Sources,
    redactor: &'a Redactor,
}

impl Asker<'_> {
    /// Asks until the answer fits; `None` when the question is taken back.
    fn ask(&mut self, param: &Param) -> Result<Option<(String, Value)>, CallError> {
        self.console.note(&format!("  {}", parameter::describe(param)));
        loop {
            match self.answer(param)? {
                None => return Ok(None),
                Some(Ok(value)) => return Ok(Some((param.name.clone(), value))),
                Some(Err(error)) => {
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    self.console.note(&self.redactor.own(&format!("  {error}{hint}")));
                }
            }
        }
    }

    /// One answer, if there is one. Who only presses Enter has not answered; `(string)''` is an empty text.
    fn answer(&mut self, param: &Param) -> Result<Option<Result<Value, BindError>>, CallError> {
        let question = format!("{}: ", param.name);
        loop {
            if param.secret {
                match self.person.secret(&question).map_err(CallError::Output)? {
                    Some(secret) if secret.length() == 0 => {}
                    answer => return Ok(answer.map(|secret| bind::secret_answer(param, secret))),
                }
            } else {
                match self.person.line(&question).map_err(CallError::Output)? {
                    Some(text) if text.trim().is_empty() => {}
                    answer => return Ok(answer.map(|text| bind::answer(param, &text, self.sources))),
                }
            }
        }
    }
}
