//! Which accounts a line with a view asks: the one that it names, the current one, or all of a group.

use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::{Span, View};
use registry::accounts::named;
use registry::views::Known;
use registry::{Registry, Source};

/// The command that shows a view.
pub(crate) const VIEW: &str = "view";

/// The accounts of a view.
pub(super) struct Owners {
    /// Those that are asked.
    pub(super) profiles: Vec<String>,
    /// An account that the line does not name: it is the only one that has the view.
    pub(super) foreign: Option<String>,
    /// Those that the line names and that are not asked, because their provider does not answer the view.
    pub(super) without: Vec<String>,
    /// What else is to be said about accounts that are not asked.
    pub(super) notes: Vec<String>,
}

/// The accounts that a line asks for a view.
pub(super) fn of(registry: &Registry, line: &Line, name: &str) -> Result<Owners, CallError> {
    match &line.accounts {
        Some(accounts) => several(registry, accounts, &line.head),
        None => one(registry, line, name),
    }
}

fn one(registry: &Registry, line: &Line, name: &str) -> Result<Owners, CallError> {
    let typed = line.profile.as_ref().map(Word::text);
    let is_typed = typed.is_some();
    let profile = typed.unwrap_or_else(|| owner(registry, name));
    let foreign = (!is_typed && profile != registry.here().profile()).then(|| profile.clone());
    if let Some(error) = registry.source(&profile).and_then(|source| lacking(registry, source, &line.head)) {
        return Err(error);
    }
    Ok(Owners { profiles: vec![profile], foreign, without: Vec::new(), notes: Vec::new() })
}

/// Those of the named accounts that have the view. If there are none, it is an error.
fn several(registry: &Registry, accounts: &Word, head: &Word) -> Result<Owners, CallError> {
    let name = head.text();
    let mut owners = Owners { profiles: Vec::new(), foreign: None, without: Vec::new(), notes: Vec::new() };
    for profile in named(registry, &accounts.text(), accounts.span)? {
        let Some(source) = registry.source(&profile) else { continue };
        match (has(source, &name), fault(source, &name)) {
            (true, _) => owners.profiles.push(profile),
            (false, Some(fault)) => owners.notes.push(format!("note: {profile}: its catalogue has an error: {fault}")),
            (false, None) => owners.without.push(profile),
        }
    }
    if !owners.profiles.is_empty() {
        return Ok(owners);
    }
    let message = format!("none of the accounts has a view `{name}`");
    Err(refused(message, Some(head.span), &elsewhere(registry, &name)))
}

/// The view of some accounts: the columns of all of them, if each has its own view of that name.
pub(super) fn view(registry: &Registry, profiles: &[String], name: &str) -> Option<View> {
    let mut all: Option<View> = None;
    for known in profiles.iter().filter_map(|profile| registry.source(profile)?.view(name)) {
        match &mut all {
            None => all = Some(known.view.clone()),
            Some(all) => all.take_up(&known.view),
        }
    }
    all
}

/// The account that a view without one belongs to: the current one, or the only other one that has it.
fn owner(registry: &Registry, name: &str) -> String {
    let mut others = registry.others().filter(|source| has(source, name));
    let here = registry.here();
    match (has(here, name), others.next(), others.next()) {
        (false, Some(only), None) => only.profile().to_owned(),
        _ => here.profile().to_owned(),
    }
}

/// The error for an account whose provider does not answer a view, or whose entries for it are all wrong.
fn lacking(registry: &Registry, source: &Source, head: &Word) -> Option<CallError> {
    let name = head.text();
    if has(source, &name) {
        return None;
    }
    let (profile, title) = (source.profile(), &source.provider().title);
    if let Some(fault) = fault(source, &name) {
        let message = format!("the catalogue of {profile} has an error: {fault}");
        return Some(refused(
            message,
            Some(head.span),
            "correct the catalogue; the other views and all methods can be used",
        ));
    }
    let message = format!("{profile} has no view `{name}`: no method of {title} lists them");
    Some(refused(message, Some(head.span), &elsewhere(registry, &name)))
}

/// Where a view can be had.
fn elsewhere(registry: &Registry, name: &str) -> String {
    let have = registry.sources().filter(|source| has(source, name));
    match have.map(|source| format!("{}:{name}", source.profile())).collect::<Vec<_>>().as_slice() {
        [] => "`view` lists the views of each account".to_owned(),
        have => format!("try {}", have.join(" or ")),
    }
}

fn has(source: &Source, name: &str) -> bool {
    source.views().of(name).next().is_some()
}

/// The view of that name that any of several accounts has.
pub(crate) fn in_accounts<'r>(registry: &'r Registry, accounts: &Word, name: &str) -> Option<&'r Known> {
    let profiles = named(registry, &accounts.text(), accounts.span).unwrap_or_default();
    profiles.iter().find_map(|profile| registry.source(profile)?.view(name))
}

/// The error of a line that is refused.
pub(super) fn refused(message: String, span: Option<Span>, hint: &str) -> CallError {
    CallError::Usage { message, span, hint: Some(hint.to_owned()) }
}

/// What is wrong with the entries of a catalogue for a view.
fn fault<'s>(source: &'s Source, name: &str) -> Option<&'s str> {
    source.views().wrong().iter().find(|(wrong, _)| wrong == name).map(|(_, fault)| fault.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::embedded;

    fn registry() -> Registry {
        let source = |id: &str| Source::new(id, Catalog::open(embedded::find(id).unwrap()).unwrap());
        let ids: Vec<&str> = embedded::all().iter().map(|source| source.id).collect();
        let mut registry = Registry::new(source(ids[0]), Vec::new());
        ids.iter().skip(1).for_each(|id| registry.add(source(id)));
        registry
    }

    #[test]
    fn each_account_that_has_the_view_is_asked_and_the_others_are_named() {
        let registry = registry();
        let of = |text: &str| {
            let line = &lang::parse(text).unwrap()[0];
            super::of(&registry, line, &line.head.text())
        };
        let all = embedded::all().len();
        let counts = |owners: Owners| (owners.profiles.len(), owners.without.len(), owners.foreign.is_some());
        assert_eq!(counts(of("@all servers").unwrap_or_else(|error| panic!("{error}"))), (all, 0, false));
        assert_eq!(counts(of("@all keys").unwrap_or_else(|error| panic!("{error}"))), (1, all - 1, false));
        assert_eq!(counts(of("servers").unwrap_or_else(|error| panic!("{error}"))), (1, 0, false));
        let without: Vec<&str> = registry.sources().map(Source::profile).filter(|name| *name != all_keys()).collect();
        let error = of(&format!("@{} keys", without[0])).err().unwrap();
        assert!(error.to_string().contains("none of the accounts has a view `keys`"), "{error}");
        assert!(of("@nobody servers").is_err());
    }

    /// The only account with the view of keys.
    fn all_keys() -> &'static str {
        let has = |id: &&str| Catalog::open(embedded::find(id).unwrap()).unwrap().views().of("keys").next().is_some();
        embedded::all().iter().map(|source| source.id).find(has).unwrap()
    }

    #[test]
    fn views_of_one_name_have_the_columns_of_both() {
        let view = |columns: &str| -> View {
            let fields = columns.split(' ').map(|name| format!(r#"{{"name":"{name}"}}"#)).collect::<Vec<_>>().join(",");
            serde_json::from_str(&format!(r#"{{"name":"v","summary":"S","fields":[{fields}]}}"#)).unwrap()
        };
        let mut all = view("a b");
        all.take_up(&view("b c"));
        assert_eq!(all.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        let registry = registry();
        let profiles: Vec<String> = registry.profiles().map(str::to_owned).collect();
        let shared = super::view(&registry, &profiles, "servers").unwrap();
        assert_eq!(Some(&shared), registry.view(None, "servers").map(|known| &known.view));
    }
}
