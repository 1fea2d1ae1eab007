//! memstore.*: storage services, their containers and their users.

mod container;
mod user;

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::memstores::Store;
use super::state::services::STORAGE;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::{float, map};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("memstore.container.acl", container::acl),
    ("memstore.container.cdn", container::cdn),
    ("memstore.container.create", container::create),
    ("memstore.container.set_acl", container::set_acl),
    ("memstore.container.set_public_cdn", container::set_public_cdn),
    ("memstore.container.unset_public_cdn", container::unset_public_cdn),
    ("memstore.usage", usage),
    ("memstore.user.create", user::create),
    ("memstore.user.delete", user::delete),
    ("memstore.user.disable", |world, args| user::set_enabled(world, args, false)),
    ("memstore.user.enable", |world, args| user::set_enabled(world, args, true)),
    ("memstore.user.info", user::info),
    ("memstore.user.list", user::list_users),
    ("memstore.user.set_password", user::set_password),
];

impl World {
    /// The storage that a call names.
    fn store(&mut self, args: &Args) -> Result<&mut Store, Fault> {
        let name = self.services.live_of(args.text("name"), STORAGE)?.name.clone();
        Ok(self.memstores.0.entry(name).or_default())
    }
}

/// The traffic is made up, the other figures are counted.
fn usage(world: &mut World, args: &Args) -> Reply {
    let store = world.store(args)?;
    let (mut bytes, mut objects) = (0, 0);
    for container in &store.containers {
        bytes += container.bytes;
        objects += container.objects;
    }
    let mut random = Random::of(args.text("name"));
    let mut traffic = |busiest: u32| -> Map {
        let mut some = |limit: u32| float(random.below(limit));
        map! { "bytes_in" => some(busiest), "bytes_out" => some(busiest), "requests" => some(busiest / 50_000) }
    };
    Ok(map! {
        "bytes" => float(bytes),
        "containers" => i64::try_from(store.containers.len()).unwrap_or_default(),
        "objs" => objects,
        "bandwidth" => traffic(200_000_000),
        "cdn_bandwidth" => traffic(2_000_000_000),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn usage_counts_the_content() {
        let mut account = Account::new();
        let usage = |account: &mut Account| {
            let usage = account.get("memstore.usage", map! { "name" => "msstore1" });
            ["bytes", "containers", "objs"].map(|key| usage.get(key).cloned().unwrap())
        };
        assert_eq!(usage(&mut account), [float(3_860_997_965), 1.into(), 1204.into()]);
        account.get("memstore.container.create", map! { "name" => "msstore1", "container" => "films" });
        assert_eq!(usage(&mut account), [float(3_860_997_965), 2.into(), 1204.into()]);
        for (name, code) in [("mystorage1", 0), ("myserver1", 5), ("nosuch", 3)] {
            assert_eq!(account.code("memstore.usage", map! { "name" => name }), code, "{name}");
        }
    }
}
