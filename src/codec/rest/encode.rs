//! A call → a request to the method's own address.

use std::borrow::Cow;

use super::given::{Given, given};
use super::leaf::{Leaf, joined, leaf};
use super::{EncodeError, fill, form, json, multipart, path, query, xml};
use crate::service::Service;
use model::escape::Escape;
use model::failure::FaultStyle;
use model::http::{Body, Request};
use model::provider::AuthScheme;
use model::route::{AnswerForm, Place, Sends};
use model::{Call, Method, Value};

/// Builds the request of a call. Secrets in it stay sealed.
pub fn encode(service: &Service<'_>, call: &Call) -> Result<Request, EncodeError> {
    let method = &*call.method;
    let route = method.route.as_ref().ok_or_else(|| EncodeError::NoRoute { method: method.name.clone() })?;
    let filled = fill::filled(call, service.variables)?;
    let given = given(&filled)?;
    let path = path::write(route, &given, service.variables)?;
    // The parameter that chose the path is not sent itself.
    let chooser = route.by.as_ref().map(|by| by.param.as_str());
    let sent: Vec<Given<'_>> = given.into_iter().filter(|given| Some(&*given.name) != chooser).collect();
    let query = query::write(route, &sent)?;
    let inside: Vec<&Given<'_>> = sent.iter().filter(|given| given.place == Place::Body).collect();
    let (kind, body) = body(service, method, &inside)?.unwrap_or_default();
    let mut headers = vec![("accept".into(), accepted(service, method).to_owned())];
    if !body.is_empty() {
        headers.push(("content-type".into(), kind.into_owned()));
    }
    for given in sent.iter().filter(|given| given.place == Place::Header) {
        headers.push((given.wire.to_lowercase().into(), header(given)?));
    }
    if let Some(cookies) = cookies(&sent)? {
        headers.push(("cookie".into(), cookies));
    }
    // A typed address may have its own query.
    let query = if path.contains('?') { query.replacen('?', "&", 1) } else { query };
    let url = format!("{}{path}{query}", service.url.trim_end_matches('/'));
    Ok(Request { verb: route.verb.as_str(), url, headers, body })
}

/// The media type and the body; `None` when there is nothing to put into it.
fn body<'m>(
    service: &Service<'_>,
    method: &'m Method,
    given: &[&Given<'_>],
) -> Result<Option<(Cow<'m, str>, Body)>, EncodeError> {
    let Some(sends) = &method.sends else { return Ok(None) };
    if let Some(whole) = given.iter().find(|given| given.is_whole()) {
        return whole_body(service, whole, given.len()).map(|(kind, body)| Some((kind.into(), body)));
    }
    let bare = given.is_empty() && sends.is_bare();
    Ok(match sends {
        Sends::Form { .. } if bare && service.auth.scheme != AuthScheme::Fields => None,
        Sends::Form { fixed } => {
            Some(("application/x-www-form-urlencoded".into(), form::write(service.auth, fixed, given)?))
        }
        Sends::Multipart { .. } | Sends::Bytes { .. } if bare => None,
        Sends::Multipart { parts, fixed } => {
            let (media, body) = multipart::write(parts, fixed, given);
            Some((media.into(), body))
        }
        Sends::Bytes { whole, media, .. } => {
            let media = media.as_deref().unwrap_or("application/octet-stream");
            Some((media.into(), as_it_is(only(whole, given)?, whole)?))
        }
        Sends::Json { .. } if bare => None,
        Sends::Json { wrap, fixed, whole, media, beside, .. } => {
            let media = media.as_deref().unwrap_or("application/json");
            Some(match whole {
                Some(whole) => (media.into(), json::write_whole(only(whole, given)?)),
                None => (media.into(), json::write(wrap.as_deref(), (fixed, beside), given)?),
            })
        }
        Sends::Xml { root, namespace, fixed } => {
            let uri = namespace.as_ref().and_then(|name| service.provider.xml.namespaces.get(name));
            let parts = (method.params.as_slice(), given);
            let body = xml::write(root, uri.map(String::as_str), fixed, parts, service.shapes)?;
            Some(("application/xml; charset=utf-8".into(), body))
        }
    })
}

/// The value that is the whole body. Nothing that was given may be left out beside it.
fn only<'g>(whole: &str, given: &[&Given<'g>]) -> Result<&'g Value, EncodeError> {
    match given {
        [only] if only.name == whole => Ok(only.value),
        _ => {
            let other = given.iter().find(|given| given.name != whole).map(|given| given.name.to_string());
            Err(EncodeError::Beside { whole: whole.to_owned(), name: other.unwrap_or_default() })
        }
    }
}

/// A file, bytes or a text as the whole body.
fn as_it_is(value: &Value, name: &str) -> Result<Body, EncodeError> {
    let mut body = Body::default();
    match value {
        Value::File(file) => body.file(file),
        Value::Bytes(bytes) => body.bytes(bytes),
        value => match leaf(value) {
            Some(Leaf::Plain(text)) => body.push(&text),
            Some(Leaf::Sealed(secret)) => body.seal(secret, Escape::Nothing),
            None => return Err(EncodeError::Nested { name: name.to_owned(), kind: value.kind() }),
        },
    }
    Ok(body)
}

/// The value of a header: one line of text, with the members of a list after commas (RFC 9110, section 5.6.1).
fn header(given: &Given<'_>) -> Result<String, EncodeError> {
    let separator = given.param.and_then(|param| param.join.as_deref()).unwrap_or(", ");
    joined(given, separator)?.ok_or_else(|| EncodeError::Header { name: given.name.to_string() })
}

/// The header with all cookies; `None` if there is none. Their values are sent as they are (RFC 6265, section 4.1.1).
fn cookies(given: &[Given<'_>]) -> Result<Option<String>, EncodeError> {
    let mut cookies = Vec::new();
    for given in given.iter().filter(|given| given.place == Place::Cookie) {
        let fits = |c: char| c.is_ascii_graphic() && !"\",;\\".contains(c);
        match leaf(given.value) {
            Some(Leaf::Plain(text)) if text.chars().all(fits) => cookies.push(format!("{}={text}", given.wire)),
            _ => return Err(EncodeError::Cookie { name: given.name.to_string() }),
        }
    }
    Ok(Some(cookies.join("; ")).filter(|cookies| !cookies.is_empty()))
}

/// A body that was given as one text: only the user knows how the body for an unknown address is written.
fn whole_body(service: &Service<'_>, whole: &Given<'_>, given: usize) -> Result<(&'static str, Body), EncodeError> {
    let Some(Leaf::Plain(text)) = leaf(whole.value).filter(|_| given == 1 && service.auth.scheme != AuthScheme::Fields)
    else {
        return Err(EncodeError::Whole);
    };
    let kind = match text.trim_start().chars().next() {
        Some('<') => "application/xml; charset=utf-8",
        Some('{' | '[') => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    let mut body = Body::default();
    body.push(&text);
    Ok((kind, body))
}

/// The media type that the answer may have. Where no result is promised a refusal may still come, in the notation of
/// all refusals.
fn accepted(service: &Service<'_>, method: &Method) -> &'static str {
    let form = method.answers.as_ref().map(|answers| answers.form);
    let refusals = service.provider.fault.as_ref().map(|rule| rule.style);
    match (form, refusals) {
        (Some(AnswerForm::Json), _)
        | (Some(AnswerForm::None), Some(FaultStyle::SuccessJson | FaultStyle::ErrorsJson)) => "application/json",
        (Some(AnswerForm::Xml | AnswerForm::Status), _) | (Some(AnswerForm::None), Some(FaultStyle::StatusXml)) => {
            "application/xml, text/xml"
        }
        _ => "*/*",
    }
}
