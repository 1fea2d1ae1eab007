//! Cutting secrets out of a line.

use std::borrow::Cow;
use std::ops::Range;

/// The text in place of what was cut out.
pub const STAND_IN: &str = "(redacted)";

/// The line with [`STAND_IN`] in place of each range. If in doubt, too much is cut: a range that starts or ends inside a
/// character includes the whole character, and ranges that touch become one, so that not even their border shows.
pub(crate) fn cut<'l>(line: &'l str, hide: &[Range<usize>]) -> Cow<'l, str> {
    let hidden = fit(line, hide);
    if hidden.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut from = 0;
    for range in hidden {
        out.push_str(line.get(from..range.start).unwrap_or(""));
        out.push_str(STAND_IN);
        from = range.end;
    }
    out.push_str(line.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

/// The ranges in order, limited to the line, widened to whole characters, and merged where they touch.
fn fit(line: &str, hide: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = hide
        .iter()
        // A range that runs backwards is a mistake of the caller; what is between its ends is hidden anyway.
        .map(|range| (range.start.min(range.end), range.start.max(range.end)))
        .filter(|(start, end)| start < end && *start < line.len())
        .map(|(start, end)| line.floor_char_boundary(start)..line.ceil_char_boundary(end))
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_ranges_the_secret_is_cut() {
        let line = "set key sécrèt now";
        for (hide, shown) in [
            (&[][..], line),
            (&[(8, 16)], "set key (redacted) now"),
            (&[(13, 16), (8, 11)], "set key (redacted)cr(redacted) now"),
            (&[(8, 12), (10, 16)], "set key (redacted) now"),
            (&[(8, 12), (12, 16)], "set key (redacted) now"),
            (&[(8, 16), (9, 10), (8, 16)], "set key (redacted) now"),
            // Inside the two bytes of é, and of è.
            (&[(10, 14)], "set key s(redacted)t now"),
            (&[(10, 10)], line),
            (&[(8, 9999)], "set key (redacted)"),
            (&[(9999, 10000), (20, 20)], line),
            (&[(0, usize::MAX)], "(redacted)"),
            (&[(16, 8)], "set key (redacted) now"),
        ] {
            let ranges: Vec<Range<usize>> = hide.iter().map(|(start, end)| *start..*end).collect();
            assert_eq!(cut(line, &ranges), shown, "{hide:?}");
        }
    }

    #[test]
    fn every_pair_of_ranges_can_be_cut() {
        let line = "aé東😀b";
        for bits in 0..12usize.pow(4) {
            let at = |place: u32| bits / 12usize.pow(place) % 12;
            let hide = [Range { start: at(0), end: at(1) }, Range { start: at(2), end: at(3) }];
            let shown = cut(line, &hide);
            let hidden = |at: usize| hide.iter().any(|r| (r.start.min(r.end)..r.start.max(r.end)).contains(&at));
            for (start, c) in line.char_indices() {
                if (start..start + c.len_utf8()).any(hidden) {
                    assert!(!shown.replace(STAND_IN, "").contains(c), "{hide:?}");
                } else {
                    assert!(shown.contains(c), "{hide:?}");
                }
            }
        }
    }
}
