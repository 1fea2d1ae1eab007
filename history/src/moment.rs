//! Time as it is stored.

/// A moment: milliseconds since 1970-01-01 in UTC.
pub type Millis = i64;
