//! How a result is to be looked at: its format, which columns in which order, and for what screen.

use std::fmt;

use super::guide::Guide;
use super::{Format, Style};

/// All that decides about the bytes of a result beside the result itself.
#[derive(Clone, Debug)]
pub struct View {
    /// What it is written as.
    pub format: Format,
    /// Colours, and whether a terminal reads it.
    pub style: Style,
    /// The columns of rows in this order, as dotted paths: `id`, `disk.0.sizeGb`. Empty means all.
    pub columns: Vec<String>,
    /// What rows are sorted by, the first one first.
    pub sort: Vec<SortKey>,
    /// Whether a line of names is above rows.
    pub header: bool,
    /// Columns of the screen; `None` where nothing limits a line.
    pub width: Option<usize>,
    /// What is known of the result beforehand.
    pub guide: Guide,
}

impl Default for View {
    fn default() -> View {
        View {
            format: Format::default(),
            style: Style::default(),
            columns: Vec::new(),
            sort: Vec::new(),
            header: true,
            width: None,
            guide: Guide::default(),
        }
    }
}

impl View {
    /// Everything in a format, as a file takes it.
    pub fn of(format: Format) -> View {
        View { format, ..View::default() }
    }

    /// Whether rows have to be chosen from or put in order first.
    pub fn arranges(&self) -> bool {
        !self.columns.is_empty() || !self.sort.is_empty()
    }

    /// Whether a result can be written while it arrives.
    pub fn streams(&self) -> bool {
        self.format.streams() && !self.arranges()
    }
}

/// One column that rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Its dotted path.
    pub column: String,
    /// The largest first.
    pub down: bool,
}

/// The columns of a text like `id,name,ip.0`. Blanks around a name and empty names vanish.
pub fn columns(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The columns of a text like `state,-created`, to sort by.
pub fn sort_keys(text: &str) -> Vec<SortKey> {
    let key = |name: String| match name.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => SortKey { column: rest.to_owned(), down: true },
        _ => SortKey { column: name, down: false },
    };
    columns(text).into_iter().map(key).collect()
}

/// What there is to say about a result that was written, for the other stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// No row has a column that was asked for.
    NoColumn {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        hint: Option<String>,
    },
    /// The screen had no room for these columns.
    LeftOut(Vec<String>),
    /// No two columns fit beside each other.
    AsRecords,
    /// There is nothing to show.
    NoRows,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::NoColumn { name, hint: None } => write!(f, "note: no row has a column `{name}`"),
            Note::NoColumn { name, hint: Some(hint) } => write!(f, "note: no row has a column `{name}`; {hint}"),
            Note::LeftOut(names) => {
                let names = grouped(names);
                let s = if matches!(names.as_slice(), [one] if !one.ends_with('*')) { "" } else { "s" };
                let names = names.join(", ");
                write!(f, "note: no room for the column{s} {names}; --columns chooses, -o record shows all")
            }
            Note::AsRecords => f.write_str("note: too wide for a table here, so it is shown as -o record"),
            Note::NoRows => f.write_str("note: no rows"),
        }
    }
}

/// The names of columns, those inside one dictionary as one: `backup.*`.
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
    fn notes_name_what_is_missing() {
        for (note, words) in [
            (
                Note::NoColumn { name: "nmae".into(), hint: Some("did you mean name?".into()) },
                "note: no row has a column `nmae`; did you mean name?",
            ),
            (Note::NoColumn { name: "x".into(), hint: None }, "note: no row has a column `x`"),
            (
                Note::LeftOut(["a", "b.c", "d.e", "d.f.g"].map(str::to_owned).to_vec()),
                "note: no room for the columns a, b.c, d.*; --columns chooses, -o record shows all",
            ),
        ] {
            assert_eq!(note.to_string(), words);
        }
    }
}
