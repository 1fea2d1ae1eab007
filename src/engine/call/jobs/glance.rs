//! One look at a job that another session began: whether it has ended, and how.

use history::Outcome;

use super::state::{Report, State};
use super::watch::{Look, Watch};
use crate::engine::call::exchange::Exchange;
use crate::engine::state::error::CallError;
use model::Value;

/// What one reading shows of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Glance {
    /// It has not ended; the provider's word for its state.
    Running(String),
    /// It has ended: [`Outcome::Done`] or [`Outcome::EndedBadly`], with the provider's words.
    Ended(Outcome, String),
    /// The reading does not show it, or not clearly; why.
    Unclear(String),
}

impl Glance {
    fn of(report: Report) -> Glance {
        let Report { state, words, reason, .. } = &report;
        let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        match state {
            State::Running => Glance::Running(report.line()),
            State::Well => Glance::Ended(Outcome::Done, words.clone()),
            State::Badly => Glance::Ended(Outcome::EndedBadly, format!("{words}{reason}")),
        }
    }
}

/// Reads the state of a job once. Only reads are sent.
pub(crate) fn glance(exchange: &mut Exchange<'_>, watch: &mut Watch) -> Result<Glance, CallError> {
    let method = watch.ready(exchange)?;
    let answer = match exchange.value(&watch.call(&method)) {
        Ok((answer, _)) => Some(answer),
        Err(error) if watch.is_gone(&error) => None,
        Err(error) => return Err(error),
    };
    if answer.as_ref().is_some_and(|answer| watch.is_ambiguous(answer)) {
        return Ok(Glance::Unclear(format!("{} shows several of that name", watch.rule.method)));
    }
    let look = answer.map_or(Ok(Look::Gone), |answer| watch.look(answer));
    match look {
        Ok(Look::Here { report, .. }) => Ok(Glance::of(report)),
        Ok(Look::Gone) if watch.begins.gone => Ok(Glance::Ended(Outcome::Done, "gone".to_owned())),
        Ok(Look::Gone) => ended(exchange, watch),
        Err(field) => Ok(Glance::Unclear(format!("the answer of {} has no {field}", watch.rule.method))),
    }
}

/// Looks for the record of a job that is no longer shown.
fn ended(exchange: &mut Exchange<'_>, watch: &Watch) -> Result<Glance, CallError> {
    let list = match watch.ended(exchange)? {
        Some(call) => exchange.value(&call)?.0,
        None => Value::Null,
    };
    Ok(match watch.recorded(list) {
        Ok(Some((_, report))) => Glance::of(report),
        Ok(None) => Glance::Unclear(format!("{} does not show it", watch.rule.method)),
        Err(field) => Glance::Unclear(format!("the record of its end has no {field}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_runs_or_has_ended_well_or_badly() {
        let report = |state, reason: Option<&str>| Report {
            state,
            words: "W".into(),
            step: Some("S".into()),
            number: Some((1, 2)),
            percent: None,
            reason: reason.map(str::to_owned),
        };
        for (report, glance) in [
            (report(State::Running, None), Glance::Running("W, step 1 of 2 (S)".into())),
            (report(State::Well, Some("r")), Glance::Ended(Outcome::Done, "W".into())),
            (report(State::Badly, Some("r")), Glance::Ended(Outcome::EndedBadly, "W: r".into())),
            (report(State::Badly, None), Glance::Ended(Outcome::EndedBadly, "W".into())),
        ] {
            assert_eq!(Glance::of(report), glance);
        }
    }
}
