//! The embedded catalogues, as `build.rs` packed them from `src/catalogs/`.

use std::borrow::Cow;

use super::Entry;

/// The provider that a key without a provider belongs to: marsh is modelled on this one's own shell.
pub const DEFAULT: &str = "memset";

/// One provider's catalogue, unparsed.
#[derive(Debug)]
pub struct Embedded {
    /// The provider's id.
    pub id: &'static str,
    /// `provider.toml` as JSON.
    pub provider: &'static str,
    /// All shapes as JSON, each after its name.
    pub shapes: &'static str,
    /// Where each of them is in that text, sorted by name: where the name begins, where the JSON begins, and where it
    /// ends.
    pub places: &'static [[u32; 3]],
    /// Sorted by name.
    pub methods: &'static [Record],
    /// Aliases of methods, sorted.
    pub aliases: &'static [Alias],
    /// How it answers views, as a JSON list.
    pub views: &'static str,
}

/// One method. Only what lists and completion show is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The method's name.
    pub name: Cow<'static, str>,
    /// One line of what it does.
    pub summary: Cow<'static, str>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The whole entry as JSON.
    pub json: Cow<'static, str>,
}

impl Record {
    /// What lists show of it.
    pub fn entry(&self) -> Entry<'_> {
        Entry { name: &self.name, summary: &self.summary, deprecated: self.deprecated }
    }
}

/// An alias of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The alias.
    pub name: Cow<'static, str>,
    /// The method's own name.
    pub method: Cow<'static, str>,
}

const fn alias(name: &'static str, method: &'static str) -> Alias {
    Alias { name: Cow::Borrowed(name), method: Cow::Borrowed(method) }
}

const fn record(name: &'static str, summary: &'static str, deprecated: bool, json: &'static str) -> Record {
    Record { name: Cow::Borrowed(name), summary: Cow::Borrowed(summary), deprecated, json: Cow::Borrowed(json) }
}

/// The catalogue with that id: a provider's, or that of a kind of services.
pub fn find(id: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().chain(GENERIC).find(|catalogue| catalogue.id == id)
}

/// Kinds of services that have no methods of their own: the services list theirs, and accounts say where they are.
pub fn generic() -> &'static [Embedded] {
    GENERIC
}

/// The ids of all catalogues, those of kinds of services last.
pub fn ids() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().chain(GENERIC).map(|catalogue| catalogue.id)
}

/// The catalogue of every provider.
pub fn all() -> &'static [Embedded] {
    EMBEDDED
}

/// What was reviewed about documents of services, as TOML.
pub fn overlays() -> &'static [&'static str] {
    OVERLAYS
}

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));
