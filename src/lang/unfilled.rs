//! Why an argument of a script cannot be put in its place.

use thiserror::Error;

/// Why a hole cannot be filled.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unfilled {
    /// The line is not part of a script.
    #[error("is an argument of a script, and this line is not in one")]
    NoScript,
    /// There are not so many arguments.
    #[error("is missing: {}", match .given { 0 => "no argument was given".to_owned(), 1 => "one argument was given".to_owned(), given => format!("{given} arguments were given") })]
    Missing {
        /// How many there are.
        given: usize,
    },
    /// `$0`.
    #[error("is not an argument: they are counted from $1")]
    Zero,
    /// It is in the place of a method.
    #[error("is an argument, and cannot be a method or an address")]
    Head,
    /// `$@` where there is only room for one value.
    #[error("is a list of all arguments, and one value is needed")]
    List,
}

impl Unfilled {
    /// What to write instead.
    pub(super) fn hint(self, text: &str) -> Option<String> {
        Some(match self {
            Unfilled::NoScript | Unfilled::Zero => format!("to send it as text, quote it: '{text}'"),
            Unfilled::Missing { .. } => {
                format!("arguments go after the script; to send it as text, quote it: '{text}'")
            }
            Unfilled::Head => "write the method; arguments are values".into(),
            Unfilled::List => "write (list)$@ for a list, or $1 for the first argument".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_what_to_write() {
        for (why, message, hint) in [
            (Unfilled::NoScript, "this line is not in one", "quote it: '$1'"),
            (Unfilled::Missing { given: 0 }, "is missing: no argument was given", "arguments go after the script"),
            (Unfilled::Missing { given: 2 }, "is missing: 2 arguments were given", "quote it: '$1'"),
            (Unfilled::Zero, "counted from $1", "quote it"),
            (Unfilled::Head, "cannot be a method", "write the method"),
            (Unfilled::List, "one value is needed", "(list)$@"),
        ] {
            assert!(why.to_string().contains(message), "{why}");
            assert!(why.hint("$1").is_some_and(|text| text.contains(hint)), "{why}");
        }
    }
}
