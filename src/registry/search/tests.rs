//! Everyday searches over all built-in catalogues, as one account at each.

use super::*;
use crate::catalog::Catalog;
use crate::embedded;

fn accounts() -> Vec<Source> {
    let source = |it: &'static embedded::Embedded| Source::new(it.id, Catalog::open(it).unwrap());
    embedded::all().iter().map(source).collect()
}

/// The names that a search finds, the best first.
fn names(sources: &[Source], words: &str) -> Vec<String> {
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let results = search(sources.iter(), &words).unwrap();
    results.found.iter().map(|found| found.method.name.clone()).collect()
}

/// What people type, and what they must see among the first three: at least one of these methods.
static EVERYDAY: &[(&str, &str)] = &[
    ("add dns record", "dns.zone_record_create"),
    ("create dns zone", "dns.zone_create"),
    ("delete dns record", "dns.zone_record_delete"),
    ("list my servers", "server.list"),
    ("reboot server", "server.reboot"),
    (
        "open firewall port",
        "firewalling.rule_create firewalling.rule_group_create firewalling.update firewall.save acl_rule.create",
    ),
    ("when does my server expire", "service.list service.info services.list"),
    ("rename server", "service.set_nickname server.update"),
    ("bandwidth last month", "bandwidth.usage bandwidth.monthly_usage"),
    ("download invoice pdf", "invoice.get"),
    (
        "change password",
        "virtual_machine.reset_password account.update memstore.user.set_password cloud-instance.password-change \
         memshell.set_password",
    ),
    ("new api key", "apikey.create customer.regenerate-api-key"),
    ("cancel service", "service.cancel"),
    ("power off vm", "virtual_machine.power_off vps.power-off cloud-instance.action-power-off server.power_off"),
    ("reverse dns", "dns.reverse_map_list dns.reverse_map_update rev-dns.list rev-dns.edit"),
    ("add ip address", "ip.create additional-ip.order"),
    ("create virtual machine", "virtual_machine.create server.deploy create.monthly_miniserver"),
    ("snapshot disk", "server.snapshot server.snapshot_list"),
    ("restore backup", "backup.restore backup.list_restore_targets"),
    ("who am i", "account.me apikey.info"),
    ("usage report csv", "report.usage report.usage_detailed"),
    ("support ticket", "ticket.create ticket.list"),
    ("clone server", "server.clone clone.create"),
    ("monitoring alerts", "server.monitoring.rule_list server.monitoring.rule_create server.status.list"),
    ("extend contract", "services.renew service.info service.list services.list services.extend"),
    ("list domains", "domain.list dns.zone_domain_list dns.list"),
    ("delete vm", "virtual_machine.delete server.delete cloud-instance.delete"),
    ("ssh key", "memshell.info memshell.enable apikey.list apikey.info memshell.set_password"),
    (
        "ping monitor",
        "server.monitoring.rule_create server.monitoring.rule_list server.monitoring.get_policy probe.create",
    ),
    (
        "what do I pay",
        "invoice.list billing.info invoice.get invoice.info payment_method.info payment_method.available",
    ),
    ("attach ip", "ip.create additional-ip.order ip.reassign vip.create"),
    ("resize server", "server.upgrade server.update"),
    ("disk full", "server.add_storage virtual_machine.deploy_storage"),
    ("mail", "customer.emails-list customer.email-details"),
    ("load balancer add node", "loadbalancer.server.add server_farm.add_real_server loadbalancer.service.add"),
    ("vlan", "vlan.list vlan.add vlan.info"),
    ("stop server", "server.stop server.shutdown server.power_off"),
    ("boot rescue", "cloud-instance.boot-mode-boot cloud-instance.boot-mode-installation-image"),
    ("nameserver", "server.slave_ns_list server.slave_ns_add domain.list_dns_hosts"),
    (
        "mx record",
        "dns.zone_record_create dns.zone_record_list domain_record.create domain_record.list dns.zone_record_info",
    ),
    ("api permissions", "apikey.add_scope apikey.info apikey.create apikey.delete_scope"),
    ("shut down a virtual machine", "virtual_machine.shutdown"),
    ("rebooting servers", "server.reboot"),
    ("turn on vps", "vps.power-on virtual_machine.power_on"),
    ("allow port 443", "firewalling.rule_create acl_rule.create firewall.save firewall.rules-save"),
    (
        "block an ip address",
        "firewalling.rule_create acl_rule.create firewall.save ip_block.reserve ip_block.release ip_block.update",
    ),
    ("how much bandwidth did I use", "bandwidth.usage bandwidth.info bandwidth.monthly_usage"),
    (
        "traffic",
        "bandwidth.usage bandwidth.info bandwidth.monthly_usage dedicated.transfer-usage-details vps.transfer-usage-details virtual_machine.network_utilisation",
    ),
    ("show invoices", "invoice.list invoice.info invoice.get"),
    ("credit card", "payment_method.remove payment_method.info payment_method.available payment_method.set_default"),
    ("open a ticket", "ticket.create"),
    ("reset root password", "virtual_machine.reset_password"),
    ("reinstall os", "virtual_machine.reinstall server.reimage_from_stock_image"),
    (
        "order a server",
        "create.monthly_miniserver create.monthly_fullserver create.hourly_miniserver server.deploy offer-dedicated.order",
    ),
    (
        "buy license",
        "cloudlinux_template.create windows_template.create dotdefender.add license.list_available offer-dedicated.order",
    ),
    ("more memory", "server.update server.upgrade cloud-instance.resources-negotiate"),
    ("add disk", "server.add_storage"),
    ("ptr record", "dns.reverse_map_update dns.reverse_map_list rev-dns.list rev-dns.edit"),
    ("add user", "openstack.project.add_user memstore.user.create openstack.user.create account.create"),
    ("is my server up", "server.status.list server.status.info"),
    ("make an image of a server", "server.clone server.snapshot"),
    ("private network", "vlan.add vlan.list network.create network.list vlan.info"),
    ("nat", "nat_rule.list nat_rule.create nat_rule.delete"),
    ("audit log", "report.audit_log"),
    ("rotate api key", "customer.regenerate-api-key apikey.create"),
    ("change language", "customer.change-language"),
    ("object storage", "create.memstore memstore.container.create memstore.usage"),
    ("schedule upgrade", "upgrade_schedule.create"),
    ("undelete vm", "virtual_machine.recover virtual_machine.list_recoverable"),
    ("publish dns changes", "dns.reload"),
    ("health check", "probe.create probe.list probe.update server_farm.add_probe"),
    ("purge cache", "website_firewall.clear_cache"),
    ("discount code", "create.verify_discount_code"),
];

#[test]
fn everyday_searches_find_what_is_meant() {
    let sources = accounts();
    let misses: Vec<String> = EVERYDAY
        .iter()
        .filter_map(|(words, wanted)| {
            let names = names(&sources, words);
            let first = names.get(..3.min(names.len())).unwrap();
            let is_known = |name: &str| sources.iter().any(|source| source.has(name));
            let hit = wanted.split(' ').any(|name| is_known(name) && first.iter().any(|found| found == name));
            (!hit).then(|| format!("{words}: {first:?}"))
        })
        .collect();
    assert!(misses.is_empty(), "{} of {}:\n{}", misses.len(), EVERYDAY.len(), misses.join("\n"));
}

#[test]
fn a_catalogue_of_ones_own_adds_synonyms() {
    let text = r#"
        id = "t"
        title = "T"
        document = "t.txt"
        host = "https://example.com"
        auth = { scheme = "none" }
        synonyms = { "pet dog" = ["thing"] }
        [[transport]]
        name = "xmlrpc"
        protocol = "xmlrpc"
        path = "/"
        [[method]]
        name = "thing.list"
        doc = 1
        summary = "List them"
        effect = "read"
        example = "thing.list"
        "#;
    let own = [Source::new("t", Catalog::parse("t", text).unwrap())];
    assert_eq!(names(&own, "pet dogs"), ["thing.list"]);
    assert!(names(&own, "pet").is_empty());
    let words = ["list".to_owned(), "frobnicators".to_owned()];
    assert_eq!(search(own.iter(), &words).unwrap().missing, ["frobnicators"]);
}

#[test]
fn what_should_no_longer_be_used_comes_last() {
    let sources = accounts();
    for words in ["restart server", "list servers", "list images"] {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let found = search(sources.iter(), &words).unwrap().found;
        let old: Vec<bool> = found.iter().map(|found| found.method.deprecated.is_some()).collect();
        assert!(old.is_sorted() && old.contains(&true) && old.contains(&false), "{words:?}");
    }
}
