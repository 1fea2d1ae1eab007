//! server.slave_ns_*: domains for which the provider's name servers are slaves of a server.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::texts;

pub(super) const HANDLERS: Handlers =
    &[("server.slave_ns_add", add), ("server.slave_ns_delete", delete), ("server.slave_ns_list", list)];

fn add(world: &mut World, args: &Args) -> Reply {
    let domain = args.text("domain_name");
    let is_slaved = world.servers.iter().any(|server| server.slaved.iter().any(|slaved| slaved == domain));
    let server = world.server(args.text("name"))?;
    if is_slaved {
        return Err(Fault::state(format!("The domain '{domain}' is slaved already")));
    }
    server.slaved.push(domain.to_owned());
    server.slaved.sort();
    Ok(domain.into())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let domain = args.text("domain_name");
    let slaved = &mut world.server(args.text("name"))?.slaved;
    match slaved.iter().position(|slaved| slaved == domain) {
        Some(at) => Ok(slaved.remove(at).into()),
        None => Err(Fault::missing("slaved domain", "domain_name", domain)),
    }
}

fn list(world: &mut World, args: &Args) -> Reply {
    Ok(texts(&world.server(args.text("name"))?.slaved))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::map;

    #[test]
    fn domains_are_slaved_once() {
        let mut account = Account::new();
        let with = |name: &str, domain: &str| map! { "name" => name, "domain_name" => domain };
        for (method, args, code) in [
            ("server.slave_ns_add", with("myserver2", "example.com"), 0),
            ("server.slave_ns_add", with("myserver1", "example.com"), 9),
            ("server.slave_ns_add", with("oldserver1", "example.com"), 9),
            ("server.slave_ns_add", with("myserver1", "exa mple"), 7),
            ("server.slave_ns_delete", with("myserver1", "example.com"), 3),
            ("server.slave_ns_delete", with("myserver2", "example.com"), 0),
            ("server.slave_ns_delete", with("myserver2", "example.com"), 3),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        let listed = account.get("server.slave_ns_list", map! { "name" => "myserver1" });
        assert_eq!(listed.as_list().unwrap(), ["example.net".into(), "example.org".into()]);
    }
}
