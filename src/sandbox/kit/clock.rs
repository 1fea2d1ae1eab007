//! Time inside the sandbox: a clock that starts on the same day every time and that tests can wind on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::{Date, Value};

/// The year and month in which the sandbox starts. The examples of the provider's document are of that summer.
const START: (i64, i64) = (2011, 8);
/// The hour of its first day at which it starts.
const START_HOUR: u64 = 9;
/// That moment in UNIX seconds.
const START_UNIX: i64 = 1_312_189_200;

/// A clock; copies show the same time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    started: Instant,
    ahead: Arc<AtomicU64>,
}

impl Clock {
    /// A clock that starts now.
    pub(crate) fn new() -> Clock {
        Clock { started: Instant::now(), ahead: Arc::default() }
    }

    /// Time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed() + Duration::from_millis(self.ahead.load(Ordering::Relaxed))
    }

    /// Winds the clock on.
    pub(crate) fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    /// The time of day on the sandbox's first day. That day never ends: after midnight comes its first hour.
    pub(crate) fn timestamp(&self) -> Value {
        let (year, month) = START;
        Value::Date(Date::verbatim(format!("{year}{month:02}01T{}", self.time_of_day())))
    }

    /// The same in the form of JSON services: `2011-08-01T09:00:00Z`.
    pub(crate) fn iso(&self) -> Value {
        let (year, month) = START;
        Value::Date(Date::verbatim(format!("{year}-{month:02}-01T{}Z", self.time_of_day())))
    }

    fn time_of_day(&self) -> String {
        let seconds = START_HOUR * 3600 + self.now().as_secs();
        format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    }

    /// The time in UNIX seconds.
    pub(crate) fn unix(&self) -> i64 {
        START_UNIX.saturating_add(i64::try_from(self.now().as_secs()).unwrap_or(i64::MAX))
    }

    /// The first day, so many months on.
    pub(crate) fn day_in_months(&self, months: i64) -> String {
        let (year, month) = START;
        let month = month - 1 + months;
        format!("{}{:02}01T00:00:00", year + month / 12, month % 12 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_the_time_and_months_carry() {
        let clock = Clock::new();
        clock.clone().advance(Duration::from_secs(3600));
        assert!(clock.now() >= Duration::from_secs(3600));
        assert!(clock.timestamp().as_str().unwrap().starts_with("20110801T10:00:0"));
        assert!(clock.iso().as_str().unwrap().starts_with("2011-08-01T10:00:0"));
        assert!((1_312_192_800..1_312_192_810).contains(&clock.unix()));
        assert_eq!(clock.day_in_months(0), "20110801T00:00:00");
        assert_eq!(clock.day_in_months(5), "20120101T00:00:00");
    }
}
