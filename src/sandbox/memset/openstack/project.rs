//! openstack.list_projects, openstack.project.*: projects and the users of each.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::names::username;
use super::super::state::projects::OpenStack;
use super::super::table::{EXAMPLE_ID, text};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::{list, map, nothing};
use model::Map;

/// The kind of service that is a project.
const PROJECT: &str = "openstack";

/// The id of the project with that name; the first project has the id of the catalogue's examples.
fn id_of(name: &str) -> String {
    if name == "myproject1" { EXAMPLE_ID.to_owned() } else { Random::of(name).id() }
}

impl World {
    /// The live projects, with names and ids.
    pub(super) fn projects(&self) -> impl Iterator<Item = (&str, String)> {
        let live = self.services.iter().filter(|service| service.kind == PROJECT && service.is_live());
        live.map(|service| (service.name.as_str(), id_of(&service.name)))
    }

    /// The project that a call names.
    fn project(&self, args: &Args) -> Result<String, Fault> {
        let id = args.text("project_id");
        let found = self.projects().map(|(_, known)| known).find(|known| known == id);
        found.ok_or_else(|| Fault::missing("project", "project_id", id))
    }

    /// The project and the user that a call names.
    fn project_and_user(&self, args: &Args) -> Result<(String, String), Fault> {
        let user = self.openstack.users.find(username(args)?)?;
        Ok((self.project(args)?, text(user, "username").to_owned()))
    }
}

impl OpenStack {
    /// Whether a user may use a project.
    pub(super) fn admits(&self, project: &str, user: &str) -> bool {
        self.access.iter().any(|(known, name)| known == project && name == user)
    }
}

pub(super) fn list_projects(world: &mut World, _: &Args) -> Reply {
    let shown = world.projects().map(|(name, id)| {
        let project = map! {
            "project_id" => id,
            "auth_url" => "https://identity.cloud.example:5000/v2.0",
            "firewall_type" => "none",
        };
        (name, project)
    });
    Ok(shown.collect::<Map>().into())
}

pub(super) fn add_user(world: &mut World, args: &Args) -> Reply {
    let (project, user) = world.project_and_user(args)?;
    if !world.openstack.admits(&project, &user) {
        world.openstack.access.push((project, user));
    }
    Ok(nothing())
}

pub(super) fn list_users(world: &mut World, args: &Args) -> Reply {
    let project = world.project(args)?;
    let admitted = |user: &&Map| world.openstack.admits(&project, text(user, "username"));
    Ok(list(world.openstack.users.iter().filter(admitted).map(|user| world.show_user(user))))
}

pub(super) fn remove_user(world: &mut World, args: &Args) -> Reply {
    let gone = world.project_and_user(args)?;
    world.openstack.access.retain(|known| *known != gone);
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;

    fn with(project: &str, user: &str) -> Map {
        map! { "project_id" => project, "username" => user }
    }

    fn names(account: &mut Account) -> Vec<String> {
        let users = account.get("openstack.project.list_users", map! { "project_id" => EXAMPLE_ID });
        users.as_list().unwrap().iter().map(|user| text(user.as_map().unwrap(), "username").to_owned()).collect()
    }

    #[test]
    fn users_are_added_and_removed() {
        let mut account = Account::new();
        for (method, args, code, users) in [
            ("openstack.project.add_user", with(EXAMPLE_ID, "bob"), 0, 2),
            ("openstack.project.add_user", with(EXAMPLE_ID, "bob"), 0, 2),
            ("openstack.project.add_user", with("nosuch", "bob"), 3, 2),
            ("openstack.project.add_user", with(EXAMPLE_ID, "nosuch"), 3, 2),
            ("openstack.project.add_user", with(EXAMPLE_ID, ".bob"), 7, 2),
            ("openstack.project.remove_user", with(EXAMPLE_ID, "alice"), 0, 1),
            ("openstack.project.list_users", map! { "project_id" => "nosuch" }, 3, 1),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
            assert_eq!(names(&mut account).len(), users, "{method} {args:?}");
        }
        assert_eq!(names(&mut account), ["bob"]);
    }

    #[test]
    fn an_ordered_project_is_listed_when_it_is_set_up() {
        let mut account = Account::new();
        let sku = account.get("create.available", map! {});
        let sku = sku.as_list().unwrap().iter().filter_map(|sku| sku.get("sku")).cloned();
        let order = |sku| map! { "sku" => sku, "dry_run" => false };
        let codes = sku.map(|sku| account.code("create.openstack_project", order(sku)));
        assert_eq!(codes.filter(|code| *code == 0).count(), 1);
        assert_eq!(account.get("openstack.list_projects", map! {}).as_map().unwrap().len(), 1);
        account.wait();
        assert!(account.get("openstack.list_projects", map! {}).get("myproject2").is_some());
    }
}
