//! memshell.*: shell access to servers, with its passwords.

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::services::SERVERS;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{map, nothing};

pub(super) const HANDLERS: Handlers = &[
    ("memshell.disable", disable),
    ("memshell.enable", enable),
    ("memshell.info", info),
    ("memshell.set_password", set_password),
];

impl World {
    /// The server that a call names.
    fn shell(&self, args: &Args) -> Result<String, Fault> {
        Ok(self.services.live_of(args.text("name"), SERVERS)?.name.clone())
    }

    /// The server that a call names, if a parameter contains its current password.
    fn open_shell(&self, args: &Args, param: &str) -> Result<String, Fault> {
        let name = self.shell(args)?;
        match self.shells.0.get(&name) {
            None => Err(Fault::state(format!("MemShell is not enabled for '{name}'"))),
            Some(password) if password != args.text(param) => Err(Fault::parameter(param, "The password is wrong.")),
            Some(_) => Ok(name),
        }
    }
}

fn disable(world: &mut World, args: &Args) -> Reply {
    let name = world.open_shell(args, "password")?;
    world.shells.0.remove(&name);
    Ok(nothing())
}

fn enable(world: &mut World, args: &Args) -> Reply {
    let name = world.shell(args)?;
    if world.shells.0.contains_key(&name) {
        return Err(Fault::state(format!("MemShell is already enabled for '{name}'")));
    }
    let password = args.maybe_text("password").map_or_else(|| world.random.id(), str::to_owned);
    world.shells.0.insert(name, password.clone());
    Ok(map! { "password" => password }.into())
}

fn info(world: &mut World, args: &Args) -> Reply {
    let name = world.shell(args)?;
    Ok(map! {
        "enabled" => world.shells.0.contains_key(&name),
        "hostname" => "shell.memshell.example",
        "port" => 2222,
        "username" => name,
    }
    .into())
}

fn set_password(world: &mut World, args: &Args) -> Reply {
    let name = world.open_shell(args, "current_password")?;
    world.shells.0.insert(name, args.text("new_password").to_owned());
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;
    use model::Value;

    #[test]
    fn the_current_password_is_needed() {
        let mut account = Account::new();
        let with = |password: &str| map! { "name" => "myserver1", "password" => password };
        let change = |old: &str, new: &str| {
            map! { "name" => "myserver1", "current_password" => old, "new_password" => new }
        };
        for (method, args, code) in [
            ("memshell.disable", with("an-example-password"), 9),
            ("memshell.set_password", change("an-example-password", "another-example-password"), 9),
            ("memshell.enable", with("too-short"), 7),
            ("memshell.enable", with("an-example-password"), 0),
            ("memshell.enable", with("an-example-password"), 9),
            ("memshell.set_password", change("another-example-password", "an-example-password"), 7),
            ("memshell.set_password", change("an-example-password", "short"), 7),
            ("memshell.set_password", change("an-example-password", "another-example-password"), 0),
            ("memshell.disable", with("an-example-password"), 7),
            ("memshell.disable", with("another-example-password"), 0),
            ("memshell.info", map! { "name" => "mystorage1" }, 5),
            ("memshell.info", map! { "name" => "oldserver1" }, 9),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_password_is_generated_when_none_is_given() {
        let mut account = Account::new();
        let named = || map! { "name" => "myserver1" };
        let enabled = |account: &mut Account| account.get("memshell.info", named()).get("enabled").cloned();
        assert_eq!(enabled(&mut account), Some(false.into()));
        let password = account.get("memshell.enable", named()).get("password").cloned();
        assert!(password.as_ref().and_then(Value::as_str).is_some_and(|password| password.len() >= 10));
        assert_eq!(enabled(&mut account), Some(true.into()));
        let mut args = named();
        args.insert("password", password.unwrap());
        assert_eq!(account.code("memshell.disable", args), 0);
    }
}
