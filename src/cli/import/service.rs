//! A service that describes itself in a document: `marsh add` makes a provider of it.

use std::path::Path;

use super::{key, wire};
use crate::cli::args::Global;
use crate::cli::context::Context;
use crate::config::Paths;
use crate::engine::documents::{Documents, Keyed};
use crate::engine::seeking::{Sought, seek};
use crate::engine::{CallError, imports};
use crate::wire::{Timeouts, Wire};
use model::http::split;
use model::{Redactor, Secret, Value};
use openapi::{Imported, Origin};

/// A service of which nothing is known but its address.
pub(crate) struct Service<'s> {
    /// The name of the profile, which becomes that of the provider.
    pub(crate) name: &'s str,
    /// Its address.
    pub(crate) url: &'s str,
    /// The file with the authorities to trust for it.
    pub(crate) ca: Option<&'s Path>,
    /// Its key, how it is sent, and for whom.
    pub(crate) key: Option<(Secret, &'s str, Option<&'s str>)>,
    /// A provider of that name may be replaced.
    pub(crate) replace: bool,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Described {
    /// It is a provider now: a line about it.
    Imported(String),
    /// Its document is not given to everybody; the scheme in which it asks for a key.
    Locked(Option<String>),
    /// It has none.
    Not,
}

impl Service<'_> {
    /// Looks for its document, and makes a provider of it.
    pub(crate) fn describe(self, global: &Global, context: &Context) -> Result<Described, CallError> {
        let no_home = || CallError::usage_of("there is no home folder to keep the provider in".into());
        let paths = context.paths.as_ref().ok_or_else(no_home)?;
        let mut redactor = Redactor::default();
        let keyed =
            self.key.clone().map(|(secret, way, user)| key::keyed(self.url, way, (secret, user), &mut redactor));
        let (auth, keyed) = keyed.transpose()?.map_or((None, Keyed::default()), |(way, keyed)| (Some(way), keyed));
        let mut wire: Wire = wire(global, context)?;
        wire.trusting_also(self.ca);
        let mut documents = Documents::new(&mut wire, Timeouts::default(), &[]);
        documents.set_key(keyed, &redactor);
        let document = match seek(self.url, &mut documents)? {
            Sought::Found(document) => document,
            Sought::Locked { challenge, .. } => return Ok(Described::Locked(challenge)),
            Sought::Nothing { .. } => return Ok(Described::Not),
        };
        let mut origin = Origin { document, auth, ..Origin::default() };
        // Something at the address that is no document is nothing to complain about here.
        let Ok(imported) = imports::make(self.name, &mut origin, &mut documents, false) else {
            return Ok(Described::Not);
        };
        self.keep(&imported, &origin, paths)
    }

    fn keep(&self, imported: &Imported, origin: &Origin, paths: &Paths) -> Result<Described, CallError> {
        super::check_name(self.name)?;
        self.check_host(imported)?;
        let file = paths.imported(self.name);
        if file.exists() && !self.replace && imports::origin(&file).is_none_or(|old| old.document != origin.document) {
            let message = format!("{} was imported before, from another document; nothing was written", self.name);
            return Err(CallError::Blocked { message, span: None, hint: Some("--yes replaces it".into()) });
        }
        imports::keep(imported, origin, &file)?;
        let title = imported.provider.get("title").and_then(Value::as_str).unwrap_or(self.name);
        let count = imported.report.methods;
        let document = &origin.document;
        let methods = if count == 1 { "method" } else { "methods" };
        Ok(Described::Imported(format!("{title}: {count} {methods}, from its document {document}")))
    }

    /// A document must not send the key of one host to another.
    fn check_host(&self, imported: &Imported) -> Result<(), CallError> {
        let there = &imported.report.host;
        let here = split(self.url).0;
        if there.is_empty() || there.eq_ignore_ascii_case(here) {
            return Ok(());
        }
        let name = self.name;
        let message = format!("the document of {here} sends calls to {there}; nothing was written");
        let hint = format!(
            "if that is right: `marsh import {} --name {name}`, then `marsh login --provider {name}`",
            self.url
        );
        Err(CallError::Blocked { message, span: None, hint: Some(hint) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi::Report;

    #[test]
    fn a_document_does_not_move_a_key() {
        let service = Service { name: "own", url: "https://h.example/v1", ca: None, key: None, replace: false };
        for (host, fits) in
            [("", true), ("https://h.example", true), ("https://o.example", false), ("http://h.example", false)]
        {
            let report = Report { host: host.into(), ..Report::default() };
            let checked = service.check_host(&Imported { report, ..Imported::default() });
            assert_eq!(checked.is_ok(), fits, "{host}");
        }
    }

    #[test]
    fn a_provider_of_another_document_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let service = |replace| Service { name: "own", url: "https://h.example", ca: None, key: None, replace };
        let mut imported = Imported::default();
        imported.provider.insert("id", "own");
        let origin = |document: &str| Origin { document: document.into(), ..Origin::default() };
        let said = service(false).keep(&imported, &origin("https://h.example/a"), &paths).unwrap();
        assert_eq!(said, Described::Imported("own: 0 methods, from its document https://h.example/a".into()));
        assert!(service(false).keep(&imported, &origin("https://h.example/a"), &paths).is_ok());
        assert!(service(false).keep(&imported, &origin("https://h.example/b"), &paths).is_err());
        assert!(service(true).keep(&imported, &origin("https://h.example/b"), &paths).is_ok());
    }
}
