//! Secrets in results: the fields that the catalogue marks are hidden on a terminal and learnt by the redactor.

use model::secret::Redactor;
use model::{Arguments, Field, Method, Secret, Shape, Type, Value};

/// The result with its secret fields sealed, and how many there were.
pub(crate) fn seal(value: Value, method: &Method, shapes: &[Shape]) -> (Value, usize) {
    let mut masker = Masker { shapes, sealed: 0 };
    let value = masker.typed(value, &method.returns, &method.fields);
    (value, masker.sealed)
}

/// Remembers every sealed text of a result.
pub(crate) fn learn(value: &Value, redactor: &mut Redactor) {
    match value {
        Value::Secret(secret) => redactor.learn_shown(secret),
        Value::List(list) => list.iter().for_each(|member| learn(member, redactor)),
        Value::Map(map) => map.iter().for_each(|(_, member)| learn(member, redactor)),
        _ => {}
    }
}

/// Remembers every sealed text of a call.
pub(crate) fn learn_arguments(arguments: &Arguments, redactor: &mut Redactor) {
    match arguments {
        Arguments::Named(map) => map.iter().for_each(|(_, value)| learn(value, redactor)),
        Arguments::Positional(values) => values.iter().for_each(|value| learn(value, redactor)),
    }
}

struct Masker<'s> {
    shapes: &'s [Shape],
    sealed: usize,
}

impl Masker<'_> {
    fn typed(&mut self, value: Value, declared: &Type, own: &[Field]) -> Value {
        match (declared, value) {
            (Type::List(inner), Value::List(list)) => {
                Value::List(list.into_iter().map(|member| self.typed(member, inner, own)).collect())
            }
            (Type::MapOf(inner), Value::Map(map)) => {
                Value::Map(map.into_iter().map(|(key, member)| (key, self.typed(member, inner, own))).collect())
            }
            (Type::Shape(name), value @ Value::Map(_)) => {
                let shapes = self.shapes;
                match shapes.iter().find(|shape| &shape.name == name) {
                    Some(shape) => self.fields(value, &shape.fields),
                    None => value,
                }
            }
            (_, value) => self.fields(value, own),
        }
    }

    fn fields(&mut self, value: Value, fields: &[Field]) -> Value {
        let Value::Map(map) = value else { return value };
        let members = map.into_iter().map(|(key, member)| {
            let member = match fields.iter().find(|field| field.name == key) {
                Some(field) if field.secret => self.secret(member),
                Some(field) => self.typed(member, &field.type_, &field.fields),
                None => member,
            };
            (key, member)
        });
        Value::Map(members.collect())
    }

    fn secret(&mut self, value: Value) -> Value {
        match value {
            Value::Text(text) if !text.is_empty() => {
                self.sealed += 1;
                Value::Secret(Secret::new(text))
            }
            Value::Int(_) | Value::Decimal(_) | Value::Date(_) => {
                self.sealed += 1;
                Value::Secret(Secret::new(value.plain()))
            }
            Value::List(list) => Value::List(list.into_iter().map(|member| self.secret(member)).collect()),
            Value::Map(map) => Value::Map(map.into_iter().map(|(key, member)| (key, self.secret(member))).collect()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_fields_are_sealed_wherever_they_are() {
        let method: Method = serde_json::from_str(r#"{"name":"a.b","returns":"list:@user","fields":[]}"#).unwrap();
        let shapes: Vec<Shape> = serde_json::from_str(
            r#"[{"name":"user","fields":[{"name":"key","type":"string","secret":true},
                {"name":"pins","type":"dict","secret":true},
                {"name":"inner","type":"dict","fields":[{"name":"pw","type":"string","secret":true}]}]}]"#,
        )
        .unwrap();
        let value: Value = serde_json::from_str(
            r#"[{"key":"canary-1","name":"x","pins":{"a":123456},"inner":{"pw":"canary-2","ok":1}}]"#,
        )
        .unwrap();
        let (sealed, count) = seal(value, &method, &shapes);
        assert_eq!(count, 3);
        let json = serde_json::to_string(&sealed).unwrap();
        let pins = r#""pins":{"a":"(redacted)"}"#;
        assert_eq!(json, format!(r#"[{{"key":"(redacted)","name":"x",{pins},"inner":{{"pw":"(redacted)","ok":1}}}}]"#));
        let mut redactor = Redactor::default();
        learn(&sealed, &mut redactor);
        assert_eq!(redactor.apply("canary-1 canary-2 123456"), "(redacted) (redacted) (redacted)");
    }
}
