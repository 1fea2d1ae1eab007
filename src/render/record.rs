//! Rows as blocks of names and values below each other, for people.

use std::borrow::Cow;
use std::io::{self, Write};

use super::rows::{self, Rows, cell};
use super::sanitize::for_terminal;
use super::style::{Role, paint};
use super::view::View;
use super::{bare, cells, text};
use crate::model::Value;

/// Blanks between a name and its value.
const GAP: usize = 2;
/// However narrow the screen, values keep this much.
const NARROWEST: usize = 16;

/// Writes a block for each row, a blank line between two. Values are wrapped at blanks on a screen, and on one line
/// otherwise. A row that is a scalar is itself.
pub(super) fn write(rows: &Rows<'_>, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if rows.are_scalars() {
        return rows.rows.iter().try_for_each(|row| bare::write(row, view.style, out));
    }
    for (nth, row) in rows.rows.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        let own = || rows::all_columns(std::slice::from_ref(row), &view.guide);
        let names = if rows.asked.is_empty() { Cow::Owned(own()) } else { Cow::Borrowed(&rows.asked) };
        block(row, &names, view, out)?;
    }
    Ok(())
}

fn block(row: &Value, names: &[String], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<Cow<'_, str>> = names.iter().map(|name| for_terminal(name)).collect();
    let most = view.width.map_or(usize::MAX, |width| width / 2);
    let at = GAP + shown.iter().map(|name| text::width(name)).filter(|width| *width <= most).max().unwrap_or(0);
    for (name, shown) in names.iter().zip(&shown) {
        let value = cell(row, name);
        let value = value.map(|value| cells::readable(value, name, &view.guide, view.width.is_some()));
        let value = value.unwrap_or_default();
        let lines = match view.width {
            Some(width) if !view.guide.is_secret(name) => text::lines(&value, width.saturating_sub(at).max(NARROWEST)),
            _ => value.split('\n').map(Cow::Borrowed).collect(),
        };
        write!(out, "{}", paint(Role::Key, shown, view.style.colour))?;
        let beside = at.checked_sub(text::width(shown)).filter(|beside| *beside >= GAP);
        for (nth, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            match beside {
                Some(beside) if nth == 0 => write!(out, "{:1$}{line}", "", beside)?,
                _ => write!(out, "\n{:1$}{line}", "", at)?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
