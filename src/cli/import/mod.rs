//! `marsh import`: an OpenAPI or Swagger document becomes a provider, with an account of what became of each operation.

mod report;
mod shelf;

use std::path::Path;

use super::args::Global;
use super::context::Context;
use super::import_args::Import;
use super::listing;
use crate::config::{Paths, private};
use crate::engine::{CallError, catalogs};
use model::Value;
use openapi::{Imported, Library, Options, Origin, Overlay};
use registry::{embedded, stored};
use shelf::Documents;

/// Imports a document, or shows what it would become.
pub(super) fn run(wish: &Import, global: &Global, context: &Context) -> Result<(), CallError> {
    let no_home = || CallError::usage_of("there is no home folder to keep the provider in".into());
    let paths = context.paths.as_ref().ok_or_else(no_home)?;
    check_name(&wish.name)?;
    check_free(wish, paths)?;
    let hosts = global.plain_http.clone();
    let mut documents = Documents::new(&wish.allow, context.network(hosts))?;
    let document = documents.place(&wish.document, context)?;
    let failed = |error: openapi::ImportError| CallError::usage_of(error.to_string());
    let library = Library::gather(&document, &mut documents).map_err(|error| documents.cause(error))?;
    let own = wish.overlay.as_deref().map(|path| reviewed(path, context)).transpose()?;
    let shipped: Vec<Overlay> = embedded::overlays().iter().filter_map(|text| Overlay::parse(text).ok()).collect();
    let (server, hashed) = (wish.server.as_deref(), wish.output.is_some());
    let options =
        Options { id: &wish.name, document: &document, server, overlay: own.as_ref(), shipped: &shipped, hashed };
    let imported = openapi::import(&library, options).map_err(failed)?;
    let origin = Origin {
        document,
        server: wish.server.clone(),
        allowed: wish.allow.clone(),
        format: imported.report.format.clone(),
        version: imported.report.version.clone(),
    };
    if !wish.dry_run {
        keep(&imported, &origin, &wish.name, paths)?;
    }
    tell(&imported, wish, context)
}

/// What the user has reviewed.
fn reviewed(path: &Path, context: &Context) -> Result<Overlay, CallError> {
    let path = context.expand(path);
    let fault = |problem: String| CallError::usage_of(format!("{}: {problem}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    Overlay::parse(&text).map_err(|error| fault(error.to_string()))
}

/// Stores the catalogue: completely, or not at all.
fn keep(imported: &Imported, origin: &Origin, name: &str, paths: &Paths) -> Result<(), CallError> {
    let file = paths.imported(name);
    let bytes = stored::store(imported.parts(origin)).map_err(CallError::usage_of)?;
    let cannot = |error| CallError::usage_of(format!("cannot write {}: {error}", file.display()));
    private::store(&file, &bytes).map_err(cannot)
}

/// Says what became of the document, and what to do next.
fn tell(imported: &Imported, wish: &Import, context: &Context) -> Result<(), CallError> {
    let console = &mut context.console();
    let rows = Value::List(imported.methods.iter().map(|method| report::row(method, &imported.hashes)).collect());
    let text = report::text(imported, &wish.name);
    listing::put(console, &text, &rows, wish.output)?;
    let name = &wish.name;
    console.note(&match (wish.dry_run, imported.report.host.is_empty()) {
        (true, _) => "nothing was saved".to_owned(),
        (false, false) => format!("{name} is a provider now; set up an account: marsh login --provider {name}"),
        (false, true) => {
            format!("{name} is a provider now; set up an account: marsh login --provider {name} --url https://HOST")
        }
    });
    Ok(())
}

/// A name that can be that of a provider, and that the program does not have itself.
fn check_name(name: &str) -> Result<(), CallError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let hint = match () {
        () if name.is_empty() || !name.chars().all(plain) => "use small letters, digits, - and _",
        () if embedded::find(name).is_some() => "the program has a provider of that name: choose another",
        () => return Ok(()),
    };
    let message = format!("`{name}` cannot be the name of an imported provider");
    Err(CallError::Usage { message, span: None, hint: Some(hint.to_owned()) })
}

/// Accounts may use the provider of that name: it is replaced only if the user says so, or if it is made of the same
/// document.
fn check_free(wish: &Import, paths: &Paths) -> Result<(), CallError> {
    let note = catalogs::imported_note(&paths.imported(&wish.name));
    if wish.yes || wish.dry_run || note.is_none() {
        return Ok(());
    }
    let origin = note.and_then(|note| Origin::parse(&note)).map(|origin| origin.document).unwrap_or_default();
    let message = format!("{} was imported before, from {origin}; nothing was written", wish.name);
    Err(CallError::Blocked { message, span: None, hint: Some("--yes replaces it".into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_a_plain_name_of_its_own() {
        for (name, fits) in
            [("hetzner", true), ("my-dns_2", true), ("", false), ("A", false), ("a.b", false), ("../x", false)]
        {
            assert_eq!(check_name(name).is_ok(), fits, "{name}");
        }
        assert!(check_name(embedded::DEFAULT).is_err());
    }

    #[test]
    fn a_provider_is_not_replaced_by_accident() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let wish = Import { name: "own".into(), ..Import::default() };
        assert!(check_free(&wish, &paths).is_ok());
        let origin = Origin { document: "a.json".into(), ..Origin::default() };
        let mut imported = Imported::default();
        imported.provider.insert("id", "own");
        keep(&imported, &origin, "own", &paths).unwrap();
        let error = check_free(&wish, &paths).unwrap_err().to_string();
        assert_eq!(error, "own was imported before, from a.json; nothing was written");
        assert!(check_free(&Import { yes: true, ..wish }, &paths).is_ok());
    }
}
