//! `view`: the views, and the accounts that have each of them.

use super::result::{Ahead, Reply};
use crate::engine::accounts::roster::Accounts;
pub(super) use crate::engine::plan::owners::VIEW;
use crate::engine::run::outcome::Outcome;
use crate::engine::state::console::Console;
use crate::render::text;
use lang::Line;
use model::{Map, Method, Type, Value, View};
use registry::{Registry, Source};

/// The columns of the list, the most important first.
const COLUMNS: &[&str] = &["name", "summary", "accounts"];

/// Whether what a name means is a view: no command has a result with fields.
pub(super) fn is_view(method: &Method) -> bool {
    matches!(&method.returns, Type::List(inner) if **inner == Type::Dict)
}

/// `view`, and `view NAME …`
pub(super) fn run(accounts: &Accounts, console: &mut Console, line: &Line) -> Reply {
    match named(line) {
        Some(line) => Reply::Next(Outcome::View(Box::new(line))),
        None => list(accounts, console),
    }
}

/// The same before it is done.
pub(super) fn foresee(line: &Line) -> Ahead {
    named(line).map_or(Ahead::Result, |line| Ahead::Next(Outcome::View(Box::new(line))))
}

/// The line with the view that a line of `view` names; `None` if it names none.
fn named(line: &Line) -> Option<Line> {
    line.inner(0).filter(|inner| inner.raw.is_none())
}

/// The accounts that have a view, each with the methods that give it.
pub(super) fn accounts_of(registry: &Registry, name: &str, width: usize) -> String {
    let rows = registry.sources().filter_map(|source| {
        let mut methods: Vec<&str> = source.views().of(name).map(|entry| entry.method.as_str()).collect();
        methods.dedup();
        (!methods.is_empty()).then(|| (source.profile().to_owned(), methods.join(", ")))
    });
    let rows: Vec<(String, String)> = rows.collect();
    match rows.is_empty() {
        true => "\nNo account of this session has it.\n".into(),
        false => format!("\nAccounts\n{}", text::columns(&rows, width, 2)),
    }
}

/// Words that say nothing about which view is meant.
const FILLERS: [&str; 9] = ["list", "show", "get", "all", "my", "our", "the", "of", "every"];

/// The views that words name and nothing else, such as `servers` or `list server`, for a search.
pub(super) fn matching<'r>(registry: &'r Registry, words: &[String]) -> Vec<&'r View> {
    let names = |view: &View, word: &str| ["", "s", "es"].iter().any(|end| view.name.strip_suffix(end) == Some(word));
    let is_meant = |view: &&View| {
        let (named, other): (Vec<&str>, Vec<&str>) =
            words.iter().map(String::as_str).partition(|word| names(view, word));
        !named.is_empty() && other.iter().all(|word| FILLERS.contains(word))
    };
    let answered = |view: &&View| registry.sources().any(|source| source.views().of(&view.name).next().is_some());
    registry.views().into_iter().map(|known| &known.view).filter(is_meant).filter(answered).collect()
}

/// All views.
fn list(accounts: &Accounts, console: &mut Console) -> Reply {
    let registry = &accounts.registry;
    for (fault, profiles) in wrong(registry) {
        console.note(&format!("note: a view is left out for {}: {fault}", profiles.join(", ")));
    }
    Reply::List(rows(registry), COLUMNS)
}

/// What is wrong with views, each with the accounts that do not have it because of that.
fn wrong(registry: &Registry) -> Vec<(&str, Vec<&str>)> {
    let mut wrong: Vec<(&str, Vec<&str>)> = Vec::new();
    for source in registry.sources() {
        for (_, fault) in source.views().wrong() {
            match wrong.iter_mut().find(|(known, _)| known == fault) {
                Some((_, profiles)) => profiles.push(source.profile()),
                None => wrong.push((fault, vec![source.profile()])),
            }
        }
    }
    wrong
}

fn rows(registry: &Registry) -> Vec<Value> {
    let has = |source: &&Source, name: &str| source.views().of(name).next().is_some();
    let row = |known: &registry::views::Known| {
        let view = &known.view;
        let accounts = registry.sources().filter(|source| has(source, &view.name));
        let accounts: Vec<Value> = accounts.map(|source| Value::from(source.profile())).collect();
        let columns: Vec<Value> = known.method.fields.iter().map(|field| Value::from(field.name.as_str())).collect();
        let mut row = Map::new();
        row.insert("name", view.name.as_str());
        row.insert("summary", view.summary.as_str());
        row.insert("accounts", accounts);
        row.insert("columns", columns);
        Value::Map(row)
    };
    registry.views().into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::embedded;

    fn registry() -> Registry {
        let source = |id: &str| Source::new(id, Catalog::open(embedded::find(id).unwrap()).unwrap());
        let ids: Vec<&str> = embedded::all().iter().map(|source| source.id).collect();
        let mut registry = Registry::new(source(ids[0]), crate::engine::commands::methods());
        ids.iter().skip(1).for_each(|id| registry.add(source(id)));
        registry
    }

    #[test]
    fn each_view_is_listed_with_its_accounts() {
        let registry = registry();
        let rows = rows(&registry);
        let accounts = |name: &str| {
            let row = rows.iter().find(|row| row.get("name").unwrap().plain() == name).unwrap();
            row.get("accounts").unwrap().as_list().unwrap().len()
        };
        assert_eq!((accounts("servers"), accounts("keys")), (embedded::all().len(), 1));
        assert!(rows.len() >= 8);
    }

    #[test]
    fn a_view_is_no_command() {
        assert!(crate::engine::commands::methods().iter().all(|method| !is_view(method)));
        assert!(registry::views::shared().iter().all(|known| is_view(&known.method)));
        let line = |text: &str| named(&lang::parse(text).unwrap()[0]).map(|line| line.to_string());
        assert_eq!(line("view work:expiring 60d -o csv").as_deref(), Some("work:expiring 60d --output csv"));
        assert_eq!((line("view"), line("view call a.b")), (None, None));
    }
    #[test]
    fn a_view_is_found_by_its_words_and_says_who_has_it() {
        let registry = registry();
        for (words, names) in [
            ("servers", "servers"),
            ("list server", "servers"),
            ("address", "addresses"),
            ("all my zones", "zones"),
            ("zone record create", ""),
            ("invoice", "invoices"),
            ("frobnicate", ""),
        ] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            let found: Vec<&str> = matching(&registry, &words).iter().map(|view| view.name.as_str()).collect();
            assert_eq!(found.join(" "), names, "{words:?}");
        }
        let accounts = accounts_of(&registry, "servers", 80);
        assert!(accounts.starts_with("\nAccounts\n") && accounts.contains("server.list"), "{accounts}");
        assert!(accounts_of(&registry, "nothing", 80).contains("No account"));
    }
}
