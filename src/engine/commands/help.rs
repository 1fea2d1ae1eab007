//! `help`: the overview, a topic, an account's methods, and one method with what the provider says of it.

use super::page::Page;
use super::result::{Ahead, Reply};
use super::topics::{self, owned};
use super::views;
use super::words;
use crate::engine::accounts::introspection::Asking;
use crate::engine::accounts::lists::Need;
use crate::engine::accounts::roster::Accounts;
use crate::engine::plan::lookup::unless_unlisted;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::render::text;
use lang::{Line, OPTIONS, OptionDef, Raw, Word};
use model::introspection::Dialect;
use model::{Diagnostic, Method, suggest};
use registry::group::{self, Group};
use registry::introspect;
use registry::resolve::{ResolveError, Resolved, describe};
use registry::{Entry, Registry, Source};

/// Text to be read is no wider than this, however wide the screen: the eye loses longer lines.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;
/// The topic that lists all methods.
const REMOTE: &str = "remote";

/// `help [TOPIC]`
pub(super) fn run(desk: &mut Desk<'_>, line: &Line) -> Result<Reply, CallError> {
    let Some(word) = line.items.first().map(|item| &item.word) else {
        return Ok(Reply::Text(overview(&desk.accounts.registry, desk.width())));
    };
    if word.text() == REMOTE {
        desk.accounts.bring_lists(desk.manner, Need::All, desk.console)?;
    }
    let (profile, name) = word.split_profile();
    match desk.subject(&word.text()).or_else(|| desk.group_of(profile.as_ref(), &name.text())) {
        Some(text) => Ok(Reply::Text(text)),
        None => method(desk, profile.as_ref(), &name),
    }
}

/// What a line with `--help` calls: its method, or how such calls are made where no catalogue has it.
pub(super) fn of_line(desk: &mut Desk<'_>, line: &Line) -> Result<Reply, CallError> {
    let profile = line.profile.as_ref().map(Word::text);
    let unknown = !desk.accounts.registry.knows(profile.as_deref(), &line.head.text());
    if let Some(text) = desk.group(profile.as_deref(), &line.head.text()).filter(|_| unknown && line.raw.is_none()) {
        return Ok(Reply::Text(text));
    }
    match line.raw.as_ref().filter(|_| unknown).and_then(|_| desk.subject(Raw::WORD)) {
        Some(text) => Ok(Reply::Text(text)),
        None => method(desk, line.profile.as_ref(), &line.head),
    }
}

/// The same before it is shown.
pub(super) fn foresee_of_line(desk: &mut Desk<'_>, line: &Line) -> Result<Ahead, CallError> {
    foresee_method(desk, line, (line.profile.as_ref(), &line.head))
}

/// Judges a page that has not been asked for yet.
pub(super) fn foresee(desk: &mut Desk<'_>, line: &Line) -> Result<Ahead, CallError> {
    match line.items.first().map(|item| &item.word) {
        Some(word) if desk.subject(&word.text()).is_none() => {
            let (profile, name) = word.split_profile();
            match desk.group_of(profile.as_ref(), &name.text()) {
                Some(_) => Ok(Ahead::Result),
                None => foresee_method(desk, line, (profile.as_ref(), &name)),
            }
        }
        _ => Ok(Ahead::Result),
    }
}

/// The same for the page of a method.
fn foresee_method(
    desk: &mut Desk<'_>,
    line: &Line,
    (profile, name): (Option<&Word>, &Word),
) -> Result<Ahead, CallError> {
    let (text, owner) = (name.text(), profile.map(Word::text));
    if line.raw.is_none() {
        desk.accounts.recall_lists(owner.as_deref(), &text);
        described(&desk.accounts.registry, profile, name)?;
    }
    Ok(Ahead::Result)
}

/// The parts of the session that a page of help is written from.
pub(super) struct Desk<'s> {
    pub(super) accounts: &'s mut Accounts,
    pub(super) console: &'s mut Console,
    pub(super) manner: Manner,
}

impl Desk<'_> {
    fn width(&self) -> usize {
        self.console.width.clamp(NARROWEST, WIDEST)
    }

    /// What is explained under that name and is no method: a topic, with the command of that name, or an account.
    fn subject(&self, name: &str) -> Option<String> {
        let (registry, width) = (&self.accounts.registry, self.width());
        if name == REMOTE {
            return Some(remote(registry, self.console.width));
        }
        if let Some(topic) = topics::find(name) {
            let command = registry.local(name).map(|method| {
                let page =
                    Page { source: None, named: None, rules: Default::default(), method: &method, width }.compose(None);
                format!("{page}\n")
            });
            let detail = match name {
                "topics" => format!("\n{}", topics::list(width)),
                "options" => format!("\n{}", options(width)),
                "commands" => format!("\n{}", text::columns(&rows(registry.locals()), width, 2)),
                _ => String::new(),
            };
            let (command, page) = (command.unwrap_or_default(), topic.page(width));
            // The codes are what a topic with the name of so short a command is asked for.
            return Some(if name == "exit" { format!("{page}{detail}\n{command}") } else { command + &page + &detail });
        }
        if registry.knows(None, name) {
            return None;
        }
        let own = registry.source(name).or_else(|| registry.sources().find(|source| source.provider().id == name));
        own.map(|source| sections(source, width)).or_else(|| self.group(None, name))
    }

    /// The group that a word with an account in front names, where no method has that name.
    fn group_of(&self, profile: Option<&Word>, name: &str) -> Option<String> {
        let profile = profile.map(Word::text)?;
        if self.accounts.registry.knows(Some(&profile), name) { None } else { self.group(Some(&profile), name) }
    }

    /// The methods whose names begin with a word, of one account or of all.
    fn group(&self, profile: Option<&str>, word: &str) -> Option<String> {
        let registry = &self.accounts.registry;
        let sources = registry.sources().filter(|source| profile.is_none_or(|profile| profile == source.profile()));
        let groups = group::find(sources, word);
        let mut shown: Vec<String> = Vec::new();
        for (nth, Group { source, entries, .. }) in groups.iter().enumerate() {
            // Two accounts of one provider have the same methods.
            let same = |it: &Group<'_>| it.source.provider().id == source.provider().id;
            if profile.is_none() && groups.iter().take(nth).any(same) {
                continue;
            }
            let here = source.profile() == registry.here().profile();
            let front = if here { String::new() } else { format!("{}:", source.profile()) };
            let rows: Vec<_> = rows(entries.iter().copied())
                .into_iter()
                .map(|(name, summary)| (front.clone() + &name, summary))
                .collect();
            shown.push(text::columns(&rows, self.width(), 0));
        }
        let words = "`help METHOD` describes one.";
        (!shown.is_empty()).then(|| format!("{}\n{words}\n", shown.join("\n")))
    }
}

fn rows<'e>(entries: impl Iterator<Item = Entry<'e>>) -> Vec<(String, String)> {
    let summary = |entry: &Entry<'_>| match entry.deprecated {
        true => format!("(deprecated) {}", entry.summary),
        false => entry.summary.to_owned(),
    };
    entries.map(|entry| (entry.name.to_owned(), summary(&entry))).collect()
}

fn options(width: usize) -> String {
    let summary = |option: &OptionDef| match option.commands {
        [] => option.summary.to_owned(),
        commands => format!("with `{}`: {}", commands.join("`, `"), option.summary),
    };
    let options: Vec<_> = OPTIONS.iter().map(|option| (option.usage(), summary(option))).collect();
    text::columns(&options, width, 2)
}

/// The commands by what they are for; each is in one group.
static GROUPS: &[(&str, &[&str])] = &[
    ("find", &["search", "help", "?", "methods", "view"]),
    ("accounts", &["login", "add", "use", "profiles", "doctor", "refresh"]),
    ("results", &["last", "let", "set"]),
    ("earlier calls", &["history", "pending", "reconcile", "jobs", "wait"]),
    ("lines", &["run", "source", "save", "forget", "watch"]),
    ("others", &["call", "!", "quit", "exit"]),
];

/// What there is to know first, on one screen.
fn overview(registry: &Registry, width: usize) -> String {
    let titles: Vec<&str> = registry.sources().map(|source| source.provider().title.as_str()).collect();
    let grammar = [
        ("METHOD NAME VALUE …", "call a method; names and values in any order (`help line`)"),
        ("NAME (int)5", "a value with a type (`help types`)"),
        ("NAME $_.id", "a part of the last result (`help variables`)"),
        ("… -o table -q FILTER", "options come after names and values (`help options`)"),
        ("… | FILE", "write the result to a file (`help files`)"),
        ("… |! COMMAND", "pipe the result to a command"),
    ];
    let mut out = format!("Calls the methods of {}.\n\nLines\n", titles.join(", "));
    out.push_str(&text::columns(&owned(grammar.into_iter()), width, 2));
    out.push_str("\nCommands\n");
    let listed = |names: &[&str]| {
        let known = |name: &&&str| registry.local(name).is_some();
        names.iter().filter(known).copied().collect::<Vec<_>>().join(", ")
    };
    let groups: Vec<_> = GROUPS.iter().map(|(title, names)| ((*title).to_owned(), listed(names))).collect();
    out.push_str(&text::columns(&groups, width, 2));
    let ways = "`search WORDS` finds a method, `help METHOD` describes one, `help dns` lists those whose names begin with \
                dns, `help remote` all; `help commands` describes the commands. New here? `help start`. All subjects: \
                `help topics`.";
    out.push_str(&format!("\n{}\n", text::wrap(ways, width, 0)));
    out
}

/// All methods; with several profiles, each under its name.
fn remote(registry: &Registry, width: usize) -> String {
    let several = registry.sources().nth(1).is_some();
    let mut out = String::new();
    for source in registry.sources() {
        if several {
            out.push_str(&format!("{}{}\n", if out.is_empty() { "" } else { "\n" }, source.profile()));
        }
        out.push_str(&text::columns(&rows(source.entries()), width, if several { 2 } else { 0 }));
    }
    out
}

/// One account's methods, section by section.
fn sections(source: &Source, width: usize) -> String {
    let section = |name: &str| name.rsplit_once('.').map_or(String::new(), |(section, _)| section.to_owned());
    let mut out = format!("{}: {}\n", source.profile(), source.provider().title);
    let regions = &source.provider().regions;
    if !regions.is_empty() {
        let rows: Vec<_> = regions.iter().map(|region| (region.name.clone(), region.host.clone())).collect();
        out.push_str(&format!("\nRegions, for --region\n{}", text::columns(&rows, width, 2)));
    }
    let mut entries: Vec<Entry<'_>> = source.entries().collect();
    entries.sort_by_key(|entry| section(entry.name));
    for members in entries.chunk_by(|a, b| section(a.name) == section(b.name)) {
        let title = members.first().map(|entry| section(entry.name)).unwrap_or_default();
        out.push_str(&format!("\n{title}\n"));
        out.push_str(&text::columns(&rows(members.iter().copied()), width, 2));
    }
    out
}

/// Describes one method or command.
pub(super) fn method(desk: &mut Desk<'_>, profile: Option<&Word>, name: &Word) -> Result<Reply, CallError> {
    let (text, owner) = (name.text(), profile.map(Word::text));
    desk.accounts.recall_lists(owner.as_deref(), &text);
    let asked = desk.accounts.ask_for(desk.manner, owner.as_deref(), &text);
    let found = described(&desk.accounts.registry, profile, name).map_err(CallError::from);
    let found = found.map_err(|error| unless_unlisted(asked, error))?;
    let found = match &found {
        // If the service cannot be asked about its parameters, the page has what is known.
        Resolved::Remote { profile: owner, method, .. }
            if method.untyped && desk.accounts.learn_method(owner, &method.name).is_ok() =>
        {
            described(&desk.accounts.registry, profile, name)?
        }
        _ => found,
    };
    let (method, profile) = match found {
        Resolved::Local(method) => (method, None),
        Resolved::Remote { profile, method, .. } => (method, Some(profile)),
    };
    let words = profile.as_deref().and_then(|profile| providers_words(desk, profile, &method.name));
    let source = profile.as_deref().and_then(|profile| desk.accounts.registry.source(profile));
    let rules = profile.as_deref().map(|profile| desk.accounts.rules(profile)).unwrap_or_default();
    let here = desk.accounts.registry.here().profile();
    let named = profile.as_deref().filter(|profile| *profile != here);
    let mut page = Page { source, named, rules, method: &method, width: desk.width() }.compose(words.as_deref());
    if profile.is_none() {
        let here = desk.accounts.registry.here().profile().to_owned();
        desk.accounts.recall_lists(Some(&here), &text);
    }
    if let Some(other) = desk.accounts.registry.namesake(&text).filter(|_| profile.is_none()) {
        page.push_str(&format!("\n`{other}` is the service's method of that name: `help {other}` describes it.\n"));
    }
    if views::is_view(&method) {
        page.push_str(&views::accounts_of(&desk.accounts.registry, &method.name, desk.width()));
    }
    Ok(Reply::Text(page))
}

fn described(registry: &Registry, profile: Option<&Word>, name: &Word) -> Result<Resolved, ResolveError> {
    let owner = profile.map(|word| (word.text(), word.span));
    let place = owner.as_ref().map(|(profile, span)| (profile.as_str(), *span));
    let found = describe(registry, place, &name.text(), name.span);
    if owner.is_none() { found.map_err(|error| nearer(error, registry)) } else { found }
}

/// The same error with what else can be explained among its suggestions.
fn nearer(error: ResolveError, registry: &Registry) -> ResolveError {
    match error {
        ResolveError::Unknown { name, span, .. } => {
            let names = topics::TOPICS.iter().map(|topic| topic.name).chain(registry.sources().map(Source::profile));
            let names = names.chain(registry.entries().map(|entry| entry.name));
            let near = suggest::nearest(&name, names).into_iter().map(str::to_owned).collect();
            ResolveError::Unknown { name, span, near }
        }
        error => error,
    }
}

/// What the service says of a method. That it cannot be asked costs a note, not the help.
fn providers_words(desk: &mut Desk<'_>, profile: &str, name: &str) -> Option<String> {
    let timeouts = desk.accounts.rules(profile).timeouts;
    let Desk { accounts: Accounts { list, registry, wire, redactor, .. }, console, .. } = desk;
    let provider = registry.source(profile)?.provider();
    let rule = provider.introspection.as_ref()?;
    let account = list.iter_mut().find(|account| account.target.profile == profile)?;
    // What is known already is not asked again, and a service that lists no method for it has no help.
    if let Some(listed) = registry.source(profile)?.listed(name)
        && (listed.described || rule.style == Dialect::Any && !registry.source(profile)?.has(rule.help()))
    {
        let said = words::plain(&listed.help, true);
        return Some(said).filter(|said| said.trim_end_matches('.') != listed.summary());
    }
    if !account.is_ready() || !matches!(rule.style, Dialect::System | Dialect::Any) {
        return None;
    }
    wire.hide(redactor);
    let (source, method) = (registry.source(profile)?, Method::discovered(rule.help()));
    let words = account
        .unlock_for(&method, redactor)
        .and_then(|()| account.sign_in((source, &method), (wire, redactor), timeouts))
        .and_then(|()| Asking { wire, target: &account.target, provider, timeouts }.help(name));
    match words {
        Ok(words) => {
            let typed = registry.source(profile).and_then(|source| source.method(name)?.ok());
            let repeats = typed.is_some_and(|method| !method.untyped);
            Some(words::plain(&introspect::plain(&words), repeats)).filter(|words| !words.is_empty())
        }
        Err(error) => {
            let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
            console.note(&redactor.foreign(&format!("note: {profile} gave no help for {name}: {error}{words}")));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::embedded;

    #[test]
    fn the_overview_fits_a_screen_and_has_every_command() {
        let source = Source::new("a", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let registry = Registry::new(source, crate::engine::commands::methods());
        let text = overview(&registry, 80);
        assert!(text.lines().count() <= 23, "{text}");
        for entry in registry.locals() {
            let count = GROUPS.iter().flat_map(|(_, names)| *names).filter(|name| **name == entry.name).count();
            assert_eq!(count, 1, "{}", entry.name);
        }
    }
}
