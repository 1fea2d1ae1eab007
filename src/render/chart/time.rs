//! Times along an axis, written as short as they can be told apart.

use model::Date;

const DAY: i64 = 86_400;

/// The labels of some times in seconds since 1970, and the day of all of them if the labels are only times of day.
/// `months` are times that were written without a day. Times are in UTC, or as the provider wrote them.
pub(super) fn labels(times: &[i64], months: bool) -> (Vec<String>, Option<String>) {
    let texts: Vec<Option<String>> =
        times.iter().map(|time| Date::of_unix(*time).map(|date| date.as_str().to_owned())).collect();
    let same = |end: usize| {
        let first = texts.first().and_then(|text| text.as_deref()?.get(..end));
        first.filter(|first| texts.iter().all(|text| text.as_deref().and_then(|text| text.get(..end)) == Some(*first)))
    };
    let days = times.iter().all(|time| time.rem_euclid(DAY) == 0);
    let day = same(10).filter(|_| !days);
    let part = match (months, days) {
        (true, _) => 0..7,
        (_, true) => 0..10,
        _ if day.is_some() => 11..16,
        _ if same(4).is_some() => 5..16,
        _ => 0..16,
    };
    let label = |(time, text): (&i64, &Option<String>)| {
        let shown = text.as_deref().and_then(|text| text.get(part.clone()));
        shown.map_or_else(|| time.to_string(), |text| text.replace('T', " "))
    };
    (times.iter().zip(&texts).map(label).collect(), day.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_short_as_they_can_be() {
        const NOON: i64 = 1_793_275_200;
        for (times, months, texts, day) in [
            (&[NOON, NOON + 3600][..], false, &["12:00", "13:00"][..], Some("2026-10-29")),
            (&[NOON, NOON + DAY], false, &["10-29 12:00", "10-30 12:00"], None),
            (&[NOON, NOON + 365 * DAY], false, &["2026-10-29 12:00", "2027-10-29 12:00"], None),
            (&[0, DAY], false, &["1970-01-01", "1970-01-02"], None),
            (&[0], false, &["1970-01-01"], None),
            (&[0, 31 * DAY], true, &["1970-01", "1970-02"], None),
            (&[i64::MAX, 1], false, &["9223372036854775807", "1970-01-01 00:00"], None),
            (&[], false, &[], None),
        ] {
            let (labels, found) = labels(times, months);
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            assert_eq!((labels.as_slice(), found.as_deref()), (texts, day), "{times:?}");
        }
    }
}
