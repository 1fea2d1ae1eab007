//! What a screen can show beside letters, as far as its environment says.

/// What a screen can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ability {
    /// Characters beyond ASCII: blocks and dots.
    pub unicode: bool,
}

impl Ability {
    /// What a screen with these variables can show: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set names the
    /// character set.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Ability {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&variable).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        Ability { unicode: ["utf-8", "utf8"].iter().any(|name| locale.contains(name)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_names_the_character_set() {
        for (set, unicode) in [
            (&[("LANG", "en_GB.UTF-8")][..], true),
            (&[("LC_CTYPE", "C.utf8"), ("LANG", "C")], true),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], false),
            (&[("LANG", "de_DE.ISO-8859-1")], false),
            (&[], false),
        ] {
            let variable = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Ability::of(variable).unicode, unicode, "{set:?}");
        }
    }
}
