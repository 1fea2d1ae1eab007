//! `marsh catalogue`: a user's own catalogue is begun, checked and used.

use std::path::PathBuf;

use crate::support::cmd::World;

/// What a user of a service with XML-RPC writes first, without anything that only the authors need.
const FIRST: &str = r#"
id = "super"
host = "http://localhost:9001"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/RPC2"
[[method]]
name = "supervisor.getState"
effect = "read"
[[method]]
name = "supervisor.stopProcess"
summary = "Stop a process. It can be started again."
params = [{ name = "name", required = true }, { name = "wait", type = "boolean" }]
"#;

/// A file of the user's, and where it is.
fn put(world: &World, name: &str, text: &str) -> PathBuf {
    world.put(name, text, 0o644);
    world.at(name)
}

#[test]
fn a_first_catalogue_can_be_used() {
    let world = World::new();
    let file = put(&world, "super.toml", FIRST);
    let file = file.to_str().unwrap();
    world
        .marsh()
        .args(["catalogue", "check", file])
        .run()
        .prints(&format!("{file}: can be used, 2 methods\n"))
        .exits(0);
}

#[test]
fn every_fault_is_listed_with_its_place_and_a_hint() {
    let world = World::new();
    let text = FIRST.replace("effect = \"read\"", "efect = \"read\"").replace("\"boolean\"", "\"bolean\"");
    let file = put(&world, "super.toml", &text);
    let file = file.to_str().unwrap();
    let outcome = world.marsh().args(["catalogue", "check", file]).run().exits(1);
    for line in [
        &format!("{file}:10:1: supervisor.getState: there is no key `efect`"),
        "  hint: did you mean effect",
        &format!("{file}:14:71: supervisor.stopProcess: bolean is not a type"),
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{outcome}");
    }
    let outcome = world.marsh().args(["catalog", "check", "-o", "json", file]).run().exits(1);
    let rows: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&rows[0]["line"], &rows[0]["column"]), (&10.into(), &1.into()), "{outcome}");

    world.configure(&format!("[profiles.s]\nprovider = \"super\"\ncatalog = \"{file}\"\nkey_command = \"echo k\"\n"));
    world.marsh().line("supervisor.getState").run().says("`marsh catalogue check` lists the other 1").exits(1);
}

#[test]
fn the_skeleton_is_printed_with_the_name() {
    let world = World::new();
    let skeleton = world.marsh().args(["catalogue", "new", "dns"]).run().exits(0);
    assert!(skeleton.stdout.contains("id = \"dns\""), "{skeleton}");
    let file = put(&world, "dns.toml", &skeleton.stdout);
    world.marsh().args(["catalogue", "check", file.to_str().unwrap()]).run().exits(0);
    world.marsh().args(["catalogue", "new", "a b"]).run().says("cannot be the name of a catalogue").exits(2);
}
