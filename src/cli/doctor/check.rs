//! One check, with its result and advice.

use model::{Class, Diagnostic, Map, Value};

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ok,
    Warning,
    /// A failure, with its class.
    Failed(Class),
}

/// A check.
#[derive(Debug)]
pub(super) struct Check {
    /// The subject: a file, a folder, an account.
    pub(super) about: String,
    pub(super) state: State,
    /// What was found.
    pub(super) found: String,
    /// What to do about it.
    pub(super) advice: Option<String>,
}

impl Check {
    pub(super) fn ok(about: &str, found: impl Into<String>) -> Check {
        Check { about: about.to_owned(), state: State::Ok, found: found.into(), advice: None }
    }

    pub(super) fn warning(about: &str, found: impl Into<String>, advice: impl Into<String>) -> Check {
        Check { about: about.to_owned(), state: State::Warning, found: found.into(), advice: Some(advice.into()) }
    }

    pub(super) fn failed(about: &str, error: &dyn Diagnostic) -> Check {
        let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
        let (found, advice) = (format!("{error}{words}"), error.hint());
        Check { about: about.to_owned(), state: State::Failed(error.class()), found, advice }
    }

    pub(super) fn is_failed(&self) -> bool {
        matches!(self.state, State::Failed(_))
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Failed(_) => "failed",
        }
    }

    pub(super) fn text(&self) -> String {
        let line = |mark: &str, about: &str, text: &str| format!("{mark:8} {about:12} {text}\n");
        let advice = self.advice.as_ref().map(|advice| line("", "", advice)).unwrap_or_default();
        line(self.word(), &self.about, &self.found.replace('\n', " ")) + &advice
    }

    pub(super) fn value(&self) -> Value {
        let mut map = Map::new();
        map.insert("check", self.about.as_str());
        map.insert("state", self.word());
        map.insert("found", self.found.as_str());
        map.insert("advice", self.advice.as_deref().map_or(Value::Null, Value::from));
        Value::Map(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_the_result_and_another_the_advice() {
        assert_eq!(Check::ok("terminal", "two\nlines").text(), "ok       terminal     two lines\n");
        let check = Check::warning("files", "found", "do this");
        assert_eq!(check.text(), "warning  files        found\n                      do this\n");
        assert!(!check.is_failed());
        let Value::Map(map) = check.value() else { panic!("no map") };
        assert_eq!(map.get("advice"), Some(&Value::from("do this")));
    }
}
