//! A provider's catalogue, read record by record.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::embedded::{Alias, Embedded, Record};
use super::lint;
use super::pack::pack;
use model::{Method, Provider, Shape};

/// What is wrong with a catalogue's text.
#[derive(Debug, thiserror::Error)]
#[error("catalogue {id}: {place}: {cause}")]
pub struct CatalogError {
    /// The catalogue's id, or where it came from.
    pub id: String,
    /// The method or part.
    pub place: String,
    /// What the parser, or the lint, said.
    pub cause: String,
}

/// A catalogue. The provider's rules are parsed at once, methods and shapes when they are asked for.
#[derive(Clone, Debug)]
pub struct Catalog {
    provider: Provider,
    shapes: Cow<'static, str>,
    records: Cow<'static, [Record]>,
    aliases: Cow<'static, [Alias]>,
    /// The language that was chosen for the provider's messages.
    language: Option<String>,
    parsed_shapes: OnceLock<Vec<Shape>>,
}

impl Catalog {
    /// Reads the provider's rules of a catalogue that the program carries.
    pub fn open(source: &'static Embedded) -> Result<Catalog, CatalogError> {
        let Embedded { id, provider, shapes, methods, aliases } = *source;
        Catalog::read(id, provider, shapes.into(), (methods.into(), aliases.into()))
    }

    /// Reads a catalogue that a user brought: one TOML text with the provider's rules, shapes and methods. It is held
    /// to the same rules as those that the program carries; `origin` says in errors where it came from.
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
        let catalog = Catalog::read(origin, &packed.provider, packed.shapes.into(), names)?;
        match lint::lint(&catalog).as_slice() {
            [] => Ok(catalog),
            [finding] => Err(fault("lint", finding.clone())),
            [finding, rest @ ..] => Err(fault("lint", format!("{finding} (and {} more)", rest.len()))),
        }
    }

    fn read(
        id: &str,
        provider: &str,
        shapes: Cow<'static, str>,
        (records, aliases): (Cow<'static, [Record]>, Cow<'static, [Alias]>),
    ) -> Result<Catalog, CatalogError> {
        let provider = serde_json::from_str(provider).map_err(|error| fault(id, "provider", &error))?;
        Ok(Catalog { provider, shapes, records, aliases, language: None, parsed_shapes: OnceLock::new() })
    }

    /// The same with the provider's messages in a language, where it has them in several. `Err` names those that it has.
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

    /// The same in the language that was chosen for another edition of it.
    pub(crate) fn like(mut self, other: &Catalog) -> Catalog {
        if let (Some(rule), Some(language)) = (&mut self.provider.fault, &other.language) {
            rule.prefer(language);
        }
        self.language.clone_from(&other.language);
        self
    }

    /// The provider's rules.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Names and summaries of all methods, sorted by name.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Other names of methods, sorted.
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// Whether a method has or answers to that name.
    pub fn has(&self, name: &str) -> bool {
        self.record(name).is_some()
    }

    /// The method that has or answers to that name; `None` when it is not in the catalogue.
    pub fn method(&self, name: &str) -> Option<Result<Method, CatalogError>> {
        let record = self.record(name)?;
        let method = serde_json::from_str(&record.json).map(|method| self.with_habits(method));
        Some(method.map_err(|error| fault(&self.provider.id, name, &error)))
    }

    /// A method with what the provider says for all of its methods.
    pub(crate) fn with_habits(&self, method: Method) -> Method {
        let arguments = method.arguments.or(Some(self.provider.arguments));
        Method { arguments, any_case: self.provider.any_case, ..method }
    }

    /// The shapes that methods share. A catalogue whose shapes cannot be read has none; the lint finds what refers to
    /// them.
    pub fn shapes(&self) -> &[Shape] {
        self.parsed_shapes.get_or_init(|| serde_json::from_str(&self.shapes).unwrap_or_default())
    }

    fn record(&self, name: &str) -> Option<&Record> {
        let own = |name: &str| self.records.binary_search_by(|record| (*record.name).cmp(name)).ok();
        let other = || {
            let at = self.aliases.binary_search_by(|alias| (*alias.name).cmp(name)).ok()?;
            own(&self.aliases.get(at)?.method)
        };
        self.records.get(own(name).or_else(other)?)
    }
}

fn fault(id: &str, place: &str, cause: &serde_json::Error) -> CatalogError {
    CatalogError { id: id.to_owned(), place: place.to_owned(), cause: cause.to_string() }
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
            ("@thing", "@things", "lint: thing.list: @things is described nowhere"),
            ("effect = \"read\"", "effect = \"reads\"", "unknown variant `reads`"),
        ] {
            let error = Catalog::parse("own.toml", &OWN.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
