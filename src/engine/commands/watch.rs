//! `watch`: a read that is repeated, and what changed marked.

use std::time::Duration;

use crate::engine::plan::Plan;
use crate::engine::plan::options::{Options, length_of_time};
use crate::engine::state::error::CallError;
use lang::{Line, OptionId};
use model::{Effect, Span};

/// No service is asked more often.
const SHORTEST: Duration = Duration::from_secs(1);
const USAGE: &str = "write watch INTERVAL METHOD name value …, such as watch 10s service.list -o table";

/// What a line of `watch` asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The pause between two rounds.
    pub(super) every: Duration,
    /// After how many rounds it ends.
    pub(super) times: Option<usize>,
    /// What is repeated.
    pub(super) line: Line,
}

impl Asked {
    /// Reads a line; in a script, it must say how often.
    pub(super) fn of(line: &Line, in_script: bool) -> Result<Asked, CallError> {
        let refused = |message: &str, span: Span, hint: &str| CallError::Usage {
            message: message.into(),
            span: Some(span),
            hint: Some(hint.into()),
        };
        let Some(first) = line.items.first() else {
            return Err(refused("`watch` needs an interval and a method", line.head.span, USAGE));
        };
        let every = length_of_time(&first.word)
            .map_err(|_| refused(&format!("`{}` is not an interval", first.word.text()), first.word.span, USAGE))?;
        if every < SHORTEST {
            return Err(refused("an interval is at least 1s", first.word.span, USAGE));
        }
        let times = Options::of(line)?.times;
        if in_script && times.is_none() {
            return Err(refused(
                "`watch` would never end, and no line after it would run",
                line.head.span,
                "say how often: --times 10",
            ));
        }
        if let Some(redirect) = &line.redirect {
            return Err(refused(
                "`watch` shows its results and writes no files",
                redirect.span,
                "run the call itself to store its result",
            ));
        }
        let shown = [OptionId::DryRun, OptionId::As, OptionId::Wait];
        if let Some(given) = line.options.iter().find(|given| shown.contains(&given.option.id)) {
            return Err(refused(&format!("--{} cannot be repeated", given.option.long), given.span, "leave it out"));
        }
        let mut inner = line
            .inner(1)
            .ok_or_else(|| refused("`watch` needs a method after the interval", first.word.span, USAGE))?;
        inner.options.retain(|given| given.option.id != OptionId::Times);
        Ok(Asked { every, times, line: inner })
    }
}

/// Refuses what is not a read.
pub(super) fn suits(plan: &Plan) -> Result<(), CallError> {
    let effect = plan.effects().main();
    match effect {
        Effect::Read => Ok(()),
        effect => Err(CallError::Usage {
            message: format!("`watch` repeats only reads, and {} is `{}`", plan.call.method.name, effect.as_str()),
            span: Some(plan.head),
            hint: Some("a change is sent once, by a line of its own".into()),
        }),
    }
}

/// Why a command or a view is not repeated.
pub(super) fn not_a_call(line: &Line, what: &str) -> CallError {
    CallError::Usage {
        message: format!("`watch` repeats calls of a provider, and `{}` is a {what}", line.head.text()),
        span: Some(line.head.span),
        hint: Some(USAGE.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_how_often_and_until_when() {
        let asked = |text: &str, in_script| Asked::of(&lang::parse(text).unwrap()[0], in_script);
        for (text, every, times, line) in [
            ("watch 5s x.y", 5000, None, "x.y"),
            ("watch 1 x.y a (int)5 --times 3 -o table", 1000, Some(3), "x.y a (int)5 --output table"),
            ("watch --times 2 1m30s work:x.y", 90_000, Some(2), "work:x.y"),
            ("watch 5s call GET /a b c", 5000, None, "call GET /a b c"),
        ] {
            let asked = asked(text, false).unwrap();
            assert_eq!((asked.every.as_millis(), asked.times, asked.line.to_string().as_str()), (every, times, line));
        }
        for (text, in_script, message) in [
            ("watch", false, "needs an interval and a method"),
            ("watch x.y", false, "`x.y` is not an interval"),
            ("watch 500ms x.y", false, "at least 1s"),
            ("watch 5s", false, "needs a method after the interval"),
            ("watch 5s (int)5", false, "needs a method after the interval"),
            ("watch 5s x.y | f", false, "writes no files"),
            ("watch 5s x.y --dry-run", false, "--dry-run cannot be repeated"),
            ("watch 5s x.y --times 0", false, "must be a whole number"),
            ("watch 5s x.y", true, "never end"),
        ] {
            let error = asked(text, in_script).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
        assert!(asked("watch 5s x.y --times 1", true).is_ok());
    }
}
