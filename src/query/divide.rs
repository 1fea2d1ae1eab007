//! Division as in jq: division by zero fails. The library returns an infinite number, which JSON cannot express.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};

/// The function that every divisor passes through; the prelude defines it.
const DIVISOR: &str = "_divisor";

/// Makes every division and remainder of a filter check its divisor.
pub(super) fn guard(term: &mut Term<&str>) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => {}
        Term::Str(_, parts) => {
            for part in parts {
                if let StrPart::Term(term) = part {
                    guard(term);
                }
            }
        }
        Term::Arr(inner) => inner.iter_mut().for_each(|term| guard(term)),
        Term::Obj(entries) => {
            for (key, value) in entries {
                guard(key);
                value.iter_mut().for_each(guard);
            }
        }
        Term::Neg(inner) | Term::Label(_, inner) => guard(inner),
        Term::BinOp(left, op, right) => operation(left, op, right),
        Term::Fold(_, over, bound, terms) => {
            guard(over);
            pattern(bound);
            terms.iter_mut().for_each(guard);
        }
        Term::TryCatch(tried, caught) => {
            guard(tried);
            caught.iter_mut().for_each(|term| guard(term));
        }
        Term::IfThenElse(cases, other) => {
            for (condition, then) in cases {
                guard(condition);
                guard(then);
            }
            other.iter_mut().for_each(|term| guard(term));
        }
        Term::Def(defs, rest) => {
            defs.iter_mut().for_each(|def| guard(&mut def.body));
            guard(rest);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(guard),
        Term::Path(start, Path(parts)) => {
            guard(start);
            for (part, _) in parts {
                match part {
                    Part::Index(index) => guard(index),
                    Part::Range(from, to) => from.iter_mut().chain(to).for_each(guard),
                }
            }
        }
    }
}

fn operation(left: &mut Term<&str>, op: &mut BinaryOp<&str>, right: &mut Term<&str>) {
    guard(left);
    guard(right);
    match op {
        BinaryOp::Math(Math::Div | Math::Rem) | BinaryOp::UpdateMath(Math::Div | Math::Rem) => {
            let divisor = Box::new(Term::Call(DIVISOR, Vec::new()));
            *right = Term::BinOp(Box::new(std::mem::take(right)), BinaryOp::Pipe(None), divisor);
        }
        BinaryOp::Pipe(Some(bound)) => pattern(bound),
        _ => {}
    }
}

fn pattern(bound: &mut Pattern<&str>) {
    match bound {
        Pattern::Var(_) => {}
        Pattern::Arr(inner) => inner.iter_mut().for_each(pattern),
        Pattern::Obj(entries) => {
            for (key, inner) in entries {
                guard(key);
                pattern(inner);
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
            guard(&mut term);
            assert_eq!(format!("{term:?}").matches(DIVISOR).count(), divisors, "{filter}");
        }
    }
}
