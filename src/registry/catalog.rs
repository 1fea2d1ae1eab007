//! A provider's catalogue, read record by record.

use std::sync::OnceLock;

use super::embedded::{Embedded, Record};
use crate::model::{Method, Provider, Shape};

/// What is wrong with a catalogue's text.
#[derive(Debug, thiserror::Error)]
#[error("catalogue {id}: {place}: {cause}")]
pub struct CatalogError {
    /// The catalogue's id.
    pub id: String,
    /// The method or part.
    pub place: String,
    /// What the parser said.
    pub cause: String,
}

/// A catalogue. The provider's rules are parsed at once, methods and shapes when they are asked for.
#[derive(Debug)]
pub struct Catalog {
    provider: Provider,
    source: &'static Embedded,
    shapes: OnceLock<Vec<Shape>>,
}

impl Catalog {
    /// Reads the provider's rules.
    pub fn open(source: &'static Embedded) -> Result<Catalog, CatalogError> {
        let provider = serde_json::from_str(source.provider).map_err(|e| fault(source, "provider", e))?;
        Ok(Catalog { provider, source, shapes: OnceLock::new() })
    }

    /// The provider's rules.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Names and summaries of all methods, sorted by name.
    pub fn records(&self) -> &'static [Record] {
        self.source.methods
    }

    /// Whether there is a method of that name.
    pub fn has(&self, name: &str) -> bool {
        self.source.methods.binary_search_by(|record| record.name.cmp(name)).is_ok()
    }

    /// The method of that name; `None` when it is not in the catalogue.
    pub fn method(&self, name: &str) -> Option<Result<Method, CatalogError>> {
        let at = self.source.methods.binary_search_by(|record| record.name.cmp(name)).ok()?;
        let record = self.source.methods.get(at)?;
        Some(serde_json::from_str(record.json).map_err(|e| fault(self.source, name, e)))
    }

    /// The shapes that methods share. A catalogue whose shapes cannot be read has none: the lint keeps that from
    /// being shipped.
    pub fn shapes(&self) -> &[Shape] {
        self.shapes.get_or_init(|| serde_json::from_str(self.source.shapes).unwrap_or_default())
    }
}

fn fault(source: &Embedded, place: &str, cause: serde_json::Error) -> CatalogError {
    CatalogError { id: source.id.into(), place: place.into(), cause: cause.to_string() }
}
