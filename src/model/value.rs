//! The value: what arguments and results consist of.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use foldhash::quality::RandomState;
use indexmap::IndexSet;

use super::{Date, Decimal, Secret, Upload};

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

/// So many names are compared one by one; more are found by their hash.
const FEW: usize = 16;
/// The most members that room is made for before they come.
const PROBABLE: usize = 64;

/// The name of a member. The dictionaries of a list may share theirs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

/// Named values in order. Most dictionaries are small, so only a large one has an index. It hashes in the way of `hashbrown`,
/// with a seed of each process.
#[derive(Clone, Default)]
pub struct Map {
    members: Vec<(Name, Value)>,
    /// The names in the same order, if there are more than a few.
    names: Option<Box<IndexSet<Name, RandomState>>>,
}

impl Map {
    /// An empty dictionary.
    pub fn new() -> Map {
        Map::default()
    }

    /// An empty dictionary with room for about that many names.
    pub fn with_room(names: usize) -> Map {
        Map { members: Vec::with_capacity(names.min(PROBABLE)), names: None }
    }

    /// Sets a name and returns its old value. An existing name keeps its place.
    pub fn insert(&mut self, name: impl Into<Name>, value: impl Into<Value>) -> Option<Value> {
        self.set(name.into(), value.into()).map(|(_, old)| old)
    }

    /// The same, but returns the name if it existed.
    pub(crate) fn replace(&mut self, name: Name, value: Value) -> Option<&str> {
        let place = self.set(name, value).map(|(place, _)| place)?;
        self.members.get(place).map(|(name, _)| &**name)
    }

    fn set(&mut self, name: Name, value: Value) -> Option<(usize, Value)> {
        if let Some(place) = self.place(&name)
            && let Some((_, old)) = self.members.get_mut(place)
        {
            return Some((place, std::mem::replace(old, value)));
        }
        if let Some(names) = &mut self.names {
            names.insert(name.clone());
        }
        self.members.push((name, value));
        if self.names.is_none() && self.members.len() > FEW {
            self.names = Some(Box::new(self.members.iter().map(|(name, _)| name.clone()).collect()));
        }
        None
    }

    fn place(&self, name: &str) -> Option<usize> {
        match &self.names {
            Some(names) => names.get_index_of(name),
            None => self.members.iter().position(|(known, _)| **known == *name),
        }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(self.place(name)?).map(|(_, value)| value)
    }

    /// The value of a name, to change it in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let place = self.place(name)?;
        self.members.get_mut(place).map(|(_, value)| value)
    }

    /// The value of a name, set to null first if it is missing.
    #[expect(clippy::indexing_slicing, reason = "it was found there, or has just been added there")]
    pub fn entry(&mut self, name: &str) -> &mut Value {
        let place = self.place(name).unwrap_or(self.members.len());
        if place == self.members.len() {
            self.set(name.into(), Value::Null);
        }
        &mut self.members[place].1
    }

    /// Removes a name and returns its value; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name)?;
        if let Some(names) = &mut self.names {
            names.shift_remove_index(place);
        }
        Some(self.members.remove(place).1)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (&**name, value))
    }

    /// Names and values in order, the values to change them in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.members.iter_mut().map(|(name, value)| (&**name, value))
    }

    /// Values in order, to change them in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.members.iter_mut().map(|(_, value)| value)
    }

    /// Names in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it has no names.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Two dictionaries are equal if they have the same values, in any order.
impl PartialEq for Map {
    fn eq(&self, other: &Map) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: Into<Name>, V: Into<Value>> FromIterator<(N, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Map {
        let mut map = Map::new();
        for (name, value) in pairs {
            map.insert(name, value);
        }
        map
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = std::iter::Map<std::vec::IntoIter<(Name, Value)>, fn((Name, Value)) -> (String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter().map(|(name, value)| (String::from(&*name), value))
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

macro_rules! names {
    ($($from:ty),*) => {
        $(impl From<$from> for Name {
            fn from(name: $from) -> Name {
                Name(Arc::from(AsRef::<str>::as_ref(&name)))
            }
        })*
    };
}

names!(&str, &&str, &String, String, Cow<'_, str>);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(String, i64),
        Entry(String),
        Remove(String),
    }

    fn step() -> impl Strategy<Value = Step> {
        let name = || "[a-f][a-d]?";
        prop_oneof![
            6 => (name(), any::<i64>()).prop_map(|(name, value)| Step::Insert(name, value)),
            1 => name().prop_map(Step::Entry),
            2 => name().prop_map(Step::Remove),
        ]
    }

    proptest! {
        #[test]
        fn names_keep_their_order_however_many_there_are(steps in prop::collection::vec(step(), 0..80)) {
            let (mut map, mut plain) = (Map::new(), Vec::<(String, Value)>::new());
            for step in steps {
                let place = |plain: &Vec<(String, Value)>, name: &str| plain.iter().position(|(known, _)| known == name);
                match step {
                    Step::Insert(name, value) => {
                        let old = map.insert(&name, value);
                        match place(&plain, &name) {
                            Some(at) => prop_assert_eq!(old, Some(std::mem::replace(&mut plain[at].1, value.into()))),
                            None => plain.push((name, value.into())),
                        }
                    }
                    Step::Entry(name) => {
                        let value = map.entry(&name).clone();
                        match place(&plain, &name) {
                            Some(at) => prop_assert_eq!(&value, &plain[at].1),
                            None => plain.push((name, Value::Null)),
                        }
                    }
                    Step::Remove(name) => {
                        let old = place(&plain, &name).map(|at| plain.remove(at).1);
                        prop_assert_eq!(map.remove(&name), old);
                    }
                }
                for (name, value) in &plain {
                    prop_assert_eq!(map.get(name), Some(value));
                }
                prop_assert!(map.get("x").is_none() && map.len() == plain.len());
            }
            let mut turned = plain.clone();
            turned.reverse();
            prop_assert_eq!(&map, &Map::from_iter(turned));
            prop_assert_eq!(map.into_iter().collect::<Vec<_>>(), plain);
        }
    }

    #[test]
    fn dictionaries_differ_in_a_name_or_a_value() {
        let map = Map::from_iter([("a", 1), ("b", 2)]);
        for other in [&[("a", 1)][..], &[("a", 1), ("b", 3)], &[("a", 1), ("c", 2)], &[("a", 1), ("b", 2), ("c", 3)]] {
            assert_ne!(map, Map::from_iter(other.iter().copied()));
        }
        assert_eq!(map, Map::from_iter([("b", 2), ("a", 0), ("a", 1)]));
        assert_eq!(format!("{map:?}"), r#"{"a": Int(1), "b": Int(2)}"#);
    }
}
