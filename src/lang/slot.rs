//! `{name.path}`: a field of the member for which a call after `| each` is made.

use super::path::segments;
use super::{Item, Line, Piece, Segment, SyntaxError, Tag, TagKind, Word};
use model::Span;

/// A field of a member, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// As typed, including the brackets.
    pub text: String,
    /// The path from the member to the field; empty for all of it.
    pub path: Vec<Segment>,
    /// Where it is.
    pub span: Span,
}

impl Slot {
    /// The field that a word of such a call names; `None` when the word is text. A field is a whole word, so that a
    /// bracket in any other place is refused unless it is quoted.
    pub fn of(word: &Word) -> Option<Result<Slot, SyntaxError>> {
        if !word.pieces.iter().any(|piece| !piece.quoted && piece.text.contains('{')) {
            return None;
        }
        let (text, span) = (word.text(), word.span);
        let [Piece { quoted: false, .. }] = word.pieces.as_slice() else { return Some(Err(partly(text, span))) };
        let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let Some(inside) = inside.filter(|inside| !inside.contains(['{', '}'])) else {
            return Some(Err(partly(text, span)));
        };
        Some(match segments(inside) {
            Ok(path) => Ok(Slot { path, span, text }),
            Err((reason, at)) => Err(SyntaxError::BadSlot { span: word.part(at + 1..text.len()), text, reason }),
        })
    }
}

fn partly(text: String, span: Span) -> SyntaxError {
    SyntaxError::BadSlot { text, reason: "a field in brackets is a whole value or a whole member of a list", span }
}

impl Line {
    /// What is wrong with the first bracket that is no field, if any is.
    pub fn bad_slot(&self) -> Option<SyntaxError> {
        let is_json = |item: &&Item| matches!(item.tag, Some(Tag { kind: TagKind::Json, .. }));
        let words = self.items.iter().filter(|item| !is_json(item)).flat_map(|item| item.word.members());
        words.filter_map(|word| Slot::of(&word)?.err()).next()
    }

    /// The fields that the values of a line name, each once and in order.
    pub fn slots(&self) -> Vec<Slot> {
        let mut found: Vec<Slot> = Vec::new();
        let words = self.items.iter().flat_map(|item| item.word.members());
        for slot in words.filter_map(|word| Slot::of(&word)?.ok()) {
            if !found.iter().any(|known| known.path == slot.path) {
                found.push(slot);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parse;
    use model::Diagnostic;

    /// The value of a call as the parts of its path; `text` if it is no field.
    fn shown(value: &str) -> Result<String, (String, String)> {
        let text = format!("x | each y n {value}");
        let lines = parse(&text).unwrap();
        let Some(slot) = Slot::of(&lines[0].each.as_ref().unwrap().items[1].word) else { return Ok("text".into()) };
        let slot = slot.map_err(|error| (text[error.span().unwrap().range()].to_owned(), error.to_string()))?;
        let parts = slot.path.iter().map(|segment| match segment {
            Segment::Key(key) => format!("'{key}"),
            Segment::Index(index) => index.to_string(),
        });
        Ok(parts.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_bare_word_in_brackets_is_a_field() {
        for (value, path) in [
            ("{id}", "'id"),
            ("{a.b}", "'a 'b"),
            ("{a[0].b-c}", "'a 0 'b-c"),
            ("{a[b.c]}", "'a 'b.c"),
            ("{}", ""),
            ("(int){id}", "'id"),
            ("'{id}'", "text"),
            ("\\{id}", "text"),
            ("id", "text"),
            ("id}", "text"),
        ] {
            assert_eq!(shown(value), Ok(path.to_owned()), "{value}");
        }
    }

    #[test]
    fn anything_else_with_a_bracket_is_refused_where_it_is_wrong() {
        for (value, wrong, reason) in [
            ("{a.}", ".}", "a key is missing"),
            ("{.a}", ".a}", "a key is missing"),
            ("{a", "{a", "whole value"),
            ("a{b}", "a{b}", "whole value"),
            ("{a}b", "{a}b", "whole value"),
            ("{a}'b'", "{a}'b'", "whole value"),
            ("{a}{b}", "{a}{b}", "whole value"),
            ("{{a}}", "{{a}}", "whole value"),
        ] {
            let (place, message) = shown(value).unwrap_err();
            assert!(message.contains(reason), "{value}: {message}");
            assert_eq!(place, wrong, "{value}");
            let line = parse(&format!("x | each y n {value}")).unwrap().remove(0);
            assert!(line.each.unwrap().bad_slot().is_some(), "{value}");
        }
    }

    #[test]
    fn the_fields_of_a_call_are_known() {
        let text = "x a {no} | each y a {id} b (list){c.d}, e, {id} d '{f}' g h";
        let each = parse(text).unwrap().remove(0).each.unwrap();
        assert_eq!(each.slots().iter().map(|slot| slot.text.as_str()).collect::<Vec<_>>(), ["{id}", "{c.d}"]);
        let each = parse("x | each y a {b},{c}").unwrap().remove(0).each.unwrap();
        assert_eq!(each.slots().iter().map(|slot| slot.text.as_str()).collect::<Vec<_>>(), ["{b}", "{c}"]);
    }

    proptest! {
        #[test]
        fn every_word_is_a_field_text_or_an_error_inside_the_line(value in "[{}a-c.,\\[\\]0' -]{1,12}") {
            if let Ok(lines) = parse(&format!("x | each y n {value}")) {
                for line in lines.iter().filter_map(|line| line.each.as_ref()) {
                    for word in line.items.iter().map(|item| &item.word) {
                        match Slot::of(word) {
                            None => {
                                let mut bare = word.pieces.iter().filter(|piece| !piece.quoted);
                                let has_bracket = bare.any(|piece| piece.text.contains('{'));
                                prop_assert!(!has_bracket);
                            }
                            Some(Ok(slot)) => prop_assert_eq!(slot.text.len(), word.text().len()),
                            Some(Err(error)) => prop_assert!(error.span().unwrap().end <= value.len() + 15),
                        }
                    }
                }
            }
        }
    }
}
