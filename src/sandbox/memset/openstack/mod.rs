//! openstack.*: cloud projects and who may use them.

mod project;
mod user;

use super::args::Args;
use super::jobs::Job;
use super::table::{EXAMPLE_ID, Table};
use super::{Handlers, Reply, World};

pub(super) const HANDLERS: Handlers = &[
    ("openstack.list_projects", project::list_projects),
    ("openstack.project.add_user", project::add_user),
    ("openstack.project.list_users", project::list_users),
    ("openstack.project.remove_user", project::remove_user),
    ("openstack.sync_users", sync_users),
    ("openstack.user.create", user::create),
    ("openstack.user.delete", user::delete),
    ("openstack.user.disable", |world, args| user::set_enabled(world, args, false)),
    ("openstack.user.enable", |world, args| user::set_enabled(world, args, true)),
    ("openstack.user.info", user::info),
    ("openstack.user.list", user::list_users),
    ("openstack.user.set_password", user::set_password),
];

/// The users of the account's projects; the projects themselves are services.
#[derive(Clone, Debug)]
pub(crate) struct OpenStack {
    users: Table,
    /// Who may use what: the id of a project and the name of a user.
    access: Vec<(String, String)>,
}

impl Default for OpenStack {
    fn default() -> OpenStack {
        OpenStack { users: Table::new("user", "username"), access: Vec::new() }
    }
}

impl OpenStack {
    /// The users of a new sandbox. One may use a project.
    pub(crate) fn seed() -> OpenStack {
        let users = [
            user::row("alice", ["web team", "alice@example.com"], true),
            user::row("bob", ["", "bob@example.com"], true),
        ];
        OpenStack {
            users: OpenStack::default().users.with(users),
            access: vec![(EXAMPLE_ID.to_owned(), "alice".to_owned())],
        }
    }
}

/// Users that are switched off and on are so at once here; the job is there to be waited for.
fn sync_users(world: &mut World, _: &Args) -> Reply {
    world.start(Job::new("OPENSTACK-SYNC-USERS", "the users"))
}
