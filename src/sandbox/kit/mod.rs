//! Shared by the simulated providers: time, random numbers, and checks and samples from the catalogue.

pub(crate) mod args;
pub(crate) mod check;
pub(crate) mod clock;
pub(crate) mod random;
pub(crate) mod rest;
pub(crate) mod sample;
pub(crate) mod table;
pub(crate) mod tasks;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod values;

use registry::catalog::{Catalog, CatalogError};
use registry::embedded;

/// The built-in catalogue of a provider.
pub(crate) fn catalog(id: &str) -> Result<Catalog, CatalogError> {
    let absent = || CatalogError { id: id.into(), place: "catalogue".into(), cause: "not there".into() };
    Catalog::open(embedded::find(id).ok_or_else(absent)?)
}
