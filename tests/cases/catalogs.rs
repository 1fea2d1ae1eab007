//! The catalogues against the providers' documents: every documented method is there and says what it takes, and every
//! example line is one that works.

use std::collections::{BTreeMap, BTreeSet};

use marsh::lang;
use marsh::model::{Call, Pattern};
use marsh::registry::embedded;
use serde_json::Value;

use crate::support::calls::Spoken;
use crate::support::cmd::World;

/// The methods that the document describes, one a line.
static MEMSET: &str = include_str!("../data/memset-methods.txt");

/// Parameters as the document lists them; `!` marks those that are not optional.
static MEMSET_PARAMETERS: &[(&str, &str)] = &[
    ("apikey.add_scope", "id string! scope_name string! value string!"),
    ("apikey.create", "scopes dict comment string"),
    ("apikey.list", ""),
    ("bandwidth.monthly_usage", "name string! year int"),
    (
        "dns.zone_record_create",
        "zone_id string! type string! record string address string! ttl int priority int relative boolean",
    ),
    (
        "dns.zone_record_update",
        "id string! zone_id string type string record string address string ttl int priority int relative boolean",
    ),
    ("dns.zone_update", "id string! nickname string ttl int"),
    (
        "firewalling.rule_create",
        "rule_group_name string! ip_version string action string! source_ips string source_ports string \
         dest_ips string source_ip6s string dest_ip6s string dest_ports string! protocols string ordering int! \
         comment string direction string",
    ),
    ("internal.echo", "string string list list dictionary dict boolean boolean float float integer int date date"),
    ("invoice.info", "ref int!"),
    ("invoice.list", "date_gte date date_lte date status string"),
    ("job.status", "name string id string!"),
    ("service.set_nickname", "name string! nickname string!"),
    ("website_firewall.clear_cache", "domain string! paths list"),
];

/// `marsh methods` as data, by name.
fn listed() -> BTreeMap<String, Value> {
    let outcome = World::new().marsh().line("methods -o json").run().exits(0).says_nothing();
    let Value::Array(methods) = serde_json::from_str(&outcome.stdout).unwrap() else { panic!("no list\n{outcome}") };
    methods.into_iter().map(|method| (method["name"].as_str().unwrap().to_owned(), method)).collect()
}

#[test]
fn every_documented_method_is_there() {
    let listed = listed();
    let documented: BTreeSet<&str> = MEMSET.lines().collect();
    assert_eq!(documented.len(), 151);
    let missing: Vec<&&str> = documented.iter().filter(|name| !listed.contains_key(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // Introspection is documented by its use alone.
    let invented = |name: &&String| !documented.contains(name.as_str()) && !name.starts_with("system.");
    assert_eq!(listed.keys().find(invented), None);
}

#[test]
fn every_method_says_what_it_is() {
    for (name, method) in listed() {
        let text = |key: &str| method[key].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("provider"), "memset", "{name}");
        let line = text("doc").strip_prefix("memset.txt:").and_then(|line| line.parse::<u32>().ok());
        assert!(line.is_some(), "{name}: {}", text("doc"));
        assert!(["read", "change", "destroy", "billable"].contains(&text("effect").as_str()), "{name}");
        assert!(!text("summary").is_empty(), "{name}");
        for parameter in method["parameters"].as_array().unwrap_or_else(|| panic!("{name} has no parameters")) {
            let whole = parameter["name"].is_string() && parameter["type"].is_string();
            assert!(whole && parameter["required"].is_boolean(), "{name}: {parameter}");
        }
    }
}

#[test]
fn names_that_promise_an_effect_keep_it() {
    for (name, method) in listed() {
        let verb = name.rsplit(['.', '_']).next().unwrap_or_default();
        let promised = match verb {
            "info" | "list" | "status" | "available" | "usage" => "read",
            "cancel" => "destroy",
            "delete" if name != "server.slave_ns_delete" => "destroy",
            _ => continue,
        };
        assert_eq!(method["effect"], promised, "{name}");
    }
}

#[test]
fn parameters_are_those_of_the_document() {
    let listed = listed();
    for (name, documented) in MEMSET_PARAMETERS {
        let parameters = listed[*name]["parameters"].as_array().unwrap();
        let shown = parameters.iter().map(|parameter| {
            let kind = parameter["type"].as_str().unwrap().split(':').next().unwrap_or_default();
            let required = if parameter["required"] == true { "!" } else { "" };
            format!("{} {kind}{required}", parameter["name"].as_str().unwrap())
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), *documented, "{name}");
    }
    let choices = |method: &str, name: &str| {
        let parameters = listed[method]["parameters"].as_array().unwrap();
        let parameter = parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
        parameter["choices"].to_string()
    };
    assert_eq!(choices("dns.zone_record_create", "type"), r#"["A","AAAA","CNAME","MX","NS","SRV","TXT"]"#);
    assert_eq!(choices("dns.zone_record_create", "ttl"), "[0,300,600,900,1800,3600,7200,10800,21600,43200,86400]");
    assert_eq!(choices("firewalling.rule_create", "action"), r#"["ACCEPT","DROP","REJECT"]"#);
}

#[test]
fn every_example_works() {
    let mut faults = Vec::new();
    for source in embedded::all() {
        let provider = Spoken::to(source.id);
        for record in provider.catalog.records() {
            let example = provider.catalog.method(record.name).unwrap().unwrap().example.unwrap_or_default();
            let name = |call: Call| provider.request(&call).map(|_| call.method.name.clone());
            let encoded = provider.call(&example).and_then(name);
            if encoded.as_deref() != Ok(record.name) {
                faults.push(format!("{}: `{example}`: {encoded:?}", record.name));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn an_example_printed_by_the_shell_means_the_same() {
    for source in embedded::all() {
        let provider = Spoken::to(source.id);
        for record in provider.catalog.records() {
            let example = provider.catalog.method(record.name).unwrap().unwrap().example.unwrap_or_default();
            let printed = lang::parse(&example).unwrap()[0].to_string();
            assert_eq!(provider.call(&printed), provider.call(&example), "{example}\n{printed}");
        }
    }
}

#[test]
fn the_document_of_the_format_lists_every_pattern() {
    let document = include_str!("../../docs/catalog-format.md");
    for pattern in Pattern::all() {
        let row = format!("| `{}` | {} |", pattern.name(), pattern.wanted());
        assert!(document.contains(&row), "{row}");
    }
}
