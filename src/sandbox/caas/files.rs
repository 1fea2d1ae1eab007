//! files_account.*: accounts of Cloud Files.

use super::fault::Fault;
use super::handler::{Handlers, Reply, done, rows};
use super::shelf::text;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{map, texts};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("files_account.create", create),
    ("files_account.delete", delete),
    ("files_account.list", |world, _| rows(world.files.0.iter().cloned())),
    ("files_account.update", update),
];

/// Applies the given fields, if they are not in use elsewhere.
fn edit(world: &World, args: &Args, account: &mut Map) -> Result<(), Fault> {
    let own = text(account, "userName").to_owned();
    for field in ["email", "displayName"] {
        let given = args.text(field);
        let other = |known: &&Map| text(known, "userName") != own && text(known, field) == given;
        if !given.is_empty() && world.files.0.iter().any(|known| other(&known)) {
            return Err(Fault::data(field, "not unique"));
        }
    }
    let admins: Vec<&str> = args.texts("subAdminUserName").unwrap_or_default();
    let admins: Vec<&str> = admins.into_iter().filter(|name| !name.is_empty()).collect();
    if let Some(unknown) = admins.iter().find(|name| !world.accounts.sub_administrators().any(|known| known == **name))
    {
        return Err(Fault::new(110, format!("User account {unknown} not found")));
    }
    for (name, value) in args.iter() {
        match name {
            "files-account-username" => {}
            "subAdminUserName" => drop(account.insert("subAdminUsername", texts(&admins))),
            _ => drop(account.insert(name, value.clone())),
        }
    }
    Ok(())
}

fn create(world: &mut World, args: &Args) -> Reply {
    let name = args.text("userName");
    if world.files.position(name).is_ok() {
        return Err(Fault::data("userName", "not unique"));
    }
    let mut account = map! { "userName" => name };
    edit(world, args, &mut account)?;
    world.files.0.push(account);
    done(format!("Storage-Account (username:{name}) created"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let name = args.text("files-account-username");
    let at = world.files.position(name)?;
    if let Some(password) = args.maybe_text("password") {
        let kinds: [fn(&char) -> bool; 4] =
            [char::is_ascii_uppercase, char::is_ascii_lowercase, char::is_ascii_digit, char::is_ascii_punctuation];
        if !kinds.iter().all(|kind| password.chars().any(|c| kind(&c))) {
            return Err(Fault::data("password", "capitals, small letters, digits and punctuation are required"));
        }
    }
    let mut account = world.files.0.get(at).cloned().unwrap_or_default();
    edit(world, args, &mut account)?;
    if let Some(known) = world.files.0.get_mut(at) {
        *known = account;
    }
    done(format!("Storage-Account (username:{name}) modified"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let name = args.text("files-account-username");
    let at = world.files.position(name)?;
    world.files.0.remove(at);
    done(format!("Storage-Account (username:{name}) deleted"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Organization;
    use super::*;

    #[test]
    fn accounts_are_created_changed_and_deleted() {
        let mut org = Organization::new();
        let new = |name: &str, shown: &str, admin: &str| {
            map! {
                "userName" => name, "password" => "Example-Pass-1", "email" => format!("{name}@example.com"),
                "allocatedStorageMb" => 20_480, "displayName" => shown, "subAdminUserName" => texts([admin]),
            }
        };
        let update = |password: &str| map! { "files-account-username" => "s1", "password" => password };
        let of = || map! { "files-account-username" => "s1" };
        for (method, args, reason) in [
            ("files_account.create", new("archive1", "S1", "user-1"), 320),
            ("files_account.create", new("s1", "Archive 1", "user-1"), 320),
            ("files_account.create", new("s1", "S1", "nobody"), 110),
            ("files_account.create", new("s1", "S1", "user-1"), 0),
            ("files_account.update", update("Other-Pass-2"), 0),
            ("files_account.update", update("simple-password"), 320),
            ("files_account.update", map! { "files-account-username" => "s1", "allocatedStorageMb" => 5 }, 320),
        ] {
            assert_eq!(org.reason(method, args.clone()), reason, "{method} {args:?}");
        }
        let account = org.find("files_account.list", map! {}, "userName", "s1").unwrap();
        assert_eq!(account.get("subAdminUsername"), Some(&texts(["user-1"])));
        assert_eq!(account.get("password"), Some(&"Other-Pass-2".into()));
        org.done("files_account.delete", of());
        assert_eq!(org.reason("files_account.delete", of()), 680);
    }
}
