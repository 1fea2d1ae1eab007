//! Whether an account works: fetches its key, and makes the cheapest call that needs it.

use std::time::{Duration, Instant, SystemTime};

use super::roster::Accounts;
use crate::engine::accounts::inquiry::Asked;
use crate::engine::state::error::CallError;
use model::{Arguments, Map, date};

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
        let name = source.provider().probe.as_deref()?;
        let method = source.method(name)?.ok()?;
        let asked = Asked { target: &account.target, provider: source.provider(), shapes: source.shapes(), timeouts };
        let (mut head, started) = (None, Instant::now());
        // Nothing is given, so nothing can have the wrong place.
        let nothing = Arguments::passed(&method, Map::new()).unwrap_or(Arguments::Named(Map::new()));
        let result = asked.with_head(wire, &method, nothing, &mut head).map(|_| ());
        let took = started.elapsed();
        account.learn_of_key(&result);
        let date = head.and_then(|head| date::http_date(&head.date?));
        Some(Probe { method: name.to_owned(), took, ahead: date.map(ahead), result })
    }
}

/// How many seconds a moment is ahead of now; below zero when it has passed.
fn ahead(moment: SystemTime) -> i64 {
    let whole = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
    match moment.duration_since(SystemTime::now()) {
        Ok(ahead) => whole(ahead),
        Err(behind) => -whole(behind.duration()),
    }
}
