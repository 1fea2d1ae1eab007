//! openstack.user.*: the users of the account's projects.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::names::username;
use super::super::state::projects::user_row;
use super::super::table::{overlay, text};
use super::super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{list, map, nothing};
use model::Map;

impl World {
    /// A user in the form of answers: with the projects it may use.
    pub(super) fn show_user(&self, user: &Map) -> Map {
        let projects = self.projects().filter(|(_, id)| self.openstack.admits(id, text(user, "username")));
        let mut shown = user.clone();
        shown.insert("projects", list(projects.map(|(name, id)| map! { "name" => name, "id" => id })));
        shown
    }

    /// The user that a call names.
    fn project_user(&self, args: &Args) -> Result<&Map, Fault> {
        self.openstack.users.find(username(args)?)
    }
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let user = overlay(user_row(username(args)?, ["", ""], false), args.iter());
    world.openstack.users.add(user.clone())?;
    Ok(world.show_user(&user).into())
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    let name = text(world.project_user(args)?, "username").to_owned();
    world.start(Job::new("OPENSTACK-DELETE-USER", &name).then(move |world| {
        world.openstack.users.drop_having("username", &name);
        world.openstack.access.retain(|(_, user)| *user != name);
    }))
}

pub(super) fn set_enabled(world: &mut World, args: &Args, enabled: bool) -> Reply {
    let mut user = world.project_user(args)?.clone();
    user.insert("enabled", enabled);
    world.openstack.users.put(user);
    Ok(nothing())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.show_user(world.project_user(args)?).into())
}

pub(super) fn list_users(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.openstack.users.iter().map(|user| world.show_user(user))))
}

/// The cloud of a sandbox has no login, so no password is stored.
pub(super) fn set_password(world: &mut World, args: &Args) -> Reply {
    let name = text(world.project_user(args)?, "username").to_owned();
    world.start(Job::new("OPENSTACK-SET-PASSWORD", name))
}

#[cfg(test)]
mod tests {
    use super::super::super::table::EXAMPLE_ID;
    use super::super::super::testing::Account;
    use super::*;

    fn named(name: &str) -> Map {
        map! { "username" => name }
    }

    fn new(name: &str, email: &str) -> Map {
        map! { "username" => name, "password" => "an-example-password", "email" => email, "enabled" => false }
    }

    #[test]
    fn invalid_user_calls_are_refused() {
        let mut account = Account::new();
        let password = |name: &str| map! { "username" => name, "password" => "new" };
        for (method, args, code) in [
            ("openstack.user.create", new("carol", "carol@example.com"), 0),
            ("openstack.user.create", new("carol", "carol@example.com"), 8),
            ("openstack.user.create", new("dave", "dave"), 7),
            ("openstack.user.create", new(".dave", "dave@example.com"), 7),
            ("openstack.user.set_password", password("carol"), 0),
            ("openstack.user.set_password", password("dave"), 3),
            ("openstack.user.enable", named("dave"), 3),
            ("openstack.user.info", named("da ve"), 7),
            ("openstack.user.delete", named("dave"), 3),
            ("openstack.user.delete", named("carol"), 0),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        account.wait();
        assert_eq!(account.code("openstack.user.info", named("carol")), 3);
        assert_eq!(account.code("openstack.user.create", new("carol", "carol@example.com")), 0);
    }

    #[test]
    fn a_user_is_shown_with_its_projects() {
        let mut account = Account::new();
        account.get("openstack.user.disable", named("alice"));
        let user = account.get("openstack.user.info", named("alice"));
        let mut expected = user_row("alice", ["web team", "alice@example.com"], false);
        expected.insert("projects", list([map! { "name" => "myproject1", "id" => EXAMPLE_ID }]));
        assert_eq!(user, expected.into());
        account.get("openstack.user.enable", named("alice"));
        let all = account.get("openstack.user.list", map! {});
        assert_eq!(all.as_list().unwrap()[0].get("enabled"), Some(&true.into()));
    }
}
