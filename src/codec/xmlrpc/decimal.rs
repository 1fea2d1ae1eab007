//! Numbers without an exponent, which XML-RPC does not allow.

use model::Decimal;

/// The farthest that an exponent may move the decimal point: it covers every binary floating-point number, and prevents
/// a few typed digits from becoming a megabyte of zeros.
const FARTHEST: i32 = 400;

/// The number with all its digits and no exponent; `None` when the exponent is too large.
pub(super) fn positional(number: &Decimal) -> Option<String> {
    let (sign, text) = match number.as_str().strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number.as_str()),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let moved: i32 = exponent.parse().ok().filter(|moved| (-FARTHEST..=FARTHEST).contains(moved))?;
    let far = moved.unsigned_abs() as usize;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (whole, fraction) = if moved < 0 {
        let digits = format!("{whole:0>far$}");
        let (kept, moved) = digits.split_at_checked(digits.len() - far)?;
        (kept.to_owned(), format!("{moved}{fraction}"))
    } else {
        let digits = format!("{fraction:0<far$}");
        let (moved, kept) = digits.split_at_checked(far)?;
        (format!("{whole}{moved}"), kept.to_owned())
    };
    let or_zero = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    Some(format!("{sign}{}.{}", or_zero(whole.trim_start_matches('0')), or_zero(&fraction)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_and_points_are_moved() {
        for (given, written) in [
            ("21.60", "21.60"),
            ("24", "24.0"),
            ("-0.0", "-0.0"),
            ("-0", "-0.0"),
            ("1e3", "1000.0"),
            ("1.50e1", "15.0"),
            ("1.5e0", "1.5"),
            ("-1.5E-7", "-0.00000015"),
            ("12345.678e-2", "123.45678"),
            ("123.45678e2", "12345.678"),
            ("123.45678e+5", "12345678.0"),
            ("0e9", "0.0"),
            ("0.001e3", "1.0"),
        ] {
            let number = Decimal::parse(given).unwrap();
            assert_eq!(positional(&number).as_deref(), Some(written), "{given}");
        }
        for given in ["1e401", "1e-401", "1e99999999999", "1e-99999999999"] {
            assert_eq!(positional(&Decimal::parse(given).unwrap()), None, "{given}");
        }
    }
}
