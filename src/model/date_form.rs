//! The date forms that services require, and how typed dates are converted to them.

use std::cmp::Ordering;

use serde::Deserialize;

use super::Date;
use super::date::{TIME, civil};

/// What a value means or how it is written, where its type does not say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A time as seconds since the start of 1970, UTC.
    Epoch,
    /// `yyyy-mm-dd`.
    Day,
    /// `yyyy-mm-ddThh:mm:ss`, with an offset if one is given.
    Moment,
    /// A day or a moment.
    Iso,
    /// `yyyy-mm-dd hh:mm`.
    Minute,
    /// A day as people write it, with the year last and perhaps a time after it: `01/02/2013 10:20`, `30-Jun-2007`,
    /// `11 Sep 2010`. Only in results.
    Written,
}

impl Form {
    /// What the form requires, worded to follow "must be".
    pub fn wanted(self) -> &'static str {
        match self {
            Form::Epoch => "a time in seconds since 1970",
            Form::Day => "a day such as 2013-02-01",
            Form::Moment => "a day with a time, such as 2013-07-02T12:00:00",
            Form::Iso => "a date such as 2013-02-01 or 2013-02-01T12:00:00",
            Form::Minute => "a day with a time, such as 2014-05-08 12:00",
            Form::Written => "a day such as 01/02/2013 (1 February), 1-Feb-2013 or 1 Feb 2013",
        }
    }
}

impl Date {
    /// Reads what people type for a date in addition to the forms of [`Date::parse`]: slashes instead of hyphens, and
    /// numbers without leading zeros. The year always comes first.
    pub fn parse_loosely(text: &str) -> Option<Date> {
        Date::parse(text).or_else(|| Date::parse(&tidied(text.trim())?))
    }

    /// Reads a day whose year comes last, after a number or a name for the month, with or without a time: `01/02/2013
    /// 10:20` is 1 February. Also takes what [`Date::parse`] takes. The result is in the extended form of ISO 8601.
    pub fn parse_written(text: &str) -> Option<Date> {
        let text = text.trim();
        Date::parse(text).or_else(|| Date::parse(&year_first(text)?))
    }

    /// The same date in the given form. `None` if a time of day would have to be invented or would be lost.
    pub fn in_form(&self, form: Form) -> Option<Date> {
        let text = self.as_str().trim();
        let (time, offset) = civil(text)?;
        let has_time = text.contains(TIME);
        let print = |form: &str| time.strftime(form).to_string();
        let midnight = print("%H%M%S") == "000000" && matches!(offset, "" | "Z" | "z");
        let written = match form {
            Form::Epoch => return Some(self.clone()),
            Form::Day if !has_time || midnight => print("%Y-%m-%d"),
            Form::Iso if !has_time => print("%Y-%m-%d"),
            Form::Moment | Form::Iso if has_time => print("%Y-%m-%dT%H:%M:%S") + &offset.to_ascii_uppercase(),
            Form::Minute if has_time && offset.is_empty() && time.second() == 0 => print("%Y-%m-%d %H:%M"),
            _ => return None,
        };
        Some(Date::verbatim(written))
    }

    /// Whether this date is before or after another, and the number of days from this one to the other. Offsets are
    /// ignored: services read all times in one zone. `None` when either cannot be read.
    pub fn to(&self, other: &Date) -> Option<(Ordering, i32)> {
        let ((mine, _), (theirs, _)) = (civil(self.as_str().trim())?, civil(other.as_str().trim())?);
        Some((mine.cmp(&theirs), (theirs.date() - mine.date()).get_days()))
    }
}

/// The first three letters of the months.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `1/2/2013 …` and `1 Feb 2013 …` as `2013-02-01 …`.
fn year_first(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, ['/', '-', ' ']);
    let [day, month, rest] = [parts.next()?, parts.next()?, parts.next()?];
    let (year, time) = rest.split_once(TIME).map_or((rest, ""), |(year, time)| (year, time.trim()));
    let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let named = |name: &str| {
        let name = name.to_ascii_lowercase();
        MONTHS.iter().position(|month| name.starts_with(month) && name.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let month = if digits(month, 2) { month.parse().ok()? } else { named(month)? + 1 };
    let fits = digits(day, 2) && digits(year, 4) && year.len() == 4;
    let time = if time.is_empty() { String::new() } else { format!("T{time}") };
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}{time}"))
}

/// `2013/2/1 …` as `2013-02-01 …`.
fn tidied(text: &str) -> Option<String> {
    let (day, rest) = text.split_at(text.find(TIME).unwrap_or(text.len()));
    let mut numbers = day.split(['-', '/']);
    let [year, month, day] = [numbers.next()?, numbers.next()?, numbers.next()?];
    let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let fits = numbers.next().is_none() && year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2);
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_dates_are_converted_to_the_form() {
        for (typed, day, moment, iso, minute) in [
            ("2013-02-01", Some("2013-02-01"), None, Some("2013-02-01"), None),
            ("20130201", Some("2013-02-01"), None, Some("2013-02-01"), None),
            ("2013/2/1", Some("2013-02-01"), None, Some("2013-02-01"), None),
            (
                "2013-02-01T00:00:00Z",
                Some("2013-02-01"),
                Some("2013-02-01T00:00:00Z"),
                Some("2013-02-01T00:00:00Z"),
                None,
            ),
            (
                "20130201T00:00:00",
                Some("2013-02-01"),
                Some("2013-02-01T00:00:00"),
                Some("2013-02-01T00:00:00"),
                Some("2013-02-01 00:00"),
            ),
            (
                "2013-02-01 12:30",
                None,
                Some("2013-02-01T12:30:00"),
                Some("2013-02-01T12:30:00"),
                Some("2013-02-01 12:30"),
            ),
            (
                "2013/02/01 12:30",
                None,
                Some("2013-02-01T12:30:00"),
                Some("2013-02-01T12:30:00"),
                Some("2013-02-01 12:30"),
            ),
            ("2013-02-01 12:30:15", None, Some("2013-02-01T12:30:15"), Some("2013-02-01T12:30:15"), None),
            (
                "2013-02-01T12:30:00+02:00",
                None,
                Some("2013-02-01T12:30:00+02:00"),
                Some("2013-02-01T12:30:00+02:00"),
                None,
            ),
            (
                "2013-02-01T00:00:00+02:00",
                None,
                Some("2013-02-01T00:00:00+02:00"),
                Some("2013-02-01T00:00:00+02:00"),
                None,
            ),
        ] {
            let date = Date::parse_loosely(typed).unwrap();
            let written = |form| date.in_form(form).map(|date| date.to_string());
            let wanted = [day, moment, iso, minute].map(|text| text.map(str::to_owned));
            assert_eq!([Form::Day, Form::Moment, Form::Iso, Form::Minute].map(written), wanted, "{typed}");
        }
        for bad in ["2013/13/1", "1/2/2013", "2013", "2013-2", "2013-2-1-1", "soon", "13/2/1", ""] {
            assert_eq!(Date::parse_loosely(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_converted_date_has_its_form() {
        for form in [Form::Day, Form::Moment, Form::Iso, Form::Minute] {
            for typed in ["2013-02-01", "2013-02-01 00:00", "2013-02-01T12:30:15Z"] {
                let Some(written) = Date::parse(typed).unwrap().in_form(form) else { continue };
                assert_eq!(written.in_form(form).as_ref(), Some(&written), "{typed} {form:?}");
            }
        }
    }

    #[test]
    fn dates_are_compared_and_their_days_counted() {
        let date = |text: &str| Date::parse(text).unwrap();
        for (first, second, order, days) in [
            ("2013-02-01", "2013-03-04", Ordering::Less, 31),
            ("2013-02-01", "20130201", Ordering::Equal, 0),
            ("2013-02-01 12:00", "2013-02-01", Ordering::Greater, 0),
            ("2013-03-01", "2013-02-01", Ordering::Greater, -28),
        ] {
            assert_eq!(date(first).to(&date(second)), Some((order, days)), "{first} {second}");
        }
        assert_eq!(Date::verbatim("soon").to(&date("2013-02-01")), None);
    }
}
