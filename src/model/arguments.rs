//! The arguments of a call.

use serde::{Deserialize, Serialize};

use super::{Map, Value};

/// How arguments are passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passing {
    /// As one dictionary of named values.
    #[default]
    Named,
    /// As separate values, in the order of the parameters.
    Positional,
    /// As one dictionary that is the only value, and as no value if nothing is given.
    Struct,
}

impl Passing {
    /// The way of that name.
    pub fn named(word: &str) -> Option<Passing> {
        match word {
            "named" => Some(Passing::Named),
            "positional" => Some(Passing::Positional),
            "struct" => Some(Passing::Struct),
            _ => None,
        }
    }
}

/// The arguments of a call, as they are passed.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// One dictionary of named values; may be empty.
    Named(Map),
    /// Separate values in order.
    Positional(Vec<Value>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_of_passing_has_the_name_that_catalogues_use() {
        for (word, passing) in [
            ("named", Some(Passing::Named)),
            ("positional", Some(Passing::Positional)),
            ("struct", Some(Passing::Struct)),
            ("other", None),
        ] {
            assert_eq!(Passing::named(word), passing);
            assert_eq!(serde_json::from_str::<Passing>(&format!("\"{word}\"")).ok(), passing);
        }
    }
}
