//! An imported provider and its service as they change: `refresh` imports the document again, `methods --changes` says what
//! is different, and a document that is broken or another one replaces nothing.

use serde_json::Value;

use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};
use crate::support::server::{Answer, Server};

/// A document with these operations, each an entry of `paths`.
fn document(paths: &[&str]) -> String {
    let head = r#""openapi":"3.0.3","info":{"title":"Small","version":"1"},"servers":[{"url":"/v1"}]"#;
    format!("{{{head},\"paths\":{{{}}}}}", paths.join(","))
}

const LIST: &str = r#""/disks":{"get":{"responses":{"200":{}}},"post":{"requestBody":{"content":{"application/json":
    {"schema":{"type":"object","properties":{"name":{"type":"string"},"size":{"type":"integer"}}}}}},"responses":{"201":{}}}}"#;
const ONE: &str = r#""/disks/{id}":{"get":{"responses":{"200":{}}},"delete":{"responses":{"204":{}}}}"#;
const SNAP: &str = r#""/disks/{id}/snap":{"post":{"summary":"Make a copy","responses":{"201":{}}}}"#;

fn json(body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

fn failed(status: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {status}\n\n").as_bytes())
}

/// A world with the document of a service imported, and an account of it.
fn imported(server: &Server, more: &[&str]) -> World {
    let world = World::new();
    let url = format!("http://{}/api.json", server.address);
    world.marsh().args(["import", &url, "--name", "small"]).args(more).run().exits(0);
    world.configure("[profiles.s]\nprovider = \"small\"\nauth = \"none\"\n");
    world
}

#[test]
fn refresh_imports_the_document_again_and_says_what_is_different() {
    let needed = LIST.replace(r#""type":"object","#, r#""type":"object","required":["size"],"#);
    let reset = SNAP.replace("Make a copy", "Reset the disk to its copy");
    let server = Server::answering([
        json(&document(&[LIST, ONE, SNAP])),
        json(&document(&[LIST, ONE, SNAP])),
        json(&document(&[&needed, &reset, ONE, r#""/keys":{"get":{"responses":{"200":{}}}}"#])),
    ]);
    let world = imported(&server, &[]);
    world.marsh().line("refresh").run().exits(0).says("s: 0 added, 0 removed");
    world.marsh().line("methods --changes").run().exits(0).prints("[]\n");
    let told = world.marsh().line("refresh").run().exits(0);
    for words in [
        "s: 1 added (keys.get), 0 removed, 2 changed",
        "disks.create needs `size`, which could be left out",
        "disks.snap its effect is destroy, and was change",
    ] {
        assert!(told.stderr.contains(words), "{words}\n{told}");
    }
    let rows: Value = serde_json::from_str(&world.marsh().line("methods --changes").run().exits(0).stdout).unwrap();
    let rows: Vec<[&str; 3]> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| ["change", "name", "what"].map(|key| row[key].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        rows,
        [
            ["changed", "disks.create", "needs `size`, which could be left out"],
            ["changed", "disks.snap", "its effect is destroy, and was change"],
            ["added", "keys.get", ""],
        ]
    );
    world.marsh().line("disks.snap id 1").run().exits(10);
    world.marsh().line("keys.get --dry-run").run().exits(0);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn every_account_has_what_one_of_them_has_fetched_again() {
    let more = document(&[LIST, ONE, r#""/keys":{"get":{"responses":{"200":{}}}}"#]);
    let server = Server::answering([json(&document(&[LIST, ONE])), json(&more), json("[]")]);
    let world = imported(&server, &[]);
    let account = |name: &str| format!("[profiles.{name}]\nprovider = \"small\"\nauth = \"none\"\n");
    world.configure(&(account("a") + &account("b")));
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "a"]));
    shell.press("refresh");
    shell.see_after(ENTER, "1 added (keys.get)", "the account that fetched it");
    shell.press("b:keys.get");
    shell.see_after(ENTER, "[]", "the other one");
    // The document names the address: no account is needed.
    world.marsh().line("--provider small keys.get --dry-run").run().exits(0);
    world.marsh().line("--provider small methods").run().exits(0);
    world.marsh().line("--provider xmlrpc methods").run().exits(2).says("--provider needs an address");
    let starts: Vec<String> = server.requests().iter().map(|request| request.start().to_owned()).collect();
    assert_eq!(starts, ["GET /api.json HTTP/1.1", "GET /api.json HTTP/1.1", "GET /v1/keys HTTP/1.1"]);
}

#[test]
fn what_cannot_be_used_replaces_nothing() {
    let whole = document(&[LIST, ONE, SNAP]);
    let other = whole.replace("\"/v1\"", "\"https://other.example/v1\"");
    let server = Server::answering([
        json(&whole),
        failed("503 Down"),
        json("{\"openapi\":\"3.0."),
        json(&document(&[SNAP])),
        json(&other),
        json(&document(&[SNAP])),
    ]);
    let world = imported(&server, &[]);
    let refresh = || world.marsh().line("refresh").run();
    refresh().exits(2).says("answered HTTP 503");
    refresh().exits(2).says("it is not valid JSON");
    let fewer = refresh().exits(10).says("the document now has 1 of 5 methods, which is probably a mistake");
    assert!(fewer.stderr.contains("what was imported before is still used"), "{fewer}");
    refresh().exits(10).says("the document now sends calls to https://other.example");
    world.marsh().line("disks.delete id 1 --dry-run").run().exits(0);
    // The user's own word is needed for it.
    let url = format!("http://{}/api.json", server.address);
    world.marsh().args(["import", &url, "--name", "small", "--yes"]).run().exits(0);
    world.marsh().line("disks.delete id 1 --dry-run").run().exits(2);
}

#[test]
fn a_review_of_an_operation_that_has_changed_lowers_nothing() {
    let world = World::new();
    let document = |extra: &str| {
        let snap = SNAP.replace("\"summary\"", &format!("{extra}\"summary\"")).replace("Make a copy", "Reset it");
        super::renewing::document(&[LIST, ONE, &snap])
    };
    world.put("api.json", &document(""), 0o644);
    world.put("own.toml", "title = \"Small\"", 0o644);
    let import = |more: &[&str]| {
        let (api, own) = (world.at("api.json"), world.at("own.toml"));
        let run = world.marsh().arg("import").arg(api).args(["--name", "small", "--yes", "--overlay"]).arg(own);
        run.args(more).run().exits(0)
    };
    let rows: Value = serde_json::from_str(&import(&["-o", "json"]).stdout).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["name"] == "disks.snap").unwrap();
    let hash = row["hash"].as_str().unwrap();
    world.put(
        "own.toml",
        &format!(
            "title = \"Small\"\n[[operation]]\nat = \"POST /disks/{{id}}/snap\"\nhash = \"{hash}\"\neffect = \"change\"\n"
        ),
        0o644,
    );
    import(&[]);
    let server = Server::answering([json("{}")]);
    let url = format!("http://{}/v1", server.address);
    world.configure(&format!("[profiles.s]\nprovider = \"small\"\nauth = \"none\"\nurl = \"{url}\"\n"));
    world.marsh().line("disks.snap id 1").run().exits(0);
    world.put("api.json", &document(r#""parameters":[{"name":"force","in":"query"}],"#), 0o644);
    let told = world.marsh().line("refresh").run().exits(0);
    for words in [
        "1 changed (disks.snap its effect is destroy, and was change",
        "note: POST /disks/{id}/snap is not as it was reviewed, or is gone: its review is not used any more",
    ] {
        assert!(told.stderr.contains(words), "{words}\n{told}");
    }
    let changes = world.marsh().line("methods --changes").run().exits(0).stdout;
    for words in ["its effect, destroy, is no longer reviewed", "also takes `force`"] {
        assert!(changes.contains(words), "{words}\n{changes}");
    }
    world.marsh().line("disks.snap id 1").run().exits(10);
    assert_eq!(server.requests().len(), 1);
}
