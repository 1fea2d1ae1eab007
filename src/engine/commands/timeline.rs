//! What was done, as text: a table of number, time, account, outcome, duration, and the line or the call; or a call
//! with remarks below it.

use std::time::Duration;

use history::{Account, Millis};
use model::moment;

use crate::render::{sanitize, text};

/// A row of the table.
pub(super) struct Row {
    pub(super) number: i64,
    pub(super) at: Option<Millis>,
    pub(super) account: String,
    pub(super) outcome: Option<&'static str>,
    pub(super) duration: Option<Duration>,
    pub(super) text: String,
}

/// The mark for something unknown, so that every row has the same columns.
const NONE: &str = "-";
/// The columns before the last.
const COLUMNS: usize = 5;
/// A remark is indented by so many columns.
const REMARK: usize = 4;
/// A last column that would be narrower than this is not wrapped.
const NARROWEST: usize = 24;

/// The name of an account: its profile, or the provider of one without a name.
pub(super) fn name(account: Option<&Account>) -> String {
    account.map_or(NONE, |account| account.profile.as_deref().unwrap_or(&account.provider)).to_owned()
}

/// Writes the table. Long texts are wrapped at `width` columns, if there is one, in their own column; those of several
/// lines keep them. `last` is the head of the last column; without it there is no head.
pub(super) fn write(rows: &[Row], last: Option<&str>, width: Option<usize>, now: Millis) -> String {
    let head = last.map(|_| ["no.", "time", "account", "outcome", "took"].map(str::to_owned));
    let mut cells: Vec<[String; COLUMNS]> = head.into_iter().collect();
    cells.extend(rows.iter().map(|row| row.cells(now)));
    let texts = last.into_iter().chain(rows.iter().map(|row| row.text.as_str()));
    let mut widths = [0; COLUMNS];
    for row in &cells {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = text::width(cell).max(*widest);
        }
    }
    let indent = widths.iter().map(|width| width + 2).sum();
    let mut out = String::new();
    for (row, text) in cells.iter().zip(texts) {
        for (nth, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = text::blanks(width.saturating_sub(text::width(cell)));
            // Numbers and lengths of time are compared by their ends.
            let right = nth == 0 || nth == COLUMNS - 1;
            out += &if right { format!("{gap}{cell}  ") } else { format!("{cell}{gap}  ") };
        }
        out += &hanging(text, indent, width);
        out.push('\n');
    }
    out
}

/// Writes a call after `head`, and remarks on it below, all wrapped at `width` columns, if there is one.
pub(super) fn entry(head: &str, call: &str, remarks: &[String], width: Option<usize>) -> String {
    let head = format!("{}  ", sanitize::for_terminal(head));
    let mut out = format!("{head}{}\n", hanging(call, text::width(&head), width));
    for remark in remarks {
        out += &format!("{}{}\n", text::blanks(REMARK), hanging(remark, REMARK, width));
    }
    out
}

/// A text that begins after `indent` columns, and continues below its beginning.
fn hanging(text: &str, indent: usize, width: Option<usize>) -> String {
    let width = width.filter(|width| *width >= indent + NARROWEST);
    let text = sanitize::for_terminal(text);
    let rows = text.lines().flat_map(|line| match width {
        Some(width) => text::lines(line, width - indent).into_iter().map(|row| row.into_owned()).collect(),
        None => vec![line.to_owned()],
    });
    rows.collect::<Vec<_>>().join(&format!("\n{}", text::blanks(indent)))
}

impl Row {
    fn cells(&self, now: Millis) -> [String; COLUMNS] {
        let none = || NONE.to_owned();
        [
            self.number.to_string(),
            self.at.map_or_else(none, |at| moment::short(at, now)),
            sanitize::for_terminal(&self.account).into_owned(),
            self.outcome.map_or_else(none, str::to_owned),
            self.duration.map_or_else(none, short),
        ]
    }
}

/// A length of time in at most six characters: `240ms`, `1.2s`, `3m05s`, `2h10m`.
fn short(length: Duration) -> String {
    let (millis, seconds) = (length.as_millis(), length.as_secs());
    match seconds {
        0 => format!("{millis}ms"),
        1..60 => format!("{seconds}.{}s", millis % 1000 / 100),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: i64, outcome: Option<&'static str>, millis: Option<u64>, text: &str) -> Row {
        let (at, duration) = (None, millis.map(Duration::from_millis));
        Row { number, at, account: "prod".into(), outcome, duration, text: text.into() }
    }

    #[test]
    fn the_columns_are_aligned_and_long_texts_stay_in_theirs() {
        let rows = [
            row(9, Some("done"), Some(240), "service.list"),
            row(10, None, None, "service.info name\n'a'"),
            row(11, Some("unknown"), Some(61_000), "dns.zone_record_create zone_id 17 name example type A"),
        ];
        let expected = "\
no.  time  account  outcome   took  line
  9  -     prod     done     240ms  service.list
 10  -     prod     -            -  service.info name
                                    'a'
 11  -     prod     unknown  1m01s  dns.zone_record_create zone_id 17
                                    name example type A
";
        assert_eq!(write(&rows, Some("line"), Some(72), 0), expected);
        let plain = write(&rows[2..], None, None, 0);
        assert_eq!(plain, format!("11  -  prod  unknown  1m01s  {}\n", rows[2].text));
        assert_eq!(write(&rows[2..], None, Some(40), 0), plain);
    }

    #[test]
    fn what_is_shown_cannot_command_the_terminal() {
        let evil = Row { account: "\u{1b}[2J".into(), ..row(1, None, None, "a \u{1b}]0;b\u{7}") };
        let shown = write(&[evil], None, None, 0);
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    }

    #[test]
    fn lengths_of_time_are_short() {
        for (millis, text) in
            [(0, "0ms"), (999, "999ms"), (1290, "1.2s"), (59_999, "59.9s"), (185_000, "3m05s"), (7_800_000, "2h10m")]
        {
            assert_eq!(short(Duration::from_millis(millis)), text);
        }
    }
}
