//! Judges lines that are about to run one after the other as a whole: every error that can be known in advance is
//! reported before the first byte of the first call is sent.
//!
//! A line goes through the same steps as when it runs, from its name to the destination of its result, with the account
//! and the settings that the lines before it leave. No person, no key command and no network is asked. Values that are
//! known only when the line runs are accepted everywhere. A name that is in no catalogue and no list on disk is an error
//! here, although the service may know it; a `refresh` before it prevents that.

use std::mem;

use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::guard::key_change;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::options;
use crate::engine::plan::planning::Planning;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::across;
use crate::engine::run::arguments;
use crate::engine::run::each;
use crate::engine::run::member;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::privacy::complete;
use crate::engine::run::script::Script;
use crate::engine::run::session::{Foreseen, Locals, Session};
use crate::engine::run::viewing;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use lang::{self, Line, OptionId, SyntaxError, SyntaxFaults, Token, Variable};
use model::{Diagnostic, Effect};
use registry::resolve::{ResolveError, Resolved};

/// What is known about lines before the first of them runs.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The effect of each at a provider; `None` if it sends nothing. Lines after the last of these are judged when
    /// these have run.
    pub(crate) effects: Vec<Option<Effect>>,
}

/// The lines of a text, and the parts of it that are not valid lines.
pub(crate) struct Read {
    pub(crate) tokens: Vec<Token>,
    pub(crate) lines: Vec<Line>,
    pub(crate) faults: Vec<SyntaxError>,
}

impl Read {
    /// Reads a script, with its arguments in their places.
    pub(crate) fn of(script: &Script) -> Read {
        let (tokens, read) = lang::read(&script.text);
        let (parsed, mut faults) = match read {
            Ok(lines) => (lines, Vec::new()),
            Err(SyntaxFaults { first, rest, lines }) => (lines, std::iter::once(first).chain(rest).collect()),
        };
        let mut lines = parsed;
        // Without this sign there is no place for an argument.
        if script.text.contains('$') {
            let filled = |line: Line| arguments::filled(&line, Some(&script.arguments));
            lines =
                lines.into_iter().filter_map(|line| filled(line).map_err(|fault| faults.push(fault)).ok()).collect();
        }
        faults.sort_by_key(|fault| fault.span().map_or(0, |span| span.start));
        Read { tokens, lines, faults }
    }
}

impl Read {
    fn parts(&self) -> Parts<'_> {
        (&self.lines, &self.faults, &self.tokens)
    }
}

/// Valid lines of a text, the parts that are not valid, and its tokens.
type Parts<'r> = (&'r [Line], &'r [SyntaxError], &'r [Token]);

impl Session {
    /// Judges lines that are about to run. When this returns an error, all errors have been reported.
    pub(crate) fn judge(&mut self, lines: &[Line], text: &str) -> Result<Judged, CallError> {
        let tokens = lang::tokens(text);
        self.judge_by(|session, course| go_through(session, course, (lines, &[], &tokens), text, &foresee))
    }

    /// Judges the lines of a script that is about to run, and reports the parts that are not valid lines.
    pub(crate) fn judge_script(&mut self, read: &Read, text: &str) -> Result<Judged, CallError> {
        self.judge_by(|session, course| go_through(session, course, read.parts(), text, &foresee))
    }

    /// Judges the lines of a batch that is about to run, and reports the parts that are not valid lines.
    pub(crate) fn judge_batch(&mut self, read: &Read, text: &str) -> Result<Judged, CallError> {
        self.judge_by(|session, course| go_through(session, course, read.parts(), text, &of_member))
    }

    /// Judges by the given rules. Afterwards the session is as it was before.
    fn judge_by(&mut self, way: impl FnOnce(&mut Session, &mut Course) -> Judged) -> Result<Judged, CallError> {
        self.begun.1 = self.accounts.wire.left();
        let (here, overrides, yes) =
            (self.accounts.registry.here().profile().to_owned(), self.accounts.overrides, self.settings.yes);
        self.memory.look_ahead();
        let mut course = Course::new(self.settings.home.clone());
        let judged = way(self, &mut course);
        self.memory.recall();
        self.accounts.registry.switch(&here);
        (self.accounts.overrides, self.settings.yes) = (overrides, yes);
        let untold = course.findings.untold();
        if untold > 0 {
            let lines = if untold == 1 { "line is" } else { "lines are" };
            self.console.note(&format!("note: {untold} more {lines} wrong"));
        }
        course.findings.into_first().map_or(Ok(judged), Err)
    }
}

/// Why no line of a batch has a last result.
pub(crate) const UNREAD: &str = "no call of a batch has run when its lines are read";

/// How one line is judged.
type OfOne<'o> = &'o dyn Fn(&mut Session, &mut Course, &Line) -> Foreseen;

/// Judges the lines of a text, and the parts that are not valid lines, in order.
fn go_through(
    session: &mut Session,
    course: &mut Course,
    (lines, faults, tokens): Parts<'_>,
    text: &str,
    one: OfOne<'_>,
) -> Judged {
    let mut faults = faults.iter().peekable();
    let mut judged = Judged::default();
    course.unread |= faults.peek().is_some();
    session.learn_typed(text, tokens);
    for line in lines {
        let before = |fault: &&SyntaxError| fault.span().is_some_and(|span| span.start < line.span.start);
        while let Some(fault) = faults.next_if(before) {
            course.findings.add(fault.clone().into(), |error| session.failed(error, text, None));
        }
        let adrift = course.adrift;
        let effect = match complete(text, line.span).and_then(|()| one(session, course, line)) {
            Ok(effect) => effect,
            Err(CallError::Resolve(ResolveError::Unknown { .. }))
                if course.may_become_known(&session.accounts.registry, line) =>
            {
                course.lost = true;
                return judged;
            }
            Err(error) => {
                // A consequence of an invalid line before it is not reported.
                if !(adrift && matches!(error, CallError::Resolve(_))) {
                    course.findings.add(error, |error| session.failed(error, text, Some(line)));
                }
                None
            }
        };
        judged.effects.push(effect);
        if course.lost {
            return judged;
        }
    }
    for fault in faults {
        course.findings.add(fault.clone().into(), |error| session.failed(error, text, None));
    }
    judged
}

/// Judges the lines that a line asks to run.
pub(crate) fn outcome(session: &mut Session, course: &mut Course, outcome: &Outcome) -> Foreseen {
    match outcome {
        Outcome::View(line) => viewing::foresee(session, course, line),
        Outcome::Done | Outcome::Quit | Outcome::Wait(_) | Outcome::Watch(_) => Ok(None),
        Outcome::Script { script, yes, .. } => {
            let judged = inside(session, course, (script, *yes), &foresee);
            Ok(judged.effects.into_iter().flatten().max())
        }
        Outcome::Batch { script, order } => {
            let next = session.memory.expect_last(Next::Gone(UNREAD));
            let judged = inside(session, course, (script, order.agreed), &of_member);
            session.memory.expect_last(next);
            session.planning().foresee_result(course, &order.options)?;
            session.memory.expect_last(Next::Open);
            course.called = true;
            Ok(judged.effects.into_iter().flatten().max().or(Some(Effect::Read)))
        }
    }
}

/// Judges a script inside another one. `agreed` is the answer to its questions.
fn inside(session: &mut Session, course: &mut Course, (script, agreed): (&Script, bool), one: OfOne<'_>) -> Judged {
    let read = Read::of(script);
    let yes = mem::replace(&mut session.settings.yes, agreed);
    let judged = session.within(script, |session| Ok(go_through(session, course, read.parts(), &script.text, one)));
    session.settings.yes = yes;
    judged.unwrap_or_default()
}

fn of_member(session: &mut Session, course: &mut Course, line: &Line) -> Foreseen {
    member::foresee(&mut session.planning(), course, line).map(Some)
}

/// The effect of one line at a provider, or its error.
fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Foreseen {
    if line.each.is_some() {
        return each::foresee(session, course, line).map(Some);
    }
    if let Some(accounts) = &line.accounts
        && !line.has(OptionId::Help)
    {
        if let Some(view) = viewing::of_accounts(&session.accounts.registry, line) {
            return viewing::foresee(session, course, &view);
        }
        let effect = across::foresee(&mut session.planning(), course, line, accounts)?;
        if effect.is_some() {
            session.memory.expect_last(Next::Open);
            course.called = true;
        }
        return Ok(effect);
    }
    let is_variable = line.profile.is_none() && line.raw.is_none() && Variable::of(&line.head).is_some();
    let is_page = line.has(OptionId::Help) && !session.is_command(line) || session.names_a_group(line);
    if is_variable || is_page {
        options::refuse_foreign(line, None)?;
        let Locals { foresee_show, foresee_page, .. } = session.locals;
        let foresee = if is_variable { foresee_show } else { foresee_page };
        return foresee(session, course, line);
    }
    let callee = match lookup::foreseen(&mut session.planning(), line)? {
        Resolved::Local(command) => return (session.locals.foresee)(session, course, &command, line),
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
    };
    let effect = call(&mut session.planning(), course, line, callee)?;
    if effect.is_some() {
        session.memory.expect_last(Next::Open);
        course.called = true;
    }
    Ok(effect)
}

/// The effect of a call; `None` if it is only shown.
fn call(planning: &mut Planning<'_>, course: &mut Course, line: &Line, callee: Callee) -> Foreseen {
    let plan = Plan::of(planning, line, callee, Some(course))?;
    if plan.presentation.is_none() {
        return Ok(None);
    }
    if let Some(redirect) = &plan.options.wish.redirect {
        course.place(redirect, planning.settings)?;
    }
    key_change::foresee(planning.accounts, planning.console, course, &plan)?;
    guard::foresee(planning.accounts, planning.console, &Pending::of(&plan), plan.open)?;
    planning.accounts.foresee_key(&plan.profile, &plan.call.method)?;
    Ok(Some(plan.effects().main()))
}
