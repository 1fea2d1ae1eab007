//! Which parts of a result are the ids of objects, and what people call these objects.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use super::{Field, Map, Method, Shape, Type, Value};

/// What a catalogue says of the object that a dictionary describes, or that a bare value is the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity<'c> {
    kind: &'c str,
    /// The field of the dictionary with the id; `None` for a bare value.
    key: Option<&'c str>,
    /// The fields that name it, the best first: of the dictionary, or of the one that a bare value is in.
    label: &'c [String],
}

impl<'c> Identity<'c> {
    fn of(kinds: &'c [String], key: Option<&'c String>, label: &'c [String]) -> Vec<Identity<'c>> {
        kinds.iter().map(|kind| Identity { kind, key: key.map(String::as_str), label }).collect()
    }
}

/// The places of a result that hold ids of objects, and the way there. Everything else is passed over, so that a long
/// result costs little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities<'c> {
    own: Vec<Identity<'c>>,
    /// It may be a dictionary with free keys, whose values are what is described.
    keyed: bool,
    /// The fields that hold ids, or that have some inside.
    inside: Vec<(&'c str, Identities<'c>)>,
}

/// An object that a result shows. Its texts are those of the result: of most results nothing is new, and nothing is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown<'v> {
    /// What kind of object it is.
    pub kind: &'v str,
    /// Its id.
    pub key: Cow<'v, str>,
    /// What people call it; empty if there is nothing.
    pub label: Cow<'v, str>,
    /// The objects that it is in or belongs to, as far as the result shows them: their kinds and ids.
    pub within: Vec<(&'v str, Cow<'v, str>)>,
}

/// What is looked up among the values that were seen before.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'s> {
    /// Their kind.
    pub kind: &'s str,
    /// What their id or their name begins with.
    pub begun: &'s str,
    /// What they are in or belong to: for each value that a call names an object by, what it may be.
    pub within: &'s [Parents],
}

/// The kinds of object that one value may name, each with that value.
pub type Parents = Vec<(String, String)>;

/// What the values of a call name by which something else may be found: one entry for each value of a parameter that
/// takes ids or names of objects.
pub fn parents<'g>(method: &Method, given: impl Iterator<Item = (&'g str, &'g str)>) -> Vec<Parents> {
    let named = |(name, value): (&str, &str)| {
        let kinds = method.param(name).map(|param| &*param.names).unwrap_or_default().iter();
        let parents: Parents = kinds.map(|kind| (kind.clone(), value.to_owned())).collect();
        Some(parents).filter(|parents| !parents.is_empty() && !value.is_empty())
    };
    given.filter_map(named).collect()
}

/// A value that was seen before, as it can be completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// What a line needs: an id, or whatever a call names an object by.
    pub key: String,
    /// What people call it; empty if there is nothing.
    pub label: String,
    /// The time since it was seen last.
    pub age: Duration,
}

/// What the kinds of given values begin with, unlike any other.
pub const GIVEN: char = '=';

/// The kind of the values that were given for a parameter which names no object.
pub fn typed_kind(method: &str, param: &str) -> String {
    format!("{GIVEN}{method} {param}")
}

impl<'c> Identities<'c> {
    /// Those of a method's result. Nothing in a field that may be secret.
    pub fn of(method: &'c Method, shapes: &'c [Shape]) -> Identities<'c> {
        let own = Identity::of(&method.kind, method.key.as_ref(), &method.label);
        Identities::below(own, &method.returns, &method.fields, shapes, &mut Vec::new())
    }

    fn below(
        own: Vec<Identity<'c>>,
        type_: &'c Type,
        fields: &'c [Field],
        shapes: &'c [Shape],
        seen: &mut Vec<&'c str>,
    ) -> Identities<'c> {
        let mut found = Identities { own, keyed: is_keyed(type_), inside: Vec::new() };
        let shape = type_.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        // Shapes may contain each other; each is looked into once on a way.
        if shape.is_some_and(|shape| seen.contains(&shape.name.as_str())) {
            return found;
        }
        let depth = seen.len();
        if let Some(shape) = shape {
            if found.own.is_empty() {
                found.own = Identity::of(&shape.kind, shape.key.as_ref(), &shape.label);
            }
            seen.push(&shape.name);
        }
        for field in shape.map_or(fields, |shape| &shape.fields).iter().filter(|field| !field.secret) {
            let own = Identity::of(&field.kind, field.key.as_ref(), &field.label);
            let inside = Identities::below(own, &field.type_, &field.fields, shapes, seen);
            if !inside.is_empty() {
                found.inside.push((&field.name, inside));
            }
        }
        seen.truncate(depth);
        found
    }

    /// Whether the result shows no ids.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.inside.is_empty()
    }

    /// The kinds of objects that the result shows.
    pub fn kinds(&self) -> BTreeSet<&'c str> {
        let inside = self.inside.iter().flat_map(|(_, inside)| inside.kinds());
        self.own.iter().map(|own| own.kind).chain(inside).collect()
    }

    /// The kinds of objects that the result itself is, or its members.
    pub fn own_kinds(&self) -> impl Iterator<Item = &'c str> {
        self.own.iter().map(|own| own.kind)
    }

    /// The names of the fields in which ids and names are, at any depth; `None` if they may have any name.
    pub fn names(&self) -> Option<BTreeSet<&'c str>> {
        if self.keyed {
            return None;
        }
        let own = |own: &Identity<'c>| own.key.into_iter().chain(own.label.iter().map(String::as_str));
        let mut names: BTreeSet<&'c str> = self.own.iter().flat_map(own).collect();
        for (name, inside) in &self.inside {
            names.insert(name);
            names.extend(inside.names()?);
        }
        Some(names)
    }

    /// The objects that a result shows.
    pub fn shown<'v>(&self, value: &'v Value) -> Vec<Shown<'v>>
    where
        'c: 'v,
    {
        let mut found = Vec::new();
        if !self.is_empty() {
            self.look(value, None, &[], &mut found);
        }
        found
    }

    /// What people call the object that a dictionary describes.
    pub fn label(&self, member: &Value) -> Option<String> {
        let map = member.as_map()?;
        let found = self.own.iter().find_map(|own| shown(own, map.get(own.key?)?, Some(map)))?;
        Some(found.label.into_owned()).filter(|label| !label.is_empty())
    }

    /// What people call the members of a field, or their ids where they have no names.
    pub fn names_in(&self, field: &str, value: &Value) -> Vec<String> {
        let Some((_, inside)) = self.inside.iter().find(|(name, _)| *name == field) else { return Vec::new() };
        let own = Identities { inside: Vec::new(), ..inside.clone() };
        let name = |it: Shown<'_>| if it.label.is_empty() { it.key } else { it.label }.into_owned();
        own.shown(value).into_iter().map(name).collect()
    }

    /// `outer` is what the value is in.
    fn look<'v>(&self, value: &'v Value, around: Option<&'v Map>, outer: &[Parent<'v>], found: &mut Vec<Shown<'v>>)
    where
        'c: 'v,
    {
        match value {
            Value::List(list) => list.iter().for_each(|member| self.look(member, around, outer, found)),
            Value::Map(map) if self.keyed && !self.is_described_by(map) => {
                map.iter().for_each(|(_, value)| self.look(value, None, outer, found));
            }
            Value::Map(map) => {
                let begins = found.len();
                let mut beside = None;
                for shown in self.own.iter().filter_map(|own| shown(own, map.get(own.key?)?, Some(map))) {
                    let beside: &Vec<_> = beside.get_or_insert_with(|| self.beside(map));
                    found.push(shown.inside(outer.iter().chain(beside)));
                }
                let ends = found.len();
                // Made for the first field that has something inside.
                let mut inner = None;
                for (name, inside) in &self.inside {
                    let Some(value) = map.get(name) else { continue };
                    let own = || found.get(begins..ends).unwrap_or_default().iter();
                    let inner: &mut Vec<Parent<'v>> = inner.get_or_insert_with(|| {
                        outer.iter().cloned().chain(own().map(|own| (own.kind, own.key.clone()))).collect()
                    });
                    inside.look(value, Some(map), inner, found);
                }
            }
            plain => {
                let bare = self.own.iter().filter(|own| own.key.is_none());
                let bare = bare.filter_map(|own| shown(own, plain, around));
                found.extend(bare.map(|own| own.inside(outer.iter())));
            }
        }
    }

    /// Whether a dictionary has fields that the catalogue names, and not free keys.
    fn is_described_by(&self, map: &Map) -> bool {
        let has = |name: &str| map.get(name).is_some();
        self.inside.iter().any(|(name, _)| has(name)) || self.own.iter().any(|own| own.key.is_some_and(has))
    }

    /// The objects that other fields of a dictionary name by their bare ids.
    fn beside<'v>(&self, map: &'v Map) -> Vec<Parent<'v>>
    where
        'c: 'v,
    {
        let mut all: Vec<Parent<'v>> = Vec::new();
        for (name, inside) in &self.inside {
            if let Some(id) = map.get(name).and_then(text) {
                let bare = inside.own.iter().filter(|own| own.key.is_none());
                all.extend(bare.map(|own| (own.kind, id.clone())));
            }
        }
        all
    }
}

/// The kind and the id of an object that another one is in.
type Parent<'v> = (&'v str, Cow<'v, str>);

/// So many of them are kept for an object.
const MOST_PARENTS: usize = 8;

impl<'v> Shown<'v> {
    fn inside<'p>(mut self, parents: impl Iterator<Item = &'p Parent<'v>>) -> Shown<'v>
    where
        'v: 'p,
    {
        self.within = parents.filter(|(kind, _)| *kind != self.kind).take(MOST_PARENTS).cloned().collect();
        self
    }
}

fn is_keyed(type_: &Type) -> bool {
    match type_ {
        Type::MapOf(_) => true,
        Type::List(inner) => is_keyed(inner),
        _ => false,
    }
}

/// The object with this id, named by the fields around it.
fn shown<'v>(identity: &Identity<'v>, key: &'v Value, around: Option<&'v Map>) -> Option<Shown<'v>> {
    let key = text(key)?;
    let named = |name: &String| around?.get(name).and_then(text);
    let label = identity.label.iter().filter_map(named).find(|label| *label != key);
    Some(Shown { kind: identity.kind, key, label: label.unwrap_or_default(), within: Vec::new() })
}

/// What a value is in a line, if it can be an id or a name.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(Cow::from(text)).filter(|text| !text.trim().is_empty()),
        Value::Int(_) | Value::Date(_) | Value::Decimal(_) => Some(value.plain().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: &str = r#"[
        {"name":"zone","kind":"zone","key":"id","label":["nickname","owner"],"fields":[
            {"name":"id","type":"string"},{"name":"nickname","type":"string"},{"name":"owner","type":"string"},
            {"name":"records","type":"list:@record"},
            {"name":"addresses","type":"list:string","kind":"ip","label":["nickname"]},
            {"name":"disk","type":"list:dict","kind":"disk","key":"n","fields":[{"name":"n","type":"int"}]},
            {"name":"password","type":"string","secret":true,"kind":"leak"}]},
        {"name":"record","kind":"record","key":"id","fields":[
            {"name":"id","type":"int"},{"name":"zone","type":"@zone"},{"name":"text","type":"string"}]},
        {"name":"plain","fields":[{"name":"id","type":"int"}]}]"#;

    fn shown_by(method: &str, value: &str) -> String {
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        let method: Method = serde_json::from_str(method).unwrap();
        let value: Value = serde_json::from_str(value).unwrap();
        let shown = Identities::of(&method, &shapes).shown(&value);
        let shown: Vec<String> = shown.iter().map(|it| format!("{} {} {}", it.kind, it.key, it.label)).collect();
        shown.iter().map(|it| it.trim_end()).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn objects_are_found_wherever_a_result_has_them() {
        let zone = r#"{"name":"a","returns":"@zone"}"#;
        for (method, value, objects) in [
            (zone, r#"{"id":"z1","nickname":"shop"}"#, "zone z1 shop"),
            (zone, r#"{"id":"z1","nickname":" ","owner":"me"}"#, "zone z1 me"),
            (zone, r#"{"id":"z1","nickname":"z1"}"#, "zone z1"),
            (zone, r#"{"id":"z1","nickname":"","owner":"me"}"#, "zone z1 me"),
            (zone, r#"{"id":"","nickname":"shop"}"#, ""),
            (zone, r#"{"id":null,"nickname":"shop"}"#, ""),
            (zone, r#"{"id":["x"],"nickname":"shop"}"#, ""),
            (
                zone,
                r#"{"id":"z1","records":[{"id":1},{"id":2,"text":"zone"}],"addresses":["192.0.2.1"],"disk":[{"n":0}]}"#,
                "zone z1; record 1; record 2; ip 192.0.2.1; disk 0",
            ),
            (zone, r#"{"id":"z1","password":"p"}"#, "zone z1"),
            // The same shape inside itself.
            (zone, r#"{"id":"z1","records":[{"id":1,"zone":{"id":"z2"}}]}"#, "zone z1; record 1"),
            (r#"{"name":"a","returns":"list:@zone"}"#, r#"[{"id":"z1"},{"id":"z2"}]"#, "zone z1; zone z2"),
            (r#"{"name":"a","returns":"map:@zone"}"#, r#"{"x":{"id":"z1"},"y":{"id":"z2"}}"#, "zone z1; zone z2"),
            (r#"{"name":"a","returns":"map:list:@zone"}"#, r#"{"x":[{"id":"z1"}]}"#, "zone z1"),
            // A method knows better than a shape.
            (r#"{"name":"a","returns":"@plain","kind":"thing","key":"id"}"#, r#"{"id":7}"#, "thing 7"),
            (
                r#"{"name":"a","returns":"@zone","kind":"special","key":"id"}"#,
                r#"{"id":"z1","nickname":"n"}"#,
                "special z1",
            ),
            (r#"{"name":"a","returns":"@plain","kind":["a","b"],"key":"id"}"#, r#"{"id":7}"#, "a 7; b 7"),
            (r#"{"name":"a","returns":"list:string","kind":"name"}"#, r#"["x","y"]"#, "name x; name y"),
            (r#"{"name":"a","returns":"@plain"}"#, r#"{"id":7}"#, ""),
            (r#"{"name":"a","returns":"any"}"#, r#"{"id":7}"#, ""),
            // Only what is described as a dictionary with free keys is looked through.
            (zone, r#"{"x":{"id":"z1"}}"#, ""),
        ] {
            assert_eq!(shown_by(method, value), objects, "{method} {value}");
        }
    }

    #[test]
    fn a_member_has_a_name_and_so_has_what_is_in_it() {
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        let method: Method = serde_json::from_str(r#"{"name":"a","returns":"@zone"}"#).unwrap();
        let found = Identities::of(&method, &shapes);
        for (member, label, field, names) in [
            (
                r#"{"id":"z1","nickname":"shop","records":[{"id":1},{"id":2}]}"#,
                Some("shop"),
                "records",
                &["1", "2"][..],
            ),
            (r#"{"id":"z1","nickname":"","addresses":["192.0.2.1"]}"#, None, "addresses", &["192.0.2.1"]),
            (r#"{"nickname":"shop","password":"canary"}"#, None, "password", &[]),
            (r#"["z1"]"#, None, "id", &[]),
        ] {
            let member: Value = serde_json::from_str(member).unwrap();
            assert_eq!(found.label(&member).as_deref(), label, "{member:?}");
            let inside = member.get(field).map(|value| found.names_in(field, value));
            assert_eq!(inside.unwrap_or_default(), names, "{member:?}");
        }
    }

    #[test]
    fn an_object_is_known_with_what_it_is_in() {
        let shapes = r#"[
            {"name":"zone","kind":"zone","key":"id","fields":[
                {"name":"id","type":"string"},{"name":"owner","type":"string","kind":"owner"},
                {"name":"records","type":"list:@record"},{"name":"ips","type":"list:string","kind":"ip"}]},
            {"name":"record","kind":"record","key":"id","fields":[
                {"name":"id","type":"int"},{"name":"zone_id","type":"string","kind":"zone"}]}]"#;
        let shapes: Vec<Shape> = serde_json::from_str(shapes).unwrap();
        for (returns, value, objects) in [
            (
                "@zone",
                r#"{"id":"z","owner":"o","records":[{"id":1}],"ips":["i"]}"#,
                "zone z in owner o; owner o in zone z; record 1 in zone z; ip i in zone z",
            ),
            ("list:@record", r#"[{"id":1,"zone_id":"z"}]"#, "record 1 in zone z; zone z in record 1"),
            ("list:@record", r#"[{"id":1}]"#, "record 1 in "),
        ] {
            let method: Method = serde_json::from_str(&format!(r#"{{"name":"a","returns":"{returns}"}}"#)).unwrap();
            let found = Identities::of(&method, &shapes);
            let parsed: Value = serde_json::from_str(value).unwrap();
            let shown = found.shown(&parsed).into_iter().map(|it| {
                let within: Vec<String> = it.within.iter().map(|(kind, key)| format!("{kind} {key}")).collect();
                format!("{} {} in {}", it.kind, it.key, within.join(", "))
            });
            assert_eq!(shown.collect::<Vec<_>>().join("; "), objects, "{value}");
        }
    }

    #[test]
    fn the_names_of_fields_are_known_without_a_result() {
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        for (method, names) in [
            (
                r#"{"name":"a","returns":"list:@zone"}"#,
                Some(&["addresses", "disk", "id", "n", "nickname", "owner", "records"][..]),
            ),
            (r#"{"name":"a","returns":"list:string","kind":"name"}"#, Some(&[])),
            (r#"{"name":"a","returns":"map:@zone"}"#, None),
        ] {
            let method: Method = serde_json::from_str(method).unwrap();
            let found = Identities::of(&method, &shapes).names();
            assert_eq!(found.map(|names| names.into_iter().collect::<Vec<_>>()).as_deref(), names);
        }
    }

    #[test]
    fn values_of_a_call_name_what_others_are_in() {
        let method = r#"{"name":"a","params":[{"name":"zone","type":"string","names":["zone","site"]},
            {"name":"text","type":"string"}]}"#;
        let method: Method = serde_json::from_str(method).unwrap();
        let given = [("zone", "z"), ("text", "t"), ("other", "o"), ("zone", "")];
        let pair = |kind: &str| (kind.to_owned(), "z".to_owned());
        assert_eq!(parents(&method, given.into_iter()), [vec![pair("zone"), pair("site")]]);
    }

    #[test]
    fn the_kinds_are_known_without_a_result() {
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        let method: Method = serde_json::from_str(r#"{"name":"a","returns":"list:@zone"}"#).unwrap();
        let found = Identities::of(&method, &shapes);
        assert_eq!(found.kinds().into_iter().collect::<Vec<_>>(), ["disk", "ip", "record", "zone"]);
        assert_eq!(found.own_kinds().collect::<Vec<_>>(), ["zone"]);
        assert!(Identities::of(&Method::default(), &shapes).is_empty());
    }
}
