//! A call → an HTTP request, in the protocol of a transport.

use std::borrow::Cow;

use super::error::EncodeError;
use super::service::Service;
use super::{jsonform, jsonrpc, rest, xmlrpc};
use model::http::Request;
use model::provider::Protocol;
use model::{Arguments, Call, Map};

/// Builds the request of a call to a service. Secrets in it stay sealed.
pub fn encode(service: &Service<'_>, call: &Call) -> Result<Request, EncodeError> {
    let call = &*carried(service, call)?;
    Ok(completed(written(service, call)?, service))
}

/// The same request with what the service wants in each.
pub(crate) fn completed(mut request: Request, service: &Service<'_>) -> Request {
    for (name, value) in &service.provider.headers {
        request.set_header(name, value);
    }
    if let Some(media) = &service.transport.media {
        request.set_header("content-type", media);
    }
    request
}

/// The request in the protocol of the transport.
fn written(service: &Service<'_>, call: &Call) -> Result<Request, EncodeError> {
    match service.transport.protocol {
        Protocol::XmlRpc => {
            let name = &call.method.name;
            let body = xmlrpc::encode_call_after(service.auth.first_argument(name), name, &call.arguments)?;
            Ok(Request::post(service.url.to_owned(), xmlrpc::MEDIA, body))
        }
        Protocol::JsonRpc => Ok(jsonrpc::encode(service.url, service.auth, call)),
        Protocol::Json => jsonform::encode(service.url, call),
        Protocol::Rest => Ok(rest::encode(service, call)?),
    }
}

/// A call as its transport can carry it. Some transports cannot send values without names; an empty list of values then
/// becomes an empty dictionary.
pub fn carried<'c>(service: &Service<'_>, call: &'c Call) -> Result<Cow<'c, Call>, EncodeError> {
    let by_name = matches!(service.transport.protocol, Protocol::Json | Protocol::JsonRpc);
    match &call.arguments {
        Arguments::Positional(values) if by_name && !service.transport.carries_lists() => match values.as_slice() {
            [] => Ok(Cow::Owned(Call { arguments: Arguments::Named(Map::new()), ..call.clone() })),
            _ => Err(EncodeError::positional(service, call)),
        },
        _ => Ok(Cow::Borrowed(call)),
    }
}
