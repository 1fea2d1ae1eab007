//! partner.*: accounts that a partner creates and manages for others, each with its own state.

use super::fault::{Code, Fault};
use super::handler::{Handlers, Reply};
use super::state::keys::Key;
use super::state::services::Service;
use super::world::{Managed, Partner, World};
use crate::auth::Scopes;
use crate::kit::args::Args;
use crate::kit::values::{list, map, texts};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("partner.account.create", create_account),
    ("partner.account.list", list_accounts),
    ("partner.apikey.create", create_key),
    ("partner.apikey.list", list_keys),
    ("partner.service.list", list_services),
];

fn partner(world: &mut World) -> Result<&mut Partner, Fault> {
    let refusal = || Fault::new(Code::PartnerOnly, "This method is only available to partners");
    world.partner.as_mut().ok_or_else(refusal)
}

/// Accounts are named by their owner's surname and a number.
fn create_account(world: &mut World, args: &Args) -> Reply {
    let (clock, job_time) = (world.clock.clone(), world.jobs.takes());
    let partner = partner(world)?;
    let surname = args.text("user_surname").chars().filter(char::is_ascii_alphanumeric).take(8);
    let stem: String = surname.collect::<String>().to_ascii_lowercase();
    let taken = |name: &String| partner.accounts.iter().any(|account| account.name == *name);
    let name = (1..).map(|n| format!("{stem}{n}")).find(|name| !taken(name)).unwrap_or_default();
    let mut account = Managed::new(&name, clock, job_time);
    let key = account.world.add_key(None, Scopes::default(), "made for the partner")?;
    partner.accounts.push(account);
    Ok(map! { "account" => name, "api_key" => key }.into())
}

fn list_accounts(world: &mut World, _: &Args) -> Reply {
    Ok(texts(partner(world)?.accounts.iter().map(|account| account.name.as_str())))
}

/// The key is restricted to the service, which must be on that account.
fn create_key(world: &mut World, args: &Args) -> Reply {
    let account = partner(world)?.world_of(args.text("account_name"))?;
    let service = args.text("service");
    if account.services.live(service).is_err() {
        return Err(Fault::new(Code::ServiceDoesNotExist, format!("Couldn't find active service '{service}'")));
    }
    let method = args.texts("methods").unwrap_or_default().into_iter().map(str::to_owned).collect();
    let scopes = Scopes { method, name: vec![service.to_owned()] };
    Ok(account.add_key(None, scopes, args.text("comment"))?.into())
}

fn list_keys(world: &mut World, args: &Args) -> Reply {
    let worlds = partner(world)?.chosen(args.maybe_text("account_name"))?;
    let keys = |world: &mut World| world.keys.iter().map(Key::show).collect::<Vec<Map>>();
    Ok(list(worlds.into_iter().flat_map(keys)))
}

fn list_services(world: &mut World, args: &Args) -> Reply {
    let worlds = partner(world)?.chosen(args.maybe_text("account_name"))?;
    let live = |world: &mut World| {
        world.services.iter().filter(|service| service.is_live()).map(Service::show).collect::<Vec<Map>>()
    };
    Ok(list(worlds.into_iter().flat_map(live)))
}

#[cfg(test)]
pub(super) mod testing {
    use model::Map;

    /// The arguments for creating a customer's account.
    pub(crate) fn jane() -> Map {
        let words = ["user_forename", "user_phone", "user_address", "user_town", "user_statecounty", "user_postcode"];
        let mut map: Map = words.into_iter().map(|word| (word, "x")).collect();
        for (name, value) in [("user_email", "jane@example.com"), ("user_title", "Ms"), ("user_surname", "O'Doe")] {
            map.insert(name, value);
        }
        map.insert("user_country", "GB");
        map
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Account, memset};
    use super::testing::jane;
    use super::*;
    use crate::Options;
    use model::Value;

    #[test]
    fn only_partners_are_allowed() {
        let mut account = Account::new();
        for name in ["partner.account.list", "partner.apikey.list", "partner.service.list"] {
            assert_eq!(account.code(name, map! {}), 16, "{name}");
        }
        assert_eq!(account.code("partner.account.create", jane()), 16);
    }

    #[test]
    fn accounts_and_services_must_exist() {
        let mut account = Account::of(Options { partner: true, ..Options::default() });
        let key = |name: &str, service: &str| map! { "account_name" => name, "service" => service, "comment" => "c" };
        for (method, args, code) in [
            ("partner.apikey.create", key("exampleacc", "mystorage1"), 0),
            ("partner.apikey.create", key("exampleacc", "nosuch"), 15),
            ("partner.apikey.create", key("nosuch", "mystorage1"), 14),
            ("partner.apikey.list", map! { "account_name" => "exampleacc" }, 0),
            ("partner.apikey.list", map! { "account_name" => "nosuch" }, 14),
            ("partner.service.list", map! { "account_name" => "nosuch" }, 14),
            ("partner.service.list", map! {}, 0),
            ("partner.account.create", jane(), 0),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        assert_eq!(account.get("partner.account.list", map! {}), texts(["exampleacc", "odoe1"]));
    }

    /// The document's own example for partners.
    #[test]
    fn a_partner_orders_storage_for_a_customer() {
        let options = Options { partner: true, ..Options::default() };
        let mut memset = memset(options.clone());
        let mut call = |key: &str, name: &str, args: Map| memset.call(Some(key), name, vec![args.into()]);
        let account = call(&options.key, "partner.account.create", jane()).unwrap();
        let theirs = account.get("api_key").unwrap().get("key").and_then(Value::as_str).unwrap().to_owned();
        let order = call(&theirs, "create.memstore", map! { "sku" => "CLOUDF5", "dry_run" => false }).unwrap();
        let service = order.get("service").unwrap().clone();
        let args = map! { "account_name" => "odoe1", "service" => service.clone(), "comment" => "Usage only" };
        assert_eq!(call(&options.key, "partner.apikey.create", args.clone()).unwrap_err().code as i64, 15);
        assert_eq!(call(&theirs, "apikey.list", map! {}).unwrap_err().code as i64, 17);
        assert_eq!(call(&theirs, "partner.account.list", map! {}).unwrap_err().code as i64, 16);
        crate::Service::advance(&mut memset, options.job_time);
        let mut call = |key: &str, name: &str, args: Map| memset.call(Some(key), name, vec![args.into()]);
        let key = call(&options.key, "partner.apikey.create", args).unwrap();
        let key = key.get("key").and_then(Value::as_str).unwrap();
        assert_eq!(call(key, "service.info", map! { "name" => service.clone() }).unwrap().get("name"), Some(&service));
        assert_eq!(call(key, "service.list", map! {}).unwrap_err().code as i64, 4);
    }
}
