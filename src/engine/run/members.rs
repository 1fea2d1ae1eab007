//! The members of a result for which calls are made, and the line that gives them.

use crate::bind::{BindError, Faults};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::pages;
use crate::engine::call::remarks;
use crate::engine::call::variables;
use crate::engine::deliver::filter::Filter;
use crate::engine::deliver::mask;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::options::{self, Options};
use crate::engine::plan::planning::Planning;
use crate::engine::plan::{Callee, Plan};
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, Variable};
use model::{Span, Type, Value};
use registry::resolve::Resolved;

/// The options of a line whose result is not shown.
const OPTIONS: [OptionId; 5] =
    [OptionId::Query, OptionId::All, OptionId::Timeout, OptionId::NoCheck, OptionId::Positional];

/// The members that were found.
pub(super) struct Found {
    pub(super) members: Vec<Value>,
    /// How many there are in the list, with those that a filter left out.
    pub(super) whole: usize,
}

/// Reads the result of a line.
pub(super) fn read(planning: &mut Planning<'_>, line: &Line) -> Result<Found, CallError> {
    suits(line)?;
    if let Some(variable) = variable(line)? {
        let absent = |absent| Faults::from(BindError::Variable { absent, span: variable.span });
        let value = planning.memory.look_up(&variable).map_err(absent)?;
        let options = Options::of(line)?;
        let filter = planning.filter(&options)?;
        let whole = rows(&value);
        return Ok(Found { members: filtered(value, filter)?, whole });
    }
    let callee = callee(lookup::resolved(planning, line)?, line)?;
    let plan = Plan::of(planning, line, callee, None)?;
    only_reads(&plan)?;
    if plan.foreign {
        planning.accounts.announce(planning.console, &plan.profile, &plan.call.method.name);
    }
    plan.forewarn(planning.accounts, planning.console)?;
    answered(planning, plan)
}

/// Makes the call of the line, and applies its filter.
fn answered(planning: &mut Planning<'_>, mut plan: Plan) -> Result<Found, CallError> {
    let filter = plan.presentation.take().and_then(|presentation| presentation.filter);
    let mut exchange = Exchange::of(planning.accounts, planning.console, &plan.profile, plan.timeouts)?;
    exchange.account.unlock_for(&plan.call.method, exchange.redactor)?;
    variables::resolve(&mut exchange, &plan.call.method)?;
    exchange.ledger.turn();
    let (mut value, total) = match plan.extent.all {
        true => (pages::all(&mut exchange, &plan.call)?, None),
        false => {
            let (value, aside) = exchange.value(&plan.call)?;
            let total = aside.total;
            remarks::tell(&mut exchange, &plan.call, aside);
            (value, total)
        }
    };
    if planning.settings.named {
        planning.accounts.common(&plan.profile, &plan.call.method).convert(&mut value);
    }
    let method = &plan.call.method;
    let shapes = planning.accounts.registry.source(&plan.profile).map_or(&[][..], |source| source.shapes_of(method));
    if method.returns_secret(shapes) {
        let (sealed, _) = mask::seal(value.clone(), method, shapes);
        mask::learn(&sealed, &mut planning.accounts.redactor);
        // A filter sees what is there; without one, a secret stays sealed on its way into the call.
        if filter.is_none() {
            value = sealed;
        }
    }
    let whole = rows(&value).max(total.and_then(|total| usize::try_from(total).ok()).unwrap_or(0));
    Ok(Found { members: filtered(value, filter)?, whole })
}

/// Judges such a line before it runs.
pub(super) fn foresee(planning: &mut Planning<'_>, course: &Course, line: &Line) -> Result<(), CallError> {
    suits(line)?;
    if let Some(variable) = variable(line)? {
        planning.filter(&Options::of(line)?)?;
        if planning.memory.is_open(&variable) || course.unread {
            return Ok(());
        }
        let absent = |absent| Faults::from(BindError::Variable { absent, span: variable.span });
        return Ok(planning.memory.look_up(&variable).map(drop).map_err(absent)?);
    }
    let callee = callee(lookup::foreseen(planning, line)?, line)?;
    let plan = Plan::of(planning, line, callee, Some(course))?;
    only_reads(&plan)?;
    planning.accounts.foresee_key(&plan.profile, &plan.call.method)
}

fn variable(line: &Line) -> Result<Option<Variable>, CallError> {
    if line.profile.is_some() || line.raw.is_some() {
        return Ok(None);
    }
    Ok(Variable::of(&line.head).transpose()?)
}

/// Refuses options that are about a result which is shown or stored.
fn suits(line: &Line) -> Result<(), CallError> {
    options::refuse_foreign(line, None)?;
    match line.options.iter().find(|given| !OPTIONS.contains(&given.option.id)) {
        None => Ok(()),
        Some(given) => Err(CallError::Usage {
            message: format!("--{} has no effect before `each`", given.option.long),
            span: Some(given.span),
            hint: Some("write it at the end of the line, for the calls and their results".into()),
        }),
    }
}

fn callee(found: Resolved, line: &Line) -> Result<Callee, CallError> {
    match found {
        Resolved::Remote { profile, method, foreign } => Ok(Callee { profile, method, foreign }),
        Resolved::Local(command) => {
            // No command has a result with fields.
            let is_view = matches!(&command.returns, Type::List(inner) if **inner == Type::Dict);
            let what = if is_view { "is a view: show it first, in a line of its own" } else { "is a command" };
            Err(no_source(format!("`{}` {what}", command.name), line.head.span))
        }
    }
}

fn only_reads(plan: &Plan) -> Result<(), CallError> {
    let effect = plan.effects().main();
    match plan.effects().only_reads() {
        true => Ok(()),
        false => Err(no_source(format!("{} is `{}`", plan.call.method.name, effect.as_str()), plan.head)),
    }
}

fn no_source(what: String, span: Span) -> CallError {
    CallError::Usage {
        message: format!("`each` needs a read before it, and {what}"),
        span: Some(span),
        hint: Some("write METHOD … | each …, or $_ | each … for the last result".into()),
    }
}

/// How many members a result has.
fn rows(value: &Value) -> usize {
    value.as_list().map_or(1, |list| list.len())
}

/// The members of a result, or of what a filter makes of it.
fn filtered(value: Value, filter: Option<Filter>) -> Result<Vec<Value>, CallError> {
    let results = match filter {
        None => vec![value],
        Some(filter) => filter.apply(&value).map_err(|error| CallError::Query { error, span: filter.span })?,
    };
    Ok(members(results))
}

/// The members of a list are members, and so are several results. Nothing has none.
fn members(mut results: Vec<Value>) -> Vec<Value> {
    match results.as_mut_slice() {
        [Value::List(list)] => std::mem::take(list),
        [Value::Null] => Vec::new(),
        _ => results,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_has_members() {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        for (results, found) in [
            (&["[1,2]"][..], &["1", "2"][..]),
            (&[r#"{"a":1}"#], &[r#"{"a":1}"#]),
            (&["1", "[2]"], &["1", "[2]"]),
            (&[r#""x""#], &[r#""x""#]),
            (&["null"], &[]),
            (&["[]"], &[]),
            (&[], &[]),
        ] {
            let given = results.iter().map(|text| value(text)).collect();
            assert_eq!(members(given), found.iter().map(|text| value(text)).collect::<Vec<_>>(), "{results:?}");
        }
        assert_eq!((rows(&value("[1,2,3]")), rows(&value("{}")), rows(&value("[]"))), (3, 1, 0));
    }

    #[test]
    fn only_what_decides_about_the_members_comes_before_each() {
        for (text, wrong) in [
            ("x --all -q .[] --timeout 5 --no-check | each y a {b}", None),
            ("x -o json | each y a {b}", Some("-o json")),
            ("x --yes | each y a {b}", Some("--yes")),
            ("x --dry-run | each y a {b}", Some("--dry-run")),
        ] {
            let line = lang::parse(text).unwrap().remove(0);
            let span = suits(&line).err().and_then(|error| model::Diagnostic::span(&error));
            assert_eq!(span.map(|span| &text[span.range()]), wrong, "{text}");
        }
    }
}
