//! Requests and responses of the server.

use std::borrow::Cow;

/// A received request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) verb: String,
    pub(crate) path: String,
    /// The part after the `?`, unchanged.
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) range: Option<String>,
    /// All headers, their names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The `charset` parameter of its media type.
    pub(crate) fn charset(&self) -> Option<&str> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        let mut parameters = parameters.filter_map(|parameter| parameter.trim().split_once('='));
        let (_, value) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"))?;
        Some(value.trim_matches('"'))
    }

    /// Whether its body is a form.
    pub(crate) fn is_form(&self) -> bool {
        self.media() == "application/x-www-form-urlencoded"
    }

    /// Its media type in lower case and without parameters; empty if it has none.
    pub(crate) fn media(&self) -> String {
        let media = self.content_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
        media.trim().to_ascii_lowercase()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    /// Headers in addition to those of every answer.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A response with a media type.
    pub(crate) fn new(status: u16, content_type: impl Into<Cow<'static, str>>, body: Vec<u8>) -> Response {
        Response { status, content_type: content_type.into(), headers: Vec::new(), body }
    }

    /// A web page, which web servers send for requests that are not calls.
    pub(crate) fn page(status: u16, title: &str) -> Response {
        let body = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
        Response::new(status, "text/html; charset=utf-8", body.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_by_any_spelling() {
        let request = Request { headers: vec![("x-key".into(), "k".into())], ..Request::default() };
        assert_eq!((request.header("X-Key"), request.header("x"), request.media().as_str()), (Some("k"), None, ""));
    }

    #[test]
    fn the_media_type_is_parsed() {
        for (content_type, charset, form) in [
            ("text/xml", None, false),
            ("text/xml; charset=utf-8", Some("utf-8"), false),
            ("text/xml;boundary=x; Charset=\"ISO-8859-1\"", Some("ISO-8859-1"), false),
            ("charset=utf-8", None, false),
            ("Application/X-WWW-Form-Urlencoded; charset=utf-8", Some("utf-8"), true),
        ] {
            let request = Request { content_type: Some(content_type.into()), ..Request::default() };
            assert_eq!((request.charset(), request.is_form()), (charset, form), "{content_type}");
        }
    }
}
