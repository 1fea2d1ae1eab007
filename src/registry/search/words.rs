//! Words as they are compared: small letters, without the endings of English.

use rust_stemmers::{Algorithm, Stemmer};

/// Cuts texts into stems.
pub(super) struct Stems {
    english: Stemmer,
}

impl Default for Stems {
    fn default() -> Stems {
        Stems { english: Stemmer::create(Algorithm::English) }
    }
}

impl Stems {
    /// The stem of a word.
    pub(super) fn of(&self, word: &str) -> String {
        self.english.stem(&word.to_lowercase()).into_owned()
    }

    /// The stems of all words of a text.
    pub(super) fn all(&self, text: &str) -> Vec<String> {
        words(text).map(|word| self.of(word)).collect()
    }
}

/// The words of a text or a name. A capital inside a word begins another: `listMethods` is two.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(humps).filter(|word| !word.is_empty())
}

/// The parts of a word that begin with a capital after a small letter.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut small = false;
        let cut =
            text.char_indices().find(|(_, c)| std::mem::replace(&mut small, c.is_lowercase()) && c.is_uppercase());
        let (part, left) = match cut {
            Some((at, _)) => (text.get(..at)?, text.get(at..)),
            None => (text, None),
        };
        rest = left;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_cut_into_words() {
        for (text, cut) in [
            ("dns.zone_record_create", &["dns", "zone", "record", "create"][..]),
            ("system.listMethods", &["system", "list", "Methods"]),
            ("vps.power-off", &["vps", "power", "off"]),
            ("cpuCount", &["cpu", "Count"]),
            ("IPv4 of a host's", &["IPv4", "of", "a", "host", "s"]),
            ("", &[]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), cut, "{text}");
        }
    }

    #[test]
    fn endings_do_not_count() {
        let stems = Stems::default();
        for (one, other) in [
            ("servers", "server"),
            ("rebooting", "reboot"),
            ("Deleted", "delete"),
            ("policies", "policy"),
            ("firewalling", "firewall"),
            ("addresses", "address"),
        ] {
            assert_eq!(stems.of(one), stems.of(other), "{one} {other}");
        }
        assert_ne!(stems.of("zone"), stems.of("zero"));
    }
}
