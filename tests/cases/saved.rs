//! Lines that are saved under a name: for whom, with which values, and never with a secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use marsh::sandbox::{Options, Server as Sandbox};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, CTRL_D, ENTER, TAB, Terminal};

const SECRET: &str = "CANARY-saved-Zq77";

/// A world with a profile at each provider, and the sandbox that answers them.
fn world() -> (Sandbox, World) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    (sandbox, world)
}

fn file(world: &World) -> std::path::PathBuf {
    world.at("../home/.config/marsh/lines.toml")
}

fn on<'a>(world: &World, words: impl IntoIterator<Item = &'a str>) -> crate::support::cmd::Run {
    world.marsh().args(["-p", "memset"]).args(words)
}

#[test]
fn a_line_is_saved_shown_run_and_forgotten() {
    let (_sandbox, world) = world();
    on(&world, ["save", "nick", "service.info", "name", "$1", "-q", ".name"])
        .run()
        .exits(0)
        .prints("")
        .says("nick is saved for memset");
    on(&world, ["save", "raw", "service.info name $1 -q '.name' | \"a $1.json\""]).run().exits(0);
    let text = fs::read_to_string(file(&world)).unwrap();
    assert_eq!(
        text,
        "[memset]\nnick = \"service.info name $1 --query .name\"\nraw = \"\"\"service.info name $1 -q '.name' | \"a $1.json\"\"\"\"\n"
    );
    assert_eq!(fs::metadata(file(&world)).unwrap().permissions().mode() & 0o777, 0o600);
    on(&world, ["nick", "myserver2"]).run().exits(0).prints("\"myserver2\"\n").says_nothing();
    on(&world, ["raw", "myserver2"]).run().exits(0).prints("");
    // In quotes it is text.
    assert_eq!(world.content("a $1.json"), "\"myserver2\"\n");
    on(&world, ["save"])
        .run()
        .exits(0)
        .prints("nick  service.info name $1 --query .name\nraw   service.info name $1 -q '.name' | \"a $1.json\"\n");
    on(&world, ["save", "nick", "-o", "json", "-q", ".line"])
        .run()
        .exits(0)
        .prints("\"service.info name $1 --query .name\"\n");
    on(&world, ["save", "nick"]).run().exits(0).prints("service.info name $1 --query .name\n");
    on(&world, ["save", "-o", "json", "-q", ".[0].name"]).run().exits(0).prints("\"nick\"\n");
    on(&world, ["save", "nick", "service.list"]).run().exits(0).says("nick was: service.info name $1 --query .name");
    on(&world, ["forget", "nick"]).run().exits(0).says("nick is forgotten; it was: service.list");
    on(&world, ["nick", "x"]).run().exits(2);
    on(&world, ["forget", "nick"]).run().exits(2).says("no line is saved as `nick` for memset");
}

#[test]
fn a_value_is_never_read_as_a_part_of_the_line() {
    let (sandbox, world) = world();
    on(&world, ["save", "nick", "service.set_nickname", "name", "myserver1", "nickname", "$1"]).run().exits(0);
    for value in ["; service.cancel name myserver1", "'", "\"", "$_", "a b | out", "$1", "#"] {
        on(&world, ["nick", value]).run().exits(0);
    }
    let sent: Vec<_> = sandbox.requests().into_iter().collect();
    assert_eq!(sent.len(), 7, "{sent:?}");
    assert!(sent.iter().all(|(name, _)| name == "service.set_nickname"), "{sent:?}");
    assert!(!world.at("out").exists());
}

#[test]
fn what_cannot_be_saved_is_refused() {
    let (_sandbox, world) = world();
    for (words, message) in [
        (&["save", "help", "service.list"][..], "`help` is a command"),
        (&["save", "run", "service.list"], "`run` is a command"),
        (&["save", "service.list", "service.info"], "cannot be the name of a line"),
        (&["save", "1x", "service.list"], "cannot be the name of a line"),
        (&["save", "a b", "service.list"], "cannot be the name of a line"),
        (&["save", "x", "service.lsit"], "neither a method nor a command"),
        (&["save", "x", "(int)5"], "there is no line after the name"),
        (&["save", "x", "service.list; quit now"], "one line can be saved"),
        (&["save", "x", "service.list n 'open"], "the line cannot be saved: the quote"),
        (&["save", "x", "nobody:service.list"], "neither a method nor a command"),
        (&["save", "x"], "no line is saved as `x`"),
        (&["forget"], "`forget` needs the name"),
        (&["forget", "zones"], "no line is saved as `zones`"),
    ] {
        on(&world, words.iter().copied()).run().exits(2).prints("").says(message);
    }
    assert!(!file(&world).exists());
}

/// Lines with a secret in them (`§`).
const SECRETIVE: [&str; 7] = [
    "memshell.disable name myserver3 password §",
    "memshell.disable name myserver3 password '§'",
    "memshell.disable name myserver3 pasword §",
    "let password = §",
    "service.info name '{\"pw\":\"§\"}'",
    "service.info name http://u:§@h/",
    "memshell.disable password $1 name x |! tool §",
];

#[test]
fn no_secret_is_ever_saved() {
    let (_sandbox, world) = world();
    for line in SECRETIVE {
        let text = line.replace('§', SECRET);
        let run = on(&world, ["save", "x", &text]).run().exits(2).prints("").says("a secret in the line");
        // The command line is in the report itself.
        assert!(!run.stderr.contains(SECRET), "{run}");
    }
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    for line in SECRETIVE {
        let shown = shell.run(&format!("save x {}", line.replace('§', SECRET)));
        assert!(shown.contains("a secret in the line") && !shown.contains(SECRET), "{line}: {shown}");
    }
    // A place for a secret may be saved, and the value for it is shown and kept nowhere.
    shell.run("save off memshell.disable name $1 password $2");
    let shown = shell.run(&format!("off myserver3 {SECRET}"));
    assert!(!shown.contains(SECRET), "{shown}");
    let shown = shell.run(&format!("off myserver3 {SECRET} more"));
    assert!(shown.contains("off uses 2 arguments, and 3 were given") && !shown.contains(SECRET), "{shown}");
    shell.press(CTRL_D);
    assert_eq!(shell.code(), 0);
    let run = on(&world, ["-v"]).args(["off", "myserver3", SECRET]).run();
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{run}");
    assert!(world.lines().contains(&"off myserver3 (redacted)".to_owned()), "{:?}", world.lines());
    for (path, bytes) in world.everything() {
        assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{}", path.display());
    }
}

#[test]
fn a_saved_line_belongs_to_its_account() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    assert!(shell.run("save names service.list -q 'map(.name) | length'").contains("names is saved for memset"));
    let alone = shell.run("names");
    shell.run("use vpsnet");
    let shown = shell.run("names");
    assert!(shown.contains("unknown") || shown.contains("names"), "{shown}");
    assert!(shown.contains("marsh: "), "{shown}");
    let named = shell.run("memset:names");
    assert!(!named.contains("marsh: ") && alone.lines().last() == named.lines().last(), "{alone}\n{named}");
    // The account in use is the same as before.
    assert!(shell.row().starts_with("vpsnet:vpsnet>"), "{}", shell.row());
    // A name may mean something else there.
    assert!(shell.run("save names profiles").contains("names is saved for vpsnet"));
    assert!(shell.run("names").contains("artnet"));
    assert!(shell.run("save names").contains("profiles"));
    shell.run("use memset");
    assert!(shell.run("save").contains("service.list"));
}

#[test]
fn a_saved_line_asks_and_stops_like_a_typed_one() {
    let (sandbox, world) = world();
    on(&world, ["save", "gone", "service.cancel", "name", "$1"]).run().exits(0);
    let before = sandbox.requests().len();
    on(&world, ["gone", "myserver1"]).run().exits(10).says("gone:1: ").says("--yes");
    on(&world, ["gone"]).run().exits(2).says("$1 is missing: no argument was given");
    on(&world, ["gone", "myserver1", "-o", "json"]).run().exits(2).says("--output belongs into the line");
    on(&world, ["gone", "myserver1", "--dry-run"]).run().exits(2);
    assert_eq!(sandbox.requests().len(), before);
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    shell.press("gone myserver1");
    shell.press(ENTER);
    shell.see("Type myserver1 to confirm");
    let shown = shell.after(CTRL_C);
    assert!(!shown.contains("cancelled a"), "{shown}");
    assert!(sandbox.requests().iter().all(|(name, _)| name != "service.cancel"));
    on(&world, ["gone", "myserver1", "--yes"]).run().exits(0);
    assert!(sandbox.requests().iter().any(|(name, _)| name == "service.cancel"));
}

#[test]
fn saved_lines_run_each_other_but_never_themselves_and_count_in_scripts() {
    let (_sandbox, world) = world();
    on(&world, ["save", "one", "service.info name $1 -q .name"]).run().exits(0);
    on(&world, ["save", "two", "one $1"]).run().exits(0);
    on(&world, ["two", "myserver2"]).run().exits(0).prints("\"myserver2\"\n");
    on(&world, ["save", "one", "two $1"]).run().exits(0);
    on(&world, ["two", "myserver2"]).run().exits(2).says("two is running already and would never end");
    on(&world, ["save", "one", "service.info name $1 -q .nam -q .name"]).run().exits(0);
    world.put("all.marsh", "two myserver1\none $1\n", 0o644);
    on(&world, ["run", "all.marsh", "myserver3"]).run().exits(0).prints("\"myserver1\"\n\"myserver3\"\n");
    world.put("all.marsh", "one myserver1\none\n", 0o644);
    on(&world, ["run", "all.marsh"]).run().exits(2).prints("").says("$1 is missing").says("nothing was sent");
}

#[test]
fn names_are_completed_and_another_shell_sees_them() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    on(&world, ["save", "myzones", "dns.zone_list"]).run().exits(0);
    shell.run("let n = 1");
    shell.press("myz");
    shell.press(TAB);
    shell.until("the name", |t| t.row() == "memset:memset> myzones");
    shell.after(CTRL_C);
    shell.press("memset:myz");
    shell.press(TAB);
    shell.until("the name of the account's own line", |t| t.row() == "memset:memset> memset:myzones");
    shell.after(CTRL_C);
    shell.press("forget myz");
    shell.press(TAB);
    shell.until("the name", |t| t.row() == "memset:memset> forget myzones");
    assert!(shell.enter().contains("myzones is forgotten"));
    fs::write(file(&world), "[memset\n").unwrap();
    assert!(shell.run("let n = 2").contains("note: saved lines cannot be used: cannot read"));
    assert!(!shell.run("let n = 3").contains("saved lines cannot"));
    assert!(shell.run("save x service.list").contains("cannot read"));
    assert_eq!(fs::read_to_string(file(&world)).unwrap(), "[memset\n");
}

#[test]
fn without_a_profile_a_line_lasts_as_long_as_the_session() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    assert!(
        shell.run("save n service.info name $1 -q .name").replace("\n ", "").contains("until the end of this session")
    );
    assert!(shell.run("n myserver2").contains("\"myserver2\""));
    shell.press(CTRL_D);
    assert!(!file(&world).exists());
}
