//! Durations as people write them: `30s`, `1.5s`, `250ms`, `10m`, `1h30m`, or seconds alone.

use std::time::Duration;

/// The units, each with its milliseconds, the longest first, which is also the order in which they must be written.
const UNITS: [(&str, u32); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
/// No one needs to wait for less.
const SHORTEST: Duration = Duration::from_millis(1);
/// No one waits for longer.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

/// What [`parse`] reads, in words for the user.
pub const FORM: &str = "a length of time such as 30, 90s, 10m or 1h30m, 30 days at most";

/// Reads a duration of at least a millisecond and at most 30 days. Each unit is used at most once, the longer ones
/// first; a number without a unit means seconds. `None` for anything else.
pub fn parse(text: &str) -> Option<Duration> {
    let length = if text.ends_with(is_digit) { part(text, 1000)? } else { in_units(text)? };
    (SHORTEST..=LONGEST).contains(&length).then_some(length)
}

/// Reads a duration of any length, with a unit at each number: `2d`, `365d`, `1h30m`. `None` for anything else, and for
/// less than a millisecond.
pub fn long(text: &str) -> Option<Duration> {
    in_units(text).filter(|length| *length >= SHORTEST)
}

fn in_units(text: &str) -> Option<Duration> {
    let (mut rest, mut total, mut units) = (text, Duration::ZERO, UNITS.iter());
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c| !is_digit(c))?);
        let (unit, behind) = behind.split_at(behind.find(is_digit).unwrap_or(behind.len()));
        let unit = if unit == "min" { "m" } else { unit };
        // A unit that was skipped or already used is not found any more.
        let (_, millis) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(part(number, *millis)?)?;
        rest = behind;
    }
    Some(total)
}

/// An amount of a unit, which may be a fraction.
fn part(number: &str, millis: u32) -> Option<Duration> {
    let number = Some(number).filter(|number| number.chars().all(is_digit))?.parse::<f64>().ok()?;
    Duration::try_from_secs_f64(number * f64::from(millis) / 1000.0).ok()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// In words: `45 s`, `1 m 30 s`, `2 h`, `250 ms`.
pub fn words(length: Duration) -> String {
    let mut rest = length.as_millis();
    let mut parts = Vec::new();
    for (unit, millis) in UNITS {
        let count = rest / u128::from(millis);
        rest %= u128::from(millis);
        if count > 0 {
            parts.push(format!("{count} {unit}"));
        }
    }
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}

/// For people, in its largest units and at most so many of them, with what is smaller left out: `2 d 3 h`, `5 min`.
pub fn brief(length: Duration, most: usize) -> String {
    let mut rest = length.as_millis();
    let counts = UNITS.iter().filter(|(unit, _)| *unit != "ms").map(|(unit, millis)| {
        let count = rest / u128::from(*millis);
        rest %= u128::from(*millis);
        (count, if *unit == "m" { "min" } else { unit })
    });
    let parts: Vec<String> = counts
        .skip_while(|(count, _)| *count == 0)
        .take(most)
        .take_while(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_length_is_cut_to_its_largest_units() {
        for (seconds, one, two) in [
            (0, "0 s", "0 s"),
            (45, "45 s", "45 s"),
            (90, "1 min", "1 min 30 s"),
            (3601, "1 h", "1 h"),
            (7500, "2 h", "2 h 5 min"),
            (183_600, "2 d", "2 d 3 h"),
            (86_460, "1 d", "1 d"),
        ] {
            let length = Duration::from_secs(seconds);
            assert_eq!((brief(length, 1).as_str(), brief(length, 2).as_str()), (one, two), "{seconds}");
        }
        assert_eq!(brief(Duration::from_millis(900), 1), "0 s");
    }

    #[test]
    fn lengths_are_read() {
        for (text, millis) in [
            ("30s", Some(30_000)),
            ("10m", Some(600_000)),
            ("10min", Some(600_000)),
            ("1h30m", Some(5_400_000)),
            ("1.5h", Some(5_400_000)),
            ("2d", Some(172_800_000)),
            ("1h1s", Some(3_601_000)),
            ("1s500ms", Some(1500)),
            ("250ms", Some(250)),
            ("1.5s", Some(1500)),
            ("90", Some(90_000)),
            ("0.5", Some(500)),
            ("30d", Some(2_592_000_000)),
            ("0", None),
            ("0s", None),
            ("0.9ms", None),
            ("", None),
            ("m", None),
            (".", None),
            ("30m1h", None),
            ("1h1h", None),
            ("1m1min", None),
            ("1h30", None),
            ("1.2.3", None),
            ("1e9", None),
            ("-1", None),
            ("+1m", None),
            ("10 m", None),
            ("31d", None),
            ("99999999999999999999d", None),
            ("1x", None),
            ("\u{661}s", None),
        ] {
            assert_eq!(parse(text), millis.map(Duration::from_millis), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn words_read_back_as_the_same_length(millis in 1..=2_592_000_000_u64) {
            let length = Duration::from_millis(millis);
            prop_assert_eq!(parse(&words(length).replace(' ', "")), Some(length));
        }

        #[test]
        fn any_text_can_be_parsed(text in "[0-9dhms.+ -]{0,24}|\\PC{0,12}") {
            let read = parse(&text);
            prop_assert!(read.is_none_or(|length| length <= LONGEST));
        }
    }

    #[test]
    fn a_very_long_time_needs_a_unit() {
        for (text, days) in [("365d", Some(365)), ("24h", Some(1)), ("30", None), ("", None), ("0d", None)] {
            assert_eq!(long(text), days.map(|days| Duration::from_secs(days * 86_400)), "{text:?}");
        }
    }

    #[test]
    fn lengths_are_put_into_words() {
        for (millis, text) in [
            (0, "0 s"),
            (250, "250 ms"),
            (1500, "1 s 500 ms"),
            (45_000, "45 s"),
            (90_000, "1 m 30 s"),
            (7_200_000, "2 h"),
            (90_061_000, "1 d 1 h 1 m 1 s"),
        ] {
            assert_eq!(words(Duration::from_millis(millis)), text);
        }
    }
}
