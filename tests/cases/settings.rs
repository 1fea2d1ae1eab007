//! Files that settings name, and settings that cannot be used: the same from every folder, told with the remedy, and
//! never at the cost of another account.

use std::fs;

use super::own_catalogs::CATALOG;
use crate::support::KEY;
use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, PROMPT, TAB, Terminal};
use crate::support::server::{Answer, Server};

/// The user's configuration, from the folder to work in.
const FOLDER: &str = "../home/.config/marsh";

/// A catalogue of the user's own, with a method that needs nothing and can be called to try a key.
fn catalog() -> String {
    let param = "\nparams = [{ name = \"flag\", type = \"boolean\", required = true, summary = \"A flag\" }]";
    let catalog = CATALOG.replace(param, "").replace("thing.odd flag true", "thing.odd");
    catalog.replace("document = ", "probe = \"thing.odd\"\ndocument = ")
}

fn called(times: usize) -> Server {
    Server::answering((0..times).map(|_| Answer::value("<int>5</int>")))
}

fn keys_sent(server: &Server) -> Vec<String> {
    let header = |request: &crate::support::server::Request| request.header("authorization").map(str::to_owned);
    server.requests().iter().filter_map(header).collect()
}

#[test]
fn files_of_the_configuration_are_the_same_from_every_folder() {
    let server = called(3);
    let world = World::new();
    let url = server.url("/rpc");
    world.configure(&format!(
        "[profiles.a]\nprovider = \"own\"\ncatalog = \"cat/own.toml\"\nkey_file = \"keys/../k\"\nurl = \"{url}\"\n"
    ));
    fs::create_dir_all(world.at(FOLDER).join("cat")).unwrap();
    fs::create_dir_all(world.at(FOLDER).join("keys")).unwrap();
    world.put(&format!("{FOLDER}/cat/own.toml"), &catalog(), 0o600);
    world.put(&format!("{FOLDER}/k"), "the-right-key\n", 0o600);
    for folder in ["one", "one/cat", "one/keys"] {
        fs::create_dir_all(world.at(folder)).unwrap();
    }
    world.put("one/k", "another-key\n", 0o600);
    world.put("one/cat/own.toml", "nonsense", 0o600);
    for folder in ["", "one", "one/keys"] {
        world.marsh().within(folder).arg("thing.odd").run().prints("5\n").exits(0);
    }
    let keys = keys_sent(&server);
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[test]
fn the_home_folder_may_be_written_wherever_a_file_is_named() {
    let world = World::new();
    let home = |name: &str| format!("../home/{name}");
    world.put(&home("key"), &format!("{KEY}\n"), 0o600);
    world.put(&home("text"), "from home", 0o600);
    world.put(&home("own.toml"), &catalog(), 0o600);
    world.put(&home("lines"), "internal.echo string (file)~/text | ~/by-source.json\n", 0o600);
    let sandbox = |line: &[&str]| world.marsh().arg("--sandbox").args(line).run().exits(0);
    sandbox(&["internal.echo", "string", "(file)~/text", "|", "~/by-pipe.json"]);
    sandbox(&["internal.echo", "string", "(file)~/text", ">", "~/by-write.json"]);
    sandbox(&["internal.version", ">>", "~/by-append.json"]);
    sandbox(&["internal.version", ">!", "~/by-force.json"]);
    sandbox(&["source", "~/lines"]);
    sandbox(&["run", "~/lines"]);
    sandbox(&["let", "x", "=", "(file)~/text"]);
    for name in ["by-pipe", "by-write", "by-append", "by-force", "by-source"] {
        assert!(!world.content(&home(&format!("{name}.json"))).is_empty(), "{name}");
    }
    let server = called(2);
    world.marsh().args(["-k", "@~/key", "-u", &server.url("/v1/xmlrpc"), "internal.noop"]).run().exits(0);
    let url = server.url("/rpc");
    let files = "catalog = \"~/own.toml\"\nkey_file = \"~/key\"";
    world.configure(&format!("[profiles.a]\nprovider = \"own\"\n{files}\nurl = \"{url}\"\n"));
    world.marsh().arg("thing.odd").run().prints("5\n").exits(0);
    assert_eq!(world.names(), [""; 0]);

    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    for (typed, completed) in
        [("internal.echo string (file)~/te", "(file)~/text"), ("last > ~/by-fo", "~/by-force.json")]
    {
        shell.press(typed);
        shell.press(TAB);
        shell.until(completed, |shell| shell.row().starts_with(PROMPT) && shell.row().ends_with(completed));
        shell.after(CTRL_C);
    }
}

#[test]
fn a_configuration_that_others_can_change_is_not_used() {
    let server = called(1);
    let world = World::new();
    let url = server.url("/v1/xmlrpc");
    world.configure(&format!("[profiles.a]\nprovider = \"memset\"\nkey_command = \"touch run\"\nurl = \"{url}\"\n"));
    let file = format!("{FOLDER}/config.toml");
    let text = world.content(&file);
    for bits in [0o666, 0o660, 0o620, 0o602, 0o646] {
        world.put(&file, &text, bits);
        let outcome = world.marsh().arg("internal.noop").run().exits(3).says("can be changed by others");
        outcome.says(&format!("(mode {bits:04o})")).says("hint: chmod go-w ").says("nothing was sent");
        world.marsh().line("login --provider memset --name b --key-env K").run().exits(3).says("chmod go-w");
        let doctor = world.marsh().arg("doctor").run().exits(3);
        assert!(doctor.stdout.contains("failed   config.toml") && doctor.stdout.contains("chmod go-w"), "{doctor}");
    }
    assert!(server.requests().is_empty() && world.names().is_empty(), "{:?}", world.names());
    // A bare key needs none of it, and is told that none of it holds.
    let bare = world.marsh().args(["-k", KEY, "-u", &url, "internal.noop"]).run().exits(0).prints("5\n");
    bare.says("note: config.toml is ignored here: ").says("chmod go-w");
    for bits in [0o600, 0o644, 0o400, 0o755] {
        world.put(&file, &text.replace("touch run", "false"), bits);
        world.marsh().arg("internal.noop").run().exits(3).says("`false` supplied no key");
    }
}

#[test]
fn a_broken_file_is_reported_with_a_bare_key_too() {
    let world = World::new();
    world.configure("read_only = tru\n");
    for line in ["--sandbox internal.version", "-k 0123456789 service.list --dry-run"] {
        world.marsh().line(line).run().exits(0).says("note: config.toml is ignored here: ").says("line 1: ");
    }
}

#[test]
fn a_bad_catalogue_costs_no_other_account_anything() {
    let silent = Server::answering([Answer::Silence]);
    let world = World::new();
    let others = [
        ("gone", "catalog = \"gone.toml\"".to_owned(), "cannot read the catalogue"),
        ("bad", "catalog = \"bad.toml\"".into(), "bad.toml"),
        ("wrong", "catalog = \"own.toml\"".into(), "is for `own`"),
        ("far", format!("catalog = \"http://{}/c.toml\"", silent.address), "has not been fetched yet"),
        ("lost", "region = \"nowhere\"\ncatalog = \"lost.toml\"".into(), "has no regions"),
        ("none", String::new(), "there is no catalogue `x-none`"),
    ];
    let profile =
        |(name, lines, _): &(&str, String, &str)| format!("[profiles.{name}]\nprovider = \"x-{name}\"\n{lines}\n");
    let server = called(1);
    let good =
        format!("[profiles.good]\nprovider = \"memset\"\nkey_env = \"K\"\nurl = \"{}\"\n", server.url("/v1/xmlrpc"));
    world.configure(&format!("profile = \"good\"\n{good}{}", others.iter().map(profile).collect::<String>()));
    world.put(&format!("{FOLDER}/bad.toml"), "nonsense", 0o600);
    world.put(&format!("{FOLDER}/own.toml"), &catalog(), 0o600);
    world.put(&format!("{FOLDER}/lost.toml"), &catalog().replace("\"own\"", "\"x-lost\""), 0o600);
    let run = |line: &str| world.marsh().env("K", KEY).line(line).run();

    run("internal.noop").exits(0).prints("5\n").says_nothing();
    for (name, _, why) in &others {
        // A line that names one is told why.
        run(&format!("{name}:thing.odd")).exits(1).says(&format!("profile {name} cannot be used: ")).says(why);
        run(&format!("use {name}")).exits(1).says(why).says(&format!("`marsh doctor -p {name}` says more"));
        if *name != "far" {
            let doctor = run(&format!("doctor -p {name} --offline"));
            assert!(doctor.code != 0 && doctor.stdout.contains(why), "{doctor}");
            // No other provider's methods are shown in its place.
            for help in ["help remote", "help server.list", "help thing.odd"] {
                let refused = run(&format!("-p {name} {help}")).prints("").says(why);
                assert!(refused.code == 1 || refused.code == 2, "{refused}");
            }
            run(&format!("-p {name} help safety")).exits(0).says(why).says("this help is about marsh itself");
        }
    }
    assert!(silent.requests().is_empty());
    let mut shell = Terminal::open(world.marsh().env("K", KEY));
    shell.see("memset:good>");
    assert!(shell.contents().contains("note: profile bad cannot be used: "), "{}", shell.contents());
}

#[test]
fn login_takes_a_catalogue_of_your_own() {
    let server = called(2);
    let world = World::new();
    world.put("own.toml", &catalog(), 0o600);
    let login = |more: &[&str]| {
        let url = server.url("/rpc");
        world
            .marsh()
            .env("K", "a-key-of-ours")
            .args(["login", "--name", "lab", "--key-env", "K", "--url", &url])
            .args(more)
            .run()
    };
    login(&["--catalog", "own.toml", "--provider", "memset"]).exits(2).says("is for `own`");
    login(&["--catalog", "none.toml"]).exits(2).says("cannot read the catalogue");
    login(&["--provider", "own"]).exits(2).says("--catalog names");
    login(&["--catalog", "own.toml"]).exits(0).says("Our own accepts the key (thing.odd");
    let text = world.content(&format!("{FOLDER}/config.toml"));
    assert!(text.contains("provider = \"own\"") && text.contains("/own.toml\"\n"), "{text}");
    world.marsh().within("..").env("K", "a-key-of-ours").line("-p lab thing.odd").run().exits(0).prints("5\n");
}

#[test]
fn a_key_command_written_for_a_shell_is_explained() {
    let world = World::new();
    for (command, signs) in [
        ("echo 0123456789 | head -1", "so `|` has no meaning in it"),
        ("cat ~/kf", "so `~` has no meaning in it"),
        ("cat $HOME/kf", "so `$HOME` has no meaning in it"),
        ("no-such-program ~/kf && true", "so `~` and `&` have no meaning in it"),
    ] {
        world.configure(&format!("[profiles.a]\nprovider = \"memset\"\nkey_command = \"{command}\"\n"));
        let mut outcome = world.marsh().arg("internal.noop").run().exits(3);
        outcome.stderr = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        outcome.says("hint: no shell runs it, ").says(signs).says("put sh -c '…' around it").says("nothing was sent");
    }
    world.configure("[profiles.a]\nprovider = \"memset\"\nkey_command = \"false\"\n");
    world.marsh().arg("internal.noop").run().exits(3).says("hint: run it yourself to see: false");
}

#[test]
fn foreign_words_are_clean_in_a_pipe_too() {
    let evil = r"\u001b[2J\u009b31m\u202e\u0007";
    let catalog = catalog()
        .replace("\"Our own\"", &format!("\"Our own{evil}\""))
        .replace("\"An odd thing\"", &format!("\"An odd thing{evil}\"\nnotes = \"Odd{evil}\""))
        .replace(
            "example = ",
            &format!("params = [{{ name = \"flag\", type = \"string\", summary = \"A flag{evil}\" }}]\nexample = "),
        );
    let world = World::new();
    world.configure("[profiles.a]\nprovider = \"own\"\ncatalog = \"own.toml\"\nkey_command = \"false\"\n");
    world.put(&format!("{FOLDER}/own.toml"), &catalog, 0o600);
    let acts = |c: char| c != '\n' && c != '\t' && marsh::render::sanitize::is_hidden(c);
    let run = |line: &str| world.marsh().line(line).run();
    for line in [
        "help",
        "help remote",
        "help a",
        "help own",
        "help thing.odd",
        "search odd",
        "methods -o table",
        "methods -o record",
        "profiles -o table",
        "thing.odd --dry-run",
        "thing.od",
        "doctor --offline",
        "config explain",
    ] {
        let outcome = run(line);
        assert!(!outcome.stdout.contains(acts) && !outcome.stderr.contains(acts), "{outcome:?}");
        let foreign = ["help", "help thing.odd", "search odd", "methods -o table"].contains(&line);
        assert!(!foreign || outcome.stdout.contains(r"\u{1b}[2J"), "{outcome}");
    }
    // As data it is exact.
    let exact: serde_json::Value = serde_json::from_str(&run("methods -o json").exits(0).stdout).unwrap();
    assert_eq!(exact[0]["summary"], "An odd thing\u{1b}[2J\u{9b}31m\u{202e}\u{7}");
    assert!(run("methods -o csv").stdout.contains('\u{1b}'));
    run("help thing.odd | page.txt").exits(0);
    assert!(!world.content("page.txt").contains(acts));
    // What the service itself says of a method.
    let said = "<string>Says &#x202e;this&#x200b;</string>";
    let server = Server::answering((0..3).map(|_| Answer::value(said)));
    let help = world.marsh().against(&server).line("help service.list").run().exits(0);
    assert!(help.stdout.contains("Says this"), "{help}");
}
