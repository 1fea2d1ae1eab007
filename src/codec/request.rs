//! A call → an HTTP request, in the protocol of a transport.

use super::error::EncodeError;
use super::{rest, xmlrpc};
use crate::model::Call;
use crate::model::http::Request;
use crate::model::provider::{Protocol, Transport};

/// Builds the request of a call to the service at `url`. Secrets in it stay sealed.
pub fn encode(transport: &Transport, url: &str, call: &Call) -> Result<Request, EncodeError> {
    match transport.protocol {
        Protocol::XmlRpc => Ok(Request {
            verb: "POST",
            url: url.to_owned(),
            headers: vec![("content-type", "text/xml; charset=utf-8".into()), ("accept", "text/xml".into())],
            body: xmlrpc::encode_call(&call.method.name, &call.arguments)?,
        }),
        Protocol::Rest => Err(rest::EncodeError::NoRoute { method: call.method.name.clone() }.into()),
    }
}
