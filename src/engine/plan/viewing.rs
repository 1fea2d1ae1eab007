//! What a line with a view will do: which calls it makes of each account, and how their results become rows.

use super::options::{self, Options};
use super::owners::{self, Owners, refused};
use super::planning::Planning;
use crate::engine::call::exchange::Exchange;
use crate::engine::deliver::presentation::{Given, Presentation};
use crate::engine::state::error::CallError;
use crate::render::Format;
use crate::wire::Timeouts;
use lang::{Item, Line, OptionId, Word};
use model::http::Request;
use model::method::Passing;
use model::view::{ACCOUNT, METHOD, Reader, Window};
use model::{Arguments, Call, Map, Method, Value, View, Viewed, suggest};
use registry::{Registry, views};

/// A view of some accounts, and everything that the line says about it.
pub(crate) struct Viewing {
    pub(crate) view: View,
    pub(crate) parts: Vec<Part>,
    pub(crate) window: Window,
    pub(crate) options: Options,
    /// The form of its result; `None` if the requests are only shown.
    pub(crate) presentation: Option<Presentation>,
    /// An account that the line does not name: it is the only one that has the view.
    pub(crate) foreign: Option<String>,
    /// What is special about a line for several accounts.
    pub(crate) several: Option<Several>,
}

/// The accounts of such a line.
pub(crate) struct Several {
    /// The word that names them.
    pub(crate) word: Word,
    /// Those of them whose provider does not answer the view.
    pub(crate) without: Vec<String>,
    /// What else is to be said about accounts that are not asked.
    pub(crate) notes: Vec<String>,
}

/// One call, and the rows that are read from its result.
pub(crate) struct Part {
    pub(crate) profile: String,
    pub(crate) call: Call,
    pub(crate) readers: Vec<Reader>,
    pub(crate) timeouts: Timeouts,
    /// The request, as far as it is known without asking the service.
    pub(crate) request: Request,
}

impl Viewing {
    /// The plan of a line, or its first error. `words` are those after the name of the view; without them, they are not
    /// known yet.
    pub(crate) fn of(planning: &mut Planning<'_>, line: &Line, words: Option<&[String]>) -> Result<Viewing, CallError> {
        options::refuse_foreign(line, None)?;
        refuse_unsuitable(line)?;
        let options = Options::of_call(line)?;
        let (name, registry) = (line.head.text(), &planning.accounts.registry);
        if known(registry, line).is_none() {
            return Err(unknown(registry, &line.head));
        }
        let owners = owners::of(registry, line, &name)?;
        let view = owners::view(registry, &owners.profiles, &name).ok_or_else(|| unknown(registry, &line.head))?;
        let window = Window::of(&view, words.unwrap_or_default(), history::now() / 1000)
            .map_err(|error| refused(error.message, Some(place(line, error.word)), &usage(&view, line)))?;
        let mut all = Vec::new();
        for profile in &owners.profiles {
            let timeouts = options.timeouts(&planning.accounts.rules(profile));
            all.extend(parts(planning, &view, profile, timeouts)?);
        }
        let format = match (&line.accounts, owners.profiles.as_slice()) {
            (None, [profile]) => planning.accounts.rules(profile).format,
            _ => planning.accounts.rules_here().format,
        };
        let method = view.as_method(line.accounts.is_some());
        let presentation = match options.only_show() {
            true => None,
            false => {
                let given = Given { method: &method, shapes: &[], terminal: planning.console.out.terminal };
                let filter = planning.filter(&options)?;
                Some(Presentation::of_method(&options.wish, format, filter, given)?)
            }
        };
        if let Some(shown) = presentation.as_ref().filter(|shown| shown.view.format == Format::Raw) {
            let span = options.wish.format.map(|(_, span)| span);
            return Err(refused(
                format!("`{name}` is no answer of a provider, so it has no {} form", shown.view.format.name()),
                span,
                "use another format: -o json",
            ));
        }
        let Owners { foreign, without, notes, .. } = owners;
        let several = line.accounts.clone().map(|word| Several { word, without, notes });
        Ok(Viewing { view, parts: all, window, options, presentation, foreign, several })
    }
}

impl Part {
    /// The rows in the result of its call, each with its account and its method.
    pub(crate) fn rows(&self, result: &Value) -> Vec<Map> {
        let mut rows: Vec<Map> = self.readers.iter().flat_map(|reader| reader.rows(result)).collect();
        for row in &mut rows {
            row.insert(ACCOUNT, self.profile.as_str());
            row.insert(METHOD, self.call.method.name.as_str());
        }
        rows
    }
}

/// The calls for a view of an account. Entries that need the same call share it.
fn parts(planning: &mut Planning<'_>, view: &View, profile: &str, timeouts: Timeouts) -> Result<Vec<Part>, CallError> {
    let exchange = Exchange::of(planning.accounts, planning.console, profile, timeouts)?;
    let (source, target) = (exchange.source, &exchange.account.target);
    let mut parts: Vec<Part> = Vec::new();
    for entry in source.views().of(&view.name) {
        let Some(method) = source.method(&entry.method) else { continue };
        let method = method.map_err(registry::resolve::ResolveError::from)?;
        let reader = views::reader(view, entry, &method, source.shapes_of(&method));
        let call = Call { arguments: arguments(&method, entry), method };
        match parts
            .iter_mut()
            .find(|part| part.call.method.name == call.method.name && part.call.arguments == call.arguments)
        {
            Some(part) => part.readers.push(reader),
            None => {
                let request = target.preview(source, &call)?;
                parts.push(Part { profile: profile.to_owned(), call, readers: vec![reader], timeouts, request });
            }
        }
    }
    Ok(parts)
}

/// The values of an entry, as its method takes them.
fn arguments(method: &Method, entry: &Viewed) -> Arguments {
    match method.passing() {
        Passing::Named | Passing::Struct => Arguments::Named(entry.with.clone()),
        Passing::Positional => Arguments::Positional(
            method.params.iter().map_while(|param| entry.with.get(&param.name).cloned()).collect(),
        ),
    }
}

/// The error for a name that is no view.
fn unknown(registry: &Registry, head: &Word) -> CallError {
    let name = head.text();
    let names = registry.views().into_iter().map(|known| known.view.name.as_str());
    let near = suggest::phrase(&suggest::nearest(&name, names));
    let hint = near.unwrap_or_else(|| "`view` lists the views".into());
    refused(format!("there is no view `{name}`"), Some(head.span), &hint)
}

/// The view that a line means by its name.
fn known<'r>(registry: &'r Registry, line: &Line) -> Option<&'r View> {
    let name = line.head.text();
    let known = match (&line.accounts, line.profile.as_ref().map(Word::text)) {
        (Some(accounts), _) => owners::in_accounts(registry, accounts, &name),
        (None, profile) => registry.view(profile.as_deref(), &name),
    };
    known.map(|known| &known.view)
}

/// What may follow the name of a view.
fn usage(view: &View, line: &Line) -> String {
    if let Some(item) = line.items.iter().find(|item| item.tag.is_none() && item.word.names_accounts()) {
        return format!("write the accounts first: {} {}", item.word.text(), view.name);
    }
    match &view.time {
        None => "leave it out; `-q` and `--sort` choose and sort rows".into(),
        Some(_) => "write a length of time such as 60d, or `since 2026-01`, or `until 2026-12-31`".into(),
    }
}

/// Options that would have no effect, although a user who writes them expects one.
fn refuse_unsuitable(line: &Line) -> Result<(), CallError> {
    let unsuitable = [OptionId::Wait, OptionId::NoWait, OptionId::NoCheck, OptionId::Positional, OptionId::Again];
    match line.options.iter().find(|given| unsuitable.contains(&given.option.id)) {
        None => Ok(()),
        Some(given) => Err(refused(
            format!("--{} is for calls, and `{}` is a view", given.option.long, line.head.text()),
            Some(given.span),
            "leave it out",
        )),
    }
}

/// Where a word after the name is; the name itself for one that is missing.
fn place(line: &Line, word: usize) -> model::Span {
    let at = |item: &Item| item.word.span;
    line.items.get(word).or(line.items.last()).map_or(line.head.span, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;
    use crate::engine::run::session::Session;
    use crate::engine::state::console::Console;
    use model::Diagnostic;

    const CATALOG: &str = r#"
        id = "own"
        host = "https://api.example.com"
        auth = { scheme = "none" }
        transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/" }]
        [[method]]
        name = "thing.list"
        effect = "read"
        returns = "list:dict"
        fields = [{ name = "id", type = "int" }, { name = "inner", type = "int" }]
        params = [{ name = "kind", type = "string" }]
        [[view]]
        name = "servers"
        method = "thing.list"
        fields = { id = "id" }
        [[view]]
        name = "servers"
        method = "thing.list"
        fields = { id = "inner" }
        needs = ["id"]
        [[view]]
        name = "servers"
        method = "thing.list"
        with = { kind = "a" }
        fields = { id = "id" }
        [[view]]
        name = "zones"
        method = "no.such"
        fields = { id = "id" }
    "#;

    fn session() -> Session {
        let mut parts =
            fixture::parts(fixture::account("work", CATALOG, "k"), Console::of_notes(Box::new(std::io::sink())));
        parts.others = vec![fixture::account("home", CATALOG, "k")];
        Session::new(parts).unwrap()
    }

    #[test]
    fn entries_that_need_the_same_call_share_it() {
        let mut session = session();
        let line = &lang::parse("home:servers -o json").unwrap()[0];
        let viewing = Viewing::of(&mut session.planning(), line, Some(&[])).unwrap();
        assert_eq!(viewing.parts.iter().map(|part| part.readers.len()).collect::<Vec<_>>(), [2, 1]);
        let result = serde_json::from_str(r#"[{"id":1,"inner":2},{"id":3}]"#).unwrap();
        let rows = viewing.parts[0].rows(&result);
        let ids: Vec<String> = rows.iter().map(|row| row.get("id").unwrap().plain()).collect();
        assert_eq!(ids, ["1", "3", "2"]);
        assert_eq!(rows[0].get(ACCOUNT).unwrap().plain() + &rows[0].get(METHOD).unwrap().plain(), "homething.list");
    }

    #[test]
    fn a_line_that_is_no_view_is_refused() {
        let mut session = session();
        for (text, message) in [
            ("zones", "the catalogue of work has an error: view zones: there is no method no.such"),
            ("keys", "work has no view `keys`: no method of own lists them"),
            ("nothing", "there is no view `nothing`"),
            ("servers -o raw", "has no raw form"),
            ("servers --wait", "--wait is for calls"),
            ("servers --failed", "--failed is an option of `history`"),
        ] {
            let line = &lang::parse(text).unwrap()[0];
            let refused = Viewing::of(&mut session.planning(), line, Some(&[])).err().unwrap();
            assert!(refused.to_string().contains(message) && refused.hint().is_some(), "{text}: {refused}");
        }
        let line = &lang::parse("servers 60d").unwrap()[0];
        let refused = Viewing::of(&mut session.planning(), line, Some(&["60d".to_owned()])).err().unwrap();
        assert_eq!(refused.span(), Some(line.items[0].word.span));
    }
}
