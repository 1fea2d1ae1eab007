//! Whether a call that failed is repeated, and after how long. This depends on what it does, on what was sent, and on
//! whether the provider recognises a repetition.

use std::time::Duration;

use history::{Key, Millis};

use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::wire::WireError;
use codec::DecodeError;
use model::{Break, Class, Diagnostic, Effect, ErrorKind, Redactor, Sent};

/// The longest pause between two attempts, whatever the service asks for.
const LONGEST: Duration = Duration::from_secs(30);
/// The pause between the first attempt and the second. It doubles each time after that.
const FIRST: Duration = Duration::from_millis(500);
/// A shorter wait is only mentioned in a terminal.
const NOTICED: Duration = Duration::from_secs(1);

/// The attempts at one call.
#[derive(Debug)]
pub(crate) struct Attempts {
    effect: Effect,
    left: u8,
    made: u32,
    /// Until when the provider recognises a repeated change by its key.
    key_until: Option<Millis>,
    /// A change was sent, and may have been made.
    lost: bool,
}

/// A repetition that is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    /// The pause before it.
    pub(crate) pause: Duration,
    /// What is known about the failed request, in case the user cancels the wait.
    pub(crate) sent: Sent,
}

impl Attempts {
    /// No attempt yet. Up to `retries` are allowed after the first.
    pub(crate) fn of(effect: Effect, retries: u8) -> Attempts {
        Attempts { effect, left: retries, made: 0, key_until: None, lost: false }
    }

    /// The same for a call with this idempotency key.
    pub(crate) fn with_key(self, key: Option<&Key>) -> Attempts {
        Attempts { key_until: key.and_then(|key| key.until), ..self }
    }

    /// Notes a failure. `None` if the call must not be repeated.
    pub(crate) fn failed(&mut self, error: &CallError, retry_after: Option<u64>) -> Option<Repeat> {
        // A service that asks for a shorter pause, or names a time that has passed on this clock, is not asked at once
        // either.
        let usual = FIRST * 2u32.saturating_pow(self.made);
        let pause = usual.max(Duration::from_secs(retry_after.unwrap_or(0))).min(LONGEST);
        let at = history::now().saturating_add(Millis::try_from(pause.as_millis()).unwrap_or(Millis::MAX));
        let recognised = self.key_until.is_some_and(|until| at < until);
        let sent = harmless(error, self.effect, recognised)?;
        // It is worth waiting once more for a service that hangs, but not four times.
        let hangs = matches!(error, CallError::Wire(lost) if matches!(lost.error, WireError::Timeout { .. }));
        if self.left == 0 || (hangs && self.made > 0) {
            return None;
        }
        // A change that may have been made is not sent again without a key that is recognised.
        if self.lost && !recognised {
            return None;
        }
        self.left -= 1;
        self.made += 1;
        self.lost |= self.effect != Effect::Read && sent == Sent::Unknown;
        Some(Repeat { pause, sent: if self.lost { Sent::Unknown } else { sent } })
    }
}

/// What is known about a request that may be repeated; `None` for one that may not. `recognised` says whether the
/// provider recognises a repetition.
fn harmless(error: &CallError, effect: Effect, recognised: bool) -> Option<Sent> {
    let reads = effect == Effect::Read;
    match error {
        CallError::Wire(lost) => match &lost.error {
            error if error.retryable() => Some(Sent::No),
            // If the answer had begun, part of it may have been written already.
            WireError::Timeout { .. } | WireError::Broken { begun: false, .. }
                if (reads || recognised) && !lost.answered =>
            {
                Some(Sent::Unknown)
            }
            _ => None,
        },
        CallError::Decode(DecodeError::Http { status, .. }) if reads && may_pass(*status) => Some(Sent::Yes),
        CallError::Fault(refusal) => {
            // "Too many calls" is a definite refusal if the service documents it as one.
            let too_many = refusal.kind == Some(ErrorKind::Busy) && refusal.http == Some(TOO_MANY);
            (too_many || reads && refusal.passing).then_some(Sent::Yes)
        }
        _ => None,
    }
}

/// The HTTP status of a service that was called too often.
const TOO_MANY: u16 = 429;

/// Whether an HTTP status may be temporary.
fn may_pass(status: u16) -> bool {
    matches!(status, TOO_MANY | 502..=504)
}

/// Notes that a call is repeated, if the wait is noticeable, or if it is a change that may have been made.
pub(crate) fn announce(console: &mut Console, error: &str, effect: Effect, repeat: &Repeat) {
    let seconds = repeat.pause.as_secs_f64();
    if effect != Effect::Read && repeat.sent == Sent::Unknown {
        console.note(&format!("note: {error}; trying again with the same key in {seconds:.1} s"));
    } else if repeat.pause >= NOTICED || console.err.terminal {
        console.note(&format!("note: {error}; trying again in {seconds:.1} s"));
    }
}

/// The error of a call that is not repeated any more. If an earlier attempt may have made the change, that is what counts:
/// a later attempt that was refused, or never left, does not show that nothing happened.
pub(crate) fn last(console: &mut Console, redactor: &Redactor, lost: Option<CallError>, error: CallError) -> CallError {
    match lost {
        Some(lost) if error.class() != Class::Unknown => {
            let provider = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
            let text = format!("note: the next attempt, with the same key, failed: {error}{provider}");
            console.note(&redactor.foreign(&text));
            lost
        }
        _ => error,
    }
}

impl Repeat {
    /// The error if the user cancels the pause.
    pub(crate) fn broken_off(&self, by: Break, effect: Effect, method: &str) -> CallError {
        CallError::lost(WireError::Interrupted { sent: self.sent, by }, effect, method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::console::Stream;
    use crate::engine::state::error::Refusal;
    use codec::Fault;
    use model::ErrorCode;

    fn lost(error: WireError, effect: Effect) -> CallError {
        CallError::lost(error, effect, "a.b")
    }

    fn http(status: u16) -> CallError {
        DecodeError::Http { status, words: None, location: None, retry_after: None }.into()
    }

    fn fault(kind: ErrorKind, http: Option<u16>) -> CallError {
        passing(kind, http, None)
    }

    fn passing(kind: ErrorKind, http: Option<u16>, repeat: Option<bool>) -> CallError {
        under(200, Some(ErrorCode { kind, http, repeat, ..ErrorCode::default() }))
    }

    fn under(status: u16, known: Option<ErrorCode>) -> CallError {
        CallError::Fault(Box::new(Refusal::new("a.b", status, Fault::default(), known.as_ref())))
    }

    fn unreached(passing: bool) -> WireError {
        WireError::NotReached { host: "h".into(), cause: "c".into(), advice: None, passing }
    }

    #[test]
    fn what_may_pass_is_repeated_where_it_does_no_harm() {
        use Effect::{Billable, Change, Destroy, Read};
        let timeout = || WireError::Timeout { host: "h".into(), after: FIRST };
        let broken = |begun| WireError::Broken { host: "h".into(), cause: "c".into(), begun };
        let midway = lost(timeout(), Read).within_the_answer();
        let interrupted = WireError::Interrupted { sent: Sent::Unknown, by: Break::CtrlC };
        let busy = ErrorKind::Busy;
        for (what, effect, error, sent) in [
            ("refused connection", Read, lost(unreached(true), Read), Some(Sent::No)),
            ("refused connection", Billable, lost(unreached(true), Billable), Some(Sent::No)),
            ("bad certificate", Read, lost(unreached(false), Read), None),
            ("no answer", Read, lost(timeout(), Read), Some(Sent::Unknown)),
            ("no answer", Change, lost(timeout(), Change), None),
            ("broken", Read, lost(broken(false), Read), Some(Sent::Unknown)),
            ("garbled", Read, lost(broken(true), Read), None),
            ("broken", Destroy, lost(broken(false), Destroy), None),
            ("no more of the answer", Read, midway, None),
            ("Ctrl-C", Read, lost(interrupted, Read), None),
            ("429", Read, http(429), Some(Sent::Yes)),
            ("429", Change, http(429), None),
            ("502", Read, http(502), Some(Sent::Yes)),
            ("504", Read, http(504), Some(Sent::Yes)),
            ("504", Change, http(504), None),
            ("500", Read, http(500), None),
            ("404", Read, http(404), None),
            ("busy", Read, fault(busy, None), Some(Sent::Yes)),
            ("busy with 400", Read, fault(busy, Some(400)), Some(Sent::Yes)),
            ("busy that is to be left alone", Read, passing(busy, Some(403), Some(false)), None),
            (
                "broken down, and to be asked again",
                Read,
                passing(ErrorKind::Failed, Some(500), Some(true)),
                Some(Sent::Yes),
            ),
            ("broken down, and to be asked again", Change, passing(ErrorKind::Failed, Some(500), Some(true)), None),
            ("busy with 400", Change, fault(busy, Some(400)), None),
            ("busy with 503", Read, fault(busy, Some(503)), Some(Sent::Yes)),
            ("busy", Change, fault(busy, None), None),
            ("busy with 503", Change, fault(busy, Some(503)), None),
            ("busy with 429", Change, fault(busy, Some(429)), Some(Sent::Yes)),
            ("refused", Read, fault(ErrorKind::Refused, Some(429)), None),
            ("503 with words", Read, under(503, None), Some(Sent::Yes)),
            ("503 with words", Change, under(503, None), None),
            ("429 with words", Read, under(429, None), Some(Sent::Yes)),
            ("429 with words", Change, under(429, None), None),
            ("500 with words", Read, under(500, None), None),
        ] {
            let repeat = Attempts::of(effect, 3).failed(&error, None);
            assert_eq!(repeat.map(|repeat| repeat.sent), sent, "{what} {effect:?}");
        }
    }

    #[test]
    fn the_waiting_grows_and_ends() {
        let pauses = |error: &CallError, retries: u8, after: Option<u64>| {
            let mut attempts = Attempts::of(Effect::Read, retries);
            let all = std::iter::from_fn(|| attempts.failed(error, after));
            all.map(|repeat| repeat.pause.as_millis()).collect::<Vec<_>>()
        };
        let hangs = lost(WireError::Timeout { host: "h".into(), after: FIRST }, Effect::Read);
        assert_eq!(pauses(&http(503), 3, None), [500, 1000, 2000]);
        assert_eq!(pauses(&http(503), 3, Some(7)), [7000; 3]);
        assert_eq!(pauses(&http(503), 1, Some(3600)), [30_000]);
        assert_eq!(pauses(&http(503), 3, Some(0)), [500, 1000, 2000]);
        assert_eq!(pauses(&http(503), 3, Some(1)), [1000, 1000, 2000]);
        assert_eq!(pauses(&http(503), 0, None), [0; 0]);
        assert_eq!(pauses(&hangs, 3, None), [500]);
    }

    #[test]
    fn a_lost_change_is_repeated_while_its_key_is_recognised() {
        use Effect::{Billable, Change};
        let key = |window: Millis| Key { text: "k".into(), until: Some(history::now() + window) };
        let timeout = || WireError::Timeout { host: "h".into(), after: FIRST };
        let broken = |begun| WireError::Broken { host: "h".into(), cause: "c".into(), begun };
        let interrupted = WireError::Interrupted { sent: Sent::Unknown, by: Break::CtrlC };
        for (what, error, window, sent) in [
            ("no answer", lost(timeout(), Change), 60_000, Some(Sent::Unknown)),
            ("broken", lost(broken(false), Billable), 60_000, Some(Sent::Unknown)),
            ("broken answer", lost(broken(true), Change), 60_000, None),
            ("no more of the answer", lost(timeout(), Change).within_the_answer(), 60_000, None),
            ("the window ends before the next attempt", lost(timeout(), Change), 100, None),
            ("the window has ended", lost(timeout(), Change), -1, None),
            ("Ctrl-C", lost(interrupted, Change), 60_000, None),
            ("broken down", http(503), 60_000, None),
            ("refused", fault(ErrorKind::Refused, None), 60_000, None),
            ("never sent", lost(unreached(true), Change), -1, Some(Sent::No)),
        ] {
            let mut attempts = Attempts::of(Change, 3).with_key(Some(&key(window)));
            assert_eq!(attempts.failed(&error, None).map(|repeat| repeat.sent), sent, "{what}");
        }
        // After a lost attempt, a later one that never left changes nothing about the first.
        let mut attempts = Attempts::of(Change, 3).with_key(Some(&key(60_000)));
        for error in [lost(timeout(), Change), lost(unreached(true), Change)] {
            assert_eq!(attempts.failed(&error, None).map(|repeat| repeat.sent), Some(Sent::Unknown));
        }
        assert_eq!(attempts.failed(&lost(timeout(), Change), None), None, "one hanging attempt is enough");
    }

    #[test]
    fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
        let stream = || Stream::plain(Box::new(std::io::sink()));
        let mut console = Console {
            out: stream(),
            err: stream(),
            person: None,
            width: 80,
            height: 24,
            window: Default::default(),
            ability: Default::default(),
        };
        let effect = Effect::Change;
        let gone = || lost(WireError::Timeout { host: "h".into(), after: FIRST }, effect);
        for (earlier, error, class) in [
            (None, lost(unreached(true), effect), Class::NotReached),
            (Some(gone()), lost(unreached(true), effect), Class::Unknown),
            (Some(gone()), fault(ErrorKind::Refused, Some(409)), Class::Unknown),
            (Some(gone()), http(503), Class::Unknown),
            (Some(gone()), gone(), Class::Unknown),
            (None, fault(ErrorKind::Refused, Some(409)), Class::Refused),
        ] {
            let error = last(&mut console, &Redactor::default(), earlier, error);
            assert_eq!(error.class(), class, "{error}");
        }
    }
}
