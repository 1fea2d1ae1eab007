//! `login`, `add`, `doctor`: the commands of the program that make sense at the prompt too.

use super::result::{Ahead, Reply};
use crate::engine::accounts::account::AccountParts;
use crate::engine::accounts::outside::Outside;
use crate::engine::accounts::roster::Accounts;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use lang::{Line, Word};

/// `login [PROVIDER]`: the new account can be used at once. It becomes the current one if it is the first.
pub(super) fn login(
    outside: Option<&dyn Outside>,
    accounts: &mut Accounts,
    console: &mut Console,
    line: &Line,
) -> Result<Reply, CallError> {
    if console.person.is_none() {
        return Err(nobody(line));
    }
    let Some(outside) = outside else { return Err(elsewhere(line)) };
    let parts = outside.login(word(line).as_deref())?;
    taken_in(parts, accounts, console)
}

/// `add NAME URL`: the same for any service.
pub(super) fn add(
    outside: Option<&dyn Outside>,
    accounts: &mut Accounts,
    console: &mut Console,
    line: &Line,
) -> Result<Reply, CallError> {
    let (name, url) = named(line)?;
    let Some(outside) = outside else { return Err(elsewhere(line)) };
    let parts = outside.add(&name, &url)?;
    taken_in(parts, accounts, console)
}

/// The name and the address of a service that is to be added.
pub(super) fn named(line: &Line) -> Result<(String, String), CallError> {
    match line.items.as_slice() {
        [name, url] => Ok((name.word.text(), url.word.text())),
        _ => Err(CallError::Usage {
            message: "`add` needs a name and an address".into(),
            span: Some(line.head.span),
            hint: Some("add NAME URL".into()),
        }),
    }
}

fn taken_in(parts: AccountParts, accounts: &mut Accounts, console: &mut Console) -> Result<Reply, CallError> {
    let name = parts.profile.clone();
    accounts.take_in(parts)?;
    let here = accounts.registry.here().profile();
    console.note(&match here == name {
        true => format!("{name} is the current account"),
        false => format!("the current account is still {here}; `use {name}` switches to the new one"),
    });
    Ok(Reply::Done)
}

/// The same before it is done: a script has nobody who could answer.
pub(super) fn foresee_login(console: &Console, line: &Line) -> Result<Ahead, CallError> {
    if console.person.is_none() { Err(nobody(line)) } else { Ok(Ahead::Nothing) }
}

/// `doctor [PROFILE]`
pub(super) fn doctor(outside: Option<&dyn Outside>, line: &Line) -> Result<Reply, CallError> {
    let Some(outside) = outside else { return Err(elsewhere(line)) };
    let (text, data) = outside.doctor(word(line).as_deref())?;
    Ok(Reply::Either(crate::render::sanitize::for_terminal(&text).into_owned(), data))
}

fn word(line: &Line) -> Option<String> {
    line.items.first().map(|item| Word::text(&item.word))
}

fn nobody(line: &Line) -> CallError {
    let hint = Some("`marsh login` takes flags too: `marsh login --help`".to_owned());
    CallError::Blocked {
        message: "`login` asks questions, and nobody can answer here".into(),
        span: Some(line.head.span),
        hint,
    }
}

fn elsewhere(line: &Line) -> CallError {
    let hint = Some("start marsh without --sandbox".to_owned());
    CallError::Blocked { message: "the simulated accounts need no key".into(), span: Some(line.head.span), hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Diagnostic;

    #[test]
    fn without_a_person_or_outside_of_the_sandbox_nothing_is_set_up() {
        let line = lang::parse("login own").unwrap().remove(0);
        assert_eq!(word(&line).as_deref(), Some("own"));
        assert_eq!(named(&lang::parse("add a http://h").unwrap()[0]).unwrap(), ("a".into(), "http://h".into()));
        assert!(named(&line).is_err_and(|error| error.hint().as_deref() == Some("add NAME URL")));
        assert_eq!(nobody(&line).to_string(), "`login` asks questions, and nobody can answer here");
        assert!(doctor(None, &line).is_err_and(|error| error.to_string().contains("need no key")));
    }
}
