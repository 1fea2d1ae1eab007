//! Lines for several accounts: who is asked, what comes back, and what one account that fails does to the others.

use std::io::Write;
use std::time::Duration;

use marsh::sandbox::{Options, Server};
use serde_json::{Value, json};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, TAB, Terminal};
use crate::support::raw::{Peer, fault, hold, result};

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";
const KEYS: [&str; 2] = ["ca9a127ca9a127ca9a127ca9a127ca91", "feedbeefeedbeefeedbeefeedbee0123"];

/// The accounts `one`, `two` and `dead` of one provider, and `three` of another, in groups; `more` is added to `two`.
struct Four {
    one: Server,
    two: Server,
    world: World,
}

fn four(more: &str) -> Four {
    let start = |key: &str| Server::start(Options { key: key.into(), ..Options::default() }).unwrap();
    let (one, two, world) = (start(KEYS[0]), start(KEYS[1]), World::new());
    let mut config = "profile = \"one\"\nretries = 0\n".to_owned();
    let mut add = |name: &str, provider: &str, url: &str, user: Option<&str>, key: &str, more: &str| {
        world.put(&format!("../home/{name}"), key, 0o600);
        let user = user.map(|user| format!("user = \"{user}\"\n")).unwrap_or_default();
        let place = format!("provider = \"{provider}\"\nurl = \"{url}\"\n{user}key_file = \"~/{name}\"\n{more}");
        config += &format!("[profiles.{name}]\n{place}");
    };
    let (first, second) = (one.accounts(), two.accounts());
    add("one", first[0].provider, &first[0].url, None, KEYS[0], "");
    add("two", second[0].provider, &second[0].url, None, KEYS[1], more);
    add("dead", first[0].provider, NOWHERE, None, KEYS[0], "");
    add("three", first[1].provider, &first[1].url, first[1].user.as_deref(), &first[1].key, "");
    config += "[groups]\npair = [\"one\", \"tw*\"]\n";
    world.configure(&config);
    Four { one, two, world }
}

fn calls(server: &Server, method: &str) -> usize {
    server.requests().iter().filter(|(name, _)| name == method).count()
}

/// The accounts of the rows, each once, in order.
fn accounts(stdout: &str) -> Vec<String> {
    let rows: Vec<Value> = serde_json::from_str(stdout).unwrap();
    let mut accounts: Vec<String> = rows.iter().map(|row| row["account"].as_str().unwrap().to_owned()).collect();
    accounts.dedup();
    accounts
}

#[test]
fn a_read_runs_in_every_account_that_is_named_and_has_the_method() {
    let four = four("");
    for (named, answered, says) in [
        ("@one,@two", &["one", "two"][..], ""),
        ("@two,one,@two", &["two", "one"], ""),
        ("@pair", &["one", "two"], ""),
        ("@t*", &["three", "two"], "note: three has no method service.list"),
        ("@one", &["one"], ""),
    ] {
        let outcome = four.world.marsh().args([named, "service.list"]).run().exits(0);
        let answered: Vec<&str> = answered.iter().filter(|name| **name != "three").copied().collect();
        assert_eq!(accounts(&outcome.stdout), answered, "{named}");
        assert_eq!(outcome.stderr.trim(), says, "{named}");
    }
    // No account is asked that the line does not name.
    assert_eq!((calls(&four.one, "service.list"), calls(&four.two, "service.list")), (4, 4));
}

#[test]
fn one_dead_account_costs_its_rows_and_a_note() {
    let four = four("");
    let outcome = four.world.marsh().args(["@all", "service.list", "-o", "csv", "--columns", "account,name"]).run();
    let outcome = outcome.exits(11).says("note: three has no method service.list").says("note: dead: ");
    let outcome = outcome.says("1 of 3 accounts failed: dead");
    assert!(outcome.stdout.starts_with("account,name\n"), "{outcome}");
    assert!(outcome.stdout.contains("\none,") && outcome.stdout.contains("\ntwo,"), "{outcome}");
    // The error for programs.
    let outcome = four.world.marsh().args(["@one,@dead", "service.list", "-o", "json"]).run().exits(11);
    let error: Value = serde_json::from_str(outcome.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["error"]["kind"], json!("several"), "{outcome}");
    // None answers: the error is that of the first.
    let outcome = four.world.marsh().args(["@dead", "service.list", "| f.json"]).run().exits(6).prints("");
    assert!(!four.world.names().contains(&"f.json".to_owned()), "{outcome}");
    four.world.put("../home/two", "ffffffffffffffffffffffffffffffff", 0o600);
    let outcome = four.world.marsh().args(["@two,@dead", "service.list"]).run().exits(3).prints("");
    outcome.says("note: two: ").says("2 of 2 accounts failed: two, dead");
    // A key that cannot be read.
    four.world.put("../home/two", "", 0o600);
    let outcome = four.world.marsh().args(["@one,@two", "service.list"]).run().exits(11).says("note: two: ");
    assert_eq!(accounts(&outcome.stdout), ["one"]);
}

#[test]
fn rows_are_sorted_filtered_and_written_like_any_others() {
    let four = four("");
    let outcome = four.world.marsh().args(["@pair", "service.list", "--sort=-account", "-o", "jsonl"]).run().exits(0);
    let first: Value = serde_json::from_str(outcome.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["account"], json!("two"));
    let filter = "map(.account) | unique | join(\" \")";
    four.world.marsh().args(["@pair", "service.list", "-q", filter, "-o", "value"]).run().exits(0).prints("one two\n");
    four.world.marsh().args(["@pair", "service.list", "| all.csv"]).run().exits(0).prints("");
    let csv = four.world.content("all.csv");
    assert!(csv.starts_with("account,"), "{csv}");
    // A record is one row.
    let outcome = four.world.marsh().args(["@pair", "server.info", "name", "myserver1", "-o", "table"]).run().exits(0);
    assert!(outcome.stdout.to_lowercase().starts_with("account"), "{outcome}");
    let outcome = four.world.marsh().args(["@pair", "internal.noop"]).run().exits(0);
    assert_eq!(accounts(&outcome.stdout), ["one", "two"]);
    // The same method of two providers: the columns of both.
    let outcome = four.world.marsh().args(["@one,@three", "server.list", "-o", "csv"]).run().exits(0);
    let names: Vec<&str> = outcome.stdout.lines().next().unwrap().split(',').collect();
    assert!(names[0] == "account" && names.contains(&"host_name") && names.contains(&"machineName"), "{names:?}");
}

#[test]
fn what_the_accounts_cannot_do_is_refused_before_anything_is_sent() {
    let four = four("read_only = true\n");
    for (line, code, says) in [
        ("@all no.such_method", 2, "unknown method `no.such_method`"),
        ("@nobody service.list", 2, "no account is called `nobody`"),
        ("@x* service.list", 2, "no account fits `x*`"),
        ("@all", 2, "@all names accounts, and no method follows"),
        ("@all history", 2, "`history` is a command of the shell"),
        ("@pair service.info", 2, "name"),
        ("@pair service.list -o raw", 2, "one answer"),
        ("@pair service.info name (file)-", 2, "standard input can be read for one account only"),
        ("@pair server.reboot name myserver1 --yes", 10, "two is read-only"),
        ("@pair server.reboot name myserver1 --wait --yes", 2, "--wait follows the job of one account"),
    ] {
        four.world.marsh().line(line).run().exits(code).says(says).prints("");
    }
    four.world.put("script", "service.list\n@pair server.reboot name myserver1\n", 0o600);
    four.world.marsh().args(["run", "script", "--yes"]).run().exits(10).says("two is read-only").prints("");
    assert!(four.one.requests().is_empty() && four.two.requests().is_empty());
}

#[test]
fn a_change_is_asked_about_once_and_recorded_for_each_account() {
    let four = four("confirm = \"change\"\n");
    let line = "@pair server.reboot name myserver1";
    four.world.marsh().line(line).run().exits(10).prints("");
    let mut shell = Terminal::prompt(four.world.marsh());
    shell.press(line);
    shell.press(ENTER);
    shell.see("Continue? [y/N]");
    let screen = shell.contents();
    assert!(screen.contains("2 calls") && screen.contains("one:server.reboot") && screen.contains("two:"), "{screen}");
    shell.press("n");
    shell.enter();
    assert_eq!((calls(&four.one, "server.reboot"), calls(&four.two, "server.reboot")), (0, 0));
    shell.press(line);
    shell.press(ENTER);
    shell.until("the question", |shell| shell.row().contains("Continue? [y/N]"));
    shell.press("y");
    shell.enter();
    assert_eq!((calls(&four.one, "server.reboot"), calls(&four.two, "server.reboot")), (1, 1));
    let rows: Vec<Option<String>> = four
        .world
        .calls()
        .into_iter()
        .filter(|row| row.call.method == "server.reboot")
        .map(|row| row.call.account.profile)
        .collect();
    assert_eq!(rows, [Some("one".to_owned()), Some("two".to_owned())]);
}

#[test]
fn a_change_that_is_agreed_to_in_advance_runs_everywhere_without_a_question() {
    let four = four("confirm = \"change\"\n");
    let outcome = four.world.marsh().line("@pair server.reboot name myserver1 --yes -o json").run().exits(0);
    assert_eq!(accounts(&outcome.stdout), ["one", "two"]);
    let rows = four.world.calls().into_iter().filter(|row| row.call.method == "server.reboot");
    let rows: Vec<Option<String>> = rows.map(|row| row.call.account.profile).collect();
    assert_eq!(rows, [Some("one".to_owned()), Some("two".to_owned())]);
}

/// Two accounts of one provider at these addresses.
fn two(one: &str, two: &str) -> World {
    let world = World::new();
    let mut config = "retries = 0\nconfirm = \"none\"\n".to_owned();
    for (name, url, key) in [("one", one, KEYS[0]), ("two", two, KEYS[1])] {
        world.put(&format!("../home/{name}"), key, 0o600);
        config += &format!("[profiles.{name}]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_file = \"~/{name}\"\n");
    }
    world.configure(&config);
    world
}

#[test]
fn after_a_refusal_the_next_account_is_changed_and_after_a_loss_it_is_not() {
    let good = || Peer::saying(result("<boolean>1</boolean>"));
    let (refuses, loses) = (Peer::saying(fault(3, "No such server")), Peer::new(|_, _| Ok(())));
    for (first, sent, code, says) in [
        (&refuses, 1, 11, "1 of 2 accounts failed: one"),
        (&loses, 0, 11, "two: not sent, because a call before it failed"),
    ] {
        let second = good();
        let world = two(&first.url(), &second.url());
        let outcome = world.marsh().line("@all server.reboot name myserver1").run();
        assert_eq!(second.received().len(), sent, "{outcome}");
        let code = if sent == 0 { 7 } else { code };
        outcome.exits(code).says(says);
    }
}

#[test]
fn an_unknown_outcome_decides_over_a_refusal_before_it() {
    let refuses = Peer::saying(fault(3, &format!("No such server\nmarsh: two was deleted {}", "x".repeat(5000))));
    let loses = Peer::new(|_, _| Ok(()));
    let world = two(&refuses.url(), &loses.url());
    let outcome = world.marsh().line("@all server.reboot name myserver1").run().exits(7);
    let outcome = outcome.says("2 of 2 accounts failed: one, two").says("check which of them took effect");
    // What a service says is one note, of limited length.
    let forged = outcome.stderr.lines().any(|line| line.starts_with("marsh: two was deleted"));
    assert!(!forged && outcome.stderr.len() < 2500, "{outcome}");
}

#[test]
fn a_key_goes_to_its_own_account_and_is_never_shown() {
    // Each service repeats what it is sent, with the key, in its refusal.
    let echo = || Peer::new(|request, stream| stream.write_all(&fault(3, &format!("no: {}", request.len()))));
    let (one, other) = (echo(), echo());
    let world = two(&one.url(), &other.url());
    let outcome = world.marsh().line("-v @all service.list").run().exits(4);
    for key in KEYS {
        assert!(!outcome.to_string().contains(key), "{outcome}");
    }
    let keys: Vec<String> = [&one, &other].iter().map(|peer| peer.received().concat()).collect();
    let line =
        |text: &str| text.lines().find(|line| line.to_lowercase().starts_with("authorization")).unwrap().to_owned();
    assert_ne!(line(&keys[0]), line(&keys[1]));
    assert!(!world.remembered().contains(KEYS[0]) && !world.remembered().contains(KEYS[1]));
    // A secret in the line is kept nowhere, whichever accounts it is for.
    let secret = "CANARY-in-the-line-1";
    let mut shell = Terminal::prompt(world.marsh());
    let typed = format!("@all memshell.enable name myserver1 password {secret}");
    shell.run(&typed);
    assert!(!world.remembered().contains("CANARY"), "{:?}", world.lines());
    assert_eq!(world.lines(), ["@all memshell.enable name myserver1 password (redacted)"]);
}

#[test]
fn ctrl_c_stops_all_accounts() {
    let (one, other) = (Peer::new(|_, stream| hold(stream)), Peer::new(|_, stream| hold(stream)));
    let world = two(&one.url(), &other.url());
    let mut shell = Terminal::open(world.marsh().line("@all service.list"));
    shell.until("both are asked", |_| !one.received().is_empty() && !other.received().is_empty());
    shell.press(CTRL_C);
    assert_eq!(shell.code(), 130);
    shell.see("one:");
}

#[test]
fn so_many_calls_of_an_account_run_at_once_as_its_provider_allows() {
    let slow = Options { latency: Duration::from_millis(1), ..Options::default() };
    let (server, world) = (Server::start(slow).unwrap(), World::new());
    let account = &server.accounts()[1];
    let mut config = String::new();
    // Four profiles with one key are one account, and one detailed report may be in the making.
    for name in ["a", "b", "c", "d"] {
        world.put(&format!("../home/{name}"), &account.key, 0o600);
        config += &format!(
            "[profiles.{name}]\nprovider = \"{}\"\nurl = \"{}\"\nuser = \"{}\"\nkey_file = \"~/{name}\"\n",
            account.provider,
            account.url,
            account.user.as_deref().unwrap()
        );
    }
    world.configure(&config);
    let line = "@all report.usage_detailed startDate 2026-01-01 endDate 2026-01-02 -q length";
    world.marsh().line(line).run().exits(0);
}

#[test]
fn accounts_are_completed_and_understood_at_the_prompt() {
    let four = four("");
    let mut shell = Terminal::prompt(four.world.marsh());
    shell.press("@pa");
    shell.press(TAB);
    shell.until("the group", |shell| shell.row().contains("@pair"));
    shell.press("service.lis");
    shell.press(TAB);
    shell.until("the method", |shell| shell.row().contains("@pair service.list"));
    let shown = shell.enter();
    assert!(shown.contains("account") && shown.contains("one") && shown.contains("two"), "{shown}");
    let shown = shell.run("$_[0].account");
    assert!(shown.contains("one"), "{shown}");
}

#[test]
fn an_id_from_a_row_of_another_account_is_not_taken_along() {
    let four = four("");
    // `$_` is the whole result: thirteen rows of each account.
    let rows = "@one,@two service.list -q length";
    for (line, code, says) in [
        ("service.info name $_[1].name", 0, ""),
        (
            "service.info name $_[14].name",
            2,
            "$_[14].name is from a row of two, and service.info would be called in one",
        ),
        ("two:service.info name $_[14].name", 0, ""),
        ("service.set_nickname name $_[14].name nickname x", 2, "`two:service.set_nickname` calls it there"),
        // Any other value may go anywhere.
        ("service.set_nickname name $_[1].name nickname $_[14].nickname", 0, ""),
        ("$_ | each service.info name {name}", 2, "member 14 of 26: {name} is from a row of two"),
        ("$_ | each two:service.info name {name}", 2, "member 1 of 26: {name} is from a row of one"),
        ("$_ -q '.[:1]' | each service.info name {name}", 0, "1 call of service.info, all done"),
    ] {
        four.world.put("f", &format!("{rows}\n{line}\n"), 0o600);
        four.world.marsh().line("run f").run().exits(code).says(says);
    }
    assert_eq!((calls(&four.one, "service.set_nickname"), calls(&four.two, "service.set_nickname")), (1, 0));
}
