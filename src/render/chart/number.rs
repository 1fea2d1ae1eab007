//! Numbers in as few characters as a chart has room for.

/// The prefixes of thousands.
const PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
/// Digits after the point are dropped beyond this number.
const FINEST: usize = 6;

/// A number with three digits and the prefix of its size: `4.73M`, `12`, `0.05`. Very large and very small ones have an
/// exponent.
pub(super) fn short(number: f64) -> String {
    let text = format!("{number:.2e}");
    let (rounded, exponent) = parts(&text);
    if number == 0.0 {
        return "0".into();
    }
    let Some(prefix) = prefix_of(exponent).filter(|_| exponent >= -4) else { return exponential(&text) };
    let places = usize::try_from(2 - (exponent - 3 * prefix.0)).unwrap_or(0);
    let scaled = rounded / 10f64.powi(3 * prefix.0);
    format!("{}{}", trimmed(&format!("{scaled:.places$}")), prefix.1)
}

/// The labels of an axis: multiples of a step, with the same prefix and as many digits as distinguish them.
pub(super) fn labels(ticks: &[f64], step: f64) -> Vec<String> {
    let largest = ticks.iter().fold(0.0, |largest: f64, tick| largest.max(tick.abs()));
    let (_, exponent) = parts(&format!("{largest:e}"));
    let Some(prefix) = prefix_of(exponent).filter(|_| exponent >= -4 && largest > 0.0) else {
        return ticks.iter().map(|tick| short(*tick)).collect();
    };
    let unit = 10f64.powi(3 * prefix.0);
    let (_, finest) = parts(&format!("{:e}", step / unit));
    let places = usize::try_from(-finest).unwrap_or(0).min(FINEST);
    let label = |tick: &f64| match *tick == 0.0 {
        true => "0".into(),
        false => format!("{:.places$}{}", tick / unit, prefix.1),
    };
    ticks.iter().map(label).collect()
}

/// The thousands in a power of ten, and their prefix; `None` above all prefixes.
fn prefix_of(exponent: i32) -> Option<(i32, &'static str)> {
    let thousands = exponent.max(0) / 3;
    Some((thousands, PREFIXES.get(usize::try_from(thousands).ok()?)?))
}

/// The number and the power of ten in `1.23e4`.
fn parts(text: &str) -> (f64, i32) {
    let exponent = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok());
    (text.parse().unwrap_or(0.0), exponent.unwrap_or(0))
}

fn exponential(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa)),
        None => text.to_owned(),
    }
}

/// Without zeros at the end of a fraction.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_have_three_digits_and_a_prefix() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (12.5, "12.5"),
            (123.456, "123"),
            (999.6, "1k"),
            (1000.0, "1k"),
            (-1234.0, "-1.23k"),
            (4_731_547.0, "4.73M"),
            (58_539_915_417.0, "58.5G"),
            (2e20, "200E"),
            (2e21, "2e21"),
            (9.99e17, "999P"),
            (1e18, "1E"),
            (0.05, "0.05"),
            (0.000_123, "0.000123"),
            (0.000_012_3, "1.23e-5"),
            (1e300, "1e300"),
        ] {
            assert_eq!(short(number), text, "{number}");
        }
    }

    #[test]
    fn labels_of_an_axis_differ() {
        for (ticks, step, texts) in [
            (&[0.0, 2e6, 4e6][..], 2e6, &["0", "2M", "4M"][..]),
            (&[1000.0, 1000.5, 1001.0], 0.5, &["1.0000k", "1.0005k", "1.0010k"]),
            (&[0.0, 0.5, 1.0], 0.5, &["0", "0.5", "1.0"]),
            (&[-500.0, 0.0, 500.0, 1000.0], 500.0, &["-0.5k", "0", "0.5k", "1.0k"]),
            (&[0.0], 0.0, &["0"]),
            (&[1e200, 2e200], 1e200, &["1e200", "2e200"]),
        ] {
            assert_eq!(labels(ticks, step), texts, "{ticks:?}");
        }
    }

    proptest! {
        #[test]
        fn no_number_takes_more_than_ten_characters(number in any::<f64>()) {
            let text = short(number);
            prop_assert!(text.len() <= 10, "{text}");
        }
    }
}
