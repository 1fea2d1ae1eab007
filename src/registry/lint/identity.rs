//! Ids of objects: what gives them, and which parameters take them.

use std::collections::BTreeSet;

use super::fields::fields_of;
use super::finding::found;
use crate::catalog::Catalog;
use model::{Field, Identities, Method, Type};

/// All faults of a catalogue that are about kinds of objects.
pub(super) fn findings(catalog: &Catalog) -> Vec<String> {
    let methods: Vec<Method> =
        catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok()).collect();
    let shapes = catalog.shapes();
    let given: BTreeSet<&str> = methods.iter().flat_map(|method| Identities::of(method, shapes).kinds()).collect();
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for method in &methods {
        let own = Described::of(&method.kind, method.key.as_ref(), &method.label);
        let mut faults = own.faults(&method.returns, &method.fields, &[], catalog);
        faults.extend(inside(&method.fields, catalog));
        for param in &method.params {
            let own = Named { name: &param.name, kinds: &param.names, secret: param.secret, type_: &param.type_ };
            faults.extend(own.faults(&given, &mut named));
            faults.extend(names_inside(&param.fields, &given, &mut named));
        }
        findings.extend(faults.into_iter().map(|fault| format!("{}: {fault}", method.name)));
    }
    for shape in shapes {
        let own = Described::of(&shape.kind, shape.key.as_ref(), &shape.label);
        let mut faults = own.faults(&Type::Dict, &shape.fields, &[], catalog);
        faults.extend(inside(&shape.fields, catalog));
        faults.extend(names_inside(&shape.fields, &given, &mut named));
        findings.extend(faults.into_iter().map(|fault| format!("@{}: {fault}", shape.name)));
    }
    let useless = given.difference(&named).map(|kind| format!("kind {kind}: no parameter names such an object"));
    findings.extend(useless);
    findings
}

/// What a method, a shape or a field says of the object that it describes.
struct Described<'c> {
    kind: &'c [String],
    key: Option<&'c String>,
    label: &'c [String],
}

impl<'c> Described<'c> {
    fn of(kind: &'c [String], key: Option<&'c String>, label: &'c [String]) -> Described<'c> {
        Described { kind, key, label }
    }

    /// `beside` are the fields around a bare value.
    fn faults(&self, type_: &Type, own: &[Field], beside: &[Field], catalog: &Catalog) -> Vec<String> {
        let Described { kind, key, label } = self;
        let inside = fields_of(type_, own, catalog);
        let holds = !inside.is_empty();
        let mut findings = found(&[
            (kind.is_empty() && (key.is_some() || !label.is_empty()), "has a key or a label, but no kind"),
            (!kind.is_empty() && holds && key.is_none(), "no key says which of its fields is the id"),
            (!kind.is_empty() && !holds && key.is_some(), "has a key, but no fields are described"),
        ]);
        let near = if holds { &inside[..] } else { beside };
        for (role, name) in key.iter().map(|key| ("key", *key)).chain(label.iter().map(|label| ("label", label))) {
            match near.iter().find(|field| field.name == *name) {
                None => findings.push(format!("its {role} {name} is not a field")),
                Some(field) if field.secret => findings.push(format!("its {role} {name} is secret")),
                Some(field) if !is_text(&field.type_) => findings.push(format!("its {role} {name} is not one text")),
                Some(_) => {}
            }
        }
        findings
    }
}

/// The same for fields, at any depth.
fn inside(fields: &[Field], catalog: &Catalog) -> Vec<String> {
    let mut findings = Vec::new();
    for field in fields {
        let own = Described::of(&field.kind, field.key.as_ref(), &field.label);
        let mut faults = own.faults(&field.type_, &field.fields, fields, catalog);
        faults.extend(found(&[(field.secret && !field.kind.is_empty(), "is secret, and has a kind")]));
        findings.extend(faults.into_iter().map(|fault| format!("field {}: {fault}", field.name)));
        findings.extend(inside(&field.fields, catalog));
    }
    findings
}

fn is_text(type_: &Type) -> bool {
    matches!(type_, Type::String | Type::Int | Type::Float | Type::Date | Type::Any)
}

/// A parameter or a field whose value names objects.
struct Named<'c> {
    name: &'c str,
    kinds: &'c [String],
    secret: bool,
    type_: &'c Type,
}

impl<'c> Named<'c> {
    fn faults(&self, given: &BTreeSet<&str>, named: &mut BTreeSet<&'c str>) -> Vec<String> {
        let of = |fault: &str| format!("{}: {fault}", self.name);
        named.extend(self.kinds.iter().map(String::as_str));
        let unknown = self.kinds.iter().filter(|kind| !given.contains(kind.as_str()));
        let mut findings: Vec<String> = unknown.map(|kind| of(&format!("nothing shows a {kind}"))).collect();
        let member = match self.type_ {
            Type::List(inner) | Type::MapOf(inner) => inner,
            one => one,
        };
        let faults = [
            (!self.kinds.is_empty() && self.secret, "names an object, and is secret"),
            (!self.kinds.is_empty() && !is_text(member), "names an object, and is not one text"),
        ];
        findings.extend(found(&faults).iter().map(|fault| of(fault)));
        findings
    }
}

fn names_inside<'c>(fields: &'c [Field], given: &BTreeSet<&str>, named: &mut BTreeSet<&'c str>) -> Vec<String> {
    let mut findings = Vec::new();
    for field in fields {
        let own = Named { name: &field.name, kinds: &field.names, secret: field.secret, type_: &field.type_ };
        findings.extend(own.faults(given, named));
        findings.extend(names_inside(&field.fields, given, named));
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::lint::tests;

    /// What is found in a catalogue with one shape, whose keys and fields these are, and a method that takes this
    /// parameter.
    fn lint_of(keys: &str, fields: &str, param: &str) -> String {
        let method = |name: &str, rest: &str| {
            format!(
                r#"
                [[method]]
                name = "{name}"
                doc = 1
                summary = "Do it"
                effect = "read"
                example = "{name}"
                {rest}
                "#
            )
        };
        let methods = format!(
            "[[shape]]\nname = \"other\"\n{keys}\nfields = [{fields}]\n{}{}",
            method("thing.list", "returns = \"list:@other\""),
            method("thing.show", &format!("params = [{{ name = \"p\", summary = \"P\", {param} }}]")),
        );
        tests::lint_of("", r#"{ name = "id", type = "string" }"#, &methods)
    }

    #[test]
    fn kinds_name_existing_fields_and_are_used() {
        let (id, name) = (r#"{ name = "id", type = "string" },"#, r#"{ name = "name", type = "string" },"#);
        let secret = r#"{ name = "name", type = "string", secret = true },"#;
        let bare = r#"{ name = "id", type = "string", kind = "k", label = "name" },"#;
        let key = "kind = \"k\"\nkey = \"id\"";
        let labelled = "kind = \"k\"\nkey = \"id\"\nlabel = [\"name\"]";
        let takes = r#"type = "string", names = "k""#;
        for (keys, fields, param, finding) in [
            (labelled, format!("{id}{name}"), takes, "fit"),
            ("", format!("{bare}{name}"), takes, "fit"),
            (key, id.into(), r#"type = "list:string", names = ["k"]"#, "fit"),
            (key, id.into(), r#"type = "dict", fields = [{ name = "x", type = "string", names = "k" }]"#, "fit"),
            (labelled, id.into(), takes, "its label name is not a field"),
            (labelled, format!("{id}{secret}"), takes, "its label name is secret"),
            ("kind = \"k\"\nkey = \"name\"", format!("{id}{secret}"), takes, "its key name is secret"),
            ("", format!("{bare}{secret}"), takes, "its label name is secret"),
            (
                "",
                r#"{ name = "id", type = "string", kind = "k", secret = true }"#.into(),
                r#"type = "string""#,
                "is secret, and has",
            ),
            ("kind = \"k\"\nkey = \"no\"", id.into(), takes, "its key no is not a field"),
            ("kind = \"k\"", id.into(), takes, "no key says"),
            ("key = \"id\"", id.into(), r#"type = "string""#, "but no kind"),
            (key, r#"{ name = "id", type = "list:string" }"#.into(), takes, "its key id is not one text"),
            (key, id.into(), r#"type = "string", names = "other""#, "nothing shows a other"),
            (key, id.into(), r#"type = "string""#, "no parameter names such"),
            (key, id.into(), r#"type = "string", secret = true, names = "k""#, "names an object, and is secret"),
            (key, id.into(), r#"type = "boolean", names = "k""#, "is not one text"),
        ] {
            let findings = lint_of(keys, &fields, param);
            assert!(findings.contains(finding), "{keys} {fields} {param}: {findings}");
        }
    }
}
