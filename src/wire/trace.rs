//! What `-v` tells: each request when it leaves and each answer when it begins. No header, no body, and no secret.

use std::time::Instant;

use super::error::WireError;
use model::Redactor;
use model::http::{Head, Request};

/// Somebody who is told.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    tell: fn(&str),
    redactor: Redactor,
}

impl Trace {
    /// By this function, a line at a time.
    pub(super) fn new(tell: fn(&str)) -> Trace {
        Trace { tell, redactor: Redactor::default() }
    }

    /// Takes in what must not be shown.
    pub(super) fn hide(&mut self, redactor: &Redactor) {
        self.redactor = redactor.clone();
    }

    /// A request is on its way, with a body of so many bytes.
    pub(super) fn leaves(&self, request: &Request, length: usize) {
        self.say(&format!("> {} {} ({length} bytes)", request.verb, request.url));
    }

    /// The answer has begun, or there is none.
    pub(super) fn comes(&self, head: Result<&Head, &WireError>, since: Instant) {
        let took = since.elapsed().as_millis();
        match head {
            Ok(head) => self.say(&format!("< {} {} ({took} ms)", head.status, head.content_type)),
            Err(error) => self.say(&format!("< nothing: {error} ({took} ms)")),
        }
    }

    fn say(&self, text: &str) {
        (self.tell)(&self.redactor.foreign(text));
    }
}
