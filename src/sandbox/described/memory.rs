//! What is remembered: the objects that were made, changed and removed. What was not touched takes no room.

use std::collections::{BTreeMap, BTreeSet};

use model::{Map, Value};

/// The most objects.
const OBJECTS: usize = 20_000;
/// The most bytes of what clients have said about them.
const BYTES: usize = 64 * 1024 * 1024;

/// An object: its key, and what is known about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    pub(super) key: String,
    pub(super) facts: Map,
    /// Its number among those of its kind.
    pub(super) number: i64,
}

/// There is no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// All objects, by the path of their collection.
#[derive(Debug, Default)]
pub(super) struct Memory {
    collections: BTreeMap<String, Vec<Object>>,
    /// Objects of collections without a list that were removed.
    gone: BTreeSet<(String, String)>,
    bytes: usize,
    count: usize,
}

impl Memory {
    /// The members of a collection; `first` are those that it begins with.
    pub(super) fn members(&self, at: &str, first: impl FnOnce() -> Vec<Object>) -> Vec<Object> {
        self.collections.get(at).cloned().unwrap_or_else(first)
    }

    /// Whether an object was removed.
    pub(super) fn is_gone(&self, at: &str, key: &str) -> bool {
        self.gone.contains(&(at.to_owned(), key.to_owned()))
    }

    /// Puts an object in its place: the one with its key, or behind all others.
    pub(super) fn put(&mut self, at: &str, object: Object, first: impl FnOnce() -> Vec<Object>) -> Result<(), Full> {
        let size = sizes(&object);
        if self.count >= OBJECTS || self.bytes.saturating_add(size) > BYTES {
            return Err(Full);
        }
        let known = self.collections.contains_key(at);
        let members = self.collections.entry(at.to_owned()).or_insert_with(first);
        if !known {
            self.count += members.len();
        }
        self.bytes += size;
        match members.iter_mut().find(|member| member.key == object.key) {
            Some(member) => {
                self.bytes = self.bytes.saturating_sub(sizes(member));
                *member = object;
            }
            None => {
                self.count += 1;
                self.gone.remove(&(at.to_owned(), object.key.clone()));
                members.push(object);
            }
        }
        Ok(())
    }

    /// Removes an object with everything below it.
    pub(super) fn remove(
        &mut self,
        at: &str,
        key: &str,
        below: &str,
        first: impl FnOnce() -> Vec<Object>,
    ) -> Result<(), Full> {
        if self.gone.len() >= OBJECTS || self.count >= OBJECTS {
            return Err(Full);
        }
        self.collections.entry(at.to_owned()).or_insert_with(first).retain(|member| member.key != key);
        self.gone.insert((at.to_owned(), key.to_owned()));
        let prefix = format!("{below}/");
        self.collections.retain(|at, _| !at.starts_with(&prefix));
        self.gone.retain(|(at, _)| !at.starts_with(&prefix));
        self.count = self.collections.values().map(Vec::len).sum();
        self.bytes = self.collections.values().flatten().map(sizes).sum();
        Ok(())
    }
}

/// About how many bytes an object takes.
fn sizes(object: &Object) -> usize {
    object.facts.iter().map(|(key, it)| key.len().saturating_add(size(it))).sum()
}

/// About how many bytes a value takes.
fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::List(list) => list.iter().map(size).sum::<usize>().saturating_add(16),
        Value::Map(map) => {
            map.iter().map(|(key, it)| key.len().saturating_add(size(it))).sum::<usize>().saturating_add(32)
        }
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, text: &str) -> Object {
        Object { key: key.into(), facts: Map::from_iter([("t", text)]), number: 1 }
    }

    fn keys(memory: &Memory, at: &str) -> String {
        memory.members(at, || vec![object("1", ""), object("2", "")]).iter().map(|it| it.key.clone()).collect()
    }

    #[test]
    fn objects_are_put_changed_and_removed() {
        let first = || vec![object("1", ""), object("2", "")];
        let mut memory = Memory::default();
        assert_eq!(keys(&memory, "a"), "12");
        memory.put("a", object("3", "x"), first).unwrap();
        memory.put("a", object("1", "y"), first).unwrap();
        assert_eq!(
            (keys(&memory, "a"), memory.members("a", first)[0].facts.get("t")),
            ("123".into(), Some(&"y".into()))
        );
        memory.put("a/1/b", object("9", ""), Vec::new).unwrap();
        memory.remove("a", "1", "a/1", first).unwrap();
        assert!(memory.is_gone("a", "1") && !memory.is_gone("a", "2"));
        assert_eq!((keys(&memory, "a"), keys(&memory, "a/1/b")), ("23".into(), "12".into()));
        memory.put("a", object("1", ""), first).unwrap();
        assert!(!memory.is_gone("a", "1"));
    }

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let mut memory = Memory::default();
        let long = "x".repeat(BYTES / 2);
        memory.put("a", object("1", &long), Vec::new).unwrap();
        assert_eq!(memory.put("a", object("2", &long), Vec::new), Err(Full));
        let mut memory = Memory { count: OBJECTS, ..Memory::default() };
        assert_eq!(memory.put("a", object("1", ""), Vec::new), Err(Full));
        assert_eq!(memory.remove("a", "1", "a/1", Vec::new), Err(Full));
    }
}
