//! `marsh import`: an OpenAPI or Swagger document becomes a provider, with an account of what became of each operation.

mod found;
mod key;
mod report;
mod service;

use std::path::Path;

use super::args::Global;
use super::catalogue::collisions;
use super::context::Context;
use super::import_args::Import;
use super::listing;
use super::settings;
use crate::config::Paths;
use crate::engine::changes::summary;
use crate::engine::documents::Documents;
use crate::engine::{CallError, Console, catalogs, imports};
use crate::wire::{Timeouts, Wire};
use model::Value;
use openapi::{Imported, Origin, has_scheme};
use registry::lint::lint_user;
use registry::{Changes, embedded};
use report::Checked;
pub(super) use service::{Described, Service};

/// A place for a service whose document says none.
const ELSEWHERE: &str = "https://host.invalid";

/// Imports a document, or shows what it would become.
pub(super) fn run(wish: &Import, global: &Global, context: &Context) -> Result<(), CallError> {
    let no_home = || CallError::usage_of("there is no home folder to keep the provider in".into());
    let paths = context.paths.as_ref().ok_or_else(no_home)?;
    check_name(&wish.name)?;
    check_free(wish, paths)?;
    let console = &mut context.console();
    let mut wire = wire(global, context)?;
    wire.trusting_also(wish.ca.as_deref().map(|path| context.expand(path)).as_deref());
    let mut documents = Documents::new(&mut wire, Timeouts::default(), &wish.allow);
    let found = found::find(&wish.document, &mut documents, console, (global, context))?;
    let overlay = wish.overlay.as_deref().map(|path| whole(path, context)).transpose()?;
    let mut origin = Origin {
        document: found.document,
        server: wish.server.clone(),
        allowed: wish.allow.clone(),
        overlay,
        auth: found.auth,
        ..Origin::default()
    };
    let imported = imports::make(&wish.name, &mut origin, &mut documents, wish.output.is_some())?;
    let more = checked(&wish.name, &imported, &origin)?;
    since_the_last(&wish.name, &imported, &origin, (console, paths))?;
    if !wish.dry_run {
        imports::keep(&imported, &origin, &paths.imported(&wish.name))?;
    }
    if origin.document != wish.document && has_scheme(&wish.document) {
        console.note(&format!("its document is {}", origin.document));
    }
    tell(&imported, &more, wish, console)
}

/// What is wrong with the catalogue. The account says where the service is if the document does not, or if it is on this
/// machine.
fn checked(id: &str, imported: &Imported, origin: &Origin) -> Result<Checked, CallError> {
    let mut placed = imported.clone();
    if !imported.report.host.starts_with("https://") {
        placed.provider.insert("host", ELSEWHERE);
    }
    let made = imports::opened(id, &placed, origin)?;
    Ok(Checked { findings: lint_user(&made), collisions: collisions(&made) })
}

/// Says what is different from what was imported under that name before.
fn since_the_last(
    id: &str,
    imported: &Imported,
    origin: &Origin,
    (console, paths): (&mut Console, &Paths),
) -> Result<(), CallError> {
    if let Some(Ok(before)) = catalogs::imported(&paths.imported(id)) {
        let changes = Changes::between(&before, &imports::opened(id, imported, origin)?);
        console.note(&format!("since the last import: {}", summary(&changes)));
    }
    Ok(())
}

/// The network, with its requests shown if the user wants that.
fn wire(global: &Global, context: &Context) -> Result<Wire, CallError> {
    let wire = Wire::new(context.network(global.plain_http.clone())).map_err(CallError::Address)?;
    Ok(wire.traced(global.verbose.then_some(settings::tell)))
}

/// The path of a file as it is found from everywhere.
fn whole(path: &Path, context: &Context) -> Result<String, CallError> {
    let found = std::path::absolute(context.expand(path));
    let found = found.map_err(|error| CallError::usage_of(format!("{}: {error}", path.display())))?;
    Ok(found.display().to_string())
}

/// Says what became of the document, and what to do next.
fn tell(imported: &Imported, more: &Checked, wish: &Import, console: &mut Console) -> Result<(), CallError> {
    let rows = Value::List(imported.methods.iter().map(|method| report::row(method, &imported.hashes)).collect());
    let text = format!("{}{}", report::text(imported, &wish.name), more.text());
    listing::put(console, &text, &rows, wish.output)?;
    let name = &wish.name;
    let ca = wish.ca.as_ref().map(|path| format!(" --ca {}", path.display())).unwrap_or_default();
    console.note(&match (wish.dry_run, imported.report.host.is_empty()) {
        (true, _) => "nothing was saved".to_owned(),
        (false, false) => format!("{name} is a provider now; set up an account: marsh login --provider {name}{ca}"),
        (false, true) => {
            format!("{name} is a provider now; set up an account: marsh login --provider {name}{ca} --url https://HOST")
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
    let file = paths.imported(&wish.name);
    if wish.yes || wish.dry_run || !file.exists() {
        return Ok(());
    }
    let origin = imports::origin(&file).map(|origin| origin.document).unwrap_or_default();
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
        imports::keep(&imported, &origin, &paths.imported("own")).unwrap();
        let error = check_free(&wish, &paths).unwrap_err().to_string();
        assert_eq!(error, "own was imported before, from a.json; nothing was written");
        assert!(check_free(&Import { yes: true, ..wish }, &paths).is_ok());
    }
}
