//! How a provider refuses a call: the codes that it documents, and the rule that recognizes a refusal in an answer.

use serde::Deserialize;

use super::glob::glob;
use super::{Code, Method};

/// What a documented error means to the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The provider understood the call and refused it.
    #[default]
    Refused,
    /// The key is wrong, missing or not allowed to do this.
    Credentials,
    /// The provider broke down.
    Failed,
    /// The same call may work later.
    Busy,
}

/// One documented error. A code that means something else for some methods has several entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The provider's number or word for it.
    pub code: Code,
    /// The provider's name for it, when that is not the code itself.
    #[serde(default)]
    pub name: Option<String>,
    /// The HTTP status that comes with it, where the protocol has one.
    #[serde(default)]
    pub http: Option<u16>,
    /// What it means to the caller.
    pub kind: ErrorKind,
    /// What it means to the caller.
    pub summary: String,
    /// Its meaning, in this program's words.
    #[serde(default)]
    pub repeat: Option<bool>,
    /// The line in the provider's document.
    #[serde(default)]
    pub doc: Option<u32>,
    /// Only for methods whose name matches one of these; `*` at either end matches anything. Empty means all methods.
    #[serde(default)]
    pub methods: Vec<String>,
    /// Only for methods with a required parameter whose name matches one of these, in the same way.
    #[serde(default)]
    pub params: Vec<String>,
    /// Only for an answer that gives nothing but the code.
    #[serde(default)]
    pub bare: bool,
}

impl ErrorCode {
    /// Whether the same reading call may succeed a little later.
    pub fn is_passing(&self) -> bool {
        self.repeat.unwrap_or(self.kind == ErrorKind::Busy)
    }

    /// Whether this is what the code means for a method. `bare` when the answer gives nothing but the code.
    pub fn suits(&self, method: &Method, bare: bool) -> bool {
        let fits = |patterns: &[String], name: &str| patterns.iter().any(|pattern| glob(pattern, name));
        let takes = || method.params.iter().any(|param| param.required && fits(&self.params, &param.name));
        (self.methods.is_empty() || fits(&self.methods, &method.name))
            && (self.params.is_empty() || takes())
            && (!self.bare || bare)
    }

    /// Whether it applies only to some methods or answers.
    pub fn is_special(&self) -> bool {
        !self.methods.is_empty() || !self.params.is_empty() || self.bare
    }

    /// The code with its name.
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.code),
            None => self.code.to_string(),
        }
    }
}

/// How a refusal is told apart from a result. Without such a rule, the HTTP status alone decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultStyle {
    /// An XML document with the outcome, under any HTTP status.
    StatusXml,
    /// A boolean, or one of certain texts, in every JSON answer.
    SuccessJson,
    /// JSON with errors, under an HTTP status other than success.
    ErrorsJson,
}

/// How an answer reports a failure. Field names are dotted paths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The rule.
    pub style: FaultStyle,
    /// The field that says whether it worked.
    #[serde(default)]
    pub success: Option<String>,
    /// The texts of that field that mean success, where it is not a boolean: every other text is a refusal.
    #[serde(default)]
    pub good: Vec<String>,
    /// The field with the code.
    #[serde(default)]
    pub code: Option<String>,
    /// The fields with the message; the first one present is used.
    #[serde(default)]
    pub message: Vec<String>,
    /// The field of a successful answer that lists what was not done.
    #[serde(default)]
    pub warnings: Option<String>,
}

impl FaultRule {
    /// The languages of its messages: the ends of those paths that begin alike.
    pub fn languages(&self) -> Vec<String> {
        let paths = self.message.iter().filter_map(|path| path.rsplit_once('.'));
        let shared = |stem: &str| {
            self.message.iter().filter_map(|path| path.rsplit_once('.')).filter(|(other, _)| *other == stem).count() > 1
        };
        paths.filter(|(stem, _)| shared(stem)).map(|(_, language)| language.to_owned()).collect()
    }

    /// Puts the messages in a language first.
    pub fn prefer(&mut self, language: &str) {
        self.message.sort_by_key(|path| path.rsplit_once('.').is_none_or(|(_, end)| end != language));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_comes_first() {
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
    fn a_code_may_mean_something_else_for_some_methods() {
        let method: Method =
            serde_json::from_str(r#"{"name":"node.delete","params":[{"name":"parent_id","type":"int","required":true},{"name":"id","type":"int"}]}"#).unwrap();
        for (rule, bare, suits) in [
            ("{}", false, true),
            (r#"{"methods":["*.delete"]}"#, false, true),
            (r#"{"methods":["node.*","x"]}"#, false, true),
            (r#"{"methods":["node.delete"]}"#, false, true),
            (r#"{"methods":["delete","*.list"]}"#, false, false),
            (r#"{"params":["*_id"]}"#, false, true),
            (r#"{"params":["id"]}"#, false, false),
            (r#"{"bare":true}"#, true, true),
            (r#"{"bare":true}"#, false, false),
            (r#"{"methods":["*.delete"],"bare":true}"#, false, false),
        ] {
            let rest = rule.trim_start_matches('{');
            let comma = if rest == "}" { "" } else { "," };
            let error = format!(r#"{{"code":1,"kind":"refused","summary":"s"{comma}{rest}"#);
            let error: ErrorCode = serde_json::from_str(&error).unwrap();
            assert_eq!((error.suits(&method, bare), error.is_special()), (suits, rule != "{}"), "{rule}");
        }
    }
}
