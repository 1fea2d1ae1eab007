//! Imported providers whose work goes on after the answer, whose actions are chosen by a value, and whose reads return
//! secrets. The documents are small ones of our own; the rules for the work are those of the overlays that are shipped.

use serde_json::Value;

use crate::support::cmd::{Outcome, World};
use crate::support::keys::Terminal;
use crate::support::server::{Answer, Server};

const HETZNER: &str = include_str!("../../src/catalogs/overlays/hetzner.toml");
const DIGITALOCEAN: &str = include_str!("../../src/catalogs/overlays/digitalocean.toml");

/// Servers with actions, as Hetzner Cloud has them.
const SERVERS: &str = r##"
openapi: 3.0.3
info: {title: Servers}
servers: [{url: /v1}]
components:
  schemas:
    Action: {type: object, properties: {id: {type: integer}, status: {type: string}, progress: {type: integer}, error: {type: object, nullable: true, properties: {message: {type: string}}}}}
    Started: {type: object, required: [action], properties: {action: {$ref: "#/components/schemas/Action"}}}
paths:
  /actions/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Started"}}}}}}}
  /servers/{id}/actions/reboot: {post: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Started"}}}}}}}
  /servers/{id}/actions/rebuild: {post: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Started"}}}}}}}
"##;

/// Droplets with actions that a value chooses, as DigitalOcean has them, and a read of a secret.
const DROPLETS: &str = r##"
openapi: 3.0.0
info: {title: Droplets}
servers: [{url: /v2}]
components:
  schemas:
    Action: {type: object, properties: {action: {type: object, properties: {id: {type: integer}, status: {type: string}}}}}
paths:
  /actions/{action_id}: {get: {parameters: [{name: action_id, in: path, required: true, schema: {type: integer}}], responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Action"}}}}}}}
  /droplets/{droplet_id}/actions:
    post:
      parameters: [{name: droplet_id, in: path, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {type: object, required: [type], properties: {
        type: {type: string, enum: [reboot, power_off, rebuild, disable_backups, enable_ipv6]}}}}}}
      responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Action"}}}}}
  /clusters/{id}/credentials:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {content: {application/json: {schema: {type: object, properties: {server: {type: string}, token: {type: string}, connection: {
        type: object, properties: {host: {type: string}, password: {type: string}, uri: {type: string}}}}}}}}}
"##;

/// A document with these reviewed operations, each with its keys, and the rules for work of a shipped overlay.
fn reviewed(document: &str, shipped: &str, operations: &[(&str, &str)], server: &Server, path: &str) -> World {
    let world = World::new();
    world.put("api.yaml", document, 0o644);
    let import = |more: &[&str]| {
        world.marsh().arg("import").arg(world.at("api.yaml")).args(["--name", "own", "--yes"]).args(more).run().exits(0)
    };
    let rows: Value = serde_json::from_str(&import(&["-o", "json"]).stdout).unwrap();
    let hash = |operation: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["operation"] == operation).unwrap();
        row["hash"].as_str().unwrap().to_owned()
    };
    let (rules, _) = shipped.split_once("[[view]]").unwrap();
    let entries =
        operations.iter().map(|(at, keys)| format!("[[operation]]\nat = \"{at}\"\nhash = \"{}\"\n{keys}\n", hash(at)));
    world.put("own.toml", &format!("{rules}\n{}", entries.collect::<String>()), 0o644);
    if !operations.is_empty() {
        let overlay = world.at("own.toml");
        import(&["--overlay", overlay.to_str().unwrap()]);
    }
    let url = server.url(path);
    world.configure(&format!(
        "[profiles.o]\nprovider = \"own\"\nurl = \"{url}\"\nkey_command = \"printf k\"\nretries = 0\n"
    ));
    world
}

fn run(world: &World, line: &str) -> Outcome {
    world.marsh().line(line).run()
}

fn json(body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

/// The paths that were asked for.
fn asked(server: &Server) -> Vec<String> {
    server.requests().iter().map(|it| it.start().trim_end_matches(" HTTP/1.1").to_owned()).collect()
}

#[test]
fn an_action_is_waited_for_and_one_with_an_error_in_it_has_failed() {
    let action = |status: &str, rest: &str| json(&format!(r#"{{"action":{{"id":7,"status":"{status}",{rest}}}}}"#));
    let running = || action("running", r#""progress":0,"error":null"#);
    for (last, exit, said) in [
        (action("success", r#""progress":100,"error":null"#), 0, ""),
        (action("success", r#""progress":100,"error":{"message":"no disk"}"#), 9, "no disk"),
        (action("error", r#""progress":50,"error":{"message":"no host"}"#), 9, "no host"),
        (action("error", r#""progress":50,"error":null"#), 9, ""),
    ] {
        let server = Server::answering([running(), running(), last]);
        let operations = [
            ("GET /actions/{id}", "effect = \"read\""),
            ("POST /servers/{id}/actions/reboot", "effect = \"change\"\njob = \".\""),
        ];
        let world = reviewed(SERVERS, HETZNER, &operations, &server, "/v1");
        run(&world, "servers.reboot id 42 --wait").says(said).exits(exit);
        let read = "GET /v1/actions/7";
        assert_eq!(asked(&server), ["POST /v1/servers/42/actions/reboot", read, read]);
        assert_eq!(world.calls()[0].job.as_deref(), Some("7"));
    }
}

#[test]
fn the_action_of_a_droplet_is_waited_for() {
    let action = |status: &str| json(&format!(r#"{{"action":{{"id":7,"status":"{status}"}}}}"#));
    for (last, exit) in [("completed", 0), ("errored", 9)] {
        let server = Server::answering([action("in-progress"), action("in-progress"), action(last)]);
        let operations = [
            ("GET /actions/{action_id}", "effect = \"read\""),
            ("POST /droplets/{droplet_id}/actions", "name = \"droplets.act\"\neffect = \"change\"\njob = \"action\""),
        ];
        let world = reviewed(DROPLETS, DIGITALOCEAN, &operations, &server, "/v2");
        run(&world, "droplets.act droplet_id 5 type reboot --wait").exits(exit);
        assert_eq!(asked(&server)[1..], ["GET /v2/actions/7", "GET /v2/actions/7"]);
    }
}

#[test]
fn what_loses_something_is_asked_about_by_its_value() {
    let server = Server::answering([json(r#"{"action":{"id":7}}"#), json(r#"{"action":{"id":8}}"#)]);
    // Nobody has reviewed it: the values that are not known to be harmless are a loss.
    let world = reviewed(DROPLETS, DIGITALOCEAN, &[], &server, "/v2");
    let act = |value: &str| run(&world, &format!("droplets.actions.create droplet_id 5 type {value}"));
    for value in ["power_off", "rebuild", "disable_backups"] {
        act(value).says("cannot be undone").exits(10);
    }
    act("newer").exits(2).says("reboot, power_off");
    act("newer --no-check").says("cannot be undone").exits(10);
    assert_eq!(server.requests().len(), 0);
    act("reboot").exits(0);
    act("enable_ipv6").exits(0);
    let other = Server::answering([]);
    let world = reviewed(SERVERS, HETZNER, &[], &other, "/v1");
    run(&world, "servers.rebuild id 42").says("cannot be undone").exits(10);
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn a_read_that_returns_a_secret_shows_it_to_nobody() {
    let body = r#"{"server":"https://k8s","token":"CaNaRy-t0ken","connection":{"host":"db","password":"CaNaRy-pw","uri":"pg://a:CaNaRy-pw@db"}}"#;
    let server = Server::answering(vec![json(body); 3]);
    let world = reviewed(DROPLETS, DIGITALOCEAN, &[], &server, "/v2");
    for form in ["json", "table", "yaml"] {
        let mut shell = Terminal::echoing(world.marsh().line(&format!("clusters.credentials.get id 5 -o {form}")));
        assert_eq!(shell.code(), 0);
        let shown = String::from_utf8_lossy(&shell.raw).into_owned();
        assert!(shown.contains("k8s") && !shown.contains("CaNaRy"), "{form}: {shown}");
    }
    assert!(!world.remembered().contains("CaNaRy"));
}
