//! Views over providers: what all providers have in common, and how each catalogue answers them.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

use super::embedded::VIEWS;
use model::view::{Column, Origin, Reader};
use model::{Field, Method, Shape, Type, Unit, Value, View, Viewed};
use serde::Deserialize;

/// A view, and the method that it looks like.
#[derive(Clone, Debug)]
pub struct Known {
    /// The view.
    pub view: View,
    /// The same for help, completion and tables.
    pub method: Arc<Method>,
}

/// The views that every catalogue may answer, in the order of their file.
pub fn shared() -> &'static [Known] {
    #[derive(Default, Deserialize)]
    struct File {
        view: Vec<View>,
    }
    static SHARED: LazyLock<Vec<Known>> = LazyLock::new(|| {
        let file: File = serde_json::from_str(VIEWS).unwrap_or_default();
        file.view.into_iter().map(Known::of).collect()
    });
    &SHARED
}

impl Known {
    fn of(view: View) -> Known {
        let method = Arc::new(view.as_method(false));
        Known { view, method }
    }
}

/// How a catalogue answers views. Entries are read when the first of them is needed.
#[derive(Clone, Debug)]
pub struct Views {
    text: Cow<'static, str>,
    read: OnceLock<Entries>,
}

/// What has been read.
#[derive(Clone, Debug, Default)]
struct Entries {
    right: Vec<Viewed>,
    /// Views that only this catalogue has.
    own: Vec<Known>,
    wrong: Vec<(String, String)>,
}

impl Entries {
    fn read(text: &str) -> Entries {
        let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
        let mut entries = Entries::default();
        for entry in all {
            let name = entry.get("name").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            match serde_json::from_value(entry) {
                Ok(viewed) => entries.right.push(viewed),
                Err(error) => entries.wrong.push((name, error.to_string())),
            }
        }
        entries.with_own()
    }

    /// The same without those that have a fault.
    fn without_faults(mut self, fault: impl Fn(&Viewed) -> Option<String>) -> Entries {
        for entry in std::mem::take(&mut self.right) {
            match fault(&entry) {
                None => self.right.push(entry),
                Some(fault) => self.wrong.push((entry.name, fault)),
            }
        }
        self.with_own()
    }

    /// The same with the views that no other catalogue shares.
    fn with_own(mut self) -> Entries {
        let mut names: Vec<&str> = self.right.iter().map(|entry| entry.name.as_str()).collect();
        names.dedup();
        names.retain(|name| !shared().iter().any(|known| known.view.name == *name));
        let entries = |name: &str| self.right.iter().filter(|entry| entry.name == name).collect::<Vec<_>>();
        self.own = names.into_iter().filter_map(|name| View::of_own(&entries(name))).map(Known::of).collect();
        self
    }
}

impl Views {
    /// The views in a JSON list.
    pub(super) fn new(text: Cow<'static, str>) -> Views {
        Views { text, read: OnceLock::new() }
    }

    fn entries(&self) -> &Entries {
        self.read.get_or_init(|| Entries::read(&self.text))
    }

    /// The same without entries that have a fault.
    pub(super) fn checked(&self, fault: impl Fn(&Viewed) -> Option<String>) -> Views {
        let read = OnceLock::from(self.entries().clone().without_faults(fault));
        Views { text: self.text.clone(), read }
    }

    /// The same with the further entries of a JSON list, without those of them that have a fault.
    pub(super) fn with(&self, text: &str, fault: impl Fn(&Viewed) -> Option<String>) -> Views {
        let (mut entries, more) = (self.entries().clone(), Entries::read(text).without_faults(fault));
        entries.right.extend(more.right);
        entries.wrong.extend(more.wrong);
        Views { text: self.text.clone(), read: OnceLock::from(entries.with_own()) }
    }

    /// Every entry.
    pub fn all(&self) -> &[Viewed] {
        &self.entries().right
    }

    /// The entries of one view, in the order of the catalogue.
    pub fn of<'v>(&'v self, name: &'v str) -> impl Iterator<Item = &'v Viewed> {
        self.all().iter().filter(move |entry| entry.name == name)
    }

    /// Views that no other catalogue shares.
    pub fn own(&self) -> &[Known] {
        &self.entries().own
    }

    /// Entries that are not used, by the name of their view, and what is wrong with each.
    pub fn wrong(&self) -> &[(String, String)] {
        &self.entries().wrong
    }
}

/// How the rows of a view are read from the result of a method, with what its shapes say of the fields.
pub fn reader(view: &View, entry: &Viewed, method: &Method, shapes: &[Shape]) -> Reader {
    let spec = |path: &str| field_at(&method.returns, &method.fields, path, shapes);
    let paths = |name: &str| entry.fields.get(name).map(|paths| paths.0.as_slice()).unwrap_or_default();
    let column = |field: &Field| {
        let from = |text: &String| match text.contains('{') {
            true => Origin::Text(text.clone()),
            false => Origin::Path(text.clone(), spec(text).map(|field| field.empty.clone()).unwrap_or_default()),
        };
        let mut origins: Vec<Origin> = paths(&field.name).iter().map(from).collect();
        origins.extend(entry.fixed.get(&field.name).map(|text| Origin::Fixed(Value::from(text.as_str()))));
        if origins.is_empty() {
            origins.extend(currency(view, &field.name, &paths, &spec));
        }
        Column { name: field.name.clone(), from: origins, number: field.unit == Some(Unit::Money) }
    };
    Reader {
        rows: entry.rows.clone(),
        only: entry.only.clone(),
        needs: entry.needs.clone(),
        columns: view.fields.iter().map(column).collect(),
    }
}

/// Where the currency of a sum is, if a column is that: the catalogue says it of the field of the sum.
fn currency<'p, 's>(
    view: &View,
    column: &str,
    paths: &dyn Fn(&str) -> &'p [String],
    spec: &dyn Fn(&str) -> Option<&'s Field>,
) -> Option<Origin> {
    let sums = view.fields.iter().filter(|field| field.currency.as_deref() == Some(column));
    let path = sums.flat_map(|field| paths(&field.name)).next()?;
    let name = spec(path)?.currency.as_ref()?;
    if name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(Origin::Fixed(Value::from(name.as_str())));
    }
    let beside = path.rsplit_once('.').map_or_else(|| name.clone(), |(above, _)| format!("{above}.{name}"));
    Some(Origin::Path(beside, Vec::new()))
}

/// The field at a dotted path below the members of a result.
pub(crate) fn field_at<'s>(declared: &'s Type, own: &'s [Field], path: &str, shapes: &'s [Shape]) -> Option<&'s Field> {
    let (mut fields, mut found) = (inside(declared, own, shapes), None);
    for step in path.split('.') {
        let field = fields.iter().find(|field| field.name == step)?;
        fields = inside(&field.type_, &field.fields, shapes);
        found = Some(field);
    }
    found
}

fn inside<'s>(declared: &Type, own: &'s [Field], shapes: &'s [Shape]) -> &'s [Field] {
    let shape = declared.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
    shape.map_or(own, |shape| &shape.fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::embedded;
    use crate::lint::{Finding, view_findings};

    #[test]
    fn the_shared_views_are_read() {
        let names: Vec<&str> = shared().iter().map(|known| known.view.name.as_str()).collect();
        for name in ["servers", "addresses", "zones", "records", "expiring", "invoices", "jobs", "keys"] {
            assert!(names.contains(&name), "{name}");
        }
        for Known { view, .. } in shared() {
            let has = |name: &String| view.fields.iter().any(|field| field.name == *name);
            let times = view.time.iter().flat_map(|time| std::iter::once(&time.by).chain(&time.days));
            let currencies = view.fields.iter().filter_map(|field| field.currency.as_ref());
            let named = view.columns.iter().chain(times).chain(currencies);
            assert_eq!(named.filter(|name| !has(name)).collect::<Vec<_>>(), Vec::<&String>::new(), "{}", view.name);
            assert!(view.fields.iter().all(|field| !field.summary.is_empty()), "{}", view.name);
        }
    }

    #[test]
    fn every_catalogue_answers_views_without_fault() {
        let mut count = 0;
        for source in embedded::all() {
            let catalog = Catalog::open(source).unwrap();
            assert_eq!(catalog.views().wrong(), [], "{}", source.id);
            assert!(catalog.views().own().is_empty(), "{}", source.id);
            for entry in catalog.views().all() {
                assert_eq!(view_findings(entry, &catalog), Vec::<Finding>::new(), "{}: {}", source.id, entry.name);
                count += 1;
            }
        }
        assert!(count > 25, "{count}");
    }

    #[test]
    fn a_reader_knows_what_the_shapes_say() {
        let view = &shared().iter().find(|known| known.view.name == "expiring").unwrap().view;
        let method: Method = serde_json::from_str(r#"{"name":"s.list","returns":"list:@s"}"#).unwrap();
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"s","fields":[{"name":"id","type":"int","empty":[0]},{"name":"pay","type":"@p"},{"name":"fee","unit":"money","currency":"EUR"}]},
                {"name":"p","fields":[{"name":"sum","unit":"money","currency":"in"},{"name":"in"}]}]"#,
        )
        .unwrap();
        let rows = |fields: &str| {
            let entry = format!(r#"{{"name":"expiring","method":"s.list","fields":{fields}}}"#);
            let reader = reader(view, &serde_json::from_str(&entry).unwrap(), &method, &shapes);
            let rows =
                reader.rows(&serde_json::from_str(r#"[{"id":0,"pay":{"sum":"1.50","in":"GBP"},"fee":2}]"#).unwrap());
            let shown = ["id", "price", "currency"].map(|name| rows[0].get(name).unwrap().plain());
            shown.join(" ")
        };
        assert_eq!(rows(r#"{"id":"id","price":"pay.sum"}"#), "null 1.50 GBP");
        assert_eq!(rows(r#"{"id":["id","fee"],"price":"fee"}"#), "2 2 EUR");
        assert_eq!(rows(r#"{"price":"fee","currency":"pay.in"}"#), "null 2 GBP");
    }
}
