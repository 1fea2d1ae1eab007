//! The views that a user has written in a file of their own, beside the catalogues.

use std::{fs, io};

use super::roster::Accounts;
use crate::config::Paths;
use crate::engine::state::console::Console;
use registry::OwnViews;

impl Accounts {
    /// Reads the file, and adds its views to the accounts of their providers. A file that cannot be used is left out,
    /// with a note.
    pub(crate) fn recall_views(&mut self, paths: &Paths, console: &mut Console) {
        let path = paths.views();
        let read = match fs::read_to_string(&path) {
            Ok(text) => OwnViews::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(own) => self.own_views = own,
            Err(fault) => {
                let note = format!("note: the views in {} cannot be used: {fault}", path.display());
                return console.note(&note);
            }
        }
        let profiles: Vec<String> = self.list.iter().map(|account| account.target.profile.clone()).collect();
        profiles.iter().for_each(|profile| self.put_views(profile));
    }

    /// Adds the views to one account.
    pub(super) fn put_views(&mut self, profile: &str) {
        if let Some(source) = self.registry.source_mut(profile) {
            source.add_views(&self.own_views);
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a file for a test")]
mod tests {
    use super::*;
    use crate::engine::fixture;
    use crate::engine::run::session::Session;

    const CATALOG: &str = r#"
        id = "own"
        host = "https://api.example.com"
        auth = { scheme = "none" }
        transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/" }]
        [[method]]
        name = "thing.list"
        effect = "read"
        returns = "list:dict"
        fields = [{ name = "id", type = "int" }]
    "#;

    #[test]
    fn views_of_the_users_own_belong_to_the_accounts_of_their_provider() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let has = |text: Option<&str>| {
            if let Some(text) = text {
                fs::create_dir_all(paths.views().parent().unwrap()).unwrap();
                fs::write(paths.views(), text).unwrap();
            }
            let mut session = Session::new(fixture::parts(
                fixture::account("work", CATALOG, "k"),
                Console::of_notes(Box::new(std::io::sink())),
            ))
            .unwrap();
            session.accounts.recall_views(&paths, &mut session.console);
            session.accounts.registry.view(Some("work"), "things").is_some()
        };
        let view = "name = \"things\"\nmethod = \"thing.list\"\nfields = { id = \"id\" }\n";
        assert!(!has(None));
        assert!(has(Some(&format!("[[view]]\nprovider = \"own\"\n{view}"))));
        assert!(!has(Some(&format!("[[view]]\nprovider = \"other\"\n{view}"))));
        assert!(!has(Some(&format!("[[view]]\n{view}"))));
    }
}
