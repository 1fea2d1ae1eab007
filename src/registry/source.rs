//! One profile's methods: its provider's catalogue, and the live list of the service.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Entry;
use super::catalog::{Catalog, CatalogError};
use super::embedded::Record;
use super::sketch::Sketch;
use model::{Method, Provider, Shape};

/// The methods of one profile. A name that is only in the live list can be called at once, with parameters of any name
/// and type.
#[derive(Debug)]
pub struct Source {
    profile: String,
    catalog: Catalog,
    live: BTreeSet<String>,
    /// Lines that the user has saved under a name. The example of each is the line.
    saved: Vec<Arc<Method>>,
}

/// The differences between an old and a new list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New names.
    pub came: Vec<String>,
    /// Names that no longer exist.
    pub went: Vec<String>,
}

impl Changes {
    /// Adds further changes.
    pub fn extend(&mut self, more: Changes) {
        self.came.extend(more.came);
        self.went.extend(more.went);
    }
}

impl Source {
    /// The methods of a catalogue under the name of a profile.
    pub fn new(profile: &str, catalog: Catalog) -> Source {
        Source { profile: profile.to_owned(), catalog, live: BTreeSet::new(), saved: Vec::new() }
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

    /// Adds the names in the server's live list, and drops names of an earlier list that are no longer in it. Methods
    /// that carry other calls are left out.
    pub fn merge_live(&mut self, names: impl IntoIterator<Item = String>) -> Changes {
        let is_new = |name: &String| !self.catalog.has(name) && !self.provider().carries(name);
        let listed: BTreeSet<String> = names.into_iter().filter(is_new).collect();
        let came = listed.difference(&self.live).cloned().collect();
        let went = self.live.difference(&listed).cloned().collect();
        self.live = listed;
        Changes { came, went }
    }

    /// Replaces the catalogue.
    pub fn replace(&mut self, catalog: Catalog) -> Changes {
        let names = |catalog: &Catalog| -> BTreeSet<String> {
            catalog.records().iter().map(|record| record.name.to_string()).collect()
        };
        let (before, after) = (names(&self.catalog), names(&catalog));
        self.catalog = catalog.like(&self.catalog);
        Changes {
            came: after.difference(&before).cloned().collect(),
            went: before.difference(&after).cloned().collect(),
        }
    }

    /// Whether a method of that name can be called.
    pub fn has(&self, name: &str) -> bool {
        self.catalog.has(name) || self.live.contains(name)
    }

    /// The method of that name.
    pub fn method(&self, name: &str) -> Option<Result<Arc<Method>, CatalogError>> {
        if let Some(method) = self.catalog.shared(name) {
            return Some(method);
        }
        self.live.contains(name).then(|| Ok(Arc::new(self.catalog.with_habits(Method::discovered(name)))))
    }

    /// The texts of the method of that name, for a search.
    pub(crate) fn sketch<'s>(&'s self, name: &'s str) -> Option<Result<Sketch<'s>, CatalogError>> {
        let known = self.catalog.sketch(name);
        known.or_else(|| self.live.contains(name).then(|| Ok(Sketch { name: name.into(), ..Sketch::default() })))
    }

    /// All methods, sorted by name. Nothing is parsed that is not shown: this runs on every keystroke.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut catalogued = self.catalog.records().iter().map(Record::entry).peekable();
        let mut live = self.live.iter().map(|name| Entry { name, summary: "", deprecated: false }).peekable();
        std::iter::from_fn(move || match (catalogued.peek(), live.peek()) {
            (Some(ours), Some(theirs)) if theirs.name < ours.name => live.next(),
            (None, _) => live.next(),
            _ => catalogued.next(),
        })
    }
}
