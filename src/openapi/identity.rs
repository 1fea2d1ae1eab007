//! Which lists show the ids that other operations take, so that the shell can offer them.

use std::collections::BTreeMap;

use model::Type;
use model::route::{Verb, placeholders};

use super::result::Returned;
use super::schema::Schema;
use super::secret::is_secret;
use super::words::single;

/// Fields that are the id of an object, where the parameter has another name.
const KEYS: [&str; 4] = ["id", "uuid", "name", "slug"];
/// Fields that name an object for people.
const LABELS: [&str; 8] = ["name", "label", "hostname", "title", "domain", "slug", "login", "username"];

/// The kind of objects that a collection has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind<'d> {
    pub(crate) name: String,
    /// The field with the id.
    pub(crate) key: &'d str,
    /// The field that names one for people.
    pub(crate) label: Option<&'d str>,
}

/// An operation, as far as it matters here.
pub(crate) struct Seen<'a, 'd> {
    pub(crate) verb: Verb,
    pub(crate) path: &'d str,
    pub(crate) noun: &'a str,
    pub(crate) returned: &'a Returned<'d>,
}

/// The kinds of a document, by the path of the collection.
pub(crate) fn kinds<'d>(all: &[Seen<'_, 'd>]) -> BTreeMap<&'d str, Kind<'d>> {
    let mut chosen: BTreeMap<&str, &str> = BTreeMap::new();
    for seen in all {
        for (collection, param) in collections(seen.path) {
            chosen.entry(collection).or_insert(param);
        }
    }
    let mut kinds = BTreeMap::new();
    for seen in all.iter().filter(|seen| seen.verb == Verb::Get && seen.returned.is_list()) {
        let Some(param) = chosen.get(seen.path) else { continue };
        if let Some(kind) = seen.returned.member.as_ref().and_then(|member| kind(member, param, seen.noun)) {
            kinds.insert(seen.path, kind);
        }
    }
    kinds
}

/// The collections on a path, each with the parameter that chooses one of its members.
pub(crate) fn collections(path: &str) -> Vec<(&str, &str)> {
    let whole = |name: &str| {
        let (before, behind) = path.split_once(&format!("{{{name}}}"))?;
        let alone = behind.is_empty() || behind.starts_with('/');
        before.strip_suffix('/').filter(|collection| alone && !collection.is_empty()).map(str::len)
    };
    placeholders(path).filter_map(|name| Some((path.get(..whole(name)?)?, name))).collect()
}

fn kind<'d>(member: &Schema<'d>, param: &str, noun: &str) -> Option<Kind<'d>> {
    if !member.is_record() {
        return None;
    }
    let names = || member.properties.iter().map(|property| property.name);
    let single_text = |name: &str| {
        let found = member.property(name)?;
        let schema = found.schema();
        let plain = !schema.is_record() && !schema.kinds.array && !schema.kinds.object && !schema.kinds.boolean;
        (plain && !is_secret(name, &schema, names())).then_some(found.name)
    };
    let last = param.rsplit(['_', '-']).next().unwrap_or(param);
    let key = [param, last].into_iter().chain(KEYS).find_map(single_text)?;
    let label = LABELS.into_iter().find_map(single_text).filter(|label| *label != key);
    let name = match noun.rsplit_once('.') {
        Some((before, last)) => format!("{before}.{}", single(last)),
        None => single(noun),
    };
    Some(Kind { name, key, label })
}

/// Whether the members of a result have the id of a kind.
pub(crate) fn has_key(returned: &Returned<'_>, kind: &Kind<'_>) -> bool {
    let member = returned.member.as_ref().filter(|_| returned.type_.holds_dict() && returned.type_ != Type::Any);
    member.is_some_and(|member| {
        member.property(kind.key).is_some() && kind.label.is_none_or(|it| member.property(it).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;
    use crate::result::returned;
    use crate::shape::Shapes;

    #[test]
    fn the_members_of_a_collection_have_an_id() {
        let list = |fields: &str| {
            format!(
                r#""get":{{"responses":{{"200":{{"content":{{"application/json":{{"schema":{{"type":"array","items":{{"properties":{{{fields}}}}}}}}}}}}}}}}}"#
            )
        };
        let text = format!(
            r#"{{"openapi":"3.0.0","paths":{{"/servers":{{{}}},"/servers/{{server_id}}":{{"get":{{}}}},"/keys":{{{}}},"/keys/{{key}}":{{"get":{{}}}},"/zones":{{{}}},"/files/{{a}}.{{b}}":{{"get":{{}}}}}}}}"#,
            list(r#""id":{"type":"integer"},"name":{"type":"string"},"tags":{"type":"array"}"#),
            list(r#""key":{"type":"string"},"id":{"type":"string"}"#),
            list(r#""id":{}"#)
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let results: Vec<Returned<'_>> = api.operations.iter().map(|it| returned(it, &mut Shapes::default())).collect();
        let seen: Vec<Seen<'_, '_>> = api
            .operations
            .iter()
            .zip(&results)
            .map(|(it, returned)| Seen {
                verb: it.verb,
                path: it.path,
                noun: it.path.trim_start_matches('/'),
                returned,
            })
            .collect();
        let found = kinds(&seen);
        assert_eq!(found["/servers"], Kind { name: "server".into(), key: "id", label: Some("name") });
        // A field that may be a secret is no id.
        assert_eq!(found["/keys"], Kind { name: "key".into(), key: "id", label: None });
        assert_eq!(found.len(), 2);
        assert!(has_key(&results[0], &found["/servers"]) && !has_key(&results[1], &found["/servers"]));
        assert_eq!(collections("/a/{b}/c/{d}"), [("/a", "b"), ("/a/{b}/c", "d")]);
        assert_eq!(collections("/files/{a}.{b}"), []);
    }
}
