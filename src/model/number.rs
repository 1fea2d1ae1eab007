//! Numbers that keep every digit.

use std::fmt;

/// A number kept as its digits: a decimal, an exponent form, or an integer too large for 64 bits.
///
/// The text is always a valid JSON number and can be written out unchanged: `21.60` stays `21.60`, and
/// `12345678901234567890123` keeps every digit. Two decimals are equal when their digits are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// Reads a number in the forms that people and servers write: `+1`, `.5`, `5.`, `007`, `1e9`.
    ///
    /// Returns `None` for anything else, including `NaN` and infinities.
    pub fn parse(text: &str) -> Option<Decimal> {
        if Decimal::keeps(text) {
            return Some(Decimal(text.to_owned()));
        }
        let text = text.trim();
        let (sign, rest) = match text.as_bytes().first()? {
            b'-' => ("-", text.get(1..)?),
            b'+' => ("", text.get(1..)?),
            _ => ("", text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at)?, Some(rest.get(at + 1..)?)),
            None => (rest, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let fraction_digits = fraction.unwrap_or("");
        if !digits(whole) || !digits(fraction_digits) || (whole.is_empty() && fraction_digits.is_empty()) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let mut out = String::with_capacity(text.len() + 2);
        out.push_str(sign);
        out.push_str(if whole.is_empty() { "0" } else { whole });
        if fraction.is_some() {
            out.push('.');
            out.push_str(if fraction_digits.is_empty() { "0" } else { fraction_digits });
        }
        if let Some(exponent) = exponent {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if unsigned.is_empty() || !digits(unsigned) {
                return None;
            }
            out.push('e');
            out.push_str(exponent);
        }
        Some(Decimal(out))
    }

    /// Whether a text is a number with a point or an exponent that [`Decimal::parse`] keeps as it is.
    pub fn keeps(text: &str) -> bool {
        let text = text.as_bytes();
        let unsigned = text.strip_prefix(b"-").unwrap_or(text);
        let mut rest = after_digits(unsigned);
        // A number begins with a digit, and with 0 only if no other digit follows.
        if rest.len() == unsigned.len() || (unsigned.first() == Some(&b'0') && unsigned.len() - rest.len() > 1) {
            return false;
        }
        let mut any = false;
        if let Some(fraction) = rest.strip_prefix(b".") {
            rest = after_digits(fraction);
            any = rest.len() < fraction.len();
            if !any {
                return false;
            }
        }
        let Some(exponent) = rest.strip_prefix(b"e") else { return any && rest.is_empty() };
        let digits = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        !digits.is_empty() && after_digits(digits).is_empty()
    }

    /// The digits as a valid JSON number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number is written without a decimal point or an exponent.
    pub fn is_integer(&self) -> bool {
        !self.0.contains(['.', 'e', 'E'])
    }

    /// The nearest binary floating-point number; digits may be lost.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

/// What comes after the digits at the beginning.
#[inline(always)]
fn after_digits(mut bytes: &[u8]) -> &[u8] {
    while let [b'0'..=b'9', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> String {
        number.0
    }
}

impl From<f64> for Decimal {
    /// The shortest digits that read back as the same number. A number that JSON cannot hold becomes 0.
    fn from(number: f64) -> Decimal {
        Decimal::parse(&format!("{number:?}")).unwrap_or_else(|| Decimal("0".into()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept() {
        for (given, kept) in [
            ("21.60", "21.60"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("-0.0", "-0.0"),
            ("+1", "1"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("007", "7"),
            ("1e400", "1e400"),
            ("1.5E-7", "1.5e-7"),
            (" 4.0 ", "4.0"),
        ] {
            assert_eq!(Decimal::parse(given).map(|d| d.to_string()).as_deref(), Some(kept), "{given}");
        }
    }

    #[test]
    fn text_that_is_not_a_number_is_refused() {
        for bad in ["", ".", "-", "nan", "inf", "1.2.3", "1e", "1e+", "0x10", "1_000", "１"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_kept_as_it_is_is_known() {
        for kept in ["21.60", "-0.0", "0.5", "1e400", "1.5e-7", "10.0e+0", "-3e1"] {
            assert!(Decimal::keeps(kept), "{kept}");
        }
        for changed in
            ["1", "-0", "007.5", ".5", "5.", "1.5E-7", "+1.5", " 1.5", "1.5 ", "", ".", "1e", "1e+", "1.e5", "e5"]
        {
            assert!(!Decimal::keeps(changed), "{changed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_is_parsed_to_itself(text in "[+-]?0?[0-9]{0,3}[.]?[0-9]{0,3}([eE][+-]?[0-9]{0,2})?[ x]?") {
            let parsed = Decimal::parse(&text).filter(|number| number.0 == text && !number.is_integer());
            proptest::prop_assert_eq!(Decimal::keeps(&text), parsed.is_some());
        }
    }
}
