//! An error as it may be shown: all secrets in its words are replaced, before the words are wrapped or escaped.

use std::fmt;
use std::ops::Range;

use crate::render::text::MOST_BYTES;
use history::CallId;
use model::{Before, Class, Diagnostic, Redactor, Sent, Span};

/// The words of an error without secrets. Everything else about it is unchanged.
#[derive(Debug)]
pub(crate) struct Redacted<'e> {
    error: &'e dyn Diagnostic,
    headline: String,
    hint: Option<String>,
    code: Option<String>,
    words: Option<String>,
    before: Before,
    row: Option<CallId>,
    more: Vec<Redacted<'e>>,
}

impl<'e> Redacted<'e> {
    /// The same, with the position of its line in front.
    pub(crate) fn at(mut self, place: &str) -> Redacted<'e> {
        self.headline = format!("{place}: {}", self.headline);
        self
    }

    /// The same, with the calls that were made before.
    pub(crate) fn after(mut self, before: Before) -> Redacted<'e> {
        self.before = before;
        self
    }

    /// The same, with its row in the journal.
    pub(crate) fn in_row(mut self, row: Option<CallId>) -> Redacted<'e> {
        self.row = row;
        self
    }

    /// The same, with another headline that contains no secrets.
    pub(crate) fn reworded(mut self, headline: &str) -> Redacted<'e> {
        headline.clone_into(&mut self.headline);
        self
    }

    /// The same, with another hint that contains no secrets.
    pub(crate) fn advising(mut self, hint: String) -> Redacted<'e> {
        self.hint = Some(hint);
        self
    }

    /// `hidden` has the positions of possible secrets in the text that the error refers to.
    pub(crate) fn new(error: &'e dyn Diagnostic, redactor: &Redactor, hidden: &[Range<usize>]) -> Redacted<'e> {
        let foreign = |text: &str| bounded(text, |text| redactor.foreign(text).into_owned());
        // An error of a line is worded by this program alone; any other error may quote an answer. If it is about a
        // hidden part, it may quote that in any form.
        let about = error.span().map(|span| span.range()).unwrap_or_default();
        let touches = |range: &Range<usize>| range.start < about.end && about.start < range.end;
        let ours = matches!(error.class(), Class::Usage | Class::Blocked) && !hidden.iter().any(touches);
        let own = |text: &str| bounded(text, |text| redactor.own(text).into_owned());
        let clean = |text: &str| if ours { own(text) } else { foreign(text) };
        Redacted {
            error,
            headline: clean(&error.to_string()),
            hint: error.hint().as_deref().map(clean),
            code: error.provider_code().as_deref().map(foreign),
            words: error.provider_words().map(foreign),
            before: error.before(),
            row: None,
            more: error.more().into_iter().map(|error| Redacted::new(error, redactor, hidden)).collect(),
        }
    }
}

/// How many more bytes are searched, so that a secret at the cut is found whole.
const TAIL: usize = 16 * 1024;

/// A text without secrets. If it is very long, as texts from elsewhere may be, it is cut and marked with `…`.
fn bounded(text: &str, clean: impl Fn(&str) -> String) -> String {
    let looked_at = text.get(..text.floor_char_boundary(MOST_BYTES + TAIL)).unwrap_or(text);
    let mut kept = clean(looked_at);
    let most = match looked_at.len() < text.len() {
        true => kept.len().saturating_sub(TAIL).min(MOST_BYTES),
        false => MOST_BYTES,
    };
    if kept.len() > most {
        kept.truncate(kept.floor_char_boundary(most));
        kept.push('…');
    }
    kept
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)
    }
}

impl std::error::Error for Redacted<'_> {}

impl Diagnostic for Redacted<'_> {
    fn class(&self) -> Class {
        self.error.class()
    }

    fn span(&self) -> Option<Span> {
        self.error.span()
    }

    fn hint(&self) -> Option<String> {
        self.hint.clone()
    }

    fn sent(&self) -> Sent {
        self.error.sent()
    }

    fn before(&self) -> Before {
        self.before
    }

    fn journal(&self) -> Option<i64> {
        self.row.map(|row| row.0)
    }

    fn provider_code(&self) -> Option<String> {
        self.code.clone()
    }

    fn provider_words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    fn more(&self) -> Vec<&dyn Diagnostic> {
        self.more.iter().map(|error| error as &dyn Diagnostic).collect()
    }

    fn retryable(&self) -> bool {
        self.error.retryable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::error::{CallError, Refusal};
    use crate::render::{Style, report, report_json};
    use codec::Fault;
    use model::Secret;

    #[test]
    fn words_are_cut_after_their_secrets() {
        let mut redactor = Redactor::default();
        redactor.learn(&Secret::new("canary-0123456789"));
        let clean = |text: &str| redactor.apply(text).into_owned();
        assert_eq!(bounded("é canary-0123456789", clean), "é (redacted)");
        for before in [0, MOST_BYTES - 5, MOST_BYTES + TAIL - 5, MOST_BYTES + TAIL] {
            let text = format!("{}canary-0123456789{}", "é".repeat(before / 2), "x".repeat(TAIL));
            let kept = bounded(&text, clean);
            assert!(kept.len() <= MOST_BYTES + '…'.len_utf8() && !kept.contains("canary"), "{before}: {}", kept.len());
            assert_eq!(kept.ends_with('…'), before > 0, "{before}");
        }
        // Secrets that become shorter move what was cut in two further to the front.
        let many = "canary-0123456789".repeat(20_000);
        assert!(!bounded(&many, clean).contains("canary"));
        assert!(!bounded(many.get(3..).unwrap_or_default(), clean).contains("canary-"));
    }

    #[test]
    fn a_secret_is_replaced_before_anything_can_break_it_up() {
        let secret = "\"a\\b\" and words enough to reach far beyond the end of what a line of a report may hold";
        let mut redactor = Redactor::default();
        redactor.learn(&Secret::new(secret));
        let fault = Fault { code: Some(7.into()), message: format!("{secret} is no password"), ..Fault::default() };
        let error = CallError::Fault(Box::new(Refusal::new("a.b", 200, fault, None)));
        let shown = Redacted::new(&error, &redactor, &[]);
        assert!(report(&shown, None, Style::default()).contains("provider: (redacted) is no password (code 7)"));
        assert!(report_json(&shown, None, None, 4).contains("a.b was refused: (redacted) is no password"));
    }
}
