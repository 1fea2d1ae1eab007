//! Time inside the sandbox: it starts now, tests can advance it, and the dates of its data move with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use model::date::Day;
use model::{Date, Value};

/// The day for which the sandbox's data was written. Its dates are shifted so that they are as many days before or
/// after today as they were before or after that day.
///
/// It is 1 August 2011, in UNIX seconds: the examples of one provider's document are from that summer.
const STORY: i64 = 1_312_156_800;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// A day in the format of XML-RPC.
const COMPACT: &str = "%Y%m%dT00:00:00";

/// A clock; clones show the same time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    started: Instant,
    ahead: Arc<AtomicU64>,
    /// The start, in UNIX seconds.
    start: i64,
}

impl Clock {
    /// A clock that starts at that moment.
    pub(crate) fn starting(at: SystemTime) -> Clock {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let start = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        Clock { started: Instant::now(), ahead: Arc::default(), start }
    }

    /// Time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed() + Duration::from_millis(self.ahead.load(Ordering::Relaxed))
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    /// The time in UNIX seconds.
    pub(crate) fn unix(&self) -> i64 {
        self.start.saturating_add(i64::try_from(self.now().as_secs()).unwrap_or(i64::MAX))
    }

    /// The time in the format of JSON services: `2011-08-01T09:00:00Z`.
    pub(crate) fn moment(&self) -> Date {
        moment(self.unix())
    }

    /// The same as a value.
    pub(crate) fn iso(&self) -> Value {
        Value::Date(self.moment())
    }

    /// The time in the format of XML-RPC: `20110801T09:00:00`.
    pub(crate) fn timestamp(&self) -> Value {
        compact(&self.moment())
    }

    /// The time this long ago, in the same format.
    pub(crate) fn timestamp_before(&self, ago: Duration) -> Value {
        compact(&moment(self.unix().saturating_sub(i64::try_from(ago.as_secs()).unwrap_or(i64::MAX))))
    }

    /// Today.
    pub(crate) fn today(&self) -> Day {
        day(self.unix())
    }

    /// Today's date this many months later, in the format of XML-RPC; the last day of a shorter month.
    pub(crate) fn day_in_months(&self, months: i32) -> String {
        let today = self.today();
        today.months_later(months).unwrap_or(today).print(COMPACT)
    }

    /// A date of the data, which begins `yyyymmdd` or `yyyy-mm-dd`, shifted to the present. The text after the day is
    /// kept.
    pub(crate) fn moved(&self, text: &str) -> String {
        let (length, form) = if text.as_bytes().get(4) == Some(&b'-') { (10, "%Y-%m-%d") } else { (8, "%Y%m%d") };
        let rest = text.get(length..).unwrap_or_default();
        self.day(text).map_or_else(|| text.to_owned(), |day| day.print(form) + rest)
    }

    /// The same as a value.
    pub(crate) fn date(&self, text: &str) -> Value {
        Value::Date(Date::verbatim(self.moved(text)))
    }

    /// The first second of a day of the data, in UNIX seconds.
    pub(crate) fn unix_of(&self, text: &str) -> i64 {
        let days = self.day(text).map_or(0, |then| day(self.start).until(then));
        (self.start - self.start.rem_euclid(DAY)).saturating_add(i64::from(days) * DAY)
    }

    /// A day of the data, shifted to the present.
    fn day(&self, text: &str) -> Option<Day> {
        let then = Day::parse(&Date::parse(text)?.to_spaced())?;
        day(self.start).later(day(STORY).until(then))
    }
}

fn moment(unix: i64) -> Date {
    Date::of_unix(unix).unwrap_or_else(|| Date::verbatim(""))
}

fn compact(moment: &Date) -> Value {
    Value::Date(Date::verbatim(moment.to_compact().trim_end_matches('Z')))
}

fn day(unix: i64) -> Day {
    Day::of_unix(unix).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Nine in the morning of the day for which the data was written.
    pub(crate) fn story() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(STORY.unsigned_abs() + 9 * 3600)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::story;
    use super::*;

    #[test]
    fn copies_share_the_time() {
        let clock = Clock::starting(story());
        clock.clone().advance(Duration::from_secs(3600));
        assert!(clock.now() >= Duration::from_secs(3600));
        assert!(clock.timestamp().as_str().unwrap().starts_with("20110801T10:00:0"));
        assert!(clock.timestamp_before(Duration::from_secs(300)).as_str().unwrap().starts_with("20110801T09:55:0"));
        assert!(clock.iso().as_str().unwrap().starts_with("2011-08-01T10:00:0"));
        assert!((1_312_192_800..1_312_192_810).contains(&clock.unix()));
        assert!(Clock::starting(SystemTime::now()).unix() > clock.unix());
    }

    #[test]
    fn midnight_comes() {
        let clock = Clock::starting(story());
        for (hours, today) in [(0, "20110801"), (15, "20110802"), (24, "20110803")] {
            clock.advance(Duration::from_secs(hours * 3600));
            assert_eq!(clock.today().print("%Y%m%d"), today);
        }
    }

    #[test]
    fn months_carry_over_and_end_on_their_last_day() {
        for (days, months, expected) in [
            (0, 0, "20110801T00:00:00"),
            (0, 5, "20120101T00:00:00"),
            (30, 1, "20110930T00:00:00"),
            (30, 6, "20120229T00:00:00"),
            (30, -2, "20110630T00:00:00"),
        ] {
            let clock = Clock::starting(story() + Duration::from_secs(days * 86_400));
            assert_eq!(clock.day_in_months(months), expected, "{days} {months}");
        }
    }

    #[test]
    fn dates_move_with_the_day_the_clock_starts() {
        for (days, story_date, moved) in [
            (0, "20110617T00:00:00", "20110617T00:00:00"),
            (31, "20110617T00:00:00", "20110718T00:00:00"),
            (214, "2011-07-30T19:00:00-04:00", "2012-02-29T19:00:00-04:00"),
            (366, "2011-08-02 12:00", "2012-08-02 12:00"),
            (1, "no date", "no date"),
        ] {
            let clock = Clock::starting(story() + Duration::from_secs(days * 86_400));
            assert_eq!(clock.moved(story_date), moved, "{days}");
        }
        let clock = Clock::starting(story() + Duration::from_secs(DAY.unsigned_abs()));
        assert_eq!(clock.unix_of("2011-08-01"), STORY + DAY);
        // Created things keep their dates when time goes on.
        clock.advance(Duration::from_secs(3 * 86_400));
        assert_eq!(clock.moved("20110801"), "20110802");
    }
}
