//! A call → an HTTP request, in the protocol of a transport.

use super::error::EncodeError;
use super::{jsonform, jsonrpc, xmlrpc};
use crate::model::Call;
use crate::model::http::{Body, Request};
use crate::model::provider::{Protocol, Transport};

/// Builds the request of a call to the service at `url`. Secrets in it stay sealed.
pub fn encode(transport: &Transport, url: &str, call: &Call) -> Result<Request, EncodeError> {
    match transport.protocol {
        Protocol::XmlRpc => {
            let body = xmlrpc::encode_call(&call.method.name, &call.arguments)?;
            Ok(post(url.to_owned(), ("text/xml; charset=utf-8", "text/xml"), body))
        }
        Protocol::JsonRpc => Ok(jsonrpc::encode(url, call)),
        Protocol::Json => jsonform::encode(url, call),
    }
}

/// A request with a body: the media types of what is sent and of what is wanted back.
pub(super) fn post(url: String, (sent, wanted): (&str, &str), body: Body) -> Request {
    let headers = vec![("content-type", sent.to_owned()), ("accept", wanted.to_owned())];
    Request { verb: "POST", url, headers, body }
}
