//! Transmission, whose RPC is its own: a session by the answer 409, one address, and the outcome as a text in each answer.

use std::fs;

use serde_json::Value;

use super::servers::{self, KEY, catalog};
use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};

#[test]
fn a_torrent_is_added_listed_and_removed() {
    let Some(server) = servers::transmission() else { return };
    let world = World::new();
    world.put("key", KEY, 0o600);
    fs::write(world.at("notes.torrent"), servers::torrent()).unwrap();
    let url = server.url("").replace("//", "//user@");
    let added = world.marsh().args(["add", "tr", &url, "--catalog", &catalog("transmission.toml")]);
    added.args(["--key-file", "key"]).run().exits(0).says("Transmission accepts the key (session.get");
    let line = |line: &str| world.marsh().args(["-p", "tr", "-o", "json"]).args(shlex::split(line).unwrap()).run();
    let read = |text: &str| serde_json::from_str::<Value>(&line(text).exits(0).stdout).unwrap();

    assert_eq!(read("torrent.list"), Value::Array(Vec::new()));
    let made = read("torrent.add metainfo (base64)notes.torrent paused yes");
    assert_eq!(made["name"], "notes.txt");
    // The same once more is the torrent that is there.
    assert_eq!(read("torrent.add metainfo (base64)notes.torrent paused yes --again")["id"], made["id"]);
    let listed = read("torrent.list");
    assert_eq!((&listed[0]["id"], &listed[0]["totalSize"]), (&made["id"], &5.into()));
    // It is paused, or its file is still being looked for.
    assert!((0..3).any(|status| listed[0]["status"] == status), "{listed}");
    let id = made["id"].to_string();
    assert_eq!(read(&format!("torrent.start id {id}")), Value::Null);
    // What it refuses comes with HTTP 200, as a text.
    line("torrent.add filename nothing.torrent").exits(4).says("invalid or corrupt torrent file");
    line("torrent.add paused yes").exits(2).says("metainfo");
    line(&format!("torrent.remove id {id}")).exits(10);
    assert_eq!(read("torrent.list").as_array().map(Vec::len), Some(1));
    // The question shows the torrent, and what is lost.
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "tr"]));
    shell.press(&format!("torrent.remove id {id}"));
    shell.see_after(ENTER, "notes.txt", "the question");
    shell.see("You will lose: what is known of the torrent");
    shell.see_after("n\r", "`n` does not match; cancelled", "an answer");
    drop(shell);
    line(&format!("torrent.remove id {id} delete_data yes --yes")).exits(0);
    assert_eq!(read("torrent.list"), Value::Array(Vec::new()));

    // In a script one session is enough; each program needs one of its own.
    world.put("all.marsh", "torrent.list -q length\nsession.get -q '.version | length > 0'\n", 0o644);
    world.marsh().args(["-p", "tr", "run", "all.marsh"]).run().prints("0\ntrue\n").exits(0);
    let told = world.marsh().args(["-v", "-p", "tr", "run", "all.marsh"]).run();
    assert_eq!(told.stderr.matches("< 409").count(), 1, "{told}");
    world.put("key", "wrong", 0o600);
    line("torrent.list").exits(3).prints("");
    line("doctor").exits(3);
}
