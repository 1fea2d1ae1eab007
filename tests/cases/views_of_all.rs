//! Views of several accounts at once: four simulated accounts of which one cannot be reached, as a table of 80 and of 200
//! columns and as CSV. `MARSH_BLESS=1` writes the files in `tests/views/` again.

use std::path::Path;
use std::{env, fs};

use marsh::sandbox::{Options, Server};
use serde_json::Value;

use crate::support::cmd::{Outcome, World};
use crate::support::keys::Terminal;

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

/// An account at each provider, of which that at `dead` cannot be reached, and a group of two of them.
fn four(dead: &str) -> (Server, World) {
    let (server, world) = (Server::start(Options::default()).unwrap(), World::new());
    let mut config = "profile = \"memset\"\nretries = 0\n[groups]\npair = [\"caas\", \"mem*\"]\n".to_owned();
    for account in server.accounts() {
        let name = account.provider;
        let user = account.user.map(|user| format!("user = \"{user}\"\n")).unwrap_or_default();
        let url = if name == dead { NOWHERE } else { &account.url };
        world.put(&format!("../home/{name}"), &account.key, 0o600);
        config +=
            &format!("[profiles.{name}]\nprovider = \"{name}\"\nurl = \"{url}\"\n{user}key_file = \"~/{name}\"\n");
    }
    world.configure(&config);
    (server, world)
}

fn run(world: &World, line: &str) -> Outcome {
    world.marsh().line(line).run()
}

fn rows(outcome: &Outcome) -> Vec<Value> {
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// The values of a column, each once, in order.
fn distinct(rows: &[Value], column: &str) -> Vec<String> {
    let mut all: Vec<String> = rows.iter().map(|row| row[column].as_str().unwrap_or("none").to_owned()).collect();
    all.dedup();
    all
}

/// A text without the digits of its dates, which depend on the day.
fn dateless(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    for at in 0..out.len().saturating_sub(9) {
        let form = |(nth, byte): (usize, &u8)| if matches!(nth, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
        let apart = at == 0 || !out[at - 1].is_ascii_alphanumeric() && out[at - 1] != b'-';
        if apart && out[at..at + 10].iter().enumerate().all(form) {
            out[at..at + 10].copy_from_slice(b"YYYY-MM-DD");
        }
    }
    String::from_utf8(out).unwrap()
}

/// Compares a text with the file of that name.
fn is_as_before(name: &str, text: &str) {
    let path = Path::new("tests/views").join(name);
    if env::var_os("MARSH_BLESS").is_some() {
        fs::write(&path, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}

/// What a terminal of this width shows of a line.
fn on_screen(world: &World, width: u16, line: &str) -> String {
    let mut shell = Terminal::prompt(world.marsh());
    shell.resize(width, 60);
    let shown = shell.run(line);
    let lines: Vec<&str> = shown.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

#[test]
fn servers_of_four_accounts_with_one_of_them_down() {
    let (_server, world) = four("vpsnet");
    let csv = run(&world, "@all servers -o csv").exits(11).says("note: vpsnet: cannot reach 127.0.0.1:1");
    let csv = csv.says("1 of 4 accounts failed: vpsnet");
    assert_eq!(csv.stderr.lines().count(), 2, "{csv}");
    is_as_before("servers.csv", &dateless(&csv.stdout));
    for width in [80, 200] {
        let shown = on_screen(&world, width, "@all servers");
        assert!(shown.lines().all(|line| line.chars().count() <= usize::from(width)), "{shown}");
        is_as_before(&format!("servers-{width}.txt"), &dateless(&shown));
    }
}

#[test]
fn what_expires_anywhere_is_one_list_sorted_by_time() {
    let (_server, world) = four("");
    let outcome = run(&world, "@all expiring 3650d -o json").exits(0).says("note: vpsnet has no view expiring");
    let all = rows(&outcome);
    let mut accounts = distinct(&all, "account");
    accounts.sort();
    accounts.dedup();
    assert_eq!(accounts, ["artnet", "caas", "memset"]);
    let days: Vec<i64> = all.iter().map(|row| row["days"].as_i64().unwrap()).collect();
    assert!(days.is_sorted(), "{days:?}");
    let near = rows(&run(&world, "@all expiring 60d -o json").exits(0));
    assert!(!near.is_empty() && near.len() < all.len() && near[..] == all[..near.len()]);
    // What it costs is more important than for how long.
    let head = |shown: &str| shown.lines().find(|line| line.starts_with("account")).unwrap().to_owned();
    let narrow = head(&on_screen(&world, 80, "@all expiring 60d"));
    assert!(narrow.contains("price") && !narrow.contains("period"), "{narrow}");
    let wide = head(&on_screen(&world, 200, "@all expiring 60d"));
    assert!(wide.contains("price") && wide.contains("period"), "{wide}");
    let alone = on_screen(&world, 80, "memset:expiring 60d");
    assert!(alone.lines().any(|line| line.starts_with("expiry") && line.contains("price")), "{alone}");
}

#[test]
fn the_accounts_of_a_view_are_named_like_those_of_a_method() {
    let (_server, world) = four("");
    for (line, accounts, says) in [
        ("@all servers", &["memset", "artnet", "caas", "vpsnet"][..], ""),
        ("@caas,@memset servers", &["caas", "memset"], ""),
        ("@pair servers", &["caas", "memset"], ""),
        ("@*net servers", &["artnet", "vpsnet"], ""),
        ("view @pair servers", &["caas", "memset"], ""),
        ("@pair view servers", &["caas", "memset"], ""),
        ("@pair invoices since 2020-01", &["memset"], "note: caas has no view invoices"),
        ("@memset,@vpsnet invoices since 2020", &["memset", "vpsnet"], ""),
        ("@all jobs", &["caas"], "note: memset and artnet have no view jobs"),
        ("@memset keys", &["memset"], ""),
    ] {
        let outcome = run(&world, &format!("{line} -o json")).exits(0);
        let mut found = distinct(&rows(&outcome), "account");
        if line.contains("invoices") || line.contains("jobs") {
            // Sorted by their time, or an account with nothing to show.
            let mut each: Vec<String> = accounts.iter().map(|name| (*name).to_owned()).collect();
            each.retain(|name| found.contains(name));
            found = each;
            assert!(!found.is_empty(), "{line}");
            assert!(found.iter().all(|name| accounts.contains(&name.as_str())), "{line}: {found:?}");
        } else {
            assert_eq!(found, accounts, "{line}");
        }
        assert_eq!(outcome.stderr.trim(), says, "{line}");
    }
}

#[test]
fn the_account_is_a_column_like_any_other() {
    let (_server, world) = four("");
    let csv = run(&world, "@pair servers --columns account,name --sort=-account,name -o csv").exits(0).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(
        lines[0] == "account,name" && lines[1].starts_with("memset,") && lines.last().unwrap().starts_with("caas,")
    );
    let counted = "map(.account) | group_by(.) | map([.[0], length]) | .[0][0]";
    world.marsh().args(["@pair", "servers", "-q", counted, "-o", "value"]).run().exits(0).prints("caas\n");
    run(&world, "@pair servers | all.csv").exits(0).prints("");
    assert!(world.content("all.csv").starts_with("account,id,name,"), "{}", world.content("all.csv"));
    // A row leads back to its account and its method.
    let script = "@pair servers | s.json\n$_[0].account\n$_[0].method\ncaas:server.list -q length\n";
    let outcome = world.marsh().stdin(script).run().exits(0);
    assert!(outcome.stdout.starts_with("\"caas\"\n\"server.list\"\n"), "{outcome}");
    let shown = run(&world, "@pair servers --dry-run").exits(0).stdout;
    assert!(shown.starts_with("# caas\n") && shown.contains("\n# memset\n"), "{shown}");
}

#[test]
fn a_view_of_several_accounts_is_refused_before_anything_is_sent() {
    let (server, world) = four("");
    for (line, code, says) in [
        ("@caas keys", 2, "none of the accounts has a view `keys`"),
        ("@caas keys", 2, "try memset:keys"),
        ("@nobody servers", 2, "no account is called `nobody`"),
        ("@all servers 60d", 2, "takes no words"),
        ("@all expiring soon", 2, "is not a length of time"),
        ("@all servers -o raw", 2, "no raw form"),
        ("@all servers --wait", 2, "--wait is for calls"),
        ("servers @all", 2, "write the accounts first: @all servers"),
        ("view expiring @all", 2, "write the accounts first: @all expiring"),
        ("@all view servers 5d", 2, "takes no words"),
        ("@all view", 2, "`view` is a command"),
        ("@all servers | each server.info name {id}", 2, "reads from one account"),
    ] {
        run(&world, line).exits(code).says(says).prints("");
    }
    world.put("script", "memset:service.list\n@all expiring soon\n", 0o600);
    run(&world, "run script").exits(2).says("is not a length of time").prints("");
    assert!(server.requests().is_empty());
}

#[test]
fn accounts_that_fail_cost_their_rows_and_the_line_its_success() {
    // Three lists of one account, which cannot be reached: one note.
    let (server, world) = four("artnet");
    let outcome = run(&world, "@memset,@artnet servers -o json").exits(11).says("1 of 2 accounts failed: artnet");
    assert_eq!(outcome.stderr.matches("note: artnet: ").count(), 1, "{outcome}");
    assert_eq!(distinct(&rows(&outcome), "account"), ["memset"]);
    run(&world, "@artnet servers | f.csv").exits(6).prints("");
    assert!(!world.names().contains(&"f.csv".to_owned()));
    // A key that is not there, and one that is refused.
    world.put("../home/caas", "", 0o600);
    world.put("../home/memset", "ffffffffffffffffffffffffffffffff", 0o600);
    let outcome = run(&world, "@memset,@caas,@vpsnet servers -q length -o value").exits(11);
    let outcome = outcome.says("note: caas: ").says("note: memset: server.list: ");
    assert!(outcome.stderr.contains("2 of 3 accounts failed: caas, memset"), "{outcome}");
    // Nobody is asked whom the line does not name.
    let before = server.requests().len();
    run(&world, "@vpsnet servers -q length").exits(0);
    let named: Vec<String> = server.requests().into_iter().skip(before).map(|(name, _)| name).collect();
    assert!(!named.is_empty() && named.iter().all(|name| !name.contains("server.list")), "{named:?}");
}

#[test]
fn a_row_of_all_accounts_is_at_hand_at_the_prompt() {
    let (_server, world) = four("");
    let mut shell = Terminal::prompt(world.marsh());
    shell.resize(200, 60);
    let shown = shell.run("@pair servers");
    assert!(shown.contains("(@pair servers result)") && shown.contains("web-1") && shown.contains("www"), "{shown}");
    let shown = shell.run("$_[0].account");
    assert!(shown.contains("caas"), "{shown}");
}
