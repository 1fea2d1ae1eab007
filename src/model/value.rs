//! The value: what arguments and results consist of.

use foldhash::quality::RandomState;
use indexmap::IndexMap;

use super::{Date, Decimal, Secret, Upload};

/// A dictionary that keeps the order of its keys. It hashes in the way of `hashbrown`, with a seed of each process: that
/// takes a sixth of the standard library's time, which is half of the time that a key of an answer takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(IndexMap<String, Value, RandomState>);

/// The most members that room is made for before they come.
const PROBABLE: usize = 64;

/// One value. Integers, decimals, dates, bytes and the order of keys are kept exactly.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number of at most 64 bits.
    Int(i64),
    /// Any other number, digit by digit.
    Decimal(Decimal),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A date or time as the provider wrote it.
    Date(Date),
    /// Values in order.
    List(Vec<Value>),
    /// Named values in order.
    Map(Map),
    /// A text that must not be shown.
    Secret(Secret),
    /// A file that is sent as it is.
    File(Box<Upload>),
}

impl Map {
    /// An empty dictionary.
    pub fn new() -> Map {
        Map::default()
    }

    /// An empty dictionary with room for about that many keys.
    pub(crate) fn with_room(keys: usize) -> Map {
        Map(IndexMap::with_capacity_and_hasher(keys.min(PROBABLE), RandomState::default()))
    }

    /// Sets a key and returns its old value. An existing key keeps its place.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(key.into(), value.into())
    }

    /// The same, but returns the key if it existed.
    pub(crate) fn replace(&mut self, key: String, value: Value) -> Option<&str> {
        let (place, before) = self.0.insert_full(key, value);
        before.and_then(|_| self.0.get_index(place)).map(|(key, _)| key.as_str())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The value of a key, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.get_mut(key)
    }

    /// The value of a key, set to null first if it is missing.
    pub fn entry(&mut self, key: &str) -> &mut Value {
        self.0.entry(key.to_owned()).or_default()
    }

    /// Removes a key and returns its value; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Keys and values in order, the values to change them in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// Values in order, to change them in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.values_mut()
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Map {
        Map(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = indexmap::map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Value {
    /// The kind of this value, in the words of the type language.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "int",
            Value::Decimal(number) if number.is_integer() => "int",
            Value::Decimal(_) => "float",
            Value::Text(_) | Value::Secret(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Date(_) => "date",
            Value::List(_) => "list",
            Value::Map(_) => "dict",
            Value::File(_) => "file",
        }
    }

    /// The member of a dictionary; `None` for any other value.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// As a dictionary.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// As a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// As text; a date counts as text, a secret does not.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Date(date) => Some(date.as_str()),
            _ => None,
        }
    }

    /// As a 64-bit whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// As true or false.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A scalar as a user would type it; the kind of anything else.
    pub fn plain(&self) -> String {
        match self {
            Value::Text(text) if text.is_empty() => "''".into(),
            Value::Text(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            other => other.kind().to_owned(),
        }
    }

    /// A number from its digits: `Int` when it fits, `Decimal` otherwise. `None` when it is not a number.
    pub fn number(digits: &str) -> Option<Value> {
        let decimal = Decimal::parse(digits)?;
        match decimal.as_str().parse() {
            // "-0" is a whole number that an integer cannot hold.
            Ok(number) if decimal.as_str() != "-0" => Some(Value::Int(number)),
            _ => Some(Value::Decimal(decimal)),
        }
    }
}

macro_rules! from {
    ($($from:ty => |$it:ident| $make:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($it: $from) -> Value { $make }
        })*
    };
}

from! {
    bool => |it| Value::Bool(it);
    i64 => |it| Value::Int(it);
    f64 => |it| Value::Decimal(it.into());
    &str => |it| Value::Text(it.to_owned());
    String => |it| Value::Text(it);
    Date => |it| Value::Date(it);
    Map => |it| Value::Map(it);
    Vec<Value> => |it| Value::List(it);
}
