//! What single keywords of a schema say, in the notation of every version.

use model::{Map, Value};

use super::node::Node;

/// Whether a value is a file: each version says it in another way.
pub(crate) fn is_file(node: Node<'_>) -> bool {
    let media = !node.text("contentMediaType").is_empty() && node.text("contentEncoding").is_empty();
    node.text("type") == "file" || node.text("format") == "binary" || media
}

/// The name of the discriminating property: a text in Swagger 2.0, an object with it later.
pub(crate) fn discriminator(node: Node<'_>) -> Option<&str> {
    match node.value().get("discriminator")? {
        Value::Text(name) => Some(name),
        other => other.get("propertyName")?.as_str(),
    }
}

/// The allowed values.
pub(crate) fn choices(node: Node<'_>) -> Vec<Value> {
    let one = node.value().get("const").into_iter();
    let listed = node.value().get("enum").and_then(Value::as_list).unwrap_or_default();
    listed.iter().chain(one).filter(|value| is_single(value)).cloned().collect()
}

fn is_single(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Int(_) | Value::Bool(_) | Value::Decimal(_))
}

/// A whole number.
pub(crate) fn number(node: Node<'_>, key: &str) -> Option<i64> {
    node.value().get(key).and_then(Value::as_int)
}

/// A number of members or characters.
pub(crate) fn whole(node: Node<'_>, key: &str) -> Option<usize> {
    number(node, key).and_then(|number| usize::try_from(number).ok())
}

/// A bound that belongs to the allowed values. The key for the other kind is a number of its own since 3.1, and says
/// before that how the first one is meant.
pub(crate) fn bound(node: Node<'_>, key: &str, exclusive: &str, inward: i64) -> Option<i64> {
    let inside = |bound: i64| bound.checked_add(inward);
    match (number(node, key), number(node, exclusive)) {
        (Some(bound), None) if node.flag(exclusive) => inside(bound),
        (Some(bound), None) => Some(bound),
        (_, Some(bound)) => inside(bound),
        (None, None) => None,
    }
}

/// The names of schemas, each with the value that chooses it.
pub(crate) fn mapping(node: Node<'_>) -> Vec<(&str, Value)> {
    let mapping = node.get("discriminator").and_then(|it| it.get("mapping"));
    let pairs = mapping.and_then(|mapping| mapping.value().as_map()).into_iter().flat_map(Map::iter);
    pairs.filter_map(|(value, schema)| Some((schema.as_str()?.rsplit('/').next()?, value.into()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    fn with<T>(text: &str, read: impl FnOnce(Node<'_>) -> T) -> T {
        let library = Library::of(serde_json::from_str(text).unwrap());
        read(Node::root(&library).unwrap())
    }

    #[test]
    fn a_file_is_said_in_the_way_of_each_version() {
        for (text, is) in [
            (r#"{"type":"file"}"#, true),
            (r#"{"type":"string","format":"binary"}"#, true),
            (r#"{"contentMediaType":"image/png"}"#, true),
            (r#"{"type":"string","contentMediaType":"image/png","contentEncoding":"base64"}"#, false),
            (r#"{"type":"string","format":"byte"}"#, false),
        ] {
            assert_eq!(with(text, is_file), is, "{text}");
        }
    }

    #[test]
    fn a_discriminator_names_a_property_and_its_values() {
        assert_eq!(
            with(r#"{"discriminator":"kind"}"#, |node| discriminator(node).map(str::to_owned)).as_deref(),
            Some("kind")
        );
        let mapped = r##"{"discriminator":{"propertyName":"kind","mapping":{"a":"#/components/schemas/A","b":5}}}"##;
        with(mapped, |node| {
            assert_eq!(discriminator(node), Some("kind"));
            assert_eq!(mapping(node), [("A", Value::from("a"))]);
        });
    }
}
