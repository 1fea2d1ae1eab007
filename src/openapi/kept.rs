//! An import as it is kept: the parts of the catalogue, and what it was made from.

use model::Value;
use registry::stored::Parts;
use serde::{Deserialize, Serialize};

use super::imported::Imported;

/// What a kept catalogue was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// The file or the address of the document.
    pub document: String,
    /// The server that the user has chosen.
    pub server: Option<String>,
    /// Further hosts that the document may refer to.
    pub allowed: Vec<String>,
    /// The format with its version.
    pub format: String,
    /// The document's own version.
    pub version: String,
    /// The file with what the user has reviewed of it.
    pub overlay: Option<String>,
    /// How the key was sent with which the document was fetched, if it asks for one.
    pub auth: Option<String>,
}

impl Origin {
    /// The same from its text; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Origin> {
        serde_json::from_str(text).ok()
    }
}

impl Imported {
    /// The parts of the catalogue, to be stored.
    pub fn parts(&self, origin: &Origin) -> Parts {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let aliases = |method: &Value| {
            let name = text(method, "name");
            let all = method.get("aliases").and_then(Value::as_list).unwrap_or_default();
            all.iter().filter_map(Value::as_str).map(|alias| (alias.to_owned(), name.clone())).collect::<Vec<_>>()
        };
        let method = |method: &Value| {
            (text(method, "name"), text(method, "summary"), method.get("deprecated").is_some(), json(method))
        };
        Parts {
            provider: json(&Value::Map(self.provider.clone())),
            views: json(&Value::List(self.views.clone())),
            info: serde_json::to_string(origin).unwrap_or_default(),
            methods: self.methods.iter().map(method).collect(),
            aliases: self.methods.iter().flat_map(aliases).collect(),
            shapes: self.shapes.iter().map(|shape| (text(shape, "name"), json(shape))).collect(),
        }
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Map;

    #[test]
    fn the_parts_have_names_and_their_whole_entries() {
        let method = r#"{"name":"a.list","aliases":["listA"],"summary":"List","deprecated":"yes","notes":"\u00e4"}"#;
        let imported = Imported {
            provider: Map::from_iter([("id", "own")]),
            shapes: vec![serde_json::from_str(r#"{"name":"s","fields":[]}"#).unwrap()],
            methods: vec![serde_json::from_str(method).unwrap()],
            ..Imported::default()
        };
        let origin = Origin { document: "a.json".into(), ..Origin::default() };
        let parts = imported.parts(&origin);
        assert_eq!((parts.provider.as_str(), parts.views.as_str()), (r#"{"id":"own"}"#, "[]"));
        assert_eq!((parts.methods[0].0.as_str(), parts.methods[0].2), ("a.list", true));
        assert_eq!(parts.aliases, [("listA".to_owned(), "a.list".to_owned())]);
        assert_eq!(parts.shapes[0], ("s".to_owned(), r#"{"name":"s","fields":[]}"#.to_owned()));
        assert_eq!(Origin::parse(&parts.info), Some(origin));
        assert_eq!(Origin::parse("x"), None);
    }
}
