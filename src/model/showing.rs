//! How the object of a call can be read before it, and what the catalogue says about that object.

use std::borrow::Cow;

use super::{Arguments, Field, Map, Method, Shape, ShowRule, Type};

impl ShowRule {
    /// What the catalogue says about a member, as a method that would return just that.
    pub fn describing(&self, asked: &Method, shapes: &[Shape]) -> Method {
        let mut member = Method {
            name: asked.name.clone(),
            returns: member_type(&asked.returns),
            fields: asked.fields.clone(),
            columns: asked.columns.clone(),
            kind: asked.kind.clone(),
            key: asked.key.clone(),
            label: asked.label.clone(),
            ..Method::default()
        };
        for step in self.at.iter().flat_map(|path| path.split('.')) {
            let fields = member.result_fields(shapes);
            let field = match (step, &member.returns) {
                ("*", Type::MapOf(inner)) => {
                    Some(Field { type_: (**inner).clone(), fields: member.fields.clone(), ..Field::default() })
                }
                ("*", _) => fields.first().cloned(),
                (name, _) => fields.iter().find(|field| field.name == name).cloned(),
            };
            let Field { type_, fields, kind, key, label, .. } = field.unwrap_or_default();
            let (name, returns) = (member.name, member_type(&type_));
            member = Method { name, returns, fields, kind, key, label, ..Method::default() };
        }
        member
    }
}

impl Method {
    /// How its object is read before it is called; `None` if nothing shows it.
    pub fn showing(&self) -> Option<Cow<'_, ShowRule>> {
        let own = self.shows.as_ref().map(Cow::Borrowed);
        own.or_else(|| self.reconcile.as_ref().and_then(ShowRule::implied).map(Cow::Owned))
    }
}

impl Arguments {
    /// The values by their names, however they are passed.
    pub fn by_name(&self, method: &Method) -> Cow<'_, Map> {
        match self {
            Arguments::Named(given) => Cow::Borrowed(given),
            Arguments::Positional(values) => {
                let names = method.params.iter().map(|param| param.name.clone());
                Cow::Owned(names.zip(values.iter().cloned()).collect())
            }
        }
    }
}

/// The type of the members of a list.
fn member_type(declared: &Type) -> Type {
    match declared {
        Type::List(inner) => member_type(inner),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(json: &str) -> Map {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_a_call_changes_or_removes_can_be_read_before() {
        let method = |rules: &str| -> Method { serde_json::from_str(&format!(r#"{{"name":"a"{rules}}}"#)).unwrap() };
        for (rules, asked) in [
            ("", None),
            (r#","reconcile":{"method":"b"}"#, None),
            (r#","reconcile":{"method":"b","expect":"absent"}"#, Some("b")),
            (r#","reconcile":{"method":"b","expect":"changed"}"#, Some("b")),
            (r#","reconcile":{"method":"b","expect":"changed"},"shows":{"method":"c"}"#, Some("c")),
        ] {
            assert_eq!(method(rules).showing().map(|rule| rule.method.clone()).as_deref(), asked, "{rules}");
        }
    }

    #[test]
    fn what_a_member_is_is_known_wherever_it_is() {
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"server","kind":"server","key":"id","columns":["id"],"fields":[{"name":"id"},
                {"name":"disk","type":"list:@disk"},{"name":"parts","type":"map:dict","fields":[{"name":"size"}]}]},
                {"name":"disk","kind":"disk","key":"n","fields":[{"name":"n","type":"int"}]}]"#,
        )
        .unwrap();
        for (returns, at, field) in [
            ("list:@server", None, "id"),
            ("@server", None, "id"),
            ("list:@server", Some("disk"), "n"),
            ("list:@server", Some("parts.*"), "size"),
        ] {
            let asked = Method { name: "x".into(), returns: returns.parse().unwrap(), ..Method::default() };
            let rule = ShowRule { at: at.map(str::to_owned), ..ShowRule::default() };
            let described = rule.describing(&asked, &shapes);
            let fields = described.result_fields(&shapes);
            assert_eq!((described.name.as_str(), fields[0].name.as_str()), ("x", field), "{returns} {at:?}");
        }
    }

    #[test]
    fn values_have_names_however_they_are_passed() {
        let method: Method = serde_json::from_str(r#"{"name":"a","params":[{"name":"x"},{"name":"y"}]}"#).unwrap();
        for arguments in [
            Arguments::Named(map(r#"{"x":1,"y":2}"#)),
            Arguments::Positional(vec![crate::Value::Int(1), crate::Value::Int(2), crate::Value::Int(3)]),
        ] {
            assert_eq!(*arguments.by_name(&method), map(r#"{"x":1,"y":2}"#));
        }
    }
}
