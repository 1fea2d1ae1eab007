//! The list that Tab shows: it always fits the screen, so that the editor asks nothing while showing it. The rows are
//! built here; the line editor only prints them.

use crate::complete::{Candidate, covers};
use crate::render::{sanitize, text};

/// Rows kept free: that of the line itself, and the one at which the editor stops.
const FREE: usize = 2;
/// A list of fewer rows is of no use.
const FEWEST: usize = 2;
/// Columns between two names.
const GAP: usize = 2;

/// The candidates to show, in the editor's form, for a screen of `width` columns and `height` rows. `typed` is the word
/// so far.
///
/// Each result is one row to show and one replacement for the word. The editor inserts the common beginning of all
/// replacements, unless that would lose typed text: names may match by other letters than their first ones.
pub(super) fn listing(candidates: Vec<Candidate>, typed: &str, (width, height): (usize, usize)) -> Vec<Candidate> {
    let clean = |candidate: Candidate| {
        let summary = text::own(&sanitize::for_terminal(&candidate.summary)).replace(['\n', '\t'], " ");
        let name = candidate.name.map(|name| sanitize::for_terminal(&name).replace(['\n', '\t'], " "));
        Candidate { summary, name, ..candidate }
    };
    let candidates: Vec<Candidate> =
        candidates.into_iter().filter(|one| !one.insert.contains(sanitize::is_hidden)).map(clean).collect();
    let alike = candidates.iter().all(|candidate| candidate.answer().starts_with(typed));
    if let [only] = candidates.as_slice() {
        let insert = match () {
            () if only.whole => format!("{} ", only.insert),
            () if alike => only.insert.clone(),
            () => typed.to_owned(),
        };
        return vec![Candidate { insert, ..only.clone() }];
    }
    let insert =
        if alike || covers(common(&candidates), typed) { continued(&candidates, typed) } else { typed.to_owned() };
    let room = height.saturating_sub(FREE);
    let rows =
        if room < FEWEST && !candidates.is_empty() { vec![String::new()] } else { rows(&candidates, width, room) };
    rows.into_iter().map(|row| Candidate { insert: insert.clone(), summary: row, ..Candidate::default() }).collect()
}

/// The typed text with what all of them have in common. A name is not continued where it would need quotes.
fn continued(candidates: &[Candidate], typed: &str) -> String {
    let common = common(candidates);
    let is_name = candidates.iter().any(|candidate| candidate.by_name);
    if is_name && lang::written(common) != common { typed.to_owned() } else { common.to_owned() }
}

/// The common beginning of all of them. The account of another account's method is only shown in the list; in the line
/// it would replace the typed text.
fn common(candidates: &[Candidate]) -> &str {
    let first = candidates.first().map_or("", Candidate::answer);
    candidates.iter().fold(first, |so_far, candidate| {
        let mut ends = so_far.char_indices().map(|(at, c)| at + c.len_utf8());
        let alike = ends.by_ref().take_while(|end| candidate.answer().get(..*end) == so_far.get(..*end)).last();
        so_far.get(..alike.unwrap_or(0)).unwrap_or("")
    })
}

/// Names with their summaries if there is a row for each; otherwise only names, side by side; the last row counts those
/// left out.
fn rows(candidates: &[Candidate], width: usize, room: usize) -> Vec<String> {
    let width = width.saturating_sub(GAP);
    let widest = candidates.iter().map(|candidate| text::width(candidate.shown())).max().unwrap_or(0);
    let columns = ((width + GAP) / (widest + GAP)).max(1);
    if candidates.len() <= room || columns == 1 {
        let shown = if candidates.len() <= room { candidates.len() } else { room - 1 };
        // The editor puts narrow rows side by side, which would mix up objects.
        let objects = candidates.iter().any(|candidate| candidate.name.is_some());
        let told = candidates.iter().take(shown).map(|candidate| {
            let pad = text::blanks(widest - text::width(candidate.shown()));
            let row = format!("{}{pad}  {}", candidate.shown(), candidate.summary);
            let row = text::cut_end(row.trim_end(), width).into_owned();
            let pad = text::blanks(if objects { width.saturating_sub(text::width(&row)) } else { 0 });
            row + &pad
        });
        return told.chain(rest(candidates.len() - shown, width)).collect();
    }
    let (shown, height) = match candidates.len().div_ceil(columns) {
        height if height <= room => (candidates.len(), height.max(FEWEST)),
        _ => ((room - 1) * columns, room - 1),
    };
    let row = |row: usize| {
        let names = (0..columns).filter_map(|column| candidates.get(..shown)?.get(column * height + row));
        let cells =
            names.map(|one| format!("{}{}", one.shown(), text::blanks(widest + GAP - text::width(one.shown()))));
        let row = cells.collect::<String>();
        // As wide as the screen: the editor puts narrow rows side by side.
        let row = text::cut_end(row.trim_end(), width).into_owned();
        let pad = text::blanks(width.saturating_sub(text::width(&row)));
        row + &pad
    };
    (0..height).map(row).chain(rest(candidates.len() - shown, width)).collect()
}

fn rest(left: usize, width: usize) -> Option<String> {
    (left > 0).then(|| text::cut_end(&text::own(&format!("… and {left} more: type on")), width).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let one = |name: &&str| Candidate {
            insert: (*name).into(),
            summary: format!("about {name}"),
            whole: true,
            ..Candidate::default()
        };
        names.iter().map(one).collect()
    }

    fn shown(names: &[&str], typed: &str, size: (usize, usize)) -> (Vec<String>, String) {
        let listed = listing(candidates(names), typed, size);
        let insert = listed.first().map(|one| one.insert.clone()).unwrap_or_default();
        assert!(listed.iter().all(|one| one.insert == insert), "{listed:?}");
        (listed.iter().map(|one| one.summary.trim_end().to_owned()).collect(), insert)
    }

    #[test]
    fn a_list_fits_the_screen() {
        for (names, typed, size, rows, insert) in [
            (&["a.b"][..], "a", (40, 24), &["about a.b"][..], "a.b "),
            (&["ab.c", "ab.d"], "a", (40, 24), &["ab.c  about ab.c", "ab.d  about ab.d"], "ab."),
            (&["ab.cd", "ab.ce"], "a.c", (40, 24), &["ab.cd  about ab.cd", "ab.ce  about ab.ce"], "ab.c"),
            (&["ab.cd", "ab.ce"], "a.c.x", (40, 24), &["ab.cd  about ab.cd", "ab.ce  about ab.ce"], "a.c.x"),
            (&["x.abc", "y.abc"], "abc", (40, 24), &["x.abc  about x.abc", "y.abc  about y.abc"], "abc"),
            (&["é", "è"], "", (40, 24), &["é  about é", "è  about è"], ""),
            (&["aa", "ab", "ac"], "a", (40, 4), &["aa  ac", "ab"], "a"),
            (&["aa", "ab", "ac", "ad", "ae"], "a", (14, 4), &["aa  ac  ae", "ab  ad"], "a"),
            (&["aa", "ab", "ac", "ad", "ae", "af", "ag"], "a", (24, 3), &[""], "a"),
            (&["a1", "a2", "a3", "a4", "a5", "a6", "a7"], "a", (14, 4), &["a1  a2  a3", "… and 4 mor…"], "a"),
            (&["aaaaaa", "aaaaab", "aaaaac"], "a", (24, 4), &["aaaaaa  aaaaac", "aaaaab"], "aaaaa"),
            (&["aaaaaa", "aaaaab", "aaaaac"], "a", (13, 4), &["aaaaaa  ab…", "… and 2 mo…"], "aaaaa"),
            (&["aa", "ab"], "", (40, 3), &[""], "a"),
            (&["aa", "ab"], "", (0, 0), &[""], "a"),
            (&[], "a", (40, 24), &[], ""),
        ] {
            let wanted = (rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>(), insert.to_owned());
            assert_eq!(shown(names, typed, size), wanted, "{names:?} {size:?}");
        }
    }

    #[test]
    fn nothing_that_controls_a_terminal_is_listed() {
        let one = |insert: &str, summary: &str| Candidate {
            insert: insert.into(),
            summary: summary.into(),
            whole: true,
            ..Candidate::default()
        };
        let listed = listing(vec![one("a", "x\u{1b}[2J\ny\u{202e}"), one("b", ""), one("c\u{1b}", "")], "", (80, 24));
        let shown: Vec<&str> = listed.iter().map(|one| one.summary.as_str()).collect();
        assert_eq!(shown, ["a  x\\u{1b}[2J y\\u{202e}", "b"]);
    }

    #[test]
    fn an_object_is_listed_by_its_name_and_inserted_by_its_id() {
        let one = |id: &str, name: &str| Candidate {
            insert: id.into(),
            summary: "d9…  3 min".into(),
            whole: true,
            name: Some(name.into()),
            by_name: true,
            ..Candidate::default()
        };
        let listed = |candidates, typed: &str| {
            let rows: Vec<Candidate> = listing(candidates, typed, (80, 24));
            (
                rows.first().map(|row| row.insert.clone()).unwrap_or_default(),
                rows.last().map(|row| row.summary.trim_end().to_owned()),
            )
        };
        assert_eq!(listed(vec![one("d908", "shop")], "sh").0, "d908 ");
        let two = || vec![one("d908", "shop.a"), one("5", "shop.bcd")];
        assert_eq!(listed(two(), "sh"), ("shop.".into(), Some("shop.bcd  d9…  3 min".into())));
        // In other letters than the typed ones, and a name that would need quotes.
        assert_eq!(listed(two(), "SH").0, "shop.");
        assert_eq!(listed(vec![one("1", "my shop"), one("2", "my shed")], "m").0, "m");
    }

    proptest::proptest! {
        #[test]
        fn any_list_fits_any_screen(
            count in 0..400_usize, length in 1..30_usize, width in 0..200_usize, height in 0..80_usize,
        ) {
            let names: Vec<String> = (0..count).map(|at| format!("{at:0length$}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let listed = listing(candidates(&names), "", (width, height));
            proptest::prop_assert!(listed.len() <= height.saturating_sub(FREE).max(1));
            proptest::prop_assert!(listed.iter().all(|one| text::width(&one.summary) <= width.max(1) || count == 1));
            // A single row would be inserted as the completion.
            proptest::prop_assert!(count < 2 || listed.len() > 1 || listed[0].summary.is_empty());
        }
    }
}
