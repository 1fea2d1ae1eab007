//! PowerDNS by the catalogue in `docs/examples/powerdns.toml`: it can be used as it is, and conversations go as the examples in
//! PowerDNS's documents (`docs/http-api/zone.rst`) show them. `real` asks the server itself.

use std::path::{Path, PathBuf};

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

/// The catalogue.
fn catalog() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/powerdns.toml")
}

/// A zone, as the document shows it.
const ZONE: &str = r#"{"account": "", "api_rectify": false, "dnssec": false, "edited_serial": 2022040501, "id": "example.org.", "kind": "Native", "last_check": 0, "master_tsig_key_ids": [], "masters": [], "name": "example.org.", "notified_serial": 0, "nsec3narrow": false, "nsec3param": "", "rrsets": [{"comments": [], "name": "example.org.", "records": [{"content": "a.misconfigured.dns.server.invalid. hostmaster.example.org. 2022040501 10800 3600 604800 3600", "disabled": false}], "ttl": 3600, "type": "SOA"}, {"comments": [], "name": "example.org.", "records": [{"content": "ns1.example.org.", "disabled": false}, {"content": "ns2.example.org.", "disabled": false}], "ttl": 3600, "type": "NS"}], "serial": 2022040501, "slave_tsig_key_ids": [], "soa_edit": "", "soa_edit_api": "DEFAULT", "url": "/api/v1/servers/localhost/zones/example.org."}"#;
/// A list of zones, as the document shows it.
const ZONES: &str = r#"[{"account": "", "dnssec": false, "edited_serial": 2022040504, "id": "example.org.", "kind": "Native", "last_check": 0, "masters": [], "name": "example.org.", "notified_serial": 0, "serial": 2022040504, "url": "/api/v1/servers/localhost/zones/example.org."}]"#;

fn json(status: &str, body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {status}\nContent-Type: application/json\n\n{body}").as_bytes())
}

fn done() -> Answer {
    Answer::http(b"HTTP/1.1 204 No Content\n\n")
}

/// A world with an account at a server.
fn world(server: &Server) -> World {
    let world = World::new();
    let (catalog, url) = (catalog().display().to_string(), server.url(""));
    world.configure(&format!(
        "[profiles.dns]\nprovider = \"powerdns\"\ncatalog = \"{catalog}\"\nurl = \"{url}\"\nkey_command = \"printf secret\"\n"
    ));
    world
}

#[test]
fn the_catalogue_can_be_used_as_it_is() {
    let path = catalog().display().to_string();
    let run = World::new().marsh().args(["catalogue", "check", &path]).run();
    run.prints(&format!("{path}: can be used, 8 methods\n")).exits(0);
}

#[test]
fn conversations_go_as_the_document_shows_them() {
    for (line, answer, request, body, printed) in [
        (
            "zone.list -q .[0].serial",
            json("200 OK", ZONES),
            "GET /api/v1/servers/localhost/zones HTTP/1.1",
            "",
            "2022040504\n",
        ),
        (
            "zone.create name example.org. kind Native masters [] nameservers [\"ns1.example.org.\",\"ns2.example.org.\"] -q .id",
            json("200 OK", ZONE),
            "POST /api/v1/servers/localhost/zones HTTP/1.1",
            r#"{"name": "example.org.", "kind": "Native", "nameservers": ["ns1.example.org.", "ns2.example.org."], "masters": []}"#,
            "\"example.org.\"\n",
        ),
        (
            "zone.get id example.org. -q .rrsets[1].records|length",
            json("200 OK", ZONE),
            "GET /api/v1/servers/localhost/zones/example.org. HTTP/1.1",
            "",
            "2\n",
        ),
        (
            "record.change id example.org. rrsets[0].name test.example.org. rrsets[0].type A rrsets[0].ttl 3600 \
             rrsets[0].changetype REPLACE rrsets[0].records[0].content 192.168.0.5 rrsets[0].records[0].disabled false",
            done(),
            "PATCH /api/v1/servers/localhost/zones/example.org. HTTP/1.1",
            r#"{"rrsets": [{"name": "test.example.org.", "type": "A", "ttl": 3600, "changetype": "REPLACE", "records": [{"content": "192.168.0.5", "disabled": false}]}]}"#,
            "null\n",
        ),
        (
            "record.change id example.org. rrsets[0].name test.example.org. rrsets[0].type A rrsets[0].changetype DELETE --yes",
            done(),
            "PATCH /api/v1/servers/localhost/zones/example.org. HTTP/1.1",
            r#"{"rrsets": [{"name": "test.example.org.", "type": "A", "changetype": "DELETE"}]}"#,
            "null\n",
        ),
        (
            "zone.delete id example.org. --yes",
            done(),
            "DELETE /api/v1/servers/localhost/zones/example.org. HTTP/1.1",
            "",
            "null\n",
        ),
    ] {
        let server = Server::answering([answer]);
        world(&server).marsh().line(line).run().prints(printed).exits(0);
        let sent = server.requests().pop().unwrap();
        assert_eq!((sent.start(), sent.header("x-api-key")), (request, Some("secret")), "{line}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
        let found = sent.text();
        let found = found.split_once("\r\n\r\n").map_or(found.as_str(), |(_, body)| body);
        assert_eq!(read(found), read(body), "{line}: {found}");
    }
}

#[test]
fn what_a_change_of_records_does_depends_on_its_values() {
    let server = Server::answering([]);
    let world = world(&server);
    let set = |what: &str| format!("{{\"name\":\"a.example.org.\",\"type\":\"A\",\"changetype\":\"{what}\"}}");
    for (sets, code) in [
        (format!("[{}]", set("DELETE")), 10),
        (format!("[{},{}]", set("REPLACE"), set("DELETE")), 10),
        (format!("[{}]", set("DELET")), 2),
    ] {
        world.marsh().args(["record.change", "id", "example.org.", "rrsets", &sets]).run().exits(code).prints("");
    }
    world.marsh().line("zone.delete id example.org.").run().exits(10).says("nothing was sent");
    world.marsh().line("--read-only zone.create name example.org. kind Native").run().exits(10);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_refused_key_is_a_refused_key() {
    let server = Server::answering([json("401 Unauthorized", "{\"error\": \"Unauthorized\"}")]);
    world(&server).marsh().line("zone.list").run().exits(3).prints("").says("Unauthorized");
    let server = Server::answering([json("422 Unprocessable Entity", "{\"error\": \"Domain is not canonical\"}")]);
    world(&server)
        .marsh()
        .line("zone.create name example.org kind Native")
        .run()
        .exits(4)
        .says("Domain is not canonical");
}
