//! Provider error codes.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A provider's own code for an error: a number or a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Code(String);

impl Code {
    /// As the provider writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<i64> for Code {
    fn from(number: i64) -> Code {
        Code(number.to_string())
    }
}

impl From<&str> for Code {
    fn from(word: &str) -> Code {
        Code(word.to_owned())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Code, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(i64),
            Word(String),
        }
        Ok(match Written::deserialize(source)? {
            Written::Number(number) => number.into(),
            Written::Word(word) => Code(word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_numbers_or_words() {
        for (json, code) in [("3", "3"), ("-32601", "-32601"), (r#""REASON_392""#, "REASON_392")] {
            assert_eq!(serde_json::from_str::<Code>(json).unwrap().as_str(), code);
        }
        assert!(serde_json::from_str::<Code>("[]").is_err());
    }
}
