//! The few colours of the program, by what they mark.
//!
//! Only the eight named colours, bold and dim are used: terminals map those to shades that can be read on their own
//! background, dark or light. Yellow and white are left out because they vanish on paper-white.

use std::borrow::Cow;

/// How output is dressed for where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub colour: bool,
    /// Whether a terminal reads it, so that what strangers sent must not reach it as control characters.
    pub terminal: bool,
}

/// What a piece of text is.
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
    /// What matters less.
    Dim,
}

impl Role {
    /// The sequence that begins the role; nothing without colour.
    pub fn begin(self, colour: bool) -> &'static str {
        if !colour {
            return "";
        }
        match self {
            Role::Key => "\x1b[1;34m",
            Role::String => "\x1b[32m",
            Role::Number => "\x1b[36m",
            Role::Literal => "\x1b[35m",
            Role::Error | Role::Caret => "\x1b[1;31m",
            Role::Hint => "\x1b[1;36m",
            Role::Head => "\x1b[1m",
            Role::Dim => "\x1b[2m",
        }
    }

    /// The sequence that ends any role; nothing without colour.
    pub fn end(colour: bool) -> &'static str {
        if colour { "\x1b[0m" } else { "" }
    }
}

/// The text in the colour of its role.
pub fn paint(role: Role, text: &str, colour: bool) -> Cow<'_, str> {
    if colour { Cow::Owned(format!("{}{text}{}", role.begin(true), Role::end(true))) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_begun_and_ended_or_absent() {
        assert_eq!(paint(Role::Error, "marsh:", true), "\x1b[1;31mmarsh:\x1b[0m");
        assert_eq!(paint(Role::Error, "marsh:", false), "marsh:");
    }

    #[test]
    fn the_parts_of_a_value_are_told_apart() {
        let parts = [Role::Key, Role::String, Role::Number, Role::Literal].map(|role| role.begin(true));
        for (at, one) in parts.iter().enumerate() {
            assert!(!parts[at + 1..].contains(one), "{one:?} twice");
        }
    }
}
