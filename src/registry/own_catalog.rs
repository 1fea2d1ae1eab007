//! Catalogues of the user's own: linted before they are used.

use super::catalog::{Catalog, CatalogError};
use super::check::{Findings, check};
use super::lint;
use super::pack::{pack, section};
use super::records::Listing;
use super::shapes::Shapes;
use super::texts::Texts;
use super::views::Views;
use model::Viewed;
use serde_json::{Map, Value};

impl Catalog {
    /// Reads a catalogue that a user provides: one TOML text with the provider's rules, shapes and methods. `origin` names
    /// its source in errors. Views with an error are left out.
    pub fn parse(origin: &str, text: &str) -> Result<Catalog, CatalogError> {
        let catalog = Catalog::unchecked(origin, text).ok().filter(|catalog| lint::lint_user(catalog).is_empty());
        let mut catalog = catalog.ok_or_else(|| refused(origin, text))?;
        *catalog.views_mut() = catalog.views().checked(|entry| fault_of(entry, &catalog));
        Ok(catalog)
    }

    /// Adds views of the user's own: a JSON list of entries. Those with an error are left out.
    pub(super) fn add_views(&mut self, text: &str) {
        *self.views_mut() = self.views().with(text, |entry| fault_of(entry, self));
    }

    /// Reads it without the lint.
    pub(crate) fn unchecked(origin: &str, text: &str) -> Result<Catalog, CatalogError> {
        let fault = |place: &str, cause: String| CatalogError { id: origin.to_owned(), place: place.to_owned(), cause };
        let section = section(text).map_err(|cause| fault("TOML", format!("the text: {cause}")))?;
        Catalog::of_section(origin, section)
    }

    /// The same from all of its keys.
    pub(super) fn of_section(origin: &str, section: Map<String, Value>) -> Result<Catalog, CatalogError> {
        let fault = |cause: String| CatalogError { id: origin.to_owned(), place: "TOML".to_owned(), cause };
        let packed = pack(vec![("the text", section)]).map_err(fault)?;
        let texts = Texts { text: packed.text.into(), methods: packed.methods.into(), aliases: packed.aliases.into() };
        let shapes = Shapes::new(packed.shapes.into(), packed.places.into());
        Catalog::read(origin, &packed.provider, shapes, Listing::Here(texts), Views::new(packed.views.into()))
    }
}

/// The first fault of an entry of a view.
fn fault_of(entry: &Viewed, catalog: &Catalog) -> Option<String> {
    lint::view_findings(entry, catalog).first().map(ToString::to_string)
}

/// The first fault of a text, and how many others there are.
fn refused(origin: &str, text: &str) -> CatalogError {
    let Findings(findings) = check(text);
    let (place, cause) = match findings.as_slice() {
        [] => ("TOML".to_owned(), "it cannot be read".to_owned()),
        [only] => (only.place.clone(), format!("{} (line {}): {}", only.fault, only.line, only.hint)),
        [first, rest @ ..] => {
            let all = format!("`marsh catalogue check` lists the other {}", rest.len());
            (first.place.clone(), format!("{} (line {}); {all}", first.fault, first.line))
        }
    };
    CatalogError { id: origin.to_owned(), place, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"
id = "own"
title = "Our own"
document = "wiki"
host = "https://api.example.com"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
returns = "list:@thing"
example = "thing.list"
aliases = ["things"]
[[shape]]
name = "thing"
fields = [{ name = "id", type = "int", summary = "Number" }]
"#;

    #[test]
    fn a_users_catalogue_is_read_and_linted() {
        let catalog = Catalog::parse("own.toml", OWN).unwrap();
        assert_eq!(catalog.provider().title, "Our own");
        assert_eq!(catalog.method("thing.list").unwrap().unwrap().returns.to_string(), "list:@thing");
        assert_eq!(catalog.method("things").unwrap().unwrap().name, "thing.list");
        assert_eq!(catalog.shapes().len(), 1);
        assert!(!catalog.has("thing.get"));
    }

    #[test]
    fn a_bad_catalogue_is_refused_with_the_reason() {
        for (from, to, reason) in [
            ("id = \"own\"", "id = ", "catalogue own.toml: TOML: a text must be in quotes"),
            ("id = \"own\"", "", "provider: `id` is missing (line 1): write id"),
            ("@thing", "@things", "own.toml: thing.list: @things is not defined (line 14): describe it"),
            (
                "effect = \"read\"",
                "effect = \"reads\"",
                "thing.list: `reads` is not allowed here (line 17): did you mean read",
            ),
        ] {
            let error = Catalog::parse("own.toml", &OWN.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
