//! A document whose service is simulated, and how to use what is simulated.

use std::path::Path;

use super::args::Global;
use super::context::Context;
use crate::engine::CallError;
use crate::engine::documents::Documents;
use crate::wire::{Timeouts, Wire};
use model::{Map, Value};
use openapi::{ImportError, Imported, Library, Options, Surface, has_scheme, import};
use sandbox::Account;

/// What a provider is called if the name of its document cannot be typed.
const UNNAMED: &str = "api";

/// A document whose service is simulated.
pub(super) struct Document {
    /// What it says about its service.
    pub(super) surface: Surface,
    /// Where it is, as the user has written it.
    document: String,
    /// A method to try, if it can be imported.
    probe: Option<String>,
}

impl Document {
    /// Reads a document with its files.
    pub(super) fn read(document: &str, global: &Global, context: &Context) -> Result<Document, CallError> {
        let mut wire = Wire::new(context.network(global.plain_http.clone())).map_err(CallError::Address)?;
        let mut documents = Documents::new(&mut wire, Timeouts::default(), &[]);
        let address = address(document, context)?;
        let library = Library::gather(&address, &mut documents).map_err(|error| documents.cause(&error))?;
        let failed = |error: ImportError| CallError::usage_of(error.to_string());
        let surface = Surface::of(&library, &address).map_err(failed)?;
        if surface.endpoints.is_empty() {
            return Err(failed(ImportError::Nothing { refused: Vec::new() }));
        }
        let name = name(document);
        let imported = import(&library, Options { id: &name, document: &address, ..Options::default() });
        let probe = imported.ok().and_then(|imported| probe(&imported));
        Ok(Document { surface, document: document.to_owned(), probe })
    }

    /// What it is, how it becomes a provider, and a line to try: each with a word in front of it.
    pub(super) fn lines(&self, account: &Account) -> Vec<(&'static str, String)> {
        let Surface { title, version, format, endpoints, .. } = &self.surface;
        let title = if title.is_empty() { "a service without a title" } else { title };
        let called = format!("{title} {version}");
        let name = name(&self.document);
        let mut lines = vec![
            ("serves", format!("{}, {format}, {} operations", called.trim_end(), endpoints.len())),
            ("import", format!("marsh import {} --name {name}", self.document)),
        ];
        if let Some(probe) = &self.probe {
            let user = account.user.as_ref().map(|user| format!("--user {user} ")).unwrap_or_default();
            let Account { key, url, .. } = account;
            lines.push(("try", format!("marsh --provider {name} {user}-k {key} -u {url} {probe}")));
        }
        lines
    }
}

/// Where a document is, as it is found from everywhere.
fn address(document: &str, context: &Context) -> Result<String, CallError> {
    if has_scheme(document) {
        return Ok(document.to_owned());
    }
    let path = std::path::absolute(context.expand(Path::new(document)));
    path.map(|path| path.display().to_string()).map_err(|error| CallError::usage_of(format!("{document}: {error}")))
}

/// A name for the provider: that of the file.
fn name(document: &str) -> String {
    let path = document.split(['?', '#']).next().unwrap_or_default();
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let plain: String = stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    if plain.is_empty() { UNNAMED.to_owned() } else { plain }
}

/// A method that reads a list and needs nothing, or the first that reads.
fn probe(imported: &Imported) -> Option<String> {
    let all = || imported.methods.iter().filter_map(Value::as_map);
    let said = |method: &Map, key: &str| method.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let needs = |method: &Map| {
        let params = method.get("params").and_then(Value::as_list).unwrap_or_default();
        params.iter().any(|param| param.get("required") == Some(&Value::Bool(true)))
    };
    let free = || all().filter(|method| said(method, "effect") == "read" && !needs(method));
    let list = free().find(|method| said(method, "name").ends_with(".list"));
    list.or_else(|| free().next()).map(|method| said(method, "name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_called_after_its_document() {
        for (document, called) in [
            ("/a/Cloud.yaml", "cloud"),
            ("https://h.example/my-api.v1.json?x=1", "my-api"),
            ("/a/ü.json", "api"),
            ("", "api"),
        ] {
            assert_eq!(name(document), called, "{document}");
        }
    }

    #[test]
    fn a_line_to_try_needs_nothing() {
        let text = r#"{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/a/{id}":{"get":{}},"/b":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"type":"array","items":{}}}}}}}}}}"#;
        let library = Library::of(serde_json::from_str(text).unwrap());
        let imported = import(&library, Options { id: "own", ..Options::default() }).unwrap();
        let document = Document {
            surface: Surface::of(&library, "").unwrap(),
            document: "t.json".into(),
            probe: probe(&imported),
        };
        let account =
            Account { provider: "openapi", url: "http://h/v1".into(), user: Some("u".into()), key: "k".into() };
        let told: Vec<String> =
            document.lines(&account).into_iter().map(|(head, line)| format!("{head} {line}")).collect();
        assert_eq!(
            told,
            [
                "serves T 1, OpenAPI 3.0.0, 2 operations",
                "import marsh import t.json --name t",
                "try marsh --provider t --user u -k k -u http://h/v1 b.list",
            ]
        );
    }
}
