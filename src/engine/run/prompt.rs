//! What is entered at the prompt: edited if the user likes, confirmed once if it was pasted, and then run in order.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use crate::engine::guard;
use crate::engine::run::judge::Judged;
use crate::engine::run::lines::left_out;
use crate::engine::run::outcome::Flow;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::sink::{self, CommandSink};
use lang::{self, Line};
use model::Effect;

impl Session {
    /// Runs a text that was entered. Several lines were pasted, or recalled together: unless all of them only read,
    /// there is a question first. If a line fails, the lines after it are left out, with a note.
    pub fn run_typed(&mut self, text: &str) -> Result<Flow, CallError> {
        self.interrupted.store(false, Ordering::Relaxed);
        self.begun = (self.accounts.wire.left(), self.accounts.wire.left());
        self.learn_typed(text, &lang::tokens(text));
        let lines = self.read(text)?;
        let judged = if lines.len() > 1 { self.judge(&lines, text)? } else { Judged::default() };
        if is_block(&lines, text) && !self.consents(&lines, &judged).map_err(|error| self.failed(error, text, None))? {
            self.console.note("nothing was run");
            return Ok(Flow::Continue);
        }
        let mut known = judged.effects.len().max(1);
        for (done, line) in lines.iter().enumerate() {
            if done == known {
                known += self.judge(lines.get(done..).unwrap_or_default(), text)?.effects.len();
            }
            self.accounts.wire.forget_interrupt();
            let flow = self.run_line(line, text);
            let left = lines.len() - done - 1;
            let stopped = flow.is_err() || self.interrupted.load(Ordering::Relaxed);
            if stopped && left > 0 {
                self.console.note(&left_out(left));
            }
            if stopped || matches!(flow, Ok(Flow::Quit)) {
                return flow;
            }
        }
        Ok(Flow::Continue)
    }

    /// Opens a line in the user's own editor, a command as after `|!`.
    pub fn edit(&self, editor: &str, text: &str) -> Result<String, CallError> {
        let program = CommandSink::check(editor, &self.settings.search_path)?;
        Ok(sink::edit(&program, text)?)
    }

    /// Whether lines may run: they only read, or the user agrees.
    fn consents(&mut self, lines: &[Line], judged: &Judged) -> Result<bool, CallError> {
        let tally = Tally::of(lines, judged);
        if tally.only_reads() {
            return Ok(true);
        }
        let words = tally.words(lines.len());
        if self.console.person.is_none() {
            return Err(CallError::Blocked {
                message: format!("{words}; nobody can be asked whether to run them"),
                span: None,
                hint: Some("run them one by one".into()),
            });
        }
        Ok(guard::agreed(&mut self.gate(), &format!("{words}; run them? [y/N] "))?.unwrap_or(false))
    }
}

/// Whether there are lines on more than one row.
fn is_block(lines: &[Line], text: &str) -> bool {
    let mut gaps = lines.windows(2).filter_map(|pair| match pair {
        [first, second] => text.get(first.span.end..second.span.start),
        _ => None,
    });
    gaps.any(|gap| gap.contains('\n'))
}

/// The effects of lines.
#[derive(Debug, Default)]
struct Tally {
    /// The number of calls with each effect.
    calls: BTreeMap<&'static str, usize>,
    /// The number of lines after a script that cannot be read yet.
    unknown: usize,
}

impl Tally {
    fn of(lines: &[Line], judged: &Judged) -> Tally {
        let unknown = lines.len().saturating_sub(judged.effects.len());
        let mut tally = Tally { unknown, ..Tally::default() };
        for effect in judged.effects.iter().flatten() {
            *tally.calls.entry(effect.as_str()).or_default() += 1;
        }
        tally
    }

    fn only_reads(&self) -> bool {
        self.unknown == 0 && self.calls.keys().all(|effect| *effect == Effect::Read.as_str())
    }

    /// `3 lines: 1 read, 1 change, 1 unknown`.
    fn words(&self, lines: usize) -> String {
        let order = [Effect::Read, Effect::Change, Effect::Billable, Effect::Destroy].map(Effect::as_str);
        let of = |effect: &'static str| Some((self.calls.get(effect).copied()?, effect));
        let unknown = (self.unknown > 0).then_some((self.unknown, "unknown"));
        let parts = order.into_iter().filter_map(of).chain(unknown);
        let parts: Vec<String> = parts.map(|(count, effect)| format!("{count} {effect}")).collect();
        format!("{lines} lines: {}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_below_each_other_are_a_block() {
        for (text, block) in [
            ("a\nb", true),
            ("a; b", false),
            ("a;b\nc", true),
            ("a 'x\ny'; b", false),
            ("a x \\\n y", false),
            ("\n a \n", false),
            ("# why\na # so\nb", true),
        ] {
            assert_eq!(is_block(&lang::parse(text).unwrap(), text), block, "{text:?}");
        }
    }

    #[test]
    fn what_lines_would_do_is_counted_from_the_harmless_to_the_worst() {
        let tally = |calls: &[(Effect, usize)], unknown| Tally {
            calls: calls.iter().map(|(effect, count)| (effect.as_str(), *count)).collect(),
            unknown,
        };
        for (tally, words, reads) in [
            (tally(&[(Effect::Read, 3)], 0), "3 lines: 3 read", true),
            (tally(&[], 0), "3 lines: ", true),
            (tally(&[(Effect::Read, 2)], 1), "3 lines: 2 read, 1 unknown", false),
            (
                tally(&[(Effect::Destroy, 1), (Effect::Billable, 1), (Effect::Change, 1)], 0),
                "3 lines: 1 change, 1 billable, 1 destroy",
                false,
            ),
        ] {
            assert_eq!((tally.words(3).as_str(), tally.only_reads()), (words, reads));
        }
    }
}
