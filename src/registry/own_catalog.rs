//! Catalogues of the user's own: linted before they are used.

use super::catalog::{Catalog, CatalogError};
use super::embedded::{Alias, Record};
use super::lint;
use super::pack::pack;
use super::shapes::Shapes;

impl Catalog {
    /// Reads a catalogue that a user provides: one TOML text with the provider's rules, shapes and methods. It must
    /// pass the same checks as the embedded ones; `origin` names its source in errors.
    pub fn parse(origin: &str, text: &str) -> Result<Catalog, CatalogError> {
        let fault = |place: &str, cause: String| CatalogError { id: origin.to_owned(), place: place.to_owned(), cause };
        let packed = pack(std::iter::once(("the text", text))).map_err(|cause| fault("TOML", cause))?;
        let records = packed.methods.into_iter().map(|(name, summary, deprecated, json)| Record {
            name: name.into(),
            summary: summary.into(),
            deprecated,
            json: json.into(),
        });
        let aliases =
            packed.aliases.into_iter().map(|(name, method)| Alias { name: name.into(), method: method.into() });
        let names = (records.collect(), aliases.collect());
        let shapes = Shapes::new(packed.shapes.into(), packed.places.into());
        let catalog = Catalog::read(origin, &packed.provider, shapes, names)?;
        match lint::lint(&catalog).as_slice() {
            [] => Ok(catalog),
            [finding] => Err(fault("lint", finding.clone())),
            [finding, rest @ ..] => Err(fault("lint", format!("{finding} (and {} more)", rest.len()))),
        }
    }
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
            ("id = \"own\"", "id = ", "catalogue own.toml: TOML: the text: line 2:"),
            ("title = \"Our own\"", "", "missing field `title`"),
            ("@thing", "@things", "lint: thing.list: @things is not defined"),
            ("effect = \"read\"", "effect = \"reads\"", "unknown variant `reads`"),
        ] {
            let error = Catalog::parse("own.toml", &OWN.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
