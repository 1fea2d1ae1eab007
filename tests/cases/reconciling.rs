//! Unknown outcomes: the rule of every method that has one, on the simulated accounts, once after the call was carried
//! out and once without; and which methods that create, order or delete have no rule, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use marsh::lang;
use marsh::model::reconcile::{Expect, Heard, Inquiry};
use marsh::model::{Arguments, Code, Effect, Map, Method, ReconcileRule, Value, Verdict};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use crate::support::calls::Spoken;
use crate::support::cmd::World;

/// What cannot be found out, and why.
static OPEN: &str = include_str!("../reconcile.txt");

/// What a method that creates, orders or deletes is called.
const MAKING: &[&str] = &[
    "create",
    "add",
    "order",
    "import",
    "export",
    "copy",
    "clone",
    "deploy",
    "reserve",
    "reservation",
    "snapshot",
    "request",
    "convert",
    "recover",
    "delete",
    "remove",
    "cancel",
    "release",
    "clean",
];

/// Lines to run in place of a method's example, after others.
const LINES: &[(&str, &str, &[&str], &str)] = &[
    (
        "memset",
        "dns.zone_domain_update",
        &["dns.zone_create nickname other domains[0].domain shop.example.com"],
        "dns.zone_domain_update domain shop.example.com zone_id 0123456789abcdef0123456789abcdef",
    ),
    (
        "memset",
        "dns.zone_record_create",
        &[],
        "dns.zone_record_create zone_id 0123456789abcdef0123456789abcdef type A record new address 192.0.2.1 ttl 300",
    ),
    ("memset", "dns.zone_update", &[], "dns.zone_update id 0123456789abcdef0123456789abcdef nickname new ttl 300"),
    (
        "memset",
        "firewalling.rule_create",
        &[],
        "firewalling.rule_create rule_group_name mygroup-fw1 action DROP dest_ports 22 protocols tcp ordering 9",
    ),
    (
        "memset",
        "memstore.container.set_public_cdn",
        &[],
        "memstore.container.set_public_cdn name msstore1 container photos ttl 3600 listing true",
    ),
    (
        "memset",
        "memstore.container.unset_public_cdn",
        &["memstore.container.set_public_cdn name msstore1 container photos ttl 3600"],
        "memstore.container.unset_public_cdn name msstore1 container photos",
    ),
    (
        "memset",
        "memstore.user.enable",
        &["memstore.user.disable name msstore1 username alice"],
        "memstore.user.enable name msstore1 username alice",
    ),
    (
        "memset",
        "openstack.project.add_user",
        &["openstack.project.remove_user project_id 0123456789abcdef0123456789abcdef username alice"],
        "openstack.project.add_user project_id 0123456789abcdef0123456789abcdef username alice",
    ),
    (
        "memset",
        "openstack.user.enable",
        &["openstack.user.disable username alice"],
        "openstack.user.enable username alice",
    ),
    (
        "memset",
        "server.monitoring.rule_update",
        &[],
        "server.monitoring.rule_update name myserver1 rule_id 0123456789abcdef0123456789abcdef service ssh \
         contact_address new@example.com",
    ),
    ("memset", "service.set_nickname", &[], "service.set_nickname name myserver1 nickname new"),
    ("vpsnet", "cloudlinux_template.create", &[], "cloudlinux_template.create system_template_id 107"),
    ("vpsnet", "virtual_machine.edit", &[], "virtual_machine.edit id 1384 label New slices_required 3"),
    ("vpsnet", "domain_record.edit", &[], "domain_record.edit domain_id 51 id 2315958 ttl 3600 data 192.0.2.2"),
    ("artnet", "additional-ip.order", &[], "additional-ip.order parent_service_id 12346 ips_number 1"),
    (
        "artnet",
        "cloud-instance.custom-properties-edit",
        &[],
        "cloud-instance.custom-properties-edit instance_id 678 custom_properties.display_name new \
         custom_properties.notes new",
    ),
    (
        "artnet",
        "cloud-instance.resources-negotiate",
        &[],
        "cloud-instance.resources-negotiate instance_id 678 instance_password Ex4mple.pass shutdown true \
         resources.cpu 2 resources.ram 2048 resources.hdd 40 resources.bandwidth 50",
    ),
    ("artnet", "firewall.enable", &["firewall.disable ruleset_id 12"], "firewall.enable ruleset_id 12"),
    ("caas", "account.update", &[], "account.update userName user-1 fullName 'A New Name'"),
    (
        "caas",
        "backup.client_update",
        &[],
        "backup.client_update server-id 37605271-d650-4d8e-a0b0-ad46b25d0952 backup-client-id \
         2f357232-bc95-4508-a491-d75b5682e925 storagePolicyName '30 Day Storage Policy + Secondary Copy' \
         schedulePolicyName '6PM - 12AM'",
    ),
    (
        "caas",
        "probe.update",
        &[],
        "probe.update network-id 2f7460d4-6516-4c45-a3c8-591e70b4ec54 probe-id 4a7310a1-a4b9-4d8d-8498-295257b8d2b7 \
         probeIntervalSeconds 90",
    ),
    (
        "caas",
        "server.add_storage",
        &[],
        "server.add_storage server-id 37605271-d650-4d8e-a0b0-ad46b25d0952 amount 30 speed STANDARD",
    ),
    (
        "caas",
        "server.update",
        &[],
        "server.update server-id 37605271-d650-4d8e-a0b0-ad46b25d0952 cpuCount 4 memory 8192",
    ),
    (
        "caas",
        "server_farm.update",
        &[],
        "server_farm.update network-id 2f7460d4-6516-4c45-a3c8-591e70b4ec54 server-farm-id \
         c97530ba-bc65-413d-bb39-a28b355e717b predictor LEAST_CONNECTIONS",
    ),
    ("memset", "vlan.add", &["vlan.remove name myvlan1 host myserver2"], "vlan.add name myvlan1 host myserver2"),
];

/// An hour that is longer than any clock differs and any date without a time is long.
const LATER: i64 = 3 * 86_400;

fn methods(provider: &str) -> Vec<Method> {
    let catalog = Catalog::open(embedded::find(provider).unwrap()).unwrap();
    catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap()).collect()
}

fn providers() -> impl Iterator<Item = &'static str> {
    embedded::all().iter().map(|source| source.id)
}

/// Whether it creates, orders or deletes.
fn counts(method: &Method) -> bool {
    let effects = method.effects();
    let name = method.name.split("_from_").next().unwrap_or_default();
    let mut words = name.split(['.', '_', '-', '/']);
    let ends = |word: &str| word == "disable" && effects.has(Effect::Destroy);
    !effects.only_reads() && (effects.has(Effect::Billable) || words.any(|word| MAKING.contains(&word) || ends(word)))
}

/// The lines of the list: what remains unknown of a method.
fn open() -> BTreeMap<String, &'static str> {
    let lines = OPEN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parts = lines.map(|line| line.split(" | ").collect::<Vec<_>>());
    let mut seen = BTreeMap::new();
    for parts in parts {
        let [method, what, why] = parts[..] else { panic!("{parts:?}") };
        assert!(["never", "if done", "if not done"].contains(&what) && why.len() > 15, "{parts:?}");
        assert!(seen.insert(method.to_owned(), what).is_none(), "{method} twice");
    }
    seen
}

#[test]
fn methods_that_make_or_delete_have_a_rule_or_a_reason() {
    let open = open();
    let mut known = BTreeSet::new();
    let mut counted = Vec::new();
    for provider in providers() {
        let (mut all, mut ruled, mut whole) = (0, 0, 0);
        for method in methods(provider) {
            let name = format!("{provider}:{}", method.name);
            let said = open.get(&name);
            let counts = counts(&method);
            match (&method.reconcile, said) {
                (None, None) => assert!(!counts, "{name} has no rule, and nothing says why"),
                (None, Some(said)) => assert!(*said == "never" && counts, "{name} has no rule"),
                (Some(_), said) => assert_ne!(said, Some(&"never"), "{name} has a rule"),
            }
            all += usize::from(counts);
            ruled += usize::from(counts && method.reconcile.is_some());
            whole += usize::from(counts && method.reconcile.is_some() && said.is_none());
            known.insert(name);
        }
        counted.push((provider, whole, ruled, all));
    }
    let strange: Vec<&String> = open.keys().filter(|name| !known.contains(*name)).collect();
    assert_eq!(strange, [""; 0]);
    // Outcomes that can be found out either way, those that can be found out one way, and all.
    assert_eq!(counted, [("artnet", 7, 8, 9), ("caas", 40, 47, 49), ("memset", 25, 32, 44), ("vpsnet", 23, 26, 39)]);
}

#[test]
fn what_makes_a_value_look_otherwise_does_so_for_every_method_that_sends_it() {
    let mut findings = Vec::new();
    for provider in providers() {
        let methods = methods(provider);
        let rules = || methods.iter().filter_map(|method| Some((method, method.reconcile.as_ref()?)));
        for (one, rule) in rules() {
            for (name, values) in &rule.unless {
                let others = rules().filter(|(other, others)| {
                    let compares = !others.becomes.is_empty() || others.expect == Expect::Present;
                    others.method == rule.method && compares && other.params.iter().any(|param| param.name == *name)
                });
                let lacking = others.filter(|(_, others)| others.unless.get(name) != Some(values));
                findings.extend(lacking.map(|(other, _)| format!("{}: not {name} as {}", other.name, one.name)));
            }
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
}

/// What came of asking, and the id of the object in the row of the call.
struct Seen {
    came: Came,
    object: Option<String>,
}

/// What came of asking.
enum Came {
    Answer(Value),
    Refused(Code),
}

/// One rule with a call that it is for.
struct Trial {
    provider: &'static str,
    method: Method,
    given: Map,
    before: Vec<String>,
    line: String,
    sent: i64,
}

impl Trial {
    fn of(provider: &'static str, method: Method) -> Trial {
        let own = LINES.iter().find(|(of, name, ..)| *of == provider && *name == method.name);
        let example = method.example.clone().unwrap_or_default();
        let (before, line) = own.map_or((&[][..], example), |(_, _, before, line)| (*before, (*line).to_owned()));
        let call = Spoken::to(provider).call(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let Arguments::Named(given) = call.arguments else { panic!("{line}") };
        let before = before.iter().map(|line| (*line).to_owned()).collect();
        let sent = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        Trial { provider, method, given, before, line, sent }
    }

    fn name(&self) -> String {
        format!("{}:{}", self.provider, self.method.name)
    }

    /// The call as it is judged so many seconds after it was sent.
    fn inquiry(&self, sent: i64) -> Inquiry<'_> {
        Inquiry { method: &self.method, given: &self.given, sent, asked: sent + 120, until: sent + 60, others: &[] }
    }

    /// The line that asks.
    fn asking(&self) -> String {
        let catalog = Catalog::open(embedded::find(self.provider).unwrap()).unwrap();
        let inquiry = self.inquiry(self.sent);
        let question = inquiry.question().unwrap_or_else(|verdict| panic!("{}: {verdict:?}", self.name()));
        let (rule, arguments) = (question.rule(), question.arguments());
        let asked = catalog.method(&rule.method).unwrap().unwrap();
        let paged = catalog.provider().paging.as_ref().is_some_and(|paging| asked.param(&paging.page).is_some());
        let word = |(name, value): (&str, &Value)| format!(" {name} {}", lang::literal_of(&value.plain()));
        let arguments: String = arguments.iter().map(word).collect();
        format!("{}{arguments}{}", rule.method, if paged { " --all" } else { "" })
    }

    /// What is answered after the call, or without it.
    fn answer(&self, made: bool) -> Seen {
        let mut lines = vec![format!("use {}", self.provider)];
        lines.extend(self.before.clone());
        if made {
            // What a condition on a member shows needs no waiting, unless it is that of the end.
            let ends = |rule: &ReconcileRule| rule.slow || rule.busy.is_some() && rule.expect == Expect::Changed;
            let waits = self.method.job.is_some() && self.method.reconcile.as_ref().is_some_and(ends);
            lines.push(format!("{}{}", self.line, if waits { " --wait" } else { "" }));
        }
        lines.push(format!("{} > answer.json", self.asking()));
        let (world, script) = (World::new(), lines.join("\n") + "\n");
        let ended = world.marsh().args(["--sandbox", "-y", "--keep-going", "-o", "json"]).stdin(script).run();
        let row = world.calls().into_iter().rfind(|call| call.is_change && call.call.method == self.method.name);
        let object = row.and_then(|row| row.object);
        if ended.code == 0 {
            return Seen { came: Came::Answer(serde_json::from_str(&world.content("answer.json")).unwrap()), object };
        }
        // Only the line that asks may be refused: nothing of it was written.
        let codes: Vec<&str> = ended.stderr.split(r#""provider_code":""#).skip(1).collect();
        let ([code], []) = (&codes[..], &world.names()[..]) else { panic!("{}\n{ended}", self.name()) };
        Seen { came: Came::Refused(code.split('"').next().unwrap_or_default().into()), object }
    }

    fn judged(&self, came: &Came, sent: i64) -> Verdict {
        let heard = match came {
            Came::Answer(value) => Heard::Answer { value, whole: true },
            Came::Refused(code) => Heard::Refused(code),
        };
        self.inquiry(sent).question().unwrap().judge(heard)
    }
}

/// What went wrong with the rule of a method, run in both outcomes.
fn faults(trial: &Trial, said: Option<&str>) -> Vec<String> {
    let (name, line) = (trial.name(), &trial.line);
    let rule = trial.method.reconcile.as_ref().unwrap();
    let (made, unmade) = (trial.answer(true), trial.answer(false));
    let (after, before) = (trial.judged(&made.came, trial.sent), trial.judged(&unmade.came, trial.sent));
    let mut faults = Vec::new();
    // What another call made is known by the id in its row.
    if let (Some(seen), Some(noted)) = (after.id(), &made.object)
        && rule.expect == Expect::Present
        && !rule.unique
        && seen != noted
    {
        faults.push(format!("{name}: `{line}` made {noted} by its answer, and {seen} by that of {}", rule.method));
    }
    let fits = match &after {
        Verdict::Happened { .. } => said != Some("if done"),
        Verdict::CannotTell { .. } => said == Some("if done"),
        Verdict::DidNot { .. } => false,
    };
    if !fits {
        faults.push(format!("{name}: `{line}` was carried out: {after:?}"));
    }
    let fits = match &before {
        Verdict::DidNot { .. } => said != Some("if not done"),
        Verdict::CannotTell { .. } => said == Some("if not done"),
        Verdict::Happened { .. } => false,
    };
    if !fits {
        faults.push(format!("{name}: `{line}` was not carried out: {before:?}"));
    }
    // The same, made days before the call was sent.
    let older = trial.judged(&made.came, trial.sent + LATER);
    let fits = match (rule.expect, &older) {
        (Expect::Present, Verdict::DidNot { .. }) => rule.since.is_some(),
        (Expect::Present, Verdict::CannotTell { .. }) => rule.slow || rule.since.is_none() && !rule.unique,
        (Expect::Present, Verdict::Happened { .. }) => rule.unique,
        _ => true,
    };
    if !fits {
        faults.push(format!("{name}: something older is taken for what `{line}` makes: {older:?}"));
    }
    faults
}

fn every_outcome_is_found_out(provider: &'static str) {
    let open = open();
    let ruled = methods(provider).into_iter().filter(|method| method.reconcile.is_some());
    let trials: Vec<Trial> = ruled.map(|method| Trial::of(provider, method)).collect();
    let of_all = |trials: &[Trial]| -> Vec<String> {
        trials.iter().flat_map(|trial| faults(trial, open.get(&trial.name()).copied())).collect()
    };
    // Those that wait sleep for most of the time.
    let faults: Vec<String> = thread::scope(|scope| {
        let of_all = &of_all;
        let running: Vec<_> = trials.chunks(10).map(|trials| scope.spawn(move || of_all(trials))).collect();
        running.into_iter().flat_map(|faults| faults.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_outcome_of_vpsnet_is_found_out() {
    every_outcome_is_found_out("vpsnet");
}

#[test]
fn every_outcome_of_caas_is_found_out() {
    every_outcome_is_found_out("caas");
}

#[test]
fn every_outcome_of_artnet_is_found_out() {
    every_outcome_is_found_out("artnet");
}

#[test]
fn every_outcome_of_memset_is_found_out() {
    every_outcome_is_found_out("memset");
}
