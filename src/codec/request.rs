//! A call → an HTTP request, in the protocol of a transport.

use super::error::EncodeError;
use super::service::Service;
use super::{rest, xmlrpc};
use crate::model::Call;
use crate::model::http::Request;
use crate::model::provider::Protocol;

/// Builds the request of a call to a service. Secrets in it stay sealed.
pub fn encode(service: &Service<'_>, call: &Call) -> Result<Request, EncodeError> {
    match service.transport.protocol {
        Protocol::XmlRpc => Ok(Request {
            verb: "POST",
            url: service.url.to_owned(),
            headers: vec![("content-type", "text/xml; charset=utf-8".into()), ("accept", "text/xml".into())],
            body: xmlrpc::encode_call(&call.method.name, &call.arguments)?,
        }),
        Protocol::Rest => Ok(rest::encode(service, call)?),
    }
}
