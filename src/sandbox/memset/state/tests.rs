//! References between the parts of a new account lead to existing things.

use super::super::table::{EXAMPLE_ID, Table, int, text};
use super::balancers::Balancers;
use super::clusters::Clusters;
use super::firewall::{Firewalling, public_groups, public_rules};
use super::invoices::Invoices;
use super::keys::{Key, Keys};
use super::memstores::{Memstores, private};
use super::monitoring::{Policy, Rule};
use super::payment_methods::PaymentMethods;
use super::projects::OpenStack;
use super::servers::{Servers, host_name};
use super::services::{MINISERVERS, SERVERS, STORAGE, Services};
use super::shells::Shells;
use super::snapshots::Snapshot;
use super::vlans::{Vlans, network};
use super::zones::Dns;
use crate::auth::Scopes;
use crate::kit::check::is_domain;
use crate::kit::clock::Clock;
use crate::kit::clock::testing::story;
use crate::kit::values::map;
use model::Value;

fn clock() -> Clock {
    Clock::starting(story())
}

/// Whether a table has a row that another one refers to.
fn has(table: &Table, id: &str) -> bool {
    table.find(id).is_ok()
}

#[test]
fn a_server_is_a_service_with_its_own_address() {
    let (services, servers) = (Services::seed(&clock()), Servers::seed(&clock()));
    let mut addresses: Vec<&str> = Vec::new();
    for server in servers.iter() {
        assert!(services.find_of(&server.name, SERVERS).is_ok(), "{}", server.name);
        addresses.extend(server.addresses.iter().map(|address| address.address.as_str()));
        let group = server.rule_group.as_deref();
        assert!(group.is_none_or(|name| has(&Firewalling::seed().groups, name)), "{}", server.name);
    }
    let free = servers.free_address();
    addresses.push(&free);
    let count = addresses.len();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), count);
    assert!(services.iter().filter(|service| SERVERS.contains(&service.kind)).count() == servers.iter().count());
    assert_eq!(host_name("myserver1"), "myserver1.miniserver.example");
}

#[test]
fn a_rule_belongs_to_a_group_and_a_record_to_a_zone() {
    let (firewall, dns) = (Firewalling::seed(), Dns::seed());
    assert!(firewall.rules.iter().all(|rule| has(&firewall.groups, text(rule, "rule_group_name"))));
    assert!(public_rules().all(|rule| public_groups().any(|it| text(&it, "name") == text(&rule, "rule_group_name"))));
    assert!(firewall.own_group("web servers").is_ok() && firewall.own_group("managed-linux").is_err());
    assert!(dns.records.iter().all(|record| has(&dns.zones, text(record, "zone_id"))));
    assert!(dns.domains.iter().all(|domain| is_domain(text(domain, "domain"))));
    assert!(has(&firewall.rules, EXAMPLE_ID) && has(&dns.zones, EXAMPLE_ID) && has(&dns.records, EXAMPLE_ID));
}

#[test]
fn balancing_refers_to_services() {
    let services = Services::seed(&clock());
    for (name, cluster) in &Clusters::seed().0 {
        assert!(services.live_of(name, &["cluster"]).is_ok());
        for real in &cluster.real_services {
            assert!(has(&cluster.services, &real.service) && has(&cluster.servers, &real.server), "{real:?}");
        }
    }
    for (name, balancer) in &mut Balancers::seed().0 {
        assert!(services.live_of(name, &["loadbalancer"]).is_ok());
        let behind: Vec<String> = balancer.servers.keys().cloned().collect();
        assert!(behind.iter().all(|service| balancer.behind(service).is_ok_and(|servers| servers.len() > 0)));
        assert!(balancer.has("myserver1") && balancer.behind("nosuch").is_err());
    }
    let mut vlans = Vlans::seed();
    for vlan in ["myvlan1", "myvlan2"] {
        assert!(services.live_of(vlan, &["vlan"]).is_ok());
        assert!(vlans.hosts(vlan).all(|host| services.live(host).is_ok()), "{vlan}");
    }
    vlans.lease("myvlan1", "myserver1");
    let addresses: Vec<&str> = vlans.addresses("myvlan1", "myserver1").collect();
    assert!(matches!(addresses.as_slice(), [one] if one.starts_with(&network("myvlan1"))), "{addresses:?}");
    vlans.join("myvlan2", "myserver1", true);
    assert_eq!(vlans.of("myserver1").collect::<Vec<_>>(), ["myvlan2"]);
}

#[test]
fn stored_data_is_in_a_storage_service() {
    let (services, snapshot) = (Services::seed(&clock()), Snapshot::seed(&clock()));
    for (name, store) in &Memstores::seed().0 {
        assert!(services.live_of(name, STORAGE).is_ok() && has(&store.users, "admin"), "{name}");
        assert!(store.containers.iter().all(|container| container.cdn == private() && container.bytes > 0));
    }
    assert!(services.live_of(&snapshot.storage, STORAGE).is_ok());
    assert_eq!(snapshot.show().get("os_option"), Some(&snapshot.os_option().into()));
    assert!(Servers::seed(&clock()).has_snapshot(&snapshot.os_option()));
    assert!(services.live_of("myserver1", MINISERVERS).is_ok());
}

#[test]
fn users_and_shells_refer_to_services() {
    let (services, cloud) = (Services::seed(&clock()), OpenStack::seed());
    assert!(cloud.access.iter().all(|(project, user)| project == EXAMPLE_ID && has(&cloud.users, user)));
    assert!(Shells::seed().0.keys().all(|server| services.live_of(server, SERVERS).is_ok()));
}

#[test]
fn monitoring_rules_have_recipients() {
    let rule = Rule::seed();
    assert_eq!((rule.check("basic"), rule.show().get("rule_id")), (Ok(()), Some(&EXAMPLE_ID.into())));
    assert!(Rule { contact_address: String::new(), ..Rule::seed() }.check("basic").is_err());
    assert!(Rule { alert_type: "memset-call".into(), ..Rule::seed() }.check("basic").is_err());
    let Policy { monitoring, auto_reboot, reminder_emails } = Policy::default();
    assert_eq!((monitoring, auto_reboot, reminder_emails), (true, true, false));
}

#[test]
fn charges_have_one_payment_method() {
    let (invoices, methods) = (Invoices::seed(&clock()), PaymentMethods::seed());
    let defaults = methods.all.iter().filter(|method| method.get("default") == Some(&Value::Bool(true)));
    assert_eq!(defaults.count(), 1);
    assert!(invoices.all.iter().all(|invoice| int(invoice, "ref") > 0 && text(invoice, "currency") == "GBP"));
    assert!(invoices.all.iter().all(|invoice| methods.all.having("type", text(invoice, "payment_method")).count() > 0));
}

#[test]
fn a_key_is_found_by_its_id() {
    let scopes = Scopes { method: vec!["a.b".into()], name: Vec::new() };
    let key = Key { id: "k".into(), scopes, comment: "for tests".into(), created: Value::Null };
    let mut keys = Keys { all: vec![key] };
    assert_eq!(keys.scopes("k").map(|scopes| scopes.method.len()), Some(1));
    assert!(keys.scopes("other").is_none() && keys.find("other").is_err() && keys.find("k").is_ok());
    let shown: Vec<_> = keys.iter().map(Key::show).collect();
    assert_eq!(shown[0].get("scopes"), Some(&map! { "method" => vec![Value::from("a.b")] }.into()));
}
