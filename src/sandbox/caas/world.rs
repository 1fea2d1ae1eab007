//! The state of the organization: what is there, what is under way, and who asks.

use std::time::Duration;

use super::account::Accounts;
use super::audit::Audit;
use super::backup::Backups;
use super::fault::Fault;
use super::files::FilesAccounts;
use super::image::Images;
use super::network::Networks;
use super::ovf::Transfers;
use super::report::Reports;
use super::server::Servers;
use super::vip::Balancing;
use super::{ORGANIZATION, places};
use crate::Options;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use model::{Date, Value};

/// What happens when a task has ended.
type Effect = Box<dyn FnOnce(&mut World) + Send>;

/// A long task.
struct Task {
    due: Duration,
    effect: Effect,
}

/// The state of the organization, area by area.
pub(crate) struct World {
    /// The time.
    pub(crate) clock: Clock,
    /// Where new ids come from.
    pub(crate) random: Random,
    /// How long every task takes.
    pub(crate) takes: Duration,
    tasks: Vec<Task>,
    /// The name of the caller.
    pub(crate) user: String,
    /// The users.
    pub(crate) accounts: Accounts,
    /// What was done.
    pub(crate) audit: Audit,
    /// The backup services of servers.
    pub(crate) backups: Backups,
    /// Cloud Files.
    pub(crate) files: FilesAccounts,
    /// The provider's images and the organization's.
    pub(crate) images: Images,
    /// Networks and the rules in them.
    pub(crate) networks: Networks,
    /// Imports, exports and copies.
    pub(crate) transfers: Transfers,
    /// Reports in the making.
    pub(crate) reports: Reports,
    /// Servers and the rules that keep them apart.
    pub(crate) servers: Servers,
    /// What shares loads between servers.
    pub(crate) balancing: Balancing,
}

impl World {
    /// The organization of a new sandbox.
    pub(crate) fn seeded(options: &Options, key: &str) -> World {
        let clock = Clock::starting(options.starts);
        World {
            random: Random::of(ORGANIZATION),
            takes: options.job_time,
            tasks: Vec::new(),
            user: String::new(),
            accounts: Accounts::seed(key),
            audit: Audit::default(),
            backups: Backups::seed(),
            files: FilesAccounts::seed(),
            images: Images::seed(&clock),
            networks: Networks::seed(),
            transfers: Transfers::seed(&clock),
            reports: Reports::taking(options.report_time),
            servers: Servers::seed(&clock, options.more_servers),
            balancing: Balancing::seed(),
            clock,
        }
    }

    /// The time as the service writes it: `2011-08-01T09:00:00.000Z`.
    pub(crate) fn now(&self) -> String {
        self.clock.moment().as_str().replace('Z', ".000Z")
    }

    /// A new id.
    pub(crate) fn new_id(&mut self) -> String {
        uuid(&mut self.random)
    }

    /// Does something when a task of the usual length has ended.
    pub(crate) fn after(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.push(Task { due: self.clock.now() + self.takes, effect: Box::new(effect) });
    }

    /// Lets the tasks that have ended take effect, in the order in which they were asked for.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        let (ended, running): (Vec<Task>, Vec<Task>) =
            std::mem::take(&mut self.tasks).into_iter().partition(|task| task.due <= now);
        self.tasks = running;
        for task in ended {
            (task.effect)(self);
        }
    }

    /// Refuses a data centre that is not there.
    pub(crate) fn location(&self, location: &str) -> Result<(), Fault> {
        match places::LOCATIONS.contains(&location) {
            true => Ok(()),
            false => Err(Fault::new(770, format!("Invalid location {location}"))),
        }
    }

    /// How an operation that begins now shows.
    pub(crate) fn progress(&self, action: &'static str) -> Progress {
        Progress {
            action,
            requested: self.now(),
            user: self.user.clone(),
            started: self.clock.now(),
            takes: self.takes,
            failure: None,
        }
    }
}

/// 32 hexadecimal digits in the form of the provider's ids.
pub(crate) fn uuid(random: &mut Random) -> String {
    let mut id = random.id();
    for at in [8, 13, 18, 23] {
        id.insert(at, '-');
    }
    id
}

/// A date as answers hold it.
pub(crate) fn date(text: &str) -> Value {
    Value::Date(Date::verbatim(text))
}

/// An operation in progress, or one that failed.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    action: &'static str,
    pub(crate) requested: String,
    user: String,
    started: Duration,
    takes: Duration,
    /// Why it failed.
    pub(crate) failure: Option<&'static str>,
}

/// How many steps every operation takes.
const STEPS: u128 = 3;

impl Progress {
    /// An operation that failed before the sandbox began.
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

    /// How far it is at a time.
    pub(crate) fn show(&self, now: &World) -> Value {
        use crate::kit::values::{list, map};
        let mut shown = map! {
            "action" => self.action,
            "requestTime" => date(&self.requested),
            "userName" => self.user.as_str(),
        };
        if let Some(reason) = self.failure {
            shown.insert("failureReason", reason);
            return shown.into();
        }
        let elapsed = now.clock.now().saturating_sub(self.started).as_millis();
        let hundredths = (elapsed * STEPS * 100 / self.takes.as_millis().max(1)).min(STEPS * 100 - 1);
        let number = |value: u128| i64::try_from(value).unwrap_or_default();
        let step = map! {
            "name" => "WAIT_FOR_OPERATION",
            "number" => number(hundredths / 100 + 1),
            "percentComplete" => number(hundredths % 100),
        };
        shown.insert("numberOfSteps", number(STEPS));
        shown.insert("updateTime", date(&now.now()));
        shown.insert("step", list([step]));
        shown.into()
    }
}
