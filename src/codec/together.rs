//! Several calls in one request, in the protocols that can carry them: a batch of JSON-RPC, or a method of an XML-RPC
//! service that carries others.

use std::borrow::Cow;
use std::io::BufRead;

use super::answer::unpacked;
use super::error::{DecodeError, EncodeError};
use super::message::Limits;
use super::reply::Reply;
use super::request::{carried, completed};
use super::service::Service;
use super::xmlrpc::{self, MEDIA, multicall};
use super::{broken_off, jsonrpc};
use model::http::{Head, Request};
use model::provider::Protocol;
use model::{Call, Value};

/// What came back for each of several calls, in their order.
pub type Replies = Vec<Result<Reply<Value>, DecodeError>>;

/// A request that carries several calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// The request.
    pub request: Request,
    calls: usize,
}

/// One request with all calls, in order. `carrier` is the method of an XML-RPC service that carries them. The caller must
/// respect the service's limit.
pub fn encode_together(service: &Service<'_>, carrier: &str, calls: &[&Call]) -> Result<Together, EncodeError> {
    let calls = calls.iter().map(|call| carried(service, call)).collect::<Result<Vec<Cow<'_, Call>>, _>>()?;
    let request = match service.transport.protocol {
        Protocol::XmlRpc => {
            let inner = |call: &'_ Call| service.auth.first_argument(&call.method.name);
            let all = calls.iter().map(|call| (inner(call), call.method.name.as_str(), &call.arguments));
            Request::post(service.url.to_owned(), MEDIA, xmlrpc::encode_multicall(carrier, all)?)
        }
        _ => jsonrpc::encode_batch(service.url, service.auth, calls.iter().map(|call| &**call)).request,
    };
    Ok(Together { request: completed(request, service), calls: calls.len() })
}

/// Reads the answers to the calls of one request, in the order of the calls. An error of the request as a whole applies to
/// every call.
pub fn decode_together<R: BufRead>(
    protocol: Protocol,
    together: &Together,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Replies, DecodeError> {
    let Together { request, calls } = together;
    match protocol {
        Protocol::XmlRpc => multicalled(*calls, head, body, limits),
        _ => {
            let batch = jsonrpc::Batch { request: request.clone(), calls: *calls };
            jsonrpc::decode_batch(&batch, head, body, limits)
        }
    }
}

fn multicalled<R: BufRead>(calls: usize, head: &Head, body: R, limits: Limits) -> Result<Replies, DecodeError> {
    unpacked(head)?;
    // The list of results, and the list around each, are four more levels.
    let limits = Limits { depth: limits.depth.saturating_add(4), ..limits };
    let read = xmlrpc::read_response(body, head.charset.as_deref(), limits);
    match read.map_err(|error| DecodeError::from(error).under(head, None))? {
        // The request as a whole was refused, and none of the calls was made.
        xmlrpc::Reply::Fault(fault) => Ok((0..calls).map(|_| Ok(Reply::Fault(fault.clone()))).collect()),
        xmlrpc::Reply::Value(_) if !head.succeeded() => Err(DecodeError::http(head, None)),
        xmlrpc::Reply::Value(Value::Null) => Err(broken_off("it has no results")),
        xmlrpc::Reply::Value(result) => multicall::replies(result, calls),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use model::provider::Auth;
    use model::{Arguments, Map, Method, Provider};

    fn provider(protocol: &str) -> Provider {
        serde_json::from_str(&format!(
            r#"{{"id":"p","title":"P","host":"https://p.example","headers":{{"X-Who":"us"}},
                "transport":[{{"name":"t","protocol":"{protocol}","path":"/"}}]}}"#
        ))
        .unwrap()
    }

    fn calls() -> Vec<Call> {
        let method: Arc<Method> = Arc::new(serde_json::from_str(r#"{"name":"a.b","effect":"read"}"#).unwrap());
        let call =
            |id: i64| Call { method: Arc::clone(&method), arguments: Arguments::Named(Map::from_iter([("id", id)])) };
        vec![call(1), call(2)]
    }

    #[test]
    fn both_protocols_carry_several_calls_with_the_headers_of_the_service() {
        let variables = BTreeMap::new();
        let array = |inner: &str| {
            format!(
                "<methodResponse><params><param><value><array><data>{inner}</data></array></value></param></params></methodResponse>"
            )
        };
        let one = "<value><array><data><value><int>5</int></value></data></array></value>";
        let fault = "<value><struct><member><name>faultCode</name><value><int>3</int></value></member>\
                     <member><name>faultString</name><value>No</value></member></struct></value>";
        for (protocol, answer, wrong) in [
            ("xmlrpc", array(&format!("{one}{fault}")), array(one)),
            (
                "jsonrpc",
                r#"[{"jsonrpc":"2.0","id":1,"result":5},{"jsonrpc":"2.0","id":2,"error":{"code":3,"message":"No"}}]"#
                    .into(),
                "7".into(),
            ),
        ] {
            let provider = provider(protocol);
            let (transport, auth) = (provider.default_transport().unwrap(), &Auth::default());
            let service = Service {
                transport,
                url: "https://p.example/",
                provider: &provider,
                auth,
                shapes: &[],
                variables: &variables,
            };
            let all = calls();
            let together = encode_together(&service, "system.multicall", &all.iter().collect::<Vec<_>>()).unwrap();
            assert!(
                together
                    .request
                    .headers
                    .iter()
                    .any(|(name, value)| name.eq_ignore_ascii_case("x-who") && value == "us")
            );
            assert_eq!(together.request.body.preview().matches("a.b").count(), 2);
            let head = Head { status: 200, ..Head::default() };
            let read =
                decode_together(transport.protocol, &together, &head, answer.as_bytes(), Limits::default()).unwrap();
            assert_eq!(read[0].as_ref().ok(), Some(&Reply::Value(Value::Int(5))), "{protocol}");
            assert!(matches!(&read[1], Ok(Reply::Fault(fault)) if fault.words() == "No"), "{protocol}");
            assert!(
                decode_together(transport.protocol, &together, &head, wrong.as_bytes(), Limits::default()).is_err()
            );
        }
    }

    #[test]
    fn a_request_that_is_refused_is_refused_for_all() {
        let head = Head { status: 200, ..Head::default() };
        let fault = xmlrpc::encode_fault(1, "no such method");
        let read = multicalled(2, &head, fault.as_bytes(), Limits::default()).unwrap();
        assert!(read.len() == 2 && read.iter().all(|one| matches!(one, Ok(Reply::Fault(_)))));
        let head = Head { status: 502, ..Head::default() };
        assert!(multicalled(2, &head, &b"<html>no</html>"[..], Limits::default()).is_err());
    }
}
