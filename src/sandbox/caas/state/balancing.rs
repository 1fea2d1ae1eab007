//! Load balancing on networks.

use super::super::shelf::Shelf;
use super::networks::MAIN;
use super::servers::{DB_2, WEB_1, WEB_2};
use crate::kit::values::{list, map};
use model::Map;

/// The initial things, with the ids of the documentation's examples.
pub(crate) const REAL: &str = "b2526632-e1dd-4511-9beb-78eb41c143d0";
const REAL_2: &str = "b2526632-e1dd-4511-9beb-78eb41c143d1";

/// A real server that is in no farm.
const SPARE_REAL: &str = "b2526632-e1dd-4511-9beb-78eb41c143d2";
pub(crate) const FARM: &str = "c97530ba-bc65-413d-bb39-a28b355e717b";

/// A farm without members.
const EMPTY_FARM: &str = "c97530ba-bc65-413d-bb39-a28b355e717c";
pub(crate) const PROBE: &str = "4a7310a1-a4b9-4d8d-8498-295257b8d2b7";

/// A probe that is in no farm.
pub(crate) const SPARE_PROBE: &str = "4a7310a1-a4b9-4d8d-8498-295257b8d2b8";
pub(crate) const PROFILE: &str = "976f43d6-b725-4732-9c05-a746ad21ba03";
pub(crate) const VIP: &str = "7d580733-6ead-4882-be84-4e27686a6e60";

/// Load balancing on networks.
#[derive(Debug)]
pub(crate) struct Balancing {
    pub(crate) real_servers: Shelf,
    pub(crate) probes: Shelf,
    pub(crate) farms: Shelf,
    pub(crate) profiles: Shelf,
    /// The VIPs.
    pub(crate) vips: Shelf,
}

impl Balancing {
    /// The load balancing of a new sandbox.
    pub(crate) fn seed() -> Balancing {
        let real = |id: &str, name: &str, server: &str| {
            map! { "id" => id, "name" => name, "serverId" => server, "inService" => true }
        };
        let farm = map! {
            "id" => FARM,
            "name" => "web-farm",
            "predictor" => "ROUND_ROBIN",
            "probe" => list([map! { "id" => PROBE }]),
            "realServer" => list([map! { "id" => REAL, "port" => 80 }, map! { "id" => REAL_2, "port" => 80 }]),
        };
        let empty = map! {
            "id" => EMPTY_FARM,
            "name" => "empty-farm",
            "predictor" => "ROUND_ROBIN",
            "probe" => list([]),
            "realServer" => list([]),
        };
        let profile = map! {
            "id" => PROFILE,
            "state" => "NORMAL",
            "name" => "by-address",
            "serverFarmId" => FARM,
            "serverFarmName" => "web-farm",
            "timeout" => 30,
            "type" => "IP_NETMASK",
            "direction" => "SOURCE",
            "netmask" => "255.255.255.0",
        };
        let vip = map! {
            "id" => VIP,
            "name" => "www",
            "ipAddress" => "203.0.113.1",
            "port" => 80,
            "protocol" => "TCP",
            "vipTargetType" => "SERVER_FARM",
            "vipTargetId" => FARM,
            "vipTargetName" => "web-farm",
            "replyToIcmp" => true,
            "inService" => true,
        };
        Balancing {
            real_servers: Shelf::of(
                MAIN,
                [real(REAL, "Real1", WEB_1), real(REAL_2, "Real2", WEB_2), real(SPARE_REAL, "Spare", DB_2)],
            ),
            probes: probes(),
            farms: Shelf::of(MAIN, [farm, empty]),
            profiles: Shelf::of(MAIN, [profile]),
            vips: Shelf::of(MAIN, [vip]),
        }
    }

    /// The name of a part of load balancing, by its id.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        let shelves = [&self.real_servers, &self.probes, &self.farms, &self.profiles, &self.vips];
        shelves.into_iter().find_map(|shelf| shelf.name(id))
    }

    /// What prevents a network from being deleted: whether it exists, the reason and its message.
    pub(crate) fn holds(&self, network: &str) -> [(bool, u16, &'static str); 4] {
        let any = |shelf: &Shelf| shelf.on(network).next().is_some();
        [
            (any(&self.vips), 389, "still holds VIPs"),
            (any(&self.profiles), 397, "still holds persistence profiles"),
            (any(&self.farms), 388, "still holds server farms"),
            (any(&self.real_servers), 387, "still holds real servers"),
        ]
    }
}

/// The fields of a probe that can be changed.
pub(crate) const TIMES: [&str; 5] = [
    "probeIntervalSeconds",
    "errorCountBeforeServerFail",
    "successCountBeforeServerEnable",
    "failedProbeIntervalSeconds",
    "maxReplyWaitSeconds",
];

/// A probe with the usual times.
fn usual(id: &str, name: &str, kind: &str) -> Map {
    let mut probe = map! { "id" => id, "name" => name, "type" => kind };
    TIMES.iter().zip([60, 3, 3, 120, 10]).for_each(|(field, seconds)| drop(probe.insert(*field, seconds)));
    probe
}

fn probes() -> Shelf {
    Shelf::of(
        MAIN,
        [
            usual("0b1f6ec5-ae1d-4b4e-a1f8-4c0e2f5d6a01", "default-icmp", "ICMP"),
            usual("0b1f6ec5-ae1d-4b4e-a1f8-4c0e2f5d6a02", "default-tcp", "TCP"),
            usual(PROBE, "ping", "ICMP"),
            usual(SPARE_PROBE, "tcp", "TCP"),
        ],
    )
}
