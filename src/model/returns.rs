//! What is known about the result of a method.

use super::{Field, Method, Shape};

impl Method {
    /// Whether the result may contain a secret at any depth: files are then made readable by their owner only.
    pub fn returns_secret(&self, shapes: &[Shape]) -> bool {
        fn any<'s>(fields: &'s [Field], shapes: &'s [Shape], seen: &mut Vec<&'s str>) -> bool {
            fields.iter().any(|field| {
                field.secret || any(&field.fields, shapes, seen) || of_shape(field.type_.shape(), shapes, seen)
            })
        }
        fn of_shape<'s>(name: Option<&str>, shapes: &'s [Shape], seen: &mut Vec<&'s str>) -> bool {
            let shape = name.and_then(|name| shapes.iter().find(|shape| shape.name == name));
            // Shapes may contain each other; each is looked into once.
            let Some(shape) = shape.filter(|shape| !seen.contains(&shape.name.as_str())) else { return false };
            seen.push(&shape.name);
            any(&shape.fields, shapes, seen)
        }
        let mut seen = Vec::new();
        any(&self.fields, shapes, &mut seen) || of_shape(self.returns.shape(), shapes, &mut seen)
    }

    /// The columns of a table of its result, the most important first; empty if none are named.
    pub fn result_columns<'m>(&'m self, shapes: &'m [Shape]) -> &'m [String] {
        let shape = self.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        shape.filter(|_| self.columns.is_empty()).map_or(&self.columns, |shape| &shape.columns)
    }

    /// The fields of its result, or of its members, wherever they are described.
    pub fn result_fields<'m>(&'m self, shapes: &'m [Shape]) -> &'m [Field] {
        let shape = self.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        shape.map_or(&self.fields, |shape| &shape.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_at_any_depth() {
        let shape = |name: &str, holds: &str| format!(r#"{{"name":"{name}","fields":[{holds}]}}"#);
        let inner = |to: &str| format!(r#"{{"name":"in","type":"list:@{to}"}}"#);
        let chain: Vec<String> = (0..20).map(|at| shape(&format!("s{at}"), &inner(&format!("s{}", at + 1)))).collect();
        let last = shape("s20", r#"{"name":"key","type":"string","secret":true}"#);
        let circle = [shape("a", &inner("b")), shape("b", &inner("a"))].join(",");
        let shapes: Vec<Shape> = serde_json::from_str(&format!("[{},{last},{circle}]", chain.join(","))).unwrap();
        for (returns, secret) in [("@s0", true), ("map:@s19", true), ("@a", false), ("@nowhere", false), ("any", false)]
        {
            let method = Method { returns: returns.parse().unwrap(), ..Method::default() };
            assert_eq!(method.returns_secret(&shapes), secret, "{returns}");
        }
    }
}
