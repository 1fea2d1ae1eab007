//! PowerDNS by the document that it serves itself: imported, then used like a provider of the program.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::servers::{self, KEY};
use crate::support::accounts::Accounts;
use crate::support::cmd::{Outcome, World};
use crate::support::real::Real;

/// The document that the server has of itself.
fn document(server: &Real) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    write!(stream, "GET /api/docs HTTP/1.0\r\nHost: 127.0.0.1\r\nX-API-Key: {KEY}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn a_zone_is_made_changed_and_deleted_and_shown_beside_those_of_others() {
    let Some(server) = servers::powerdns() else { return };
    let accounts = Accounts::with(|_| String::new());
    let world = &accounts.world;
    world.put("key", KEY, 0o600);
    world.put("pdns.yaml", &document(&server), 0o644);
    let root = server.url("/api/v1");
    let imported = world.marsh().args(["import", "pdns.yaml", "--name", "pdns", "--server", &root]).run().exits(0);
    assert!(imported.stdout.contains("PowerDNS Authoritative HTTP API"), "{imported}");
    assert!(!imported.stdout.contains("cannot be called"), "{imported}");
    let added = world.marsh().args(["add", "dns", &root, "--provider", "pdns", "--key-file", "key"]);
    added.run().exits(0).says("PowerDNS accepts the key (servers.list");
    let line = |text: &str| -> Outcome {
        world.marsh().args(["-p", "dns", "-o", "json"]).args(shlex::split(text).unwrap()).run()
    };
    let read = |text: &str| serde_json::from_str::<Value>(&line(text).exits(0).stdout).unwrap();
    let place = "server_id localhost zone_id example.org.";
    let records = || read(&format!("servers.zones.get {place}"))["rrsets"].to_string();

    let nameservers = "nameservers ns1.example.org.,ns2.example.org.";
    let made = read(&format!("servers.zones.create server_id localhost name example.org. kind Native {nameservers}"));
    assert_eq!(made["id"], "example.org.");
    let set = "rrsets[0].name www.example.org. rrsets[0].type A rrsets[0].ttl 300";
    let record = "rrsets[0].records[0].content 192.0.2.5 rrsets[0].records[0].disabled no";
    let change = |kind: &str| format!("servers.zones.update {place} {set} {record} rrsets[0].changetype {kind}");
    line(&change("REPLACE")).exits(0);
    assert!(records().contains("192.0.2.5"));
    // The same address deletes records: that is asked about, whatever version the document has.
    line(&change("DELETE")).exits(10);
    assert!(records().contains("192.0.2.5"));
    line(&format!("{} --yes", change("DELETE"))).exits(0);
    assert!(!records().contains("192.0.2.5"));

    // All zones of all accounts are one list.
    let all: Value = serde_json::from_str(&world.marsh().line("@all zones -o json").run().exits(0).stdout).unwrap();
    let all = all.as_array().unwrap();
    let of = |account: &str| all.iter().filter(|row| row["account"] == account).count();
    assert!(of("memset") > 0 && of("artnet") > 0, "{all:?}");
    assert_eq!(of("dns"), 1);
    let ours = all.iter().find(|row| row["account"] == "dns").unwrap();
    assert_eq!((&ours["id"], &ours["type"]), (&"example.org.".into(), &"Native".into()));

    line(&format!("servers.zones.delete {place}")).exits(10);
    line(&format!("servers.zones.delete {place} --yes")).exits(0);
    assert_eq!(read("servers.zones.list server_id localhost"), Value::Array(Vec::new()));
    line(&format!("servers.zones.get {place}")).exits(4).says("Not Found");
    world.put("key", "wrong", 0o600);
    line("servers.list").exits(3).prints("");
}

#[test]
fn the_server_is_added_by_its_address_and_the_way_of_its_key() {
    let Some(server) = servers::powerdns() else { return };
    let world = World::new();
    world.put("key", KEY, 0o600);
    let added = world.marsh().args(["add", "dns", &server.url(""), "--auth", "header:X-API-Key", "--key-file", "key"]);
    added.run().exits(0).prints("").says("try: marsh -p dns methods");
    let line = |line: &str| world.marsh().args(["-p", "dns"]).args(shlex::split(line).unwrap()).run();
    line("servers.zones.list server_id localhost").prints("[]\n").exits(0);
    line("servers.zones.delete server_id localhost zone_id example.org.").exits(10);
    line("methods -q length").prints("36\n").exits(0);
}
