//! Every callable thing, local and remote: the catalogue, what the server says of itself, and the local commands.
//!
//! Later sources win: a name that only the server knows becomes callable at once, with free parameters.

pub mod catalog;
pub mod embedded;
pub mod lint;
pub mod resolve;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Method, Provider, Shape};
use catalog::{Catalog, CatalogError};

/// A name with its summary, for lists and completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'r> {
    /// The method's name.
    pub name: &'r str,
    /// One line of what it does; empty when nothing is known.
    pub summary: &'r str,
    /// A local command of the shell, not a method of the provider.
    pub local: bool,
}

/// What can be called in a session.
#[derive(Debug)]
pub struct Registry {
    catalog: Catalog,
    locals: Vec<Arc<Method>>,
    live: BTreeSet<String>,
}

impl Registry {
    /// The registry of one provider with the shell's own commands.
    pub fn new(catalog: Catalog, locals: Vec<Method>) -> Registry {
        Registry { catalog, locals: locals.into_iter().map(Arc::new).collect(), live: BTreeSet::new() }
    }

    /// The provider's rules.
    pub fn provider(&self) -> &Provider {
        self.catalog.provider()
    }

    /// The provider's shapes.
    pub fn shapes(&self) -> &[Shape] {
        self.catalog.shapes()
    }

    /// Takes in the names that the server listed. Names of an earlier list that are gone from this one are dropped.
    pub fn merge_live(&mut self, names: impl IntoIterator<Item = String>) {
        self.live = names.into_iter().filter(|name| self.known(name).is_none()).collect();
    }

    /// A local command.
    pub fn local(&self, name: &str) -> Option<Arc<Method>> {
        self.locals.iter().find(|method| method.name == name).cloned()
    }

    /// A method of the provider, from the catalogue or from the server's list.
    pub fn remote(&self, name: &str) -> Option<Result<Arc<Method>, CatalogError>> {
        if let Some(method) = self.catalog.method(name) {
            return Some(method.map(Arc::new));
        }
        self.live.contains(name).then(|| Ok(Arc::new(Method::discovered(name))))
    }

    /// All methods of the provider, sorted by name.
    pub fn remotes(&self) -> impl Iterator<Item = Entry<'_>> {
        let catalogued = self.catalog.records().iter();
        let mut entries: Vec<Entry<'_>> = catalogued
            .map(|record| Entry { name: record.name, summary: record.summary, local: false })
            .chain(self.live.iter().map(|name| Entry { name, summary: "", local: false }))
            .collect();
        entries.sort_by_key(|entry| entry.name);
        entries.into_iter()
    }

    /// The local commands, in the order they were declared.
    pub fn locals(&self) -> impl Iterator<Item = Entry<'_>> {
        self.locals.iter().map(|method| Entry { name: &method.name, summary: &method.summary, local: true })
    }

    /// Local commands, then methods.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.locals().chain(self.remotes())
    }

    fn known(&self, name: &str) -> Option<&'static embedded::Record> {
        self.catalog.records().iter().find(|record| record.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Registry {
        let source = embedded::find(embedded::DEFAULT).unwrap();
        let quit = Method { name: "quit".into(), ..Method::default() };
        Registry::new(Catalog::open(source).unwrap(), vec![quit])
    }

    #[test]
    fn the_servers_names_join_the_catalogue() {
        let mut registry = registry();
        assert!(registry.remote("service.shiny_new").is_none());
        registry.merge_live(["service.shiny_new".to_owned(), "service.list".to_owned()]);
        let discovered = registry.remote("service.shiny_new").unwrap().unwrap();
        assert!(discovered.untyped);
        assert!(!registry.remote("service.list").unwrap().unwrap().untyped);
        assert_eq!(registry.remotes().filter(|e| e.name == "service.list").count(), 1);
        registry.merge_live([]);
        assert!(registry.remote("service.shiny_new").is_none());
    }

    #[test]
    fn local_commands_are_methods_too() {
        let registry = registry();
        assert!(registry.local("quit").is_some());
        assert_eq!(registry.entries().next().map(|e| (e.name.to_owned(), e.local)), Some(("quit".into(), true)));
    }
}
