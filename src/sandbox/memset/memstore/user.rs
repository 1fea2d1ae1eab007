//! memstore.user.*: the users of a storage service.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::names::username;
use super::super::state::memstores::user_row;
use super::super::table::flag;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, nothing};
use model::Map;

impl World {
    /// The user that a call names.
    fn store_user(&mut self, args: &Args) -> Result<&Map, Fault> {
        let name = username(args)?;
        self.store(args)?.users.find(name)
    }

    /// The user that a call names, if it is not the administrator.
    fn ordinary_user(&mut self, args: &Args) -> Result<&Map, Fault> {
        let user = self.store_user(args)?;
        if flag(user, "admin") { Err(Fault::state("The admin user cannot be deleted or disabled")) } else { Ok(user) }
    }
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let user = user_row(username(args)?, args.flag("enabled").unwrap_or_default(), false);
    world.store(args)?.users.add(user)
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    world.ordinary_user(args)?;
    world.store(args)?.users.take(args.text("username"))?;
    Ok(nothing())
}

pub(super) fn set_enabled(world: &mut World, args: &Args, enabled: bool) -> Reply {
    let found = if enabled { world.store_user(args) } else { world.ordinary_user(args) };
    let mut user = found?.clone();
    user.insert("enabled", enabled);
    world.store(args)?.users.put(user);
    Ok(nothing())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.store_user(args)?.clone().into())
}

pub(super) fn list_users(world: &mut World, args: &Args) -> Reply {
    Ok(list(world.store(args)?.users.iter().cloned()))
}

/// The storage of a sandbox has no login, so no password is stored.
pub(super) fn set_password(world: &mut World, args: &Args) -> Reply {
    world.store_user(args)?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use crate::kit::values::map;

    fn named(name: &str) -> Map {
        map! { "name" => "msstore1", "username" => name }
    }

    fn new(name: &str) -> Map {
        let rest = map! { "password" => "an-example-password", "enabled" => true };
        named(name).into_iter().chain(rest).collect()
    }

    #[test]
    fn users_are_created_and_deleted() {
        let mut account = Account::new();
        let password = |name: &str| map! { "name" => "msstore1", "username" => name, "password" => "new" };
        for (method, args, code) in [
            ("memstore.user.create", new("carol"), 0),
            ("memstore.user.create", new("carol"), 8),
            ("memstore.user.create", new("admin"), 8),
            ("memstore.user.create", new(".carol"), 7),
            ("memstore.user.create", new("car ol"), 7),
            ("memstore.user.create", named("dave"), 7),
            ("memstore.user.set_password", password("carol"), 0),
            ("memstore.user.set_password", password("dave"), 3),
            ("memstore.user.disable", named("admin"), 9),
            ("memstore.user.enable", named("admin"), 0),
            ("memstore.user.delete", named("admin"), 9),
            ("memstore.user.delete", named("carol"), 0),
            ("memstore.user.delete", named("carol"), 3),
            ("memstore.user.info", named("carol"), 3),
            ("memstore.user.list", map! { "name" => "myserver1" }, 5),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_user_is_disabled_and_enabled() {
        let mut account = Account::new();
        for (method, enabled) in [("memstore.user.disable", false), ("memstore.user.enable", true)] {
            account.get(method, named("alice"));
            let user = account.get("memstore.user.info", named("alice"));
            assert_eq!(user, user_row("alice", enabled, false).into());
            let all = account.get("memstore.user.list", map! { "name" => "msstore1" });
            assert_eq!(all.as_list().unwrap()[1], user);
        }
    }
}
