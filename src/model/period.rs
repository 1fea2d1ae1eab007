//! Lengths of time as people write them: `30s`, `10m`, `1h30m`, or seconds alone.

use std::time::Duration;

/// The units, each with its seconds, the longest first: that is also the order in which they may stand.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];
/// Nobody waits for longer.
const LONGEST: u64 = 30 * 86_400;

/// Reads a length of time above zero and of at most 30 days. Each unit stands once, the longer ones first.
pub fn parse(text: &str) -> Option<Duration> {
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => in_units(text)?,
    };
    (1..=LONGEST).contains(&seconds).then(|| Duration::from_secs(seconds))
}

fn in_units(text: &str) -> Option<u64> {
    let (mut rest, mut total) = (text, 0_u64);
    for (unit, seconds) in UNITS {
        let Some((number, behind)) = rest.split_once(unit) else { continue };
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| number.parse::<u64>().ok()).flatten()?;
        total = total.checked_add(number.checked_mul(seconds)?)?;
        rest = behind;
    }
    rest.is_empty().then_some(total)
}

/// Whole seconds in words: `45 s`, `1 m 30 s`, `2 h`.
pub fn words(length: Duration) -> String {
    let mut rest = length.as_secs();
    let mut parts = Vec::new();
    for (unit, seconds) in UNITS {
        let count = rest / seconds;
        rest %= seconds;
        if count > 0 {
            parts.push(format!("{count} {unit}"));
        }
    }
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, seconds) in [
            ("30s", Some(30)),
            ("10m", Some(600)),
            ("1h30m", Some(5400)),
            ("2d", Some(172_800)),
            ("1h1s", Some(3601)),
            ("90", Some(90)),
            ("0", None),
            ("0s", None),
            ("", None),
            ("m", None),
            ("10", Some(10)),
            ("30m1h", None),
            ("1h1h", None),
            ("1.5h", None),
            ("-1", None),
            ("+1m", None),
            ("10 m", None),
            ("31d", None),
            ("99999999999999999999d", None),
            ("1x", None),
        ] {
            assert_eq!(parse(text), seconds.map(Duration::from_secs), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_worded_reads_back(seconds in 1..=LONGEST) {
            let length = Duration::from_secs(seconds);
            prop_assert_eq!(parse(&words(length).replace(' ', "")), Some(length));
        }

        #[test]
        fn no_text_is_too_much(text in "[0-9dhms.+ -]{0,24}|\\PC{0,12}") {
            let read = parse(&text);
            prop_assert!(read.is_none_or(|length| length <= Duration::from_secs(LONGEST)));
        }
    }

    #[test]
    fn lengths_are_worded() {
        for (seconds, text) in [(0, "0 s"), (45, "45 s"), (90, "1 m 30 s"), (7200, "2 h"), (90_061, "1 d 1 h 1 m 1 s")]
        {
            assert_eq!(words(Duration::from_secs(seconds)), text);
        }
    }
}
