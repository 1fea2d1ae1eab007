//! The three ways in: which address speaks which protocol.

use super::Memset;
use crate::sandbox::{Request, Response};

impl Memset {
    /// Answers a request.
    pub(in crate::sandbox) fn respond(&mut self, request: &Request) -> Response {
        let path = request.path.trim_end_matches('/');
        match (path, path.strip_prefix("/v1/json/"), request.verb.as_str()) {
            ("/v1/xmlrpc", _, "POST") => self.xmlrpc(request),
            ("/v1/jsonrpc", _, "POST") => self.jsonrpc(request),
            (_, Some(call), "GET" | "POST") => self.json(request, call),
            ("/v1/xmlrpc" | "/v1/jsonrpc", ..) | (_, Some(_), _) => Response::page(405, "Method Not Allowed"),
            _ => Response::page(404, "Not Found"),
        }
    }
}
