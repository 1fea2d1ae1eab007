//! The state of the account.

use std::time::Duration;

use super::cloud::Cloud;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::table::Table;
use crate::kit::tasks::Tasks;
use crate::kit::values::map;
use model::Map;

/// The account's e-mail address.
pub(super) const USER: &str = "admin@example.com";

/// Everything the account has.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) clouds: Vec<Cloud>,
    pub(crate) servers: Table,
    /// Deleted servers, each with the time of its end.
    pub(crate) deleted: Vec<(Duration, Map)>,
    /// Nodes by their kind.
    pub(crate) nodes: Table,
    pub(crate) ips: Table,
    pub(crate) justifications: Vec<Map>,
    /// Backups, clones, scheduled upgrades and the log, by server.
    pub(crate) backups: Table,
    pub(crate) clones: Table,
    pub(crate) schedules: Table,
    pub(crate) activity: Table,
    /// The rules by which servers grow.
    pub(crate) scaling: Vec<(i64, Map)>,
    pub(crate) domains: Table,
    /// Records by domain.
    pub(crate) records: Table,
    pub(crate) dns_templates: Table,
    /// Records by template.
    pub(crate) template_records: Table,
    pub(crate) tickets: Table,
    /// Replies by ticket.
    pub(crate) replies: Table,
    pub(crate) custom_templates: Table,
    /// Licensed templates by their kind.
    pub(crate) licensed: Table,
    /// dotDefender licences by server.
    pub(crate) shields: Vec<i64>,
    pub(crate) invoices: Vec<Map>,
    pub(super) tasks: Tasks<World>,
}

impl World {
    /// Lets something happen when a task has had its time.
    pub(crate) fn later(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.start(self.clock.now(), effect);
    }

    /// Lets the tasks whose time is up take effect, and forgets servers that were deleted long ago.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        for effect in self.tasks.ended(now) {
            effect(self);
        }
        self.deleted.retain(|(gone_at, _)| *gone_at > now);
    }

    /// Takes note of what was done to a server.
    pub(crate) fn log(&mut self, server: i64, action: &str) {
        let entry = map! { "action" => action, "created_at" => self.clock.iso() };
        self.activity.add(server, entry);
    }
}
