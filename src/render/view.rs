//! How a result is shown: its format, which columns in which order, and the width of the screen.

use std::fmt;

use super::ability::Ability;
use super::guide::Guide;
use super::{Format, Style};
use model::Chart;

/// Everything except the result itself that determines the output.
#[derive(Clone, Debug)]
pub struct View {
    /// The output format.
    pub format: Format,
    /// Colours, and whether it goes to a terminal.
    pub style: Style,
    /// The columns of rows in this order, as dotted paths: `id`, `disk.0.sizeGb`. Empty means all.
    pub columns: Vec<String>,
    /// Columns in addition to those that a table has by itself.
    pub more: Vec<String>,
    /// A table has all columns, not only those that matter most.
    pub all: bool,
    /// The sort keys of rows, the first one first.
    pub sort: Vec<SortKey>,
    /// Whether rows have a header line.
    pub header: bool,
    /// No cell of CSV or TSV can be taken for a formula.
    pub safe: bool,
    /// CSV begins with a byte order mark.
    pub bom: bool,
    /// The width of the screen in columns; `None` if lines are not limited.
    pub width: Option<usize>,
    /// What is known about the result in advance.
    pub guide: Guide,
    /// How the catalogue would draw it. A filter does not change this: it holds where the fields are still there.
    pub chart: Option<Chart>,
    /// What the screen can show.
    pub ability: Ability,
}

impl Default for View {
    fn default() -> View {
        View {
            format: Format::default(),
            style: Style::default(),
            columns: Vec::new(),
            more: Vec::new(),
            all: false,
            sort: Vec::new(),
            header: true,
            safe: false,
            bom: false,
            width: None,
            guide: Guide::default(),
            chart: None,
            ability: Ability::default(),
        }
    }
}

impl View {
    /// Everything in a format, as it is written to a file.
    pub fn of(format: Format) -> View {
        View { format, ..View::default() }
    }

    /// Whether rows must be selected or sorted first.
    pub fn arranges(&self) -> bool {
        !self.columns.is_empty() || !self.more.is_empty() || !self.sort.is_empty()
    }

    /// Whether a result can be written without a tree of all of it: rows are not sorted, and columns are chosen for rows
    /// only.
    pub fn streams(&self) -> bool {
        self.format.streams() && self.sort.is_empty() && (!self.format.is_document() || !self.arranges())
    }

    /// Whether a result that is written while it comes is the same as one that was read first, also if a dictionary of
    /// it has a name twice.
    pub fn merges(&self) -> bool {
        !self.format.is_document() || self.direct().is_some()
    }

    /// Whether the text of a value does not depend on what is around it, but for how deep it is.
    pub fn joins(&self) -> bool {
        self.direct().is_some() && !self.arranges()
    }

    /// How JSON for no terminal is divided into lines.
    pub(super) fn direct(&self) -> Option<Lines> {
        match self.format {
            _ if self.style != Style::default() => None,
            Format::Json => Some(Lines::Spread),
            Format::Jsonl => Some(Lines::EachMember),
            _ => None,
        }
    }
}

/// How a JSON document is divided into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// One line per member at any depth.
    Spread,
    /// One line per member of the outermost list, whose brackets are not written.
    EachMember,
}

/// One column by which rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Its dotted path.
    pub column: String,
    /// Descending order.
    pub down: bool,
}

/// The columns in a text like `id,name,ip.0`. Spaces around names, and empty names, are dropped.
pub fn columns(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The word for all columns.
const ALL: &str = "all";

impl View {
    /// With the columns that a text asks for: `id,name` for just those, `+name` for one more, `all` for all. A column
    /// that begins with a plus makes all of them additional.
    pub fn with_columns(mut self, text: &str) -> View {
        let names = columns(text);
        let added = |name: &String| name.strip_prefix('+').unwrap_or(name).trim().to_owned();
        if names.iter().all(|name| name.eq_ignore_ascii_case(ALL)) {
            self.all = !names.is_empty();
        } else if names.iter().any(|name| name.starts_with('+')) {
            self.more = names.iter().map(added).filter(|name| !name.is_empty()).collect();
        } else {
            self.columns = names;
        }
        self
    }
}

/// The sort keys in a text like `state,-created`.
pub fn sort_keys(text: &str) -> Vec<SortKey> {
    let key = |name: String| match name.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => SortKey { column: rest.to_owned(), down: true },
        _ => SortKey { column: name, down: false },
    };
    columns(text).into_iter().map(key).collect()
}

/// A remark about a result that was written, for the other stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// No row has a requested column.
    NoColumn {
        /// The requested name.
        name: String,
        /// The name that may have been meant.
        hint: Option<String>,
    },
    /// A table does not have all columns.
    LeftOut {
        /// The screen had no room for these.
        no_room: Vec<String>,
        /// These are not among those that matter most.
        others: Vec<String>,
    },
    /// No two columns fit beside each other, so records are shown.
    AsRecords,
    /// There is nothing to show.
    NoRows,
    /// These series are not in the chart.
    NotDrawn(Vec<String>),
    /// Many rows were put aside until all had come, because their columns are known only then.
    Late,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::NoColumn { name, hint: None } => write!(f, "note: no row has a column `{name}`"),
            Note::NoColumn { name, hint: Some(hint) } => write!(f, "note: no row has a column `{name}`; {hint}"),
            Note::LeftOut { no_room, others } => {
                let (missed, others) = (grouped(no_room), grouped(others));
                let head = if missed.is_empty() { "not shown:" } else { "no room for" };
                let named = if missed.is_empty() { &others } else { &missed };
                let all = missed.len() + others.len();
                // It takes no more room to name the last one than to count it.
                let named = named.get(..if named.len() == all && all == FEW + 1 { all } else { named.len().min(FEW) });
                let named = named.unwrap_or_default();
                write!(f, "note: {head} {}", named.join(", "))?;
                match all - named.len() {
                    0 => {}
                    1 => f.write_str(" and 1 more column")?,
                    rest => write!(f, " and {rest} more columns")?,
                }
                f.write_str("; --columns chooses, -o record shows all")
            }
            Note::AsRecords => f.write_str("note: too wide for a table here, so it is shown as -o record"),
            Note::NoRows => f.write_str("note: no rows"),
            Note::Late => f.write_str(
                "note: rows waited in a temporary file for the last one, since their columns are known only then; \
                 with --columns they are written as they come",
            ),
            Note::NotDrawn(names) => {
                let shown = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = match names.len().saturating_sub(MOST_NAMES) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                write!(f, "note: only 6 series are drawn, without {shown}{more}; --columns chooses")
            }
        }
    }
}

/// The most columns that a note names if they are not missed.
const FEW: usize = 6;
/// The most names in a note about series.
const MOST_NAMES: usize = 4;

/// The names of columns, with those inside one dictionary combined: `backup.*`.
fn grouped(names: &[String]) -> Vec<String> {
    let group = |name: &str| name.split_once('.').map(|(outer, _)| format!("{outer}.*"));
    let mut out: Vec<String> = Vec::new();
    for name in names {
        let many =
            group(name).filter(|mine| names.iter().filter(|other| group(other).as_ref() == Some(mine)).count() > 1);
        let name = many.unwrap_or_else(|| name.clone());
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_commas() {
        assert_eq!(columns(" id, name ,,ip.0,"), ["id", "name", "ip.0"]);
        let keys = sort_keys("-created,id, -");
        let keys: Vec<_> = keys.iter().map(|key| (key.column.as_str(), key.down)).collect();
        assert_eq!(keys, [("created", true), ("id", false), ("-", false)]);
    }

    #[test]
    fn columns_are_chosen_added_or_all() {
        for (text, columns, more, all) in [
            ("id, name", &["id", "name"][..], &[][..], false),
            ("all", &[], &[], true),
            ("All", &[], &[], true),
            ("all,id", &["all", "id"], &[], false),
            ("+os", &[], &["os"], false),
            ("+os, ip.0, +", &[], &["os", "ip.0"], false),
            (" , ", &[], &[], false),
        ] {
            let view = View::default().with_columns(text);
            assert_eq!((view.columns, view.more, view.all), (strings(columns), strings(more), all), "{text}");
        }
    }

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn left_out(no_room: &[&str], others: &[&str]) -> Note {
        Note::LeftOut { no_room: strings(no_room), others: strings(others) }
    }

    #[test]
    fn notes_name_what_is_missing() {
        for (note, words) in [
            (
                Note::NoColumn { name: "nmae".into(), hint: Some("did you mean name?".into()) },
                "note: no row has a column `nmae`; did you mean name?",
            ),
            (Note::NoColumn { name: "x".into(), hint: None }, "note: no row has a column `x`"),
            (
                left_out(&["a", "b.c", "d.e", "d.f.g"], &[]),
                "note: no room for a, b.c, d.*; --columns chooses, -o record shows all",
            ),
            (left_out(&["a"], &["b"]), "note: no room for a and 1 more column; --columns chooses, -o record shows all"),
            (left_out(&[], &["a", "b"]), "note: not shown: a, b; --columns chooses, -o record shows all"),
            (
                left_out(&[], &["a", "b", "c", "d", "e", "f", "g", "h"]),
                "note: not shown: a, b, c, d, e, f and 2 more columns; --columns chooses, -o record shows all",
            ),
        ] {
            assert_eq!(note.to_string(), words);
        }
    }
}
