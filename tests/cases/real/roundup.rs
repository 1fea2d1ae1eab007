//! Roundup, which describes nothing, takes any number of values in order, and insists on `text/xml` as it stands and on a
//! header of its own.

use serde_json::json;

use super::Side;
use super::servers::{self, KEY, call};
use crate::support::cmd::World;

const CATALOG: &str = include_str!("../../data/roundup.toml");

#[test]
fn users_are_listed_created_and_displayed() {
    let Some(server) = servers::roundup() else { return };
    let url = server.url("/xmlrpc");
    let world = World::new();
    world.put("key", KEY, 0o600);
    world.put("roundup.toml", CATALOG, 0o644);
    let address = url.replace("//", "//admin@");
    let added = world.marsh().args(["add", "bugs", &address, "--catalog", "roundup.toml", "--key-file", "key"]);
    added.run().exits(0).says("Roundup accepts the key (schema");
    let mut client = call(&url, "xmlrpc", "", json!([]));
    (client["user"], client["key"]) = ("admin".into(), KEY.into());
    client["headers"] = json!({ "X-Requested-With": "XMLHttpRequest" });
    let side = Side { world: &world, account: "bugs", call: client, volatile: &["password"] };
    let line = |line: &str| world.marsh().args(["-p", "bugs"]).args(shlex::split(line).unwrap()).run();
    line("create class user values username=bob,address=bob@example.org").prints("\"3\"\n").exits(0);
    line("create --positional user username=eve").prints("\"4\"\n").exits(0);
    line("display item user3 properties username,address -q tojson -o value")
        .prints("{\"address\":\"bob@example.org\",\"username\":\"bob\"}\n");
    // `set` is a command of marsh, too.
    line("bugs:set item user4 values address=eve@example.org").exits(0);
    let equal = side.agree(&[
        ("schema", "schema", json!([])),
        ("list class user", "list", json!(["user"])),
        ("list class user property username", "list", json!(["user", "username"])),
        ("display item user3", "display", json!(["user3"])),
        ("display item user4 properties username,address", "display", json!(["user4", "username", "address"])),
        ("display --positional user4 username", "display", json!(["user4", "username"])),
        ("display item user9", "display", json!(["user9"])),
        ("list class nothing", "list", json!(["nothing"])),
    ]);
    assert_eq!(equal, 8);
    world.put("key", "wrong", 0o600);
    line("list class user").exits(3).prints("");

    // Without a catalogue, the header that it wants is missing, and its words say so.
    let run = world.marsh().args(["-u", &address, "--provider", "xmlrpc", "-k", KEY]);
    run.args(["call", "list", "--positional", "user"]).run().exits(4).says("Required Header Missing");
}
