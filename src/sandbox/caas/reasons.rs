//! Refusals that take more than one call to trigger; the others are tested beside the code that refuses.

use super::state::balancing::{FARM, PROFILE, VIP};
use super::state::images::REDHAT;
use super::state::networks::{MAIN, OTHER};
use super::state::servers::{WEB_1, WEB_2, WEB_3};
use super::testing::Organization;
use crate::kit::values::{map, texts};
use model::{Map, Value};

const CLIENT: &str = "2f357232-bc95-4508-a491-d75b5682e925";
const WINDOWS: &str = "f084e5c0-87d6-4214-8802-18096c14d570";

/// Calls a method until it is refused, and returns the reason.
fn until_refused(mut call: impl FnMut(usize) -> u16) -> u16 {
    (0..200).map(&mut call).find(|reason| *reason != 0).unwrap_or_default()
}

fn on(network: &str, more: Map) -> Map {
    Map::from_iter([("network-id", network)]).into_iter().chain(more).collect()
}

/// Deploys a server, waits for it, and returns its id.
fn deployed(org: &mut Organization, network: &str, image: &str) -> Value {
    let server = map! {
        "name" => "new", "description" => "d", "administratorPassword" => "Example-Pass-1", "isStarted" => true,
        "vlanResourcePath" => format!("/oec/o/network/{network}"),
        "imageResourcePath" => format!("/oec/base/image/{image}"),
    };
    org.done("server.deploy", server);
    org.wait();
    org.find("server.list", map! {}, "name", "new").unwrap().get("id").cloned().unwrap()
}

fn restore(client: &str) -> Map {
    map! { "server-id" => WEB_1, "backup-client-id" => client }
}

fn added_client(org: &mut Organization, kind: &str) -> String {
    let client = map! {
        "server-id" => WEB_1, "type" => kind, "storagePolicyName" => "14 Day Storage Policy",
        "schedulePolicyName" => "12AM - 6AM",
    };
    org.get("backup.client_add", client).get("id").unwrap().plain()
}

#[test]
fn networks_and_their_blocks_are_limited() {
    let mut org = Organization::new();
    let network = |at: usize| map! { "name" => format!("N{at}"), "location" => "NA1" };
    assert_eq!(until_refused(|at| org.reason("network.create", network(at))), 220);
    assert_eq!(until_refused(|_| org.reason("ip_block.reserve", on(OTHER, map! {}))), 330);
    let mut org = Organization::new();
    let connected = until_refused(|_| {
        let block = org.get("ip_block.reserve", on(OTHER, map! {})).get("id").cloned().unwrap();
        org.reason("ip_block.update", on(OTHER, map! { "ipblock-id" => block, "serverToVipConnectivity" => true }))
    });
    assert_eq!(connected, 342);
}

#[test]
fn a_block_in_use_stays() {
    let mut org = Organization::new();
    let block = org.get("ip_block.reserve", on(MAIN, map! {})).get("id").cloned().unwrap();
    let config = org.get("network.get_config_with_location", on(MAIN, map! {}));
    let blocks = config.get("publicIps").unwrap().as_list().unwrap();
    let base = blocks.iter().find(|known| known.get("id") == Some(&block)).unwrap().get("baseIp").cloned().unwrap();
    let vip = map! {
        "name" => "v", "ipAddress" => base, "port" => 80, "protocol" => "TCP", "vipTargetType" => "SERVER_FARM",
        "vipTargetId" => FARM, "replyToIcmp" => true, "inService" => true,
    };
    org.done("vip.create", on(MAIN, vip));
    assert_eq!(org.reason("ip_block.release", on(MAIN, map! { "ipblock-id" => block })), 360);
}

#[test]
fn balancing_is_limited_and_protects_what_it_uses() {
    let mut org = Organization::new();
    let probe = |at: usize| {
        let times = ["probeIntervalSeconds", "failedProbeIntervalSeconds", "maxReplyWaitSeconds"];
        let counts = ["errorCountBeforeServerFail", "successCountBeforeServerEnable"];
        let numbers = times.into_iter().chain(counts).map(|name| (name, Value::Int(60)));
        let named = map! { "name" => format!("p{at}"), "type" => "ICMP" };
        on(MAIN, named.into_iter().chain(numbers.map(|(name, value)| (name.to_owned(), value))).collect())
    };
    assert_eq!(until_refused(|at| org.reason("probe.create", probe(at))), 602);
    assert_eq!(org.reason("vip.delete", on(MAIN, map! { "vip-id" => "nosuch" })), 650);
    org.done("vip.delete", on(MAIN, map! { "vip-id" => VIP }));
    let vip = map! {
        "name" => "v", "port" => 80, "protocol" => "TCP", "vipTargetType" => "PERSISTENCE_PROFILE",
        "vipTargetId" => PROFILE, "replyToIcmp" => true, "inService" => true,
    };
    org.done("vip.create", on(MAIN, vip));
    let profile = on(MAIN, map! { "persistence-profile-id" => PROFILE });
    assert_eq!(org.reason("persistence_profile.delete", profile), 675);
}

#[test]
fn restores_need_file_data_and_a_running_server() {
    let plan = |org: &mut Organization, plan: &str| {
        org.done("backup.change_plan", map! { "server-id" => WEB_1, "servicePlan" => plan });
    };
    let mut org = Organization::new();
    let new = added_client(&mut org, "FA.Linux");
    assert_eq!(org.reason("backup.restore", restore(&new)), 551);
    plan(&mut org, "Enterprise");
    let database = added_client(&mut org, "MySQL");
    assert_eq!(org.reason("backup.restore", restore(&database)), 556);
    let mut org = Organization::new();
    let target = deployed(&mut org, MAIN, WINDOWS);
    let elsewhere = restore(CLIENT).into_iter().chain(map! { "targetServerId" => target }).collect();
    assert_eq!(org.reason("backup.restore_out_of_place", elsewhere), 554);
    plan(&mut org, "Essentials");
    assert_eq!(org.reason("backup.restore", restore(CLIENT)), 555);
    org.done("server.shutdown", map! { "server-id" => WEB_1 });
    org.wait();
    assert_eq!(org.reason("backup.restore", restore(CLIENT)), 377);
    assert_eq!(org.reason("server.update_vmware_tools", map! { "server-id" => WEB_1 }), 821);
    assert_eq!(org.reason("server.update_vmware_tools", map! { "server-id" => WEB_2 }), 820);
}

#[test]
fn only_servers_of_one_network_are_kept_apart() {
    let mut org = Organization::new();
    let other = deployed(&mut org, OTHER, REDHAT).plain();
    assert_eq!(org.reason("anti_affinity.create", map! { "serverId" => texts([WEB_3, &other]) }), 691);
}
