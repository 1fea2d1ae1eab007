//! `marsh sandbox serve --openapi`: a document is imported and served, and the two understand each other.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;

use serde_json::Value;

use crate::support::cmd::{World, wait};

/// The small cloud of the sandbox's own tests.
fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/described/cloud.json");
    fs::read_to_string(path).unwrap()
}

/// The service of a document, ended with this value.
struct Served {
    child: Child,
    lines: Vec<String>,
}

impl Served {
    /// Starts it, and reads the lines that it prints.
    fn with(world: &World, options: &[&str], lines: usize) -> Served {
        let mut child = world.marsh().args(["sandbox", "serve"]).args(options).spawn();
        let printed = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = printed.map_while(Result::ok).take(lines).collect();
        Served { child, lines }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = wait(&mut self.child);
    }
}

/// The small cloud, imported with its jobs and served, with an account.
fn world(options: &[&str]) -> (World, Served) {
    let world = World::new();
    world.put("cloud.json", &document(), 0o644);
    let path = world.at("cloud.json").display().to_string();
    let import = |more: &[&str]| world.marsh().args(["import", &path, "--name", "small", "--yes"]).args(more).run();
    let rows: Value = serde_json::from_str(&import(&["-o", "json"]).exits(0).stdout).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["name"] == "servers.reboot").unwrap();
    let overlay = format!(
        "title = \"Small\"\n[[provider.job]]\nname = \"job\"\nmethod = \"jobs.get\"\nparameter = \"id\"\nid = \"id\"\nstatus = \"status\"\n\
         running = {{ status = [\"running\"] }}\ngood = {{ status = [\"success\"] }}\npercent = \"progress\"\n\
         [[operation]]\nat = \"POST /servers/{{id}}/actions/reboot\"\nhash = {}\neffect = \"change\"\njob = \"job\"\n",
        row["hash"]
    );
    world.put("own.toml", &overlay, 0o644);
    import(&["--overlay", &world.at("own.toml").display().to_string()]).exits(0);
    let served = Served::with(&world, &[&["--openapi", &path, "-o", "json"], options].concat(), 1);
    with_key(&world, &served, "k3y");
    (world, served)
}

/// Gives the account a key.
fn with_key(world: &World, served: &Served, key: &str) {
    let said: Value = serde_json::from_str(&served.lines[0]).unwrap();
    let url = &said["accounts"][0]["url"];
    world.configure(&format!("[profiles.s]\nprovider = \"small\"\nurl = {url}\nkey_command = \"printf {key}\"\n"));
}

#[test]
fn what_is_made_through_an_imported_provider_is_there_until_it_is_deleted() {
    let (world, _served) = world(&[]);
    let line = |text: &str| world.marsh().line(text).run();
    line("servers.list --all -q length").exits(0).prints("3\n");
    line("servers.list --all -q .[2].id").exits(0).prints("44\n");
    line("-y servers.create name db image alma labels.env prod -q .server.id").exits(0).prints("45\n");
    line("servers.list --all -q .[3].name").exits(0).prints("\"db\"\n");
    line("servers.get id 45 -q .labels.env").exits(0).prints("\"prod\"\n");
    line("-y servers.replace id 45 name db2").exits(0);
    line("servers.list name db2 -q .[].id").exits(0).prints("45\n");
    line("-y servers.delete id 45").exits(0);
    line("servers.get id 45").exits(4).says("there is no server \"45\"");
    line("-y zones.create name a.example").exits(0);
    line("-y zones.records.create zone a.example type AAAA value 2001:db8::1 -q .id").exits(0).prints("4\n");
    line("zones.records.list zone a.example -q .[3].type").exits(0).prints("\"AAAA\"\n");
    line("zones.export.get zone a.example -o raw").exits(0).prints("a zone\n");
}

#[test]
fn a_job_of_an_imported_provider_is_waited_for() {
    let (world, _served) = world(&["--job-time", "300"]);
    let line = |text: &str| world.marsh().line(text).run();
    line("-y servers.reboot id 42 --wait").exits(0).says("servers.reboot 1001: running");
    line("jobs.get id 1001 -q .status").exits(0).prints("\"success\"\n");
}

#[test]
fn what_the_document_forbids_is_refused_in_its_own_words() {
    let (world, served) = world(&["--key", "k3y", "--more-servers", "60"]);
    let line = |text: &str| world.marsh().line(text).run();
    line("-y servers.create image alma --no-check").exits(4).says("name is required");
    line("-y servers.create name a image b location x --no-check").exits(4).says("location must be one of fsn, hel");
    line("servers.get id 7").exits(4).says("there is no server \"7\"");
    line("servers.list --all -q length").exits(0).prints("63\n");
    with_key(&world, &served, "other");
    line("servers.list").exits(3).says("the credentials are missing or wrong");
}

#[test]
fn for_people_it_says_how_to_import_it_and_what_to_try() {
    let world = World::new();
    world.put("cloud.json", &document(), 0o644);
    let path = world.at("cloud.json").display().to_string();
    let served = Served::with(&world, &["--openapi", &path], 4);
    let [first, serves, import, attempt] = served.lines.as_slice() else { panic!("{:?}", served.lines) };
    let url = first.split_whitespace().nth(1).unwrap();
    assert!(first.starts_with("openapi  http://127.0.0.1:") && url.ends_with("/v1"), "{first}");
    assert_eq!(serves, "serves   Small Cloud 1.2, OpenAPI 3.0.3, 19 operations");
    assert_eq!(import, &format!("import   marsh import {path} --name cloud"));
    let words: Vec<&str> = attempt.strip_prefix("try      marsh ").unwrap().split_whitespace().collect();
    world.marsh().args(["import", &path, "--name", "cloud"]).run().exits(0);
    world.marsh().args(words).run().exits(0);
    world.marsh().args(["sandbox", "serve", "--openapi", "/nowhere.json"]).run().exits(2).says("cannot be read");
    world.put("none.json", r#"{"openapi":"3.0.0","paths":{}}"#, 0o644);
    let none = world.at("none.json").display().to_string();
    world.marsh().args(["sandbox", "serve", "--openapi", &none]).run().exits(2).says("no operation");
}
