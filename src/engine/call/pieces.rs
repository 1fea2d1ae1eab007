//! A document that breaks off on its way: what has come is kept, and the rest is asked for where the server can give
//! it. Nothing of it reaches a file before all of it is there.

use std::io::Read;

use crate::engine::state::error::CallError;
use crate::wire::{Answer, Body, WireError};
use codec::{DecodeError, Limits, MessageError};
use model::http::{Head, Request};
use model::{Effect, Method};

/// How many times the rest is asked for.
const MOST: u8 = 3;
/// The status of an answer that is a piece of the whole.
const PARTIAL: u16 = 206;

/// What has come of one answer so far.
#[derive(Debug)]
pub(crate) struct Pieces {
    bytes: Vec<u8>,
    /// The head of the first piece: what the whole is.
    head: Head,
    /// The last answer that was none of it.
    refusal: (Head, Vec<u8>),
    /// That was the last of all.
    refused: bool,
    left: u8,
}

impl Pieces {
    /// Nothing yet. Only a document that is read, not made by the call, can be gone on with.
    pub(crate) fn of(method: &Method) -> Pieces {
        let left = if method.returns_document() && method.effect == Effect::Read { MOST } else { 0 };
        Pieces { bytes: Vec::new(), head: Head::default(), refusal: Default::default(), refused: false, left }
    }

    /// Asks for what is missing, if anything has come: for that very version of it, where it has a name.
    pub(crate) fn ask_for_the_rest(&self, request: &mut Request) {
        if self.bytes.is_empty() {
            return;
        }
        request.headers.push(("range".into(), format!("bytes={}-", self.bytes.len())));
        if let Some(etag) = &self.head.etag {
            request.headers.push(("if-range".into(), etag.clone()));
        }
    }

    /// Takes an answer in to its end, or to where it breaks, and gives what there is then. A refusal leaves what has
    /// come as it is.
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

    /// Whether an attempt that ended so leaves something to go on with. Counts as one of the times when it does.
    pub(crate) fn can_go_on(&mut self, error: &CallError) -> bool {
        // One that came too slowly, or was broken off, has had its time.
        let broke =
            matches!(error, CallError::Wire(lost) if lost.answered && matches!(lost.error, WireError::Broken { .. }));
        let possible = self.head.accepts_ranges && !self.bytes.is_empty();
        let goes_on = broke && possible && self.left > 0;
        self.left = self.left.saturating_sub(u8::from(goes_on));
        goes_on
    }

    /// The whole; of a call that was refused, the refusal.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        if self.refused { self.refusal.1 } else { self.bytes }
    }
}

/// Reads a body to its end, as far as memory allows. What had come before an error is there.
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
