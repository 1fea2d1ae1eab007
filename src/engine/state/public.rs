//! What answers showed, without anything that is known to be secret.

use std::borrow::Cow;

use history::{Object, Sighting};
use model::Redactor;
use model::secret::REDACTED;

/// The same without the objects whose id is secret, and without the names that are.
pub(crate) fn only<'s>(sighting: &'s Sighting, redactor: &Redactor) -> Cow<'s, Sighting> {
    // A search takes its time, and nearly always there is nothing to find.
    let texts = |object: &'s Object| {
        let within = object.within.iter().map(|(_, key)| key.as_str());
        [&*object.key, &*object.label].into_iter().chain(within)
    };
    if are_public(sighting.seen.iter().flat_map(texts), redactor) {
        return Cow::Borrowed(sighting);
    }
    let mut sighting = sighting.clone();
    sighting.seen.retain(|object| is_public(&object.key, redactor));
    for Object { label, within, .. } in &mut sighting.seen {
        if !is_public(label, redactor) {
            label.clear();
        }
        within.retain(|(_, key)| is_public(key, redactor));
    }
    Cow::Owned(sighting)
}

/// Whether a search of each text finds nothing. Otherwise some of them may still be public. One search of all of them
/// would miss what is a piece of a secret only as a whole text.
fn are_public<'t>(mut texts: impl Iterator<Item = &'t str>, redactor: &Redactor) -> bool {
    texts.all(|text| matches!(redactor.foreign(text), Cow::Borrowed(_)))
}

/// Whether there is no secret in a text, and the text is not a piece of one.
pub(crate) fn is_public(text: &str, redactor: &Redactor) -> bool {
    redactor.find(text).is_empty() && (text.is_empty() || redactor.foreign(text) != REDACTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Pieces of a secret in several notations, beside what may continue or end one.
        #[test]
        fn what_is_passed_is_no_secret_and_no_piece_of_one(
            secret in r"[a-c1-3\\|&;%.]{3,20}|[0-9a-f]{32}",
            texts in proptest::collection::vec(
                (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6, "[a-c1 \\\\&%.|]{0,3}"), 0..6),
        ) {
            let texts: Vec<String> = texts.iter().map(|(from, to, how, beside)| {
                let piece = secret.get(from.index(secret.len())..=to.index(secret.len())).unwrap_or(&secret);
                match how {
                    0 => format!("{beside}{piece}"),
                    1 => format!("{piece}{beside}"),
                    2 => piece.bytes().map(|byte| format!("{byte:02x}")).collect(),
                    3 => piece.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>() + beside,
                    4 => piece.bytes().map(|byte| format!("{byte},")).collect(),
                    _ => piece.chars().map(|c| format!("&#{}", u32::from(c))).collect::<String>() + beside,
                }
            }).collect();
            let mut redactor = Redactor::default();
            redactor.learn_text(&secret);
            if are_public(texts.iter().map(String::as_str), &redactor) {
                for text in &texts {
                    prop_assert!(is_public(text, &redactor) && redactor.foreign(text) == *text, "{} in {:?}", secret, texts);
                }
            }
        }
    }

    #[test]
    fn nothing_secret_is_left() {
        let mut redactor = Redactor::default();
        redactor.learn_text("canary-77");
        redactor.learn_text("pin5");
        let inside = |key: &str| vec![("z".to_owned(), key.to_owned())];
        let object = |key: &str, label: &str| Object {
            kind: "k".into(),
            key: key.into(),
            label: label.into(),
            within: Vec::new(),
        };
        let account = history::Account { provider: "p".into(), host: "h".into(), profile: None, id: None };
        let seen = vec![
            object("1", "shop"),
            object("canary-77", "x"),
            object("2", "has canary-77"),
            object("3", "pin5"),
            object("ary-77", ""),
            Object { within: [inside("pin5"), inside("9")].concat(), ..object("4", "") },
        ];
        let sighting = Sighting { account, at: 1, list: None, whole_since: None, seen, gone: vec![] };
        let left = only(&sighting, &redactor);
        let last = Object { within: inside("9"), ..object("4", "") };
        assert_eq!(left.seen, [object("1", "shop"), object("2", ""), object("3", ""), last]);
    }
}
