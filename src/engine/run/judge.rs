//! Lines that are about to run one after the other, judged as a whole: what can be known to be wrong with any of them
//! is told before the first byte of the first call leaves.
//!
//! A line is judged by the steps that it will run by, from its name to the place of its result, in the account and with
//! the settings that the lines before it leave. Nothing is asked of a person, a key command or the network on the way;
//! values that only the run will tell fit everywhere. A name that no catalogue and no list on disk knows is wrong here,
//! though the service may know it: a `refresh` before it makes sure.

use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::guard::key_change;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::options;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::script::Script;
use crate::engine::run::session::{Locals, Session};
use crate::engine::run::typed::complete;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use lang::{self, Line, OptionId, SyntaxError, SyntaxFaults, Variable};
use model::{Diagnostic, Effect};
use registry::resolve::{ResolveError, Resolved};

/// What is known of lines before the first of them runs.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// What each would do at a provider, nothing where it sends nothing. Lines behind the last of these are judged when
    /// these have run.
    pub(crate) effects: Vec<Option<Effect>>,
}

/// The lines of a text, and the parts of it that are not valid lines.
pub(crate) struct Read {
    pub(crate) lines: Vec<Line>,
    pub(crate) faults: Vec<SyntaxError>,
}

impl Read {
    /// Reads a text.
    pub(crate) fn of(text: &str) -> Read {
        match lang::parse_all(text) {
            Ok(lines) => Read { lines, faults: Vec::new() },
            Err(SyntaxFaults { first, rest, lines }) => {
                Read { lines, faults: std::iter::once(first).chain(rest).collect() }
            }
        }
    }
}

impl Session {
    /// Judges lines that are about to run. Everything that is wrong has been reported when this returns an error.
    pub(crate) fn judge(&mut self, lines: &[Line], text: &str) -> Result<Judged, CallError> {
        self.judge_by(|session, course| go_through(session, course, (lines, &[]), text, &foresee))
    }

    /// Judges the lines of a script that is about to run, and tells what of it is no line.
    pub(crate) fn judge_script(&mut self, read: &Read, text: &str) -> Result<Judged, CallError> {
        self.judge_by(|session, course| go_through(session, course, (&read.lines, &read.faults), text, &foresee))
    }

    /// Judges in one way or another. What the lines would change in the session is as before afterwards.
    pub(crate) fn judge_by(
        &mut self,
        way: impl FnOnce(&mut Session, &mut Course) -> Judged,
    ) -> Result<Judged, CallError> {
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
type OfOne<'o> = &'o dyn Fn(&mut Session, &mut Course, &Line) -> Result<Option<Effect>, CallError>;

/// Goes through the lines of a text, and the parts that are not valid lines, in order.
fn go_through(
    session: &mut Session,
    course: &mut Course,
    (lines, faults): (&[Line], &[SyntaxError]),
    text: &str,
    one: OfOne<'_>,
) -> Judged {
    let mut faults = faults.iter().peekable();
    let mut judged = Judged::default();
    course.unread |= faults.peek().is_some();
    session.learn_typed(text, &lang::tokens(text));
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
                // What comes of a wrong line before it is no fault of its own.
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

/// Goes through the lines of a script inside another one.
pub(crate) fn script(session: &mut Session, course: &mut Course, script: &Script) -> Option<Effect> {
    let read = Read::of(&script.text);
    let judged = session
        .within(script, |session| Ok(go_through(session, course, (&read.lines, &read.faults), &script.text, &foresee)));
    judged.unwrap_or_default().effects.into_iter().flatten().max()
}

/// What a batch lets stand as one of its lines.
pub(crate) type Plain = fn(&Session, &Line) -> Result<(), CallError>;

/// Goes through a batch inside a script. `agreed` answers its questions.
pub(crate) fn batch(
    session: &mut Session,
    course: &mut Course,
    (script, agreed): (&Script, bool),
    plain: Plain,
) -> Judged {
    let read = Read::of(&script.text);
    let next = session.memory.expect_last(Next::Gone(UNREAD));
    let yes = session.settings.yes;
    session.settings.yes = agreed;
    let judged = session
        .within(script, |session| Ok(members(session, course, (&read.lines, &read.faults), &script.text, plain)));
    session.settings.yes = yes;
    session.memory.expect_last(next);
    judged.unwrap_or_default()
}

/// Goes through the lines of a batch, and the parts that are not valid lines.
pub(crate) fn members(
    session: &mut Session,
    course: &mut Course,
    (lines, faults): (&[Line], &[SyntaxError]),
    text: &str,
    plain: Plain,
) -> Judged {
    let one = |session: &mut Session, course: &mut Course, line: &Line| {
        plain(session, line)?;
        foresee_member(session, course, line).map(Some)
    };
    go_through(session, course, (lines, faults), text, &one)
}

/// What one line would do at a provider, unless something is wrong with it.
fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Option<Effect>, CallError> {
    let is_variable = line.profile.is_none() && line.raw.is_none() && Variable::of(&line.head).is_some();
    if is_variable || line.has(OptionId::Help) && !session.is_command(line) {
        options::refuse_foreign(line, None)?;
        let Locals { foresee_show, foresee_page, .. } = session.locals;
        let foresee = if is_variable { foresee_show } else { foresee_page };
        return foresee(session, course, line);
    }
    let callee = match lookup::foreseen(&mut session.planning(), line)? {
        Resolved::Local(command) => return (session.locals.foresee)(session, course, &command, line),
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
    };
    let plan = Plan::of(&mut session.planning(), line, callee, Some(course))?;
    if plan.options.only_show() {
        return Ok(None);
    }
    if let Some(redirect) = &plan.options.wish.redirect {
        course.place(redirect, &session.settings)?;
    }
    let pending = Pending::of(&plan);
    key_change::foresee(&session.accounts, &session.console, course, &plan)?;
    guard::foresee(&session.accounts, &session.console, &pending, plan.open)?;
    session.accounts.foresee_key(&plan.profile)?;
    session.memory.expect_last(Next::Open);
    course.called = true;
    Ok(Some(plan.effects().main()))
}

/// The same for a line of a batch.
fn foresee_member(session: &mut Session, course: &mut Course, line: &Line) -> Result<Effect, CallError> {
    let callee = match lookup::foreseen(&mut session.planning(), line)? {
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
        Resolved::Local(_) => return Err(CallError::usage("it does not call a provider", Some(line.head.span))),
    };
    let plan = Plan::of(&mut session.planning(), line, callee, Some(course))?;
    let pending = Pending::of(&plan);
    guard::foresee(&session.accounts, &session.console, &pending, plan.open)?;
    session.accounts.foresee_key(&plan.profile)?;
    Ok(plan.effects().main())
}
