//! What an answer says about the next page: a cursor or an address, in the body, in a header or in the last member.

use super::document::Document;
use super::{link, narrow};
use crate::reply::Next;
use model::Value;
use model::http::Head;
use model::provider::{PageStyle, Paging};

/// What of the next page is known before the members of this one are.
pub(super) struct Onward<'p> {
    paging: &'p Paging,
    /// The answer says that there are no more pages.
    over: bool,
    place: Option<String>,
}

impl<'p> Onward<'p> {
    /// Looks at an answer and its head.
    pub(super) fn of(paging: &'p Paging, document: &Document, head: &Head) -> Onward<'p> {
        let read = |path: &Option<String>| document.word(path.as_deref()?);
        let over = paging.more.is_some() && !read(&paging.more).is_some_and(|more| says_yes(&more));
        let header = || head.field(paging.header.as_deref()?).next().map(str::to_owned);
        let place = match paging.style {
            PageStyle::Number | PageStyle::Offset => None,
            PageStyle::Cursor => read(&paging.next).or_else(header),
            PageStyle::Url => read(&paging.next),
            PageStyle::Link => head.field("link").find_map(link::next),
        };
        Onward { paging, over, place: place.filter(|place| !place.trim().is_empty()) }
    }

    /// How the page after these members is asked for; `None` if there is none.
    pub(super) fn after(self, members: &[Value]) -> Option<Next> {
        let last = || members.last()?.get(self.paging.last.as_deref()?).and_then(word);
        match self.paging.style {
            _ if self.over => None,
            PageStyle::Number | PageStyle::Offset => None,
            PageStyle::Cursor => self.place.or_else(last).map(Next::Cursor),
            PageStyle::Url | PageStyle::Link => self.place.map(Next::Address),
        }
    }
}

/// Anything but a clear no is a yes: one request too many does no harm.
fn says_yes(more: &str) -> bool {
    !matches!(more.trim(), "" | "0" | "false" | "False" | "no" | "null")
}

/// A single value as text; nothing for null and for what has parts.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::List(_) | Value::Map(_) | Value::Secret(_) | Value::Bytes(_) => None,
        Value::Text(text) => Some(text.clone()),
        single => Some(single.plain()),
    }
}

impl Document {
    /// The text at a path of JSON, or of an attribute of the root of XML.
    fn word(&self, path: &str) -> Option<String> {
        match self {
            Document::Xml(root) => root.attribute(path).map(str::to_owned),
            Document::Json(value) => word(narrow::at(value, path)?),
            Document::Bytes | Document::Empty => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_where_the_rule_says() {
        let (cursor, address) =
            (|text: &str| Some(Next::Cursor(text.into())), |text: &str| Some(Next::Address(text.into())));
        let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        for (rule, answer, fields, next) in [
            (r#""style":"cursor","next":"meta.next""#, r#"{"meta":{"next":"c2"}}"#, vec![], cursor("c2")),
            (r#""style":"cursor","next":"meta.next""#, r#"{"meta":{"next":7}}"#, vec![], cursor("7")),
            (r#""style":"cursor","next":"meta.next""#, r#"{"meta":{"next":null}}"#, vec![], None),
            (r#""style":"cursor","next":"meta.next""#, r#"{"meta":{"next":""}}"#, vec![], None),
            (r#""style":"cursor","next":"meta.next""#, r#"{"meta":{"next":["x"]}}"#, vec![], None),
            (r#""style":"cursor","next":"meta.next""#, "{}", vec![], None),
            (r#""style":"cursor","header":"X-Next""#, "[]", header("x-next", "t1"), cursor("t1")),
            (r#""style":"cursor","last":"id""#, "{}", vec![], cursor("9")),
            (r#""style":"cursor","last":"id","more":"has_more""#, r#"{"has_more":true}"#, vec![], cursor("9")),
            (r#""style":"cursor","last":"id","more":"has_more""#, r#"{"has_more":false}"#, vec![], None),
            (r#""style":"cursor","last":"id","more":"has_more""#, "{}", vec![], None),
            (r#""style":"url","next":"links.next""#, r#"{"links":{"next":"/x?page=2"}}"#, vec![], address("/x?page=2")),
            (r#""style":"url","next":"links.next""#, r#"{"links":{}}"#, vec![], None),
            (r#""style":"link""#, "[]", header("link", "</x?p=2>; rel=\"next\""), address("/x?p=2")),
            (r#""style":"link""#, "[]", header("link", "</x?p=1>; rel=\"prev\""), None),
            (r#""style":"number","page":"p","size":"s","next":"meta.next""#, r#"{"meta":{"next":"c2"}}"#, vec![], None),
        ] {
            let paging: Paging = serde_json::from_str(&format!("{{{rule}}}")).unwrap();
            let document = Document::Json(serde_json::from_str(answer).unwrap());
            let head = Head { fields, ..Head::default() };
            let members: Vec<Value> = serde_json::from_str(r#"[{"id":8},{"id":9}]"#).unwrap();
            assert_eq!(Onward::of(&paging, &document, &head).after(&members), next, "{rule} {answer}");
        }
    }
}
