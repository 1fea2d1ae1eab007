//! Sections about parameters: `Args:` with rows that are moved in, as Google writes them, and `Parameters` over a line of
//! hyphens, as in NumPy.

use super::words::{parameter, type_of};
use crate::listed::Parameter;
use model::Type;

const HEADINGS: [&str; 6] = ["args", "arguments", "parameters", "params", "keyword args", "other parameters"];

/// The text without such a section, and the parameters in it.
pub(super) fn read(text: &str) -> (String, Vec<Parameter>) {
    let rows: Vec<&str> = text.lines().collect();
    let heading =
        rows.iter().position(|row| HEADINGS.contains(&row.trim().trim_end_matches(':').to_lowercase().as_str()));
    let Some(at) = heading else { return (text.to_owned(), Vec::new()) };
    let underlined = rows.get(at + 1).is_some_and(|row| is_rule(row));
    let first = if underlined { at + 2 } else { at + 1 };
    let body: Vec<&str> = rows.iter().skip(first).copied().collect();
    let (used, params) = match (underlined, rows.get(at).is_some_and(|row| row.trim().ends_with(':'))) {
        (true, _) => numpy(&body),
        (false, true) => google(&body),
        (false, false) => (0, Vec::new()),
    };
    if params.is_empty() {
        return (text.to_owned(), params);
    }
    let rest: Vec<&str> = rows.iter().take(at).chain(rows.iter().skip(first + used)).copied().collect();
    (rest.join("\n"), params)
}

fn is_rule(row: &str) -> bool {
    let row = row.trim();
    row.len() >= 3 && row.bytes().all(|byte| byte == b'-')
}

fn indent(row: &str) -> usize {
    row.len() - row.trim_start().len()
}

/// Rows such as `name (type): text`, all moved in by the same; what is moved in further goes on.
fn google(rows: &[&str]) -> (usize, Vec<Parameter>) {
    let own = rows.first().map_or(0, |row| indent(row));
    let mut params: Vec<(String, Type, String)> = Vec::new();
    let mut used = 0;
    for row in rows {
        if own == 0 || !row.trim().is_empty() && indent(row) < own {
            break;
        }
        used += 1;
        match (indent(row) == own, params.last_mut()) {
            (true, _) => match row.trim().split_once(':') {
                Some((head, about)) => {
                    let (name, type_) = head.split_once('(').unwrap_or((head, ""));
                    params.push((name.trim().to_owned(), type_of(type_.trim_end_matches(')')), about.to_owned()));
                }
                None => return (0, Vec::new()),
            },
            (false, Some((_, _, about))) => {
                about.push(' ');
                about.push_str(row.trim());
            }
            (false, None) => {}
        }
    }
    (used, params.iter().filter_map(|(name, type_, about)| parameter(name, type_.clone(), about)).collect())
}

/// Rows such as `name : type`, with the text moved in below each.
fn numpy(rows: &[&str]) -> (usize, Vec<Parameter>) {
    let mut params: Vec<(String, Type, String)> = Vec::new();
    let mut used = 0;
    for (nth, row) in rows.iter().enumerate() {
        // The heading of the next section.
        if rows.get(nth + 1).is_some_and(|next| is_rule(next)) {
            break;
        }
        used += 1;
        match (indent(row) == 0 && !row.trim().is_empty(), params.last_mut()) {
            (true, _) => {
                let (names, type_) = row.split_once(':').unwrap_or((row, ""));
                params.extend(names.split(',').map(|name| (name.trim().to_owned(), type_of(type_), String::new())));
            }
            (false, Some((_, _, about))) => {
                about.push(' ');
                about.push_str(row.trim());
            }
            (false, None) => {}
        }
    }
    (used, params.iter().filter_map(|(name, type_, about)| parameter(name, type_.clone(), about)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_alone_is_text() {
        for text in ["Args:", "Args:\nnot moved in: x", "Args:\n    words without a colon", "parameters", "No section"]
        {
            assert_eq!(read(text), (text.to_owned(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn sections_end_where_the_next_begins() {
        let (rest, params) = read("Args:\n  a: one\n  b: two\nAfter");
        assert_eq!((rest.as_str(), params.len()), ("After", 2));
        let (rest, params) = read("Parameters\n---\na, b : int\n   both\nReturns\n---\nc : int");
        assert_eq!((rest.as_str(), params.len()), ("Returns\n---\nc : int", 2));
    }
}
