//! How one property is written in a form or in a body in parts.

use model::{Map, Type, Value};

use super::entry::listing;
use super::node::Node;
use super::operation::{Listing, Media, is_json, media_type};

const JSON: &str = "application/json";

/// What a document says about how a property is written.
pub(crate) struct Encoding<'d>(Option<Node<'d>>);

impl<'d> Encoding<'d> {
    /// That of a property of a form.
    pub(crate) fn of(media: &Media<'d>, name: &str) -> Encoding<'d> {
        Encoding(media.encoding.and_then(|all| all.get(name)))
    }

    fn text(&self, key: &str) -> &'d str {
        self.0.map(|it| it.text(key)).unwrap_or_default()
    }

    /// Whether it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        let kind = media_type(self.text("contentType"));
        kind != "*/*" && is_json(&kind)
    }

    /// The media type of a part; `None` if it has none of its own, or one of several.
    pub(crate) fn part(&self, type_: &Type) -> Option<&'d str> {
        let holds_dict = type_.holds_dict() || matches!(type_, Type::MapOf(_));
        match self.text("contentType").trim() {
            // What has names in it is JSON, unless the document says otherwise.
            "" => holds_dict.then_some(JSON),
            one if !one.contains([',', '*']) => Some(one),
            _ => holds_dict.then_some(JSON),
        }
    }

    /// How the members of a list are written: by default, each under the name of the list.
    pub(crate) fn listed(&self, entry: &mut Map, parts: bool) {
        let exploded = self.0.and_then(|it| it.value().get("explode").and_then(Value::as_bool));
        let way = match self.text("style") {
            "deepObject" => Listing::Bracketed,
            // A list that is JSON as a whole is one part.
            _ if parts && self.is_json() => Listing::Bracketed,
            _ if parts => Listing::Repeated,
            "spaceDelimited" => Listing::Joined(" "),
            "pipeDelimited" => Listing::Joined("|"),
            _ if exploded == Some(false) => Listing::Joined(","),
            _ => Listing::Repeated,
        };
        listing(entry, way);
    }
}

/// Whether values of a type are written in one piece.
pub(crate) fn is_single(type_: &Type) -> bool {
    !matches!(type_, Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_dictionaries_have_several_pieces() {
        let list = Type::List(Box::new(Type::String));
        for (type_, single) in [(Type::String, true), (Type::Any, true), (Type::Dict, false), (list, false)] {
            assert_eq!(is_single(&type_), single, "{type_}");
        }
    }
}
