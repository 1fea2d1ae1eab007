//! Long tasks: their stages, and their effects.

use std::time::Duration;

use super::super::table::EXAMPLE_ID;
use crate::kit::values::map;
use model::Map;

/// The usual stages of a task; `DONE` or `FAILED` follows the last.
const STAGES: &[&str] = &["PENDING", "IN-PROGRESS"];

/// The stages of a new service.
pub(crate) const SETUP: &[&str] = &["AWAITING-PAYMENT", "AWAITING-SETUP", "INSTALLING"];

/// What happens when a job succeeds.
pub(crate) type Effect<W> = Box<dyn FnOnce(&mut W) + Send>;

/// A long task.
pub(crate) struct Job<W> {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) service: Option<String>,
    /// The stage from which the service has a name.
    pub(crate) named_from: usize,
    pub(crate) stages: &'static [&'static str],
    pub(crate) started: Duration,
    pub(crate) takes: Duration,
    /// Whether no other job of this kind can start on the same subject while it is running.
    pub(crate) once: bool,
    pub(crate) fails: bool,
    pub(crate) effect: Option<Effect<W>>,
}

impl<W> Job<W> {
    /// A task on something.
    pub(crate) fn new(kind: &'static str, subject: impl Into<String>) -> Job<W> {
        Job {
            id: String::new(),
            kind,
            subject: subject.into(),
            service: None,
            named_from: 0,
            stages: STAGES,
            started: Duration::ZERO,
            takes: Duration::ZERO,
            once: false,
            fails: false,
            effect: None,
        }
    }

    /// A task on a service.
    pub(crate) fn on_service(kind: &'static str, service: &str) -> Job<W> {
        Job { service: Some(service.to_owned()), ..Job::new(kind, service) }
    }

    /// The set-up of a new service, whose name is only known from the second stage on.
    pub(crate) fn setting_up(kind: &'static str, service: &str) -> Job<W> {
        Job { stages: SETUP, named_from: 1, ..Job::on_service(kind, service) }
    }

    /// The same for a job that the document only allows once at a time: another request while it is running is refused.
    pub(crate) fn once(self) -> Job<W> {
        Job { once: true, ..self }
    }

    /// Sets what happens when it succeeds.
    pub(crate) fn then(self, effect: impl FnOnce(&mut W) + Send + 'static) -> Job<W> {
        Job { effect: Some(Box::new(effect)), ..self }
    }

    pub(crate) fn has_ended(&self, now: Duration) -> bool {
        now.saturating_sub(self.started) >= self.takes
    }

    pub(crate) fn show(&self, now: Duration) -> Map {
        let finished = self.has_ended(now);
        let elapsed = now.saturating_sub(self.started).as_millis();
        let length = self.takes.as_millis().max(1);
        let stage = usize::try_from(elapsed * self.stages.len() as u128 / length).unwrap_or(usize::MAX);
        let word = match (finished, self.fails) {
            (true, true) => "FAILED",
            (true, false) => "DONE",
            (false, _) => self.stages.get(stage).copied().unwrap_or("IN-PROGRESS"),
        };
        let mut shown = map! { "id" => self.id.as_str(), "type" => self.kind, "status" => word };
        if let Some(service) = self.service.as_deref().filter(|_| stage >= self.named_from) {
            shown.insert("service", service);
        }
        shown.insert("finished", finished);
        shown.insert("error", finished && self.fails);
        shown
    }
}

/// All jobs of the account.
pub(crate) struct Jobs<W> {
    pub(crate) all: Vec<Job<W>>,
    pub(crate) takes: Duration,
}

impl<W> Jobs<W> {
    /// No jobs yet; each will take this long.
    pub(crate) fn new(takes: Duration) -> Jobs<W> {
        Jobs { all: Vec::new(), takes }
    }

    /// The jobs of a new sandbox: one, which ended at once.
    pub(crate) fn seed(takes: Duration) -> Jobs<W> {
        let done = Job { id: EXAMPLE_ID.to_owned(), ..Job::on_service("REBOOT", "myserver1") };
        Jobs { all: vec![done], takes }
    }

    /// How long each job takes.
    pub(crate) fn takes(&self) -> Duration {
        self.takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_moves_from_stage_to_stage() {
        let takes = Duration::from_secs(3);
        let job: Job<()> = Job { takes, ..Job::setting_up("SETUP-NEW-MINISERVER", "myserver9") };
        for (millis, status, named, finished) in [
            (0, "AWAITING-PAYMENT", false, false),
            (999, "AWAITING-PAYMENT", false, false),
            (1000, "AWAITING-SETUP", true, false),
            (2999, "INSTALLING", true, false),
            (3000, "DONE", true, true),
            (99_000, "DONE", true, true),
        ] {
            let shown = job.show(Duration::from_millis(millis));
            assert_eq!(shown.get("status"), Some(&status.into()), "{millis}");
            assert_eq!(shown.get("service").is_some(), named, "{millis}");
            assert_eq!(shown.get("finished"), Some(&finished.into()), "{millis}");
        }
    }

    #[test]
    fn the_first_job_ended_at_once() {
        let jobs: Jobs<()> = Jobs::seed(Duration::from_secs(3));
        assert!(jobs.all.iter().all(|job| job.id == EXAMPLE_ID && job.has_ended(Duration::ZERO)));
        assert_eq!((jobs.takes(), Jobs::<()>::new(Duration::ZERO).all.len()), (Duration::from_secs(3), 0));
    }
}
