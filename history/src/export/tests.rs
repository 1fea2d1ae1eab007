//! All rows, page after page.

use super::*;
use crate::tests::*;

#[test]
fn an_export_has_every_row_once() {
    let (_folder, journal) = fresh();
    assert_eq!(journal.export().count(), 0);
    for number in 0..1100 {
        journal.append(number, None, &format!("line {number}"), &[]).unwrap();
    }
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    let records: Vec<Record> = journal.export().map(Result::unwrap).collect();
    assert_eq!(records.len(), 1101);
    let lines: Vec<i64> = records
        .iter()
        .filter_map(|record| match record {
            Record::Line(line) => Some(line.id.0),
            Record::Call(_) => None,
        })
        .collect();
    assert_eq!(lines, (1..=1100).collect::<Vec<_>>());
    assert!(matches!(records.last(), Some(Record::Call(call)) if call.id == id));
}
