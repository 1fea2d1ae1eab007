//! Paths of a filter: the fields of the result that it will see.

use super::candidate::Candidate;
use super::params::Node;
use super::typed::Typed;
use model::{Method, Type, Value};
use registry::Source;

/// Continues the path at the end of a filter, `.[].na`, by what the method's result has, or else by the last result.
pub(super) fn filter(
    word: &Typed,
    method: Option<&Method>,
    source: Option<&Source>,
    last: Option<&Value>,
) -> Vec<Candidate> {
    let text = word.text.as_str();
    let is_step = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    let begin = text.trim_end_matches(is_step).len();
    let Some((front, path)) = text.split_at_checked(begin).filter(|(_, path)| path.is_empty() || path.starts_with('.'))
    else {
        return Vec::new();
    };
    let (base, begun) = path.rsplit_once('.').unwrap_or(("", ""));
    let steps: Vec<&str> = base.split(['.', '[']).map(|step| step.trim_end_matches(']')).collect();
    // What is between brackets may be a list's member; a bare dot is the result itself.
    let lists = base.matches('[').count();
    let place = Place::of(method, source, last).and_then(|place| {
        steps.iter().filter(|step| !step.is_empty() && step.parse::<usize>().is_err()).try_fold(place, Place::step)
    });
    let Some(place) = place else { return Vec::new() };
    // Behind a pipe or inside of `map` the members of a list have been taken apart already.
    let is_list = Place::of(method, source, last).is_some_and(|place| place.is_list());
    let base = if is_list && lists == 0 && front.is_empty() { format!(".[]{base}") } else { base.to_owned() };
    let names = place.names().into_iter().filter(|(name, _)| name.starts_with(begun));
    let candidate = |(name, summary): (String, String)| {
        let path = format!("{front}{base}.{name}");
        Candidate::new(word.spell(&path, false), summary).open()
    };
    names.map(candidate).collect()
}

/// A place of a result: as it is described, or as it came.
enum Place<'p> {
    Described(Node<'p>),
    Came(&'p Value),
}

impl<'p> Place<'p> {
    fn of(method: Option<&'p Method>, source: Option<&'p Source>, last: Option<&'p Value>) -> Option<Place<'p>> {
        let described = method.map(|method| Node::new(&method.returns, &method.fields, source));
        match described.filter(|node| !node.fields().is_empty()) {
            Some(node) => Some(Place::Described(node)),
            None => last.map(Place::Came),
        }
    }

    fn is_list(&self) -> bool {
        match self {
            Place::Described(node) => matches!(node.type_, Type::List(_)),
            Place::Came(value) => matches!(value, Value::List(_)),
        }
    }

    /// The place inside it that a name leads to; that of a list is inside its members.
    fn step(self, name: &&str) -> Option<Place<'p>> {
        Some(match self {
            Place::Described(node) => Place::Described(node.inside(name)?),
            Place::Came(value) => Place::Came(member(value)?.get(name)?),
        })
    }

    fn names(&self) -> Vec<(String, String)> {
        match self {
            Place::Described(node) => {
                let named = |name: &str| is_plain(name);
                let fields = node.fields().iter().filter(|field| named(&field.name));
                fields.map(|field| (field.name.clone(), field.summary.clone())).collect()
            }
            Place::Came(value) => {
                let map = member(value).and_then(Value::as_map);
                let keys = map.into_iter().flat_map(|map| map.iter()).filter(|(key, _)| is_plain(key));
                keys.map(|(key, value)| (key.to_owned(), value.kind().to_owned())).collect()
            }
        }
    }
}

/// Whether a filter can name it after a dot.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The value itself, or the first member of a list.
fn member(value: &Value) -> Option<&Value> {
    match value {
        Value::List(list) => list.first(),
        value => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = r#"{"name":"a.list","returns":"list:dict","fields":[
        {"name":"name","type":"string"},{"name":"nature","type":"string"},{"name":"odd-key","type":"string"},
        {"name":"disks","type":"list:dict","fields":[{"name":"size","type":"int"}]}]}"#;

    #[test]
    fn a_path_continues_with_what_the_result_has() {
        let method: Method = serde_json::from_str(METHOD).unwrap();
        let untyped = Method::discovered("b.list");
        let last: Value = serde_json::from_str(r#"{"id":1,"rows":[{"x":1,"odd key":2}]}"#).unwrap();
        for (method, typed, expected) in [
            (&method, ".[].na", &[".[].name", ".[].nature"][..]),
            (&method, ".na", &[".[].name", ".[].nature"]),
            (&method, "", &[".[].name", ".[].nature", ".[].disks"]),
            (&method, "'map(.na", &["'map(.name", "'map(.nature"]),
            (&method, "'.[].nam", &["'.[].name"]),
            (&method, "'.[] | .n", &["'.[] | .name", "'.[] | .nature"]),
            (&method, ".[].disks[].", &[".[].disks[].size"]),
            (&method, ".[0].d", &[".[0].disks"]),
            (&method, ".[].nothing.", &[]),
            (&untyped, ".", &[".id", ".rows"]),
            (&untyped, ".rows[].", &[".rows[].x"]),
        ] {
            let found = filter(&Typed::of(typed), Some(method), None, Some(&last));
            let found: Vec<&str> = found.iter().map(|one| one.insert.as_str()).collect();
            assert_eq!(found, expected, "{typed}");
        }
        assert!(filter(&Typed::of(".x"), None, None, None).is_empty());
    }
}
