//! The fields of dictionaries on a help page: what each is, and as many of them as a reader can take in.

use crate::engine::plan::parameter::{limits, listed};
use model::{Field, Spec};

/// How deep fields are listed at most: shapes may contain each other.
pub(super) const DEEPEST: usize = 4;

/// As many levels of fields as fit into a number of rows, but at least the first ones. Also whether some are left out.
pub(super) fn fitting(
    room: usize,
    least: usize,
    rows: impl Fn(usize) -> Vec<(String, String)>,
) -> (Vec<(String, String)>, bool) {
    let all = rows(DEEPEST);
    if all.len() <= room {
        return (all, false);
    }
    let fewer = (least..DEEPEST).rev().map(&rows).find(|rows| rows.len() <= room);
    let chosen = fewer.unwrap_or_else(|| rows(least));
    let left_out = chosen.len() < all.len();
    (chosen, left_out)
}

/// A type with a meaning, as far as there is one.
fn meant(type_: String, words: &[String]) -> String {
    if words.is_empty() { type_ } else { format!("{type_}: {}", words.join("; ")) }
}

/// A field of a parameter: whether it is required, and its type, meaning and limits in one line.
pub(super) fn describe_part(field: &Field) -> (&'static str, String) {
    let mut words: Vec<String> = Vec::new();
    words.extend((!field.summary.is_empty()).then(|| field.summary.clone()));
    if !field.choices.is_empty() {
        words.push(format!("one of {}", listed(&field.choices)));
    }
    words.extend(limits(&Spec::of_field(field)));
    if field.secret {
        words.push("secret".into());
    }
    let type_ = field.type_.to_string().replace('@', "");
    (if field.optional { "" } else { " *" }, meant(type_, &words))
}

/// A field of the result.
pub(super) fn describe_field(field: &Field) -> (&'static str, String) {
    let optional = if field.optional { ", may be missing" } else { "" };
    let secret = if field.secret { ", secret" } else { "" };
    let mut words: Vec<String> = Vec::new();
    words.extend((!field.summary.is_empty()).then(|| field.summary.clone()));
    words.extend((!field.choices.is_empty()).then(|| format!("one of {}", listed(&field.choices))));
    let type_ = format!("{}{optional}{secret}", field.type_.to_string().replace('@', ""));
    ("", meant(type_, &words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_from_the_inside() {
        let rows = |deepest: usize| vec![(String::new(), String::new()); 10_usize.pow(deepest as u32)];
        let count = |room: usize, least: usize| {
            let (rows, left_out) = fitting(room, least, rows);
            (rows.len(), left_out)
        };
        assert_eq!(count(10_000, 1), (10_000, false));
        assert_eq!(count(500, 1), (100, true));
        assert_eq!(count(5, 1), (10, true));
        assert_eq!(count(5, 0), (1, true));
    }

    #[test]
    fn a_field_without_a_meaning_has_a_type() {
        let field = |json: &str| -> Field { serde_json::from_str(json).unwrap() };
        for (json, part, shown) in [
            (r#"{"name":"a","type":"int"}"#, (" *", "int"), "int"),
            (
                r#"{"name":"a","type":"string","optional":true,"summary":"A","choices":["x"],"secret":true}"#,
                ("", "string: A; one of x; secret"),
                "string, may be missing, secret: A; one of x",
            ),
        ] {
            let (mark, words) = describe_part(&field(json));
            assert_eq!((mark, words.as_str()), part, "{json}");
            assert_eq!(describe_field(&field(json)).1, shown, "{json}");
        }
    }
}
