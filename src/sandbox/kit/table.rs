//! Things with numbers for ids, each belonging to another or to nothing.

use super::values::merge;
use model::{Map, Value};

/// What belongs to no other thing belongs to this.
pub(crate) const NOBODY: i64 = 0;

/// Things of one kind, in the order they were made. Ids count up and are never used again.
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
    /// Nothing yet; the first thing will have that id.
    pub(crate) fn starting(next: i64) -> Table {
        Table { next, rows: Vec::new() }
    }

    /// Adds a thing that belongs to an owner, and gives it its id, which it shows as `id`.
    pub(crate) fn add(&mut self, owner: i64, fields: Map) -> Map {
        let id = self.next;
        self.next += 1;
        let mut shown = Map::from_iter([("id", id)]);
        merge(&mut shown, fields);
        self.rows.push(Row { id, owner, shown: shown.clone() });
        shown
    }

    /// The thing of that id, if it belongs to that owner.
    pub(crate) fn find(&self, owner: i64, id: i64) -> Option<&Map> {
        self.rows.iter().find(|row| row.id == id && row.owner == owner).map(|row| &row.shown)
    }

    /// The same, to change it.
    pub(crate) fn find_mut(&mut self, owner: i64, id: i64) -> Option<&mut Map> {
        self.rows.iter_mut().find(|row| row.id == id && row.owner == owner).map(|row| &mut row.shown)
    }

    /// Takes a thing out.
    pub(crate) fn take(&mut self, owner: i64, id: i64) -> Option<Map> {
        let at = self.rows.iter().position(|row| row.id == id && row.owner == owner)?;
        Some(self.rows.remove(at).shown)
    }

    /// Puts a thing back that was taken out.
    pub(crate) fn restore(&mut self, owner: i64, id: i64, shown: Map) {
        self.rows.push(Row { id, owner, shown });
    }

    /// Takes everything out that belongs to an owner.
    pub(crate) fn clear(&mut self, owner: i64) {
        self.rows.retain(|row| row.owner != owner);
    }

    /// What belongs to an owner.
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
    fn things_come_and_go_and_ids_stay() {
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
