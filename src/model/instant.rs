//! When something happened, as far as a provider's words for it allow: the first and the last second that it can have been.

use std::ops::RangeInclusive;

use super::date::{TIME, seconds};
use super::{Date, Value};

/// Seconds since 1970, UTC.
pub type Seconds = i64;

/// A day.
const DAY: Seconds = 86_400;

/// The clocks of the world are at most so far behind and ahead of UTC: −12:00 and +14:00.
const BEHIND: Seconds = 12 * 3600;
const AHEAD: Seconds = 14 * 3600;

/// The seconds between which a moment lies. A day is all of its seconds, and so is midnight without an offset, by which
/// services write a day; a time without an offset may be that of any place. A number is a time in seconds since 1970.
/// `None` for what is no date.
pub fn possible(value: &Value) -> Option<RangeInclusive<Seconds>> {
    match value {
        Value::Int(seconds) => Some(*seconds..=*seconds),
        Value::Date(date) => of_text(date.as_str()),
        Value::Text(text) => of_text(Date::parse(text)?.as_str()),
        _ => None,
    }
}

/// The second at which a date, a time or a month (`2026-11`) begins; in UTC where it has no offset. `None` for what is no
/// date, and for digits without any sign between them.
pub fn beginning(text: &str) -> Option<Seconds> {
    let text = text.trim();
    if !text.contains('-') && !text.contains(TIME) {
        return None;
    }
    let is_month = text.len() == 7 && text.bytes().enumerate().all(|(at, byte)| (at == 4) == (byte == b'-'));
    let day = is_month.then(|| format!("{text}-01"));
    let (first, offset) = seconds(day.as_deref().unwrap_or(text))?;
    if offset.is_empty() { Some(first) } else { first.checked_sub(shift(offset)?) }
}

fn of_text(text: &str) -> Option<RangeInclusive<Seconds>> {
    let text = text.trim();
    let (first, offset) = seconds(text)?;
    let clock = text.split_once(TIME).map(|(_, clock)| clock.trim_end_matches(offset));
    let digits = clock.map_or(0, |clock| clock.split('.').next().unwrap_or_default().matches(char::is_numeric).count());
    let length = match digits {
        0..4 => DAY,
        _ if offset.is_empty() && first.rem_euclid(DAY) == 0 => DAY,
        4 | 5 => 60,
        _ => 1,
    };
    let (earliest, latest) = match offset {
        "" => (first.checked_sub(AHEAD)?, first.checked_add(BEHIND)?),
        offset => {
            let moment = first.checked_sub(shift(offset)?)?;
            (moment, moment)
        }
    };
    Some(earliest..=latest.checked_add(length - 1)?)
}

/// The seconds by which the clocks of an offset are ahead of UTC: 7200 of `+02:00`.
pub(super) fn shift(offset: &str) -> Option<Seconds> {
    if offset.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes: Seconds = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let seconds = hours.parse::<Seconds>().ok()? * 3600 + minutes * 60;
    Some(if offset.starts_with('-') { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_begins_at_its_first_second() {
        for (text, begins) in [
            ("1970-01-02", Some(DAY)),
            ("1970-02", Some(31 * DAY)),
            ("19700102T00:00:01", Some(DAY + 1)),
            ("1970-01-02 01:00:00", Some(DAY + 3600)),
            ("1970-01-02T01:00:00+01:00", Some(DAY)),
            ("1970-13", None),
            ("19700102", None),
            ("abcd-ef", None),
            ("02/01/1970", None),
            ("", None),
        ] {
            assert_eq!(beginning(text), begins, "{text}");
        }
    }

    #[test]
    fn a_moment_lies_between_two_seconds() {
        let hour = 3600;
        for (text, first, last) in [
            ("1970-01-02T00:00:00Z", DAY, DAY),
            ("1970-01-02T00:00:00+02:00", DAY - 2 * hour, DAY - 2 * hour),
            ("1970-01-01T22:30:05.7-0130", DAY + 5, DAY + 5),
            ("1970-01-01 23:00+05", DAY - 6 * hour, DAY - 6 * hour + 59),
            // Of no place, so of any.
            ("19700102T10:00:00", DAY - 4 * hour, DAY + 22 * hour),
            // Days.
            ("1970-01-02", DAY - AHEAD, DAY + BEHIND + DAY - 1),
            ("19700102T00:00:00", DAY - AHEAD, DAY + BEHIND + DAY - 1),
            ("19700102", DAY - AHEAD, DAY + BEHIND + DAY - 1),
        ] {
            assert_eq!(possible(&Value::Text(text.into())), Some(first..=last), "{text}");
            assert_eq!(possible(&Value::Date(Date::verbatim(text))), Some(first..=last), "{text}");
        }
        assert_eq!(possible(&Value::Int(5)), Some(5..=5));
        for nothing in [Value::Null, Value::Bool(true), Value::Text("soon".into()), Value::Text("5".into())] {
            assert_eq!(possible(&nothing), None, "{nothing:?}");
        }
    }
}
