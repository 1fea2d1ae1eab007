//! Operations in progress, and the service's time format.

use std::time::Duration;

use crate::kit::clock::Clock;
use crate::kit::values::{date, list, map};
use model::Value;

/// An operation in progress, or one that failed.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(crate) action: &'static str,
    pub(crate) requested: String,
    pub(crate) user: String,
    pub(crate) started: Duration,
    pub(crate) takes: Duration,
    /// Why it failed.
    pub(crate) failure: Option<&'static str>,
}

/// The number of steps of every operation.
const STEPS: u128 = 3;

impl Progress {
    /// An operation that failed before the sandbox started.
    pub(crate) fn failed(action: &'static str, user: &str, failure: &'static str, clock: &Clock) -> Progress {
        Progress {
            action,
            requested: clock.moved("2011-07-29T16:20:00.000Z"),
            user: user.into(),
            started: Duration::ZERO,
            takes: Duration::ZERO,
            failure: Some(failure),
        }
    }

    /// The progress.
    pub(crate) fn show(&self, clock: &Clock) -> Value {
        let mut shown = map! {
            "action" => self.action,
            "requestTime" => date(&self.requested),
            "userName" => self.user.as_str(),
        };
        if let Some(reason) = self.failure {
            shown.insert("failureReason", reason);
            return shown.into();
        }
        let elapsed = clock.now().saturating_sub(self.started).as_millis();
        let hundredths = (elapsed * STEPS * 100 / self.takes.as_millis().max(1)).min(STEPS * 100 - 1);
        let number = |value: u128| i64::try_from(value).unwrap_or_default();
        let step = map! {
            "name" => "WAIT_FOR_OPERATION",
            "number" => number(hundredths / 100 + 1),
            "percentComplete" => number(hundredths % 100),
        };
        shown.insert("numberOfSteps", number(STEPS));
        shown.insert("updateTime", date(&moment(clock)));
        shown.insert("step", list([step]));
        shown.into()
    }
}

/// The time in the service's format: `2011-08-01T09:00:00.000Z`.
pub(crate) fn moment(clock: &Clock) -> String {
    clock.moment().as_str().replace('Z', ".000Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::clock::testing::story;

    #[test]
    fn an_operation_passes_through_its_steps_and_stays_at_the_last() {
        let clock = Clock::starting(story());
        let progress = Progress {
            action: "START_SERVER",
            requested: moment(&clock),
            user: "sandbox".into(),
            started: clock.now(),
            takes: Duration::from_secs(30),
            failure: None,
        };
        for (number, percent) in [(1, 0), (2, 50), (3, 99), (3, 99)] {
            let shown = progress.show(&clock);
            let step = &shown.get("step").and_then(Value::as_list).unwrap()[0];
            let figures = ["number", "percentComplete"].map(|name| step.get(name).and_then(Value::as_int));
            assert_eq!(figures, [Some(number), Some(percent)]);
            clock.advance(Duration::from_secs(15));
        }
    }

    #[test]
    fn a_failed_operation_gives_the_reason() {
        let clock = Clock::starting(story());
        let shown = Progress::failed("CLONE_SERVER", "sandbox", "No room.", &clock).show(&clock);
        assert_eq!(shown.get("failureReason"), Some(&"No room.".into()));
        assert_eq!(shown.get("step"), None);
    }
}
