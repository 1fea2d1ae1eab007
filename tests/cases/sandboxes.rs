//! `marsh sandbox serve`: what its options make of the simulated accounts, and clients that are not ours.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::Value;

use crate::support::cmd::{Run, World, wait};

/// A running `marsh sandbox serve`, ended with this value.
struct Served {
    child: Child,
    /// The line of JSON that it printed.
    said: Value,
}

impl Served {
    fn with(world: &World, options: &[&str]) -> Served {
        let mut child = world.marsh().args(["sandbox", "serve", "-o", "json"]).args(options).spawn();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Served { child, said: serde_json::from_str(&line).unwrap_or_else(|_| panic!("it says `{line}`")) }
    }

    fn text(&self, name: &str) -> &str {
        self.said[name].as_str().unwrap_or_default()
    }

    fn end(&mut self) {
        self.child.kill().unwrap();
        wait(&mut self.child).unwrap();
    }

    /// The program with the first account, or with another key to it.
    fn marsh(&self, world: &World, key: Option<&str>) -> Run {
        world.marsh().to(self.text("url"), key.unwrap_or(self.text("key")))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn codes(served: &Served, world: &World, key: Option<&str>, lines: &[(&str, &str)]) {
    for (line, code) in lines {
        let outcome = served.marsh(world, key).args(["-o", "json"]).line(line).run();
        let found: Value = serde_json::from_str(outcome.stderr.lines().last().unwrap_or("{}")).unwrap_or_default();
        assert_eq!(found["error"]["provider_code"].as_str().unwrap_or_default(), *code, "{line}\n{outcome}");
    }
}

#[test]
fn a_partner_meets_the_errors_of_partners() {
    let world = World::new();
    let served = Served::with(&world, &["--partner"]);
    codes(
        &served,
        &world,
        None,
        &[
            ("partner.account.list", ""),
            ("partner.service.list", ""),
            ("partner.apikey.list account_name nosuch", "14"),
            ("partner.apikey.create account_name exampleacc service nosuch comment c", "15"),
        ],
    );
    let jane = "partner.account.create user_email jane@example.com user_title Ms user_forename Jane user_surname Doe \
        user_phone 1 user_address 1 user_town x user_statecounty x user_country GB user_postcode x -o json";
    let made = served.marsh(&world, None).line(jane).run().exits(0);
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let theirs = made["api_key"]["key"].as_str();
    codes(&served, &world, theirs, &[("service.list", ""), ("apikey.list", "17"), ("partner.account.list", "16")]);
}

#[test]
fn an_ordinary_account_is_not_a_partner_account() {
    let world = World::new();
    codes(&Served::with(&world, &[]), &world, None, &[("partner.account.list", "16"), ("service.list", "")]);
}

#[test]
fn the_certificate_to_trust_is_there_as_long_as_its_sandbox() {
    let world = World::new();
    let mut first = Served::with(&world, &["--tls"]);
    let second = Served::with(&world, &["--tls"]);
    let [old, kept] = [&first, &second].map(|served| PathBuf::from(served.text("ca")));
    for (served, path) in [(&first, &old), (&second, &kept)] {
        assert!(served.text("url").starts_with("https://127.0.0.1:"), "{}", served.said);
        assert!(fs::read_to_string(path).unwrap().starts_with("-----BEGIN CERTIFICATE-----"), "{}", path.display());
    }
    first.end();
    let third = Served::with(&world, &["--tls"]);
    let there = [&old, &kept, &PathBuf::from(third.text("ca"))].map(|path| path.exists());
    assert_eq!(there, [false, true, true]);
    let no_key = world
        .everything()
        .into_iter()
        .find(|(_, bytes)| bytes.windows(b"PRIVATE KEY".len()).any(|window| window == b"PRIVATE KEY"));
    assert_eq!(no_key.map(|(path, _)| path), None);
}

#[test]
fn for_people_it_says_what_to_trust_and_what_to_try() {
    let world = World::new();
    let mut child = world.marsh().args(["sandbox", "serve", "--tls"]).spawn();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.map_while(Result::ok).take(6).collect();
    child.kill().unwrap();
    wait(&mut child).unwrap();
    let ca = lines[4].strip_prefix("ca       ").unwrap_or_else(|| panic!("{lines:?}"));
    let url = lines[0].split_whitespace().nth(1).unwrap();
    assert!(lines[5].starts_with(&format!("try      SSL_CERT_FILE={ca} marsh -k ")), "{lines:?}");
    assert!(lines[5].ends_with(&format!(" -u {url} service.list")), "{lines:?}");
}

/// Where Python is there, its own client is one that nobody of the project wrote.
#[test]
fn a_client_of_others_makes_itself_understood() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/client.py");
    let world = World::new();
    for options in [&[][..], &["--tls"]] {
        let served = Served::with(&world, options);
        let python =
            Command::new("python3").arg(&script).args(["url", "key", "ca"].map(|name| served.text(name))).output();
        let Ok(output) = python else { return };
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.stdout.as_slice(), said.as_ref()), (&b"ok\n"[..], ""), "{options:?}");
    }
}
