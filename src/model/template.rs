//! Templates of credentials: text with places in braces, such as `token:{key}`.

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it is sent.
    Text(&'t str),
    /// The place of a value with this name.
    Place(&'t str),
}

/// The pieces of a template, in order. Braces around anything but a word in lower case are text.
pub fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in template.match_indices('{') {
        let Some((name, _)) = template.get(at + 1..).and_then(|rest| rest.split_once('}')) else { break };
        if at < from || !is_name(name) {
            continue;
        }
        pieces.extend(template.get(from..at).filter(|text| !text.is_empty()).map(Piece::Text));
        pieces.push(Piece::Place(name));
        from = at + name.len() + 2;
    }
    pieces.extend(template.get(from..).filter(|text| !text.is_empty()).map(Piece::Text));
    pieces
}

/// The names of the places in a template.
pub fn places(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Place(name) => Some(name),
        Piece::Text(_) => None,
    })
}

/// Whether a word can be the name of a place: small letters, digits and `_`, the first being a letter.
pub fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_taken_apart() {
        use Piece::{Place, Text};
        for (template, parts) in [
            ("", vec![]),
            ("{key}", vec![Place("key")]),
            ("token:{key}", vec![Text("token:"), Place("key")]),
            ("{user}:{app_key2}!", vec![Place("user"), Text(":"), Place("app_key2"), Text("!")]),
            ("{a}{b}", vec![Place("a"), Place("b")]),
            ("{\"k\":\"{key}\"}", vec![Text("{\"k\":\""), Place("key"), Text("\"}")]),
            ("{Key} {} {2a} {a", vec![Text("{Key} {} {2a} {a")]),
            ("{{key}}", vec![Text("{"), Place("key"), Text("}")]),
        ] {
            assert_eq!(pieces(template), parts, "{template}");
        }
        assert_eq!(places("{a}:{b}").collect::<Vec<_>>(), ["a", "b"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(template in "[a-z{}:]{0,20}") {
            let back: String = pieces(&template).into_iter().map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Place(name) => format!("{{{name}}}"),
            }).collect();
            proptest::prop_assert_eq!(back, template);
        }
    }
}
