//! Division as in jq: division by zero fails. The library returns an infinite number, which JSON cannot express.
//! Comparisons are passed on to whom they concern on the way.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};

/// The function that every divisor passes through; the prelude defines it.
const DIVISOR: &str = "_divisor";

/// Changes a term.
pub(super) type Change<'c> = &'c dyn Fn(&mut Term<&str>);

/// Makes every division and remainder of a filter check its divisor, and changes every comparison.
pub(super) fn guard(term: &mut Term<&str>, compared: Change<'_>) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => {}
        Term::Str(_, parts) => {
            for part in parts {
                if let StrPart::Term(term) = part {
                    guard(term, compared);
                }
            }
        }
        Term::Arr(inner) => inner.iter_mut().for_each(|term| guard(term, compared)),
        Term::Obj(entries) => {
            for (key, value) in entries {
                guard(key, compared);
                value.iter_mut().for_each(|term| guard(term, compared));
            }
        }
        Term::Neg(inner) | Term::Label(_, inner) => guard(inner, compared),
        Term::BinOp(left, op, right) => {
            operation(left, op, right, compared);
            if matches!(op, BinaryOp::Cmp(_)) {
                compared(term);
            }
        }
        Term::Fold(_, over, bound, terms) => {
            guard(over, compared);
            pattern(bound, compared);
            terms.iter_mut().for_each(|term| guard(term, compared));
        }
        Term::TryCatch(tried, caught) => {
            guard(tried, compared);
            caught.iter_mut().for_each(|term| guard(term, compared));
        }
        Term::IfThenElse(cases, other) => {
            for (condition, then) in cases {
                guard(condition, compared);
                guard(then, compared);
            }
            other.iter_mut().for_each(|term| guard(term, compared));
        }
        Term::Def(defs, rest) => {
            defs.iter_mut().for_each(|def| guard(&mut def.body, compared));
            guard(rest, compared);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(|term| guard(term, compared)),
        Term::Path(start, Path(parts)) => {
            guard(start, compared);
            for (part, _) in parts {
                match part {
                    Part::Index(index) => guard(index, compared),
                    Part::Range(from, to) => from.iter_mut().chain(to).for_each(|term| guard(term, compared)),
                }
            }
        }
    }
}

fn operation(left: &mut Term<&str>, op: &mut BinaryOp<&str>, right: &mut Term<&str>, compared: Change<'_>) {
    guard(left, compared);
    guard(right, compared);
    match op {
        BinaryOp::Math(Math::Div | Math::Rem) | BinaryOp::UpdateMath(Math::Div | Math::Rem) => {
            let divisor = Box::new(Term::Call(DIVISOR, Vec::new()));
            *right = Term::BinOp(Box::new(std::mem::take(right)), BinaryOp::Pipe(None), divisor);
        }
        BinaryOp::Pipe(Some(bound)) => pattern(bound, compared),
        _ => {}
    }
}

fn pattern(bound: &mut Pattern<&str>, compared: Change<'_>) {
    match bound {
        Pattern::Var(_) => {}
        Pattern::Arr(inner) => inner.iter_mut().for_each(|bound| pattern(bound, compared)),
        Pattern::Obj(entries) => {
            for (key, inner) in entries {
                guard(key, compared);
                pattern(inner, compared);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_divisor_is_checked() {
        for (filter, divisors) in [
            (".a + .b * 2 - 1", 0),
            (".a / .b", 1),
            ("1 / 2 / 3 % 4", 3),
            (".a /= 2 | .b %= 3", 2),
            ("[1 / 2, {a: (3 / 4), (5 / 6 | tostring): 7}]", 3),
            ("if 1 / 2 then 3 / 4 elif 5 % 6 then 7 else 8 / 9 end", 4),
            ("try (1 / 2) catch (3 / 4)", 2),
            ("def f(x): x / 2; f(1 / 3)", 2),
            ("reduce (1 / 2) as [$x, {a: $y}] (3 / 4; . / $x)", 3),
            (". as {(\"a\" | 1 / 2 | tostring): $x} | .[1 / 3:2 / 3]", 3),
            ("-(1 / 2) | label $f | 3 / 4 | \"\\(5 / 6)\"", 3),
        ] {
            let mut term = jaq_core::load::parse(filter, |parser| parser.term()).unwrap();
            guard(&mut term, &|_| {});
            assert_eq!(format!("{term:?}").matches(DIVISOR).count(), divisors, "{filter}");
        }
    }
}
