//! The shapes of a catalogue: each method is given those that it names, so that one call does not read all of them.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::pack::Place;
use super::stored::Stored;
use model::{Field, Method, Shape};

/// All shapes, unread.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    unread: Unread,
    all: OnceLock<Vec<Shape>>,
}

/// Where they are.
#[derive(Clone, Debug)]
enum Unread {
    /// In a text, at places that are sorted by name.
    Text(Cow<'static, str>, Cow<'static, [Place]>),
    /// In a file.
    Stored(Stored),
}

impl Shapes {
    /// The shapes in a text, at these places.
    pub(super) fn new(text: Cow<'static, str>, places: Cow<'static, [Place]>) -> Shapes {
        Shapes { unread: Unread::Text(text, places), all: OnceLock::new() }
    }

    /// The shapes of a stored catalogue.
    pub(super) fn stored(stored: Stored) -> Shapes {
        Shapes { unread: Unread::Stored(stored), all: OnceLock::new() }
    }

    /// All of them, sorted by name; none if one cannot be read.
    pub(super) fn all(&self) -> &[Shape] {
        let read = || match &self.unread {
            Unread::Text(text, places) => places.iter().map(|place| read(text, place)).collect(),
            Unread::Stored(stored) => {
                stored.all_shapes().and_then(|all| all.iter().map(|text| of_json(text)).collect())
            }
        };
        self.all.get_or_init(|| read().unwrap_or_default())
    }

    /// Those that a method names, in its result or its parameters, and those that they name in turn. A shape that cannot
    /// be read is left out.
    pub(super) fn of(&self, method: &Method) -> Vec<Shape> {
        let mut found: Vec<Shape> = Vec::new();
        let mut wanted = Vec::new();
        wanted.extend(method.returns.shape().map(str::to_owned));
        named(&method.fields, &mut wanted);
        for param in &method.params {
            wanted.extend(
                std::iter::once(&param.type_).chain(&param.takes).filter_map(|type_| type_.shape()).map(str::to_owned),
            );
            named(&param.fields, &mut wanted);
        }
        while let Some(name) = wanted.pop() {
            if found.iter().any(|shape| shape.name == name) {
                continue;
            }
            if let Some(shape) = self.find(&name) {
                named(&shape.fields, &mut wanted);
                found.push(shape);
            }
        }
        found
    }

    fn find(&self, wanted: &str) -> Option<Shape> {
        match &self.unread {
            Unread::Text(text, places) => {
                let at = places.partition_point(|place| name(text, place) < wanted);
                places.get(at).filter(|place| name(text, place) == wanted).and_then(|place| read(text, place))
            }
            Unread::Stored(stored) => of_json(&stored.shape(wanted)?),
        }
    }
}

fn name<'t>(text: &'t str, [begin, middle, _]: &Place) -> &'t str {
    text.get(*begin as usize..*middle as usize).unwrap_or_default()
}

fn read(text: &str, [_, middle, end]: &Place) -> Option<Shape> {
    of_json(text.get(*middle as usize..*end as usize)?)
}

/// A shape from its entry.
fn of_json(text: &str) -> Option<Shape> {
    serde_json::from_str(text).ok()
}

/// Adds the shapes that fields name.
fn named(fields: &[Field], names: &mut Vec<String>) {
    for field in fields {
        names.extend(field.type_.shape().map(str::to_owned));
        named(&field.fields, names);
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::embedded;
    use model::{Field, Type};

    /// The shapes that a type and fields lead to, found among all of them.
    fn reached<'c>(catalog: &'c Catalog, type_: &Type, fields: &'c [Field], names: &mut Vec<&'c str>) {
        if let Some(shape) = type_.shape().and_then(|name| catalog.shapes().iter().find(|shape| shape.name == name))
            && !names.contains(&shape.name.as_str())
        {
            names.push(&shape.name);
            reached(catalog, &Type::Any, &shape.fields, names);
        }
        for field in fields {
            reached(catalog, &field.type_, &field.fields, names);
        }
    }

    #[test]
    fn a_method_is_given_every_shape_that_it_leads_to() {
        let mut most = 0;
        for source in embedded::all() {
            let catalog = Catalog::open(source).unwrap();
            let methods: Vec<_> =
                catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap()).collect();
            for method in &methods {
                let mut names = Vec::new();
                reached(&catalog, &method.returns, &method.fields, &mut names);
                for param in &method.params {
                    reached(&catalog, &param.type_, &param.fields, &mut names);
                    param.takes.iter().for_each(|type_| reached(&catalog, type_, &[], &mut names));
                }
                names.sort_unstable();
                let mut given: Vec<&str> = catalog.shapes_of(method).iter().map(|shape| &*shape.name).collect();
                given.sort_unstable();
                assert_eq!(given, names, "{}", method.name);
                most = most.max(given.len());
            }
        }
        assert!(most > 3, "{most} shapes at most");
    }

    #[test]
    fn a_method_that_is_not_in_the_catalogue_has_no_shapes() {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        assert!(catalog.shapes_of(&model::Method::discovered("no.such")).is_empty());
    }
}
