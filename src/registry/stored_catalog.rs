//! Catalogues in files: see `stored`.

use std::sync::Arc;

use super::catalog::{Catalog, CatalogError};
use super::records::Listing;
use super::shapes::Shapes;
use super::stored::{self, Opened, Store};
use super::views::Views;

impl Catalog {
    /// Opens a stored catalogue. `origin` names it in errors.
    pub fn open_stored(origin: &str, store: Arc<dyn Store>) -> Result<Catalog, CatalogError> {
        let fault =
            |cause: &str| CatalogError { id: origin.to_owned(), place: "file".to_owned(), cause: cause.to_owned() };
        let Opened { provider, views, stored } = stored::open(store).map_err(fault)?;
        let (shapes, listing) = (Shapes::stored(stored.clone()), Listing::Stored(stored));
        Catalog::read(origin, &provider, shapes, listing, Views::new(views.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::{Parts, store};

    /// A file in memory.
    #[derive(Debug)]
    struct Held(Vec<u8>);

    impl Store for Held {
        fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
            let at = usize::try_from(at).ok()?;
            self.0.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
        }
    }

    fn parts() -> Parts {
        let method = |name: &str, returns: &str| {
            let json = format!(r#"{{"name":"{name}","summary":"S","returns":"{returns}"}}"#);
            (name.to_owned(), "Sümmary".to_owned(), name == "a.get", json)
        };
        let shape = |name: &str, inner: &str| {
            (name.to_owned(), format!(r#"{{"name":"{name}","fields":[{{"name":"x","type":"{inner}"}}]}}"#))
        };
        Parts {
            provider: r#"{"id":"own","transport":[{"name":"r","protocol":"rest","path":""}]}"#.into(),
            views: "[]".into(),
            info: "note".into(),
            methods: vec![method("b.list", "list:@one"), method("a.get", "@two")],
            aliases: vec![("get".into(), "a.get".into())],
            shapes: vec![shape("two", "@one"), shape("one", "int"), shape("zero", "int")],
        }
    }

    #[test]
    fn what_is_stored_is_read_piece_by_piece() {
        let catalog = Catalog::open_stored("own.pack", Arc::new(Held(store(parts()).unwrap()))).unwrap();
        let entries: Vec<(&str, &str, bool)> =
            catalog.records().iter().map(|entry| (entry.name, entry.summary, entry.deprecated)).collect();
        assert_eq!(entries, [("a.get", "Sümmary", true), ("b.list", "Sümmary", false)]);
        let method = catalog.method("get").unwrap().unwrap();
        assert_eq!((method.name.as_str(), method.returns.to_string().as_str()), ("a.get", "@two"));
        let names: Vec<&str> = catalog.shapes_of(&method).iter().map(|shape| shape.name.as_str()).collect();
        assert_eq!((names, catalog.shapes().len()), (vec!["two", "one"], 3));
        assert!(catalog.method("c").is_none() && catalog.sketch("b.list").unwrap().unwrap().name == "b.list");
        assert_eq!(stored::info(&Held(store(parts()).unwrap())).as_deref(), Some("note"));
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let whole = store(parts()).unwrap();
        let open = |bytes: Vec<u8>| Catalog::open_stored("own.pack", Arc::new(Held(bytes)));
        for (bytes, said) in [
            (Vec::new(), "not a stored catalogue"),
            (b"{}".to_vec(), "not a stored catalogue"),
            ([b"marsh.2\n".as_slice(), &whole[8..]].concat(), "not a stored catalogue"),
            (whole[..50].to_vec(), "damaged"),
            ([b"marsh.1\n".as_slice(), &[0xff; 200]].concat(), "not a stored catalogue"),
        ] {
            let error = open(bytes).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        // A part that is cut off is missed when it is read.
        let cut = open(whole[..whole.len() - 4].to_vec()).unwrap();
        assert!(cut.shapes().is_empty() && cut.method("a.get").unwrap().is_ok());
    }
}
