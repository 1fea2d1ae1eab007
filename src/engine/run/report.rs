//! An error of a line in words, or as JSON, with what is known of how it came about.

use crate::engine::plan::lookup;
use crate::engine::plan::options;
use crate::engine::run::script::{Running, Script};
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::redaction::Redacted;
use crate::render::{self, Format};
use lang::{Line, Word};
use model::{Before, Class, Diagnostic};
use registry::resolve::{ResolveError, Resolved};

impl Session {
    /// Reports an error: as a JSON object when results were asked for as JSON, in words otherwise. `line` is what
    /// became of the text, if anything. That nobody reads any more needs no words.
    pub fn failed(&mut self, error: CallError, text: &str, line: Option<&Line>) -> CallError {
        if !matches!(error, CallError::Told(_)) && error.class() != Class::ReaderGone {
            self.tell(&error, text, line);
        }
        error
    }

    /// What has left of the text that is running, apart from the call of its present line.
    fn sent_before(&self) -> Before {
        let (text, line) = self.begun;
        match () {
            () if line > text => Before::Lines,
            () if self.accounts.wire.left() > line => Before::Reads,
            () => Before::Nothing,
        }
    }

    /// Words for an error.
    pub(crate) fn tell(&mut self, error: &CallError, text: &str, line: Option<&Line>) {
        let doubted = self.doubted(text, error, line);
        let mut shown = Redacted::new(error, &doubted.redactor, &doubted.places).after(self.sent_before());
        if let Some(lines) = line.and_then(|line| self.named_lines(error, line)) {
            shown = shown.advising(lines);
        }
        if let Some(advice) = line.and_then(|line| self.refresh_advice(error, line)) {
            shown = shown.advising(advice);
        }
        let cut = if self.is_one_shot() { None } else { self.cut_value(error, text) };
        let hidden = cut.as_ref().is_some_and(|cut| cut.hidden);
        if let Some(cut) = cut {
            shown = shown.advising(cut.advice);
        }
        if hidden {
            shown = shown.reworded("what follows the `;` is not a call");
        }
        if let Some(script) = self.scripts.last() {
            let at = error.span().or(line.map(|line| line.span)).unwrap_or_default().start;
            shown = shown.at(&script.place(text, at));
        }
        if line.map_or(self.settings.errors_as_json, |line| self.wants_json(line)) {
            let line = line.filter(|_| !hidden);
            let method = line.map(|line| doubted.redactor.mask(&line.head.text()));
            let code = error.class().exit_code();
            let profile = line.map_or(self.accounts.registry.here().profile().to_owned(), |line| self.profile_of(line));
            let json = render::report_json(&shown, Some(&profile), method.as_deref(), code);
            self.console.whole(&json);
        } else {
            self.console.report(&shown, &doubted.text);
        }
    }

    /// Whose account a line is for, as far as it can be told.
    fn profile_of(&self, line: &Line) -> String {
        match (lookup::meaning(&self.accounts.registry, line), &line.profile) {
            (Ok(Resolved::Remote { profile, .. }), _) => profile,
            (_, Some(typed)) => self.accounts.redactor.mask(&typed.text()),
            _ => self.accounts.registry.here().profile().to_owned(),
        }
    }

    /// What to do about an unknown name in a script, which asks no service for its methods of itself.
    fn refresh_advice(&self, error: &CallError, line: &Line) -> Option<String> {
        let CallError::Resolve(ResolveError::Unknown { name, .. }) = error else { return None };
        let profile = line.profile.as_ref().map(Word::text);
        let hint = error
            .hint()
            .filter(|_| !self.scripts.is_empty() && self.accounts.may_ask_for(self.manner, profile.as_deref(), name))?;
        let refresh = profile.map_or_else(|| "refresh".to_owned(), |profile| format!("refresh {profile}"));
        Some(format!("{hint}; a name that only the service knows needs a line `{refresh}` before it"))
    }

    /// Whether JSON is asked for in so many words, by the line or for all lines: then an error is a JSON object too.
    fn wants_json(&self, line: &Line) -> bool {
        match options::format_of(line) {
            Ok(Some(format)) => format == Format::Json,
            Ok(None) => self.settings.errors_as_json,
            Err(_) => false,
        }
    }

    /// Reports an error of a script's line.
    pub(crate) fn told_in(&mut self, script: &Script, error: &CallError, line: &Line) {
        self.scripts.push(Running::over(script));
        self.tell(error, &script.text, Some(line));
        self.scripts.pop();
    }
}
