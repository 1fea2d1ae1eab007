//! Rows in columns, for people: a row is a line.
//!
//! Ids, addresses, secrets, dates and numbers are never cut, so that they can be copied from the screen. Texts and
//! lists are shortened if there is no room for them. If there is no room for all columns, whole ones are left out and
//! named in a note, the least important first; if the first does not fit beside another one, the rows are shown as
//! records.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cells;
use super::columns::Columns;
use super::content::Content;
use super::fit::{self, GAP, Wish};
use super::guide::Currency;
use super::rows::Rows;
use super::sanitize::for_terminal;
use super::style::{Role, paint};
use super::view::{Note, View};
use super::{bare, record, text};
use model::{Unit, Value};

/// A table never has more columns than this, however wide the screen.
const MOST: usize = 500;

/// Writes rows below a header line. On a screen, a lone dictionary is shown as a record; a lone scalar is shown by
/// itself.
pub(super) fn write(rows: &Rows<'_>, view: &View, out: &mut dyn Write) -> io::Result<Vec<Note>> {
    match rows.rows.as_slice() {
        [one] if rows.single && rows.are_scalars() => return bare::write(one, view.style, out).map(|()| Vec::new()),
        [_] if is_record(rows, view) => return record::write(rows, view, out).map(|()| Vec::new()),
        _ => {}
    }
    let Some(layout) = Layout::of(rows, view) else {
        return record::write(rows, view, out).map(|()| vec![Note::AsRecords]);
    };
    if view.header && !layout.shown.is_empty() {
        line(layout.shown.iter().map(|(column, width)| column.head(*width)), Some(Role::Head), view, out)?;
    }
    for row in 0..rows.rows.len() {
        line(layout.shown.iter().map(|(column, width)| column.body(row, *width)), None, view, out)?;
    }
    let Layout { no_room, others, .. } = layout;
    Ok(if no_room.is_empty() && others.is_empty() { Vec::new() } else { vec![Note::LeftOut { no_room, others }] })
}

/// Whether any of the values that are shown is a secret.
pub(super) fn shows_secrets(rows: &Rows<'_>, view: &View) -> bool {
    let layout = if is_record(rows, view) { None } else { Layout::of(rows, view) };
    layout.is_none_or(|layout| layout.shown.iter().any(|(column, _)| column.secret))
}

/// A lone dictionary on a screen.
fn is_record(rows: &Rows<'_>, view: &View) -> bool {
    rows.single && rows.rows.len() == 1 && rows.asked.is_empty() && view.width.is_some()
}

/// A table whose rows come page by page: the first page decides about its columns and their widths.
pub struct Sheet {
    columns: Columns,
    /// The names of the columns that are shown, with their widths.
    shown: Vec<(String, usize)>,
    ranked: bool,
}

impl Sheet {
    /// Writes the header and the rows of the first page. `None` if they are better shown in another way, when nothing is
    /// written.
    pub fn begin(page: &[Value], view: &View, out: &mut dyn Write) -> io::Result<Option<(Sheet, Vec<Note>)>> {
        let mut rows = Rows::of(page, &view.guide);
        let mut notes = rows.arrange(view);
        let Some(layout) = Layout::of(&rows, view).filter(|layout| !layout.shown.is_empty()) else { return Ok(None) };
        let shown = layout.shown.iter().map(|(column, width)| (column.key.clone(), *width)).collect();
        let sheet = Sheet { columns: rows.columns(&view.guide), shown, ranked: layout.ranked };
        if view.header {
            line(layout.shown.iter().map(|(column, width)| column.head(*width)), Some(Role::Head), view, out)?;
        }
        for row in 0..rows.rows.len() {
            line(layout.shown.iter().map(|(column, width)| column.body(row, *width)), None, view, out)?;
        }
        let Layout { no_room, others, .. } = layout;
        if !no_room.is_empty() || !others.is_empty() {
            notes.push(Note::LeftOut { no_room, others });
        }
        Ok(Some((sheet, notes)))
    }

    /// Writes the rows of a further page. What is too long for its column, and may not be shortened, moves the rest of
    /// its row.
    pub fn more(&self, page: &[Value], view: &View, out: &mut dyn Write) -> io::Result<()> {
        let rows = Rows::of(page, &view.guide);
        let named = self.shown.iter().enumerate();
        let column = |(index, (name, width)): (usize, &(String, usize))| {
            (Column::new((index, name), &self.columns, &rows, (view, self.ranked)), *width)
        };
        let shown: Vec<(Column, usize)> = named.map(column).collect();
        let row = |row| line(shown.iter().map(|(column, width)| column.body(row, *width)), None, view, out);
        (0..rows.rows.len()).try_for_each(row)
    }
}

/// What a table consists of.
struct Layout {
    /// The columns that are shown, with their widths.
    shown: Vec<(Column, usize)>,
    /// The names of those that would be shown if there were room.
    no_room: Vec<String>,
    /// The names of those that matter less.
    others: Vec<String>,
    /// The order of the columns is that of their importance.
    ranked: bool,
}

impl Layout {
    /// `None` if the rows are better shown as records.
    fn of(rows: &Rows<'_>, view: &View) -> Option<Layout> {
        let all = rows.columns(&view.guide);
        let (names, others) = chosen(&all, rows, view);
        if names.len() > MOST {
            return None;
        }
        let ranked = !others.is_empty() || !view.guide.columns().is_empty();
        let named = names.iter().enumerate();
        let columns: Vec<Column> =
            named.map(|(index, name)| Column::new((index, name), &all, rows, (view, ranked))).collect();
        let widths = widths(&columns, view);
        let key_fits = !matches!(widths.first(), Some(None));
        let (mut shown, mut no_room) = (Vec::new(), Vec::new());
        for (column, width) in columns.into_iter().zip(widths) {
            match width {
                // What is shortened may be narrower than its room.
                Some(width) => {
                    let width = column.used(width, view.header);
                    shown.push((column, width));
                }
                None => no_room.push(column.name),
            }
        }
        let cramped = shown.len() < 2 || !rows.asked.is_empty() || view.all || !key_fits;
        if !no_room.is_empty() && cramped {
            return None;
        }
        let others = others.into_iter().map(|name| for_terminal(name).into_owned()).collect();
        Some(Layout { shown, no_room, others, ranked })
    }
}

/// The columns that a table has, and those that it has not because they matter less: requested ones, or those that the
/// catalogue names, or all.
fn chosen<'c>(all: &'c Columns, rows: &Rows<'_>, view: &View) -> (Vec<&'c str>, Vec<&'c str>) {
    let names = || all.names.iter().map(String::as_str);
    let known = |name: &String| view.guide.columns().contains(name);
    if !rows.asked.is_empty() || view.all || !all.names.iter().any(known) {
        return (names().collect(), Vec::new());
    }
    let of_guide = view.guide.columns().iter().filter_map(|column| names().find(|name| name == column));
    let more = names().filter(|name| rows.more.iter().any(|more| more == name) && !known(&(*name).to_owned()));
    let shown: Vec<&str> = of_guide.chain(more).collect();
    let with_sums = |name: &str| {
        let of = |sum: &&str| view.guide.currency(sum) == Some(&Currency::Column(name.to_owned()));
        shown.iter().any(of)
    };
    let is_filled =
        |name: &str| rows.rows.iter().any(|row| all.cell(row, name).is_some_and(|value| is_value(value, name, view)));
    let others = names().filter(|name| !shown.contains(name) && !with_sums(name) && is_filled(name)).collect();
    (shown, others)
}

/// Whether a value is more than a placeholder for "none".
fn is_value(value: &Value, column: &str, view: &View) -> bool {
    match value {
        Value::Null => false,
        Value::Text(text) => !text.is_empty() && !view.guide.is_empty(column, value),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => !map.is_empty(),
        other => !view.guide.is_empty(column, other),
    }
}

/// The width of each column; `None` where the screen has no room for it.
fn widths(columns: &[Column], view: &View) -> Vec<Option<usize>> {
    let wishes: Vec<Wish> = columns.iter().map(|column| column.wish(view.header)).collect();
    match view.width {
        Some(room) => fit::widths(&wishes, room),
        None => wishes.iter().map(|wish| Some(wish.natural)).collect(),
    }
}

/// A column with the content of each row.
struct Column {
    /// As the rows have it.
    key: String,
    /// As it is shown.
    name: String,
    cells: Vec<Content>,
    /// It contains only numbers.
    right: bool,
    /// At least one of its values is secret.
    secret: bool,
    tier: usize,
}

/// The content of one row in one column.
struct Cell<'c> {
    lines: Vec<Cow<'c, str>>,
    width: usize,
    right: bool,
}

impl Column {
    /// The column of that name and position. If the columns are `ranked`, their order is that of their importance.
    fn new((index, name): (usize, &str), all: &Columns, rows: &Rows<'_>, (view, ranked): (&View, bool)) -> Column {
        let on_screen = view.width.is_some();
        let guide = &view.guide;
        let content = |row: &Cow<'_, Value>| {
            let value = all.cell(row, name).filter(|value| is_value(value, name, view) || !guide.is_empty(name, value));
            let beside = |column: &str| all.cell(row, column);
            value.map(|value| cells::content(value, name, (guide, &beside), on_screen)).unwrap_or_default()
        };
        let cells: Vec<Content> = rows.rows.iter().map(content).collect();
        let values = || rows.rows.iter().filter_map(|row| all.cell(row, name)).filter(|value| **value != Value::Null);
        let counted = guide.unit(name).is_some_and(Unit::counts);
        let number = |value: &Value| matches!(value, Value::Int(_) | Value::Decimal(_)) || counted;
        let tier = match cells.iter().all(Content::is_empty) {
            _ if !rows.asked.is_empty() || rows.more.iter().any(|more| more == name) => 0,
            true if index > 0 || !ranked => fit::EMPTY,
            _ if ranked => index,
            _ => fit::tier(index, name, values().any(cells::is_nested)),
        };
        Column {
            key: name.to_owned(),
            name: for_terminal(name).replace(['\n', '\t'], " "),
            right: !guide.is_epoch(name) && values().next().is_some() && values().all(number),
            secret: values().any(cells::holds_secret),
            cells,
            tier,
        }
    }

    fn wish(&self, header: bool) -> Wish {
        let natural = self.cells.iter().map(Content::natural).max().unwrap_or(0);
        let least = self.cells.iter().map(Content::least).max().unwrap_or(0);
        let (widest, least_name) = match header {
            true => (text::width(&self.name), fit::least_for_name(&self.name)),
            false => (0, 0),
        };
        Wish { natural: natural.max(widest), least: least.max(least_name), tier: self.tier }
    }

    /// How much of a width it uses.
    fn used(&self, width: usize, header: bool) -> usize {
        let lines = |cell: &Cell<'_>| cell.lines.iter().map(|line| text::width(line)).max().unwrap_or(0);
        let body = (0..self.cells.len()).map(|row| lines(&self.body(row, width))).max().unwrap_or(0);
        if header { body.max(fit::least_for_name(&self.name)).max(lines(&self.head(width))) } else { body }
    }

    fn head(&self, width: usize) -> Cell<'_> {
        let lines = fit::name_lines(&self.name, width, text::ellipsis()).into_iter().map(Cow::Owned).collect();
        Cell { lines, width, right: self.right }
    }

    fn body(&self, row: usize, width: usize) -> Cell<'_> {
        let text = self.cells.get(row).map_or(Cow::Borrowed(""), |content| content.in_width(width));
        Cell { lines: vec![text], width, right: self.right }
    }
}

/// Writes the cells of one row beside each other, over as many lines as the tallest takes; names are at the bottom.
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
            let above = height - cell.lines.len();
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
