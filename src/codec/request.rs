//! A call → an HTTP request, in the protocol of a transport.

use super::error::EncodeError;
use super::service::Service;
use super::{jsonform, jsonrpc, rest, xmlrpc};
use model::Call;
use model::http::{Body, Request};
use model::provider::Protocol;

/// Builds the request of a call to a service. Secrets in it stay sealed.
pub fn encode(service: &Service<'_>, call: &Call) -> Result<Request, EncodeError> {
    match service.transport.protocol {
        Protocol::XmlRpc => {
            let body = xmlrpc::encode_call(&call.method.name, &call.arguments)?;
            Ok(post(service.url.to_owned(), ("text/xml; charset=utf-8", "text/xml"), body))
        }
        Protocol::JsonRpc => Ok(jsonrpc::encode(service.url, call)),
        Protocol::Json => jsonform::encode(service.url, call),
        Protocol::Rest => Ok(rest::encode(service, call)?),
    }
}

/// A request with a body: the media types of what is sent and of what is wanted back.
pub(super) fn post(url: String, (sent, wanted): (&str, &str), body: Body) -> Request {
    let headers = vec![("content-type", sent.to_owned()), ("accept", wanted.to_owned())];
    Request { verb: "POST", url, headers, body }
}
