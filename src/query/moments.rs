//! Comparing moments: a date is a text, and `now` is a number. In jq every number comes before every text, so that
//! `.expiry_date < now` would be false whatever the date. Here a text that is a date is compared by its seconds.

use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::ops::Cmp;
use jaq_core::path::{Opt, Part, Path};

/// The function that both sides pass through; the prelude defines it.
const PAIR: &str = "_pair";

/// Makes a comparison of two values, as to which is larger, compare moments as such.
pub(super) fn aligned(term: &mut Term<&str>) {
    let Term::BinOp(left, BinaryOp::Cmp(op @ (Cmp::Lt | Cmp::Le | Cmp::Gt | Cmp::Ge)), right) = term else { return };
    let member = |at: &'static str| {
        let index = Part::Index(Term::Num(at));
        Box::new(Term::Path(Box::new(Term::Id), Path(vec![(index, Opt::Essential)])))
    };
    let sides = vec![std::mem::take(&mut **left), std::mem::take(&mut **right)];
    let compared = Term::BinOp(member("0"), BinaryOp::Cmp(*op), member("1"));
    *term = Term::BinOp(Box::new(Term::Call(PAIR, sides)), BinaryOp::Pipe(None), Box::new(compared));
}

#[cfg(test)]
mod tests {
    use super::super::divide::guard;
    use super::*;

    #[test]
    fn every_comparison_is_changed() {
        for (filter, count) in [
            (".a < 1", 1),
            (".a == 1 or .b != 2", 0),
            ("map(select(.a >= .b and .c > .d)) | .[] <= (1 < 2)", 4),
            ("if .a < 1 then .b > 2 else .c end", 2),
            ("{a: (.b < 1)} | def f: . > 2; f", 2),
        ] {
            let mut term = jaq_core::load::parse(filter, |parser| parser.term()).unwrap();
            guard(&mut term, &aligned);
            assert_eq!(format!("{term:?}").matches(PAIR).count(), count, "{filter}");
        }
    }
}
