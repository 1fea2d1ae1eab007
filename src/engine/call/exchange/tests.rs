//! What an answer is told as: every protocol of every provider, every HTTP status, every kind of body that servers,
//! gateways and proxies send, for calls that read and for calls that change something.

use codec::{Limits, Service};
use model::http::Head;
use model::{Class, Diagnostic, Effect, Method, Provider, Sent, Shape};
use registry::catalog::Catalog;
use registry::embedded;

use super::*;
use crate::engine::accounts::target::{Place, Target};

/// Under these no call is known to have worked.
const FAILURES: &[u16] = &[
    301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 413, 422, 429, 451, 500, 501, 502, 503, 504,
    520, 599,
];

/// Bodies, those of each protocol among them.
const BODIES: &[&str] = &[
    "",
    " \n",
    "<html><head><title>Oops</title></head><body>Oops</body></html>",
    "upstream timed out",
    "null",
    "true",
    "false",
    "[]",
    "{}",
    r#"{"error":"upstream timed out"}"#,
    r#"{"error":"nope","message":"sorry"}"#,
    r#"{"errors":["upstream timed out"]}"#,
    r#"{"errors":[["label","is empty"]]}"#,
    r#"{"errors":{"label":["is empty"]}}"#,
    r#"{"error_type":"ApiErrorDoesNotExist","error_code":3,"error":"none"}"#,
    r#"{"success":true}"#,
    r#"{"success":false,"error":{"code":"nonsense","description":{"en":"no"}}}"#,
    r#"{"jsonrpc":"2.0","id":1,"result":{"a":1}}"#,
    r#"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"no"}}"#,
    r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}"#,
    "<methodResponse><params><param><value>1</value></param></params></methodResponse>",
    "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>3</int></value></member>\
     <member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>",
    r#"<Status><operation>x</operation><result>ERROR</result>
       <resultDetail>no</resultDetail><resultCode>REASON_0</resultCode></Status>"#,
    r#"<Status><operation>x</operation><result>SUCCESS</result>
       <resultDetail>yes</resultDetail><resultCode>REASON_0</resultCode></Status>"#,
];

/// A method of a provider, spoken to in one of its ways.
struct Spoken<'p> {
    provider: &'p Provider,
    shapes: &'p [Shape],
    target: Target,
    method: Method,
}

impl Spoken<'_> {
    /// What an answer comes to: nothing when the call worked.
    fn told(&self, status: u16, body: &str) -> Result<(), CallError> {
        let service: Service<'_> = self.target.service(self.provider, self.shapes, &self.method);
        let head = Head { status, ..Head::default() };
        let read = codec::decode_value(&service, &self.method, &head, body.as_bytes(), Limits::default());
        let done = read.map_err(CallError::from);
        let done = done.and_then(|outcome| accepted(&service, &self.method, status, outcome));
        done.map(|_| ()).map_err(|error| error.unless_read(self.method.effect, &self.method.name))
    }
}

/// Every way to call a method that reads and one that does not, at every provider that is built in.
fn each(mut check: impl FnMut(&Spoken<'_>)) -> usize {
    let mut ways = 0;
    for one in embedded::all() {
        let catalog = Catalog::open(one).unwrap();
        let methods = || catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap());
        for effect in [Effect::Read, Effect::Change, Effect::Destroy, Effect::Billable] {
            let method = methods().find(|method| method.effect == effect).unwrap();
            for transport in &catalog.provider().transports {
                let place = Place { transport: Some(transport.name.clone()), ..Place::default() };
                let target = Target::new("p", catalog.provider(), place).unwrap();
                let (provider, shapes, method) = (catalog.provider(), catalog.shapes(), method.clone());
                check(&Spoken { provider, shapes, target, method });
                ways += 1;
            }
        }
    }
    ways
}

#[test]
fn the_status_is_believed_before_the_body() {
    let ways = each(|spoken| {
        let name = format!("{} {}", spoken.target.transport.name, spoken.method.name);
        let changes = spoken.method.effect != Effect::Read;
        for (status, body) in FAILURES.iter().flat_map(|status| BODIES.iter().map(move |body| (*status, *body))) {
            let what = format!("{name}, {status}: {body}");
            let error = spoken.told(status, body).expect_err(&what);
            let documented = spoken.provider.errors.iter().any(|error| error.code.as_str() == status.to_string());
            let (class, hint) = (error.class(), error.hint().unwrap_or_default());
            match status {
                500.. => assert_eq!(class, Class::Failed, "{what}"),
                401 => assert_eq!(class, Class::Credentials, "{what}"),
                403 if !documented => assert!(matches!(class, Class::Credentials | Class::Refused), "{what}"),
                _ if documented => assert!(matches!(class, Class::Credentials | Class::Refused), "{what}"),
                _ => assert_eq!(class, Class::Refused, "{what}"),
            }
            assert_eq!(error.sent(), Sent::Yes, "{what}");
            let looks = hint.contains(&format!("check whether {} took effect", spoken.method.name));
            assert_eq!(looks, changes && status >= 500, "{what}: {hint}");
            assert!(class != Class::Credentials || !hint.is_empty(), "{what}");
            assert!(!(changes && error.retryable() && status >= 500), "{what}");
        }
    });
    // Six protocols of four providers.
    assert!(ways >= 24, "{ways}");
}

#[test]
fn an_answer_to_a_change_that_cannot_be_read_leaves_it_unknown() {
    each(|spoken| {
        let changes = spoken.method.effect != Effect::Read;
        for body in ["\u{1}\u{2}", "<html>Welcome to the gateway</html>", "<a", "{\"a\":", "<methodResponse><params>"] {
            let what = format!("{} {}: {body}", spoken.target.transport.name, spoken.method.name);
            // Where nothing but a status is promised, anything may stand below it.
            let Err(error) = spoken.told(200, body) else { continue };
            let class = if changes { Class::Unknown } else { Class::Failed };
            assert_eq!((error.class(), error.sent()), (class, Sent::Yes), "{what}");
            assert_eq!(error.hint().unwrap_or_default().contains("check whether"), changes, "{what}");
        }
    });
}

#[test]
fn the_request_of_the_service_is_shown_beside_the_warning() {
    let head = Head { status: 503, retry_after: Some(5), ..Head::default() };
    for (effect, hint) in [
        (Effect::Read, "the service asks to wait 5 s before it is called again"),
        (
            Effect::Change,
            "check whether a.b took effect before you repeat it; the service asks to wait 5 s before it is called again",
        ),
    ] {
        let error = CallError::from(DecodeError::Http {
            status: head.status,
            words: None,
            location: None,
            retry_after: head.retry_after,
        });
        assert_eq!(error.unless_read(effect, "a.b").hint().as_deref(), Some(hint));
    }
}
