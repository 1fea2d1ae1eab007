//! The methods of services, as they are kept on disk between sessions: one file for each account.

use std::path::{Path, PathBuf};

use crate::config::Paths;
use crate::engine::accounts::cache;
use crate::engine::accounts::target::{Place, Target};
use model::Provider;
use registry::Source;
use registry::listed::Listed;

/// The file of an account: one user's methods are not another's. An account without a name of its own is known by where it
/// is.
pub(crate) fn file(paths: &Paths, target: &Target, named: bool) -> PathBuf {
    let whose = match (&target.user, named) {
        (_, true) => format!("-{}", target.profile),
        (Some(user), false) => format!("-{user}"),
        (None, false) => String::new(),
    };
    // Where all services of a kind have one provider, several of them may be on one host.
    let place = if target.open { &target.url } else { &target.host };
    paths.methods(&target.provider, &format!("{place}{whose}"))
}

/// The methods in a file; `None` if there is none that can be read.
pub(crate) fn read(file: &Path) -> Option<Vec<Listed>> {
    cache::read(file)
}

/// Keeps a list.
pub(crate) fn keep(file: Option<&Path>, methods: &[Listed]) {
    if let Some(file) = file {
        cache::store(file, methods);
    }
}

/// Replaces what is kept about one method.
pub(crate) fn replace(file: Option<&Path>, described: &Listed) {
    let Some(mut methods) = file.and_then(read) else { return };
    if let Some(known) = methods.iter_mut().find(|known| known.name == described.name) {
        described.clone_into(known);
        keep(file, &methods);
    }
}

/// Keeps the list of an account that has just been set up, so that the first line for it need not ask for it again.
pub fn keep_list(paths: &Paths, profile: &str, provider: &Provider, place: Place, methods: &[Listed]) {
    if let Ok(target) = Target::new(profile, provider, place) {
        keep(Some(&file(paths, &target, true)), methods);
    }
}

/// Adds the list that is kept of an account to its methods: for what only shows them, and asks nobody.
pub fn recall_list(source: &mut Source, paths: &Paths, place: Place, named: bool) {
    let target = Target::new(source.profile(), source.provider(), place);
    if let Some(methods) = target.ok().and_then(|target| read(&file(paths, &target, named))) {
        source.merge_live(methods);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::catalog::Catalog;
    use registry::embedded;

    fn target(id: &str, profile: &str, url: &str, user: Option<&str>) -> Target {
        let catalog = Catalog::open(embedded::find(id).unwrap()).unwrap();
        let place = Place { url: Some(url.into()), user: user.map(str::to_owned), ..Place::default() };
        Target::new(profile, catalog.provider(), place).unwrap()
    }

    #[test]
    fn each_account_has_a_list_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let file = |target: &Target, named| super::file(&paths, target, named);
        let open = |url, user| target("xmlrpc", "p", url, user);
        let one = file(&open("http://127.0.0.1:9/a", None), false);
        for other in [
            file(&open("http://127.0.0.1:9/b", None), false),
            file(&open("http://127.0.0.1:9/a", Some("me")), false),
            file(&open("http://127.0.0.1:9/a", None), true),
            file(&target("jsonrpc", "p", "http://127.0.0.1:9/a", None), false),
        ] {
            assert_ne!(one, other);
        }
        let known = |path| target(embedded::DEFAULT, "p", path, None);
        assert_eq!(file(&known("http://127.0.0.1:9"), false), file(&known("http://127.0.0.1:9/v1/json"), false));
    }

    #[test]
    fn a_list_is_kept_and_one_method_of_it_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.json");
        keep(Some(&file), &["a".into(), "b".into()]);
        replace(Some(&file), &Listed { described: true, ..Listed::from("b") });
        replace(Some(&file), &Listed::from("c"));
        assert_eq!(read(&file).unwrap(), [Listed::from("a"), Listed { described: true, ..Listed::from("b") }]);
        keep(None, &[]);
        assert_eq!(read(&folder.path().join("none")), None);
    }
}
