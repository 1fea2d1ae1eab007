//! Moments of this machine's clock: how they are written, and how a user names one that is over.
//!
//! A moment is a number of milliseconds since 1970 in UTC.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::date::Date;
use crate::period;

/// What [`past`] reads, in words for the user.
pub const FORM: &str = "a length of time such as 90m, 2d or 365d, or a date such as 2026-11-01";

/// A moment in UTC, to the millisecond: `2026-11-29T13:12:00.25Z`. Empty outside years -9999 to 9999.
pub fn iso(moment: i64) -> String {
    Timestamp::from_millisecond(moment).map(|moment| moment.to_string()).unwrap_or_default()
}

/// A moment in the time zone of this machine, no longer than it must be: `13:12` on the same day as `now`,
/// `11-27 13:12` in the same year, else `2025-11-27`. Empty outside years -9999 to 9999.
pub fn short(moment: i64, now: i64) -> String {
    short_in(&TimeZone::system(), moment, now).unwrap_or_default()
}

fn short_in(zone: &TimeZone, moment: i64, now: i64) -> Option<String> {
    let local = |moment| Timestamp::from_millisecond(moment).ok().map(|moment| Zoned::new(moment, zone.clone()));
    let (moment, now) = (local(moment)?, local(now)?);
    let form = if moment.date() == now.date() {
        "%H:%M"
    } else if moment.year() == now.year() {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d"
    };
    Some(moment.strftime(form).to_string())
}

/// Reads a moment as a user names it: so long before `now`, with a unit (`90m`, `2d`, `365d`), or a date, with a time if
/// need be, in the time zone of this machine unless it has an offset. `None` for anything else.
pub fn past(text: &str, now: i64) -> Option<i64> {
    past_in(&TimeZone::system(), text, now)
}

fn past_in(zone: &TimeZone, text: &str, now: i64) -> Option<i64> {
    if let Some(length) = period::long(text) {
        return now.checked_sub(i64::try_from(length.as_millis()).ok()?);
    }
    if Date::parse(text)?.as_str() != text {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::offset;

    const NOON: i64 = 1_793_275_200_000;

    #[test]
    fn a_moment_is_as_short_as_its_day_allows() {
        let zone = TimeZone::fixed(offset(2));
        let hours = |hours: i64| NOON + hours * 3_600_000;
        for (moment, text) in [
            (NOON, "14:00"),
            (hours(-13), "01:00"),
            (hours(-15), "10-28 23:00"),
            (hours(-24 * 365), "2025-10-29"),
            (i64::MAX, ""),
        ] {
            assert_eq!(short_in(&zone, moment, NOON).unwrap_or_default(), text);
        }
        assert_eq!((iso(NOON + 250).as_str(), iso(i64::MAX).as_str()), ("2026-10-29T12:00:00.25Z", ""));
        assert!(!short(NOON, NOON).is_empty());
    }

    #[test]
    fn a_moment_that_is_over_is_read() {
        let zone = TimeZone::fixed(offset(2));
        for (text, moment) in [
            ("2d", Some(NOON - 172_800_000)),
            ("365d", Some(NOON - 31_536_000_000)),
            ("1h30m", Some(NOON - 5_400_000)),
            ("2026-10-29", Some(NOON - 14 * 3_600_000)),
            ("2026-10-29 14:00", Some(NOON)),
            ("2026-10-29T14:00:00", Some(NOON)),
            ("2026-10-29T12:00:00Z", Some(NOON)),
            ("2026-10-29T14:00:00+02:00", Some(NOON)),
            ("20261029", Some(NOON - 14 * 3_600_000)),
            ("30", None),
            ("", None),
            ("0d", None),
            ("yesterday", None),
            ("2026-02-30", None),
            (" 2026-10-29", None),
            ("2026-10-29Z", None),
            ("99999999999999999999d", None),
        ] {
            assert_eq!(past_in(&zone, text, NOON), moment, "{text}");
        }
        assert_eq!(past("2d", NOON), Some(NOON - 172_800_000));
    }
}
