//! The columns of tables, and what the values in them are.

use std::collections::HashSet;

use super::fields::{field_at, fields_of};
use crate::catalog::Catalog;
#[cfg(test)]
use model::Type;
use model::{Field, Method, Shape};

/// A list of the program whose members have more fields than this must say which of them matter.
#[cfg(test)]
const MANY: usize = 3;

/// The columns that a method names must exist.
pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    unknown(&method.columns, &fields_of(&method.returns, &method.fields, catalog), catalog)
}

/// Lists of many fields must name their columns. Only the catalogues of the program must; users need not.
#[cfg(test)]
pub(super) fn without(method: &Method, catalog: &Catalog) -> Option<String> {
    let fields = fields_of(&method.returns, &method.fields, catalog);
    let listed = matches!(method.returns, Type::List(_) | Type::MapOf(_));
    let bare = listed && fields.len() > MANY && method.result_columns(catalog.shapes()).is_empty();
    bare.then(|| format!("{}: a list of {} fields without columns", method.name, fields.len()))
}

/// Columns that no field has, or that are named twice.
fn unknown(columns: &[String], fields: &[Field], catalog: &Catalog) -> Vec<String> {
    let mut seen = HashSet::new();
    let fault = |column: &String| match field_at(fields.to_vec(), column, catalog) {
        _ if !seen.insert(column.clone()) => Some(format!("column {column} twice")),
        None => Some(format!("column {column} is not a field")),
        Some(_) => None,
    };
    columns.iter().filter_map(fault).collect()
}

/// Columns of shapes that are not among their fields.
pub(super) fn shape_findings(catalog: &Catalog) -> Vec<String> {
    let of = |shape: &Shape| {
        let faults = unknown(&shape.columns, &shape.fields, catalog);
        faults.into_iter().map(|fault| format!("@{}: {fault}", shape.name)).collect::<Vec<_>>()
    };
    catalog.shapes().iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::lint_of;
    use super::*;
    use crate::embedded;

    #[test]
    fn every_list_of_many_fields_names_its_columns() {
        let mut lists = 0;
        for source in embedded::all() {
            let catalog = Catalog::open(source).unwrap();
            for record in catalog.records() {
                let method = catalog.method(record.name).unwrap().unwrap();
                lists += usize::from(matches!(method.returns, Type::List(_)));
                assert_eq!(without(&method, &catalog), None, "{}", source.id);
            }
        }
        assert!(lists > 100, "{lists}");
    }

    #[test]
    fn columns_and_units_are_checked() {
        let list = |columns: &str| {
            format!(
                r#"[[method]]
                name = "thing.list"
                doc = 1
                summary = "List things"
                effect = "read"
                returns = "list:@thing"
                {columns}
                example = "thing.list""#
            )
        };
        let field = |keys: &str| format!(r#"{{ name = "a", type = "float", summary = "A", {keys} }}"#);
        let many: String =
            ["b", "c", "d"].map(|name| format!(r#", {{ name = "{name}", type = "string", summary = "B" }}"#)).concat();
        for (keys, rest, columns, finding) in [
            (r#"unit = "bytes""#, "", "", "fit"),
            (r#"unit = "bytes""#, &*many, r#"columns = ["a"]"#, "fit"),
            (r#"unit = "bytes""#, "", r#"columns = ["a", "a"]"#, "column a twice"),
            (r#"unit = "bytes""#, "", r#"columns = ["a", "a.b"]"#, "column a.b is not a field"),
            (r#"unit = "text""#, "", "", "free text, but not a text"),
            (r#"unit = "money""#, "", "", "money without its currency"),
            (r#"unit = "money", currency = "GBP""#, "", "", "fit"),
            (r#"unit = "money", currency = "b""#, &many, r#"columns = ["a"]"#, "fit"),
            (r#"unit = "money", currency = "gbp""#, "", "", "neither a currency nor a field"),
            (r#"currency = "GBP""#, "", "", "a currency of what is not money"),
            (r#"empty = ["x"]"#, "", "", "an empty value that is not of its type"),
            (r#"empty = [0]"#, "", "", "fit"),
        ] {
            let found = lint_of("", &(field(keys) + rest), &list(columns));
            assert!(found.contains(finding), "{keys} {columns}: {found}");
        }
    }
}
