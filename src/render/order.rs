//! The order of rows: numbers by value, texts in natural order.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::path::cell;
use super::view::SortKey;
use model::Value;

/// Sorts rows by several columns. Rows with equal values keep their order; rows without a value come last in either
/// direction.
pub(super) fn sort(rows: &mut [Cow<'_, Value>], keys: &[SortKey]) {
    rows.sort_by(|a, b| {
        let by = |key: &SortKey| directed(cell(a, &key.column), cell(b, &key.column), key.down);
        keys.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

fn directed(a: Option<&Value>, b: Option<&Value>, down: bool) -> Ordering {
    let there = |value: Option<&Value>| value.is_some_and(|value| *value != Value::Null);
    match (a, b) {
        (Some(a), Some(b)) if there(Some(a)) && there(Some(b)) => {
            let order = compare(a, b);
            if down { order.reverse() } else { order }
        }
        _ => there(b).cmp(&there(a)),
    }
}

/// Numbers before texts before everything else.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (digits(a), digits(b)) {
        (Some(a), Some(b)) => numbers(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => natural(a, b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.plain().cmp(&b.plain()),
        },
    }
}

fn digits(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Int(number) => Some(Cow::Owned(number.to_string())),
        Value::Decimal(number) => Some(Cow::Borrowed(number.as_str())),
        _ => None,
    }
}

/// By value. Numbers that floating point cannot distinguish are compared by their digits.
fn numbers(a: &str, b: &str) -> Ordering {
    let size = |digits: &str| digits.parse::<f64>().unwrap_or(f64::NAN);
    let exact = || match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (Some(a), Some(b)) => natural(b, a),
        _ => natural(a, b),
    };
    size(a).total_cmp(&size(b)).then_with(exact)
}

/// Runs of digits are compared as numbers, and letter case matters only if the texts are otherwise equal: `web2` before
/// `Web10`, `10.0.0.9` before `10.0.0.10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let order = match (run(&mut left), run(&mut right)) {
            (None, None) => return a.cmp(b),
            (Some(x), Some(y)) if is_number(x) && is_number(y) => {
                let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            (Some(x), Some(y)) => x.to_lowercase().cmp(&y.to_lowercase()),
            (x, y) => x.is_some().cmp(&y.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn is_number(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

/// Takes the next run of digits, or else the next character, off a text.
fn run<'t>(text: &mut &'t str) -> Option<&'t str> {
    let first = text.chars().next()?;
    let end = match first.is_ascii_digit() {
        true => text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()),
        false => first.len_utf8(),
    };
    let (run, rest) = text.split_at(end);
    *text = rest;
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::super::view::sort_keys;
    use super::*;
    use proptest::prelude::*;

    fn sorted(json: &str, keys: &str) -> String {
        let Value::List(list) = serde_json::from_str(json).unwrap() else { panic!("{json}") };
        let mut rows: Vec<Cow<'_, Value>> = list.iter().map(Cow::Borrowed).collect();
        sort(&mut rows, &sort_keys(keys));
        serde_json::to_string(&rows).unwrap()
    }

    #[test]
    fn rows_come_in_the_order_people_expect() {
        for (json, keys, order) in [
            ("[10,9,-1,9.5]", "value", "[-1,9,9.5,10]"),
            ("[10,9,-1,9.5]", "-value", "[10,9.5,9,-1]"),
            (
                "[12345678901234567890125,12345678901234567890123,-12345678901234567890123,-12345678901234567890125]",
                "value",
                "[-12345678901234567890125,-12345678901234567890123,12345678901234567890123,12345678901234567890125]",
            ),
            (r#"["web10","Web2","web2",""]"#, "value", r#"["","Web2","web2","web10"]"#),
            (r#"["10.0.0.10","10.0.0.9","9.0.0.1"]"#, "value", r#"["9.0.0.1","10.0.0.9","10.0.0.10"]"#),
            (r#"["2012-01-02","2011-12-31"]"#, "value", r#"["2011-12-31","2012-01-02"]"#),
            (r#"["a",null,3,true]"#, "value", r#"[3,"a",true,null]"#),
            (r#"["a",null,3]"#, "-value", r#"["a",3,null]"#),
            (
                r#"[{"a":1,"b":2},{"a":0,"b":3},{"a":1,"b":1}]"#,
                "-a,b",
                r#"[{"a":1,"b":1},{"a":1,"b":2},{"a":0,"b":3}]"#,
            ),
            (r#"[{"a":{"b":2}},{},{"a":{"b":1}}]"#, "a.b", r#"[{"a":{"b":1}},{"a":{"b":2}},{}]"#),
            ("[3,1,2]", "nothing", "[3,1,2]"),
        ] {
            assert_eq!(sorted(json, keys), order, "{json} {keys}");
        }
    }

    proptest! {
        #[test]
        fn natural_order_is_one(texts in prop::collection::vec("[a0-9B.é]{0,6}", 3)) {
            let [a, b, c] = texts.as_slice() else { unreachable!() };
            prop_assert_eq!(natural(a, b), natural(b, a).reverse());
            if natural(a, b).is_le() && natural(b, c).is_le() {
                prop_assert!(natural(a, c).is_le());
            }
        }
    }
}
