//! What a screen can show beside letters, as far as its environment says. A terminal is never asked: one that does not
//! answer would have to be waited for.

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
}

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
    let deep = is("COLORTERM", &["truecolor", "24bit"]);
    if unicode && (deep || terminal.ends_with("256color")) { Pictures::Blocks { deep } } else { Pictures::None }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (&[], false, none),
        ] {
            let variable = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Ability::of(variable), Ability { unicode, pictures }, "{set:?}");
        }
    }
}
