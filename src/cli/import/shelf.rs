//! Where the files of a document are had from: this machine for a document in a file, its own host for one at an address.

use std::path::Path;

use crate::cli::context::Context;
use crate::engine::{CallError, catalogs};
use crate::wire::{Network, Timeouts, Wire};
use model::http::split;
use openapi::{ImportError, Shelf, has_scheme};

/// Gets the files of a document.
pub(super) struct Documents {
    wire: Wire,
    allowed: Vec<String>,
    /// Why the last file could not be had.
    failed: Option<CallError>,
}

impl Documents {
    /// The files may also be on these hosts.
    pub(super) fn new(allowed: &[String], network: Network) -> Result<Documents, CallError> {
        let wire = Wire::new(network).map_err(CallError::Address)?;
        Ok(Documents { wire, allowed: allowed.to_vec(), failed: None })
    }

    /// The document as it is found from everywhere.
    pub(super) fn place(&self, document: &str, context: &Context) -> Result<String, CallError> {
        if has_scheme(document) {
            return Ok(document.to_owned());
        }
        let path = std::path::absolute(context.expand(Path::new(document)));
        let path = path.map_err(|error| CallError::usage_of(format!("{document}: {error}")))?;
        Ok(path.display().to_string())
    }

    /// What went wrong, with the words and the exit code of a call if it was one.
    pub(super) fn cause(self, error: ImportError) -> CallError {
        self.failed.unwrap_or_else(|| CallError::usage_of(error.to_string()))
    }
}

impl Shelf for Documents {
    fn fetch(&mut self, address: &str) -> Result<Vec<u8>, String> {
        if !has_scheme(address) {
            return std::fs::read(address).map_err(|error| format!("cannot be read: {error}"));
        }
        catalogs::document(address, &mut self.wire, Timeouts::default()).map_err(|error| {
            let problem = error.to_string();
            self.failed = Some(error);
            problem
        })
    }

    fn allows(&self, address: &str) -> bool {
        let (origin, _) = split(address);
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        has_scheme(address) && self.allowed.iter().any(|allowed| allowed == host || allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_were_named_are_read_too() {
        let documents =
            Documents::new(&["h.example".into(), "https://o.example:8443".into()], Network::default()).unwrap();
        for (address, allowed) in [
            ("https://h.example/a", true),
            ("https://o.example:8443/a", true),
            ("https://h.example.evil/a", false),
            ("https://o.example/a", false),
            ("/h.example/a", false),
            ("file:///h.example", false),
        ] {
            assert_eq!(documents.allows(address), allowed, "{address}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut documents = Documents::new(&[], Network::default()).unwrap();
        let gone = folder.path().join("gone.yaml").display().to_string();
        assert!(documents.fetch(&gone).unwrap_err().starts_with("cannot be read: "));
        assert!(documents.cause(ImportError::Unversioned).to_string().starts_with("this is not an OpenAPI"));
    }
}
