//! job.*: long tasks, which advance with the clock and take effect when they end.

use super::fault::{Code, Fault};
use super::handler::{Handlers, Reply};
use super::world::{Job, World};
use crate::kit::args::Args;
use model::Value;

pub(super) const HANDLERS: Handlers = &[("job.status", status)];

impl World {
    /// Starts a job and returns it; refused if only one at a time is allowed and one is running.
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

    /// The text after `start` in the subject of the latest running job of a kind.
    pub(crate) fn latest(&self, kind: &str, start: &str) -> Option<&str> {
        let now = self.clock.now();
        let running = self.jobs.all.iter().rev().filter(|job| job.kind == kind && !job.has_ended(now));
        running.filter_map(|job| job.subject.strip_prefix(start)).next()
    }

    /// Whether a job of that kind is running on that subject.
    pub(crate) fn is_running(&self, kind: &str, subject: &str) -> bool {
        let now = self.clock.now();
        let asked_for = |job: &Job| job.kind == kind && job.subject == subject;
        self.jobs.all.iter().any(|job| asked_for(job) && !job.has_ended(now))
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
    use super::super::table::EXAMPLE_ID;
    use super::super::testing::Account;
    use crate::kit::values::map;

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
