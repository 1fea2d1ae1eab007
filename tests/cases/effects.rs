//! What calls do, by one rule for all providers: power cuts, deletions, charges, and what the values have to do with it.

use std::collections::BTreeSet;

use marsh::model::{Effect, Method};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::calls::Spoken;
use crate::support::cmd::World;

/// Every method of every provider, with the provider's id.
fn all() -> Vec<(&'static str, Method)> {
    let methods = |source: &'static embedded::Embedded| {
        let catalog = Catalog::open(source).unwrap();
        let records: Vec<String> = catalog.records().iter().map(|record| record.name.to_string()).collect();
        records.into_iter().map(move |name| (source.id, catalog.method(&name).unwrap().unwrap())).collect::<Vec<_>>()
    };
    embedded::all().iter().flat_map(methods).collect()
}

/// All that a catalogue says of a method in words.
fn words(method: &Method) -> String {
    let params = method.params.iter().map(|param| param.summary.as_str());
    let texts = [method.name.as_str(), &method.summary, method.notes.as_deref().unwrap_or_default()];
    texts.into_iter().chain(params).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The methods that speak of something and do not have the effect that goes with it.
fn without(effect: Effect, spoken_of: &[&str]) -> BTreeSet<String> {
    let speaks = |method: &Method| {
        let words = words(method);
        spoken_of.iter().any(|word| words.contains(word))
    };
    all()
        .into_iter()
        .filter(|(_, method)| !method.effects().only_reads() && !method.effects().has(effect) && speaks(method))
        .map(|(provider, method)| format!("{provider}:{}", method.name))
        .collect()
}

fn set(names: &[(&str, &str)]) -> BTreeSet<String> {
    names.iter().map(|(name, _)| (*name).to_owned()).collect()
}

/// Whatever speaks of power, resets, stops or restarts loses unsaved work, but for these.
#[test]
fn power_cuts_destroy_at_every_provider() {
    let kept = [
        ("memset:cluster.real_service.disable_fallback", "no power: a role"),
        ("memset:loadbalancer.server.add", "may reboot the server, in order"),
        ("memset:memstore.user.disable", "shuts a user out"),
        ("memset:openstack.user.disable", "shuts a user out"),
        ("memset:server.monitoring.set_policy", "lets others reboot the server"),
        ("memset:server.move_ips", "names a reboot of the user's own"),
        ("memset:server.reboot", "a reboot that is scheduled: the document speaks of no cut"),
        ("memset:server.slave_ns_delete", "no power: a name server"),
        ("memset:vlan.add", "names a reboot of the user's own"),
        ("memset:vlan.remove", "names a reboot of the user's own"),
        ("caas:ip_block.update", "stops letting servers reach a VIP"),
        ("caas:server.reboot", "asks the operating system"),
        ("caas:server.shutdown", "asks the operating system"),
        ("artnet:cloud-instance.action-power-on", "switches on"),
        ("artnet:cloud-instance.action-reboot", "asks the operating system"),
        ("artnet:cloud-instance.action-shutdown", "asks the operating system"),
        ("artnet:colocation.power-on", "switches on"),
        ("artnet:dedicated.power-on", "switches on"),
        ("artnet:firewall.disable", "no power: a firewall"),
        ("artnet:vps.power-on", "switches on"),
        ("vpsnet:ticket.create", "reboot is a subject of tickets"),
        ("vpsnet:virtual_machine.power_on", "switches on"),
        ("vpsnet:virtual_machine.reboot", "in order"),
        ("vpsnet:virtual_machine.shutdown", "in order"),
    ];
    let spoken_of = ["power", "reset", "reboot", "restart", "stop", "shut", "plug", "unsaved"];
    assert_eq!(without(Effect::Destroy, &spoken_of), set(&kept));
    // The same call under several names, and with a value that decides.
    for (provider, cuts) in [
        ("caas", &["server.power_off", "server.reset", "server.restart", "server.stop"][..]),
        (
            "artnet",
            &[
                "cloud-instance.action-power-off",
                "cloud-instance.action-power-restart",
                "colocation.power-off",
                "colocation.power-restart",
                "dedicated.power-off",
                "dedicated.power-restart",
                "vps.power-off",
                "vps.power-restart",
            ],
        ),
        ("vpsnet", &["virtual_machine.power_off"]),
    ] {
        let catalog = Catalog::open(embedded::find(provider).unwrap()).unwrap();
        for name in cuts {
            let method = catalog.method(name).unwrap().unwrap();
            assert!(method.effect_when.is_empty() && method.effects().has(Effect::Destroy), "{provider}:{name}");
        }
    }
}

/// Whatever takes away, replaces or overwrites is a loss, but for these.
#[test]
fn what_takes_away_destroys_at_every_provider() {
    let kept = [
        ("memset:apikey.delete_scope", "the line itself names all that is needed to add it again"),
        ("memset:cluster.real_service.disable", "a switch"),
        ("memset:cluster.server.disable", "a switch"),
        ("memset:memshell.set_password", "a setting"),
        ("memset:memstore.container.set_acl", "a setting: two lists of names"),
        ("memset:openstack.project.remove_user", "the line itself names all that is needed to add it again"),
        ("memset:server.slave_ns_delete", "the line itself names all that is needed to add it again"),
        ("memset:server.snapshot", "makes one"),
        ("memset:website_firewall.clear_cache", "fills again by itself"),
        ("memset:vlan.remove", "the line itself names all that is needed to add it again"),
        ("caas:server_farm.remove_probe", "the line itself names all that is needed to add it again"),
        ("caas:server_farm.remove_real_server", "the line itself names all that is needed to add it again"),
        ("caas:real_server.update", "a switch"),
        ("caas:vip.update", "a switch"),
        ("caas:files_account.update", "a setting: a list of names"),
        ("artnet:domain.edit-dns-servers", "a setting: a list of names"),
        ("vpsnet:virtual_machine.recover", "brings back what was deleted"),
    ];
    let taking = ["delete", "remove", "cancel", "release", "clean", "replace", "overwrit", "give up", "regenerat"];
    let found: BTreeSet<String> = all()
        .into_iter()
        .filter(|(_, method)| !method.effects().only_reads() && !method.effects().has(Effect::Destroy))
        .filter(|(_, method)| {
            let words = format!("{} {}", method.name, method.summary).to_lowercase();
            let named = taking.iter().any(|word| words.contains(word)) || words.contains("take ");
            named || method.notes.as_deref().is_some_and(|notes| notes.contains("replaces"))
        })
        .map(|(provider, method)| format!("{provider}:{}", method.name))
        .collect();
    let known = set(&kept);
    let unknown: Vec<&String> = found.difference(&known).collect();
    assert_eq!((unknown, known.difference(&found).collect::<Vec<_>>()), (vec![], vec![]));
}

/// Whatever speaks of charges may cost money, but for these.
#[test]
fn what_is_charged_for_says_so_at_every_provider() {
    let kept = [
        ("memset:partner.account.create", "the currency of later bills"),
        ("memset:payment_method.set_default", "what later orders are charged to"),
        ("caas:account.make_primary", "who gets the bills"),
        ("vpsnet:backup.create", "the document states no cost"),
        ("vpsnet:ip.delete", "ends a charge"),
        ("vpsnet:node.delete", "ends a charge"),
        ("vpsnet:ticket.create", "billing is a department"),
    ];
    let spoken_of = ["charge", "invoice", "billed", "billing", "bills", "buy", "paid", "pays", "cost", "price"];
    assert_eq!(without(Effect::Billable, &spoken_of), set(&kept));
}

#[test]
fn what_is_lost_is_said_for_every_method_that_loses_something() {
    let silent = |method: &Method| method.effects().has(Effect::Destroy) && method.loses.is_none();
    let silent: Vec<String> = all().into_iter().filter(|(_, m)| silent(m)).map(|(_, m)| m.name).collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn values_decide_what_a_call_does() {
    let edit = "virtual_machine.edit id 5 slices_required 3";
    let boot = "cloud-instance.boot-mode-boot instance_id 678 instance_password secret";
    let ptr = "rev-dns.edit subnetwork_id 321 dns_subclass x serial 1 ptr_records[0].origin 5";
    let negotiate = "cloud-instance.resources-negotiate instance_id 678 instance_password secret resources.cpu 2 \
                     resources.ram 4 resources.hdd 50 resources.bandwidth 100";
    for (provider, line, effects) in [
        ("memset", "create.memstore sku CLOUDF5 dry_run true".into(), "read"),
        ("memset", "create.memstore sku CLOUDF5 dry_run false".into(), "billable"),
        ("memset", "create.memstore sku CLOUDF5 dry_run (string)true".into(), "billable"),
        ("memset", "create.memstore sku CLOUDF5 dry_run (int)1".into(), "billable"),
        ("memset", "server.upgrade name myserver1 new_sku X dry_run true".into(), "read"),
        ("memset", "service.cancel name myserver1".into(), "destroy and billable"),
        ("caas", "server.update server-id s name web".into(), "change"),
        ("caas", "server.update server-id s description x cpuCount 2".into(), "billable"),
        ("caas", "server.update server-id s memory 2048".into(), "billable"),
        ("artnet", format!("{ptr} ptr_records[0].ptr host.example.com"), "change"),
        ("artnet", format!("{ptr} ptr_records[0].delete delete"), "destroy"),
        (
            "artnet",
            format!("{ptr} ptr_records[0].ptr x ptr_records[1].origin 6 ptr_records[1].delete delete"),
            "destroy",
        ),
        ("artnet", boot.into(), "destroy"),
        ("artnet", format!("{boot} shutdown false"), "destroy"),
        ("artnet", format!("{boot} shutdown true"), "change"),
        ("artnet", format!("{negotiate} shutdown true"), "billable"),
        ("artnet", format!("{negotiate} shutdown false"), "destroy and billable"),
        ("vpsnet", edit.into(), "billable"),
        ("vpsnet", format!("{edit} licenses.4 1"), "billable"),
        ("vpsnet", format!("{edit} licenses.4 1 licenses.5 0"), "destroy and billable"),
        ("vpsnet", "virtual_machine.delete id 5".into(), "destroy"),
        ("vpsnet", "virtual_machine.delete id 5 reassign_ip 6".into(), "destroy and billable"),
        ("vpsnet", "virtual_machine.reinstall id 5".into(), "destroy"),
        ("vpsnet", "virtual_machine.reinstall id 5 system_template_id 92".into(), "destroy and billable"),
    ] {
        let line: String = line;
        let call = Spoken::to(provider).call(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(call.effects().to_string(), effects, "{line}");
    }
}

#[test]
fn help_and_lists_say_all_that_a_method_may_do() {
    let world = World::new();
    let account = |id: &str| format!("[profiles.{id}]\nprovider = \"{id}\"\nuser = \"me\"\n");
    world.configure(&["vpsnet", "caas", "memset"].map(account).concat());
    let at = |profile: &str, line: &str| world.marsh().args(["-p", profile]).line(line).run().exits(0).stdout;
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = flat(at("vpsnet", "help virtual_machine.delete"));
    for part in [
        "Effect: destroy and billable (cannot be undone and may cost money; asks first",
        "Charge: with reassign_ip the address becomes an additional one",
        "Without reassign_ip: destroy.",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let shown = flat(at("caas", "help server.notify_private_ip"));
    assert!(shown.contains("Effect: change (reversible; asks first"), "{shown}");
    let shown = flat(at("memset", "help create.memstore"));
    assert!(shown.contains("With dry_run true: read."), "{shown}");
    let list: serde_json::Value = serde_json::from_str(&at("vpsnet", "methods -o json")).unwrap();
    let found = list.as_array().unwrap().iter().find(|method| method["name"] == "virtual_machine.delete").unwrap();
    assert_eq!(found["effect"], "destroy");
    assert_eq!(found["effects"], serde_json::json!(["destroy", "billable"]));
    assert_eq!(found["effect_when"], serde_json::json!([{"when": "without reassign_ip", "effects": ["destroy"]}]));
}
