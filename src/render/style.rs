//! The few colours of the program, by what they mark. No other file writes a colour.
//!
//! Only named colours, bold and dim are used: terminals map those to shades that are readable on their own background,
//! dark or light. Yellow and white are not used because they vanish on paper-white, nor is dark blue because it
//! vanishes on black.

use std::borrow::Cow;

use nu_ansi_term::{Color, Prefix, Style as Ink, Suffix};

/// How output is adapted to its destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub colour: bool,
    /// Whether it goes to a terminal, so that control characters from others must be removed.
    pub terminal: bool,
}

/// The role of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The name of a member.
    Key,
    /// A text value.
    String,
    /// A number.
    Number,
    /// true, false and null.
    Literal,
    /// The head of an error.
    Error,
    /// Advice below an error.
    Hint,
    /// The mark under the faulty word.
    Caret,
    /// The head of a table or a section.
    Head,
    /// Less important text.
    Dim,
    /// A series of a chart, by its number; colours begin again after six.
    Series(usize),
}

/// The colours of the series of a chart.
const SERIES: [Color; 6] = [Color::Cyan, Color::Purple, Color::Green, Color::Red, Color::LightBlue, Color::LightPurple];

impl Role {
    /// The escape sequence that begins the role; empty without colour.
    pub fn begin(self, colour: bool) -> Prefix {
        self.ink(colour).prefix()
    }

    /// The escape sequence that ends the role; empty without colour.
    pub fn end(self, colour: bool) -> Suffix {
        self.ink(colour).suffix()
    }

    fn ink(self, colour: bool) -> Ink {
        match self {
            _ if !colour => Ink::new(),
            Role::Key => Color::Cyan.bold(),
            Role::String => Color::Green.normal(),
            Role::Number => Color::Cyan.normal(),
            Role::Literal => Color::Purple.normal(),
            Role::Error | Role::Caret => Color::Red.bold(),
            Role::Hint => Color::Cyan.bold(),
            Role::Head => Ink::new().bold(),
            Role::Dim => Ink::new().dimmed(),
            Role::Series(nth) => SERIES.get(nth % SERIES.len()).map_or_else(Ink::new, |colour| colour.normal()),
        }
    }
}

/// Clears the screen, for a result that replaces the one before it.
pub const CLEAR: &str = "\x1b[H\x1b[2J";

/// The text in the colour of its role.
pub fn paint(role: Role, text: &str, colour: bool) -> Cow<'_, str> {
    if colour { Cow::Owned(role.ink(true).paint(text).to_string()) } else { Cow::Borrowed(text) }
}

/// The upper half of a character in one colour and the lower half in another, each as red, green and blue; without a
/// colour below, that of the screen. `deep` is for terminals with all colours, others get the nearest of 216.
pub(super) fn half_block(above: [u8; 3], below: Option<[u8; 3]>, deep: bool) -> String {
    let colour = |[red, green, blue]: [u8; 3]| match deep {
        true => Color::Rgb(red, green, blue),
        false => {
            let step = |part: u8| u8::try_from((u16::from(part) * 5 + 127) / 255).unwrap_or(5);
            Color::Fixed(16 + 36 * step(red) + 6 * step(green) + step(blue))
        }
    };
    let ink = below.map_or_else(|| colour(above).normal(), |below| colour(above).on(colour(below)));
    ink.paint("▀").to_string()
}

/// The question for the primary device attributes of a terminal (DA1), among which sixels are.
pub const ATTRIBUTES: &str = "\x1b[c";

/// A painted text without its colours.
pub fn unpainted(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Role; 15] = [
        Role::Key,
        Role::String,
        Role::Number,
        Role::Literal,
        Role::Error,
        Role::Hint,
        Role::Caret,
        Role::Head,
        Role::Dim,
        Role::Series(0),
        Role::Series(1),
        Role::Series(2),
        Role::Series(3),
        Role::Series(4),
        Role::Series(5),
    ];

    #[test]
    fn colour_is_begun_and_ended_or_absent() {
        assert_eq!(paint(Role::Error, "marsh:", true), "\x1b[1;31mmarsh:\x1b[0m");
        for role in ALL {
            let by_hand = |colour| format!("{}x{}", role.begin(colour), role.end(colour));
            assert_eq!(
                (paint(role, "x", true), paint(role, "x", false)),
                (by_hand(true).into(), by_hand(false).into())
            );
            assert_eq!((unpainted(&by_hand(true)).as_str(), by_hand(false).as_str()), ("x", "x"), "{role:?}");
        }
    }

    #[test]
    fn a_half_block_has_two_colours() {
        for (below, deep, text) in [
            (Some([0, 0, 0]), true, "\x1b[48;2;0;0;0;38;2;255;128;0m▀\x1b[0m"),
            (None, true, "\x1b[38;2;255;128;0m▀\x1b[0m"),
            (Some([0, 0, 0]), false, "\x1b[48;5;16;38;5;214m▀\x1b[0m"),
        ] {
            assert_eq!(half_block([255, 128, 0], below, deep), text);
        }
    }

    #[test]
    fn every_colour_can_be_read_on_black_and_on_white() {
        for role in ALL {
            let begun = role.begin(true).to_string();
            let codes = begun.trim_start_matches("\x1b[").trim_end_matches('m').split(';');
            let unfit = ["30", "33", "34", "37", "90", "93", "97"];
            assert!(begun.starts_with("\x1b[") && codes.clone().all(|code| !unfit.contains(&code)), "{role:?}");
        }
    }

    #[test]
    fn the_parts_of_a_value_have_different_colours() {
        let parts = [Role::Key, Role::String, Role::Number, Role::Literal].map(|role| role.begin(true).to_string());
        let series = [0, 1, 2, 3, 4, 5].map(|nth| Role::Series(nth).begin(true).to_string());
        for parts in [&parts[..], &series] {
            for (at, one) in parts.iter().enumerate() {
                assert!(!parts[at + 1..].contains(one), "{one:?} twice");
            }
        }
    }
}
