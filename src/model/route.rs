//! A method with its own address: where it is, the format of its request, and how its answer is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::Map;

/// The HTTP verbs of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// `GET`, which does not mean that nothing changes: some services delete with it.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
    /// `HEAD`: the answer has no body.
    Head,
    /// `OPTIONS`.
    Options,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 7] = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete, Verb::Head, Verb::Options];

    /// The verb with that name.
    pub fn named(word: &str) -> Option<Verb> {
        Verb::ALL.into_iter().find(|verb| verb.as_str() == word)
    }

    /// As it is written in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
            Verb::Head => "HEAD",
            Verb::Options => "OPTIONS",
        }
    }
}

/// The address of a method, below the path of its transport.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The HTTP verb.
    pub verb: Verb,
    /// `{x}` is the parameter with that name on the wire, or a variable of the provider.
    pub path: String,
    /// Words without a value in the query, in order.
    #[serde(default)]
    pub query: Vec<String>,
    /// A parameter that the path depends on.
    #[serde(default)]
    pub by: Option<RouteBy>,
    /// The change is sent with the tag (`ETag`) of the version that was read last, as `If-Match`.
    #[serde(default)]
    pub if_match: bool,
}

/// Paths chosen by the value of a parameter that is not itself sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteBy {
    /// The parameter.
    pub param: String,
    /// Its values and their paths.
    pub paths: BTreeMap<String, String>,
}

impl Route {
    /// Every path that the method may use.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let chosen = self.by.iter().flat_map(|by| by.paths.values());
        std::iter::once(&self.path).chain(chosen).map(String::as_str)
    }

    /// Whether `{name}` is in one of its paths.
    pub fn mentions(&self, name: &str) -> bool {
        self.paths().any(|path| placeholders(path).any(|found| found == name))
    }
}

/// The names between braces in a path.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Where the value of a parameter is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In the path only.
    Path,
    /// In the query.
    Query,
    /// In the body; also in the path when the route names it.
    Body,
    /// As a header with its name on the wire.
    Header,
    /// As a cookie, all of them in one header.
    Cookie,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "as", rename_all = "lowercase", deny_unknown_fields)]
pub enum Sends {
    /// `application/x-www-form-urlencoded`.
    Form {
        /// Constant fields.
        #[serde(default)]
        fixed: Map,
    },
    /// A JSON object.
    Json {
        /// The single key that holds the object.
        #[serde(default)]
        wrap: Option<String>,
        /// The parameter whose value is the whole body, for a body that is a list or has names of the user's own.
        #[serde(default)]
        whole: Option<String>,
        /// Its media type, if not `application/json`.
        #[serde(default)]
        media: Option<String>,
        /// Constant fields, inside the wrapper if there is one.
        #[serde(default)]
        fixed: Map,
        /// Constant fields beside the wrapper.
        #[serde(default)]
        beside: Map,
        /// An empty object is sent where no value is given: the service wants a body.
        #[serde(default)]
        empty: bool,
    },
    /// `multipart/form-data`, with a part for each value.
    Multipart {
        /// The media types of parts, by the names of their parameters; by default files are `application/octet-stream`.
        #[serde(default)]
        parts: BTreeMap<String, String>,
        /// Constant fields.
        #[serde(default)]
        fixed: Map,
    },
    /// The bytes of one value, as they are.
    Bytes {
        /// The parameter whose value is the whole body.
        whole: String,
        /// Its media type, if not `application/octet-stream`.
        #[serde(default)]
        media: Option<String>,
        /// There are no constant fields.
        #[serde(skip)]
        fixed: Map,
    },
    /// An XML document.
    Xml {
        /// The name of its root element.
        root: String,
        /// The provider's short name for the namespace of the root element.
        #[serde(default)]
        namespace: Option<String>,
        /// Constant fields.
        #[serde(default)]
        fixed: Map,
    },
}

impl Sends {
    /// The name under which the user gives the whole body of a call that is not in the catalogue.
    pub const WHOLE: &str = "@";

    /// Constant fields of the body.
    pub fn fixed(&self) -> &Map {
        match self {
            Sends::Form { fixed }
            | Sends::Json { fixed, .. }
            | Sends::Multipart { fixed, .. }
            | Sends::Bytes { fixed, .. }
            | Sends::Xml { fixed, .. } => fixed,
        }
    }

    /// Whether nothing is sent when no value is given.
    pub fn is_bare(&self) -> bool {
        let more = matches!(self, Sends::Json { beside, empty, .. } if !beside.is_empty() || *empty);
        self.fixed().is_empty() && !more
    }
}

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerForm {
    /// JSON.
    Json,
    /// An XML document with the result.
    Xml,
    /// A document that only reports the outcome.
    Status,
    /// CSV with a header line.
    Csv,
    /// A PDF document as bytes.
    Pdf,
    /// An image as bytes.
    Png,
    /// Text.
    Text,
    /// Detected from the answer: the catalogue does not say.
    Any,
    /// The answer is ignored.
    None,
}

/// How an answer is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Its format.
    #[serde(rename = "as")]
    pub form: AnswerForm,
    /// XML: the names that the root element may have; any other root is refused.
    #[serde(default, deserialize_with = "one_or_more")]
    pub root: Vec<String>,
    /// XML: the elements below the root that are the members of the result, under any of these names. JSON: the path of
    /// the list; the first path that exists is used. As the last step of a path, `*` is the only list that is there.
    #[serde(default, deserialize_with = "one_or_more")]
    pub list: Vec<String>,
    /// XML: elements beside the members of a list, each with the field of every member that it is put into.
    #[serde(default)]
    pub beside: BTreeMap<String, String>,
    /// The path of the result inside the answer.
    #[serde(default)]
    pub at: Option<String>,
    /// Keys that wrap the object, or each member of the list; only one of them is present at a time.
    #[serde(default, deserialize_with = "one_or_more")]
    pub unwrap: Vec<String>,
    /// An id that the answer holds in an unusual place.
    #[serde(default)]
    pub id: Option<HiddenId>,
}

impl Answers {
    /// The step of a path that is the only list among the fields of an object.
    pub const ONLY_LIST: &str = "*";

    /// An answer in this format, with nothing else known about it.
    pub fn of(form: AnswerForm) -> Answers {
        let (root, list, unwrap) = (Vec::new(), Vec::new(), Vec::new());
        Answers { form, root, list, beside: BTreeMap::new(), at: None, unwrap, id: None }
    }
}

/// Where an answer holds the id of what was created. Exactly one of the two places is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HiddenId {
    /// The field of the result that it is put into.
    pub field: String,
    /// The name of an additional-information element.
    #[serde(default)]
    pub information: Option<String>,
    /// Part of a sentence, with `{}` for the id.
    #[serde(default)]
    pub detail: Option<String>,
}

/// Reads a text or a list of texts.
pub(crate) fn one_or_more<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(source)? {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, Value};

    #[test]
    fn catalogue_entries_are_read() {
        let route: Route = serde_json::from_str(
            r#"{"verb":"GET","path":"/{org}/a/{id}","query":["delete"],"by":{"param":"t","paths":{"x":"/x/{x-id}"}}}"#,
        )
        .unwrap();
        assert!(route.mentions("org") && route.mentions("x-id") && !route.mentions("a"));
        let sends: Sends =
            serde_json::from_str(r#"{"as":"json","wrap":"box","fixed":{"instant":true,"n":[1,"2"]}}"#).unwrap();
        assert_eq!(sends.fixed().get("instant"), Some(&Value::Bool(true)));
        assert!(serde_json::from_str::<Sends>(r#"{"as":"form","wrap":"box"}"#).is_err());
        for (unwrap, keys) in [(r#""a""#, vec!["a"]), (r#"["a","b"]"#, vec!["a", "b"])] {
            let answers: Answers = serde_json::from_str(&format!(r#"{{"as":"json","unwrap":{unwrap}}}"#)).unwrap();
            assert_eq!(answers.unwrap, keys);
        }
        let xml = r#"{"as":"xml","root":"R","list":["a","A"],"beside":{"name":"listName"}}"#;
        let answers: Answers = serde_json::from_str(xml).unwrap();
        assert_eq!((answers.root, answers.list), (vec!["R".to_owned()], vec!["a".to_owned(), "A".to_owned()]));
    }

    #[test]
    fn values_are_put_where_the_route_places_them() {
        let method = |sends: &str| -> Method {
            let route = r#"{"verb":"GET","path":"/a/{id}"}"#;
            let params = r#"[{"name":"id"},{"name":"ident","wire":"id"},{"name":"x"},{"name":"y","place":"query"}]"#;
            serde_json::from_str(&format!(r#"{{"name":"a.b","route":{route},{sends}"params":{params}}}"#)).unwrap()
        };
        let places = |method: &Method| method.params.iter().map(|param| method.place(param)).collect::<Vec<_>>();
        assert_eq!(places(&method("")), [Place::Path, Place::Path, Place::Query, Place::Query]);
        assert_eq!(places(&method(r#""sends":{"as":"form"},"#)), [Place::Path, Place::Path, Place::Body, Place::Query]);
    }

    #[test]
    fn only_closed_braces_are_placeholders() {
        assert_eq!(placeholders("/{a}/b{c}.d").collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(placeholders("/a{b").count(), 0);
    }
}
