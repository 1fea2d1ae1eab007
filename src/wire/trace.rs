//! The output of `-v`: each request when it is sent and each answer when it begins. No headers, no bodies and no
//! secrets.

use std::time::Instant;

use super::error::WireError;
use model::Redactor;
use model::http::{Head, Request};

/// Reports requests and answers.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    tell: fn(&str),
    redactor: Redactor,
}

impl Trace {
    /// Reports to this function, one line at a time.
    pub(super) fn new(tell: fn(&str)) -> Trace {
        Trace { tell, redactor: Redactor::default() }
    }

    /// Adds the secrets that must not be shown.
    pub(super) fn hide(&mut self, redactor: &Redactor) {
        self.redactor = redactor.clone();
    }

    /// Reports a request with a body of `length` bytes.
    pub(super) fn leaves(&self, request: &Request, length: u64) {
        self.say(&format!("> {} {} ({length} bytes)", request.verb, request.url));
    }

    /// Reports the beginning of an answer, or that there is none.
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
