//! Accounts: set up by `login`, looked at by `doctor`, told by `config explain`, and who wins when two say something.

use std::fs;
use std::path::PathBuf;

use marsh::sandbox::{Account, Options, Server};
use serde_json::Value;

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::raw::Peer;
use crate::support::server::{self, Answer};
use crate::support::{KEY, KEY_IN_HEADER};

/// Whether this build has the keyring; a test has nothing in it.
const KEYRING: bool = cfg!(feature = "keyring");
const WRONG: &str = "ffffffffffffffffffffffffffffffff";

fn sandbox() -> Server {
    Server::start(Options::default()).unwrap()
}

/// Scheme, host and port.
fn root(account: &Account) -> String {
    account.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

fn config(world: &World) -> PathBuf {
    world.at("../home/.config/marsh/config.toml")
}

fn text(world: &World) -> String {
    fs::read_to_string(config(world)).unwrap_or_default()
}

#[test]
fn a_login_without_a_terminal_takes_flags_tests_the_key_and_saves_it() {
    let server = sandbox();
    for account in server.accounts() {
        let world = World::new();
        world.put("../home/key", &format!("{}\n", account.key), 0o600);
        let url = root(&account);
        let mut run = world.marsh().args(["login", "--provider", account.provider, "--name", "new", "--url", &url]);
        if let Some(user) = &account.user {
            run = run.args(["--user", user]);
        }
        let outcome = run.args(["--key-file", "../home/key", "--read-only"]).run().exits(0).prints("");
        let outcome = outcome.says("accepts the key").says("try: marsh -p new ");
        assert!(!outcome.stderr.contains(&account.key), "{outcome}");
        let text = text(&world);
        for line in ["profile = \"new\"", &format!("provider = \"{}\"", account.provider), "read_only = true"] {
            assert!(text.contains(line), "{text}");
        }
        assert!(!text.contains(&account.key) && world.bits("../home/.config/marsh/config.toml") == 0o600);
        // What it says can be tried works.
        let words = outcome.stderr.rsplit("marsh -p new ").next().unwrap().trim().to_owned();
        world.marsh().args(["-p", "new", &words]).run().exits(0).says_nothing();
    }
}

#[test]
fn a_key_from_standard_input_is_saved_in_a_separate_file() {
    let (server, world) = (sandbox(), World::new());
    let account = server.accounts().remove(0);
    let login = ["-k", "-", "login", "--provider", account.provider, "--name", "a", "--url", &root(&account)];
    world.marsh().args(login).stdin(format!("{}\n", account.key)).run().exits(0).prints("");
    let kept = "../home/.config/marsh/keys/a";
    assert_eq!((world.content(kept), world.bits(kept)), (format!("{}\n", account.key), 0o600));
    world.marsh().line("service.list").run().exits(0).says_nothing();
}

#[test]
fn a_login_that_cannot_be_finished_writes_nothing() {
    let server = sandbox();
    let account = server.accounts().remove(0);
    let url = root(&account);
    let before = "[profiles.old]\nprovider = \"memset\"\n[groups]\nweb = [\"old\"]\n";
    for (flags, code, words) in [
        ("", 2, "the account needs --provider, --name, --key-file"),
        ("--provider caas --name a --key-env K", 2, "the account needs --region, --user"),
        ("--provider caas --name a --key-env K --user u --region nowhere", 2, "has no region `nowhere`"),
        ("--provider mamset --name a --key-env K", 2, "did you mean memset?"),
        ("--provider memset --name a:b --key-env K", 2, "cannot be the name of a profile"),
        ("--provider memset --name a --key-env K --key-file f", 2, "cannot be used with"),
        ("--provider memset --name a --key-env K --url ftp://h", 2, "ftp is not http"),
        ("--provider memset --name old --key-env K", 10, "--yes replaces it"),
        ("--provider memset --name web --key-env K", 10, "`web` is the name of a group; nothing was written"),
        ("--provider memset --name web --key-env K --yes", 10, "the name of a group"),
        ("--provider memset --name all --key-env K", 10, "`all` means all accounts; nothing was written"),
        ("--provider memset --name a --key-env K --user me", 2, "Memset sends no user name"),
        ("--provider memset --name a --key-env UNSET", 3, "the variable UNSET is not set"),
        ("--provider memset --name a --key-file missing", 3, "missing"),
        (&format!("--provider memset --name a --key-env K --url {url}"), 3, "Bad api_key"),
        ("--provider memset --name a --key-env K --url http://127.0.0.1:1", 6, "cannot reach"),
        ("--provider memset --name a --keyring", if KEYRING { 3 } else { 2 }, "key"),
    ] {
        let world = World::new();
        world.configure(before);
        let outcome = world.marsh().arg("login").line(flags).env("K", WRONG).run().exits(code).prints("").says(words);
        assert!(!outcome.stderr.contains(WRONG), "{outcome}");
        assert_eq!(text(&world), before, "{flags}");
    }
    let world = World::new();
    world.configure("[profiles.a\n");
    world.marsh().line("login --provider memset --name a --key-env K").run().exits(1).says("config.toml, line 1:");
}

#[test]
fn a_login_at_a_terminal_asks_and_a_wrong_key_can_be_typed_again() {
    let (server, world) = (sandbox(), World::new());
    let account = server.accounts().into_iter().find(|account| account.provider == "caas").unwrap();
    world.configure("# mine\n[profiles.caas]\nprovider = \"caas\"\nuser = \"me\"\n");
    let mut shell = Terminal::open(world.marsh().arg("login"));
    let url = root(&account);
    for (shown, question, answer) in [
        ("Providers: artnet, caas", "Provider [memset]:", "cass"),
        ("did you mean caas?", "Provider [memset]:", "caas"),
        ("", "Name of the profile:", "caas"),
        ("", "A profile caas already exists. Replace it? [y/N]", ""),
        ("", "Name of the profile:", "lab"),
        ("", "Address [the region's]:", &url),
        ("", "User name of the account:", account.user.as_deref().unwrap()),
        // A key that is pasted one question too early is not shown, and is no answer.
        ("", "Refuse all calls except reads? [y/N]", &account.key),
        ("type y or n", "Refuse all calls except reads? [y/N]", "yes"),
        ("an environment variable", "Which [1]:", "9"),
        ("type a number from 1 to 3", "Which [1]:", ""),
        ("", "Key (not shown):", WRONG),
        ("refuses the key", "Key (not shown):", &account.key),
    ] {
        shell.until(question, |t| t.contents().contains(shown) && t.row() == question);
        shell.press(answer);
        shell.press(ENTER);
    }
    assert_eq!(shell.code(), 0, "{}", shell.contents());
    let raw = String::from_utf8_lossy(&shell.raw).into_owned();
    assert!(!raw.contains(WRONG) && !raw.contains(&account.key), "{raw}");
    let text = text(&world);
    assert!(text.starts_with("profile = \"caas\"") && text.contains("# mine\n[profiles.caas]"), "{text}");
    assert!(text.contains("[profiles.lab]") && text.contains("read_only = true"), "{text}");
    let run = world.marsh().args(["-p", "lab", "server.start", "server-id", "s"]).run();
    run.exits(10).says("lab is read-only");
}

#[test]
fn ctrl_c_takes_a_login_back() {
    let world = World::new();
    let mut shell = Terminal::open(world.marsh().line("login --provider memset --name a"));
    shell.until("the address", |t| t.row().starts_with("Address [https://"));
    shell.press(CTRL_C);
    assert_eq!(shell.code(), 10);
    assert!(shell.contents().contains("nothing was written") && text(&world).is_empty(), "{}", shell.contents());
}

#[test]
fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let server = sandbox();
    let account = server.accounts().remove(0);
    let url = root(&account);
    let profile = |lines: &str| format!("[profiles.a]\nprovider = \"memset\"\nurl = \"{url}\"\n{lines}\n");
    let late = "HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Type: text/xml\n\n\
                <methodResponse><params><param><value>x</value></param></params></methodResponse>";
    let clock = server::Server::answering([Answer::http(late.as_bytes())]);
    let elsewhere = |url: &str| format!("[profiles.a]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_env = \"K\"\n");
    for (config, code, found) in [
        (String::new(), 0, &["has no account", "`marsh login` sets one up"][..]),
        (profile("key_env = \"K\""), 0, &["the key comes from the variable K", "accepts the key (internal.noop"]),
        (profile("key_env = \"NONE\""), 3, &["failed   a", "the variable NONE is not set", "export NONE"]),
        (profile("key_command = \"echo 0123456789\""), 3, &["answers and refuses the key", "Bad api_key"]),
        (profile("key_file = \"open.key\""), 3, &["can be read by others", "chmod 600 /", "open.key"]),
        (profile("keyring = true"), 3, &["without the feature `keyring`", "secret-tool lookup"]),
        (
            profile("key_env = \"K\"\nuser = \"me\""),
            0,
            &["warning  a", "Memset sends no user name, so `user` has no effect", "accepts the key"],
        ),
        (profile("region = \"x\""), 1, &["failed   a", "no regions"]),
        (profile("confirm = \"sometimes\""), 1, &["failed   config.toml", "line 4: `confirm`: it must be none"]),
        (profile("key = \"canary\""), 1, &["line 4: `key`: this file must not contain a key", "key_command"]),
        (elsewhere("http://127.0.0.1:1"), 1, &["failed   a", "cannot reach 127.0.0.1:1"]),
        (elsewhere(&clock.url("/v1/xmlrpc")), 0, &["warning  a", "but this clock is", " ahead", "set the clock"]),
    ] {
        let world = World::new();
        world.configure(&config);
        world.put("../home/.config/marsh/open.key", "x", 0o644);
        let outcome = world.marsh().arg("doctor").env("K", &account.key).run().exits(code).says_nothing();
        for words in found {
            assert!(outcome.stdout.contains(words), "{words}: {outcome}");
        }
        for secret in [account.key.as_str(), "0123456789", "canary"] {
            // The command itself is the user's own, and stands in the file.
            assert!(!outcome.stdout.replace("`echo 0123456789`", "").contains(secret), "{outcome}");
        }
        let json = world.marsh().args(["doctor", "-o", "json", "--offline"]).env("K", &account.key).run().stdout;
        let rows: Vec<Value> = serde_json::from_str(&json).unwrap();
        assert!(rows.iter().all(|row| row["check"].is_string() && row["state"].is_string()), "{json}");
    }
    // Offline, nobody was asked: each of the others asked once at most.
    let asked = server.requests().len();
    let world = World::new();
    world.configure(&profile("key_env = \"K\""));
    world.marsh().line("doctor --offline").env("K", &account.key).run().exits(0);
    assert_eq!(server.requests().len(), asked);
    world.marsh().line("doctor -p b").run().exits(1);
}

#[test]
fn the_doctor_sees_files_that_are_open_to_others() {
    let world = World::new();
    world.configure("");
    for (path, bits, code, advice) in [
        ("../home/.config/marsh/config.toml", 0o664, 3, "chmod go-w"),
        ("../home/.config/marsh/config.toml", 0o666, 3, "chmod go-w"),
        ("../home/.state/marsh/journal.db", 0o644, 0, "chmod 600"),
        ("../home/.state/marsh/history", 0o644, 0, "chmod 600"),
    ] {
        fs::create_dir_all(world.at(path).parent().unwrap()).unwrap();
        world.put(path, "", bits);
        let outcome = world.marsh().arg("doctor").run().exits(code);
        assert!(outcome.stdout.contains(advice), "{outcome}");
        world.put(path, "", 0o600);
    }
    let blocked = world.marsh().arg("doctor").env("XDG_CACHE_HOME", world.at("file")).run();
    assert!(!blocked.stdout.contains("cannot be written"), "{blocked}");
    world.put("file", "", 0o600);
    let blocked = world.marsh().arg("doctor").env("XDG_CACHE_HOME", world.at("file")).run().exits(0);
    assert!(blocked.stdout.contains("cannot be written"), "{blocked}");
}

#[test]
fn a_broken_configuration_stops_only_those_who_need_it() {
    let world = World::new();
    world.configure("timeout = 5\n[profiles.a]\nprovidr = \"memset\"\n");
    let said = "config.toml, line 3: unknown key `providr`";
    world.marsh().line("service.list --dry-run").run().exits(1).says(said).says("did you mean provider?");
    world.marsh().arg("doctor").run().exits(1);
    world.marsh().line("config path").run().exits(0).says_nothing();
    world.marsh().line("config explain").run().exits(1).says(said);
    for line in ["--version", "--help", "--sandbox internal.version", "-k 0123456789 service.list --dry-run"] {
        world.marsh().line(line).run().exits(0);
    }
}

#[test]
fn explain_shows_which_setting_won_and_what_it_overruled() {
    let world = World::new();
    let file = "timeout = 40\nread_only = true\n[profiles.a]\nprovider = \"memset\"\ntimeout = 30\nread_only = false\n";
    world.configure(&format!("{file}[profiles.b]\nprovider = \"memset\"\n"));
    for (flags, variable, line, value, from, overruled) in [
        ("", "", "timeout", "30", "config.toml:5, profile a", 2),
        ("", "", "timeout -p b", "40", "config.toml:1", 1),
        ("", "20", "timeout", "20", "the variable MARSH_TIMEOUT", 3),
        ("--timeout 10", "20", "timeout", "10", "the flag --timeout", 4),
        ("--timeout 10", "20", "timeout -p b", "10", "the flag --timeout", 3),
        ("", "", "confirm", "destroy", "the default", 0),
        ("", "", "read_only", "false", "config.toml:6, profile a", 2),
        ("--read-only", "", "read_only", "true", "the flag --read-only", 3),
        ("-x", "", "output", "xml", "the flag --output", 1),
    ] {
        let run = world.marsh().line(flags).env("MARSH_TIMEOUT", variable).line("config explain").line(line);
        let outcome = run.args(["-o", "json"]).run().exits(0).says_nothing();
        let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert!(told["value"] == value && told["from"].as_str().unwrap().ends_with(from), "{outcome}");
        assert_eq!(told["overrules"].as_array().unwrap().len(), overruled, "{outcome}");
    }
    let all = world.marsh().line("config explain").run().exits(0).stdout;
    assert!(all.lines().count() > 15 && all.contains("timeout       30  ("), "{all}");
    let one = world.marsh().line("config explain timeout").run().exits(0).stdout;
    assert!(one.starts_with("timeout = 30\n  set by   ") && one.contains("\n  not      40  ("), "{one}");
    world.marsh().line("config explain tmeout").run().exits(2).says("did you mean timeout?");
    world.marsh().line("config explain -p c").run().exits(2).says("it has a, b");
    world.marsh().line("config explain").env("MARSH_TIMEOUT", "soon").run().exits(2).says("MARSH_TIMEOUT: it must be");
    world.marsh().line("config explain timeout").env("MARSH_KEY", KEY).run().exits(0).says("no profile is used");
}

#[test]
fn what_is_set_holds_for_the_calls() {
    let call = "internal.echo string x";
    for (top, profile, variable, flags, xml) in [
        ("", "", None, "", false),
        ("output = \"xml\"\n", "", None, "", true),
        ("output = \"xml\"\n", "output = \"json\"\n", None, "", false),
        ("", "output = \"json\"\n", Some("xml"), "", true),
        ("", "", Some("xml"), "-o json", false),
    ] {
        let server = server::Server::answering([Answer::value("x")]);
        let world = World::new();
        let (url, lines) = (server.url("/"), format!("url = \"URL\"\nkey_env = \"K\"\n{profile}"));
        world.configure(&format!("{top}[profiles.a]\nprovider = \"memset\"\n{lines}").replace("URL", &url));
        let run = world.marsh().env("K", KEY).env("MARSH_OUTPUT", variable.unwrap_or_default());
        let outcome = run.line(flags).line(call).run().exits(0).says_nothing();
        assert_eq!(outcome.stdout.contains("<?xml"), xml, "{outcome}");
    }
    for (file, variable, flags, code) in [
        ("", "", "", 0),
        ("read_only = true\n", "", "", 10),
        ("read_only = true\n", "0", "", 10),
        ("", "1", "", 10),
        ("", "", "--read-only", 10),
    ] {
        let server = server::Server::answering([Answer::value("x")]);
        let world = World::new();
        let lines =
            format!("[profiles.a]\nprovider = \"memset\"\nkey_env = \"K\"\nurl = \"{}\"\n{file}", server.url("/"));
        world.configure(&lines);
        let run = world.marsh().env("K", KEY).env("MARSH_READ_ONLY", variable).line(flags);
        run.line("service.set_nickname name a nickname b").run().exits(code);
        assert_eq!(server.requests().len(), usize::from(code == 0), "{file} {variable} {flags}");
    }
    // For a bare key, nothing of the file changes what a line gives; that nothing may be changed holds.
    for (top, line, code, xml) in [
        ("output = \"xml\"", "internal.noop", 0, false),
        ("read_only = true", "service.set_nickname name a nickname b", 10, false),
        ("no sense", "internal.noop", 0, false),
    ] {
        let server = server::Server::answering([Answer::value("x")]);
        let world = World::new();
        world.configure(top);
        let outcome = world.marsh().against(&server).line(line).run().exits(code);
        assert_eq!(outcome.stdout.contains("<?xml"), xml, "{outcome}");
    }
    let (world, silent) = (World::new(), Peer::silent());
    let url = silent.url();
    world.configure(&format!("timeout = 0.2\n[profiles.a]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_env = \"K\"\n"));
    world.marsh().arg("internal.noop").env("K", KEY).run().exits(5).says("no answer from").says("within 0.2 s");
    let world = World::new();
    world.configure("[profiles.a]\nprovider = \"memset\"\noutput = \"xlm\"\n");
    world.marsh().arg(call).run().exits(1).says("config.toml, line 3: unknown format `xlm`");
    world.marsh().arg(call).env("MARSH_CONFIRM", "never").run().exits(2).says("MARSH_CONFIRM: it must be none");
}

#[test]
fn a_key_that_is_kept_for_one_host_is_not_sent_to_another() {
    let server = server::Server::answering([Answer::value("x"), Answer::value("x")]);
    let world = World::new();
    world.configure(
        "[profiles.a]\nprovider = \"memset\"\nurl = \"http://127.0.0.1:1\"\nkey_command = \"echo 0123456789\"\n",
    );
    let url = server.url("/v1/xmlrpc");
    let run = || world.marsh().args(["-p", "a"]);
    let refused = |outcome: crate::support::cmd::Outcome| {
        outcome.exits(2).prints("").says("the key of a belongs to 127.0.0.1:1").says("nothing was sent")
    };
    refused(run().args(["-u", &url, "internal.noop"]).run());
    refused(run().env("MARSH_URL", &url).arg("internal.noop").run());
    assert_eq!(server.requests().len(), 0);
    // The same host by another path, and a key that was given with the address.
    run().args(["-u", "http://127.0.0.1:1/other", "internal.noop", "--dry-run"]).run().exits(0);
    run().args(["-u", &url, "-k", KEY, "internal.noop"]).run().exits(0);
    let told = run().args(["-u", &url, "internal.noop"]).env("MARSH_KEY", KEY).run().exits(0);
    told.says("MARSH_KEY is used, and not the key of a");
    for request in server.requests() {
        assert_eq!(request.header("authorization"), Some(format!("Basic {KEY_IN_HEADER}").as_str()));
    }
    // A variable of the profile's own comes before the file, by the one rule.
    let own = server::Server::answering([Answer::value("x")]);
    world.configure(&format!("[profiles.a-b]\nprovider = \"memset\"\nurl = \"{}\"\nkey_env = \"K\"\n", own.url("/")));
    world.marsh().arg("internal.noop").env("K", WRONG).env("MARSH_A_B_KEY", KEY).run().exits(0);
    assert_eq!(own.requests()[0].header("authorization"), Some(format!("Basic {KEY_IN_HEADER}").as_str()));
}

#[test]
fn options_may_be_on_either_side_of_the_method_or_the_error_says_where() {
    let world = World::new();
    let shown = world.marsh().line("--dry-run service.info name a").run().exits(0).says_nothing().stdout;
    world.marsh().line("service.info name a --dry-run").run().exits(0).prints(&shown);
    world.marsh().line("--no-check --dry-run service.info odd a").run().exits(0);
    for (line, words) in [
        ("--dry-run", "--dry-run belongs to one call"),
        ("--all login", "--all belongs to one call"),
        ("service.list -p prod", "put -p before the method"),
        ("service.list --url=http://h", "put --url before the method"),
        ("service.list -k canary-0123456789", "put -k before the method"),
        ("service.list -kcanary-0123456789", "put -k before the method"),
        ("service.list --api-key=canary-0123456789", "put --api-key before the method"),
        ("service.list --frob", "unknown option --frob"),
    ] {
        let outcome = world.marsh().line(line).stdin("service.list\n").run().exits(2).prints("").says(words);
        assert!(!outcome.stderr.contains("canary"), "{outcome}");
    }
}

#[test]
fn profiles_show_where_each_account_is_and_whether_it_works() {
    let server = sandbox();
    let account = server.accounts().remove(0);
    let world = World::new();
    world.configure(&format!(
        "[profiles.a]\nprovider = \"memset\"\nurl = \"{}\"\nkey_env = \"K\"\nread_only = true\n\
         [profiles.b]\nprovider = \"caas\"\nregion = \"opsource.eu\"\nuser = \"me\"\nkey_command = \"pass x\"\n\
         [profiles.c]\nprovider = \"memset\"\nurl = \"{}\"\nkey_command = \"echo 0123456789\"\n",
        account.url, account.url
    ));
    let run = world.marsh().env("K", &account.key).stdin("internal.noop\nprofiles\n").run().exits(0);
    let (_, list) = run.stdout.split_once('\n').unwrap();
    let rows: Vec<Value> = serde_json::from_str(list).unwrap();
    let told = |row: &Value| ["region", "user", "read_only", "key_from", "works"].map(|key| row[key].clone());
    assert_eq!(told(&rows[0]), [Value::Null, Value::Null, true.into(), "the variable K".into(), true.into()]);
    let region = "opsource.eu".into();
    assert_eq!(told(&rows[1]), [region, "me".into(), false.into(), "the command `pass x`".into(), Value::Null]);
    assert_eq!(rows[1]["host"], "euapi.opsourcecloud.net:443");
}

#[test]
fn what_is_sent_is_shown_on_demand_without_secrets() {
    for (line, url) in [("memshell.disable name a password canary-0123", "/v1/xmlrpc"), ("internal.noop", "/v1/json")] {
        let server = server::Server::answering([Answer::value("x"), Answer::value("x")]);
        let run = || World::new().marsh().args(["-k", KEY, "-u", &server.url(url)]);
        let quiet = run().line(line).run();
        let told = run().arg("-v").line(line).run().exits(quiet.code).prints(&quiet.stdout);
        let request = told.stderr.lines().next().unwrap();
        assert!(request.starts_with(&format!("> POST http://{}{url}", server.address)), "{told}");
        let length = server.requests()[1].header("content-length").unwrap().to_owned();
        assert!(request.ends_with(&format!("({length} bytes)")), "{told}");
        assert!(told.stderr.contains("\n< 200 text/xml ("), "{told}");
        for secret in [KEY, KEY_IN_HEADER, "canary"] {
            assert!(!told.stderr.contains(secret), "{told}");
        }
    }
    let away = World::new().marsh().to("http://127.0.0.1:1", KEY).line("-v internal.noop").run().exits(6);
    away.says("> POST http://127.0.0.1:1/v1/xmlrpc (").says("< nothing: cannot reach 127.0.0.1:1");
}

#[test]
fn lines_are_kept_unless_somebody_says_otherwise() {
    for (file, variable, kept) in
        [("", "", true), ("history = false\n", "", false), ("", "off", false), ("history = false\n", "on", true)]
    {
        let world = World::new();
        world.configure(file);
        let mut shell = Terminal::prompt(world.marsh().arg("--sandbox").env("MARSH_HISTORY", variable));
        shell.run("help quit");
        assert_eq!(world.journal().exists(), kept, "{file} {variable}");
    }
}
