//! Catalogues that are made of a service's own document: imported once, and again when the document may have changed.

use std::path::Path;

use crate::config::private;
use crate::engine::accounts::catalogs;
use crate::engine::accounts::documents::Documents;
use crate::engine::state::error::CallError;
use openapi::{ImportError, Imported, Library, Options, Origin, Overlay};
use registry::catalog::Catalog;
use registry::{Source, embedded, stored};

/// How many methods must be left of ten for a document to replace an earlier one without the user's word.
const LEFT_OF_TEN: usize = 5;

/// Makes a catalogue of a document. What is learnt of the document is noted in its origin.
pub fn make(id: &str, origin: &mut Origin, documents: &mut Documents<'_>, hashed: bool) -> Result<Imported, CallError> {
    let own = origin.overlay.as_deref().map(reviewed).transpose()?;
    let library = Library::gather(&origin.document, documents).map_err(|error| documents.cause(&error))?;
    let shipped = shipped();
    let options = Options {
        id,
        document: &origin.document,
        server: origin.server.as_deref(),
        overlay: own.as_ref(),
        shipped: &shipped,
        hashed,
    };
    let failed = |error: ImportError| CallError::usage_of(error.to_string());
    let imported = openapi::import(&library, options).map_err(failed)?;
    origin.format.clone_from(&imported.report.format);
    origin.version.clone_from(&imported.report.version);
    Ok(imported)
}

/// What is shipped with the program about the documents of others.
pub(crate) fn shipped() -> Vec<Overlay> {
    embedded::overlays().iter().filter_map(|text| Overlay::parse(text).ok()).collect()
}

/// What the user has reviewed.
fn reviewed(path: &str) -> Result<Overlay, CallError> {
    let fault = |problem: String| CallError::usage_of(format!("{path}: {problem}"));
    let text = std::fs::read_to_string(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    Overlay::parse(&text).map_err(|error| fault(error.to_string()))
}

/// Stores the catalogue: completely, or not at all.
pub fn keep(imported: &Imported, origin: &Origin, file: &Path) -> Result<(), CallError> {
    let bytes = stored::store(imported.parts(origin)).map_err(CallError::usage_of)?;
    let cannot = |error| CallError::usage_of(format!("cannot write {}: {error}", file.display()));
    private::store(file, &bytes).map_err(cannot)
}

/// The catalogue of an import, as it will be used.
pub fn opened(id: &str, imported: &Imported, origin: &Origin) -> Result<Catalog, CallError> {
    catalogs::held(id, stored::store(imported.parts(origin)).map_err(CallError::usage_of)?)
}

/// What a stored catalogue was made from.
pub fn origin(file: &Path) -> Option<Origin> {
    catalogs::imported_note(file).as_deref().and_then(Origin::parse)
}

/// The same for a catalogue that was imported.
pub(crate) fn known_origin(file: &Path) -> Result<Origin, CallError> {
    let unknown = || CallError::usage_of(format!("{} does not say which document it was made from", file.display()));
    origin(file).ok_or_else(unknown)
}

/// Another version of a catalogue, and what a person should know about it.
pub(crate) struct Renewed {
    pub(crate) catalog: Catalog,
    pub(crate) notes: Vec<String>,
}

/// Imports the document of a source again, in the same way. An error leaves everything as it is.
pub(crate) fn renew(
    source: &Source,
    file: &Path,
    mut origin: Origin,
    documents: &mut Documents<'_>,
) -> Result<Renewed, CallError> {
    let id = source.provider().id.clone();
    let imported = make(&id, &mut origin, documents, false)?;
    refuse(source, &source.adapted(opened(&id, &imported, &origin)?), &id, &origin)?;
    keep(&imported, &origin, file)?;
    let reopened = catalogs::imported(file);
    let catalog = reopened.unwrap_or_else(|| Err(CallError::usage_of(format!("{} is gone", file.display()))))?;
    Ok(Renewed { catalog: source.adapted(catalog), notes: notes(&imported) })
}

/// Refuses a document that sends calls to another place than before, or that has lost most of what was in it.
fn refuse(source: &Source, after: &Catalog, id: &str, origin: &Origin) -> Result<(), CallError> {
    let before = source.catalogued().len();
    let left = after.records().len();
    let (old, new) = (source.provider(), after.provider());
    let problem = if old.host != new.host || old.regions != new.regions {
        let host = if new.host.is_empty() { "no host" } else { &new.host };
        format!("the document now sends calls to {host}, not to {}", old.host)
    } else if !new.same_place(old) {
        "the document now wants the key to be sent in another way".to_owned()
    } else if left * 10 < before * LEFT_OF_TEN {
        format!("the document now has {left} of {before} methods, which is probably a mistake")
    } else {
        return Ok(());
    };
    let message = format!("{problem}; what was imported before is still used");
    let hint = format!("`marsh import {} --name {id} --yes` takes it all the same", origin.document);
    Err(CallError::Blocked { message, span: None, hint: Some(hint) })
}

/// What a person should know about an import: reviewed entries that are not used any more.
fn notes(imported: &Imported) -> Vec<String> {
    let outdated = |operation: &String| {
        format!("note: {operation} is not as it was reviewed, or is gone: its review is not used any more")
    };
    imported.report.outdated.iter().map(outdated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Network, Timeouts, Wire};
    use registry::Changes;

    /// A document with some things, each with a list, below a server.
    fn document(server: &str, things: &[&str], more: &str) -> String {
        let path = |thing: &&str| format!(r#""/{thing}":{{"get":{{"responses":{{"200":{{}}}}}}}}"#);
        let mut paths: Vec<String> = things.iter().map(path).collect();
        paths.extend((!more.is_empty()).then(|| more.to_owned()));
        format!(
            r#"{{"openapi":"3.0.0","info":{{"title":"T","version":"1"}},"servers":[{{"url":"{server}"}}],"paths":{{{}}}}}"#,
            paths.join(",")
        )
    }

    #[test]
    fn a_document_replaces_an_earlier_one_only_if_it_can_be_used_and_is_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = (folder.path().join("api.json"), folder.path().join("own.catalogue"));
        let put = |text: String| private::store(&path, text.as_bytes()).unwrap();
        let home = "https://h.example";
        put(document(home, &["a", "b", "c"], ""));
        let mut wire = Wire::new(Network::default()).unwrap();
        let mut documents = Documents::new(&mut wire, Timeouts::default(), &[]);
        let mut first = Origin { document: path.display().to_string(), ..Origin::default() };
        let imported = make("own", &mut first, &mut documents, false).unwrap();
        keep(&imported, &first, &file).unwrap();
        assert_eq!(origin(&file), Some(first.clone()));
        assert!(known_origin(&path).is_err());
        let mut source = Source::new("own", catalogs::imported(&file).unwrap().unwrap());
        let mut again = |source: &mut Source, text: String| -> Result<Changes, String> {
            put(text);
            let renewed = renew(source, &file, first.clone(), &mut documents);
            renewed.map(|renewed| source.replace(renewed.catalog)).map_err(|error| error.to_string())
        };
        for (text, said) in [
            ("<html>".to_owned(), "web page or XML"),
            (document(home, &["a"], ""), "the document now has 1 of 3 methods, which is probably a mistake"),
            (
                document("https://o.example", &["a", "b", "c"], ""),
                "sends calls to https://o.example, not to https://h.example",
            ),
        ] {
            let error = again(&mut source, text).unwrap_err();
            assert!(error.contains(said), "{error}");
            assert_eq!(source.catalogued().len(), 3);
            assert_eq!(catalogs::imported(&file).unwrap().unwrap().records().len(), 3);
        }
        let added = r#""/a/{id}":{"delete":{"responses":{"204":{}}}}"#;
        let changes = again(&mut source, document(home, &["a", "b"], added)).unwrap();
        assert_eq!((changes.came, changes.went), (vec!["a.delete".to_owned()], vec!["c.get".to_owned()]));
        assert!(source.has("a.delete"));
    }
}
