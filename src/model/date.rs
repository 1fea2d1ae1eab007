//! Dates, kept exactly as providers write them.

use std::fmt;
use std::time::SystemTime;

use jiff::civil::DateTime;

/// A date or a time, kept as the text it came in.
///
/// Providers send no time zone (`20110617T00:00:00`, `2012-12-01` and `2018-05-17 22:04:47` can all come from the same
/// one), so nothing is converted: the user sees what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    text: String,
}

impl Date {
    /// Reads the basic and extended forms of ISO 8601: with `T` or a space between date and time, without seconds, or
    /// without a time; an offset or `Z` is kept. `None` for anything else, including impossible dates such as 30
    /// February.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        civil(text)?;
        Some(Date { text: text.to_owned() })
    }

    /// A moment in seconds since 1970, in UTC. `None` outside years 0 to 9999.
    pub fn of_unix(seconds: i64) -> Option<Date> {
        let text = jiff::Timestamp::from_second(seconds).ok()?.to_string();
        text.starts_with(|c: char| c.is_ascii_digit()).then_some(Date { text })
    }

    /// Keeps what a server declares as a date, whatever its form.
    pub fn verbatim(text: impl Into<String>) -> Date {
        Date { text: text.into() }
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `yyyymmddThh:mm:ss`, the form of XML-RPC's specification, with any offset kept after it.
    pub fn to_compact(&self) -> String {
        self.rewrite("%Y%m%dT%H:%M:%S")
    }

    /// `yyyy-mm-dd hh:mm:ss`, the form most JSON and form services use; a date without a time stays `yyyy-mm-dd`.
    pub fn to_spaced(&self) -> String {
        let timeless = !self.text.trim().contains(TIME);
        self.rewrite(if timeless { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" })
    }

    fn rewrite(&self, form: &str) -> String {
        match civil(&self.text) {
            Some((time, offset)) => format!("{}{offset}", time.strftime(form)),
            None => self.text.clone(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The moment in an HTTP date header, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<SystemTime> {
    jiff::fmt::rfc2822::parse(text).ok().map(|moment| moment.timestamp().into())
}

/// The characters allowed between a date and a time.
pub(super) const TIME: [char; 3] = ['T', 't', ' '];

/// A calendar day, for counting days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// The day at the start of a text, as `yyyy-mm-dd`.
    pub fn parse(text: &str) -> Option<Day> {
        text.get(..10)?.parse().ok().map(Day)
    }

    /// The UTC day of a moment in seconds since 1970. `None` outside years 0 to 9999.
    pub fn of_unix(seconds: i64) -> Option<Day> {
        Day::parse(Date::of_unix(seconds)?.as_str())
    }

    /// The number of days from this day to another; negative when the other is earlier.
    pub fn until(self, other: Day) -> i32 {
        (other.0 - self.0).get_days()
    }

    /// The day this many days later. `None` when it is out of range.
    pub fn later(self, days: i32) -> Option<Day> {
        self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Day)
    }

    /// The same day this many months later, or the last day of that month if it is shorter. `None` when it is out of
    /// range.
    pub fn months_later(self, months: i32) -> Option<Day> {
        self.0.checked_add(jiff::Span::new().try_months(months).ok()?).ok().map(Day)
    }

    /// The day in a strftime format.
    pub fn print(self, form: &str) -> String {
        self.0.strftime(form).to_string()
    }
}

/// The date and time in a text, and its offset as written.
pub(super) fn civil(text: &str) -> Option<(DateTime, &str)> {
    // The shape distinguishes a date from a number: at least yyyymmdd or yyyy-mm-dd. A year with a sign has six digits,
    // which no provider writes and the compact form cannot hold.
    let day = text.get(..8)?;
    if day.starts_with('-') || !day.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return None;
    }
    let time_at = text.find(TIME).unwrap_or(text.len());
    let offset_at = text.get(time_at..)?.find(['Z', 'z', '+', '-']).map_or(text.len(), |at| time_at + at);
    let (fields, offset) = text.split_at(offset_at);
    if !offset.is_empty() && !is_offset(offset) || is_leap_second(fields.get(time_at..)?) {
        return None;
    }
    Some((fields.parse().ok()?, offset))
}

/// The seconds from 1970 to the date and time of a text as if it were in UTC, and its offset as written.
pub(super) fn seconds(text: &str) -> Option<(i64, &str)> {
    let (time, offset) = civil(text)?;
    Some((jiff::tz::TimeZone::UTC.to_timestamp(time).ok()?.as_second(), offset))
}

/// Whether a time has a second 60: the parser would silently turn it into the second before.
fn is_leap_second(time: &str) -> bool {
    let digits = time.split('.').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit);
    digits.skip(4).eq(*b"60")
}

fn is_offset(text: &str) -> bool {
    if matches!(text, "Z" | "z") {
        return true;
    }
    let digits = text.get(1..).unwrap_or("").replace(':', "");
    matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(Date::of_unix(1_000_000_000).unwrap().as_str(), "2001-09-09T01:46:40Z");
        assert_eq!(Date::of_unix(i64::MAX), None);
        assert_eq!(Date::of_unix(-62_167_219_201), None, "the year before 0000");
        assert_eq!(Date::parse("-0000120229"), None);
    }

    #[test]
    fn known_forms_are_read_and_kept() {
        for (text, compact, spaced) in [
            ("20110617T00:00:00", "20110617T00:00:00", "2011-06-17 00:00:00"),
            ("2012-12-01", "20121201T00:00:00", "2012-12-01"),
            ("2018-05-17 22:04:47", "20180517T22:04:47", "2018-05-17 22:04:47"),
            ("2011-11-12T10:20:30", "20111112T10:20:30", "2011-11-12 10:20:30"),
            ("20111112T102030", "20111112T10:20:30", "2011-11-12 10:20:30"),
            ("2011-11-12T10:20:30Z", "20111112T10:20:30Z", "2011-11-12 10:20:30Z"),
            ("2011-11-12T10:20:30+01:00", "20111112T10:20:30+01:00", "2011-11-12 10:20:30+01:00"),
            ("20111112", "20111112T00:00:00", "2011-11-12"),
        ] {
            let date = Date::parse(text).unwrap_or_else(|| Date::verbatim("not read"));
            assert_eq!(date.as_str(), text);
            assert_eq!(date.to_compact(), compact, "{text}");
            assert_eq!(date.to_spaced(), spaced, "{text}");
        }
    }

    #[test]
    fn seconds_become_times() {
        for (seconds, time) in [
            (0, Some("1970-01-01 00:00:00Z")),
            (1_330_837_567, Some("2012-03-04 05:06:07Z")),
            (-1, Some("1969-12-31 23:59:59Z")),
            (i64::MAX, None),
        ] {
            assert_eq!(Date::of_unix(seconds).map(|date| date.to_spaced()).as_deref(), time, "{seconds}");
        }
    }

    #[test]
    fn days_are_counted() {
        let (first, last) = (Day::parse("2011-02-27T10:00").unwrap(), Day::parse("2011-03-01").unwrap());
        assert_eq!((first.until(last), last.until(first), first.later(2)), (2, -2, Some(last)));
        assert_eq!(last.print("%d/%m/%Y"), "01/03/2011");
        let ends = |months| Day::parse("2011-01-31").unwrap().months_later(months).map(|day| day.print("%Y-%m-%d"));
        assert_eq!([ends(1), ends(-2)].map(Option::unwrap), ["2011-02-28", "2010-11-30"]);
        assert_eq!((Day::of_unix(1_298_851_199), Day::of_unix(i64::MAX)), (Day::parse("2011-02-27"), None));
        assert_eq!(Day::parse("27/02/2011"), None);
    }

    #[test]
    fn text_that_is_not_a_date_is_refused() {
        for bad in [
            "",
            "2020",
            "yesterday",
            "2011-02-30",
            "0000-00-00 00:00:00",
            "2011-13-01",
            "20111112T25:00:00",
            "20111112T10:00:00+x",
            "2024-12-31T23:59:60",
            "20241231T235960Z",
            "2024-12-31 23:59:60.5+01:00",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }
}
