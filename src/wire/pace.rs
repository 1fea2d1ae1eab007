//! How long an answer may take: a fixed limit for a short one, and more time for each piece of a long one.
//!
//! A limit only between pieces would let an answer trickle for ever; one only for the whole would cut off a long
//! document on a slow line. So there is a limit for the whole, extended by what has arrived. Only time spent waiting
//! for the network counts, not the processing of the pieces.

use std::time::Duration;

use super::error::WireError;

/// The bytes that extend the limit by a second: slower lines are too slow to use.
const BYTES_A_SECOND: u64 = 1024;

/// The time that one answer takes.
#[derive(Debug)]
pub(super) struct Pace {
    limit: Duration,
    /// The total time spent waiting.
    spent: Duration,
    /// The bytes of the body that have arrived.
    bytes: u64,
    /// The time allowed for the current wait.
    granted: Duration,
}

impl Pace {
    /// The time of an answer with a limit, part of which was spent on its head.
    pub(super) fn new(limit: Duration, spent: Duration) -> Pace {
        Pace { limit, spent, bytes: 0, granted: limit }
    }

    /// The time allowed for the next piece.
    pub(super) fn left(&mut self) -> Duration {
        let earned = Duration::from_millis(self.bytes.saturating_mul(1000) / BYTES_A_SECOND);
        self.granted = self.limit.min((self.limit + earned).saturating_sub(self.spent));
        self.granted
    }

    /// Adds the time spent waiting for a piece.
    pub(super) fn waited(&mut self, length: Duration) {
        self.spent += length;
    }

    /// Adds a piece that has arrived.
    pub(super) fn came(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// The error of a piece that did not come in time.
    pub(super) fn error(&self, host: String) -> WireError {
        match self.bytes > 0 && self.granted < self.limit {
            true => WireError::Slow { host, bytes: self.bytes, after: self.spent },
            false => WireError::Timeout { host, after: self.limit },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long an answer of these pieces is waited for, and whether all of it is read. Each piece is a pause in
    /// milliseconds and a number of bytes.
    fn taken(limit: u64, head: u64, pieces: impl IntoIterator<Item = (u64, usize)>) -> (u64, bool) {
        let ms = Duration::from_millis;
        let mut pace = Pace::new(ms(limit), ms(head));
        for (pause, bytes) in pieces {
            let granted = pace.left();
            if ms(pause) > granted {
                pace.waited(granted);
                return (pace.spent.as_millis() as u64, false);
            }
            pace.waited(ms(pause));
            pace.came(bytes);
        }
        (pace.spent.as_millis() as u64, true)
    }

    #[test]
    fn a_short_answer_has_the_limit_and_a_long_one_more() {
        for (what, limit, head, pieces, ended) in [
            ("at once", 1000, 10, vec![(5, 100)], (15, true)),
            ("all of the time for the head", 1000, 900, vec![(200, 100)], (1000, false)),
            ("a pause", 1000, 0, vec![(500, 100_000), (1001, 1)], (1500, false)),
            ("a byte now and then", 1000, 0, vec![(400, 1); 100], (1001, false)),
            ("a document over a slow line", 1000, 0, vec![(400, 1000); 100], (40_000, true)),
            ("a document over one that is too slow", 1000, 0, vec![(400, 200); 100], (1585, false)),
        ] {
            assert_eq!(taken(limit, head, pieces), ended, "{what}");
        }
    }

    #[test]
    fn no_answer_and_a_slow_one_are_distinguished() {
        let second = Duration::from_secs(1);
        let mut pace = Pace::new(second, Duration::ZERO);
        pace.left();
        assert!(matches!(pace.error(String::new()), WireError::Timeout { after, .. } if after == second));
        pace.waited(second / 2);
        pace.came(3);
        pace.left();
        assert!(matches!(pace.error(String::new()), WireError::Slow { bytes: 3, .. }));
    }
}
