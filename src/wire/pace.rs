//! How long an answer may take to come: its whole time when it is short, and more for each piece when it is long.
//!
//! A limit between two pieces alone would let an answer drip for ever; one for the whole alone would cut off a long
//! document over a slow line. So the limit is one for the whole, and what has come earns more of it. Only waiting for
//! the network counts, not what is done with the pieces.

use std::time::Duration;

use super::error::WireError;

/// So many bytes earn a second: a line that is slower than this is not one.
const BYTES_A_SECOND: u64 = 1024;

/// The time that one answer takes.
#[derive(Debug)]
pub(super) struct Pace {
    limit: Duration,
    /// How long was waited in all.
    spent: Duration,
    /// How many bytes of the body have come.
    bytes: u64,
    /// How long the wait that is going on may take.
    granted: Duration,
}

impl Pace {
    /// An answer that may take so long, of which its head took some.
    pub(super) fn new(limit: Duration, spent: Duration) -> Pace {
        Pace { limit, spent, bytes: 0, granted: limit }
    }

    /// How long the next piece may take.
    pub(super) fn left(&mut self) -> Duration {
        let earned = Duration::from_millis(self.bytes.saturating_mul(1000) / BYTES_A_SECOND);
        self.granted = self.limit.min((self.limit + earned).saturating_sub(self.spent));
        self.granted
    }

    /// So long was waited for a piece.
    pub(super) fn waited(&mut self, length: Duration) {
        self.spent += length;
    }

    /// A piece has come.
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

    /// How long an answer of these pieces is waited for, each a pause in milliseconds and a number of bytes, and
    /// whether all of it is taken.
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
    fn a_short_answer_has_the_limit_and_a_long_one_what_it_earns() {
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
    fn what_did_not_come_is_told_from_what_came_too_slowly() {
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
