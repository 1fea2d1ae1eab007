//! account.*: the users of the organization, and their permissions.

use super::fault::Fault;
use super::handler::{Handlers, Reply, done, rows, value};
use super::organization::ORGANIZATION;
use super::state::accounts::{PRIMARY, User, roles};
use super::world::World;
use crate::kit::args::Args;
use model::Value;

pub(super) const HANDLERS: Handlers = &[
    ("account.create", create),
    ("account.delete", delete),
    ("account.list", |world, _| rows(world.accounts.all.iter().map(|account| account.shown.clone()))),
    ("account.make_primary", make_primary),
    ("account.me", me),
    ("account.update", update),
];

/// The role that cannot be combined with others, and is equivalent to no role.
const READ_ONLY: &str = "read only";

fn me(world: &mut World, _: &Args) -> Reply {
    let user = world.user.clone();
    value(world.accounts.find_mut(&user)?.shown.clone())
}

fn create(world: &mut World, args: &Args) -> Reply {
    let name = args.text("userName");
    if args.text("orgId") != ORGANIZATION {
        return Err(Fault::data("orgId", "does not match the organization of the address"));
    }
    if name.starts_with('-') {
        return Err(Fault::new(121, "userName must not start with '-'"));
    }
    if world.accounts.find(name).is_some() {
        return Err(Fault::new(120, format!("userName {name} is not unique")));
    }
    let names: Vec<&str> = args.maps("roles").filter_map(|role| role.get("name")).filter_map(Value::as_str).collect();
    can_have(&names)?;
    let mut user = User::new(name, args.text("password"), args.text("fullName"), &names);
    edit(&mut user, args);
    world.accounts.all.push(user);
    done(format!("Account {name} created"))
}

/// Refuses roles that cannot be assigned, or not together.
fn can_have(names: &[&str]) -> Result<(), Fault> {
    if names.contains(&PRIMARY) {
        return Err(Fault::new(123, format!("The role '{PRIMARY}' cannot be given")));
    }
    match names.contains(&READ_ONLY) && names.len() > 1 {
        true => Err(Fault::new(123, format!("The role '{READ_ONLY}' goes with no other"))),
        false => Ok(()),
    }
}

/// Applies the given fields, of those that lists show.
fn edit(user: &mut User, args: &Args) {
    const TEXTS: [&str; 7] =
        ["emailAddress", "fullName", "firstName", "lastName", "department", "customDefined1", "customDefined2"];
    for (name, value) in args.iter().filter(|(name, _)| TEXTS.contains(name)) {
        user.shown.insert(name, value.clone());
    }
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (name, caller) = (args.text("userName"), world.user.clone());
    let primary = world.accounts.find_mut(&caller)?.has(PRIMARY);
    let only_password = args.iter().all(|(name, _)| matches!(name, "userName" | "password"));
    let own_password = name == caller && only_password;
    if !(primary || own_password) {
        return Err(Fault::new(140, "Only the primary administrator may change that"));
    }
    // The document gives no reason here; that of the other calls shows the intention.
    let user = world.accounts.find_mut(name)?;
    if let Some(names) = args.texts("role") {
        can_have(&names)?;
        if user.has(PRIMARY) {
            return Err(Fault::new(123, "The roles of the primary administrator cannot be changed"));
        }
        user.shown.insert("roles", roles(&names));
    }
    edit(user, args);
    if let Some(password) = args.maybe_text("password") {
        user.password = password.to_owned();
    }
    done(format!("Account {name} updated"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let name = args.text("userName");
    if world.accounts.find_mut(name)?.has(PRIMARY) {
        return Err(Fault::new(130, "The primary administrator cannot be deleted"));
    }
    world.accounts.all.retain(|user| user.name() != name);
    done(format!("Delete Account {name} submitted"))
}

fn make_primary(world: &mut World, args: &Args) -> Reply {
    let (name, caller) = (args.text("userName"), world.user.clone());
    world.accounts.find_mut(name)?;
    // The former primary administrator keeps all other roles.
    let rest = ["network", "server", "backup", "create image", "storage", "reports"];
    world.accounts.find_mut(&caller)?.shown.insert("roles", roles(&rest));
    world.accounts.find_mut(name)?.shown.insert("roles", roles(&[PRIMARY]));
    done(format!("Designate Primary Admin Account {name} submitted"))
}

#[cfg(test)]
mod tests {
    use super::super::organization::USER;
    use super::super::testing::Organization;
    use super::*;
    use crate::kit::values::{list, map};
    use model::Map;

    fn new(name: &str, org: &str, role: &[&str]) -> Map {
        let roles = list(role.iter().map(|role| map! { "name" => *role }));
        map! {
            "userName" => name, "password" => "Example-Pass-1", "fullName" => "Joe Public", "firstName" => "Joe",
            "lastName" => "Public", "emailAddress" => "joe@example.com", "orgId" => org, "roles" => roles,
        }
    }

    #[test]
    fn invalid_accounts_are_refused() {
        let named = |name: &str| map! { "userName" => name };
        for (method, args, reason) in [
            ("account.create", new("joe", ORGANIZATION, &["server", "network"]), 0),
            ("account.create", new("joe", ORGANIZATION, &["server", "read only"]), 123),
            ("account.create", new("joe", "other", &[]), 320),
            ("account.create", new("-joe", ORGANIZATION, &[]), 121),
            ("account.create", new("user-1", ORGANIZATION, &[]), 120),
            ("account.create", new("joe", ORGANIZATION, &["emperor"]), 123),
            ("account.create", new("joe", ORGANIZATION, &[PRIMARY]), 123),
            ("account.create", new("j oe", ORGANIZATION, &[]), 121),
            ("account.update", map! { "userName" => "user-1", "role" => Value::List(vec!["king".into()]) }, 123),
            ("account.update", map! { "userName" => "user-1", "role" => Value::List(vec![PRIMARY.into()]) }, 123),
            ("account.update", map! { "userName" => "user-1", "password" => "short" }, 122),
            ("account.update", map! { "userName" => "nobody", "department" => "x" }, 110),
            ("account.delete", named("user-1"), 0),
            ("account.delete", named("nobody"), 110),
            ("account.delete", named(USER), 130),
            ("account.make_primary", named("nobody"), 110),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn accounts_are_created_changed_and_deleted() {
        let mut org = Organization::new();
        org.done("account.create", new("joe", ORGANIZATION, &["server"]));
        org.done("account.update", map! { "userName" => "joe", "department" => "Sales" });
        let joe = org.find("account.list", map! {}, "userName", "joe").unwrap();
        assert_eq!((joe.get("department"), joe.get("orgId")), (Some(&"Sales".into()), Some(&ORGANIZATION.into())));
        org.done("account.delete", map! { "userName" => "joe" });
        assert_eq!(org.find("account.list", map! {}, "userName", "joe"), None);
    }

    #[test]
    fn roles_decide_what_a_user_may_do() {
        let mut org = Organization::new();
        let day = map! { "startDate" => "2011-07-01", "endDate" => "2011-07-02" };
        for (user, password, method, args, reason) in [
            ("user-2", "User-Pass-2", "server.list", map! {}, 0),
            ("user-2", "User-Pass-2", "account.delete", map! { "userName" => "user-1" }, 140),
            ("user-2", "User-Pass-2", "report.usage", day.clone(), 140),
            ("user-2", "User-Pass-2", "account.update", map! { "userName" => "user-2", "password" => "New-Pass-2" }, 0),
            ("user-2", "New-Pass-2", "account.update", map! { "userName" => "user-2", "department" => "x" }, 140),
            (USER, "Sandbox-Key-1", "account.make_primary", map! { "userName" => "user-2" }, 0),
            ("user-2", "New-Pass-2", "report.usage", day, 0),
            (USER, "Sandbox-Key-1", "account.delete", map! { "userName" => "user-1" }, 140),
        ] {
            org.login = (user.to_owned(), password.to_owned());
            assert_eq!(org.reason(method, args), reason, "{user} {method}");
        }
    }
}
