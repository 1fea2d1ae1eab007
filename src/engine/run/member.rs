//! A line of a batch, which can only be a call of a provider.

use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::planning::Planning;
use crate::engine::plan::{Callee, Plan};
use crate::engine::state::error::CallError;
use lang::{Line, OptionId};
use model::Effect;
use registry::Registry;
use registry::resolve::Resolved;

/// The options of a line of a batch: those that decide what is sent.
const OPTIONS: [OptionId; 2] = [OptionId::NoCheck, OptionId::Positional];

/// The plan of a line of a batch.
pub(super) fn planned(planning: &mut Planning<'_>, line: &Line) -> Result<Plan, CallError> {
    let found = lookup::resolved(planning, line)?;
    let plan = Plan::of(planning, line, callee(found, line)?, None)?;
    plan.forewarn(planning.accounts, planning.console)?;
    guard::admit(planning.accounts, &Pending::of(&plan))?;
    Ok(plan)
}

/// The effect of a line of a batch at a provider, or its error.
pub(super) fn foresee(planning: &mut Planning<'_>, course: &Course, line: &Line) -> Result<Effect, CallError> {
    plain(&planning.accounts.registry, line)?;
    let found = lookup::foreseen(planning, line)?;
    let plan = Plan::of(planning, line, callee(found, line)?, Some(course))?;
    guard::foresee(planning.accounts, planning.console, &Pending::of(&plan), plan.open)?;
    planning.accounts.foresee_key(&plan.profile, &plan.call.method)?;
    Ok(plan.effects().main())
}

fn callee(found: Resolved, line: &Line) -> Result<Callee, CallError> {
    match found {
        Resolved::Remote { profile, method, foreign } => Ok(Callee { profile, method, foreign }),
        Resolved::Local(_) => Err(CallError::usage("it does not call a provider", Some(line.head.span))),
    }
}

/// Refuses a line that is more than a plain call.
fn plain(registry: &Registry, line: &Line) -> Result<(), CallError> {
    let refused = |message: String, span| CallError::Usage {
        message,
        span: Some(span),
        hint: Some("a batch may contain only plain calls; `source` without --batch runs every line".into()),
    };
    if let Some(other) = line.options.iter().find(|given| !OPTIONS.contains(&given.option.id)) {
        return Err(refused(format!("--{} cannot be used in a line of a batch", other.option.long), other.span));
    }
    if let Some(redirect) = &line.redirect {
        return Err(refused("all results of a batch go to one place".into(), redirect.span));
    }
    match line.profile.is_none() && registry.local(&line.head.text()).is_some() {
        true => Err(refused(format!("`{}` does not call a provider", line.head.text()), line.head.span)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Diagnostic, Method};
    use registry::Source;
    use registry::catalog::Catalog;
    use registry::embedded;

    #[test]
    fn a_line_of_a_batch_is_nothing_but_a_call() {
        let source = Source::new("here", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let command = Method { name: "jobs".into(), ..Method::default() };
        let registry = Registry::new(source, vec![command]);
        for (text, refused) in [
            ("x name value", None),
            ("x a b --no-check --positional", None),
            ("here:jobs", None),
            ("jobs", Some("jobs")),
            ("x -y", Some("-y")),
            ("x a b --positional -o json", Some("-o json")),
            ("x --dry-run | f", Some("--dry-run")),
            ("x a b | f.json", Some("| f.json")),
        ] {
            let error = plain(&registry, &lang::parse(text).unwrap()[0]).err();
            let at = error.as_ref().and_then(Diagnostic::span).map(|span| &text[span.range()]);
            assert_eq!(at, refused, "{text}: {error:?}");
        }
    }
}
