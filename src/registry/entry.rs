//! What lists and completion show of a method.

/// A name with its summary, for lists and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'r> {
    /// The method's name.
    pub name: &'r str,
    /// One line of what it does; empty when nothing is known.
    pub summary: &'r str,
    /// Whether it should no longer be used.
    pub deprecated: bool,
}
