//! Whether an account works: fetches its key, and makes the cheapest call that needs it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::roster::Accounts;
use crate::engine::accounts::inquiry::Asked;
use crate::engine::state::error::{CallError, Refusal};
use model::{Arguments, Class, Diagnostic, Effect, Map, Method, date};
use registry::Source;

/// The outcome of a test call.
#[derive(Debug)]
pub struct Probe {
    /// The method that was called.
    pub method: String,
    /// How long the answer took.
    pub took: Duration,
    /// How many seconds the service's clock is ahead of this machine's, if the answer has a time.
    pub ahead: Option<i64>,
    /// Whether the service accepted the key.
    pub result: Result<(), CallError>,
}

impl Accounts {
    /// Makes the harmless call that the catalogue of a profile names; `None` when it names none. The key must have
    /// been fetched.
    pub fn probe(&mut self, profile: &str) -> Option<Probe> {
        let timeouts = self.rules(profile).timeouts;
        let Accounts { list, registry, wire, redactor, .. } = self;
        wire.hide(redactor);
        let account = list.iter_mut().find(|account| account.target.profile == profile)?;
        let source = registry.source(profile)?;
        let (name, method) = harmless(source)?;
        let signed = account.sign_in((source, &method), (wire, redactor), timeouts);
        let asked = Asked { target: &account.target, provider: source.provider(), shapes: source.shapes(), timeouts };
        let (mut head, started) = (None, Instant::now());
        // Nothing is given, so nothing can have the wrong place.
        let nothing = Arguments::passed(&method, Map::new()).unwrap_or(Arguments::Named(Map::new()));
        let result = match signed.and_then(|()| asked.with_head(wire, &method, nothing, &mut head)) {
            // A service that cannot list its methods has still answered, and has not refused the key.
            Err(CallError::Fault(refusal)) if source.provider().probe.is_none() && !is_about_the_key(&refusal) => {
                Ok(())
            }
            result => result.map(|_| ()),
        };
        let took = started.elapsed();
        account.target.grant.teach(redactor);
        account.learn_of_key(&result);
        let date = head.and_then(|head| date::http_date(&head.date?));
        Some(Probe { method: name, took, ahead: date.map(ahead), result })
    }
}

impl Accounts {
    /// The scheme in which the service of a profile asks for a key, such as `basic`, if it does.
    pub fn challenge(&mut self, profile: &str) -> Option<String> {
        let timeouts = self.rules(profile).timeouts;
        let Accounts { list, registry, wire, redactor, .. } = self;
        wire.hide(redactor);
        let account = list.iter().find(|account| account.target.profile == profile)?;
        let source = registry.source(profile)?;
        let (_, method) = harmless(source)?;
        let asked = Asked { target: &account.target, provider: source.provider(), shapes: &[], timeouts };
        let mut head = None;
        // The error is known: only its head matters.
        let _ = asked.with_head(wire, &method, Arguments::Positional(Vec::new()), &mut head);
        head?.challenge
    }
}

/// The method that the catalogue names for a test, or else the one by which the service lists its methods.
fn harmless(source: &Source) -> Option<(String, Arc<Method>)> {
    let provider = source.provider();
    if let Some(name) = &provider.probe {
        return Some((name.clone(), source.method(name)?.ok()?));
    }
    let name = provider.introspection.as_ref()?.list().to_owned();
    let untyped = true;
    let method = Method { name: name.clone(), effect: Effect::Read, untyped, ..Method::default() };
    Some((name, Arc::new(method)))
}

fn is_about_the_key(refusal: &Refusal) -> bool {
    refusal.class() == Class::Credentials
}

/// How many seconds a moment is ahead of now; below zero when it has passed.
fn ahead(moment: SystemTime) -> i64 {
    let whole = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
    match moment.duration_since(SystemTime::now()) {
        Ok(ahead) => whole(ahead),
        Err(behind) => -whole(behind.duration()),
    }
}
