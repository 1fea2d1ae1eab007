//! Rows in columns, for people.
//!
//! Nothing in a table is ever cut: texts are wrapped at spaces, so that an id, an address or a secret can be copied in
//! full. If the screen has no room for all columns, whole ones are left out and named in a note; if the first does not
//! fit beside another one, the rows are shown as records. When not on a screen nothing is wrapped: a row is a line.

use std::borrow::Cow;
use std::io::{self, Write};

use super::columns::Columns;
use super::fit::{self, GAP, Wish};
use super::rows::Rows;
use super::sanitize::for_terminal;
use super::style::{Role, paint};
use super::view::{Note, View};
use super::{bare, cells, record, text};
use model::Value;

/// A table never has more columns than this, however wide the screen.
const MOST: usize = 500;
/// The smallest width of a column of free text.
const LEAST_TEXT: usize = 12;

/// Writes rows below a header line. On a screen, a lone dictionary is shown as a record; a lone scalar is shown by
/// itself.
pub(super) fn write(rows: &Rows<'_>, view: &View, out: &mut dyn Write) -> io::Result<Vec<Note>> {
    let all = rows.columns(&view.guide);
    let names = &all.names;
    match rows.rows.as_slice() {
        [one] if rows.single && rows.are_scalars() => return bare::write(one, view.style, out).map(|()| Vec::new()),
        [_] if rows.single && rows.asked.is_empty() && view.width.is_some() => {
            return record::write(rows, view, out).map(|()| Vec::new());
        }
        _ => {}
    }
    let columns: Vec<Column> =
        names.iter().take(MOST).enumerate().map(|(index, name)| Column::new((index, name), &all, rows, view)).collect();
    let widths = widths(&columns, view);
    let (shown, left_out): (Vec<_>, Vec<_>) = columns.iter().zip(&widths).partition(|(_, width)| width.is_some());
    let cramped = shown.len() < 2 || !rows.asked.is_empty() || widths.first() == Some(&None);
    if names.len() > MOST || !left_out.is_empty() && cramped {
        return record::write(rows, view, out).map(|()| vec![Note::AsRecords]);
    }
    let shown: Vec<(&Column, usize)> =
        shown.into_iter().filter_map(|(column, width)| Some((column, (*width)?))).collect();
    if view.header && !shown.is_empty() {
        line(shown.iter().map(|(column, width)| column.head(*width)), Some(Role::Head), view, out)?;
    }
    for row in 0..rows.rows.len() {
        line(shown.iter().map(|(column, width)| column.body(row, *width)), None, view, out)?;
    }
    let left_out: Vec<String> = left_out.into_iter().map(|(column, _)| column.name.clone()).collect();
    Ok(if left_out.is_empty() { Vec::new() } else { vec![Note::LeftOut(left_out)] })
}

/// The width of each column; `None` where the screen has no room for it.
fn widths(columns: &[Column], view: &View) -> Vec<Option<usize>> {
    let wishes: Vec<Wish> = columns.iter().map(|column| column.wish(view.header)).collect();
    match view.width {
        Some(room) => fit::widths(&wishes, room),
        None => wishes.iter().map(|wish| Some(wish.natural)).collect(),
    }
}

/// A column with the text of each row.
struct Column {
    name: String,
    cells: Vec<String>,
    /// It contains only numbers.
    right: bool,
    /// Its content is only broken at its own line feeds.
    whole: bool,
    tier: u8,
}

/// The content of one row in one column.
struct Cell<'c> {
    lines: Vec<Cow<'c, str>>,
    width: usize,
    right: bool,
    /// Blank lines come above it, not below.
    above: bool,
}

impl Column {
    fn new((index, name): (usize, &str), all: &Columns, rows: &Rows<'_>, view: &View) -> Column {
        let values: Vec<Option<&Value>> = rows.rows.iter().map(|row| all.cell(row, name)).collect();
        let text = |value: &Option<&Value>| {
            value.map(|value| cells::readable(value, name, &view.guide, view.width.is_some())).unwrap_or_default()
        };
        let cells: Vec<String> = values.iter().map(text).collect();
        let there: Vec<&Value> = values.into_iter().flatten().filter(|value| **value != Value::Null).collect();
        let all = |test: fn(&Value) -> bool| !there.is_empty() && there.iter().all(|value| test(value));
        let epoch = view.guide.is_epoch(name);
        Column {
            name: for_terminal(name).replace(['\n', '\t'], " "),
            right: !epoch && all(|value| matches!(value, Value::Int(_) | Value::Decimal(_))),
            whole: epoch || view.guide.is_secret(name) || all(|value| matches!(value, Value::Date(_))),
            tier: match cells.iter().all(String::is_empty) {
                _ if !rows.asked.is_empty() => 0,
                true => fit::EMPTY,
                false => fit::tier(index, name, there.iter().any(|value| cells::is_nested(value))),
            },
            cells,
        }
    }

    fn wish(&self, header: bool) -> Wish {
        let widest = |text: &String| text.split('\n').map(text::width).max().unwrap_or(0);
        let natural = self.cells.iter().map(widest).max().unwrap_or(0);
        let word = self.cells.iter().map(|text| text::longest_word(text)).max().unwrap_or(0);
        let least = if self.whole { natural } else { word.max(natural.min(LEAST_TEXT)) };
        match header {
            true => Wish {
                natural: natural.max(text::width(&self.name)),
                least: least.max(fit::least_for_name(&self.name)),
                tier: self.tier,
            },
            false => Wish { natural, least, tier: self.tier },
        }
    }

    fn head(&self, width: usize) -> Cell<'_> {
        let lines = fit::name_lines(&self.name, width).into_iter().map(Cow::Owned).collect();
        Cell { lines, width, right: self.right, above: true }
    }

    fn body(&self, row: usize, width: usize) -> Cell<'_> {
        let text = self.cells.get(row).map_or("", String::as_str);
        let lines = match self.whole || text::width(text) <= width && !text.contains('\n') {
            true => text.split('\n').map(Cow::Borrowed).collect(),
            false => text::lines(text, width),
        };
        Cell { lines, width, right: self.right, above: false }
    }
}

/// Writes the cells of one row beside each other, over as many lines as the tallest takes.
fn line<'c>(
    cells: impl Iterator<Item = Cell<'c>>,
    role: Option<Role>,
    view: &View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells: Vec<Cell<'c>> = cells.collect();
    let height = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    for nth in 0..height {
        // Spaces are held back until something follows them.
        let mut blanks = 0;
        for (place, cell) in cells.iter().enumerate() {
            blanks += if place == 0 { 0 } else { GAP };
            let above = if cell.above { height - cell.lines.len() } else { 0 };
            let text = nth.checked_sub(above).and_then(|nth| cell.lines.get(nth)).map_or("", |line| line);
            let beside = cell.width.saturating_sub(text::width(text));
            if text.is_empty() {
                blanks += beside;
                continue;
            }
            let (before, behind) = if cell.right { (beside, 0) } else { (0, beside) };
            let painted = role.map_or(Cow::Borrowed(text), |role| paint(role, text, view.style.colour));
            write!(out, "{:1$}{painted}", "", blanks + before)?;
            blanks = behind;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
