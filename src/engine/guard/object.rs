//! The object of a call as a provider shows it: its name, its state, and what is inside it.

use crate::engine::state::console::{is_no, is_yes};
use crate::render::{self, Guide, sanitize};
use model::{Identities, Map, Method, Shape, ShowRule, Type, Value};

/// How many fields of an object are shown, besides the lists that it holds.
const FIELDS: usize = 6;
/// How many lists that are no columns.
const LISTS: usize = 3;
/// How many members of a list are named.
const NAMED: usize = 3;
/// How many characters of a value are shown.
const LONGEST: usize = 120;
/// No longer name has to be typed.
const LONGEST_NAME: usize = 60;

/// What is shown of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// The method that shows it.
    pub(super) by: String,
    /// Its name, if it has one that can be typed and that no other object of its list has.
    pub(super) name: Option<String>,
    /// Its fields by name.
    pub(super) rows: Vec<(String, String)>,
    /// How many of its list have the same name, if more than one, and that name.
    pub(super) namesakes: Option<(usize, String)>,
    /// How many members of the answer match the call, if not just one.
    pub(super) several: Option<usize>,
}

impl Object {
    /// From the members of an answer that a call names, and all members. `described` is what the catalogue says about one.
    pub(super) fn of(
        described: (&Method, &[Shape]),
        rule: &ShowRule,
        (found, members): (&[&Value], &[&Value]),
        given: &Map,
    ) -> Object {
        let (method, shapes) = described;
        let by = method.name.clone();
        let [member] = found else {
            return Object { by, several: Some(found.len()), ..Object::default() };
        };
        let ids = Identities::of(method, shapes);
        let label = |member: &Value| match rule.label.is_empty() {
            true => ids.label(member),
            false => rule.label.iter().find_map(|name| plain(member.get(name)?)),
        };
        let name = label(member);
        let sharing =
            name.as_ref().map_or(1, |name| members.iter().filter(|it| label(it).as_ref() == Some(name)).count());
        let namesakes = name.clone().filter(|_| sharing > 1).map(|name| (sharing, name));
        let name = name.filter(|name| sharing <= 1 && is_typeable(name));
        let rows = Fields { described, guide: Guide::of(method, shapes), ids, rule, given }.rows(member);
        Object { by, name, rows, namesakes, several: None }
    }

    /// The line before its fields.
    pub(super) fn heading(&self) -> String {
        let by = &self.by;
        match self.several {
            Some(several) => format!("{by} shows {several} that match."),
            None if self.rows.is_empty() => format!("{by} shows it."),
            None => format!("{by} shows:"),
        }
    }

    /// Its fields on one line.
    pub(super) fn in_short(&self) -> String {
        if self.rows.is_empty() {
            return self.heading().trim_end_matches('.').to_owned();
        }
        self.rows.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    }

    /// Why its name is not what has to be typed.
    pub(super) fn warning(&self) -> Option<String> {
        let (count, name) = self.namesakes.as_ref()?;
        Some(format!("{count} in {} have the name {}.", self.by, one_line(name)))
    }
}

/// Whether a name can be read on the screen and typed as it is read.
fn is_typeable(name: &str) -> bool {
    let is_odd = |c: char| c.is_control() || sanitize::is_hidden(c) || c.is_whitespace() && c != ' ';
    let length = name.chars().count();
    let is_number = name.chars().all(|c| c.is_ascii_digit());
    let is_habit = is_yes(name) || is_no(name);
    !is_number
        && !is_habit
        && length > 0
        && length <= LONGEST_NAME
        && name.trim() == name
        && !name.contains("  ")
        && !name.contains(is_odd)
}

/// What the fields of a member are.
struct Fields<'m> {
    described: (&'m Method, &'m [Shape]),
    ids: Identities<'m>,
    guide: Guide,
    rule: &'m ShowRule,
    given: &'m Map,
}

impl Fields<'_> {
    /// The fields that say what it is, and how much is in it.
    fn rows(&self, member: &Value) -> Vec<(String, String)> {
        let (method, shapes) = self.described;
        let all: Vec<&str> = method.result_fields(shapes).iter().map(|field| field.name.as_str()).collect();
        let columns: Vec<&str> = method.result_columns(shapes).iter().map(String::as_str).collect();
        let chosen =
            if columns.is_empty() { all.iter().copied().filter(|name| !self.is_list(name)).collect() } else { columns };
        let row = |name: &&str| Some(((*name).to_owned(), self.shown(member, name)?));
        let mut rows: Vec<(String, String)> = chosen.iter().filter_map(row).take(FIELDS).collect();
        let is_beside = |name: &&&str| self.is_list(name) && !chosen.contains(name);
        rows.extend(all.iter().filter(is_beside).filter_map(row).filter(|(_, value)| value != NONE).take(LISTS));
        rows
    }

    /// A field as people read it, on one line. `None` if it says nothing, or what the line says already.
    fn shown(&self, member: &Value, name: &str) -> Option<String> {
        let value = name.split('.').try_fold(member, |value, key| value.get(key));
        let text = match value {
            Some(value) if holds_secret(value) => return None,
            Some(Value::List(list)) => counted(list.len(), &self.names(name, value?, list)),
            Some(Value::Map(map)) if self.is_list(name) => counted(map.len(), &[]),
            _ => render::cell(member, name, &self.guide)?,
        };
        let is_said = || self.is_id(name) && self.given.iter().any(|(_, given)| given.plain() == text);
        (!text.trim().is_empty() && !is_said()).then(|| cut(&text, LONGEST))
    }

    /// What names the members of a list: what the catalogue says, or the members themselves if they are words.
    fn names(&self, field: &str, value: &Value, list: &[Value]) -> Vec<String> {
        let names = self.ids.names_in(field, value);
        if names.is_empty() { list.iter().filter_map(plain).collect() } else { names }
    }

    /// Whether a field has members: a list, or a dictionary with free keys.
    fn is_list(&self, name: &str) -> bool {
        let (method, shapes) = self.described;
        let field = method.result_fields(shapes).iter().find(|field| field.name == name);
        field.is_some_and(|field| matches!(field.type_, Type::List(_) | Type::MapOf(_)))
    }

    /// Whether a field is what the call names the object by.
    fn is_id(&self, name: &str) -> bool {
        let (method, shapes) = self.described;
        let shape = method.returns.shape().and_then(|name| shapes.iter().find(|shape| shape.name == name));
        let key = method.key.as_deref().or_else(|| shape?.key.as_deref());
        key == Some(name) || self.rule.find.contains_key(name)
    }
}

/// What is shown of an empty list.
const NONE: &str = "none";

/// The number of members, with the names of the first.
fn counted(count: usize, names: &[String]) -> String {
    if count == 0 {
        return NONE.into();
    }
    let mut named: Vec<String> = names.iter().take(NAMED).map(|name| one_line(name)).collect();
    if named.is_empty() {
        return count.to_string();
    }
    if count > named.len() {
        named.push("…".into());
    }
    format!("{count}: {}", named.join(", "))
}

fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::List(list) => list.iter().any(holds_secret),
        Value::Map(map) => map.iter().any(|(_, value)| holds_secret(value)),
        _ => false,
    }
}

/// A text or a number that can be a name.
fn plain(value: &Value) -> Option<String> {
    let is_word = matches!(value, Value::Text(_) | Value::Int(_) | Value::Date(_));
    is_word.then(|| value.plain()).filter(|text| !text.trim().is_empty())
}

fn one_line(text: &str) -> String {
    cut(&text.replace(['\n', '\r', '\t'], " "), LONGEST_NAME)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: &str = r#"[
        {"name":"zone","kind":"zone","key":"id","label":["nickname"],"columns":["id","nickname","records","ttl","made"],
         "fields":[{"name":"id","type":"string"},{"name":"nickname","type":"string"},{"name":"ttl","type":"int"},
            {"name":"made","type":"int","form":"epoch"},{"name":"records","type":"list:@record"},
            {"name":"domains","type":"list:string"},{"name":"rules","type":"map:dict"},
            {"name":"password","type":"string","secret":true}]},
        {"name":"record","kind":"record","key":"id","label":["name"],"fields":[
            {"name":"id","type":"int"},{"name":"name","type":"string"}]},
        {"name":"plain","fields":[{"name":"id","type":"int"},{"name":"size","type":"int","unit":"bytes"},
            {"name":"in","type":"dict","fields":[{"name":"key","type":"string","secret":true}]},
            {"name":"tags","type":"list:string"}]}]"#;

    /// What is shown of the first of some members.
    fn object(returns: &str, rule: &str, members: &str, given: &str) -> Object {
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        let method = Method { name: "a.list".into(), returns: returns.parse().unwrap(), ..Method::default() };
        let rule: ShowRule = serde_json::from_str(&format!(r#"{{"method":"a.list"{rule}}}"#)).unwrap();
        let members: Vec<Value> = serde_json::from_str(members).unwrap();
        let members: Vec<&Value> = members.iter().collect();
        let found = members.first().copied().into_iter().collect::<Vec<_>>();
        Object::of((&method, &shapes), &rule, (&found, &members), &serde_json::from_str(given).unwrap())
    }

    #[test]
    fn it_is_shown_with_what_is_in_it_and_without_what_the_line_says() {
        for (returns, members, given, shown) in [
            (
                "@zone",
                r#"[{"id":"z1","nickname":"shop","ttl":300,"made":0,"records":[{"id":1,"name":"www"},{"id":2}],"domains":[],"rules":{}}]"#,
                r#"{"zone_id":"z1"}"#,
                "nickname shop, records 2: www, 2, ttl 300, made 1970-01-01 00:00:00Z",
            ),
            // What is not a column is only counted, and only if there is any.
            (
                "@zone",
                r#"[{"id":"z1","records":[],"domains":["a","b"],"rules":{"x":{},"y":{}}}]"#,
                r#"{"zone_id":"other"}"#,
                "id z1, records none, domains 2: a, b, rules 2",
            ),
            (
                "@zone",
                r#"[{"records":[{"id":1},{"id":2},{"id":3},{"id":4}],"password":"canary"}]"#,
                "{}",
                "records 4: 1, 2, 3, …",
            ),
            // Without columns, all that is declared and not secret.
            ("@plain", r#"[{"id":7,"size":3000,"other":1,"tags":["x"]}]"#, "{}", "id 7, size 3.00 kB, tags 1: x"),
            ("@nothing", r#"[{"id":7}]"#, "{}", "a.list shows it"),
            // A value of the line counts only where it names the object.
            ("@zone", r#"[{"id":"300","ttl":300}]"#, r#"{"id":"300"}"#, "ttl 300"),
            ("@zone", r#"[{"nickname":"a\nb\u001b[31m\u202e"}]"#, "{}", r"nickname a\nb\u{1b}[31m\u{202e}"),
        ] {
            assert_eq!(object(returns, "", members, given).in_short(), shown, "{members}");
        }
        let sealed = Value::Map(Map::from_iter([(
            "in",
            Value::Map(Map::from_iter([("key", Value::Secret(model::Secret::new("canary")))])),
        )]));
        let shapes: Vec<Shape> = serde_json::from_str(SHAPES).unwrap();
        let method = Method { name: "a.list".into(), returns: "@plain".parse().unwrap(), ..Method::default() };
        let seen = Object::of((&method, &shapes), &ShowRule::default(), (&[&sealed], &[&sealed]), &Map::new());
        assert_eq!(seen.rows, []);
    }

    #[test]
    fn long_values_are_cut() {
        let members = format!(r#"[{{"nickname":"{}"}}]"#, "é".repeat(500));
        let seen = object("@zone", "", &members, "{}");
        assert_eq!(seen.rows, [("nickname".to_owned(), format!("{}…", "é".repeat(LONGEST)))]);
        assert_eq!(seen.name, None);
    }

    #[test]
    fn its_name_is_one_that_can_be_typed_and_that_no_other_has() {
        let zone = |nickname: &str| format!(r#"[{{"id":"z1","nickname":{nickname}}}]"#);
        for (members, name, warned) in [
            (zone(r#""shop""#), Some("shop"), false),
            (zone(r#""My shop""#), Some("My shop"), false),
            (zone(r#""""#), None, false),
            (zone(r#"" ""#), None, false),
            (zone("null"), None, false),
            (zone(r#""7""#), None, false),
            (zone(r#""Yes""#), None, false),
            (zone(r#""n""#), None, false),
            (zone(r#""192.0.2.1""#), Some("192.0.2.1"), false),
            (zone(r#"" shop""#), None, false),
            (zone(r#""a  b""#), None, false),
            (zone(r#""a\tb""#), None, false),
            (zone(r#""a\u00a0b""#), None, false),
            (zone(r#""a\u001b[2Jb""#), None, false),
            (zone(r#""pay\u200bpal""#), None, false),
            (zone(&format!("{:?}", "x".repeat(LONGEST_NAME))), Some(&*"x".repeat(LONGEST_NAME)), false),
            (zone(&format!("{:?}", "x".repeat(LONGEST_NAME + 1))), None, false),
            (r#"[{"id":"z1","nickname":"shop"},{"id":"z2","nickname":"other"}]"#.into(), Some("shop"), false),
            (r#"[{"id":"z1","nickname":"shop"},{"id":"z2","nickname":"shop"}]"#.into(), None, true),
        ] {
            let seen = object("@zone", "", &members, "{}");
            assert_eq!((seen.name.as_deref(), seen.warning().is_some()), (name, warned), "{members}");
        }
        let seen = object("@zone", r#","label":["title","nickname"]"#, r#"[{"nickname":"a"}]"#, "{}");
        assert_eq!(seen.name.as_deref(), Some("a"));
    }

    #[test]
    fn several_that_match_are_no_object() {
        let method = Method { name: "a.list".into(), ..Method::default() };
        let value = Value::Int(1);
        let seen = Object::of((&method, &[]), &ShowRule::default(), (&[&value, &value], &[&value]), &Map::new());
        assert_eq!((seen.in_short().as_str(), seen.name), ("a.list shows 2 that match", None));
    }
}
