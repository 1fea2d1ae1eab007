//! The objects of a simulated service: those that it begins with, and what clients have made of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Map, Value};
use openapi::Surface;

use super::invent;
use super::jobs::{self, Jobs, Shown};
use super::memory::{Memory, Object};
use super::plan::{Collection, Plan, inside};
use super::refusal::{Refusal, Why};
use super::route::joined;
use super::text::{self, About};
use super::words;
use crate::kit::clock::Clock;

/// The number of objects that a collection begins with.
const FIRST: usize = 3;
/// The most keys that are tried until one is free.
const TRIES: i64 = 1_000;

/// The state of a service.
pub(super) struct World {
    pub(super) surface: Arc<Surface>,
    pub(super) plan: Arc<Plan>,
    pub(super) memory: Memory,
    pub(super) jobs: Jobs,
    pub(super) clock: Clock,
    /// Objects in addition to those that a collection begins with.
    pub(super) more: usize,
    /// The time that dates show of things that were there before.
    pub(super) before: String,
}

impl World {
    /// What is known about an object that values are made up for.
    pub(super) fn about(&self, word: &str, number: i64) -> About {
        About { number, word: word.to_owned(), moment: self.before.clone() }
    }

    fn collection(&self, kind: &str) -> Option<Collection> {
        self.plan.collections.get(kind).cloned()
    }

    /// The members that a collection begins with.
    pub(super) fn first(&self, collection: &Collection) -> Vec<Object> {
        let mut taken = BTreeSet::new();
        let shown = collection.examples.iter().filter_map(Value::as_map);
        let shown: Vec<&Map> =
            shown.filter(|it| taken.insert(key_in(it, &collection.key).unwrap_or_default())).collect();
        let mut members: Vec<Object> = Vec::new();
        for number in 0..FIRST.saturating_add(self.more) {
            let facts = shown.get(number).map(|map| (*map).clone()).unwrap_or_default();
            let number = i64::try_from(number).unwrap_or_default().saturating_add(1);
            let usable = |key: &String| !key.is_empty() && (!collection.whole || key.parse::<i64>().is_ok());
            let own = key_in(&facts, &collection.key).filter(usable);
            let key = own.unwrap_or_else(|| self.free_key(collection, &members, number));
            members.push(keyed(collection, Object { key, facts, number }));
        }
        members
    }

    /// A key that no member has.
    pub(super) fn free_key(&self, collection: &Collection, members: &[Object], number: i64) -> String {
        if collection.whole || collection.schema.is_none() {
            let highest = members.iter().filter_map(|member| member.key.parse::<i64>().ok()).max();
            return highest.map_or(number, |key| key.saturating_add(1)).to_string();
        }
        let schemas = &self.surface.schemas;
        let of_key = collection.schema.and_then(|id| super::plan::at(schemas, id, &collection.key));
        let name = collection.key.last().map(String::as_str).unwrap_or("id");
        let mut usual = String::new();
        for number in number..number.saturating_add(TRIES) {
            let choice =
                of_key.and_then(|id| schemas.get(id)).and_then(|it| it.choices.get(usize::try_from(number - 1).ok()?));
            let about = self.about(&collection.word, number);
            let made = match of_key.and_then(|id| schemas.get(id)) {
                Some(schema) if schema.allows(openapi::Kind::Int) => number.to_string(),
                Some(schema) => text::text(schema, name, &about),
                None => format!("{}-{number}", collection.word),
            };
            usual = choice.map(Value::plain).unwrap_or(made);
            if members.iter().all(|member| member.key != usual) {
                return usual;
            }
            // A text that is the same for all objects is followed by the number.
            let other = format!("{usual}-{number}");
            if choice.is_none() && members.iter().all(|member| member.key != other) {
                return other;
            }
        }
        format!("{usual}-{}", members.len())
    }

    /// How the members of a collection are jobs, if they are.
    pub(super) fn shown(&self, collection: &Collection) -> Option<Shown> {
        jobs::shown(&self.surface.schemas, collection.schema?)
    }

    /// All members of a collection, at its path.
    pub(super) fn members(&self, collection: &Collection, at: &str) -> Vec<Object> {
        let mut members = self.memory.members(at, || self.first(collection));
        if let Some(shown) = self.shown(collection) {
            members.extend(self.jobs.objects(&shown.signature, self.clock.now(), self.clock.moment().as_str()));
        }
        members
    }

    /// A member by its key, or by its name where keys are texts.
    pub(super) fn member(&self, collection: &Collection, at: &str, key: &str) -> Option<Object> {
        let members = self.members(collection, at);
        let named = |member: &&Object| {
            let shown = collection.schema.map(|id| self.render(id, collection, member, &[]));
            let shown = shown.as_ref().and_then(Value::as_map).unwrap_or(&member.facts);
            shown.iter().any(|(name, value)| words::is_name(name) && value.plain() == key)
        };
        let by_key = members.iter().find(|member| member.key == key);
        let found = by_key.or_else(|| members.iter().find(named).filter(|_| !collection.numbered));
        if found.is_some() || collection.listed || self.memory.is_gone(at, key) {
            return found.cloned();
        }
        let fits = !collection.numbered || key.parse::<i64>().is_ok();
        let number = key.parse().unwrap_or(1);
        fits.then(|| keyed(collection, Object { key: key.to_owned(), facts: Map::new(), number }))
    }

    /// Checks that what a path goes through is there. A name that no list has shown is believed: many services have
    /// some that are always there.
    pub(super) fn check_way(&self, steps: &[String], parents: &[(usize, String)]) -> Result<(), Refusal> {
        for (count, kind) in parents {
            let (Some(collection), Some(way)) = (self.collection(kind), steps.get(..*count)) else { continue };
            let Some((key, before)) = way.split_last() else { continue };
            let at = joined(before);
            let known = self.member(&collection, &at, key).is_some();
            if !known && (collection.numbered || self.memory.is_gone(&at, key)) {
                return Err(Refusal::missing(&collection.word, key));
            }
        }
        Ok(())
    }

    /// Keeps an object.
    pub(super) fn keep(&mut self, collection: &Collection, at: &str, object: Object) -> Result<(), Refusal> {
        let first = self.first(collection);
        self.memory.put(at, object, || first).map_err(|_| full())
    }

    /// Forgets an object.
    pub(super) fn forget(&mut self, collection: &Collection, at: &str, key: &str, below: &str) -> Result<(), Refusal> {
        let first = self.first(collection);
        self.memory.remove(at, key, below, || first).map_err(|_| full())
    }

    /// A new object of what a client has sent.
    pub(super) fn new_object(&self, collection: &Collection, at: &str, mut facts: Map) -> Result<Object, Refusal> {
        let members = self.members(collection, at);
        let schemas = &self.surface.schemas;
        let property = collection.schema.and_then(|id| super::plan::at(schemas, id, &collection.key));
        let given_by_us = property.and_then(|id| schemas.get(id)).is_some_and(|it| it.read_only);
        let own = key_in(&facts, &collection.key).filter(|key| !given_by_us && !key.is_empty());
        if let Some(key) = own.as_ref().filter(|key| members.iter().any(|member| member.key == **key)) {
            return Err(Refusal::new(Why::Taken, format!("there is a {} {key:?} already", collection.word)));
        }
        let number = members.iter().map(|member| member.number).max().unwrap_or_default().saturating_add(1);
        let key = own.unwrap_or_else(|| self.free_key(collection, &members, number));
        if let Some(schema) = collection.schema.and_then(|id| schemas.get(id)) {
            let made =
                schema.properties.iter().filter(|it| words::is_creation(&it.name) && facts.get(&it.name).is_none());
            let made: Vec<String> = made.map(|it| it.name.clone()).collect();
            made.into_iter().for_each(|name| drop(facts.insert(name, self.clock.moment().as_str())));
        }
        Ok(keyed(collection, Object { key, facts, number }))
    }

    /// An object in the form of a schema. `way` are the values of the path to it.
    pub(super) fn render(
        &self,
        id: usize,
        collection: &Collection,
        object: &Object,
        way: &[(String, String)],
    ) -> Value {
        let schemas = &self.surface.schemas;
        let about = self.about(&collection.word, object.number);
        let mut value = invent::value(schemas, id, &collection.word, &about);
        self.tell_apart(id, object, &mut value);
        for (name, text) in way {
            let property = schemas.property(id, name).filter(|it| !collection.key.contains(&it.name));
            if let (Some(property), Value::Map(map)) = (property, &mut value) {
                let typed = super::check::typed(schemas, Some(property.schema), text.as_str().into());
                if super::check::fits(schemas, property.schema, &typed) {
                    map.insert(name.as_str(), typed);
                }
            }
        }
        super::lay::over(schemas, id, value, &Value::Map(object.facts.clone()))
    }

    /// Gives an object other names than the first of its kind, where the document has one example for all.
    fn tell_apart(&self, id: usize, object: &Object, value: &mut Value) {
        let (schemas, Value::Map(map)) = (&self.surface.schemas, value) else { return };
        let further = object.number.saturating_sub(1);
        for (name, value) in map.iter_mut().filter(|(name, _)| further > 0 && words::is_name(name)) {
            let Some(property) = schemas.property(id, name) else { continue };
            let other = match value {
                Value::Int(number) => Value::Int(number.saturating_add(further)),
                Value::Text(text) if !text.ends_with(&format!("-{}", object.number)) => {
                    let format = schemas.get(property.schema).map(|it| it.format.as_str()).unwrap_or_default();
                    let about = self.about(text, object.number);
                    text::formatted(format, &about).unwrap_or_else(|| format!("{text}-{}", object.number)).into()
                }
                _ => continue,
            };
            if super::check::fits(schemas, property.schema, &other) {
                *value = other;
            }
        }
    }
}

fn full() -> Refusal {
    Refusal::new(Why::Full, "the sandbox has no room for more objects: start it again")
}

/// The key in what is known about an object.
fn key_in(facts: &Map, key: &[String]) -> Option<String> {
    let (first, rest) = key.split_first()?;
    match inside(facts.get(first)?, rest)? {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An object whose facts show its key.
pub(super) fn keyed(collection: &Collection, mut object: Object) -> Object {
    let value = match object.key.parse::<i64>() {
        Ok(number) if collection.whole => Value::Int(number),
        _ => Value::Text(object.key.clone()),
    };
    match collection.key.as_slice() {
        [only] => drop(object.facts.insert(only.as_str(), value)),
        [outer, inner] => {
            let within = object.facts.entry(outer);
            if within.as_map().is_none() {
                *within = Value::Map(Map::new());
            }
            if let Value::Map(map) = within {
                map.insert(inner.as_str(), value);
            }
        }
        _ => {}
    }
    object
}

#[cfg(test)]
mod tests {
    use super::super::testing::world;
    use super::*;

    #[test]
    fn a_collection_begins_with_members_that_have_keys() {
        let world = world();
        for (kind, keys) in [
            ("servers", "42 43 44"),
            ("zones", "zone-1 zone-2 zone-3"),
            ("zones/{}/records", "1 2 3"),
            ("jobs", "1 2 3"),
        ] {
            let collection = &world.plan.collections[kind];
            let found: Vec<String> = world.first(collection).into_iter().map(|it| it.key).collect();
            assert_eq!(found.join(" "), keys, "{kind}");
        }
    }

    #[test]
    fn what_a_path_goes_through_must_be_there() {
        let world = world();
        let way = |steps: &[&str], kind: &str| {
            let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
            world.check_way(&steps, &[(2, kind.to_owned())]).map_err(|it| it.words)
        };
        assert_eq!(way(&["servers", "42", "x"], "servers"), Ok(()));
        assert_eq!(way(&["servers", "7", "x"], "servers"), Err("there is no server \"7\"".to_owned()));
        assert_eq!(way(&["zones", "any.example", "x"], "zones"), Ok(()));
    }

    #[test]
    fn a_new_object_has_a_key_of_its_own() {
        let world = world();
        let servers = &world.plan.collections["servers"];
        let made = world.new_object(servers, "servers", Map::from_iter([("name", "web")])).unwrap();
        assert_eq!((made.key.as_str(), made.facts.get("id"), made.number), ("45", Some(&Value::Int(45)), 4));
        let zones = &world.plan.collections["zones"];
        let named = |name: &str| world.new_object(zones, "zones", Map::from_iter([("name", name)]));
        assert_eq!(named("a.example").unwrap().key, "a.example");
        assert_eq!(named("zone-1").unwrap_err().why, Why::Taken);
    }
}
