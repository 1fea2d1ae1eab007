//! Rows as blocks of names and values below each other, for people.

use std::borrow::Cow;
use std::io::{self, Write};

use super::columns::Columns;
use super::rows::Rows;
use super::sanitize::for_terminal;
use super::style::{Role, paint};
use super::view::View;
use super::{bare, cells, text};
use model::Value;

/// Spaces between a name and its value.
const GAP: usize = 2;
/// The least room for values, however narrow the screen.
const NARROWEST: usize = 16;

/// Writes a block for each row, separated by blank lines. Values are wrapped at spaces on a screen, and kept on one
/// line otherwise. A scalar row is written alone.
pub(super) fn write(rows: &Rows<'_>, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if rows.are_scalars() {
        return rows.rows.iter().try_for_each(|row| bare::write(row, view.style, out));
    }
    for (nth, row) in rows.rows.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        let columns = match rows.asked.is_empty() {
            true => Columns::of(std::slice::from_ref(row), &view.guide).and(&rows.more),
            false => Columns::asked(rows.asked.clone()),
        };
        block(row, &columns, view, out)?;
    }
    Ok(())
}

fn block(row: &Value, columns: &Columns, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let names = &columns.names;
    let shown: Vec<Cow<'_, str>> = names.iter().map(|name| for_terminal(name)).collect();
    let most = view.width.map_or(usize::MAX, |width| width / 2);
    let at = GAP + shown.iter().map(|name| text::width(name)).filter(|width| *width <= most).max().unwrap_or(0);
    for (name, shown) in names.iter().zip(&shown) {
        let value = columns.cell(row, name);
        let beside = |column: &str| columns.cell(row, column);
        let value = value.map(|value| cells::readable(value, name, (&view.guide, &beside), view.width.is_some()));
        let value = value.unwrap_or_default();
        let whole = view.guide.is_secret(name) || view.guide.is_epoch(name);
        let lines = match view.width.filter(|_| !whole) {
            Some(width) => text::lines(&value, width.saturating_sub(at).max(NARROWEST)),
            None => value.split('\n').map(Cow::Borrowed).collect(),
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

#[cfg(test)]
mod tests {
    use super::super::guide::tests::guide;
    use super::super::{Format, Style, render_all, view};
    use super::*;

    fn shown(json: &str, view: &View) -> String {
        let mut out = Vec::new();
        render_all(&[serde_json::from_str(json).unwrap()], view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn piped() -> View {
        View::of(Format::Record)
    }

    fn screen(width: usize) -> View {
        View { style: Style { colour: false, terminal: true }, width: Some(width), ..piped() }
    }

    #[test]
    fn names_are_beside_their_values() {
        let nested = r#"{"id":"x","disk":[{"id":1,"gb":[10,20]},{"id":2}],"net":{"ip":"192.0.2.1"},"none":null}"#;
        for (json, view, text) in [
            (nested, piped(), "id      x\ndisk    id: 1, gb: [10, 20]; id: 2\nnet.ip  192.0.2.1\nnone\n".to_owned()),
            (
                nested,
                screen(80),
                "id      x\ndisk    id: 1, gb: [10, 20]\n        id: 2\nnet.ip  192.0.2.1\nnone\n".to_owned(),
            ),
            (r#"[{"a":1},{"b":2,"long":3}]"#, piped(), "a  1\n\nb     2\nlong  3\n".to_owned()),
            (r#"[{"a":"x\ny\u001b"}]"#, piped(), "a  x\\ny\\u{1b}\n".to_owned()),
            (r#"["a",1]"#, piped(), "a\n1\n".to_owned()),
            ("12.30", piped(), "12.30\n".to_owned()),
            ("[]", piped(), String::new()),
        ] {
            assert_eq!(shown(json, &view), text, "{json}");
        }
    }

    #[test]
    fn values_are_wrapped_and_never_cut() {
        let id = "37605271-d650-4d8e-a0b0-ad46b25d0952";
        let json = format!(r#"{{"id":"{id}","an_overlong_name_of_one":"a b","note":"one two three four five six"}}"#);
        let text =
            format!("id    {id}\nan_overlong_name_of_one\n      a b\nnote  one two three four five\n      six\n");
        assert_eq!(shown(&json, &screen(32)), text);
        let secret = View { guide: guide(r#"{"name":"node.one","returns":"@node"}"#), ..screen(20) };
        assert_eq!(shown(r#"{"key":"one two three four five"}"#, &secret), "key  one two three four five\n");
        assert_eq!(shown(r#"{"born":0,"id":1}"#, &secret), "id    1\nborn  1970-01-01 00:00:00Z\n");
    }

    #[test]
    fn rows_are_chosen_from() {
        let chosen = View { columns: view::columns("b,a"), sort: view::sort_keys("-a"), ..piped() };
        assert_eq!(shown(r#"[{"a":1,"b":"x"},{"a":2}]"#, &chosen), "b\na  2\n\nb  x\na  1\n");
    }
}
