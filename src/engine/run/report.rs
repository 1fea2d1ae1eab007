//! Reports an error of a line in words or as JSON, with what is known about what was sent.

use std::ops::Range;

use crate::engine::accounts::roster::Accounts;
use crate::engine::plan::lookup;
use crate::engine::plan::options;
use crate::engine::run::mistakes::{self, Advice};
use crate::engine::run::ownership;
use crate::engine::run::privacy::Privacy;
use crate::engine::run::script::{Running, Script};
use crate::engine::run::semicolon::{self, Cut};
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::redaction::Redacted;
use crate::engine::state::settings::Manner;
use crate::render::{self, Format};
use lang::{Line, Word};
use model::{Before, Class, Diagnostic};
use registry::resolve::{ResolveError, Resolved};

impl Session {
    /// Reports an error: as a JSON object if results are JSON, otherwise in words. `line` is the parsed line, if there
    /// is one. If nobody reads the output any more, nothing is reported.
    pub fn failed(&mut self, error: CallError, text: &str, line: Option<&Line>) -> CallError {
        if !matches!(error, CallError::Told(_)) && error.class() != Class::ReaderGone {
            self.tell(&error, text, line);
        }
        error
    }

    /// Reports an error.
    pub(crate) fn tell(&mut self, error: &CallError, text: &str, line: Option<&Line>) {
        let privacy = self.privacy();
        let doubted = privacy.doubted(text, error, line);
        let before = match line.is_some_and(|line| line.own.is_some()) {
            true => Before::Own,
            false => sent_before(self.begun, self.accounts.wire.left()),
        };
        let mut shown = Redacted::new(error, &doubted.redactor, &doubted.places).after(before);
        shown = shown.in_row(self.accounts.ledger.row);
        let prompt = !self.is_one_shot();
        let named = line.and_then(|line| ownership::named_lines(privacy, prompt, error, line));
        let in_script = !self.scripts.is_empty();
        let refresh =
            line.filter(|_| in_script).and_then(|line| refresh_advice(&self.accounts, self.manner, error, line));
        for advice in named.into_iter().chain(refresh) {
            shown = shown.advising(advice);
        }
        let places = (text, doubted.places.as_slice());
        if let Some(Advice { headline, hint }) =
            mistakes::advice(&self.accounts.registry, error, places, (line, !prompt))
        {
            shown = shown.advising(self.accounts.redactor.apply(&hint).into_owned());
            if let Some(headline) = headline {
                shown = shown.reworded(&self.accounts.redactor.apply(&headline));
            }
        }
        let cut = if prompt { cut_value(privacy, error, text) } else { None };
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
        let as_json = self.settings.errors_as_json;
        if line.map_or(as_json, |line| wants_json(line, as_json)) {
            let line = line.filter(|_| !hidden);
            let method = line.map(|line| doubted.redactor.mask(&line.head.text()));
            let code = error.class().exit_code();
            let profile = profile_of(&self.accounts, line);
            let json = render::report_json(&shown, Some(&profile), method.as_deref(), code);
            self.console.whole(&json);
        } else {
            self.console.report(&shown, &doubted.text);
        }
    }

    /// Reports an error of a script's line.
    pub(crate) fn told_in(&mut self, script: &Script, error: &CallError, line: &Line) {
        self.scripts.push(Running::over(script));
        self.tell(error, &script.text, Some(line));
        self.scripts.pop();
    }
}

/// What was sent before the call that failed. The numbers are those of the requests sent before the text began, before
/// its present line began, and by now.
fn sent_before((text, line): (usize, usize), now: usize) -> Before {
    match () {
        () if line > text => Before::Lines,
        () if now > line => Before::Reads,
        () => Before::Nothing,
    }
}

/// The value that a `;` cuts in two, if that is what is wrong.
fn cut_value(privacy: Privacy<'_>, error: &CallError, text: &str) -> Option<Cut> {
    let tokens = lang::tokens(text);
    let hidden = |value: &Range<usize>| {
        privacy.hidden_places(text, &tokens).iter().any(|place| place.start < value.end && value.start < place.end)
    };
    semicolon::cut_value(error, (text, &tokens), hidden)
}

/// The profile of a line, as far as it is known.
fn profile_of(accounts: &Accounts, line: Option<&Line>) -> String {
    let here = || accounts.registry.here().profile().to_owned();
    let Some(line) = line else { return here() };
    match (lookup::meaning(&accounts.registry, line), &line.profile) {
        (Ok(Resolved::Remote { profile, .. }), _) => profile,
        (_, Some(typed)) => accounts.redactor.mask(&typed.text()),
        _ => here(),
    }
}

/// The advice for an unknown name in a script: a script does not ask a service for its methods by itself.
fn refresh_advice(accounts: &Accounts, manner: Manner, error: &CallError, line: &Line) -> Option<String> {
    let CallError::Resolve(ResolveError::Unknown { name, .. }) = error else { return None };
    let profile = line.profile.as_ref().map(Word::text);
    let hint = error.hint().filter(|_| accounts.may_ask_for(manner, profile.as_deref(), name))?;
    let refresh = profile.map_or_else(|| "refresh".to_owned(), |profile| format!("refresh {profile}"));
    Some(format!("{hint}; a name that only the service knows needs a line `{refresh}` before it"))
}

/// Whether JSON is explicitly asked for, by the line or for all lines: then an error is a JSON object too.
fn wants_json(line: &Line, usual: bool) -> bool {
    let line = line.each.as_deref().unwrap_or(line);
    options::format_of(line).is_ok_and(|asked| asked.map_or(usual, |(format, _)| format == Format::Json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_json_where_the_line_or_else_everything_asks_for_it() {
        for (text, usual, json) in [
            ("x", false, false),
            ("x", true, true),
            ("x -o json", false, true),
            ("x -o json --timeout soon", false, true),
            ("x | each y a {b} -o json", false, true),
            ("x -o yaml", true, false),
            ("x -x", true, false),
            ("x -x -o json", false, true),
            ("x -o jsn", true, false),
        ] {
            assert_eq!(wants_json(&lang::parse(text).unwrap()[0], usual), json, "{text} {usual}");
        }
    }

    #[test]
    fn what_left_before_is_known_by_the_counts() {
        for (begun, now, before) in
            [((3, 3), 3, Before::Nothing), ((3, 3), 4, Before::Reads), ((3, 5), 5, Before::Lines)]
        {
            assert_eq!(sent_before(begun, now), before, "{begun:?} {now}");
        }
    }
}
