//! openstack.*: cloud projects and their users.

mod project;
mod user;

use super::handler::{Handlers, Reply};
use super::world::{Job, World};
use crate::kit::args::Args;

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

/// Users are switched on and off at once here; the job only exists to be waited for.
fn sync_users(world: &mut World, _: &Args) -> Reply {
    world.start(Job::new("OPENSTACK-SYNC-USERS", "the users"))
}
