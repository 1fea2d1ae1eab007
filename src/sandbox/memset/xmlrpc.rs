//! The wire format: parses requests and writes answers in XML-RPC.

use super::account::Memset;
use super::fault::{Code, Fault};
use super::handler::Reply;
use crate::{Request, Response, auth};
use codec::xmlrpc::{Limits, encode_fault, encode_response, read_call};

impl Memset {
    /// Answers a request. All faults have status 200, including those of authentication.
    pub(super) fn xmlrpc(&mut self, request: &Request) -> Response {
        let body = match self.reply(request).map(|value| encode_response(&value)) {
            Ok(Ok(body)) => body,
            Ok(Err(error)) => encode_fault(Code::InternalError as i64, &error.to_string()),
            Err(fault) => encode_fault(fault.code as i64, &fault.message),
        };
        Response::new(200, "text/xml; charset=utf-8", body.into_bytes())
    }

    fn reply(&mut self, request: &Request) -> Reply {
        let user = request.authorization.as_deref().and_then(auth::user);
        let (name, values) = read_call(request.body.as_slice(), request.charset(), Limits::default())
            .map_err(|error| Fault::new(Code::ApiError, format!("The request is not XML-RPC: {error}")))?;
        self.call(user.as_deref(), &name, values)
    }
}
