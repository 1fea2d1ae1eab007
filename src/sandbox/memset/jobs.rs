//! job.*: long tasks, which move on with the clock and take effect when they end.

use std::time::Duration;

use super::args::Args;
use super::fault::{Code, Fault};
use super::table::EXAMPLE_ID;
use super::values::map;
use super::world::World;
use super::{Handlers, Reply};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[("job.status", status)];

/// The stages of a task that says nothing special of itself; `DONE` or `FAILED` comes after the last.
const STAGES: &[&str] = &["PENDING", "IN-PROGRESS"];

/// The stages of a new service.
const SETUP: &[&str] = &["AWAITING-PAYMENT", "AWAITING-SETUP", "INSTALLING"];

/// What happens when a job has ended well.
type Effect = Box<dyn FnOnce(&mut World) + Send>;

/// A long task.
pub(crate) struct Job {
    id: String,
    kind: &'static str,
    subject: String,
    service: Option<String>,
    /// The stage from which the service has a name.
    named_from: usize,
    stages: &'static [&'static str],
    started: Duration,
    takes: Duration,
    /// Whether no other of its kind can be started on the same subject while it runs.
    once: bool,
    fails: bool,
    effect: Option<Effect>,
}

impl Job {
    /// A task on something.
    pub(crate) fn new(kind: &'static str, subject: impl Into<String>) -> Job {
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
    pub(crate) fn on_service(kind: &'static str, service: &str) -> Job {
        Job { service: Some(service.to_owned()), ..Job::new(kind, service) }
    }

    /// The set-up of a new service, whose name is not known before the second stage.
    pub(crate) fn setting_up(kind: &'static str, service: &str) -> Job {
        Job { stages: SETUP, named_from: 1, ..Job::on_service(kind, service) }
    }

    /// The same, of which the document says that there is one at a time: asking again while it runs is refused.
    pub(crate) fn once(self) -> Job {
        Job { once: true, ..self }
    }

    /// What happens when it has ended well.
    pub(crate) fn then(self, effect: impl FnOnce(&mut World) + Send + 'static) -> Job {
        Job { effect: Some(Box::new(effect)), ..self }
    }

    fn has_ended(&self, now: Duration) -> bool {
        now.saturating_sub(self.started) >= self.takes
    }

    fn show(&self, now: Duration) -> Map {
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
pub(crate) struct Jobs {
    all: Vec<Job>,
    takes: Duration,
}

impl Jobs {
    /// No jobs yet; each will take so long.
    pub(crate) fn new(takes: Duration) -> Jobs {
        Jobs { all: Vec::new(), takes }
    }

    /// The jobs of a new sandbox: one, which ended as it began.
    pub(crate) fn seed(takes: Duration) -> Jobs {
        let done = Job { id: EXAMPLE_ID.to_owned(), ..Job::on_service("REBOOT", "myserver1") };
        Jobs { all: vec![done], takes }
    }

    /// How long each takes.
    pub(crate) fn takes(&self) -> Duration {
        self.takes
    }
}

impl World {
    /// Starts a job and shows it; refused when there can be one at a time and one runs.
    pub(crate) fn start(&mut self, job: Job) -> Reply {
        let (now, takes) = (self.clock.now(), self.jobs.takes);
        if job.once && self.is_running(job.kind, &job.subject) {
            let message = format!("{} is already in progress for {}", job.kind, job.subject);
            return Err(Fault::new(Code::AlreadyInProgress, message));
        }
        let fails = job.service.as_deref().is_some_and(|name| self.services.fails_jobs(name));
        let job = Job { id: self.random.id(), started: now, takes, fails, ..job };
        let shown = job.show(now);
        self.jobs.all.push(job);
        Ok(shown.into())
    }

    /// What follows that start in the subject of the job of a kind that was started last, of those that run.
    pub(crate) fn latest(&self, kind: &str, start: &str) -> Option<&str> {
        let now = self.clock.now();
        let running = self.jobs.all.iter().rev().filter(|job| job.kind == kind && !job.has_ended(now));
        running.filter_map(|job| job.subject.strip_prefix(start)).next()
    }

    /// Whether a job of that kind runs on that subject.
    pub(crate) fn is_running(&self, kind: &str, subject: &str) -> bool {
        let now = self.clock.now();
        let asked_for = |job: &Job| job.kind == kind && job.subject == subject;
        self.jobs.all.iter().any(|job| asked_for(job) && !job.has_ended(now))
    }

    /// Lets the jobs that have ended since the last call take effect.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        let ended = self.jobs.all.iter_mut().filter(|job| job.has_ended(now) && !job.fails);
        let effects: Vec<Effect> = ended.filter_map(|job| job.effect.take()).collect();
        for effect in effects {
            effect(self);
        }
    }
}

fn status(world: &mut World, args: &Args) -> Reply {
    let id = args.text("id");
    let of_service = |job: &&Job| args.maybe_text("name").is_none_or(|name| job.service.as_deref() == Some(name));
    let job = world.jobs.all.iter().find(|job| job.id == id).filter(of_service);
    let job = job.ok_or_else(|| Fault::missing("job", "id", id))?;
    Ok(Value::Map(job.show(world.clock.now())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn a_job_moves_from_stage_to_stage() {
        let takes = Duration::from_secs(3);
        let job = Job { takes, ..Job::setting_up("SETUP-NEW-MINISERVER", "myserver9") };
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
    fn a_job_on_a_failing_service_fails_and_changes_nothing() {
        let mut account = Account::new();
        let job = account.get("service.cancel", map! { "name" => "failingserver1" });
        account.wait();
        let job = account.get("job.status", map! { "id" => job.get("id").cloned().unwrap() });
        assert_eq!((job.get("status"), job.get("error")), (Some(&"FAILED".into()), Some(&true.into())));
        let service = account.get("service.info", map! { "name" => "failingserver1" });
        assert_eq!(service.get("status"), Some(&"LIVE".into()));
    }

    #[test]
    fn a_job_is_found_by_its_id_and_its_service() {
        let mut account = Account::new();
        let id = account.get("service.cancel", map! { "name" => "myserver2" }).get("id").cloned().unwrap();
        for (args, code) in [
            (map! { "id" => id.clone() }, 0),
            (map! { "id" => id.clone(), "name" => "myserver2" }, 0),
            (map! { "id" => id, "name" => "myserver1" }, 3),
            (map! { "id" => EXAMPLE_ID }, 0),
            (map! { "id" => "fedcba9876543210fedcba9876543210" }, 3),
            (map! { "id" => "0123" }, 7),
        ] {
            assert_eq!(account.code("job.status", args.clone()), code, "{args:?}");
        }
    }
}
