//! datacenter.* and software_label.list: the data centres, and the priced software.

use super::handler::{Handlers, Reply, rows};
use super::locations::{DISK_SIZES, GEOS, LABELS, LOCATIONS, MOST_CPUS, MOST_MEMORY, SPEEDS};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("datacenter.list", |world, args| centres(world, args, full)),
    ("datacenter.list_geos", |_, _| rows(GEOS.iter().map(|geo| region(geo, false)))),
    ("datacenter.list_geos_with_key", |_, _| rows(GEOS.iter().map(|geo| region(geo, true)))),
    ("datacenter.list_simple", |world, args| centres(world, args, simple)),
    ("datacenter.list_with_disk_speed", |world, args| centres(world, args, with_speeds)),
    ("datacenter.list_with_limits", |world, args| centres(world, args, with_limits)),
    ("software_label.list", |_, _| rows(LABELS.iter().map(label))),
];

fn centres(_: &mut World, _: &Args, show: fn(&str) -> Map) -> Reply {
    rows(LOCATIONS.iter().map(|location| show(location)))
}

fn simple(location: &str) -> Map {
    let (city, state) = match location {
        "NA1" => ("Ashburn", "Virginia"),
        "NA2" => ("Santa Clara", "California"),
        _ => ("New York", "New York"),
    };
    map! {
        "location" => location,
        "displayName" => format!("US - {city}"),
        "city" => city,
        "state" => state,
        "country" => "US",
        "vpnUrl" => format!("https://{}.vpn.example.com", location.to_lowercase()),
        "default" => LOCATIONS.first() == Some(&location),
    }
}

fn with_limits(location: &str) -> Map {
    let mut shown = simple(location);
    shown.insert("maxCpu", MOST_CPUS);
    shown.insert("maxRamMb", MOST_MEMORY);
    shown
}

fn with_speeds(location: &str) -> Map {
    let mut shown = with_limits(location);
    shown.insert("diskSpeed", speeds());
    shown
}

fn full(location: &str) -> Map {
    let property = |(name, value): (&str, i64)| map! { "name" => name, "value" => value.to_string() };
    let networking = map! {
        "type" => "CISCO",
        "maintenanceStatus" => "NORMAL",
        "property" => list([("MAX_SERVER_TO_VIP_CONNECTIONS", 2)].map(property)),
    };
    let limits = [
        ("MIN_DISK_SIZE_GB", *DISK_SIZES.start()),
        ("MAX_DISK_SIZE_GB", *DISK_SIZES.end()),
        ("MAX_TOTAL_ADDITIONAL_STORAGE_GB", 10_000),
        ("MAX_CPU_COUNT", MOST_CPUS),
        ("MIN_MEMORY_MB", 1024),
        ("MAX_MEMORY_MB", MOST_MEMORY),
    ];
    let hypervisor = map! {
        "type" => "VMWARE",
        "maintenanceStatus" => "NORMAL",
        "diskSpeed" => speeds(),
        "property" => list(limits.map(property)),
    };
    let mut shown = simple(location);
    shown.insert("networking", networking);
    shown.insert("hypervisor", hypervisor);
    shown.insert("backup", map! { "type" => "COMMVAULT", "maintenanceStatus" => "NORMAL" });
    shown
}

fn speeds() -> Value {
    list(SPEEDS.iter().enumerate().map(|(at, (id, name, short, available))| {
        let mut shown = map! {
            "id" => *id,
            "default" => at == 0,
            "available" => *available,
            "displayName" => *name,
            "abbreviation" => *short,
            "description" => format!("{name} speed"),
        };
        if !available {
            shown.insert("unavailableReason", "Not enough of it is left.");
        }
        shown
    }))
}

fn region((id, key, name): &(&str, &str, &str), with_key: bool) -> Map {
    let mut shown = map! {
        "id" => *id,
        "name" => *name,
        "cloudUiUrl" => format!("https://cloud-{key}.example.com"),
        "cloudApiUrl" => format!("https://api-{key}.example.com"),
        "isHome" => *key == "northamerica",
        "productKey" => "cloud",
        "pricingUrl" => format!("https://www.example.com/pricing/{key}"),
        "state" => "ENABLED",
    };
    if with_key {
        shown.insert("geoKey", *key);
    }
    shown
}

fn label((id, name, per, running, stopped): &(&str, &str, &str, i64, i64)) -> Map {
    map! {
        "id" => *id,
        "displayName" => *name,
        "description" => format!("Licence for {name}"),
        "pricedPer" => *per,
        "runningUnits" => *running,
        "stoppedUnits" => *stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Organization;
    use super::*;

    #[test]
    fn data_centres_are_filtered_and_ordered() {
        for (args, found) in [
            (map! {}, vec!["NA1", "NA2", "NA3"]),
            (map! { "location" => Value::List(vec!["NA2".into(), "NA3".into()]) }, vec!["NA2", "NA3"]),
            (map! { "orderBy" => "location.DESCENDING", "pageSize" => 2 }, vec!["NA3", "NA2"]),
        ] {
            let answer = Organization::new().get("datacenter.list", args.clone());
            let locations: Vec<&str> = answer
                .as_list()
                .unwrap()
                .iter()
                .map(|centre| centre.get("location").unwrap().as_str().unwrap())
                .collect();
            assert_eq!(locations, found, "{args:?}");
        }
    }
}
