//! Dictionaries that several methods share.

use serde::Deserialize;

use super::Field;
use super::route::one_or_more;
use super::rule::Rule;

/// A dictionary that several methods return or take.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The name in `@name`.
    pub name: String,
    /// The line of the provider's document that describes it.
    #[serde(default)]
    pub doc: Option<u32>,
    /// The kinds of objects that it describes.
    #[serde(default, deserialize_with = "one_or_more")]
    pub kind: Vec<String>,
    /// Its field with the id of that object.
    #[serde(default)]
    pub key: Option<String>,
    /// Its fields that name the object for people; the first that is not empty is used.
    #[serde(default, deserialize_with = "one_or_more")]
    pub label: Vec<String>,
    /// The columns of a table of several of them, the most important first.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// Rules between them.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_has_a_name_and_fields_and_no_unknown_keys() {
        let shape: Shape = serde_json::from_str(r#"{"name":"s","kind":"k","columns":["id"],"fields":[]}"#).unwrap();
        assert_eq!((shape.kind, shape.columns), (vec!["k".to_owned()], vec!["id".to_owned()]));
        assert!(serde_json::from_str::<Shape>(r#"{"name":"s","fields":[],"color":1}"#).is_err());
        assert!(serde_json::from_str::<Shape>(r#"{"name":"s"}"#).is_err());
    }
}
