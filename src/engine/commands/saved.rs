//! `save`, `forget`, and the lines that are saved under a name.

use std::sync::Arc;

use super::result::Reply;
use crate::engine::accounts::roster::Accounts;
use crate::engine::run::privacy::Privacy;
use crate::engine::run::script::{Running, Script};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::text;
use lang::{Line, OptionId, Variable, Word};
use model::{Map, Method, Span, Value};
use registry::Registry;

const USAGE: &str = "write save NAME LINE, such as save zones dns.zone_list -o table; $1, $2 and $@ in it are values given after the name";

/// What a line of `save` asks for.
pub(super) enum Asked {
    /// All saved lines of the account.
    List,
    /// One of them.
    Show(Arc<Method>),
    /// A new one, or one in place of an older one.
    Save { name: String, text: String },
}

/// Reads a line of `save`. Nothing is saved that calls nothing, or that has a secret in it.
pub(super) fn asked(privacy: Privacy<'_>, line: &Line) -> Result<Asked, CallError> {
    let Some(first) = line.items.first() else { return Ok(Asked::List) };
    let (name, span) = (first.word.text(), first.word.span);
    if line.items.len() == 1 && line.redirect.is_none() {
        return known(privacy.registry, &first.word).map(Asked::Show);
    }
    free_name(privacy.registry, &name, span)?;
    let text = text_of(line)?;
    let at = line.items.get(1).map_or(span, |item| item.word.span);
    let refused = |message: String, hint: &str| CallError::Usage { message, span: Some(at), hint: Some(hint.into()) };
    let lines = lang::parse(&text).map_err(|error| refused(format!("the line cannot be saved: {error}"), USAGE))?;
    let [saved] = lines.as_slice() else {
        return Err(refused(
            "one line can be saved, and no more".into(),
            "write several lines into a file, and `run` it",
        ));
    };
    let profile = saved.profile.as_ref().map(Word::text);
    if saved.raw.is_none() && !privacy.registry.knows(profile.as_deref(), &saved.head.text()) {
        let message = format!("`{}` is neither a method nor a command, so the line was not saved", saved.head.text());
        return Err(refused(message, "`search WORDS` finds methods"));
    }
    if privacy.secret_places(&text).is_none_or(|places| !places.is_empty()) {
        let message = "there is, or may be, a secret in the line, so it was not saved".into();
        return Err(refused(message, "write $1 in its place to give it each time, or leave it out: marsh asks for it"));
    }
    Ok(Asked::Save { name, text })
}

/// Does what a line of `save` asks for.
pub(super) fn save(accounts: &mut Accounts, console: &mut Console, asked: Asked) -> Result<Reply, CallError> {
    let (name, text) = match asked {
        Asked::List => return Ok(list(&accounts.registry)),
        Asked::Show(method) => return Ok(Reply::Either(format!("{}\n", method.summary), row(&method))),
        Asked::Save { name, text } => (name, text),
    };
    let before = accounts.registry.here().saved(&name).map(|method| method.summary.clone());
    let lasts = accounts.save_line(&name, Some(&text))?;
    if let Some(before) = before.filter(|before| *before != text) {
        console.note(&format!("{name} was: {before}"));
    }
    let profile = accounts.registry.here().profile();
    let until = if lasts { "" } else { ", until the end of this session" };
    console.note(&format!("{name} is saved for {profile}{until}: {text}"));
    Ok(Reply::Done)
}

/// `forget NAME`
pub(super) fn forget(accounts: &mut Accounts, console: &mut Console, line: &Line) -> Result<Reply, CallError> {
    let method = known(&accounts.registry, forgotten(line)?)?;
    accounts.save_line(&method.name, None)?;
    console.note(&format!("{} is forgotten; it was: {}", method.name, method.summary));
    Ok(Reply::Done)
}

/// The name that a line of `forget` has.
pub(super) fn forgotten(line: &Line) -> Result<&Word, CallError> {
    let none = || CallError::Usage {
        message: "`forget` needs the name of a saved line".into(),
        span: Some(line.head.span),
        hint: Some("`save` lists them".into()),
    };
    line.items.first().map(|item| &item.word).ok_or_else(none)
}

/// The script that a saved line is, with values for its holes. Of the options only --yes is for the script as a whole.
pub(super) fn script(
    method: &Method,
    line: &Line,
    values: Vec<String>,
    running: &[Running],
) -> Result<Script, CallError> {
    let option = line.options.iter().find(|given| given.option.id != OptionId::Yes);
    let option = option.map(|given| (format!("--{}", given.option.long), given.span));
    let file = line.redirect.as_ref().map(|redirect| ("where the result goes".to_owned(), redirect.span));
    if let Some((what, span)) = option.or(file) {
        return Err(CallError::Usage {
            message: format!("{what} belongs into the line that is saved as `{}`", method.name),
            span: Some(span),
            hint: Some(format!("it is: {}; `save {} LINE` replaces it", method.summary, method.name)),
        });
    }
    let account = line.profile.as_ref().map(Word::text);
    Script::saved(method, account, (values, &line.items), (running, line.head.span))
}

/// The saved lines of the current account.
fn list(registry: &Registry) -> Reply {
    let saved: Vec<&Method> = registry.here().saved_lines().collect();
    let rows: Vec<(String, String)> =
        saved.iter().map(|method| (method.name.clone(), method.summary.clone())).collect();
    let shown = match rows.is_empty() {
        true => format!("(no line is saved for {}; save NAME LINE saves one)\n", registry.here().profile()),
        false => text::columns(&rows, usize::MAX, 0),
    };
    Reply::Either(shown, Value::List(saved.into_iter().map(row).collect()))
}

fn row(method: &Method) -> Value {
    let mut row = Map::new();
    row.insert("name", method.name.as_str());
    row.insert("line", method.summary.as_str());
    Value::Map(row)
}

fn known(registry: &Registry, word: &Word) -> Result<Arc<Method>, CallError> {
    let here = registry.here();
    here.saved(&word.text()).ok_or_else(|| CallError::Usage {
        message: format!("no line is saved as `{}` for {}", word.text(), here.profile()),
        span: Some(word.span),
        hint: Some("`save` lists the saved lines; save NAME LINE saves one".into()),
    })
}

/// Refuses a name that means something already, or that cannot be the beginning of a line.
fn free_name(registry: &Registry, name: &str, span: Span) -> Result<(), CallError> {
    let refused =
        |message: String| Err(CallError::Usage { message, span: Some(span), hint: Some("choose another name".into()) });
    if !Variable::is_name(name) {
        return refused(format!("`{name}` cannot be the name of a line: a name has letters, digits, - and _ only"));
    }
    if registry.is_command(name) {
        return refused(format!("`{name}` is a command"));
    }
    match registry.has(name) {
        true => refused(format!("`{name}` is a method")),
        false => Ok(()),
    }
}

/// The line after the name. A single quoted word with a blank in it is the line itself: so another shell can pass it on.
fn text_of(line: &Line) -> Result<String, CallError> {
    let whole = match line.items.get(1..) {
        Some([only]) if only.tag.is_none() && line.options.is_empty() && line.redirect.is_none() => {
            Some(only.word.text())
        }
        _ => None,
    };
    if let Some(whole) = whole.filter(|whole| whole.contains(char::is_whitespace)) {
        return Ok(whole.trim().to_owned());
    }
    let none = || CallError::Usage {
        message: "there is no line after the name".into(),
        span: Some(line.span),
        hint: Some(USAGE.into()),
    };
    line.rest(1).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::run::privacy::Typed;
    use crate::engine::state::memory::Memory;
    use model::Redactor;
    use registry::catalog::Catalog;
    use registry::{Source, embedded};

    fn registry() -> Registry {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        let commands = ["save", "help"].map(|name| Method { name: name.into(), ..Method::default() });
        Registry::new(Source::new("here", catalog), commands.to_vec())
    }

    /// What is saved, or why nothing is.
    fn saved(text: &str) -> Result<String, String> {
        let registry = registry();
        let (redactor, memory, typed) = (Redactor::default(), Memory::default(), Typed::default());
        let privacy =
            Privacy { registry: &registry, redactor: &redactor, memory: &memory, typed: &typed, arguments: &[] };
        let line = lang::parse(text).unwrap().remove(0);
        match asked(privacy, &line).map_err(|error| error.to_string())? {
            Asked::Save { name, text } => Ok(format!("{name}: {text}")),
            Asked::Show(_) | Asked::List => Ok(String::new()),
        }
    }

    #[test]
    fn a_line_is_saved_as_it_was_meant() {
        for (text, kept) in [
            ("save", ""),
            ("save z service.list -o table | f", "z: service.list --output table | f"),
            ("save z here:service.info name $1", "z: here:service.info name $1"),
            ("save z 'service.info name $1 -q \".name\"'", "z: service.info name $1 -q \".name\""),
            ("save off memshell.disable name $1 password $2", "off: memshell.disable name $1 password $2"),
            ("save z call a.b n v", "z: call a.b n v"),
            ("save z help", "z: help"),
        ] {
            assert_eq!(saved(text).as_deref(), Ok(kept), "{text}");
        }
        for (text, message) in [
            ("save help service.list", "is a command"),
            ("save service.list service.info", "cannot be the name of a line"),
            ("save z nothing.such", "neither a method nor a command"),
            ("save z 'service.list; help'", "one line can be saved"),
            ("save z memshell.disable name a password hunter22", "a secret in the line"),
            ("save z 'memshell.disable name a password hunter22'", "a secret in the line"),
            ("save z | f", "no line after the name"),
        ] {
            let error = saved(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
