//! A provider's catalogue, read record by record.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::embedded::Embedded;
use super::records::{Aliases, Listing, Records};
use super::shapes::Shapes;
use super::sketch::Sketch;
use super::texts::Texts;
use super::views::Views;
use model::method::Passing;
use model::{Later, Method, Provider, Shape};

/// What is wrong with a catalogue's text.
#[derive(Debug, thiserror::Error)]
#[error("catalogue {id}: {place}: {cause}")]
pub struct CatalogError {
    /// The catalogue's id, or its file.
    pub id: String,
    /// The method or the part of the catalogue.
    pub place: String,
    /// The message of the parser or the lint.
    pub cause: String,
}

/// A catalogue. The provider's rules are parsed when it is opened, methods and shapes when they are needed.
#[derive(Clone, Debug)]
pub struct Catalog {
    provider: Provider,
    shapes: Shapes,
    listing: Listing,
    views: Views,
    /// The language that was chosen for the provider's messages.
    language: Option<String>,
    /// The way that was chosen for the key.
    way: Option<String>,
    /// The way that was chosen for arguments.
    passed: Option<Passing>,
    /// What has been read of each record.
    read: OnceLock<Box<[OnceLock<Box<Read>>]>>,
    /// The place of the method that was found last: one line asks for the same several times.
    last: Last,
}

/// A place that may be out of date.
#[derive(Debug, Default)]
struct Last(AtomicUsize);

impl Clone for Last {
    fn clone(&self) -> Last {
        Last::default()
    }
}

/// What has been read of a record.
#[derive(Clone, Debug, Default)]
struct Read {
    /// The text of its entry, if the catalogue is in a file.
    text: OnceLock<Option<String>>,
    method: OnceLock<Arc<Method>>,
    /// The shapes that the method names.
    shapes: OnceLock<Vec<Shape>>,
}

impl Catalog {
    /// Opens an embedded catalogue and reads its provider's rules.
    pub fn open(source: &'static Embedded) -> Result<Catalog, CatalogError> {
        let Embedded { id, provider, errors, shapes, places, text, methods, aliases, views } = *source;
        let shapes = Shapes::new(shapes.into(), places.into());
        let texts = Texts { text: text.into(), methods: methods.into(), aliases: aliases.into() };
        let mut catalog = Catalog::read(id, provider, shapes, Listing::Here(texts), Views::new(views.into()))?;
        catalog.provider.errors = Later::new(errors, |text| serde_json::from_str(text).unwrap_or_default());
        Ok(catalog)
    }

    pub(super) fn read(
        id: &str,
        provider: &str,
        shapes: Shapes,
        listing: Listing,
        views: Views,
    ) -> Result<Catalog, CatalogError> {
        let mut provider: Provider = serde_json::from_str(provider).map_err(|error| fault(id, "provider", &error))?;
        if provider.title.is_empty() {
            provider.title.clone_from(&provider.id);
        }
        let (language, way, passed, read, last) = (None, None, None, OnceLock::new(), Last::default());
        Ok(Catalog { provider, shapes, listing, views, language, way, passed, read, last })
    }

    /// The same with the provider's messages in a language, if there are several. `Err` lists the languages that exist.
    pub fn speaking(mut self, language: &str) -> Result<Catalog, Vec<String>> {
        let rule = self.provider.fault.as_mut();
        let has = rule.as_ref().map(|rule| rule.languages()).unwrap_or_default();
        if !has.iter().any(|known| known == language) {
            return Err(has);
        }
        if let Some(rule) = rule {
            rule.prefer(language);
        }
        self.language = Some(language.to_owned());
        Ok(self)
    }

    /// The same with another of the provider's ways for the key to go. `Err` lists the names of those that exist.
    pub fn authenticated(mut self, way: &str) -> Result<Catalog, Vec<String>> {
        match self.provider.way(way) {
            Some(auth) => (self.provider.auth, self.way) = (auth, Some(way.to_owned())),
            None => return Err(self.provider.ways()),
        }
        Ok(self)
    }

    /// The same with arguments passed in another way where a method does not say how.
    pub fn passing(mut self, arguments: Passing) -> Catalog {
        (self.provider.arguments, self.passed) = (Some(arguments), Some(arguments));
        self
    }

    /// The same with what was chosen for another version of the catalogue.
    pub(crate) fn like(mut self, other: &Catalog) -> Catalog {
        if let (Some(rule), Some(language)) = (&mut self.provider.fault, &other.language) {
            rule.prefer(language);
        }
        self.language.clone_from(&other.language);
        // A way that it no longer has is left out: then its host is asked with its usual one, or refused.
        if let Some(way) = &other.way
            && let Some(auth) = self.provider.way(way)
        {
            (self.provider.auth, self.way) = (auth, Some(way.clone()));
        }
        match other.passed {
            Some(passed) => self.passing(passed),
            None => self,
        }
    }

    /// The provider's rules.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Names and summaries of all methods, sorted by name.
    pub fn records(&self) -> Records<'_> {
        Records(&self.listing)
    }

    /// Aliases of methods, sorted.
    pub fn aliases(&self) -> Aliases<'_> {
        Aliases(&self.listing)
    }

    /// How it answers views.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// The same, to leave out what is wrong.
    pub(super) fn views_mut(&mut self) -> &mut Views {
        &mut self.views
    }

    /// Whether a method has that name or alias.
    pub fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The method with that name or alias, which is read once; `None` when it is not in the catalogue.
    pub(crate) fn shared(&self, name: &str) -> Option<Result<Arc<Method>, CatalogError>> {
        let at = self.position(name)?;
        let Some(read) = self.read_at(at) else { return self.method(name).map(|method| method.map(Arc::new)) };
        if let Some(method) = read.method.get() {
            return Some(Ok(Arc::clone(method)));
        }
        Some(self.method(name)?.map(|method| Arc::clone(read.method.get_or_init(|| Arc::new(method)))))
    }

    /// The method with that name or alias; `None` when it is not in the catalogue.
    pub fn method(&self, name: &str) -> Option<Result<Method, CatalogError>> {
        let method = serde_json::from_str(self.text(name)?).map(|method| self.with_habits(method));
        Some(method.map_err(|error| fault(&self.provider.id, name, &error)))
    }

    /// The texts of the method with that name: a fraction of what it takes to read all of it.
    pub(crate) fn sketch(&self, name: &str) -> Option<Result<Sketch<'_>, CatalogError>> {
        Some(serde_json::from_str(self.text(name)?).map_err(|error| fault(&self.provider.id, name, &error)))
    }

    /// A method with the provider's settings for all of its methods.
    pub(crate) fn with_habits(&self, method: Method) -> Method {
        let arguments = method.arguments.or(self.provider.passing());
        let params = || method.params.iter().map(|param| param.name.as_str());
        let usual = self.provider.idempotency.as_ref().filter(|rule| rule.suits(params())).cloned();
        let idempotency = method.idempotency.clone().or(usual);
        Method { arguments, idempotency, any_case: self.provider.any_case, ..method }
    }

    /// The shapes that methods share, sorted by name. Empty if they cannot be read; the lint then reports the methods that
    /// refer to them.
    pub fn shapes(&self) -> &[Shape] {
        self.shapes.all()
    }

    /// The shapes that one of the methods names, directly or through others. Only these are read.
    pub fn shapes_of(&self, method: &Method) -> &[Shape] {
        let read = self.position(&method.name).and_then(|at| self.read_at(at));
        read.map_or(&[], |read| read.shapes.get_or_init(|| self.shapes.of(method)))
    }

    /// The place of the method with that name or alias.
    fn position(&self, name: &str) -> Option<usize> {
        let last = self.last.0.load(Ordering::Relaxed);
        if self.records().get(last).is_some_and(|entry| entry.name == name) {
            return Some(last);
        }
        let found = self.listing.position(name)?;
        self.last.0.store(found, Ordering::Relaxed);
        Some(found)
    }

    fn read_at(&self, at: usize) -> Option<&Read> {
        let all = self.read.get_or_init(|| (0..self.records().len()).map(|_| OnceLock::new()).collect());
        Some(all.get(at)?.get_or_init(Box::default))
    }

    /// The entry of the method with that name or alias, as JSON. What cannot be read of a file is empty, and no entry.
    fn text(&self, name: &str) -> Option<&str> {
        let at = self.position(name)?;
        match &self.listing {
            Listing::Here(texts) => texts.json(at),
            Listing::Stored(stored) => {
                let text = self.read_at(at)?.text.get_or_init(|| stored.record(at));
                Some(text.as_deref().unwrap_or_default())
            }
        }
    }
}

fn fault(id: &str, place: &str, cause: &serde_json::Error) -> CatalogError {
    CatalogError { id: id.to_owned(), place: place.to_owned(), cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    #[test]
    fn kinds_of_services_are_adapted_to_an_account() {
        for source in embedded::generic() {
            let open = || Catalog::open(source).unwrap();
            assert!(open().records().is_empty() && !open().provider().auth.needs_key(), "{}", source.id);
            let none = open().authenticated("none").unwrap();
            assert_eq!(none.provider().auth, model::provider::Auth { value: "{key}".into(), ..Default::default() });
            assert!(open().authenticated("nothing").unwrap_err().contains(&"bearer".to_owned()));
            let positional = open().passing(Passing::Positional);
            assert_eq!(positional.with_habits(Method::discovered("a.b")).passing(), Passing::Positional);
        }
        assert!(embedded::ids().any(|id| id == "xmlrpc"));
    }

    #[test]
    fn the_error_codes_of_every_catalogue_can_be_read() {
        for source in embedded::all().iter().chain(embedded::generic()) {
            let codes: Vec<model::ErrorCode> = serde_json::from_str(source.errors).unwrap();
            assert_eq!(Catalog::open(source).unwrap().provider().errors[..], codes, "{}", source.id);
        }
    }

    #[test]
    fn a_method_is_found_by_its_name_and_by_its_other_names() {
        for source in embedded::all() {
            let catalog = Catalog::open(source).unwrap();
            for record in catalog.records() {
                assert_eq!(catalog.method(record.name).unwrap().unwrap().name, record.name);
            }
            for alias in catalog.aliases() {
                assert_eq!(catalog.method(alias.name).unwrap().unwrap().name, alias.method);
            }
            assert!(!catalog.has("no.such") && catalog.method("no.such").is_none());
        }
    }
}
