//! How large a message may be.

use super::MessageError;
use model::weight;

/// What a message may not exceed. Memory then grows with the largest piece only, not with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep lists and dictionaries may nest.
    pub depth: usize,
    /// Bytes of the whole message.
    pub bytes: u64,
    /// Bytes of one piece: a tag with the text before it, or a text or a number of JSON.
    pub piece: u64,
    /// Bytes of one tag, including its attributes.
    pub tag: usize,
    /// Bytes of memory that the values may take, as estimated by [`weight`].
    pub tree: u64,
    /// Whether the values are not needed, so that rows are checked and dropped.
    pub skims: bool,
    /// Whether the message could be written while it is read: it can then be stored even if it is too large for a tree.
    pub streams: bool,
    /// Whether its values are passed on while it is read.
    pub passes: bool,
}

impl Limits {
    /// For a message that is passed on unchanged and only checked.
    pub fn skimming() -> Limits {
        Limits { skims: true, ..Limits::default() }
    }

    /// For a message that goes straight to a file: its length takes no memory.
    pub fn streaming() -> Limits {
        Limits { bytes: 64 * 1024 * 1024 * 1024, tree: u64::MAX, passes: true, ..Limits::default() }
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
            passes: false,
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

    /// Whether this many bytes are left.
    #[inline]
    pub(crate) fn has(&self, bytes: u64) -> bool {
        self.left >= bytes
    }

    /// Uses up this many bytes; an error when fewer are left.
    pub(crate) fn spend(&mut self, bytes: u64) -> Result<(), MessageError> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(MessageError::Heavy { limit: self.limits.tree, streams: self.limits.streams }),
        }
        Ok(())
    }
}
