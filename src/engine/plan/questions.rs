//! Required parameters that a line does not give. The user is asked for them, or they are reported as missing.

use std::sync::atomic::Ordering;

use super::parameter;
use super::planning::Planning;
use crate::bind::{self, BindError, Faults, Sources};
use crate::engine::plan::sources::Known;
use crate::engine::state::console::{Console, Look, Person, Wanted};
use crate::engine::state::error::CallError;
use lang::{self, Item, Line, Piece, Word};
use model::{Diagnostic, Method, Param, Parents, Redactor, Sought, Span, Value, parents};

/// A value that a person gave when asked.
pub(crate) struct Answer {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// As it was typed; nothing of a secret, which is asked for again.
    pub(crate) typed: Option<String>,
}

/// A line with the answers in it, as it can be typed. Secrets are left out.
pub(crate) fn completed(line: &Line, answers: &[Answer]) -> String {
    let mut line = line.clone();
    for Answer { name, typed, .. } in answers {
        let Some(typed) = typed else { continue };
        // A leading type is one in a line too; all else is text.
        let tagged = typed.starts_with('(').then(|| lang::parse(&format!("x {name} {typed}")).ok()?.pop()).flatten();
        match tagged.filter(|read| read.items.len() == 2 && read.options.is_empty() && read.redirect.is_none()) {
            Some(read) => line.items.extend(read.items),
            None => line.items.extend([name, typed].map(|text| item(text))),
        }
    }
    line.to_string()
}

/// A word of a line; quotes are added where it needs them.
fn item(text: &str) -> Item {
    let plain = lang::written(text) == text;
    Item {
        tag: None,
        word: Word { pieces: vec![Piece { text: text.to_owned(), quoted: !plain }], span: Span::default() },
    }
}

/// Asks the user for the values of the missing parameters. Returns the faults unchanged if something else is wrong too,
/// or if nobody can be asked.
pub(crate) fn asked(
    planning: &mut Planning<'_>,
    (profile, method): (&str, &Method),
    line: &Line,
    faults: Faults,
) -> Result<Vec<Answer>, CallError> {
    let Planning { console, sources, memory, accounts, .. } = planning;
    let names: Option<Vec<String>> = faults.only_missing().map(|names| names.map(str::to_owned).collect());
    let Some(names) = names else { return Err(faults.into()) };
    // The person is taken only now, and put back below: otherwise nobody could be asked in later lines.
    let Some(mut person) = console.person.take() else { return Err(faults.into()) };
    console.note(&format!("{} needs these values (Ctrl-C cancels):", method.name));
    let mut sources = Known::of(&mut **sources, memory, None);
    let look = |sought: Sought<'_>| accounts.remembered(profile, sought);
    let (redactor, of) = (&accounts.redactor, (method, &look as &Look<'_>));
    let within = parents(method, given(line).iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut asker = Asker { console, person: &mut *person, sources: &mut sources, redactor, of, within };
    let params = names.iter().filter_map(|name| method.param(name));
    let answers =
        params.map(|param| asker.ask(param).transpose()).map_while(|answer| answer).collect::<Result<Vec<_>, _>>();
    console.person = Some(person);
    let answers = answers?;
    if answers.len() < names.len() {
        planning.interrupted.store(true, Ordering::Relaxed);
        let (message, span) = ("cancelled".to_owned(), Some(line.head.span));
        return Err(CallError::Blocked { message, span, hint: None });
    }
    Ok(answers)
}

/// The values of a line that were typed as they are, each with its name.
fn given(line: &Line) -> Vec<(String, String)> {
    let items = line.items.chunks_exact(2).filter_map(|pair| pair.first().zip(pair.last()));
    let typed = items.map(|(name, value)| (name.word.text(), value.word.text()));
    typed.filter(|(_, value)| !value.starts_with('$')).collect()
}

/// An answer as it was typed, if it may be kept, and as the value that it is.
type Read = (Option<String>, Result<Value, BindError>);

struct Asker<'a> {
    console: &'a mut Console,
    person: &'a mut dyn Person,
    sources: &'a mut dyn Sources,
    redactor: &'a Redactor,
    /// The method, and what was seen in its account.
    of: (&'a Method, &'a Look<'a>),
    /// What the line and the answers so far name.
    within: Vec<Parents>,
}

impl Asker<'_> {
    /// Asks until the answer is valid; `None` if the question is cancelled.
    fn ask(&mut self, param: &Param) -> Result<Option<Answer>, CallError> {
        self.console.note(&format!("  {}", parameter::describe(param)));
        loop {
            match self.answer(param)? {
                None => return Ok(None),
                Some((typed, Ok(value))) => {
                    let text = matches!(value, Value::Text(_) | Value::Int(_)).then(|| value.plain());
                    let given = text.iter().map(|text| (param.name.as_str(), text.as_str()));
                    self.within.extend(parents(self.of.0, given));
                    return Ok(Some(Answer { name: param.name.clone(), value, typed }));
                }
                Some((_, Err(error))) => {
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    self.console.note(&self.redactor.own(&format!("  {error}{hint}")));
                }
            }
        }
    }

    /// One answer, if there is one. Enter alone is not an answer; `(string)''` is an empty text.
    fn answer(&mut self, param: &Param) -> Result<Option<Read>, CallError> {
        let question = format!("{}: ", param.name);
        loop {
            if param.secret {
                match self.person.secret(&question).map_err(CallError::Output)? {
                    Some(secret) if secret.length() == 0 => {}
                    answer => return Ok(answer.map(|secret| (None, bind::secret_answer(param, secret)))),
                }
            } else {
                let ((method, look), within) = (self.of, &self.within);
                let look = |sought: Sought<'_>| look(Sought { within, ..sought });
                let wanted = Wanted { method: &method.name, param, look: &look };
                match self.person.value(&question, wanted).map_err(CallError::Output)? {
                    Some(text) if text.trim().is_empty() => {}
                    Some(text) => {
                        let value = bind::answer(param, &text, self.sources);
                        return Ok(Some((Some(text.trim().to_owned()), value)));
                    }
                    None => return Ok(None),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completed_line_can_be_typed_and_has_no_secret() {
        let line = lang::parse("work:a.b x 1 -o json | f").unwrap().remove(0);
        let answer = |name: &str, typed: Option<&str>| Answer {
            name: name.into(),
            value: Value::Null,
            typed: typed.map(str::to_owned),
        };
        let answers = [
            answer("n", Some("two words")),
            answer("m", Some("(int)5")),
            answer("p", None),
            answer("q", Some("| x")),
            answer("r", Some("$5")),
        ];
        let text = completed(&line, &answers);
        assert_eq!(text, "work:a.b x 1 n 'two words' m (int)5 q '| x' r '$5' --output json | f");
        assert_eq!(lang::parse(&text).unwrap()[0].pairs().unwrap().len(), 5);
    }
}
