//! PowerDNS itself, by the catalogue of the documents: a zone is made, a record changed and deleted, the zone deleted.

use serde_json::{Value, json};

use super::servers::{self, KEY, catalog};
use crate::support::cmd::World;
use crate::support::real::{Real, asked};

/// What the reference client reads at an address.
fn theirs(server: &Real, path: &str) -> Value {
    let url = server.url(&format!("/api/v1/servers{path}"));
    let call = json!({ "url": url, "wire": "rest", "method": "GET", "params": null, "headers": { "X-API-Key": KEY } });
    asked(&[call]).remove(0)["result"].clone()
}

#[test]
fn a_zone_is_made_changed_and_deleted() {
    let Some(server) = servers::powerdns() else { return };
    let world = World::new();
    world.put("key", KEY, 0o600);
    let login = [
        "login",
        "--catalog",
        &catalog("powerdns.toml"),
        "--name",
        "dns",
        "--url",
        &server.url(""),
        "--key-file",
        "key",
    ];
    world.marsh().args(login).run().exits(0).says("PowerDNS accepts the key (server.list");
    let line = |line: &str| world.marsh().args(["-p", "dns", "-o", "json"]).args(shlex::split(line).unwrap()).run();
    let ours = |text: &str| serde_json::from_str::<Value>(&line(text).exits(0).stdout).unwrap();
    let zone = "/localhost/zones/example.org.";
    let mut equal = 0;
    let mut agree = |text: &str, path: &str| {
        assert_eq!(ours(text), theirs(&server, path), "{text}");
        equal += 1;
    };

    agree("server.list", "");
    agree("zone.list", "/localhost/zones");
    let nameservers = "nameservers '[\"ns1.example.org.\", \"ns2.example.org.\"]'";
    let made = ours(&format!("zone.create name example.org. kind Native {nameservers}"));
    assert_eq!(made["name"], "example.org.");
    agree("zone.list", "/localhost/zones");
    agree("zone.get id example.org.", zone);
    let set = "rrsets[0].name www.example.org. rrsets[0].type A";
    let change = format!("record.change id example.org. {set} rrsets[0].changetype");
    line(&format!("{change} REPLACE rrsets[0].ttl 300 rrsets[0].records[0].content 192.0.2.5")).exits(0);
    agree("zone.get id example.org.", zone);
    assert!(theirs(&server, zone).to_string().contains("192.0.2.5"));
    line(&format!("{change} DELETE")).exits(10);
    assert!(theirs(&server, zone).to_string().contains("192.0.2.5"));
    line(&format!("{change} DELETE --yes")).exits(0);
    assert!(!theirs(&server, zone).to_string().contains("192.0.2.5"));
    agree("zone.get id example.org.", zone);
    assert!(line("zone.export id example.org. -o value").exits(0).stdout.contains("ns1.example.org."));
    line("zone.create name example.org. kind Native").exits(4).says("Conflict");
    line("zone.create name example.org kind Native").exits(4).says("not canonical");
    line("zone.delete id example.org. --yes").exits(0);
    agree("zone.list", "/localhost/zones");
    line("zone.get id example.org.").exits(4).says("Not Found");
    assert_eq!(equal, 7);

    // In a script, and with a wrong key.
    world.put("zone.marsh", "zone.create name $1 kind Native -q .id\nzone.delete id $1 --yes -q .\n", 0o644);
    let run = world.marsh().args(["-p", "dns", "run", "zone.marsh", "example.com."]).run();
    run.prints("\"example.com.\"\nnull\n").exits(0);
    world.put("key", "wrong", 0o600);
    line("zone.list").exits(3).prints("");
    line("doctor").exits(3);
}
