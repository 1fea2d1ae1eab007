//! What answers showed, without anything that is known to be secret.

use history::{Object, Sighting};
use model::Redactor;
use model::secret::REDACTED;

/// The same without the objects whose id is secret, and without the names that are.
pub(crate) fn only(mut sighting: Sighting, redactor: &Redactor) -> Sighting {
    // A search takes its time, and nearly always there is nothing to find.
    let texts: Vec<&str> = sighting.seen.iter().flat_map(|object| [&*object.key, &*object.label]).collect();
    let texts = texts.join("\n");
    if redactor.foreign(&texts) == texts {
        return sighting;
    }
    sighting.seen.retain(|object| is_public(&object.key, redactor));
    for Object { label, .. } in &mut sighting.seen {
        if !is_public(label, redactor) {
            label.clear();
        }
    }
    sighting
}

/// Whether there is no secret in a text, and the text is not a piece of one.
pub(crate) fn is_public(text: &str, redactor: &Redactor) -> bool {
    redactor.find(text).is_empty() && (text.is_empty() || redactor.foreign(text) != REDACTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_left() {
        let mut redactor = Redactor::default();
        redactor.learn_text("canary-77");
        redactor.learn_text("pin5");
        let object = |key: &str, label: &str| Object { kind: "k".into(), key: key.into(), label: label.into() };
        let account = history::Account { provider: "p".into(), host: "h".into(), profile: None, id: None };
        let seen = vec![
            object("1", "shop"),
            object("canary-77", "x"),
            object("2", "has canary-77"),
            object("3", "pin5"),
            object("ary-77", ""),
        ];
        let sighting = Sighting { account, at: 1, list: None, whole_since: None, seen, gone: vec![] };
        let left = only(sighting, &redactor).seen;
        assert_eq!(left, [object("1", "shop"), object("2", ""), object("3", "")]);
    }
}
