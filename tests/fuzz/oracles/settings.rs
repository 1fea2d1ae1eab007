//! Files that people write for the program.

use std::path::Path;

use marsh::config::file::Config;
use marsh::registry::catalog::Catalog;

/// A catalogue is refused with words, or every method of it can be opened.
pub(super) fn catalog(text: &str) {
    match Catalog::parse("catalog.toml", text) {
        Ok(catalog) => {
            for record in catalog.records() {
                assert!(catalog.method(record.name).is_some(), "{} is listed and not there", record.name);
            }
            let _ = catalog.shapes();
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A file is refused with the line that is wrong, or every profile of it can be named.
pub(super) fn config(text: &str) {
    match Config::parse(text, Path::new("config.toml")) {
        Ok(config) => {
            for name in config.profiles.keys() {
                assert!(config.known(name).is_ok(), "{name:?} is read and not known");
            }
        }
        Err(error) => assert!(error.to_string().contains("config.toml"), "{error}"),
    }
}
