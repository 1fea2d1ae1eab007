//! How much of a message is borne.

use super::MessageError;
use model::weight;

/// What a message may not exceed. Within these, memory grows with the largest piece only, never with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep arrays and structs may nest.
    pub depth: usize,
    /// How many bytes the whole message may have.
    pub bytes: u64,
    /// How many bytes one piece may have: a tag with the text in front of it, or a text or a number of JSON.
    pub piece: u64,
    /// How many bytes one tag may have, its attributes among them.
    pub tag: usize,
    /// How many bytes of memory the values may take, as [`weight`] estimates them.
    pub tree: u64,
    /// Whether nobody wants the values, so that rows are looked at and dropped.
    pub skims: bool,
    /// Whether the message could be written while it is read: what is too large for a tree can still be stored then.
    pub streams: bool,
}

impl Limits {
    /// For a message that is passed on as it came, and only looked at.
    pub fn skimming() -> Limits {
        Limits { skims: true, ..Limits::default() }
    }

    /// For a message that goes straight on to a file: its length costs no memory.
    pub fn streaming() -> Limits {
        Limits { bytes: 64 * 1024 * 1024 * 1024, tree: u64::MAX, ..Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 64,
            bytes: 256 * 1024 * 1024,
            piece: 64 * 1024 * 1024,
            tag: 64 * 1024,
            tree: weight::MOST,
            skims: false,
            streams: false,
        }
    }
}

/// The memory that the values of a message may still take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    left: u64,
    limits: Limits,
}

impl Budget {
    pub(crate) fn of(limits: Limits) -> Budget {
        Budget { left: limits.tree, limits }
    }

    /// Takes so many bytes of it.
    pub(crate) fn spend(&mut self, bytes: u64) -> Result<(), MessageError> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(MessageError::Heavy { limit: self.limits.tree, streams: self.limits.streams }),
        }
        Ok(())
    }
}
