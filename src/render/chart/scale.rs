//! The axis of numbers: where it begins and ends, and which numbers are written beside it.

use super::number;

/// Numbers closer to each other than this part of their size count as equal.
const EQUAL: f64 = 1e-9;
/// An axis begins at zero unless its numbers cover less than this part of the largest.
const CLOSE: f64 = 0.25;
/// Numbers closer to zero than this are drawn as zero.
const SMALLEST: f64 = 1e-290;

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The numbers beside it, from the lowest to the highest, each with its label.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Scale {
    /// An axis for the numbers between two, with about as many steps. With `zero` it always has zero.
    pub(super) fn of((low, high): (f64, f64), steps: usize, zero: bool) -> Scale {
        let (low, high) = bounds(low, high, zero);
        let step = step((high - low) / steps.max(1) as f64);
        let low = (low / step).floor() * step;
        let count = ((high - low) / step - EQUAL).ceil().clamp(1.0, 2.0 + 2.0 * steps as f64);
        let ticks: Vec<f64> = (0..=count as usize).map(|nth| settled(low + nth as f64 * step, step)).collect();
        let labels = number::labels(&ticks, step);
        Scale { low, high: low + count * step, ticks: ticks.into_iter().zip(labels).collect() }
    }

    /// Where a number is between the low end, 0, and the high end, 1.
    pub(super) fn part(&self, number: f64) -> f64 {
        ((number - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// What the axis must cover.
fn bounds(low: f64, high: f64, zero: bool) -> (f64, f64) {
    let largest = low.abs().max(high.abs());
    if largest < SMALLEST {
        return (0.0, 1.0);
    }
    let range = high - low;
    if zero || range < largest * EQUAL || range >= largest * CLOSE {
        return (low.min(0.0), high.max(0.0));
    }
    (low, high)
}

/// The next round number: 1, 2 or 5 with zeros.
fn step(least: f64) -> f64 {
    let power = 10f64.powi(magnitude(least));
    [1.0, 2.0, 5.0].map(|round| round * power).into_iter().find(|step| *step >= least).unwrap_or(10.0 * power)
}

/// The power of ten of a number's first digit. A logarithm would be the only thing for which the program loads the
/// mathematical library.
fn magnitude(number: f64) -> i32 {
    format!("{number:e}").rsplit_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// A sum of steps that should be zero may miss it by a little.
fn settled(tick: f64, step: f64) -> f64 {
    if tick.abs() < step * EQUAL { 0.0 } else { tick }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_axis_has_round_numbers() {
        for (range, steps, zero, labels) in [
            ((0.0, 4_731_547.0), 4, false, &["0", "2M", "4M", "6M"][..]),
            ((15_854.0, 4_731_547.0), 4, false, &["0", "2M", "4M", "6M"]),
            ((0.0, 0.0), 4, false, &["0", "0.5", "1.0"]),
            ((7.0, 7.0), 4, false, &["0", "2", "4", "6", "8"]),
            ((-7.0, -7.0), 4, false, &["-8", "-6", "-4", "-2", "0"]),
            ((1000.0, 1001.0), 2, false, &["1.0000k", "1.0005k", "1.0010k"]),
            ((1000.0, 1001.0), 2, true, &["0", "1k", "2k"]),
            ((-3.0, 5.0), 4, false, &["-4", "-2", "0", "2", "4", "6"]),
            ((0.0, 100.0), 4, false, &["0", "50", "100"]),
        ] {
            let scale = Scale::of(range, steps, zero);
            let found: Vec<&str> = scale.ticks.iter().map(|(_, label)| label.as_str()).collect();
            assert_eq!(found, labels, "{range:?}");
        }
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![-1e300..1e300, -1000.0..1000.0, 0.0..1e-300, Just(0.0), 1e15..1e15 + 10.0]
    }

    proptest! {
        #[test]
        fn any_range_gets_an_axis_that_covers_it(one in number(), other in number(), steps in 0usize..9, zero: bool) {
            let (low, high) = (one.min(other), one.max(other));
            let scale = Scale::of((low, high), steps, zero);
            prop_assert!(scale.low.is_finite() && scale.high.is_finite() && scale.low < scale.high, "{scale:?}");
            prop_assert!(scale.ticks.len() >= 2 && scale.ticks.len() <= 2 * steps + 4, "{scale:?}");
            let room = (scale.high - scale.low) * 1e-6;
            prop_assert!(scale.low <= low + room && high <= scale.high + room, "{scale:?}");
            for number in [low, high] {
                prop_assert!((0.0..=1.0).contains(&scale.part(number)));
            }
        }
    }
}
