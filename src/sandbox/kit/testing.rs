//! What the tests of every provider share: answers held against the catalogue.

use crate::model::{Field, Map, Shape, Type, Value};

/// The shapes of a catalogue, to hold answers against.
pub(crate) struct Shapes<'c>(pub(crate) &'c [Shape]);

impl Shapes<'_> {
    /// What is wrong with a value of that type.
    pub(crate) fn fault(&self, wanted: &Type, fields: &[Field], value: &Value) -> Option<String> {
        match (wanted, value) {
            (Type::Any | Type::None, _) => None,
            (Type::String, Value::Text(_)) | (Type::Int, Value::Int(_)) | (Type::Boolean, Value::Bool(_)) => None,
            (Type::Float, Value::Decimal(_) | Value::Int(_)) => None,
            (Type::Date, Value::Date(_)) | (Type::Bytes, Value::Bytes(_)) => None,
            (Type::List(inner), Value::List(members)) => {
                members.iter().find_map(|member| self.fault(inner, fields, member))
            }
            (Type::MapOf(inner), Value::Map(map)) => map.iter().find_map(|(_, value)| self.fault(inner, fields, value)),
            (Type::Dict, Value::Map(map)) => self.dictionary(fields, map),
            (Type::Shape(name), Value::Map(map)) => {
                let shape = self.0.iter().find(|shape| shape.name == *name);
                self.dictionary(&shape.unwrap().fields, map)
            }
            _ => Some(format!("{value:?} is no {wanted}")),
        }
    }

    /// An empty dictionary stands for nothing: `server.info` sends one where there is no rule group.
    fn dictionary(&self, fields: &[Field], map: &Map) -> Option<String> {
        if map.is_empty() {
            return None;
        }
        let unknown = map.keys().find(|key| !fields.is_empty() && !fields.iter().any(|field| field.name == *key));
        let member = |field: &Field| match map.get(&field.name) {
            Some(value) => {
                self.fault(&field.type_, &field.fields, value).map(|fault| format!("{}: {fault}", field.name))
            }
            None if field.optional => None,
            None => Some(format!("{} is missing", field.name)),
        };
        unknown.map(|key| format!("{key} is not documented")).or_else(|| fields.iter().find_map(member))
    }
}
