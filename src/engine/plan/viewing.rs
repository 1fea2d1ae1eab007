//! What a line with a view will do: which calls it makes of each account, and how their results become rows.

use super::options::{self, Options};
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
use registry::{Registry, Source, views};

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
        let (name, typed) = (line.head.text(), line.profile.as_ref().map(Word::text));
        let registry = &planning.accounts.registry;
        let known = registry.view(typed.as_deref(), &name).ok_or_else(|| unknown(registry, &line.head))?;
        let view = known.view.clone();
        let window = Window::of(&view, words.unwrap_or_default(), history::now() / 1000)
            .map_err(|error| refused(error.message, Some(place(line, error.word)), usage(&view)))?;
        let profile = match &typed {
            Some(profile) => profile.clone(),
            None => owner(registry, &name),
        };
        let foreign = (typed.is_none() && profile != registry.here().profile()).then(|| profile.clone());
        if let Some(error) = registry.source(&profile).and_then(|source| lacking(registry, source, &line.head)) {
            return Err(error);
        }
        let rules = planning.accounts.rules(&profile);
        let parts = parts(planning, &view, &profile, options.timeouts(&rules))?;
        let method = view.as_method(false);
        let presentation = match options.only_show() {
            true => None,
            false => {
                let given = Given { method: &method, shapes: &[], terminal: planning.console.out.terminal };
                let filter = planning.filter(&options)?;
                Some(Presentation::of_method(&options.wish, rules.format, filter, given)?)
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
        Ok(Viewing { view, parts, window, options, presentation, foreign })
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

/// The account that a view without one belongs to: the current one, or the only other one that has it.
fn owner(registry: &Registry, name: &str) -> String {
    let mut others = registry.others().filter(|source| source.views().of(name).next().is_some());
    let here = registry.here();
    match (here.views().of(name).next(), others.next(), others.next()) {
        (None, Some(only), None) => only.profile().to_owned(),
        _ => here.profile().to_owned(),
    }
}

/// The error for an account whose provider does not answer a view, or whose entries for it are all wrong.
fn lacking(registry: &Registry, source: &Source, head: &Word) -> Option<CallError> {
    let name = head.text();
    if source.views().of(&name).next().is_some() {
        return None;
    }
    let (profile, title) = (source.profile(), &source.provider().title);
    if let Some((_, fault)) = source.views().wrong().iter().find(|(wrong, _)| *wrong == name) {
        let message = format!("the catalogue of {profile} has an error: {fault}");
        return Some(refused(
            message,
            Some(head.span),
            "correct the catalogue; the other views and all methods can be used",
        ));
    }
    let have: Vec<String> = registry
        .sources()
        .filter(|other| other.views().of(&name).next().is_some())
        .map(|other| format!("{}:{name}", other.profile()))
        .collect();
    let hint = match have.as_slice() {
        [] => "`view` lists the views of each account".to_owned(),
        have => format!("try {}", have.join(" or ")),
    };
    Some(refused(format!("{profile} has no view `{name}`: no method of {title} lists them"), Some(head.span), &hint))
}

/// The error for a name that is no view.
fn unknown(registry: &Registry, head: &Word) -> CallError {
    let name = head.text();
    let names = registry.views().into_iter().map(|known| known.view.name.as_str());
    let near = suggest::phrase(&suggest::nearest(&name, names));
    let hint = near.unwrap_or_else(|| "`view` lists the views".into());
    refused(format!("there is no view `{name}`"), Some(head.span), &hint)
}

/// What may follow the name of a view.
fn usage(view: &View) -> &'static str {
    match &view.time {
        None => "leave it out; `-q` and `--sort` choose and sort rows",
        Some(_) => "write a length of time such as 60d, or `since 2026-01`, or `until 2026-12-31`",
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

fn refused(message: String, span: Option<model::Span>, hint: &str) -> CallError {
    CallError::Usage { message, span, hint: Some(hint.to_owned()) }
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
