//! What a screen can show beside letters, as far as its environment says, and what its answer says to the question for
//! its device attributes.

/// What a screen can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ability {
    /// Characters beyond ASCII: blocks and dots.
    pub unicode: bool,
    /// How it shows pictures.
    pub pictures: Pictures,
}

/// How a screen shows pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// Not at all.
    #[default]
    None,
    /// By kitty's protocol, which takes PNG.
    Kitty,
    /// By iTerm2's protocol, which takes PNG, JPEG and GIF.
    Iterm,
    /// As sixels, each six pixels high.
    Sixel,
    /// As blocks in two colours each.
    Blocks {
        /// In all colours, not only in 256.
        deep: bool,
    },
}

impl Ability {
    /// What a screen with these variables can show. The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set names the
    /// character set.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Ability {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&variable).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let unicode = ["utf-8", "utf8"].iter().any(|name| locale.contains(name));
        Ability { unicode, pictures: pictures(unicode, variable) }
    }

    /// The same for a screen that may show sixels. It is asked only if the environment names nothing better than blocks.
    pub fn unless_sixel(self, asks: impl FnOnce() -> bool) -> Ability {
        let undecided = matches!(self.pictures, Pictures::None | Pictures::Blocks { .. });
        if undecided && asks() { Ability { pictures: Pictures::Sixel, ..self } } else { self }
    }
}

/// Whether an answer to the question for the primary device attributes (DA1) names sixels: `ESC [ ? 62 ; 4 ; 22 c`. The first
/// number is the kind of the terminal, and 4 among the others is "sixel graphics" (VT220 and later, and xterm's list of
/// control sequences).
pub fn names_sixel(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let listed = text.split_once("[?").and_then(|(_, rest)| rest.split_once('c'));
    listed.is_some_and(|(numbers, _)| numbers.split(';').skip(1).any(|number| number == "4"))
}

/// The beginnings of `TERM` of terminals that show sixels whatever their settings are.
const SIXEL: [&str; 5] = ["foot", "mlterm", "yaft", "contour", "xterm-sixel"];
/// The first version of Konsole that shows sixels, as `KONSOLE_VERSION` has it: 22.04.
const KONSOLE: u32 = 220_400;

/// How a screen shows pictures. Inside tmux or screen, the protocols of the terminal around them do not work.
fn pictures(unicode: bool, variable: impl Fn(&str) -> Option<String>) -> Pictures {
    let is = |name: &str, values: &[&str]| variable(name).is_some_and(|value| values.contains(&value.as_str()));
    let terminal = variable("TERM").unwrap_or_default();
    let inside = variable("TMUX").is_some() || ["screen", "tmux"].iter().any(|name| terminal.starts_with(name));
    let kitty = variable("KITTY_WINDOW_ID").is_some() || ["xterm-kitty", "xterm-ghostty"].contains(&terminal.as_str());
    if kitty && !inside {
        return Pictures::Kitty;
    }
    if (is("TERM_PROGRAM", &["iTerm.app", "WezTerm"]) || is("LC_TERMINAL", &["iTerm2"])) && !inside {
        return Pictures::Iterm;
    }
    let konsole = variable("KONSOLE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let sixel = SIXEL.iter().any(|name| terminal.starts_with(name))
        || is("TERM_PROGRAM", &["mintty"])
        || konsole.is_some_and(|version| version >= KONSOLE);
    if sixel && !inside {
        return Pictures::Sixel;
    }
    let deep = is("COLORTERM", &["truecolor", "24bit"]);
    if unicode && (deep || terminal.ends_with("256color")) { Pictures::Blocks { deep } } else { Pictures::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_asked_only_where_the_environment_does_not_decide() {
        let of = |pictures| Ability { unicode: true, pictures };
        for (pictures, answer, found) in [
            (Pictures::None, true, Pictures::Sixel),
            (Pictures::None, false, Pictures::None),
            (Pictures::Blocks { deep: true }, true, Pictures::Sixel),
            (Pictures::Blocks { deep: true }, false, Pictures::Blocks { deep: true }),
        ] {
            assert_eq!(of(pictures).unless_sixel(|| answer).pictures, found);
        }
        for pictures in [Pictures::Kitty, Pictures::Iterm, Pictures::Sixel] {
            assert_eq!(of(pictures).unless_sixel(|| unreachable!()).pictures, pictures);
        }
    }

    #[test]
    fn an_answer_names_sixels_or_not() {
        for (answer, found) in [
            ("\x1b[?62;4;6;22c", true),
            ("\x1b[?1;2;4c", true),
            ("x\x1b[?64;4c", true),
            ("\x1b[?4;1c", false),
            ("\x1b[?62;14;44c", false),
            ("\x1b[?6c", false),
            ("\x1b[?62;4", false),
            ("", false),
        ] {
            assert_eq!(names_sixel(answer.as_bytes()), found, "{answer}");
        }
    }

    #[test]
    fn the_environment_says_what_a_screen_can_show() {
        let (none, some) = (Pictures::None, Pictures::Blocks { deep: false });
        for (set, unicode, pictures) in [
            (&[("LANG", "en_GB.UTF-8")][..], true, none),
            (&[("LC_CTYPE", "C.utf8"), ("LANG", "C")], true, none),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8"), ("TERM", "xterm-256color")], false, none),
            (&[("LANG", "de_DE.ISO-8859-1")], false, none),
            (&[("LANG", "C.UTF-8"), ("TERM", "xterm-256color")], true, some),
            (&[("LANG", "C.UTF-8"), ("COLORTERM", "truecolor")], true, Pictures::Blocks { deep: true }),
            (&[("TERM", "xterm-kitty")], false, Pictures::Kitty),
            (&[("KITTY_WINDOW_ID", "1")], false, Pictures::Kitty),
            (&[("KITTY_WINDOW_ID", "1"), ("TMUX", "x"), ("LANG", "C.UTF-8"), ("TERM", "tmux-256color")], true, some),
            (&[("TERM_PROGRAM", "iTerm.app")], false, Pictures::Iterm),
            (&[("TERM_PROGRAM", "vscode")], false, none),
            (&[("TERM", "foot-extra")], false, Pictures::Sixel),
            (&[("TERM_PROGRAM", "mintty"), ("TERM", "xterm-256color")], false, Pictures::Sixel),
            (&[("KONSOLE_VERSION", "220401")], false, Pictures::Sixel),
            (&[("KONSOLE_VERSION", "211203"), ("TERM", "xterm")], false, none),
            (&[("TERM", "foot"), ("TMUX", "x")], false, none),
            (&[], false, none),
        ] {
            let variable = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Ability::of(variable), Ability { unicode, pictures }, "{set:?}");
        }
    }
}
