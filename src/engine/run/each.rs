//! `LINE | each CALL`: a call for each member of a result.
//!
//! The call is judged before the result is read, and all calls are planned before the first of them is sent: a member
//! that lacks a field, or has a value that does not fit, stops all of them. There is one question for all.

use std::cell::RefCell;

use crate::disk;
use crate::engine::call::exchange::unstreamed;
use crate::engine::deliver::flow::{Flow, Tap};
use crate::engine::deliver::output::{Output, Place};
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::guard::mass::Mass;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::options::Options;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::calls::{Calls, Ready};
use crate::engine::run::made::{Texts, Trees};
use crate::engine::run::member_report::{self, RESULT, Report};
use crate::engine::run::members::{self, Found};
use crate::engine::run::passing;
use crate::engine::run::rehearsal;
use crate::engine::run::series::{self, Answered, Manner, Replies};
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::member_error::MemberError;
use crate::engine::state::memory::Next;
use crate::render::{self, Format, Passage, View};
use crate::signals;
use lang::{Line, OptionId, Slot};
use model::{Common, Effect, Map, Redactor, Span, Value};
use registry::resolve::Resolved;

/// Options of the call that make it what it is; the others are about all calls, or about their results.
const OF_CALLS: [OptionId; 8] = [
    OptionId::NoCheck,
    OptionId::Positional,
    OptionId::Timeout,
    OptionId::Yes,
    OptionId::Again,
    OptionId::DryRun,
    OptionId::As,
    OptionId::NoWait,
];
/// Options that have no meaning for many calls.
const NOT_OF_CALLS: [OptionId; 3] = [OptionId::All, OptionId::Wait, OptionId::Help];

/// What a line asks for.
struct Asked {
    /// The line whose result is read.
    source: Line,
    /// The call for each member, with the options that belong to it.
    call: Line,
    /// The fields of a member that are used in it.
    slots: Vec<Slot>,
    /// All options of the call.
    options: Options,
    /// Where the call has its method.
    head: Span,
}

impl Asked {
    fn of(line: &Line) -> Result<Asked, CallError> {
        let each = line.each.as_deref().unwrap_or(line);
        if let Some(given) = each.options.iter().find(|given| NOT_OF_CALLS.contains(&given.option.id)) {
            let message = format!("--{} cannot be used for many calls", given.option.long);
            return Err(CallError::usage(message, Some(given.span)));
        }
        let for_several = |line: &&Line| line.accounts.is_some() || line.head.text().starts_with('@');
        if let Some(word) = [line, each].into_iter().find(for_several) {
            return Err(CallError::Usage {
                message: "`each` reads from one account, and makes its calls in one".into(),
                span: Some(word.head.span),
                hint: Some("write a line for each account: PROFILE:METHOD … | each PROFILE:METHOD …".into()),
            });
        }
        let options = Options::of(each)?;
        if let Some((Format::Raw, span)) = options.wish.format {
            let message = "the provider's own bytes are the bytes of one answer";
            let hint = Some("choose another format with -o".into());
            return Err(CallError::Usage { message: message.into(), span: Some(span), hint });
        }
        let slots = each.slots();
        if let (true, Some(fault)) = (slots.is_empty(), each.bad_slot()) {
            return Err(fault.into());
        }
        if slots.is_empty() {
            return Err(CallError::Usage {
                message: "the call uses no field of the members, so that it would be the same for all".into(),
                span: Some(each.span),
                hint: Some("write {field} for a value, or {} for the whole member".into()),
            });
        }
        let mut call = Line { redirect: None, ..each.clone() };
        call.options.retain(|given| OF_CALLS.contains(&given.option.id));
        let head = each.head.span;
        Ok(Asked { source: Line { each: None, ..line.clone() }, call, slots, options, head })
    }
}

/// Makes the calls of a line, and reports them.
pub(super) fn run(session: &mut Session, line: &Line) -> Result<(), CallError> {
    let asked = Asked::of(line)?;
    let meant = lookup::resolved(&mut session.planning(), &asked.call)?;
    let template = template(session, &asked, meant, &Course::new(session.settings.home.clone()))?;
    let shown = asked.options.only_show();
    if !shown {
        judge(session, &template)?;
    }
    let output = if shown { None } else { Some(output(session, &asked, &template)?) };
    let (found, calls) = found(session, &asked, &template)?;
    let Some(output) = output else { return Ok(()) };
    agreed(session, &asked, &found, &calls)?;
    session.memory.forget("the calls for its members could not be made");
    let jobs = asked.options.jobs.unwrap_or_else(|| usize::from(session.accounts.rules(&calls.profile).jobs));
    let manner = Manner { keep_going: asked.options.keep_going, jobs, batch: asked.options.batch };
    let alone = session.is_one_shot() || session.unused;
    let output = match (calls.ready.is_empty(), keeps_secret(session, &calls)) {
        (false, false) => match output.unwatched(calls.effect(), &session.console, alone) {
            Ok(place) => return pass(session, &calls, &manner, place),
            Err(output) => *output,
        },
        _ => output,
    };
    let mut answered = Vec::with_capacity(calls.ready.len());
    if !calls.ready.is_empty() {
        let trees = Trees { common: common_of(session, &calls) };
        let parts = (&mut session.accounts, &mut session.console);
        series::send(parts, &calls, &manner, &trees, |replies| {
            answered.extend(std::iter::from_fn(|| replies.next()));
            Ok(())
        })?;
    }
    session.begun.1 = session.accounts.wire.left();
    // A row of the journal belongs to one of the calls, not to all of them.
    session.accounts.ledger.row = None;
    member_report::deliver(&mut session.delivery(), &calls, answered, output)
}

/// Makes the calls, writes what came of each to its place while the others are under way, and reports what failed. No
/// result may have a secret.
fn pass(session: &mut Session, calls: &Calls, manner: &Manner, (place, view): (Place, View)) -> Result<(), CallError> {
    let common = common_of(session, calls);
    let (alone, at_stdout) = (!matches!(place, Place::Command(_)), matches!(place, Place::Stdout));
    let flow = RefCell::new(Flow::to(place, &mut session.console));
    let mut report = Report::of(calls);
    let texts = view.joins() && !has_bytes(session, calls);
    let writing = signals::delivering(alone);
    let parts = (&mut session.accounts, &mut session.console);
    let out = &mut Tap(&flow);
    let passed = if texts {
        let texts = Texts::of(&view, common);
        series::send(parts, calls, manner, &texts, |replies| {
            let next = &mut || settled(replies).map(|(answered, redactor)| report.take(answered, redactor));
            render::joined(next, (&view, RESULT), out).map(|()| Vec::new()).map_err(unstreamed)
        })
    } else {
        let passage = Passage { view: &view, common: None, spool: &disk::spool, at_once: false, within: 0 };
        series::send(parts, calls, manner, &Trees { common }, |replies| {
            let next = &mut || {
                let (mut map, result) = settled(replies).map(|(answered, redactor)| report.take(answered, redactor))?;
                result.into_iter().for_each(|result| drop(map.insert(RESULT, result)));
                Some(map.into())
            };
            render::members(next, passage, out).map_err(unstreamed)
        })
    };
    drop(writing);
    session.begun.1 = session.accounts.wire.left();
    session.memory.forget("it was passed on as it came");
    // A row of the journal belongs to one of the calls, not to all of them.
    session.accounts.ledger.row = None;
    passing::end(session, calls.done(), (flow.into_inner(), at_stdout), passed)?;
    report.tell(&mut session.console, &session.accounts.redactor)
}

/// What came of the next call, with all secrets that are known. What has come so far is written down.
fn settled<'r, T>(replies: &'r mut Replies<'_, '_, T>) -> Option<(Answered<T>, &'r Redactor)> {
    let answered = replies.next()?;
    let desk = replies.desk();
    desk.ledger.settle_many(desk.console, desk.redactor);
    Some((answered, desk.redactor))
}

/// Whether bytes may come as text in a result: they are found in a tree.
fn has_bytes(session: &Session, calls: &Calls) -> bool {
    let source = session.accounts.registry.source(&calls.profile);
    let method = calls.ready.first().map(|ready| &ready.call.method);
    source.zip(method).is_none_or(|(source, method)| passing::has_bytes(method, source.shapes_of(method)))
}

/// How the moments of the results get the common form. Under a bare key, results have the provider's own spelling.
fn common_of(session: &Session, calls: &Calls) -> Option<Common> {
    let first = calls.ready.first().filter(|_| session.settings.named)?;
    Some(session.accounts.common(&calls.profile, &first.call.method))
}

/// Whether a result may have a secret, which the other results must not show.
fn keeps_secret(session: &Session, calls: &Calls) -> bool {
    let source = session.accounts.registry.source(&calls.profile);
    let method = calls.ready.first().map(|ready| &ready.call.method);
    source.zip(method).is_none_or(|(source, method)| method.returns_secret(source.shapes_of(method)))
}

/// Judges such a line before it runs, and returns its effect.
pub(super) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Result<Effect, CallError> {
    let asked = Asked::of(line)?;
    members::foresee(&mut session.planning(), course, &asked.source)?;
    let found = lookup::foreseen(&mut session.planning(), &asked.call)?;
    let template = template(session, &asked, found, course)?;
    if asked.options.only_show() {
        return Ok(Effect::Read);
    }
    judge(session, &template)?;
    session.planning().foresee_result(course, &asked.options)?;
    session.memory.expect_last(Next::Open);
    course.called = true;
    Ok(template.effects().main())
}

/// The plan of the call with members that are not known yet. Nobody is asked for what is missing.
fn template(session: &mut Session, asked: &Asked, found: Resolved, course: &Course) -> Result<Plan, CallError> {
    let callee = match found {
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
        Resolved::Local(command) => {
            return Err(CallError::Usage {
                message: format!("`each` calls a provider, and `{}` is a command", command.name),
                span: Some(asked.head),
                hint: Some("write | each METHOD name {field}".into()),
            });
        }
    };
    planned(session, &asked.call, callee, None, Some(course))
}

/// The plan of the call for a member; `None` while that is not known yet.
fn planned(
    session: &mut Session,
    call: &Line,
    callee: Callee,
    member: Option<Value>,
    course: Option<&Course>,
) -> Result<Plan, CallError> {
    let before = session.memory.feed(Some(member));
    let person = session.console.person.take();
    let plan = Plan::of(&mut session.planning(), call, callee, course);
    session.console.person = person;
    session.memory.feed(before);
    plan
}

/// Refuses calls that cannot be allowed, before the result is read.
fn judge(session: &mut Session, template: &Plan) -> Result<(), CallError> {
    guard::foresee(&session.accounts, &session.console, &Pending::of(template), template.open)?;
    session.accounts.foresee_key(&template.profile, &template.call.method)
}

/// Opens the place of the results.
fn output(session: &mut Session, asked: &Asked, template: &Plan) -> Result<Output, CallError> {
    let presentation = session.planning().presentation(&asked.options)?;
    session.output(presentation, asked.options.wish.redirect.as_ref(), template.private)
}

/// Reads the members, and plans the call for each. Calls that are only to be shown are shown.
fn found(session: &mut Session, asked: &Asked, template: &Plan) -> Result<(Found, Calls), CallError> {
    let mut found = members::read(&mut session.planning(), &asked.source)?;
    let members = std::mem::take(&mut found.members);
    let (of, mut wrong) = (members.len(), None::<MemberError>);
    let mut calls = Calls {
        profile: template.profile.clone(),
        timeouts: template.timeouts,
        ready: Vec::with_capacity(of),
        head: asked.head,
        agreed: template.agreed,
        again: template.again,
    };
    for (nth, member) in (1..).zip(members) {
        let label = label(session, &asked.slots, &member);
        let callee = Callee {
            profile: template.profile.clone(),
            method: std::sync::Arc::clone(&template.call.method),
            foreign: template.foreign,
        };
        let planned = planned(session, &asked.call, callee, Some(member), None);
        let planned = planned.and_then(|plan| {
            guard::admit(&session.accounts, &Pending::of(&plan))?;
            if wrong.is_none() {
                first_words(session, nth, &plan, asked)?;
            }
            Ok(plan)
        });
        match (planned, &mut wrong) {
            (Ok(Plan { call, .. }), _) => calls.ready.push(Ready::of(call, label)),
            (Err(_), Some(wrong)) => wrong.others += 1,
            (Err(error), wrong) => *wrong = Some(MemberError { nth, of, others: 0, error: Box::new(error) }),
        }
    }
    match wrong {
        Some(error) => Err(CallError::Member(Box::new(error))),
        None => Ok((found, calls)),
    }
}

/// What is said about a call before any is sent: warnings about the first, or all of a call that is only shown.
fn first_words(session: &mut Session, nth: usize, plan: &Plan, asked: &Asked) -> Result<(), CallError> {
    if nth == 1 {
        plan.forewarn(&mut session.accounts, &mut session.console)?;
    }
    if asked.options.only_show() {
        rehearsal::show(session.exchange(&plan.profile, plan.timeouts)?, plan)
    } else {
        Ok(())
    }
}

/// What a member is called: the only field that is used, or all of them by name.
fn label(session: &mut Session, slots: &[Slot], member: &Value) -> Value {
    let before = session.memory.feed(Some(Some(member.clone())));
    let value = |slot: &Slot| session.memory.field(slot).unwrap_or_default();
    let label = match slots {
        [only] => value(only),
        several => {
            Value::Map(several.iter().map(|slot| (slot.text.trim_matches(['{', '}']), value(slot))).collect::<Map>())
        }
    };
    session.memory.feed(before);
    label
}

/// Asks one question for all calls that need one, and fetches the key.
fn agreed(session: &mut Session, asked: &Asked, found: &Found, calls: &Calls) -> Result<(), CallError> {
    let rules = session.accounts.rules(&calls.profile);
    // An option in a recalled line was the answer to another question.
    let own = asked.options.destroy_limit.filter(|_| !session.recalled);
    let limit = own.unwrap_or(rules.destroy_limit);
    let mass = Mass::beyond(calls.destroying(), found.whole, limit);
    guard::confirm_all(&mut session.gate(), &calls.pending(), mass.as_ref())?;
    calls.ready.iter().try_for_each(|ready| session.accounts.unlock_for(&calls.profile, &ready.call.method))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Asked, CallError> {
        Asked::of(&lang::parse(text).unwrap()[0])
    }

    #[test]
    fn the_options_at_the_end_are_for_the_calls_or_for_all_of_them() {
        let line = "x a b --all | each work:y c {d} e {f} --timeout 5 -y --keep-going --jobs 4 -o csv | f";
        let asked = asked(line).unwrap();
        assert_eq!(asked.source.to_string(), "x a b --all");
        assert_eq!(asked.call.to_string(), "work:y c {d} e {f} --timeout 5 --yes");
        assert_eq!(asked.slots.iter().map(|slot| slot.text.as_str()).collect::<Vec<_>>(), ["{d}", "{f}"]);
        let Options { keep_going, jobs, wish, .. } = asked.options;
        assert!(keep_going && jobs == Some(4) && wish.redirect.is_some() && wish.format.is_some());
    }

    #[test]
    fn a_call_that_is_the_same_for_all_is_refused() {
        for (line, message) in [
            ("x | each y", "uses no field"),
            ("x | each y a b", "uses no field"),
            ("x | each y a '{b}'", "uses no field"),
            ("x | each y a x{b}", "whole value"),
            ("@all x | each y a {b}", "reads from one account"),
            ("x | each y a {b} --all", "--all cannot be used for many calls"),
            ("x | each y a {b} --wait", "--wait cannot be used for many calls"),
            ("x | each y a {b} -o raw", "the bytes of one answer"),
            ("x | each @all y a {b}", "reads from one account"),
        ] {
            let error = asked(line).err().unwrap_or_else(|| panic!("{line}")).to_string();
            assert!(error.contains(message), "{line}: {error}");
        }
        assert!(asked("x | each y a {}").is_ok());
    }
}
