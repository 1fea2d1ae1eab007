//! The account of a new sandbox, assembled from its areas.

use super::world::World;
use super::{backups, cloud, dns_templates, domains, invoices, ips, nodes, schedules, templates, tickets, vm};
use crate::Options;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::table::Table;
use crate::kit::tasks::Tasks;

/// The account of a new sandbox.
pub(super) fn account(options: &Options) -> World {
    let clock = Clock::starting(options.starts);
    let mut world = World {
        random: Random::of("vpsnet"),
        clouds: cloud::seed(),
        servers: Table::starting(1383),
        deleted: Vec::new(),
        nodes: nodes::seed(),
        ips: Table::starting(12),
        justifications: Vec::new(),
        backups: Table::starting(3773),
        clones: Table::starting(542),
        schedules: Table::starting(6),
        activity: Table::starting(1),
        scaling: Vec::new(),
        domains: Table::starting(51),
        records: Table::starting(2_315_958),
        dns_templates: Table::starting(55),
        template_records: Table::starting(301),
        tickets: Table::starting(979),
        replies: Table::starting(1),
        custom_templates: Table::starting(115),
        licensed: Table::starting(25),
        shields: vec![1386],
        invoices: invoices::seed(&clock),
        clock,
        tasks: Tasks::taking(options.job_time),
    };
    vm::seed(&mut world);
    ips::seed(&mut world);
    dns_templates::seed(&mut world);
    domains::seed(&mut world);
    tickets::seed(&mut world);
    templates::seed(&mut world);
    backups::seed(&mut world);
    schedules::seed(&mut world);
    world
}
