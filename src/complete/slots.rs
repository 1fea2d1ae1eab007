//! `| each`, and the fields of the members that a call after it can use.

use super::candidate::Candidate;
use super::cursor::{Cursor, Place};
use super::params;
use lang::Line;
use registry::Registry;

/// The word `each`, after a `|` that ends a line.
pub(super) fn each(cursor: &Cursor<'_>) -> Vec<Candidate> {
    let begins =
        cursor.place == Place::File && cursor.piped && cursor.source.is_none() && Line::EACH.starts_with(cursor.word);
    let candidate = || Candidate::new(Line::EACH, "a call for each member of the result");
    if begins { vec![candidate()] } else { Vec::new() }
}

/// The fields that the members of the result have, by the catalogue.
pub(super) fn fields(cursor: &Cursor<'_>, registry: &Registry) -> Vec<Candidate> {
    let Some(source) = cursor.source else { return Vec::new() };
    let before = Cursor::of(source, source.len());
    let Some(method) = before.method(registry) else { return Vec::new() };
    let fields = params::result_fields(&method, before.source(registry));
    let spelt = |(name, summary): (&str, &str)| (format!("{{{name}}}"), summary.to_owned());
    let found = fields.into_iter().map(spelt).filter(|(text, _)| text.starts_with(cursor.word));
    found.map(|(text, summary)| Candidate::new(text, summary)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_comes_after_a_pipe_only() {
        for (line, offered) in [
            ("x |", true),
            ("x | ", true),
            ("x | ea", true),
            ("x | each", true),
            ("x | eb", false),
            ("x > ", false),
            ("x |! ", false),
            ("x | each y | ", false),
            ("x | each y", false),
        ] {
            assert_eq!(!each(&Cursor::of(line, line.len())).is_empty(), offered, "{line}");
        }
    }

    #[test]
    fn the_line_before_is_known() {
        for (line, source) in [
            ("x a b | each y c ", Some("x a b ")),
            ("z; x | each work:y c {", Some("x ")),
            ("x | each", None),
            ("x | each y; z a ", None),
            ("x a ", None),
        ] {
            assert_eq!(Cursor::of(line, line.len()).source, source, "{line}");
        }
    }
}
