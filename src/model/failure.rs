//! How a provider says no: the codes that it documents, and the rule by which an answer is recognised as a refusal.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A provider's own name for an error: a number for some, a word for others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// What a documented error means to whoever called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The provider understood and said no.
    Refused,
    /// The key is wrong, missing or not allowed to do this.
    Credentials,
    /// The provider broke down.
    Failed,
    /// The same call may work later.
    Busy,
}

/// One documented error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The provider's number or word for it.
    pub code: Code,
    /// The provider's name for it, when that is not the code itself.
    #[serde(default)]
    pub name: Option<String>,
    /// The HTTP status it comes with where the protocol has one.
    #[serde(default)]
    pub http: Option<u16>,
    /// What it means to whoever called.
    pub kind: ErrorKind,
    /// In our words.
    pub summary: String,
    /// Whether a reading call is repeated after it; unless it says so, after a busy one alone.
    #[serde(default)]
    pub repeat: Option<bool>,
    /// The line of the provider's document.
    #[serde(default)]
    pub doc: Option<u32>,
}

impl ErrorCode {
    /// Whether the same reading call may well work a little later.
    pub fn is_passing(&self) -> bool {
        self.repeat.unwrap_or(self.kind == ErrorKind::Busy)
    }

    /// The code with its name.
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.code),
            None => self.code.to_string(),
        }
    }
}

/// The rules of this program for telling a refusal from a result. Without one, the HTTP status alone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultStyle {
    /// An XML document that says how it went, under any HTTP status.
    StatusXml,
    /// A boolean in every JSON answer.
    SuccessJson,
    /// JSON with errors under an HTTP status that is none of success.
    ErrorsJson,
}

/// How an answer says that it failed. Names of fields are dotted paths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The rule.
    pub style: FaultStyle,
    /// The field that tells whether it worked.
    #[serde(default)]
    pub success: Option<String>,
    /// The field with the code.
    #[serde(default)]
    pub code: Option<String>,
    /// The fields with words; the first that is there counts.
    #[serde(default)]
    pub message: Vec<String>,
    /// The field of a success that tells what was not done all the same.
    #[serde(default)]
    pub warnings: Option<String>,
}

impl FaultRule {
    /// The languages that its words come in: the ends of paths that begin alike.
    pub fn languages(&self) -> Vec<String> {
        let paths = self.message.iter().filter_map(|path| path.rsplit_once('.'));
        let shared = |stem: &str| {
            self.message.iter().filter_map(|path| path.rsplit_once('.')).filter(|(other, _)| *other == stem).count() > 1
        };
        paths.filter(|(stem, _)| shared(stem)).map(|(_, language)| language.to_owned()).collect()
    }

    /// Puts the words of a language first.
    pub fn prefer(&mut self, language: &str) {
        self.message.sort_by_key(|path| path.rsplit_once('.').is_none_or(|(_, end)| end != language));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_comes_first_where_there_are_several() {
        let rule = |paths: &str| -> FaultRule {
            serde_json::from_str(&format!(r#"{{"style":"errors-json","message":{paths}}}"#)).unwrap()
        };
        let mut two = rule(r#"["code.text","words.en","words.pl"]"#);
        assert_eq!(two.languages(), ["en", "pl"]);
        two.prefer("pl");
        assert_eq!(two.message, ["words.pl", "code.text", "words.en"]);
        assert_eq!(rule(r#"["errors","error.text"]"#).languages(), [""; 0]);
    }

    #[test]
    fn codes_are_numbers_or_words() {
        for (json, code) in [("3", "3"), ("-32601", "-32601"), (r#""REASON_392""#, "REASON_392")] {
            assert_eq!(serde_json::from_str::<Code>(json).unwrap().as_str(), code);
        }
        assert!(serde_json::from_str::<Code>("[]").is_err());
    }
}
