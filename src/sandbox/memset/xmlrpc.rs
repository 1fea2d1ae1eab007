//! The wire: requests into calls, answers into XML-RPC.

use super::fault::{Code, Fault};
use super::{Memset, Reply};
use crate::codec::xmlrpc::{Limits, encode_fault, encode_response, read_call};
use crate::sandbox::auth;
use crate::sandbox::{Request, Response};

impl Memset {
    /// Answers a request. Faults come with status 200, those of logging in among them.
    pub(super) fn respond_xmlrpc(&mut self, request: &Request) -> Response {
        if request.verb != "POST" {
            return Response::page(405, "Method Not Allowed");
        }
        let body = match self.reply(request).map(|value| encode_response(&value)) {
            Ok(Ok(body)) => body,
            Ok(Err(error)) => encode_fault(Code::InternalError as i64, &error.to_string()),
            Err(fault) => encode_fault(fault.code as i64, &fault.message),
        };
        Response::new(200, "text/xml; charset=utf-8", body.into_bytes())
    }

    fn reply(&mut self, request: &Request) -> Reply {
        let user = request.authorization.as_deref().and_then(auth::user);
        let charset = request.content_type.as_deref().and_then(charset);
        let (name, values) = read_call(request.body.as_slice(), charset, Limits::default())
            .map_err(|error| Fault::new(Code::ApiError, format!("The request is not XML-RPC: {error}")))?;
        self.call(user.as_deref(), &name, values)
    }
}

/// The `charset` parameter of a media type.
fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"))?;
    Some(value.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_is_found() {
        for (content_type, found) in [
            ("text/xml", None),
            ("text/xml; charset=utf-8", Some("utf-8")),
            ("text/xml;boundary=x; Charset=\"ISO-8859-1\"", Some("ISO-8859-1")),
            ("charset=utf-8", None),
        ] {
            assert_eq!(charset(content_type), found, "{content_type}");
        }
    }
}
