//! A document with all files that it refers to.

use std::collections::BTreeMap;

use model::Value;

use super::address::{join, stays_below};
use super::error::{ImportError, LONGEST};
use super::front::rewritten;
use super::read::read;

/// The most files that a document may be divided into.
const FILES: usize = 10_000;

/// Gets the bytes of files that a document refers to.
pub trait Shelf {
    /// The bytes of a file or an address. `Err` says why they cannot be had.
    fn fetch(&mut self, address: &str) -> Result<Vec<u8>, String>;

    /// Whether a document may refer to an address of another origin.
    fn allows(&self, address: &str) -> bool;
}

/// All files of a document, the one that was named first.
#[derive(Debug, Default)]
pub struct Library {
    files: Vec<Value>,
    by_address: BTreeMap<String, usize>,
    addresses: Vec<String>,
}

impl Library {
    /// Reads a document and everything that it refers to.
    pub fn gather(address: &str, shelf: &mut dyn Shelf) -> Result<Library, ImportError> {
        let mut library = Library::default();
        let mut waiting = vec![address.to_owned()];
        let mut room = LONGEST;
        while let Some(next) = waiting.pop() {
            if library.by_address.contains_key(&next) {
                continue;
            }
            let fault = |problem: String| ImportError::File { file: next.clone(), problem };
            if library.files.len() == FILES {
                return Err(fault(format!("the document has more than {FILES} files")));
            }
            let bytes = shelf.fetch(&next).map_err(fault)?;
            let left = room.checked_sub(bytes.len() as u64);
            room = left.ok_or_else(|| fault(format!("the document is longer than {} MB", LONGEST / (1024 * 1024))))?;
            let value = rewritten(read(&bytes).map_err(|error| fault(error.to_string()))?);
            for other in elsewhere(&value) {
                let found = join(&next, &other);
                if !stays_below(address, &found) && !shelf.allows(&found) {
                    let problem = format!("it refers to {found}, which is not beside the document");
                    return Err(fault(problem));
                }
                waiting.push(found);
            }
            library.by_address.insert(next.clone(), library.files.len());
            library.addresses.push(next);
            library.files.push(value);
        }
        Ok(library)
    }

    /// A document of one file, for tests and for text that is at hand.
    pub fn of(value: Value) -> Library {
        let by_address = BTreeMap::from([(String::new(), 0)]);
        Library { files: vec![value], by_address, addresses: vec![String::new()] }
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A file by its number; the first is the document itself.
    pub(crate) fn file(&self, number: usize) -> Option<&Value> {
        self.files.get(number)
    }

    /// The number of the file that another one refers to.
    pub(crate) fn number(&self, from: usize, reference: &str) -> Option<usize> {
        if reference.is_empty() {
            return Some(from);
        }
        self.by_address.get(&join(self.addresses.get(from)?, reference)).copied()
    }
}

/// The other files that a file refers to.
fn elsewhere(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(list) => waiting.extend(list),
            Value::Map(map) => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                    let file = reference.split('#').next().unwrap_or_default();
                    if !file.is_empty() {
                        found.push(file.to_owned());
                    }
                }
                // Examples may contain anything.
                waiting.extend(map.iter().filter(|(key, _)| !["example", "examples"].contains(key)).map(|(_, it)| it));
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Files in memory.
    pub(crate) struct Files(pub(crate) Vec<(&'static str, &'static str)>);

    impl Shelf for Files {
        fn fetch(&mut self, address: &str) -> Result<Vec<u8>, String> {
            let found = self.0.iter().find(|(name, _)| *name == address);
            found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| "it does not exist".to_owned())
        }

        fn allows(&self, address: &str) -> bool {
            address.starts_with("https://allowed.example/")
        }
    }

    #[test]
    fn files_of_a_document_are_found_from_where_they_are_named() {
        let mut files = Files(vec![
            ("d/api.yaml", "paths: {$ref: paths/all.yaml}"),
            ("d/paths/all.yaml", "a: {$ref: '../shared.yaml#/x'}\nb: {$ref: all.yaml}\nexample: {$ref: gone.yaml}"),
            ("d/shared.yaml", "x: {$ref: '#/y'}\ny: 1"),
        ]);
        let library = Library::gather("d/api.yaml", &mut files).unwrap();
        assert_eq!((library.len(), library.is_empty()), (3, false));
        let paths = library.number(0, "paths/all.yaml").unwrap();
        assert_eq!(library.number(paths, "../shared.yaml"), library.number(0, "shared.yaml"));
        assert_eq!(library.number(paths, ""), Some(paths));
        assert_eq!(library.number(0, "nowhere.yaml"), None);
    }

    #[test]
    fn a_document_reads_nothing_that_is_not_beside_it() {
        for (address, reference, said) in [
            ("d/api.yaml", "../secret.yaml", "it refers to secret.yaml, which is not beside"),
            ("d/api.yaml", "/etc/passwd", "it refers to /etc/passwd"),
            ("d/api.yaml", "http://127.0.0.1/x", "it refers to http://127.0.0.1/x"),
            ("https://h.example/a/api.yaml", "file:///etc/passwd", "it refers to file:///etc/passwd"),
            ("https://h.example/a/api.yaml", "//other.example/x", "it refers to https://other.example/x"),
            ("https://h.example/a/api.yaml", "/b/x.yaml", "https://h.example/b/x.yaml: it does not exist"),
            ("d/api.yaml", "https://allowed.example/x", "https://allowed.example/x: it does not exist"),
            ("d/api.yaml", "gone.yaml", "d/gone.yaml: it does not exist"),
        ] {
            let text: &'static str = Box::leak(format!("a: {{$ref: '{reference}'}}").into_boxed_str());
            let error = Library::gather(address, &mut Files(vec![(address, text)])).unwrap_err().to_string();
            assert!(error.contains(said), "{address} {reference}: {error}");
        }
    }
}
