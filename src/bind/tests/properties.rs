//! For any content: values mean the same as JSON and by names, and errors are found at their positions.

use proptest::prelude::*;

use super::Files;
use super::depth::method;
use crate::bind::{Faults, Rules, bind};
use model::{Arguments, Diagnostic, Map};

fn run(text: &str) -> Result<Map, Faults> {
    let (method, shapes) = method();
    let line = lang::parse(text).unwrap().remove(0);
    let call = bind(&method, &line, Rules { shapes: &shapes, ..Rules::default() }, &mut Files)?;
    match call.arguments {
        Arguments::Named(map) => Ok(map),
        Arguments::Positional(_) => panic!("{text}: positional"),
    }
}

/// A record as its fields, innermost last: type, address, ttl.
type Record = Vec<(&'static str, String, u16)>;

fn record() -> impl Strategy<Value = Record> {
    let one = (prop::sample::select(vec!["A", "MX"]), "[a-z0-9.]{1,9}", 0_u16..=999);
    prop::collection::vec(one, 1..6)
}

/// As JSON, each record in the field `next` of the one before it.
fn json(record: &[(&str, String, u16)]) -> String {
    let Some(((kind, address, ttl), rest)) = record.split_first() else { return "null".into() };
    let next = if rest.is_empty() { String::new() } else { format!(",\"next\":{}", json(rest)) };
    format!("{{\"type\":\"{kind}\", \"address\" :\"{address}\",\"ttl\":{ttl}{next}}}")
}

/// As names and values.
fn names(record: &[(&str, String, u16)], at: &str) -> String {
    let Some(((kind, address, ttl), rest)) = record.split_first() else { return String::new() };
    let next = names(rest, &format!("{at}.next"));
    format!(" {at}.type {kind} {at}.address (string){address} {at}.ttl {ttl}{next}")
}

proptest! {
    #[test]
    fn names_and_json_mean_the_same(record in record()) {
        let by_json = run(&format!("zone.make first '{}'", json(&record))).unwrap();
        let by_names = run(&format!("zone.make{}", names(&record, "first"))).unwrap();
        prop_assert_eq!(by_json, by_names);
    }

    #[test]
    fn errors_are_found_at_their_positions(record in record(), at in any::<prop::sample::Index>(), how in 0..4) {
        let depth = at.index(record.len());
        let path = format!("first{}", ".next".repeat(depth));
        let whole = json(&record);
        let (kind, address, ttl) = &record[depth];
        let good = format!("{{\"type\":\"{kind}\", \"address\" :\"{address}\",\"ttl\":{ttl}");
        let (bad, under) = match how {
            0 => (good.replace(&format!("\"{kind}\""), "\"NOPE\""), "\"NOPE\""),
            1 => (good.replace("\"ttl\"", "\"tttl\""), "\"tttl\""),
            2 => (good.replace(&format!("\"ttl\":{ttl}"), "\"ttl\":1000"), "1000"),
            _ => (good.replace(&format!("\"{address}\""), "[1]"), "[1]"),
        };
        // Several levels may look alike: only the one at that depth is broken.
        let start = whole.match_indices("{\"type\"").nth(depth).unwrap().0;
        let broken = format!("{}{}{}", &whole[..start], bad, &whole[start + good.len()..]);
        let text = format!("zone.make first '{broken}'");
        let faults = run(&text).unwrap_err();
        prop_assert!(faults.to_string().starts_with(&format!("`{path}")), "{}: {}", text, faults);
        prop_assert_eq!(&text[faults.span().unwrap().range()], under);
    }

    #[test]
    fn any_line_can_be_bound(text in "[a-z0-9.\\[\\]{}\"':,()$ -]{0,60}") {
        let (method, shapes) = method();
        for line in lang::parse(&format!("zone.make {text}")).unwrap_or_default() {
            for (unchecked, positional) in [(false, false), (true, false), (false, true)] {
                let rules = Rules { unchecked, positional, shapes: &shapes };
                if let Err(faults) = bind(&method, &line, rules, &mut Files) {
                    for fault in std::iter::once(&faults as &dyn Diagnostic).chain(faults.more()) {
                        let _ = (fault.to_string(), fault.hint());
                        prop_assert!(fault.span().is_none_or(|span| span.start <= span.end && span.end <= text.len() + 10));
                    }
                }
            }
        }
    }
}
