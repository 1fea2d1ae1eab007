//! Which version of an object a change is meant for. A method whose route says `if_match` is sent with the tag of the
//! version that the account read last; if none is known, the object is read first where the catalogue says how.

use std::borrow::Cow;

use crate::engine::accounts::target::Target;
use crate::engine::call::beforehand::{NOT_FOUND, is_gone, reading};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::shown::typed;
use crate::engine::call::variables;
use crate::engine::state::error::CallError;
use crate::engine::state::refusal::Refusal;
use codec::{DecodeError, Fault};
use model::http::Request;
use model::{Call, ShowRule};
use registry::Source;

/// The header with the tag.
const IF_MATCH: &str = "if-match";
/// The status of a change that was meant for another version.
const OUTDATED: u16 = 412;
/// The status of a change that must say for which version it is meant.
const UNSAID: u16 = 428;

impl Exchange<'_> {
    /// Adds the tag of the version that a change is meant for, unless the line gives one itself. If no tag is known and
    /// none can be read, the change is sent without one.
    pub(super) fn mark_version(&mut self, call: &Call, request: &mut Request) -> Result<(), CallError> {
        if !is_wanted(call) || is_marked(request) {
            return Ok(());
        }
        if self.account.target.tags.of(&request.url).is_none() {
            self.read_version(call, request)?;
        }
        if let Some(tag) = self.account.target.tags.of(&request.url) {
            request.set_header(IF_MATCH, &tag);
        }
        Ok(())
    }

    /// Reads the object at the address of a change, if there is a method for that. What does not exist has no version.
    fn read_version(&mut self, call: &Call, request: &Request) -> Result<(), CallError> {
        let Some((rule, asking)) = shown_by(self.source, call) else { return Ok(()) };
        variables::resolve(self, &asking.method)?;
        let read = codec::encode(&self.service(&asking.method), &asking)?;
        if !is_of(&read, request) {
            return Ok(());
        }
        match self.value(&asking) {
            Ok(_) => Ok(()),
            Err(CallError::Fault(refusal)) if is_gone(&refusal, &rule) => Ok(()),
            Err(CallError::Decode(DecodeError::Http { status: NOT_FOUND, .. })) => Ok(()),
            Err(error) => Err(error.on_the_way_to(&call.method.name, &asking.method.name)),
        }
    }

    /// The error of a request, in the words for a version that has changed where that is what the service says.
    pub(super) fn about_version(&self, call: &Call, request: &Request, error: CallError) -> CallError {
        let (status, fault) = match &error {
            CallError::Fault(refusal) => (refusal.status, refusal.fault.clone()),
            CallError::Decode(DecodeError::Http { status, words, .. }) => {
                (*status, Fault { message: words.clone().unwrap_or_default(), ..Fault::default() })
            }
            _ => return error,
        };
        let read = shown_by(self.source, call).map(|(_, asking)| format!(" with `{}`", typed(&asking)));
        let read = read.unwrap_or_default();
        let (name, summary) = match (status, is_marked(request)) {
            (OUTDATED, true) => (
                "it has changed since it was read",
                format!(
                    "somebody else changed it meanwhile, and this call changed nothing; read it again{read}, and then decide"
                ),
            ),
            (UNSAID, false) => (
                "the service wants to be told which version is meant",
                format!("nothing was changed; read it{read} in the same session, and the change is sent with its tag"),
            ),
            _ => return error,
        };
        let refusal = Refusal::new(&call.method.name, status, fault, None).meaning(Some(summary));
        CallError::Fault(Box::new(Refusal { name: Some(name.to_owned()), ..refusal }))
    }
}

/// A request that is only shown, with the tag of its version if one is known.
pub(crate) fn marked<'r>(target: &Target, call: &Call, request: &'r Request) -> Cow<'r, Request> {
    match target.tags.of(&request.url).filter(|_| is_wanted(call) && !is_marked(request)) {
        Some(tag) => {
            let mut request = request.clone();
            request.set_header(IF_MATCH, &tag);
            Cow::Owned(request)
        }
        None => Cow::Borrowed(request),
    }
}

/// The line with the tag of a change that has none yet, for a request that is only shown.
pub(crate) fn later(source: &Source, call: &Call, request: &Request) -> Option<String> {
    let (_, asking) = shown_by(source, call).filter(|_| is_wanted(call) && !is_marked(request))?;
    Some(format!("{IF_MATCH}: (the tag of the version that {} shows)", asking.method.name))
}

/// Whether a call is sent with the tag of a version.
fn is_wanted(call: &Call) -> bool {
    call.method.route.as_ref().is_some_and(|route| route.if_match) && !call.effects().only_reads()
}

/// Whether a request has such a tag.
fn is_marked(request: &Request) -> bool {
    request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(IF_MATCH))
}

/// Whether one request reads just what another one changes.
fn is_of(read: &Request, change: &Request) -> bool {
    read.verb == "GET" && change.url.split('?').next() == Some(&read.url)
}

/// The call that reads the object of a change, with the rule that names it.
fn shown_by(source: &Source, call: &Call) -> Option<(ShowRule, Call)> {
    let rule = call.method.showing()?.into_owned();
    let asking = reading(source, &rule, &call.arguments.by_name(&call.method))?;
    Some((rule, asking))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::http::Body;
    use model::{Arguments, Map, Method};

    fn request(verb: &'static str, url: &str) -> Request {
        Request { verb, url: url.into(), headers: Vec::new(), body: Body::default() }
    }

    #[test]
    fn only_a_change_whose_route_says_so_has_a_version() {
        for (effect, rule, wanted) in [
            ("change", r#","if_match":true"#, true),
            ("destroy", r#","if_match":true"#, true),
            ("read", r#","if_match":true"#, false),
            ("change", "", false),
        ] {
            let json = format!(r#"{{"name":"a","effect":"{effect}","route":{{"verb":"PUT","path":"/a"{rule}}}}}"#);
            let method: Method = serde_json::from_str(&json).unwrap();
            let call = Call { method: Arc::new(method), arguments: Arguments::Named(Map::new()) };
            assert_eq!(is_wanted(&call), wanted, "{json}");
        }
    }

    #[test]
    fn a_version_is_read_at_the_address_of_the_change() {
        let change = request("PATCH", "https://h/things/5?force=true");
        for (verb, url, same) in [
            ("GET", "https://h/things/5", true),
            ("POST", "https://h/things/5", false),
            ("GET", "https://h/things/5?fields=name", false),
            ("GET", "https://h/things", false),
            ("GET", "https://h/things/55", false),
        ] {
            assert_eq!(is_of(&request(verb, url), &change), same, "{verb} {url}");
        }
        let mut marked = change;
        assert!(!is_marked(&marked));
        marked.headers.push(("If-Match".into(), "\"1\"".into()));
        assert!(is_marked(&marked));
    }
}
