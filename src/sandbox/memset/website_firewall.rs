//! website_firewall.*: sites protected by the provider's website firewall.

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::world::{Job, World};
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers = &[("website_firewall.clear_cache", clear_cache)];

/// The protected sites.
const SITES: &[&str] = &["www.example.com", "shop.example.com"];

fn clear_cache(world: &mut World, args: &Args) -> Reply {
    let domain = args.text("domain");
    match SITES.contains(&domain) {
        true => world.start(Job::new("CLEAR-WEBSITE-CACHE", domain)),
        false => Err(Fault::missing("website firewall", "domain", domain)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use crate::kit::values::{map, texts};

    #[test]
    fn caches_are_cleared() {
        let mut account = Account::new();
        let paths = |count: usize| texts((0..count).map(|page| format!("/page{page}.html")));
        for (args, code) in [
            (map! { "domain" => "www.example.com", "paths" => paths(500) }, 0),
            (map! { "domain" => "www.example.com" }, 0),
            (map! { "domain" => "shop.example.com" }, 0),
            (map! { "domain" => "shop.example.com", "paths" => paths(501) }, 7),
            (map! { "domain" => "www.example.net" }, 3),
            (map! { "domain" => "www example com" }, 7),
        ] {
            assert_eq!(account.code("website_firewall.clear_cache", args.clone()), code, "{:?}", args.get("domain"));
        }
    }
}
