//! A first line that looks like the definition of a function in Python: `name(a, b=1, *more)`.

use super::words::{parameter, type_of};
use crate::listed::Parameter;
use model::Type;

/// The parameters of the definition, if the first line is one and nothing else, and the text without it.
pub(super) fn definition(text: &str) -> (Option<Vec<Parameter>>, String) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match params(first) {
        Some(params) => (Some(params), rest.trim_start_matches('\n').to_owned()),
        None => (None, text.to_owned()),
    }
}

fn params(row: &str) -> Option<Vec<Parameter>> {
    let (name, rest) = row.trim().strip_prefix("def ").unwrap_or(row.trim()).split_once('(')?;
    let is_name = |c: char| c.is_alphanumeric() || "_.".contains(c);
    let (inside, behind) = rest.rsplit_once(')')?;
    let ends = behind.trim_start().trim_end_matches(':');
    if name.is_empty() || !name.chars().all(is_name) || !(ends.is_empty() || ends.starts_with("->")) {
        return None;
    }
    let pieces = pieces(inside);
    let given =
        pieces.iter().map(|piece| piece.trim()).filter(|piece| !matches!(*piece, "" | "self" | "cls" | "*" | "/"));
    let kept = given.filter(|piece| !piece.starts_with("**"));
    kept.map(one).collect()
}

fn one(piece: &str) -> Option<Parameter> {
    let (head, default) = piece.split_once('=').map_or((piece, None), |(head, default)| (head, Some(default.trim())));
    let (name, annotation) = head.split_once(':').unwrap_or((head, ""));
    let type_ = match type_of(annotation) {
        Type::Any => default.map(guessed).unwrap_or_default(),
        type_ => type_,
    };
    let param = parameter(name.trim(), type_, "")?;
    Some(Parameter { required: default.is_none() && !param.variadic, ..param })
}

/// The type of a default value, where it has only one.
fn guessed(default: &str) -> Type {
    if ["True", "False"].contains(&default) { Type::Boolean } else { Type::Any }
}

/// The parts between the commas that are in no brackets and no quotes.
fn pieces(inside: &str) -> Vec<String> {
    let (mut out, mut depth, mut quote) = (vec![String::new()], 0_usize, None);
    for c in inside.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_a_line_of_its_own() {
        for (row, names) in [
            ("f()", Some("")),
            ("a.b(x, y='1, 2', z=[1, 2], *more, **named)", Some("x! y z more")),
            ("def f(self, x: dict[str, int] = {}) -> None:", Some("x")),
            ("f(a, *, b)", Some("a! b!")),
            ("Words (in brackets) go on", None),
            ("f(1, 2)", None),
            ("f(a", None),
            ("two words(a)", None),
            ("", None),
        ] {
            let shown = params(row).map(|params| {
                let name = |it: &Parameter| it.name.clone() + if it.required { "!" } else { "" };
                params.iter().map(name).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.as_deref(), names, "{row}");
        }
    }
}
