//! The sample answers of a provider's document, each read without losing anything.
//!
//! `tests/data/caas-answers/` has the sample of each of the 141 functions, as printed; only what the way onto paper and
//! back had broken is mended: markup that a page end or the scanner had cut, remarks between the tags, lines that were
//! too long for the page.

use std::collections::BTreeMap;
use std::fs;

use marsh::codec::{Outcome, Reply};
use marsh::model::Value;

use crate::support::calls::Spoken;

/// The texts and the attribute values of a document, as often as each is there; no declarations, no comments.
fn texts(document: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut add = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            *found.entry(unescaped(&text)).or_insert(0) += 1;
        }
    };
    for piece in document.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        add(text);
        // Name and value of each attribute, by the quotes around the values.
        let mut rest = tag;
        while let Some((name, value)) = rest.split_once('=').filter(|_| !tag.starts_with(['?', '/'])) {
            let name = name.split_whitespace().next_back().unwrap();
            let value = value.trim_start();
            let quote = value.chars().next().unwrap();
            let (value, behind) = value[1..].split_once(quote).unwrap();
            if name != "xmlns" && !name.starts_with("xmlns:") {
                add(value);
            }
            rest = behind;
        }
    }
    found
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The single values of a result, as often as each is there.
fn leaves(value: &Value, found: &mut BTreeMap<String, usize>) {
    match value {
        Value::List(list) => list.iter().for_each(|member| leaves(member, found)),
        Value::Map(map) => map.iter().for_each(|(_, member)| leaves(member, found)),
        Value::Null => {}
        single => {
            let text = single.plain().split_whitespace().collect::<Vec<_>>().join(" ");
            *found.entry(text).or_insert(0) += 1;
        }
    }
}

/// The cells of a report below its header, without the blanks around them.
fn cells(report: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for cell in report.lines().skip(1).flat_map(|line| line.split(',')).map(str::trim).filter(|cell| !cell.is_empty()) {
        *found.entry(cell.to_owned()).or_insert(0) += 1;
    }
    found
}

/// What of a document is not in its result.
fn lost(document: &BTreeMap<String, usize>, result: &BTreeMap<String, usize>) -> Vec<String> {
    let missing = |(text, count): (&String, &usize)| {
        let kept = result.get(text).copied().unwrap_or(0);
        (kept < *count).then(|| format!("{text} ({kept} of {count})"))
    };
    document.iter().filter_map(missing).collect()
}

#[test]
fn every_sample_answer_is_read_without_loss() {
    let caas = Spoken::to("caas");
    let (mut documents, mut reports, mut paged) = (0, 0, Vec::new());
    let mut faults = Vec::new();
    for record in caas.catalog.records() {
        let name = record.name;
        let read = |ending: &str| fs::read(format!("tests/data/caas-answers/{name}.{ending}"));
        let (bytes, is_report) = match (read("xml"), read("csv")) {
            (Ok(bytes), _) => (bytes, false),
            (_, Ok(bytes)) => (bytes, true),
            _ => panic!("no sample of {name}"),
        };
        let text = String::from_utf8(bytes.clone()).unwrap();
        let (value, aside) = match caas.answered(name, 200, &bytes) {
            Ok(Outcome { reply: Reply::Value(value), aside }) => (value, aside),
            other => {
                faults.push(format!("{name}: {other:?}"));
                continue;
            }
        };
        let mut result = BTreeMap::new();
        leaves(&value, &mut result);
        let whole = if is_report { cells(&text) } else { texts(&text) };
        let mut missing = lost(&whole, &result);
        // How a page was cut is no part of the list; the number in all is told beside it.
        if let Some(total) = aside.total {
            let root = text.split('>').find(|tag| tag.contains("totalCount")).unwrap();
            let numbers: Vec<&str> = root.split('"').filter(|part| part.parse::<u64>().is_ok()).collect();
            assert!(numbers.contains(&total.to_string().as_str()), "{name}");
            missing.retain(|text| !numbers.iter().any(|number| text.starts_with(&format!("{number} ("))));
            paged.push(name.to_owned());
        }
        if !missing.is_empty() {
            faults.push(format!("{name}: lost {missing:?}"));
        }
        *if is_report { &mut reports } else { &mut documents } += 1;
    }
    assert!(faults.is_empty(), "{} of 141:\n{}", faults.len(), faults.join("\n"));
    assert_eq!((documents, reports), (136, 5));
    let told = [
        "anti_affinity.list",
        "ovf_package.list_copies",
        "ovf_package.list_copy_history",
        "server.list",
        "server.list_with_state",
    ];
    assert_eq!(paged, told);
}
