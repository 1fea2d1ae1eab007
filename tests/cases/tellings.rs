//! What a service must tell before it can be called: the account's name beside the key, and the variables of addresses.

use std::fs;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::server::{Answer, Request, Server};

const ACCOUNT: &str = "<Account xmlns=\"http://oec.api.opsource.net/schemas/directory\"><userName>me</userName>\
                       <orgId>org/1</orgId></Account>";
const DONE: &str = "<Status xmlns=\"http://oec.api.opsource.net/schemas/general\"><operation>Start Server</operation>\
                    <result>SUCCESS</result><resultDetail>issued</resultDetail><resultCode>REASON_0</resultCode>\
                    </Status>";

/// The program with one configured account.
fn configured(world: &World, profile: &str) -> Run {
    let folder = world.at("../home/.config/marsh");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), format!("[profiles.a]\n{profile}\nkey_env = \"K\"\n")).unwrap();
    world.marsh().env("K", KEY)
}

fn at(server: &Server, provider: &str) -> String {
    format!("provider = \"{provider}\"\nuser = \"me\"\nurl = \"http://{}/base\"", server.address)
}

fn starts(server: &Server) -> Vec<String> {
    server.requests().iter().map(Request::start).map(str::to_owned).collect()
}

#[test]
fn a_variable_is_asked_for_once() {
    let server = Server::answering([ACCOUNT, DONE, DONE].map(Answer::xml));
    let script = "server.start server-id s1\nserver.shutdown server-id s2\n";
    configured(&World::new(), &at(&server, "caas")).stdin(script).run().exits(0).says_nothing();
    assert_eq!(
        starts(&server),
        [
            "GET /base/myaccount HTTP/1.1",
            "GET /base/org%2F1/server/s1?start HTTP/1.1",
            "GET /base/org%2F1/server/s2?shutdown HTTP/1.1"
        ]
    );
    // `me:` and the key, in Base64.
    let login = "Basic bWU6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3YTMyYTFmZTk=";
    assert!(server.requests().iter().all(|request| request.header("authorization") == Some(login)));
}

#[test]
fn a_variable_that_cannot_be_had_ends_the_call_before_it_is_sent() {
    let refused = "HTTP/1.1 401 Unauthorized\nContent-Type: text/html\n\n<html><body>No</body></html>";
    for (answer, code, words) in [
        (Answer::http(refused.as_bytes()), 3, "the server answered HTTP 401"),
        (Answer::xml("<Account/>"), 5, "account.me did not return the org-id that the address needs"),
    ] {
        let server = Server::answering([answer]);
        let world = World::new();
        configured(&world, &at(&server, "caas")).line("server.delete server-id s1 --yes").run().exits(code).says(words);
        assert_eq!(starts(&server), ["GET /base/myaccount HTTP/1.1"]);
    }
}

#[test]
fn a_dry_run_asks_for_nothing() {
    let world = World::new();
    let profile = "provider = \"caas\"\nuser = \"me\"\nregion = \"opsource.eu\"";
    configured(&world, profile).line("server.start server-id s1 --dry-run").run().exits(0).prints(
        "GET https://euapi.opsourcecloud.net/oec/0.9/{org-id}/server/s1?start\naccept: application/xml, text/xml\n\n\n",
    );
}

#[test]
fn what_the_profile_must_say_is_missed_before_anything_is_sent() {
    for (profile, code, words) in [
        ("provider = \"caas\"", 3, "a has no user name"),
        ("provider = \"artnet\"", 3, "a has no user name"),
        (
            "provider = \"caas\"\nuser = \"me\"\nregion = \"moon\"",
            2,
            "CaaS has no region `moon`; it has dimensiondata.na,",
        ),
        (
            "provider = \"artnet\"\nuser = \"1\"\nregion = \"moon\"",
            2,
            "Artnet has no regions, so it has no region `moon`",
        ),
    ] {
        let world = World::new();
        let method = if profile.contains("caas") { "account.me" } else { "vps.list" };
        configured(&world, profile).line(method).run().exits(code).says(words);
    }
}

#[test]
fn credentials_travel_in_the_form_and_are_never_shown() {
    let json =
        |body: &str| Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes());
    let refusal = r#"{"success":false,"error":{"code":"authorization-failed","description":{"en":"Not yours"}}}"#;
    let server = Server::answering([json(refusal)]);
    let outcome = configured(&World::new(), &at(&server, "artnet")).line("/vps/details service_id 12").run();
    let outcome = outcome.exits(4).says("Not yours (code authorization-failed)");
    let [request] = &server.requests()[..] else { panic!("{outcome}") };
    assert_eq!(request.start(), "POST /base/vps/details HTTP/1.1");
    assert_eq!(request.text(), format!("api_key={KEY}&id=me&service_id=12"));
    assert_eq!(request.header("authorization"), None);
    assert!(!outcome.stdout.contains(KEY) && !outcome.stderr.contains(KEY), "{outcome}");
}

#[test]
fn a_document_is_stored_as_the_bytes_that_it_is() {
    let pdf = Answer::http(b"HTTP/1.1 200 OK\nContent-Type: application/pdf\n\n%PDF-1.4\n\xe2\xe3");
    let server = Server::answering([pdf.clone(), pdf]);
    let world = World::new();
    let run = |line: &str| configured(&world, &at(&server, "vpsnet")).line(line).run().exits(0).says_nothing();
    run("invoice.get id 77 | 77.pdf");
    assert_eq!(fs::read(world.at("77.pdf")).unwrap(), b"%PDF-1.4\n\xe2\xe3");
    run("invoice.get id 77 -o json").prints("\"JVBERi0xLjQK4uM=\"\n");
}
