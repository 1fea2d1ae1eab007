//! Made-up answers of the documented shape, for methods without state.

use super::random::Random;
use super::values::{date, decimal, map};
use model::{Field, Map, Method, Shape, Type, Value};

/// Shapes may contain each other; below this depth they are left empty.
const DEEPEST: usize = 6;

/// An answer of the method's documented shape.
pub(crate) fn answer(method: &Method, shapes: &[Shape]) -> Value {
    let name = method.name.rsplit('.').next().unwrap_or_default();
    Sampler { shapes }.value(name, &method.returns, &method.fields, DEEPEST)
}

struct Sampler<'s> {
    shapes: &'s [Shape],
}

impl Sampler<'_> {
    fn value(&self, name: &str, wanted: &Type, fields: &[Field], depth: usize) -> Value {
        match wanted {
            Type::Any | Type::String => text(name).into(),
            Type::None => Value::Map(Map::new()),
            Type::Int => int(name).into(),
            Type::Float => decimal("1.50"),
            Type::Boolean => true.into(),
            Type::Date => date("20110617T00:00:00"),
            Type::Bytes => Value::Bytes(b"\x89PNG\r\n\x1a\n".to_vec()),
            Type::Dict => self.dictionary(fields, depth),
            Type::Shape(shape) => {
                let shape = self.shapes.iter().find(|known| known.name == *shape);
                self.dictionary(shape.map_or(&[], |shape| &shape.fields), depth)
            }
            Type::List(inner) => Value::List(vec![self.value(name, inner, fields, depth)]),
            Type::MapOf(inner) => map! { text("id") => self.value(name, inner, fields, depth) }.into(),
        }
    }

    fn dictionary(&self, fields: &[Field], depth: usize) -> Value {
        if depth == 0 {
            return Value::Map(Map::new());
        }
        let member = |field: &Field| match field.choices.first() {
            Some(choice) => choice.clone(),
            None => self.value(&field.name, &field.type_, &field.fields, depth - 1),
        };
        Value::Map(fields.iter().map(|field| (field.name.as_str(), member(field))).collect())
    }
}

fn text(name: &str) -> String {
    let last = name.rsplit('_').next().unwrap_or_default();
    match (name, last) {
        (_, "id" | "key") => Random::of(name).id(),
        ("cluster_name", _) => "mycluster1".into(),
        ("username" | "user", _) => "alice".into(),
        ("host_name", _) => "myserver1.miniserver.example".into(),
        (_, "name") => "myserver1".into(),
        (_, "password") => "an-example-password".into(),
        (_, "country") => "GB".into(),
        (_, "email") => "admin@example.com".into(),
        (_, "ip" | "address") => "192.0.2.10".into(),
        (_, "domain") => "example.com".into(),
        (_, "status") => "LIVE".into(),
        (_, "currency") => "GBP".into(),
        _ => "example".into(),
    }
}

fn int(name: &str) -> i64 {
    match name {
        "port" => 80,
        "ttl" => 1800,
        "ref" => 100_291,
        _ => 1,
    }
}
