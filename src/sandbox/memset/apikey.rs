//! apikey.*: the keys of the account and their restrictions.

use super::fault::{Code, Fault};
use super::handler::{Handlers, Reply};
use super::state::keys::Key;
use super::world::World;
use crate::auth::Scopes;
use crate::kit::args::Args;
use crate::kit::values::{list, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("apikey.add_scope", add_scope),
    ("apikey.create", create),
    ("apikey.delete", delete),
    ("apikey.delete_scope", delete_scope),
    ("apikey.info", info),
    ("apikey.list", list_keys),
];

/// The most keys of an account.
const QUOTA: usize = 10;

impl World {
    /// Adds a key; `None` generates an id.
    pub(super) fn add_key(&mut self, id: Option<&str>, scopes: Scopes, comment: &str) -> Result<Map, Fault> {
        if self.keys.all.len() >= QUOTA {
            return Err(Fault::new(Code::Overquota, format!("An account may have {QUOTA} API keys")));
        }
        let id = id.map_or_else(|| self.random.id(), str::to_owned);
        let key = Key { id, scopes, comment: comment.to_owned(), created: self.clock.timestamp() };
        let shown = key.show();
        self.keys.all.push(key);
        Ok(shown)
    }
}

fn create(world: &mut World, args: &Args) -> Reply {
    let given = |scope: &str| {
        let list = args.get("scopes").and_then(|scopes| scopes.get(scope)).and_then(Value::as_list);
        list.unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let scopes = Scopes { method: given("method"), name: given("name") };
    Ok(world.add_key(None, scopes, args.text("comment"))?.into())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = world.keys.find(args.text("id"))?.id.clone();
    world.keys.all.retain(|key| key.id != id);
    Ok(nothing())
}

fn add_scope(world: &mut World, args: &Args) -> Reply {
    let key = world.keys.find(args.text("id"))?;
    let value = args.text("value").to_owned();
    if let Some(values) = key.scopes.list_mut(args.text("scope_name"))
        && !values.contains(&value)
    {
        values.push(value);
    }
    Ok(key.show().into())
}

fn delete_scope(world: &mut World, args: &Args) -> Reply {
    let key = world.keys.find(args.text("id"))?;
    if let Some(values) = key.scopes.list_mut(args.text("scope_name")) {
        values.retain(|value| value != args.text("value"));
    }
    Ok(key.show().into())
}

fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.keys.find(args.text("id"))?.show().into())
}

fn list_keys(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.keys.iter().map(Key::show)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;
    use crate::kit::values::map;
    use crate::kit::values::texts;

    fn scopes_of(key: &Value) -> &Map {
        key.get("scopes").unwrap().as_map().unwrap()
    }

    #[test]
    fn keys_are_created_and_deleted() {
        let mut account = Account::new();
        let wanted = map! { "method" => texts(["server.reboot"]) };
        let key = account.get("apikey.create", map! { "scopes" => wanted.clone(), "comment" => "reboot only" });
        assert_eq!(scopes_of(&key), &wanted);
        let id = key.get("key").unwrap().clone();
        let with = |scope: &str, value: &str| map! { "id" => id.clone(), "scope_name" => scope, "value" => value };
        let both = account.get("apikey.add_scope", with("name", "myserver1"));
        assert_eq!(scopes_of(&both), &map! { "method" => texts(["server.reboot"]), "name" => texts(["myserver1"]) });
        assert_eq!(account.get("apikey.add_scope", with("name", "myserver1")), both);
        assert_eq!(account.get("apikey.delete_scope", with("name", "myserver2")), both);
        assert_eq!(scopes_of(&account.get("apikey.delete_scope", with("name", "myserver1"))), &wanted);
        assert_eq!(account.get("apikey.info", map! { "id" => id.clone() }), key);
        assert_eq!(account.get("apikey.list", map! {}).as_list().unwrap().last(), Some(&key));
        account.get("apikey.delete", map! { "id" => id.clone() });
        assert_eq!(account.code("apikey.delete", map! { "id" => id }), 3);
    }

    #[test]
    fn keys_are_limited() {
        let mut account = Account::new();
        let codes: Vec<i64> = (0..QUOTA).map(|_| account.code("apikey.create", map! {})).collect();
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), QUOTA - 2);
        assert_eq!(codes.last(), Some(&13));
    }

    #[test]
    fn scopes_are_of_two_kinds() {
        let mut account = Account::new();
        for (args, code) in [
            (map! { "scopes" => map! { "method" => "server.reboot" } }, 7),
            (map! { "scopes" => map! { "service" => texts(["myserver1"]) } }, 7),
            (map! { "comment" => "c".repeat(256) }, 7),
            (map! { "comment" => "c".repeat(255) }, 0),
        ] {
            assert_eq!(account.code("apikey.create", args.clone()), code, "{args:?}");
        }
    }
}
