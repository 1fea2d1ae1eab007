//! A call → an HTTP request, in the protocol of a transport.

use super::xmlrpc;
pub use super::xmlrpc::EncodeError;
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
    }
}
