//! Which rows of a view are shown, by the time that it is about: `60d`, `since 2026-01`, `until 2026-03-15`.

use super::{Timed, View};
use crate::instant::beginning;
use crate::{Map, Value, period};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What is not understood in the words after the name of a view: the number of the word, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowError {
    /// Which word, from 0; the number of words if one is missing at the end.
    pub word: usize,
    /// What is wrong with it.
    pub message: String,
}

/// The time that rows must be of, and their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    time: Option<Timed>,
    /// The first second.
    from: Option<i64>,
    /// The second after the last.
    to: Option<i64>,
    now: i64,
}

impl Window {
    /// Reads the words after the name of a view. `now` is in seconds since 1970, and dates without an offset are in UTC,
    /// as those of the rows are.
    pub fn of(view: &View, words: &[String], now: i64) -> Result<Window, WindowError> {
        let wrong = |word: usize, message: String| WindowError { word, message };
        let Some(time) = &view.time else {
            return match words {
                [] => Ok(Window { now, ..Window::default() }),
                _ => Err(wrong(0, format!("`{}` takes no words after its name", view.name))),
            };
        };
        let mut window = Window { time: Some(time.clone()), from: None, to: None, now };
        let mut rest = words.iter().enumerate();
        while let Some((at, word)) = rest.next() {
            let place = match word.to_lowercase().as_str() {
                "since" => &mut window.from,
                "until" => &mut window.to,
                _ => {
                    let length = length(word).ok_or_else(|| wrong(at, not_understood(view, word)))?;
                    let place = if time.ahead.is_some() { &mut window.to } else { &mut window.from };
                    if place.replace(time.reached(now, length)).is_some() {
                        return Err(wrong(at, twice(time.ahead.is_some())));
                    }
                    continue;
                }
            };
            let Some((at, value)) = rest.next() else {
                return Err(wrong(words.len(), format!("there is no date after `{word}`")));
            };
            let until = word.eq_ignore_ascii_case("until");
            if place.is_some() {
                return Err(wrong(at - 1, twice(until)));
            }
            let moment = span(value).map(|(first, after)| if until { after } else { first });
            let moment = moment.or_else(|| length(value).map(|length| time.reached(now, length)));
            *place =
                Some(moment.ok_or_else(|| wrong(at, format!("`{value}` is neither a date nor a length of time")))?);
        }
        if let (None, None, Some(ahead)) = (window.from, window.to, &time.ahead) {
            window.to = length(ahead).map(|length| time.reached(now, length));
        }
        match window.from.zip(window.to) {
            Some((from, to)) if from >= to => Err(wrong(0, "the time ends before it begins".into())),
            _ => Ok(window),
        }
    }

    /// The rows of that time in their order: what comes next first, and of what has been the latest first. Rows without
    /// a time belong to a view only if nothing limits it. A time that cannot be read may be any: its row is shown, last.
    pub fn rows(&self, rows: Vec<Map>) -> Vec<Map> {
        let Some(time) = &self.time else { return rows };
        let within = |at: i64| self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to);
        let limited = self.from.is_some() || self.to.is_some();
        let shown = |row: Map| match moment(&row, &time.by) {
            Moment::At(at) => within(at).then_some((Some(at), row)),
            Moment::None => (!limited).then_some((None, row)),
            Moment::Unread => Some((None, row)),
        };
        let mut timed: Vec<(Option<i64>, Map)> = rows.into_iter().filter_map(shown).collect();
        match time.ahead {
            Some(_) => timed.sort_by_key(|(at, _)| at.unwrap_or(i64::MAX)),
            None => timed.sort_by_key(|(at, _)| std::cmp::Reverse(at.unwrap_or(i64::MIN))),
        }
        let counted = |(at, mut row): (Option<i64>, Map)| {
            if let (Some(days), Some(at)) = (&time.days, at) {
                row.insert(days.as_str(), at.div_euclid(DAY).saturating_sub(self.now.div_euclid(DAY)));
            }
            row
        };
        timed.into_iter().map(counted).collect()
    }
}

impl Timed {
    /// The moment so far from now in the direction of the view.
    fn reached(&self, now: i64, length: i64) -> i64 {
        if self.ahead.is_some() { now.saturating_add(length) } else { now.saturating_sub(length) }
    }
}

/// A length of time with a unit, in seconds.
fn length(text: &str) -> Option<i64> {
    i64::try_from(period::long(text)?.as_secs()).ok()
}

/// The first second of a year, a month, a day or a moment, and the one after it.
fn span(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() == 4 && digits(text) {
        let next = text.parse::<u16>().ok()?.checked_add(1)?;
        return Some((beginning(&format!("{text}-01-01"))?, beginning(&format!("{next:04}-01-01"))?));
    }
    let first = beginning(text)?;
    let after = match text.len() {
        7 => {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (year.parse::<u16>().ok()?, month.parse::<u8>().ok()?);
            let (year, month) = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month + 1) };
            beginning(&format!("{year:04}-{month:02}"))?
        }
        10 => first.checked_add(DAY)?,
        _ => first.checked_add(1)?,
    };
    Some((first, after))
}

/// When a row is of.
enum Moment {
    At(i64),
    /// It says when, in a form that is not known.
    Unread,
    None,
}

fn moment(row: &Map, by: &str) -> Moment {
    let read = |text: &str| beginning(text).map_or(Moment::Unread, Moment::At);
    match row.get(by) {
        None | Some(Value::Null) => Moment::None,
        Some(Value::Text(text)) if text.trim().is_empty() => Moment::None,
        Some(Value::Date(date)) => read(date.as_str()),
        Some(Value::Text(text)) => read(text),
        Some(Value::Int(seconds)) => Moment::At(*seconds),
        Some(_) => Moment::Unread,
    }
}

/// What is wrong with a second word for one end of the time.
fn twice(end: bool) -> String {
    format!("the {} of the time is given twice", if end { "end" } else { "beginning" })
}

fn not_understood(view: &View, word: &str) -> String {
    match view.time.as_ref().and_then(|time| time.ahead.as_ref()) {
        Some(_) => format!("`{word}` is not a length of time"),
        None => format!("`{word}` is neither a length of time nor `since` or `until`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-29 12:00 UTC.
    const NOON: i64 = 1_795_953_600;

    fn view(ahead: bool) -> View {
        let time = match ahead {
            true => r#"{"by":"at","ahead":"30d","days":"days"}"#,
            false => r#"{"by":"at"}"#,
        };
        serde_json::from_str(&format!(r#"{{"name":"v","summary":"S","time":{time}}}"#)).unwrap()
    }

    fn window(ahead: bool, line: &str) -> Result<Window, WindowError> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Window::of(&view(ahead), &words, NOON)
    }

    /// The names of the rows that are shown, in order.
    fn shown(window: &Window) -> String {
        let rows = [
            ("past", "2026-11-01"),
            ("old", "2025-12-31T23:59:59Z"),
            ("new", "2026-01-01"),
            ("soon", "2026-12-05T00:00:00"),
            ("late", "2027-01-20"),
            ("never", ""),
        ];
        let row = |(name, at): &(&str, &str)| Map::from_iter([("name", Value::from(*name)), ("at", Value::from(*at))]);
        let rows = window.rows(rows.iter().map(row).collect());
        rows.iter().map(|row| row.get("name").unwrap().plain()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_are_chosen_and_sorted_by_their_time() {
        assert_eq!(beginning("2026-11-29").unwrap() + DAY / 2, NOON);
        for (ahead, line, names) in [
            (true, "", "old new past soon"),
            (true, "60d", "old new past soon late"),
            (true, "1d", "old new past"),
            (true, "since 2026-11-29", "soon late"),
            (true, "until 2027", "old new past soon late"),
            (true, "until 2026-12-05", "old new past soon"),
            (true, "until 2026-12-04", "old new past"),
            (true, "since 2026-11 until 2026-12", "past soon"),
            (true, "until 10d", "old new past soon"),
            (false, "", "late soon past new old never"),
            (false, "90d", "late soon past"),
            (false, "since 2026-01", "late soon past new"),
            (false, "SINCE 2026 until 2026-11", "past new"),
            (false, "since 90d", "late soon past"),
            (false, "until 2025", "old"),
            (false, "until 2025-12-31T23:59:58Z", ""),
        ] {
            assert_eq!(shown(&window(ahead, line).unwrap()), names, "{ahead} {line}");
        }
    }

    #[test]
    fn a_row_whose_time_cannot_be_read_is_not_left_out() {
        let row = |name: &str, at: Value| Map::from_iter([("name", Value::from(name)), ("at", at)]);
        let rows = vec![
            row("odd", "15/01/2027".into()),
            row("none", Value::Null),
            row("blank", " ".into()),
            row("soon", "2026-12-05".into()),
            row("list", Value::List(Vec::new())),
        ];
        let rows = window(true, "60d").unwrap().rows(rows);
        assert_eq!(
            rows.iter().map(|row| row.get("name").unwrap().plain()).collect::<Vec<_>>(),
            ["soon", "odd", "list"]
        );
    }

    #[test]
    fn days_are_counted_from_now() {
        let row = |at: &str| Map::from_iter([("at", Value::from(at)), ("days", Value::Null)]);
        let rows =
            window(true, "").unwrap().rows(vec![row("2026-11-30T12:00:00Z"), row("2026-11-29"), row("2026-11-27")]);
        let days: Vec<_> = rows.iter().map(|row| row.get("days").cloned().unwrap()).collect();
        assert_eq!(days, [Value::Int(-2), Value::Int(0), Value::Int(1)]);
    }

    #[test]
    fn what_is_not_a_time_is_refused_with_its_place() {
        for (ahead, line, word, message) in [
            (true, "soon", 0, "`soon` is not a length of time"),
            (true, "60", 0, "`60` is not a length of time"),
            (false, "2026", 0, "neither a length of time nor `since` or `until`"),
            (false, "since", 1, "no date after `since`"),
            (false, "since yesterday", 1, "neither a date nor a length of time"),
            (false, "since 2026-13", 1, "neither a date"),
            (false, "since 2026-02 until 2026-01", 0, "ends before it begins"),
            (true, "60d 30d", 1, "the end of the time is given twice"),
            (true, "60d until 2027", 1, "the end of the time is given twice"),
            (true, "until 2027 60d", 2, "the end of the time is given twice"),
            (true, "since 2026 until 2027 since 2026", 4, "the beginning of the time is given twice"),
            (false, "90d since 2026", 1, "the beginning of the time is given twice"),
            (false, "until 2027 until 2027", 2, "the end of the time is given twice"),
        ] {
            let error = window(ahead, line).unwrap_err();
            assert!(error.word == word && error.message.contains(message), "{line}: {error:?}");
        }
        let plain = View { name: "v".into(), ..View::default() };
        assert!(Window::of(&plain, &[], NOON).is_ok());
        assert!(Window::of(&plain, &["60d".into()], NOON).unwrap_err().message.contains("takes no words"));
    }

    proptest! {
        #[test]
        fn any_words_can_be_read(words in prop::collection::vec("since|until|[0-9dh-]{0,12}|\\PC{0,8}", 0..5), ahead: bool) {
            let _ = Window::of(&view(ahead), &words, NOON);
        }
    }
}
