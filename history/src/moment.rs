//! Times as they are stored.

use std::time::{SystemTime, UNIX_EPOCH};

/// A time in milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// The current time of this machine's clock.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_present_is_after_this_was_written() {
        assert!(super::now() > 1_700_000_000_000);
    }
}
