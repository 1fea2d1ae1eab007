//! One profile's methods: its provider's catalogue, and the live list of the service.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Entry;
use super::catalog::{Catalog, CatalogError};
use super::changes::Changes;
use super::listed::{Listed, Parameter};
use super::own_views::OwnViews;
use super::sketch::{Part, Sketch};
use super::views::{Known, Views, shared};
use model::{Effect, Method, Provider, Shape};

/// The methods of one profile. A name that is only in the live list can be called at once: with the parameters that the
/// service describes, or else with parameters of any name and type.
#[derive(Debug)]
pub struct Source {
    profile: String,
    catalog: Catalog,
    live: BTreeMap<String, Listed>,
    /// Views that the user has written beside the catalogue.
    own_views: OwnViews,
    /// Lines that the user has saved under a name. The example of each is the line.
    saved: Vec<Arc<Method>>,
    /// The method in the live list that carries calls of others.
    carrier: Option<String>,
}

impl Source {
    /// The methods of a catalogue under the name of a profile.
    pub fn new(profile: &str, catalog: Catalog) -> Source {
        Source {
            profile: profile.to_owned(),
            catalog,
            live: BTreeMap::new(),
            own_views: OwnViews::default(),
            saved: Vec::new(),
            carrier: None,
        }
    }

    /// The profile's name: the word before the colon.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// Replaces the lines that are saved under a name.
    pub fn set_saved(&mut self, lines: Vec<Method>) {
        self.saved = lines.into_iter().map(Arc::new).collect();
    }

    /// The lines that are saved under a name, in the order of their file.
    pub fn saved_lines(&self) -> impl Iterator<Item = &Method> {
        self.saved.iter().map(|line| &**line)
    }

    /// The line that is saved under that name. A method has precedence.
    pub fn saved(&self, name: &str) -> Option<Arc<Method>> {
        self.saved.iter().find(|line| line.name == name).filter(|_| !self.has(name)).cloned()
    }

    /// Adds the views that the user has written for its provider, once.
    pub fn add_views(&mut self, own: &OwnViews) {
        self.own_views.clone_from(own);
        self.put_views();
    }

    fn put_views(&mut self) {
        if let Some(own) = self.own_views.of(&self.catalog.provider().id) {
            self.catalog.add_views(own);
        }
    }

    /// How its provider answers views.
    pub fn views(&self) -> &Views {
        self.catalog.views()
    }

    /// The view of that name, if any provider can have it or this one does. A method has precedence.
    pub fn view(&self, name: &str) -> Option<&Known> {
        let known = || shared().iter().chain(self.views().own()).find(|known| known.view.name == name);
        // Few methods have names without a dot, and views never have one.
        if name.contains('.') || self.has(name) { None } else { known() }
    }

    /// The provider's rules.
    pub fn provider(&self) -> &Provider {
        self.catalog.provider()
    }

    /// The provider's shapes.
    pub fn shapes(&self) -> &[Shape] {
        self.catalog.shapes()
    }

    /// The shapes that a method of it names, directly or through others.
    pub fn shapes_of(&self, method: &Method) -> &[Shape] {
        self.catalog.shapes_of(method)
    }

    /// Adds the methods in the server's live list, and drops those of an earlier list that are no longer in it. Methods
    /// that carry other calls are left out.
    pub fn merge_live<L: Into<Listed>>(&mut self, methods: impl IntoIterator<Item = L>) -> Changes {
        let mut carrier = None;
        let is_new = |it: &Listed| {
            let carries = self.provider().carries(&it.name);
            if carries {
                carrier.get_or_insert_with(|| it.name.clone());
            }
            !carries && !self.catalog.has(&it.name)
        };
        let listed = methods.into_iter().map(Into::into).filter(is_new);
        let listed: BTreeMap<String, Listed> = listed.map(|it| (it.name.clone(), it)).collect();
        let missing = |from: &BTreeMap<String, Listed>, other: &BTreeMap<String, Listed>| {
            from.keys().filter(|name| !other.contains_key(*name)).cloned().collect()
        };
        let (came, went) = (missing(&listed, &self.live), missing(&self.live, &listed));
        self.carrier = carrier;
        self.live = listed;
        Changes { came, went, ..Changes::default() }
    }

    /// The method in the live list that carries calls of others, if the service has one.
    pub fn carrier(&self) -> Option<&str> {
        self.carrier.as_deref()
    }

    /// What the service says of a method that is only in its live list.
    pub fn listed(&self, name: &str) -> Option<&Listed> {
        self.live.get(name).filter(|_| !self.catalog.has(name))
    }

    /// Replaces what the service says of a method in its live list.
    pub fn describe(&mut self, described: Listed) {
        if let Some(listed) = self.live.get_mut(&described.name) {
            *listed = described;
        }
    }

    /// Whether no method is known at all.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty() && self.catalog.records().is_empty()
    }

    /// Whether the catalogue itself has a method of that name.
    pub fn is_catalogued(&self, name: &str) -> bool {
        self.catalog.has(name)
    }

    /// Another version of the catalogue, with what was chosen for the one in use.
    pub fn adapted(&self, catalog: Catalog) -> Catalog {
        catalog.like(&self.catalog)
    }

    /// The names of the methods in the catalogue.
    pub fn catalogued(&self) -> BTreeSet<String> {
        self.catalog.records().iter().map(|record| record.name.to_string()).collect()
    }

    /// Replaces the catalogue.
    pub fn replace(&mut self, catalog: Catalog) -> Changes {
        let catalog = catalog.like(&self.catalog);
        let changes = Changes::between(&self.catalog, &catalog);
        self.catalog = catalog;
        self.put_views();
        changes
    }

    /// Whether a method of that name can be called.
    pub fn has(&self, name: &str) -> bool {
        self.catalog.has(name) || self.live.contains_key(name)
    }

    /// The method of that name.
    pub fn method(&self, name: &str) -> Option<Result<Arc<Method>, CatalogError>> {
        if let Some(method) = self.catalog.shared(name) {
            return Some(method);
        }
        let listed = self.live.get(name)?;
        let mut method = self.catalog.with_habits(listed.method());
        // What a service says about itself with these changes nothing.
        if self.provider().introspection.as_ref().is_some_and(|rule| rule.describes(name)) {
            method.effect = Effect::Read;
        }
        Some(Ok(Arc::new(method)))
    }

    /// The texts of the method of that name, for a search.
    pub(crate) fn sketch<'s>(&'s self, name: &'s str) -> Option<Result<Sketch<'s>, CatalogError>> {
        let known = self.catalog.sketch(name);
        known.or_else(|| {
            let listed = self.live.get(name)?;
            let part = |it: &'s Parameter| Part { name: (&it.name).into(), summary: (&it.summary).into() };
            let params = listed.params.iter().flatten().map(part).collect();
            let notes = Some(listed.help.as_str()).filter(|help| !help.is_empty()).map(Into::into);
            Some(Ok(Sketch { name: name.into(), summary: listed.summary().into(), notes, params, ..Sketch::default() }))
        })
    }

    /// All methods, sorted by name. Nothing is parsed that is not shown: this runs on every keystroke.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut catalogued = self.catalog.records().iter().peekable();
        let mut live = self.live.values().map(entry).peekable();
        std::iter::from_fn(move || match (catalogued.peek(), live.peek()) {
            (Some(ours), Some(theirs)) if theirs.name < ours.name => live.next(),
            (None, _) => live.next(),
            _ => catalogued.next(),
        })
    }
}

fn entry(listed: &Listed) -> Entry<'_> {
    Entry { name: &listed.name, summary: listed.summary(), deprecated: listed.deprecated }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    #[test]
    fn what_a_service_says_of_its_methods_is_used() {
        let catalog = Catalog::open(embedded::find("xmlrpc").unwrap()).unwrap();
        let mut source = Source::new("own", catalog);
        assert!(source.is_empty());
        source.merge_live(["item.get", "system.listMethods"]);
        assert!(source.method("item.get").unwrap().unwrap().untyped && !source.is_catalogued("item.get"));
        let params = Some(vec![Parameter { name: "id".into(), ..Parameter::default() }]);
        source.describe(Listed { help: "Get an item. Now.".into(), params, ..Listed::from("item.get") });
        source.describe(Listed::from("not.listed"));
        let method = source.method("item.get").unwrap().unwrap();
        assert_eq!((method.summary.as_str(), method.effect, method.untyped), ("Get an item", Effect::Change, false));
        assert_eq!(source.method("system.listMethods").unwrap().unwrap().effect, Effect::Read);
        assert!(!source.is_empty() && source.method("not.listed").is_none());
        let sketch = source.sketch("item.get").unwrap().unwrap();
        assert_eq!((sketch.params.len(), sketch.summary.as_ref()), (1, "Get an item"));
        assert_eq!(source.entries().map(|entry| entry.summary).collect::<Vec<_>>(), ["Get an item", ""]);
        assert_eq!(source.listed("item.get").map(|it| it.described), Some(false));
    }
}
