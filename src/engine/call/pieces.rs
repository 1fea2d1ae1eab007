//! A document whose download breaks off: what was received is kept, and the rest is requested if the server supports
//! that. Nothing is written to a file before the document is complete.

use std::io::Read;

use crate::engine::state::error::CallError;
use crate::wire::{Answer, Body, WireError};
use codec::{DecodeError, Limits, MessageError};
use model::http::{Head, Request};
use model::{Effect, Method};

/// How often the rest is requested.
const MOST: u8 = 3;
/// The status of an answer with a part of the document.
const PARTIAL: u16 = 206;

/// What has been received of one answer so far.
#[derive(Debug)]
pub(crate) struct Pieces {
    bytes: Vec<u8>,
    /// The head of the first part, which describes the whole.
    head: Head,
    /// The last answer that was not a part of it.
    refusal: (Head, Vec<u8>),
    /// That was the last answer.
    refused: bool,
    left: u8,
}

impl Pieces {
    /// An empty document. Only a document that is read, not created by the call, can be resumed.
    pub(crate) fn of(method: &Method) -> Pieces {
        let left = if method.returns_document() && method.effect == Effect::Read { MOST } else { 0 };
        Pieces { bytes: Vec::new(), head: Head::default(), refusal: Default::default(), refused: false, left }
    }

    /// Asks for the missing rest, if a part was received. If the version has a tag, it asks for that version.
    pub(crate) fn ask_for_the_rest(&self, request: &mut Request) {
        if self.bytes.is_empty() {
            return;
        }
        request.headers.push(("range".into(), format!("bytes={}-", self.bytes.len())));
        if let Some(etag) = &self.head.etag {
            request.headers.push(("if-range".into(), etag.clone()));
        }
    }

    /// Reads an answer to its end, or to where it breaks off, and returns what there is. A refusal does not change what
    /// was received.
    pub(crate) fn add(&mut self, mut answer: Answer<'_>) -> Result<(&Head, &[u8]), CallError> {
        let piece = answer.head.status == PARTIAL;
        self.refused = !answer.head.succeeded();
        if self.refused {
            self.refusal.0 = answer.head;
            self.refusal.1.clear();
            take(&mut answer.body, &mut self.refusal.1)?;
            return Ok((&self.refusal.0, &self.refusal.1));
        }
        if piece && (self.bytes.is_empty() || answer.head.begins_at != Some(self.bytes.len() as u64)) {
            return Err(codec::broken_off("it is not the part of the document that was asked for").into());
        }
        if !piece {
            self.head = answer.head;
            self.bytes.clear();
        }
        take(&mut answer.body, &mut self.bytes)?;
        Ok((&self.head, &self.bytes))
    }

    /// Whether the download can be resumed after this error. If so, it counts as one of the requests for the rest.
    pub(crate) fn can_go_on(&mut self, error: &CallError) -> bool {
        // A download that was too slow, or was cancelled, is not resumed.
        let broke =
            matches!(error, CallError::Wire(lost) if lost.answered && matches!(lost.error, WireError::Broken { .. }));
        let possible = self.head.accepts_ranges && !self.bytes.is_empty();
        let goes_on = broke && possible && self.left > 0;
        self.left = self.left.saturating_sub(u8::from(goes_on));
        goes_on
    }

    /// The document, or the refusal of a call that was refused.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        if self.refused { self.refusal.1 } else { self.bytes }
    }
}

/// Reads a body to its end, within the limit for memory. What was read before an error is kept.
fn take(body: &mut Body<'_>, bytes: &mut Vec<u8>) -> Result<(), CallError> {
    let limit = Limits::default().bytes;
    let most = limit.saturating_sub(bytes.len() as u64);
    let error = match body.take(most + 1).read_to_end(bytes) {
        Ok(count) if count as u64 <= most => return Ok(()),
        Ok(_) => MessageError::Long { limit, streams: false },
        Err(error) => MessageError::from(error),
    };
    Err(DecodeError::from(error).into())
}
