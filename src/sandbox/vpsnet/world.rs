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

/// The whole state of the account.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) clouds: Vec<Cloud>,
    pub(crate) servers: Table,
    /// Deleted servers, each with the time until which it can be recovered.
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
    /// The scaling rules of servers.
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
    /// Runs an effect when a task is finished.
    pub(crate) fn later(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.start(self.clock.now(), effect);
    }

    /// Applies the effects of finished tasks, and forgets servers that were deleted long ago.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        for effect in self.tasks.ended(now) {
            effect(self);
        }
        self.deleted.retain(|(gone_at, _)| *gone_at > now);
    }

    /// Records an action on a server.
    pub(crate) fn log(&mut self, server: i64, action: &str) {
        let entry = map! { "action" => action, "created_at" => self.clock.iso() };
        self.activity.add(server, entry);
    }
}
