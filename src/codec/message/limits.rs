//! How much of a message is borne.

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
}

impl Limits {
    /// For a message that goes straight on to a file: its length costs no memory.
    pub fn streaming() -> Limits {
        Limits { bytes: 64 * 1024 * 1024 * 1024, ..Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { depth: 64, bytes: 256 * 1024 * 1024, piece: 64 * 1024 * 1024, tag: 64 * 1024 }
    }
}
