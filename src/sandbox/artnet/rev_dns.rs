//! rev-dns.*: PTR records, edited one by one; what cannot be done is a warning, not an error.

use std::collections::BTreeMap;

use super::refusal::Refusal;
use super::world::{World, text};
use super::{Args, Handlers, Reply};
use crate::kit::values::{list, map, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("rev-dns.details", details), ("rev-dns.edit", edit), ("rev-dns.list", list_subnetworks)];

/// A part of the net that is the account's. Details of services and the lists here show the same ones.
#[derive(Clone, Debug)]
pub(crate) struct Subnetwork {
    id: i64,
    ip: String,
    mask: &'static str,
    short: &'static str,
    version: &'static str,
}

/// The subnetwork of the servers.
pub(super) const SERVERS: i64 = 321;
/// That of the additional addresses that a new sandbox has.
pub(super) const ADDITIONAL: i64 = 323;
/// The first that is ordered.
const ORDERED: i64 = 400;
/// The subclass of all additional addresses.
const ADDITIONAL_CLASS: &str = "203.0.113";

/// The subnetworks of a new sandbox.
pub(super) fn subnetworks() -> Vec<Subnetwork> {
    let rows = [
        (SERVERS, "192.0.2.0", "255.255.255.0", "/24", "IPv4"),
        (322, "2001:db8::", "ffff:ffff:ffff:ffff::", "/64", "IPv6"),
        (ADDITIONAL, "203.0.113.64", "255.255.255.248", "/29", "IPv4"),
    ];
    rows.map(|(id, ip, mask, short, version)| Subnetwork { id, ip: ip.into(), mask, short, version }).into()
}

impl Subnetwork {
    /// As the details of services show it.
    fn show(&self) -> Map {
        map! {
            "id" => self.id,
            "ip" => self.ip.as_str(),
            "mask" => self.mask,
            "mask_short" => self.short,
            "type" => self.version,
        }
    }
}

impl World {
    /// The subnetworks of these ids, as the details of services show them.
    pub(super) fn subnetworks(&self, ids: &[i64]) -> Value {
        list(self.subnetworks.iter().filter(|known| ids.contains(&known.id)).map(Subnetwork::show))
    }

    /// Adds one for each address that was ordered; their ids.
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

/// A part of a subnetwork, with its records by origin.
#[derive(Clone, Debug)]
pub(crate) struct Subclass {
    subnetwork: i64,
    name: &'static str,
    version: &'static str,
    serial: i64,
    records: BTreeMap<String, String>,
}

/// The subclasses of a new sandbox.
pub(super) fn seed() -> Vec<Subclass> {
    let with = |subclass: Subclass, origin: &str, ptr: &str| Subclass {
        records: BTreeMap::from([(origin.to_owned(), ptr.to_owned())]),
        ..subclass
    };
    vec![
        with(Subclass::of(SERVERS, "192.0.2", "IPv4"), "10", "www.example.com"),
        with(Subclass::of(322, "2001:db8:0:0", "IPv6"), "0:0:0:10", "www.example.com"),
        Subclass::of(ADDITIONAL, ADDITIONAL_CLASS, "IPv4"),
    ]
}

impl Subclass {
    /// A part without records.
    fn of(subnetwork: i64, name: &'static str, version: &'static str) -> Subclass {
        Subclass { subnetwork, name, version, serial: 2_016_121_401, records: BTreeMap::new() }
    }

    fn address(&self, origin: &str) -> String {
        let separator = if self.version == "IPv4" { "." } else { ":" };
        format!("{}{separator}{origin}", self.name)
    }

    fn holds(&self, origin: &str) -> bool {
        self.address(origin).parse::<std::net::IpAddr>().is_ok()
    }

    fn warning(&self, origin: &str, task: &str, code: &str, (pl, en): (&str, &str)) -> Map {
        let description = map! { "pl" => pl, "en" => en };
        let address = self.address(origin);
        map! { "origin" => origin, "address" => address, "task" => task, "code" => code, "description" => description }
    }

    /// Sets or deletes one record; a warning when that cannot be done.
    fn edit(&mut self, record: &Map) -> Option<Map> {
        let origin = text(record, "origin");
        if text(record, "delete") == "delete" {
            let words = ("Rekord nie istnieje", "There is no such record");
            return match self.records.remove(origin) {
                Some(_) => None,
                None => Some(self.warning(origin, "delete", "record-not-found", words)),
            };
        }
        let ptr = text(record, "ptr");
        if !ptr.contains('.') || ptr.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c)) {
            let words = ("Niepoprawna nazwa hosta", "Not a valid host name");
            return Some(self.warning(origin, "edit", "invalid-ptr", words));
        }
        self.records.insert(origin.to_owned(), ptr.to_owned());
        None
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

/// The document has one code for whatever is not there.
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

    /// Whatever shows a subnetwork shows one that is listed here, and in the same words.
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
    fn subclasses_are_of_a_subnetwork() {
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
