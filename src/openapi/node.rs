//! A place in a document, from which references are followed.

use model::escape::unform;
use model::{Map, Value};

use super::library::Library;

/// How many references are followed one after the other.
const DEEPEST: usize = 32;

/// A value of a document, with the file that it is in: references in it are relative to that file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'d> {
    library: &'d Library,
    file: usize,
    value: &'d Value,
    /// The last step of the reference that led here.
    name: Option<&'d str>,
    /// The file and the entry of that reference, if more is said in it.
    beside: Option<(usize, &'d Value)>,
}

/// Keys beside a reference that only describe what it leads to, or say how its place is used.
const DESCRIBING: [&str; 9] =
    ["$ref", "description", "summary", "title", "example", "examples", "deprecated", "nullable", "default"];

impl<'d> Node<'d> {
    /// The document itself.
    pub(crate) fn root(library: &'d Library) -> Option<Node<'d>> {
        Some(Node { library, file: 0, value: library.file(0)?, name: None, beside: None })
    }

    /// The value.
    pub(crate) fn value(self) -> &'d Value {
        self.value
    }

    /// The name of the component, if a reference led here.
    pub(crate) fn name(self) -> Option<&'d str> {
        self.name
    }

    /// What distinguishes this place from all others: what is said beside a reference may make it another one.
    pub(crate) fn place(self) -> usize {
        let describes = |key: &str| DESCRIBING.contains(&key) || key.starts_with("x-");
        let own = self.beside.filter(|(_, it)| it.as_map().is_some_and(|map| !map.keys().all(describes)));
        std::ptr::from_ref(own.map_or(self.value, |(_, it)| it)).addr()
    }

    /// What is said beside the reference that led here.
    pub(crate) fn beside(self) -> Option<Node<'d>> {
        let (file, value) = self.beside?;
        Some(Node { file, value, name: None, beside: None, ..self })
    }

    /// The references directly under a key that lead nowhere.
    pub(crate) fn lost(self, key: &str) -> impl Iterator<Item = (&'d str, &'d str)> {
        let entries: Vec<(&'d str, &'d Value)> = match self.value.get(key) {
            Some(Value::List(list)) => list.iter().map(|value| ("", value)).collect(),
            Some(whole @ Value::Map(map)) if whole.get("$ref").is_none() => map.iter().collect(),
            Some(value) => vec![("", value)],
            None => Vec::new(),
        };
        let lost = move |(name, value): (&'d str, &'d Value)| {
            let reference = value.get("$ref").and_then(Value::as_str)?;
            self.inside(value).followed().is_none().then_some((name, reference))
        };
        entries.into_iter().filter_map(lost)
    }

    /// A member, with its references followed. `None` if it does not exist or leads nowhere.
    pub(crate) fn get(self, key: &str) -> Option<Node<'d>> {
        self.inside(self.value.get(key)?).followed()
    }

    /// The members of a dictionary, each with its references followed. What leads nowhere is left out.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'d str, Node<'d>)> {
        let members = self.value.as_map().into_iter().flat_map(Map::iter);
        members.filter_map(move |(key, value)| Some((key, self.inside(value).followed()?)))
    }

    /// The members of the dictionary under a key.
    pub(crate) fn members_of(self, key: &str) -> impl Iterator<Item = (&'d str, Node<'d>)> {
        self.get(key).into_iter().flat_map(Node::members)
    }

    /// The same, but what leads nowhere is there too: of it nothing is known.
    pub(crate) fn all_members_of(self, key: &str) -> impl Iterator<Item = (&'d str, Node<'d>)> {
        let node = self.get(key);
        let members = node.and_then(|node| node.value.as_map()).into_iter().flat_map(Map::iter);
        members.filter_map(move |(key, value)| {
            let member = node?.inside(value);
            Some((key, member.followed().unwrap_or(member)))
        })
    }

    /// The members of the list under a key.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Node<'d>> {
        let node = self.get(key);
        let list = node.and_then(|node| node.value.as_list()).unwrap_or_default();
        list.iter().filter_map(move |value| node?.inside(value).followed())
    }

    /// The text under a key; empty if there is none.
    pub(crate) fn text(self, key: &str) -> &'d str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts in the list under a key.
    pub(crate) fn texts(self, key: &str) -> Vec<&'d str> {
        self.value.get(key).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str).collect()
    }

    /// Whether the value under a key is true.
    pub(crate) fn flag(self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    fn inside(self, value: &'d Value) -> Node<'d> {
        Node { value, name: None, beside: None, ..self }
    }

    /// The place that this one refers to, itself if it refers to none. `None` if there is none, or if references lead
    /// in a circle.
    fn followed(self) -> Option<Node<'d>> {
        let (mut node, mut beside) = (self, None);
        for _ in 0..DEEPEST {
            let Some(reference) = node.value.get("$ref").and_then(Value::as_str) else {
                return Some(Node { beside, ..node });
            };
            let says_more = node.value.as_map().is_some_and(|map| map.len() > 1);
            beside = beside.or(says_more.then_some((node.file, node.value)));
            node = node.at(reference)?;
        }
        None
    }

    fn at(self, reference: &'d str) -> Option<Node<'d>> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = self.library.number(self.file, file)?;
        let value = pointed(self.library.file(file)?, pointer)?;
        let steps = || reference.rsplit(['/', '#']);
        let last = steps().find(|step| names_something(step)).or_else(|| steps().next()).unwrap_or_default();
        Some(Node { library: self.library, file, value, name: Some(last), beside: None })
    }
}

/// Whether a step of a pointer is a name, and not where something is inside it.
fn names_something(step: &str) -> bool {
    let inside = ["items", "schema", "allOf", "oneOf", "anyOf", "properties", "additionalProperties", "content"];
    !(inside.contains(&step) || step.contains('~') || step.contains('%') || step.chars().all(|c| c.is_ascii_digit()))
}

/// The member of a document at a JSON pointer in the fragment of an address: the escapes of addresses are undone first,
/// then those of pointers.
fn pointed<'d>(document: &'d Value, pointer: &str) -> Option<&'d Value> {
    if pointer.is_empty() {
        return Some(document);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(document, |value, step| {
        let step = unescaped(step);
        match value {
            Value::Map(map) => map.get(&step),
            Value::List(list) => list.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// A step of a pointer as the key that it means.
pub(crate) fn unescaped(step: &str) -> String {
    unform(&step.replace('+', "%2B")).replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::tests::Files;

    fn library(text: &str) -> Library {
        Library::of(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn references_are_decoded_in_the_right_order_and_end() {
        let library = library(
            r##"{"a/b":{"n":1},"c~d":{"n":2},"l":[{"n":3}],"x":{"$ref":"#/y"},"y":{"$ref":"#/x"},"z":{"$ref":"#/a~1b"},
                 "r":{"1":{"$ref":"#/a~1b"},"2":{"$ref":"#/a%7E1b"},"3":{"$ref":"#/c~0d"},"4":{"$ref":"#/l/0"},"5":{"$ref":"#/z"},
                      "6":{"$ref":"#/x"},"7":{"$ref":"#/gone"},"8":{"$ref":"#l"},"9":{"$ref":5},"10":{"$ref":"other.json#/a"},"11":{"$ref":"#/l/x"}}}"##,
        );
        let root = Node::root(&library).unwrap();
        let read = |key: &str| root.get("r")?.get(key)?.value().get("n").and_then(Value::as_int);
        for (key, number) in [("1", 1), ("2", 1), ("3", 2), ("4", 3), ("5", 1)] {
            assert_eq!(read(key), Some(number), "{key}");
        }
        for key in ["6", "7", "8", "10", "11"] {
            assert!(root.get("r").unwrap().get(key).is_none(), "{key}");
        }
        // What is no text refers to nothing.
        assert!(root.get("r").unwrap().get("9").is_some());
        assert_eq!(root.members_of("r").count(), 6);
        assert_eq!(root.get("r").unwrap().get("5").unwrap().name(), Some("a~1b"));
        assert_eq!(root.get("r").unwrap().get("4").unwrap().name(), Some("l"));
        assert_eq!(root.list("l").count(), 1);
        assert_eq!((root.text("l"), root.flag("l"), root.texts("l").len()), ("", false, 0));
    }

    #[test]
    fn what_is_said_beside_a_reference_is_kept_and_what_leads_nowhere_is_told() {
        let library = library(
            r##"{"a":{"n":1},"list":[{"$ref":"#/a"},{"$ref":"#/gone"}],"one":{"$ref":"#/gone"},
                 "m":{"plain":{"$ref":"#/a"},"said":{"$ref":"#/a","description":"d"},"more":{"$ref":"#/a","required":["x"]},"lost":{"$ref":"#/gone"}}}"##,
        );
        let root = Node::root(&library).unwrap();
        let member = |key: &str| root.get("m").unwrap().get(key).unwrap();
        let said = |key: &str| member(key).beside().map(|beside| beside.text("description").to_owned());
        assert_eq!((said("plain"), said("said"), said("more")), (None, Some("d".into()), Some(String::new())));
        assert_eq!(member("plain").place(), member("said").place());
        assert_ne!(member("plain").place(), member("more").place());
        let lost = |key: &str| root.lost(key).collect::<Vec<_>>();
        assert_eq!(lost("list"), [("", "#/gone")]);
        assert_eq!((lost("one"), lost("m")), (vec![("", "#/gone")], vec![("lost", "#/gone")]));
        assert!(lost("a").is_empty() && lost("none").is_empty());
        assert_eq!((root.members_of("m").count(), root.all_members_of("m").count()), (3, 4));
    }

    #[test]
    fn a_reference_in_another_file_starts_there() {
        let mut files = Files(vec![
            ("d/api.json", r##"{"x":{"$ref":"p/all.json#/a"}}"##),
            ("d/p/all.json", r##"{"a":{"$ref":"#/b"},"b":{"m":{"$ref":"more.json"}}}"##),
            ("d/p/more.json", r##"{"n":4}"##),
        ]);
        let library = Library::gather("d/api.json", &mut files).unwrap();
        let found = Node::root(&library).unwrap().get("x").unwrap().get("m").unwrap();
        assert_eq!(found.value().get("n").and_then(Value::as_int), Some(4));
    }
}
