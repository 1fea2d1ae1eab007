//! The state of the organization: its things, running tasks, and the current caller.

use std::time::Duration;

use super::fault::Fault;
use super::locations;
use super::organization::ORGANIZATION;
use super::progress::{Progress, moment};
use super::state::accounts::Accounts;
use super::state::audit::Audit;
use super::state::backups::Backups;
use super::state::balancing::Balancing;
use super::state::files::FilesAccounts;
use super::state::images::Images;
use super::state::networks::Networks;
use super::state::reports::Reports;
use super::state::servers::Servers;
use super::state::transfers::Transfers;
use crate::Options;
use crate::kit::clock::Clock;
use crate::kit::random::Random;

/// What happens at the end of a task.
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
    /// The source of new ids.
    pub(crate) random: Random,
    /// How long every task takes.
    pub(crate) takes: Duration,
    tasks: Vec<Task>,
    /// The name of the caller.
    pub(crate) user: String,
    /// The users.
    pub(crate) accounts: Accounts,
    /// The administrator logs.
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
    /// Reports in preparation.
    pub(crate) reports: Reports,
    /// Servers and the rules that keep them apart.
    pub(crate) servers: Servers,
    /// Load balancing.
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

    /// The time in the service's format: `2011-08-01T09:00:00.000Z`.
    pub(crate) fn now(&self) -> String {
        moment(&self.clock)
    }

    /// A new id.
    pub(crate) fn new_id(&mut self) -> String {
        uuid(&mut self.random)
    }

    /// Runs an effect at the end of a task of the usual length.
    pub(crate) fn after(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.push(Task { due: self.clock.now() + self.takes, effect: Box::new(effect) });
    }

    /// Applies the effects of ended tasks, in the order in which they were started.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        let (ended, running): (Vec<Task>, Vec<Task>) =
            std::mem::take(&mut self.tasks).into_iter().partition(|task| task.due <= now);
        self.tasks = running;
        for task in ended {
            (task.effect)(self);
        }
    }

    /// Refuses an unknown data centre.
    pub(crate) fn location(&self, location: &str) -> Result<(), Fault> {
        match locations::LOCATIONS.contains(&location) {
            true => Ok(()),
            false => Err(Fault::new(770, format!("Invalid location {location}"))),
        }
    }

    /// The progress of an operation that starts now.
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
