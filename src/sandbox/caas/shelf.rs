//! Things that belong to networks, stored in the form of lists.

use model::{Map, Value};

/// Things of one kind.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Vec<(String, Map)>);

impl Shelf {
    /// Initial things, each with its network.
    pub(crate) fn of(network: &str, things: impl IntoIterator<Item = Map>) -> Shelf {
        Shelf(things.into_iter().map(|thing| (network.to_owned(), thing)).collect())
    }

    /// Puts a thing on a network.
    pub(crate) fn add(&mut self, network: &str, thing: Map) {
        self.0.push((network.to_owned(), thing));
    }

    /// The things on a network, in the order they were added.
    pub(crate) fn on(&self, network: &str) -> impl Iterator<Item = &Map> {
        self.0.iter().filter(move |(known, _)| known == network).map(|(_, thing)| thing)
    }

    /// The thing with that id on a network.
    pub(crate) fn find(&self, network: &str, id: &str) -> Option<&Map> {
        self.on(network).find(|thing| text(thing, "id") == id)
    }

    /// The thing with that id on a network, to change it.
    pub(crate) fn find_mut(&mut self, network: &str, id: &str) -> Option<&mut Map> {
        let here = |(known, thing): &&mut (String, Map)| known == network && text(thing, "id") == id;
        self.0.iter_mut().find(here).map(|(_, thing)| thing)
    }

    /// The name of the thing with that id, whatever its network.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        let named = self.0.iter().map(|(_, thing)| thing).find(|thing| text(thing, "id") == id);
        named.map(|thing| text(thing, "name")).filter(|name| !name.is_empty())
    }

    /// Removes a thing from a network.
    pub(crate) fn remove(&mut self, network: &str, id: &str) {
        self.0.retain(|(known, thing)| known != network || text(thing, "id") != id);
    }

    /// Whether a thing on a network has that text in that field, in any letter case.
    pub(crate) fn has(&self, network: &str, field: &str, value: &str) -> bool {
        self.on(network).any(|thing| text(thing, field).eq_ignore_ascii_case(value))
    }
}

/// The text of a field; empty when there is none.
pub(crate) fn text<'m>(map: &'m Map, field: &str) -> &'m str {
    map.get(field).and_then(Value::as_str).unwrap_or_default()
}
