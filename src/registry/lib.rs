//! Everything that can be called, local or remote: the shell's own commands, and one source of methods per profile.

pub mod accounts;
pub mod catalog;
mod changes;
pub mod check;
mod commands;
pub mod embedded;
mod entry;
mod error;
pub mod group;
pub mod introspect;
pub mod lint;
pub mod listed;
mod own_catalog;
mod own_views;
mod pack;
pub mod raw;
mod records;
pub mod resolve;
pub mod search;
mod shapes;
mod sketch;
pub mod source;
pub mod stored;
mod stored_catalog;
mod texts;
pub mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use changes::Changes;
pub use commands::Commands;
pub use entry::Entry;
use model::Method;
pub use own_views::{OwnViews, toml_value};
pub use source::Source;
use views::Known;

/// The accounts that a user has put together under a name, each a profile or a pattern such as `web_*`.
pub type Groups = BTreeMap<String, Vec<String>>;

/// What can be called in a session.
#[derive(Debug)]
pub struct Registry {
    here: Source,
    /// In the order in which they were added, whichever of them is the current one.
    others: Vec<Source>,
    left_out: Vec<(String, String)>,
    /// The profiles in that order.
    order: Vec<String>,
    locals: Commands,
    groups: Groups,
}

impl Registry {
    /// The shell's own commands and the methods of the current profile, to which names without a profile belong.
    pub fn new(here: Source, locals: impl Into<Commands>) -> Registry {
        let order = vec![here.profile().to_owned()];
        let (others, left_out, groups) = (Vec::new(), Vec::new(), Groups::new());
        Registry { here, others, left_out, order, locals: locals.into(), groups }
    }

    /// Adds another profile.
    pub fn add(&mut self, source: Source) {
        self.order.push(source.profile().to_owned());
        self.others.push(source);
    }

    /// Adds a profile, or puts it in the place of the one of that name.
    pub fn put(&mut self, source: Source) {
        match self.source_mut(source.profile()) {
            Some(known) => *known = source,
            None => self.add(source),
        }
    }

    /// Removes a profile that is not the current one.
    pub fn remove(&mut self, profile: &str) {
        self.others.retain(|source| source.profile() != profile);
        self.order.retain(|name| name != profile || self.here.profile() == profile);
    }

    /// Remembers a profile that cannot be used, and why, for lines that name it.
    pub fn leave_out(&mut self, profile: String, reason: String) {
        self.left_out.push((profile, reason));
    }

    /// The profiles that cannot be used, each with the reason.
    pub fn all_left_out(&self) -> impl Iterator<Item = (&str, &str)> {
        self.left_out.iter().map(|(name, reason)| (name.as_str(), reason.as_str()))
    }

    /// Why a profile cannot be used; `None` when it can be, or does not exist.
    pub fn left_out(&self, profile: &str) -> Option<&str> {
        self.left_out.iter().find(|(name, _)| name == profile).map(|(_, reason)| reason.as_str())
    }

    /// The current profile, to which names without a profile belong.
    pub fn here(&self) -> &Source {
        &self.here
    }

    /// The other profiles.
    pub fn others(&self) -> impl Iterator<Item = &Source> {
        self.others.iter()
    }

    /// The profile of that name.
    pub fn source(&self, profile: &str) -> Option<&Source> {
        self.sources().find(|source| source.profile() == profile)
    }

    /// The profile of that name, to merge a list into.
    pub fn source_mut(&mut self, profile: &str) -> Option<&mut Source> {
        std::iter::once(&mut self.here).chain(&mut self.others).find(|source| source.profile() == profile)
    }

    /// All profiles, the current one first.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        std::iter::once(&self.here).chain(&self.others)
    }

    /// The names of all profiles, in the order in which they were added.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// The accounts that the user has put together under a name.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Sets them.
    pub fn set_groups(&mut self, groups: Groups) {
        self.groups = groups;
    }

    /// Makes another profile the current one. `false` when there is none of that name.
    pub fn switch(&mut self, profile: &str) -> bool {
        if let Some(other) = self.others.iter_mut().find(|source| source.profile() == profile) {
            std::mem::swap(&mut self.here, other);
            let order = &self.order;
            self.others.sort_by_key(|source| order.iter().position(|name| name == source.profile()));
        }
        self.here.profile() == profile
    }

    /// A local command, a line that is saved for the current profile, or a view.
    pub fn local(&self, name: &str) -> Option<Arc<Method>> {
        self.locals
            .get(name)
            .or_else(|| self.here.saved(name))
            .or_else(|| Some(Arc::clone(&self.view(None, name)?.method)))
    }

    /// The view of that name: of that profile or, without a profile, of the current one or any other.
    pub fn view(&self, profile: Option<&str>, name: &str) -> Option<&Known> {
        match profile {
            Some(profile) => self.source(profile)?.view(name),
            // No view has a name with a dot.
            None if name.contains('.') || self.here.has(name) => None,
            None => self.sources().find_map(|source| source.view(name)),
        }
    }

    /// All views: those that every provider can have, and those that only some catalogue has.
    pub fn views(&self) -> Vec<&Known> {
        let mut all: Vec<&Known> = views::shared().iter().collect();
        for known in self.sources().flat_map(|source| source.views().own()) {
            if !all.iter().any(|other| other.view.name == known.view.name) {
                all.push(known);
            }
        }
        all
    }

    /// Whether that is the name of a local command.
    pub fn is_command(&self, name: &str) -> bool {
        self.locals.has(name)
    }

    /// The local commands, in the order they were declared, and the lines that are saved for the current profile.
    pub fn locals(&self) -> impl Iterator<Item = Entry<'_>> {
        let saved = self.here.saved_lines().map(|method| Entry {
            name: &method.name,
            summary: &method.summary,
            deprecated: method.deprecated.is_some(),
        });
        self.locals.entries().chain(saved)
    }

    /// Whether any profile can call a method of that name.
    pub fn has(&self, name: &str) -> bool {
        self.sources().any(|source| source.has(name))
    }

    /// The method that has the name of a command, as it must be written: first that of the current account.
    pub fn namesake(&self, command: &str) -> Option<String> {
        let owner = self.sources().find(|source| source.has(command)).filter(|_| self.is_command(command))?;
        Some(format!("{}:{command}", owner.profile()))
    }

    /// Whether a name exists: in that profile or, without a profile, as a command or in any profile.
    pub fn knows(&self, profile: Option<&str>, name: &str) -> bool {
        match profile {
            Some(profile) => {
                let knows = |source: &Source| source.saved(name).is_some() || source.view(name).is_some();
                self.source(profile).is_some_and(|source| source.has(name) || knows(source))
            }
            None => self.local(name).is_some() || self.has(name),
        }
    }

    /// Everything a line can begin with when it names no profile: the local commands, all views and all methods.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let views = self.views().into_iter().map(|known| Entry::of_view(&known.view));
        self.locals().chain(views).chain(self.sources().flat_map(Source::entries))
    }
}

#[cfg(test)]
mod tests {
    use super::catalog::Catalog;
    use super::*;

    fn source(profile: &str) -> Source {
        Source::new(profile, Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap())
    }

    fn registry() -> Registry {
        let quit = Method { name: "quit".into(), ..Method::default() };
        Registry::new(source("work"), vec![quit])
    }

    #[test]
    fn the_servers_names_join_the_catalogue() {
        let mut source = source("work");
        assert!(!source.has("service.shiny_new"));
        let changes = source.merge_live(["service.shiny_new".to_owned(), "service.list".to_owned()]);
        assert_eq!(changes, Changes { came: vec!["service.shiny_new".into()], went: vec![], changed: vec![] });
        assert!(source.method("service.shiny_new").unwrap().unwrap().untyped);
        assert!(!source.method("service.list").unwrap().unwrap().untyped);
        assert_eq!(source.entries().filter(|entry| entry.name == "service.list").count(), 1);
        assert_eq!(source.merge_live::<String>([]).went, ["service.shiny_new"]);
        assert!(!source.has("service.shiny_new"));
    }

    #[test]
    fn a_method_that_carries_calls_does_not_become_callable() {
        let mut source = source("work");
        for name in ["system.multicall", "SYSTEM.MultiCall"] {
            assert_eq!(source.merge_live([name.to_owned()]), Changes::default());
            assert!(!source.has(name) && source.method(name).is_none());
        }
    }

    #[test]
    fn a_method_with_the_name_of_a_command_is_known_by_its_account() {
        let mut registry = registry();
        assert_eq!(registry.namesake("quit"), None);
        let mut other = source("home");
        other.merge_live(["quit".to_owned()]);
        registry.add(other);
        assert_eq!(registry.namesake("quit").as_deref(), Some("home:quit"));
        assert_eq!(registry.namesake("service.list"), None);
    }

    #[test]
    fn local_commands_are_methods_too() {
        let registry = registry();
        assert!(registry.local("quit").is_some());
        assert_eq!(registry.entries().next().map(|entry| entry.name.to_owned()), Some("quit".into()));
    }

    #[test]
    fn a_profile_can_come_later_and_go() {
        let mut registry = registry();
        for profile in ["home", "home", "work"] {
            registry.put(source(profile));
        }
        assert_eq!(registry.sources().map(Source::profile).collect::<Vec<_>>(), ["work", "home"]);
        registry.remove("work");
        assert!(registry.switch("home") && registry.source("work").is_some());
        registry.remove("work");
        assert_eq!(registry.sources().map(Source::profile).collect::<Vec<_>>(), ["home"]);
    }

    #[test]
    fn the_current_profile_can_be_changed() {
        let mut registry = registry();
        registry.add(source("home"));
        assert!(registry.switch("home") && registry.here().profile() == "home");
        assert!(registry.switch("home") && !registry.switch("nowhere"));
        assert_eq!(registry.sources().map(Source::profile).collect::<Vec<_>>(), ["home", "work"]);
        registry.add(source("lab"));
        assert!(registry.switch("lab") && registry.switch("work"));
        assert_eq!(registry.sources().map(Source::profile).collect::<Vec<_>>(), ["work", "home", "lab"]);
    }
}
