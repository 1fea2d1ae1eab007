//! An operation as every version of the format describes it: what the front ends produce.

use model::Value;
use model::route::Verb;

use super::node::Node;
use super::schema::Schema;

/// A whole document.
#[derive(Debug)]
pub(crate) struct Api<'d> {
    /// The format with its version: `OpenAPI 3.0.3`.
    pub(crate) format: String,
    pub(crate) title: &'d str,
    pub(crate) version: &'d str,
    pub(crate) servers: Vec<Server<'d>>,
    pub(crate) schemes: Vec<Scheme<'d>>,
    /// What every operation wants that does not say so itself.
    pub(crate) security: Option<Vec<Requirement<'d>>>,
    pub(crate) operations: Vec<Operation<'d>>,
    /// Operations whose verb is not one of this program's, as verb and path.
    pub(crate) strange: Vec<(String, &'d str)>,
}

/// Where a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server<'d> {
    /// An address, or the path of one; its variables have their default values.
    pub(crate) url: String,
    pub(crate) description: &'d str,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scheme<'d> {
    pub(crate) name: &'d str,
    pub(crate) kind: SchemeKind<'d>,
    pub(crate) description: &'d str,
}

/// What is sent to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemeKind<'d> {
    Basic,
    /// A token in the header `Authorization`, however it is obtained.
    Bearer,
    /// A key as the value of a header.
    Header(&'d str),
    /// A key as the value of a parameter of the query.
    Query(&'d str),
    /// A key as the value of a cookie.
    Cookie(&'d str),
    /// A key in the header `Authorization`, after this word.
    Word(&'d str),
    /// A signature, or something else that is not known.
    Other,
}

/// Schemes that are needed together, each with its scopes.
pub(crate) type Requirement<'d> = Vec<(&'d str, Vec<&'d str>)>;

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation<'d> {
    pub(crate) verb: Verb,
    pub(crate) path: &'d str,
    pub(crate) id: &'d str,
    pub(crate) summary: &'d str,
    pub(crate) description: &'d str,
    pub(crate) deprecated: bool,
    pub(crate) params: Vec<Parameter<'d>>,
    pub(crate) body: Option<Body<'d>>,
    /// The answers, by status, the lowest first.
    pub(crate) answers: Vec<Answer<'d>>,
    pub(crate) security: Option<Vec<Requirement<'d>>>,
    /// Servers of this operation alone.
    pub(crate) servers: Vec<Server<'d>>,
    /// The whole entry, for what vendors add to it.
    pub(crate) node: Node<'d>,
    /// The entry of its path.
    pub(crate) item: Node<'d>,
}

impl<'d> Operation<'d> {
    /// The answer if it works: that with the lowest status of success, preferably one with a body.
    pub(crate) fn success(&self) -> Option<&Answer<'d>> {
        let good = || self.answers.iter().filter(|answer| answer.status.starts_with('2'));
        let usual = || self.answers.iter().find(|answer| answer.status == "default" && good().next().is_none());
        good().find(|answer| !answer.media.is_empty()).or_else(|| good().next()).or_else(usual)
    }

    /// The steps of its path.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.path.split('/').filter(|step| !step.is_empty())
    }

    /// The last step of its path that is no parameter.
    pub(crate) fn last_name(&self) -> Option<&'d str> {
        self.steps().filter(|step| !step.starts_with('{')).last()
    }
}

/// Where the value of a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum In {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a list is written in a query or in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Its name is repeated.
    Repeated,
    /// Its members are joined with this between them.
    Joined(&'static str),
    /// Each member has its place in brackets.
    Bracketed,
    /// In a path, with marks before the value: `;id=5` or `.5`.
    Marked,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter<'d> {
    pub(crate) name: &'d str,
    pub(crate) place: In,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: &'d str,
    pub(crate) listing: Listing,
    /// Its schema; `None` if there is none, or if its value is a document of its own.
    pub(crate) schema: Option<Node<'d>>,
    /// Its value is a document of its own.
    pub(crate) document: bool,
}

/// A body.
#[derive(Clone, Debug)]
pub(crate) struct Body<'d> {
    pub(crate) media: Vec<Media<'d>>,
    pub(crate) required: bool,
    pub(crate) description: &'d str,
}

/// One of the forms that a body can have.
#[derive(Clone, Debug)]
pub(crate) struct Media<'d> {
    /// Its media type, in lower case and without parameters.
    pub(crate) kind: String,
    pub(crate) content: Content<'d>,
    /// How lists are written in it, if it is a form.
    pub(crate) encoding: Option<Node<'d>>,
    /// An example of all of it.
    pub(crate) example: Option<&'d Value>,
}

/// What is in a body.
#[derive(Clone, Debug)]
pub(crate) enum Content<'d> {
    /// What a schema says.
    Schema(Node<'d>),
    /// The fields of a form, each described for itself.
    Fields(Vec<Parameter<'d>>),
    /// Anything.
    Anything,
}

impl<'d> Content<'d> {
    /// What its schema says.
    pub(crate) fn schema(&self) -> Option<Schema<'d>> {
        match self {
            Content::Schema(node) => Some(Schema::of(*node)),
            Content::Fields(_) | Content::Anything => None,
        }
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer<'d> {
    /// Three digits, `2XX`, or `default`.
    pub(crate) status: &'d str,
    pub(crate) media: Vec<Media<'d>>,
    /// The names of its headers.
    pub(crate) headers: Vec<&'d str>,
}

/// A media type without its parameters, in lower case.
pub(crate) fn media_type(text: &str) -> String {
    text.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Whether a media type is JSON.
pub(crate) fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind.ends_with("+json") || kind == "*/*" || kind == "text/json"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_compared_without_their_parameters() {
        for (text, kind, json) in [
            ("application/json; charset=utf-8", "application/json", true),
            ("Application/Problem+JSON", "application/problem+json", true),
            ("*/*", "*/*", true),
            ("text/plain", "text/plain", false),
            ("", "", false),
        ] {
            assert_eq!((media_type(text).as_str(), is_json(&media_type(text))), (kind, json));
        }
    }
}
