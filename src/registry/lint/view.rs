//! Views: the method reads, needs nothing else, and its fields exist.

use super::Finding;
use super::fields::fits;
use crate::catalog::Catalog;
use crate::views::{field_at, shared};
use model::{Effect, Field, Method, Type, View, Viewed};

/// What is wrong with an entry of a view.
pub fn view_findings(entry: &Viewed, catalog: &Catalog) -> Vec<Finding> {
    let name = &entry.name;
    let mut findings = Vec::new();
    let known = shared().iter().find(|known| known.view.name == *name).map(|known| &known.view);
    if !is_name(name) {
        findings.push(format!("`{name}` cannot be the name of a view: it has letters, digits, - and _ only"));
    }
    if entry.fields.is_empty() {
        findings.push("it has no fields".into());
    }
    let own = View::of_own(&[entry]);
    let view = known.or(own.as_ref());
    let has = |name: &str| view.is_some_and(|view| view.fields.iter().any(|field| field.name == name));
    let times = entry.time.iter().map(|time| &time.by);
    for column in entry.fields.keys().chain(entry.fixed.keys()).chain(&entry.needs).chain(times) {
        if !has(column) {
            findings.push(format!("the view has no column {column}"));
        }
    }
    if known.is_some() && (entry.summary.is_some() || !entry.columns.is_empty() || entry.time.is_some()) {
        findings.push("`summary`, `columns` and `time` are for views of the catalogue's own".into());
    }
    let dated =
        |field: &Field| field.type_ == Type::Date || entry.time.as_ref().is_some_and(|time| time.by == field.name);
    let dates: Vec<&str> =
        view.into_iter().flat_map(|view| &view.fields).filter(|field| dated(field)).map(|field| &*field.name).collect();
    findings.extend(method_findings(entry, &dates, catalog));
    findings.into_iter().map(|fault| Finding { part: format!("view {name}"), fault }).collect()
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain)
}

/// The method, its parameters, and the places of the columns in its result. `dates` are the columns that contain dates.
fn method_findings(entry: &Viewed, dates: &[&str], catalog: &Catalog) -> Vec<String> {
    let method = match catalog.method(&entry.method) {
        Some(Ok(method)) => method,
        Some(Err(error)) => return vec![error.to_string()],
        None => return vec![format!("there is no method {}", entry.method)],
    };
    let mut findings = Vec::new();
    if method.effect != Effect::Read || !method.also.is_empty() {
        findings.push(format!("{} does more than read", method.name));
    }
    let given = |name: &str| entry.with.get(name).is_some();
    let lacking =
        method.params.iter().filter(|param| param.required && param.variable.is_none() && !given(&param.name));
    findings.extend(lacking.map(|param| format!("{} needs {}", method.name, param.name)));
    for (name, value) in entry.with.iter() {
        match method.params.iter().find(|param| param.name == name) {
            None => findings.push(format!("{} has no parameter {name}", method.name)),
            Some(param) if !fits(value, &param.type_) => findings.push(format!("{name} is not of its type")),
            Some(_) => {}
        }
    }
    findings.extend(path_findings(entry, &method, dates, catalog));
    findings
}

/// The paths of the columns, of the rows and of the condition.
fn path_findings(entry: &Viewed, method: &Method, dates: &[&str], catalog: &Catalog) -> Vec<String> {
    let mut findings = Vec::new();
    let at = |path: &str| field_at(&method.returns, &method.fields, path, catalog.shapes());
    let mut check = |path: &str, column: &str| match at(path) {
        None => findings.push(format!("{path} is not a field of {}", method.name)),
        Some(field) if is_secret(field, path, &at) => findings.push(format!("{path} is secret")),
        Some(field) if holds_more(&field.type_) => findings.push(format!("{path} is not one value")),
        Some(field) if dates.contains(&column) && !is_time(field) => findings.push(format!("{path} is not a date")),
        Some(_) => {}
    };
    for (column, paths) in &entry.fields {
        for text in &paths.0 {
            if text.contains('{') {
                holes(text).for_each(|path| check(path, ""));
            } else {
                check(text, column);
            }
        }
    }
    entry.only.iter().flat_map(|only| only.fields()).for_each(|path| check(path, ""));
    if let Some(rows) = &entry.rows
        && !at(rows).is_some_and(|field| matches!(field.type_, Type::List(_) | Type::MapOf(_)))
    {
        findings.push(format!("{rows} is not a list in the result of {}", method.name));
    }
    findings
}

/// Whether a field, or one on the way to it, is secret.
fn is_secret<'f>(field: &Field, path: &str, at: &dyn Fn(&str) -> Option<&'f Field>) -> bool {
    let mut above = path.match_indices('.').filter_map(|(end, _)| path.get(..end));
    field.secret || above.any(|path| at(path).is_some_and(|field| field.secret))
}

/// Whether a value is a dictionary or a list of them, in which there may be anything, secrets too.
fn holds_more(declared: &Type) -> bool {
    match declared {
        Type::List(inner) => holds_more(inner),
        declared => matches!(declared, Type::Dict | Type::Shape(_) | Type::MapOf(_)),
    }
}

fn is_time(field: &Field) -> bool {
    field.type_ == Type::Date || field.form == Some(model::Form::Epoch)
}

/// The paths in a text with braces.
fn holes(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(path, _)| path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    /// What is wrong with a view of a catalogue that is right otherwise; `fit` if nothing is.
    fn found(view: &str) -> String {
        let text = format!(
            r#"
            id = "t"
            title = "T"
            document = "t.txt"
            host = "https://example.com"
            auth = {{ scheme = "none" }}
            [[transport]]
            name = "xmlrpc"
            protocol = "xmlrpc"
            path = "/"
            [[shape]]
            name = "thing"
            fields = [
              {{ name = "id", type = "int", summary = "Id" }},
              {{ name = "key", type = "string", secret = true, summary = "Key" }},
              {{ name = "ends", type = "date", summary = "End" }},
              {{ name = "parts", type = "list:@thing", summary = "Parts" }},
            ]
            [[method]]
            name = "thing.list"
            doc = 1
            summary = "List things"
            effect = "read"
            returns = "list:@thing"
            example = "thing.list"
            params = [{{ name = "kind", type = "int", summary = "Kind" }}]
            [[method]]
            name = "thing.of"
            doc = 1
            summary = "List things of a kind"
            effect = "read"
            returns = "list:@thing"
            example = "thing.of kind 5"
            params = [{{ name = "kind", type = "int", required = true, summary = "Kind" }}]
            [[method]]
            name = "thing.delete"
            doc = 1
            summary = "Delete all things"
            effect = "destroy"
            loses = "all things"
            returns = "list:@thing"
            example = "thing.delete"
            [[view]]
            {view}"#
        );
        let catalog = Catalog::parse("t", &text).unwrap();
        let listed = check(&text).0.iter().any(|finding| finding.place.starts_with("view ") && finding.line > 40);
        assert_eq!(listed, !catalog.views().wrong().is_empty(), "{view}");
        match catalog.views().wrong() {
            [] => "fit".into(),
            [(_, fault), ..] => fault.clone(),
        }
    }

    #[test]
    fn a_wrong_view_is_left_out_and_the_rest_is_used() {
        let named = |name: &str, method: &str, rest: &str| format!("name = \"{name}\"\nmethod = \"{method}\"\n{rest}");
        for (view, fault) in [
            (named("servers", "thing.list", "fields = { id = \"id\", expiry = \"ends\" }"), "fit"),
            (named("things", "thing.list", "fields = { id = \"id\", any = \"ends\" }\nsummary = \"Things\""), "fit"),
            (named("things", "thing.of", "with = { kind = 5 }\nfields = { id = \"{id} of {ends}\" }"), "fit"),
            (
                named("things", "thing.list", "rows = \"parts\"\nfields = { id = \"parts.id\" }\nneeds = [\"id\"]"),
                "fit",
            ),
            (named("a.b", "thing.list", "fields = { id = \"id\" }"), "cannot be the name"),
            (named("servers", "thing.lists", "fields = { id = \"id\" }"), "there is no method thing.lists"),
            (named("servers", "thing.delete", "fields = { id = \"id\" }"), "does more than read"),
            (named("servers", "thing.of", "fields = { id = \"id\" }"), "thing.of needs kind"),
            (named("servers", "thing.of", "with = { kind = \"x\" }\nfields = { id = \"id\" }"), "not of its type"),
            (named("servers", "thing.list", "with = { a = 1 }\nfields = { id = \"id\" }"), "has no parameter a"),
            (named("servers", "thing.list", "fields = { id = \"ids\" }"), "ids is not a field of thing.list"),
            (named("servers", "thing.list", "fields = { id = \"{ids}\" }"), "ids is not a field of thing.list"),
            (named("servers", "thing.list", "fields = { id = \"key\" }"), "key is secret"),
            (named("servers", "thing.list", "fields = { id = \"parts\" }"), "parts is not one value"),
            (named("things", "thing.list", "fields = { id = \"id\" }\ntime = { by = \"id\" }"), "id is not a date"),
            (named("servers", "thing.list", "fields = { expiry = \"id\" }"), "id is not a date"),
            (named("servers", "thing.list", "fields = { colour = \"id\" }"), "the view has no column colour"),
            (named("servers", "thing.list", "fields = { id = \"id\" }\nneeds = [\"colour\"]"), "no column colour"),
            (named("servers", "thing.list", "fields = { id = \"id\" }\nsummary = \"S\""), "of the catalogue's own"),
            (named("servers", "thing.list", "fields = { id = \"id\" }\nrows = \"ends\""), "ends is not a list"),
            (named("servers", "thing.list", "fields = { id = \"id\" }\nonly = { a = [1] }"), "a is not a field"),
            (named("servers", "thing.list", "fields = {}"), "it has no fields"),
            (named("servers", "thing.list", "color = 1\nfields = { id = \"id\" }"), "unknown field `color`"),
            ("name = \"servers\"".into(), "missing field `method`"),
        ] {
            let found = found(&view);
            assert!(found.contains(fault), "{view}: {found}");
        }
    }
}
