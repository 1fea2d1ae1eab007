//! Things with numeric ids, each belonging to another thing or to none.

use super::values::merge;
use model::{Map, Value};

/// The owner of things that belong to no other.
pub(crate) const NOBODY: i64 = 0;

/// Things of one kind, in the order they were created. Ids count up and are never reused.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    next: i64,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    id: i64,
    owner: i64,
    shown: Map,
}

impl Table {
    /// An empty table; the first thing will get this id.
    pub(crate) fn starting(next: i64) -> Table {
        Table { next, rows: Vec::new() }
    }

    /// Adds a thing with an owner, and gives it an id, which is stored as `id`.
    pub(crate) fn add(&mut self, owner: i64, fields: Map) -> Map {
        let id = self.next;
        self.next += 1;
        let mut shown = Map::from_iter([("id", id)]);
        merge(&mut shown, fields);
        self.rows.push(Row { id, owner, shown: shown.clone() });
        shown
    }

    /// The thing with that id, if it has that owner.
    pub(crate) fn find(&self, owner: i64, id: i64) -> Option<&Map> {
        self.rows.iter().find(|row| row.id == id && row.owner == owner).map(|row| &row.shown)
    }

    /// The same, to change it.
    pub(crate) fn find_mut(&mut self, owner: i64, id: i64) -> Option<&mut Map> {
        self.rows.iter_mut().find(|row| row.id == id && row.owner == owner).map(|row| &mut row.shown)
    }

    /// Removes a thing and returns it.
    pub(crate) fn take(&mut self, owner: i64, id: i64) -> Option<Map> {
        let at = self.rows.iter().position(|row| row.id == id && row.owner == owner)?;
        Some(self.rows.remove(at).shown)
    }

    /// Puts a removed thing back.
    pub(crate) fn restore(&mut self, owner: i64, id: i64, shown: Map) {
        self.rows.push(Row { id, owner, shown });
    }

    /// Removes everything of an owner.
    pub(crate) fn clear(&mut self, owner: i64) {
        self.rows.retain(|row| row.owner != owner);
    }

    /// The things of an owner.
    pub(crate) fn of(&self, owner: i64) -> impl Iterator<Item = &Map> {
        self.rows.iter().filter(move |row| row.owner == owner).map(|row| &row.shown)
    }

    /// The same, to change it.
    pub(crate) fn of_mut(&mut self, owner: i64) -> impl Iterator<Item = &mut Map> {
        self.rows.iter_mut().filter(move |row| row.owner == owner).map(|row| &mut row.shown)
    }

    /// Everything of an owner as a list.
    pub(crate) fn list(&self, owner: i64) -> Value {
        Value::List(self.of(owner).cloned().map(Value::Map).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::{list, map};
    use super::*;

    #[test]
    fn things_are_added_and_removed_and_ids_are_kept() {
        let mut table = Table::starting(7);
        assert_eq!(table.add(NOBODY, map! { "name" => "a" }), map! { "id" => 7, "name" => "a" });
        table.add(7, map! {});
        assert_eq!(table.list(7), list([map! { "id" => 8 }]));
        assert!(table.find(NOBODY, 8).is_none() && table.find(7, 8).is_some());
        table.find_mut(7, 8).unwrap().insert("x", true);
        assert_eq!(table.take(7, 8), Some(map! { "id" => 8, "x" => true }));
        assert_eq!(table.take(7, 8), None);
        table.restore(7, 8, map! { "id" => 8 });
        assert_eq!(table.list(7), list([map! { "id" => 8 }]));
        assert_eq!(table.add(NOBODY, map! {}), map! { "id" => 9 });
        table.clear(NOBODY);
        assert_eq!((table.of(NOBODY).count(), table.of_mut(7).count()), (0, 1));
    }
}
