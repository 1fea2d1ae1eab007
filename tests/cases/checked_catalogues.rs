//! Catalogues as users write them first, each with one thing that was refused at some time: what `marsh catalogue check` says now is
//! in `tests/data/checked-catalogues.txt`. And what a bad catalogue costs: nothing but itself.

use std::fs;
use std::path::Path;

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

/// A catalogue for a server with XML-RPC.
const RPC: &str = r#"id = "py"
host = "http://127.0.0.1:8000"
arguments = "positional"
[auth]
scheme = "none"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/RPC2"
[introspection]
list = "system.listMethods"
help = "system.methodHelp"
[[method]]
name = "drop"
summary = "Drop something"
params = [{ name = "name", required = true, summary = "What" }, { name = "wait", type = "int", summary = "Seconds" }]
"#;

/// One for a server with addresses.
const REST: &str = r#"id = "dns"
host = "http://127.0.0.1:8081"
[[transport]]
name = "rest"
protocol = "rest"
path = "/api"
[auth]
scheme = "basic"
user = "{key}"
[[method]]
name = "zone.list"
effect = "read"
route = { verb = "GET", path = "/zones" }
answers = { as = "json" }
params = [{ name = "filter", type = "dict", fields = [{ name = "name", type = "string" }] }]
"#;

/// What each catalogue has, and how it differs from the one above.
type Edit = (&'static str, &'static str, &'static str, &'static str);

static EDITS: &[Edit] = &[
    ("nothing but what a user needs", RPC, "", ""),
    ("the same with addresses", REST, "", ""),
    ("a pointer into a document, by name", REST, "effect = \"read\"", "ref = \"5.1\"\neffect = \"read\""),
    ("an example", RPC, "summary = \"Drop something\"", "summary = \"Drop something\"\nexample = \"drop name shop\""),
    ("a summary with a full stop", RPC, "\"Drop something\"", "\"Drop something.\""),
    ("a parameter without a summary", RPC, ", summary = \"What\"", ""),
    ("a list of methods without the way to ask for help", RPC, "help = \"system.methodHelp\"\n", ""),
    ("no methods of its own", RPC, "[[method]]", "[[synonym]]"),
    ("no word about the key", RPC, "[auth]\nscheme = \"none\"\n", ""),
    ("localhost by name", RPC, "127.0.0.1", "localhost"),
    ("a host of the local network", RPC, "http://127.0.0.1:8000", "http://192.0.2.10:8000"),
    (
        "a parameter with @",
        REST,
        "name = \"filter\", type = \"dict\", fields = [{ name = \"name\", type = \"string\" }]",
        "name = \"@page_size\", type = \"int\"",
    ),
    (
        "`required` for a field",
        REST,
        "name = \"name\", type = \"string\"",
        "name = \"name\", type = \"string\", required = true",
    ),
    ("a header of every request", REST, "[auth]", "[headers]\nX-Requested-With = \"marsh\"\n[auth]"),
    ("a verb in small letters", REST, "\"GET\"", "\"patch\""),
    ("PATCH", REST, "effect = \"read\"\nroute = { verb = \"GET\"", "effect = \"change\"\nroute = { verb = \"PATCH\""),
    ("the name of a command", REST, "zone.list", "search"),
    (
        "several faults",
        REST,
        "effect = \"read\"\nroute = { verb = \"GET\", path = \"/zones\" }",
        "efect = \"read\"\nroute = { verb = \"GTE\", path = \"zones\" }",
    ),
    ("faults of TOML", REST, "effect = \"read\"", "effect = read"),
];

/// A catalogue with its edit.
fn edited((_, base, from, to): &Edit) -> String {
    match (*from, *to) {
        ("", _) => (*base).to_owned(),
        // Everything from the first method on is left out.
        (from, "[[synonym]]") => base.split(from).next().unwrap().to_owned(),
        (from, to) => {
            assert!(base.contains(from), "{from}");
            base.replacen(from, to, 1)
        }
    }
}

/// The address of a server, as a catalogue has it.
fn root(server: &Server) -> String {
    format!("http://{}", server.address)
}

#[test]
fn a_check_lists_every_fault_with_its_place_and_a_hint() {
    let world = World::new();
    let mut all = String::new();
    for edit in EDITS {
        world.put("own.toml", &edited(edit), 0o644);
        let run = world.marsh().args(["catalogue", "check", "own.toml"]).run().says_nothing();
        all.push_str(&format!("== {}\n{}exit {}\n\n", edit.0, run.stdout, run.code));
        // What is checked is what is used: both take it, or neither does.
        world.configure(&format!(
            "[profiles.own]\nprovider = \"{}\"\ncatalog = \"{}\"\nkey_command = \"echo k\"\n",
            edit.1.split('"').nth(1).unwrap(),
            world.at("own.toml").display()
        ));
        let used = world.marsh().args(["-p", "own", "help", "own"]).run();
        assert_eq!(used.code == 0, run.code == 0, "{}\n{run}\n{used}", edit.0);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/checked-catalogues.txt");
    if std::env::var_os("MARSH_BLESS").is_some() {
        fs::write(&path, &all).unwrap();
    }
    assert_eq!(all, fs::read_to_string(&path).unwrap_or_default(), "MARSH_BLESS=1 writes it");
}

#[test]
fn a_bad_catalogue_costs_no_other_account_anything() {
    let server = Server::answering([Answer::value("<int>5</int>"), Answer::value("<int>5</int>")]);
    let world = World::new();
    world.configure("");
    // A path beside config.toml, whatever the folder.
    world.put("../home/.config/marsh/good.toml", &RPC.replace("http://127.0.0.1:8000", &root(&server)), 0o644);
    world.put("../home/.config/marsh/bad.toml", &RPC.replace("summary", "sumary").replace("[auth]", "[oath]"), 0o644);
    let profile = |name: &str, provider: &str| {
        format!("[profiles.{name}]\nprovider = \"{provider}\"\ncatalog = \"{name}.toml\"\n")
    };
    world.configure(&(profile("good", "py") + &profile("bad", "py")));
    // A service without a key is asked for none.
    world.marsh().args(["-p", "good", "drop", "name", "shop"]).run().prints("5\n").exits(0).says_nothing();
    for line in ["-p bad drop name shop", "-p bad help remote", "bad:drop name shop"] {
        let run = world.marsh().line(line).run();
        assert_ne!(run.code, 0, "{run}");
        assert!(!run.stdout.contains("service.list") && !run.stderr.contains("Memset"), "{run}");
    }
    let said = world.marsh().line("-p bad drop name shop").run().exits(1).prints("");
    said.says("there is no key `oath`").says("`marsh catalogue check` lists the other");
    let found = world.marsh().args(["-p", "bad", "doctor"]).run().exits(1).stdout;
    assert!(found.contains("there is no key `oath`"), "{found}");
    assert_eq!(server.requests().len(), 1);
    // A catalogue for another provider than the profile says.
    world.configure(&profile("good", "wrong"));
    world.marsh().args(["-p", "good", "drop", "name", "shop"]).run().exits(2).says("is for `py`");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_method_with_the_name_of_a_command_is_called_with_its_account() {
    let server = Server::answering([Answer::value("<int>5</int>")]);
    let world = World::new();
    world.configure("");
    world.put(
        "../home/.config/marsh/own.toml",
        &RPC.replace("http://127.0.0.1:8000", &root(&server)).replace("\"drop\"", "\"set\""),
        0o644,
    );
    world.configure("[profiles.own]\nprovider = \"py\"\ncatalog = \"own.toml\"\n");
    world.marsh().args(["-p", "own", "set", "name", "shop"]).run().exits(2);
    world.marsh().args(["-p", "own", "own:set", "name", "shop"]).run().prints("5\n").exits(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_first_page_of_a_catalogue_needs_nothing_but_its_place() {
    // `login` tries it like a built-in provider.
    let server = Server::answering([Answer::value("<array><data><value>drop</value></data></array>")]);
    let world = World::new();
    world.put("py.toml", RPC, 0o644);
    let login = ["login", "--catalog", "py.toml", "--name", "own", "--url", &root(&server)];
    world.marsh().args(login).run().exits(0).says("own is in");
}
