//! rev-dns.*: PTR records, edited one by one; what cannot be done is a warning, not an error.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::subclass::{ADDITIONAL_CLASS, Subclass};
use super::subnetwork::{ORDERED, Subnetwork};
use super::world::World;
use crate::kit::values::{list, map, text, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("rev-dns.details", details), ("rev-dns.edit", edit), ("rev-dns.list", list_subnetworks)];

impl World {
    /// The subnetworks with these ids, in the form of service details.
    pub(super) fn subnetworks(&self, ids: &[i64]) -> Value {
        list(self.subnetworks.iter().filter(|known| ids.contains(&known.id)).map(Subnetwork::show))
    }

    /// Adds a subnetwork for each ordered address, and returns their ids.
    pub(super) fn order_subnetworks(&mut self, addresses: &[String]) -> Vec<i64> {
        let first = self.subnetworks.iter().map(|known| known.id + 1).max().unwrap_or(ORDERED).max(ORDERED);
        let ordered: Vec<Subnetwork> = (first..)
            .zip(addresses)
            .map(|(id, ip)| Subnetwork { id, ip: ip.clone(), mask: "255.255.255.255", short: "/32", version: "IPv4" })
            .collect();
        let ids: Vec<i64> = ordered.iter().map(|new| new.id).collect();
        self.subnetworks.extend(ordered);
        self.subclasses.extend(ids.iter().map(|id| Subclass::of(*id, ADDITIONAL_CLASS, "IPv4")));
        ids
    }
}

fn list_subnetworks(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.subnetworks.iter().map(|subnetwork| {
        let here = world.subclasses.iter().filter(|subclass| subclass.subnetwork == subnetwork.id);
        let mut shown = subnetwork.show();
        shown.insert("dns_subclasses", texts(here.map(|subclass| subclass.name)));
        shown
    })))
}

fn subclass<'w>(world: &'w mut World, args: &Args) -> Result<&'w mut Subclass, Refusal> {
    let subnetwork = args.int("subnetwork_id").unwrap_or_default();
    if !world.subnetworks.iter().any(|known| known.id == subnetwork) {
        return Err(Refusal::of("authorization-failed"));
    }
    let wanted =
        |subclass: &&mut Subclass| subclass.subnetwork == subnetwork && subclass.name == args.text("dns_subclass");
    world.subclasses.iter_mut().find(wanted).ok_or(Refusal::of("invalid-subclass"))
}

/// The document has a single code for everything that does not exist.
fn details(world: &mut World, args: &Args) -> Reply {
    let subclass = subclass(world, args).map_err(|_| Refusal::of("authorization-failed"))?;
    let records = subclass.records.iter().map(|(origin, ptr)| {
        map! { "origin" => origin.as_str(), "ptr" => ptr.as_str(), "address" => subclass.address(origin) }
    });
    let records = list(records);
    Ok(map! {
        "serial" => subclass.serial,
        "type" => subclass.version,
        "prefix" => subclass.name,
        "ptr_records" => records,
    }
    .into())
}

fn edit(world: &mut World, args: &Args) -> Reply {
    let subclass = subclass(world, args)?;
    if args.int("serial") != Some(subclass.serial) {
        return Err(Refusal::of("invalid-serial"));
    }
    if !args.maps("ptr_records").all(|record| subclass.holds(text(record, "origin"))) {
        return Err(Refusal::of("invalid-origin"));
    }
    let before = subclass.records.clone();
    let warnings: Vec<Map> = args.maps("ptr_records").filter_map(|record| subclass.edit(record)).collect();
    if subclass.records != before {
        subclass.serial += 1;
    }
    Ok(map! { "warnings" => list(warnings) }.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    fn edit(serial: i64, records: Vec<Map>) -> Map {
        map! { "subnetwork_id" => 321, "dns_subclass" => "192.0.2", "serial" => serial, "ptr_records" => list(records) }
    }

    #[test]
    fn edits_warn_and_raise_the_serial_when_they_change_something() {
        let mut client = Client::new();
        let set = |origin: &str, ptr: &str| map! { "origin" => origin, "ptr" => ptr };
        let delete = |origin: &str| map! { "origin" => origin, "delete" => "delete" };
        let first = 2_016_121_401;
        for (args, code, warned) in [
            (edit(1, vec![]), "invalid-serial", 0),
            (edit(first, vec![set("256", "a.example")]), "invalid-origin", 0),
            (edit(first, vec![set("11", "not a name"), delete("12")]), "", 2),
            (edit(first, vec![set("11", "mail.example.com"), set("12", "")]), "", 1),
            (edit(first, vec![]), "invalid-serial", 0),
            (edit(first + 1, vec![delete("10")]), "", 0),
            (
                map! { "subnetwork_id" => 321, "dns_subclass" => "198.51.100", "serial" => 1, "ptr_records" => list([]) },
                "invalid-subclass",
                0,
            ),
        ] {
            let warnings = client.call("rev-dns.edit", args.clone());
            assert_eq!(warnings.as_ref().err().map_or("", |refusal| refusal.code), code, "{args:?}");
            let count = warnings.ok().and_then(|it| it.get("warnings")?.as_list().map(<[Value]>::len));
            assert_eq!(count.unwrap_or(0), warned, "{args:?}");
        }
        let subclass = client.get("rev-dns.details", map! { "subnetwork_id" => 321, "dns_subclass" => "192.0.2" });
        let record = map! { "origin" => "11", "ptr" => "mail.example.com", "address" => "192.0.2.11" };
        assert_eq!(subclass.get("ptr_records"), Some(&list([record])));
    }

    /// Every subnetwork shown anywhere is also listed here, with the same values.
    #[test]
    fn every_subnetwork_of_a_service_is_listed() {
        let mut client = Client::new();
        client.get("additional-ip.order", map! { "parent_service_id" => 12_345, "ips_number" => 2 });
        let listed = client.get("rev-dns.list", map! {});
        let listed: Vec<Map> = listed
            .as_list()
            .unwrap()
            .iter()
            .map(|it| it.as_map().unwrap().iter().filter(|(key, _)| *key != "dns_subclasses"))
            .map(|fields| fields.map(|(key, value)| (key, value.clone())).collect())
            .collect();
        let mut seen = 0;
        let services = client.get("services.list", map! {});
        for service in services.as_list().unwrap() {
            let kind = service.get("type").unwrap().plain();
            if !["dedicated", "colocation", "additional-ip"].contains(&kind.as_str()) {
                continue;
            }
            let id = service.get("id").cloned().unwrap();
            let details = client.get(&format!("{kind}.details"), map! { "service_id" => id });
            let network = details.get("network_configuration").unwrap_or(&details);
            for shown in network.get("subnetworks").unwrap().as_list().unwrap() {
                assert!(listed.contains(shown.as_map().unwrap()), "{kind}: {shown:?}");
                seen += 1;
            }
        }
        assert_eq!((seen, listed.len()), (6, 5));
        let ordered = map! { "subnetwork_id" => 401, "dns_subclass" => "203.0.113" };
        assert_eq!(client.code("rev-dns.details", ordered), "");
    }

    #[test]
    fn subclasses_belong_to_a_subnetwork() {
        let of = |id: i64, name: &str| map! { "subnetwork_id" => id, "dns_subclass" => name };
        for (args, code) in [
            (of(321, "192.0.2"), ""),
            (of(322, "2001:db8:0:0"), ""),
            (of(321, "198.51.100"), "authorization-failed"),
            (of(1, "192.0.2"), "authorization-failed"),
        ] {
            assert_eq!(Client::new().code("rev-dns.details", args.clone()), code, "{args:?}");
        }
    }
}
