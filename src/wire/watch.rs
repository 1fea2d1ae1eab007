//! What is shown of a wait that takes longer than a second: the host, the time or what has arrived, and that Ctrl-C
//! ends it.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::pending;
use std::time::{Duration, Instant};

use model::unit;

/// Shows a line with the number of seconds that the wait has taken, in the place of the one before; or takes it away.
pub type Show = fn(Option<(&str, u64)>);

/// A longer name of a host is cut: the line is one row of a screen.
const LONGEST: usize = 40;

/// One wait: for the head of an answer, and for its body.
#[derive(Debug)]
pub(super) struct Watch {
    show: Option<Show>,
    host: String,
    begun: Instant,
    bytes: Cell<u64>,
    /// The second that was shown last; 0 before any was.
    second: Cell<u64>,
}

impl Watch {
    /// A wait for a host that begins now; without `show` nothing is shown.
    pub(super) fn of(show: Option<Show>, host: &str) -> Watch {
        let host = host.strip_suffix(":443").unwrap_or(host);
        let short = host.char_indices().nth(LONGEST).map_or(host, |(at, _)| host.get(..at).unwrap_or(host));
        Watch { show, host: short.to_owned(), begun: Instant::now(), bytes: Cell::new(0), second: Cell::new(0) }
    }

    /// Shows the time each second, for as long as it is polled.
    pub(super) async fn run(&self) -> Infallible {
        if self.show.is_none() {
            return pending().await;
        }
        loop {
            let next = Duration::from_secs(self.second.get() + 1);
            tokio::time::sleep(next.saturating_sub(self.begun.elapsed())).await;
            self.tell();
        }
    }

    /// Counts bytes of the body.
    pub(super) fn came(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes as u64);
        self.tell();
    }

    /// Shows the wait, once a second.
    fn tell(&self) {
        let second = self.begun.elapsed().as_secs();
        let Some(show) = self.show.filter(|_| second > self.second.get()) else { return };
        self.second.set(second);
        show(Some((&line(&self.host, self.bytes.get(), second), second)));
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if let Some(show) = self.show.filter(|_| self.second.replace(0) > 0) {
            show(None);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}

/// `api.example.com … 3 s, Ctrl-C stops waiting`, or with what has arrived: `… 2.50 MB, 820 kB/s, Ctrl-C stops it`.
fn line(host: &str, bytes: u64, second: u64) -> String {
    match bytes {
        0 => format!("{host} … {second} s, Ctrl-C stops waiting"),
        _ => format!("{host} … {}, {}/s, Ctrl-C stops it", unit::bytes(bytes), unit::bytes(bytes / second.max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_is_waited_for_and_what_has_come() {
        assert_eq!(line("api.example.com", 0, 3), "api.example.com … 3 s, Ctrl-C stops waiting");
        assert_eq!(line("h:8080", 2_500_000, 2), "h:8080 … 2.50 MB, 1.25 MB/s, Ctrl-C stops it");
        assert_eq!(Watch::of(None, "api.example.com:443").host, "api.example.com");
        assert_eq!(Watch::of(None, &"é".repeat(50)).host.chars().count(), LONGEST);
    }

    #[test]
    fn nothing_is_shown_of_a_short_wait() {
        let watch = Watch::of(Some(|_| panic!("shown")), "h");
        watch.came(1000);
        watch.end();
    }
}
