//! Questions that show the object of the call: what is read before them, what they show of it, and what has to be typed.

use std::collections::BTreeMap;
use std::thread;

use marsh::model::Effect;
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;
use marsh::sandbox;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, CTRL_L, ENTER, Terminal};
use crate::support::raw::{Peer, hold};
use crate::support::server::{Answer, Server};

/// The methods whose object no question shows, and why.
static UNSHOWN: &str = include_str!("../unshown.txt");

/// A zone whose nickname is written like this in JSON, as `dns.zone_list` shows it.
fn zones(nicknames: &[&str]) -> Answer {
    let zone = |(nth, nickname): (usize, &&str)| {
        let records = r#"[{"id":"r1","record":"www","type":"A"},{"id":"r2","record":"mail","type":"A"}]"#;
        format!(r#"{{"id":"{nth}{ID}","nickname":"{nickname}","ttl":0,"domains":[],"records":{records}}}"#)
    };
    let zones: Vec<String> = nicknames.iter().enumerate().map(zone).collect();
    json(&format!(r#"{{"jsonrpc":"2.0","id":1,"result":[{}]}}"#, zones.join(",")))
}

/// All but the first of the 32 digits of an id.
const ID: &str = "cb3e4ba1d0c4c2fa6a3c8a1d9e7f001";

fn json(body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

/// The program against a server that speaks JSON-RPC.
fn against(server: &Server) -> Run {
    within(&World::new(), server)
}

fn within(world: &World, server: &Server) -> Run {
    let url = format!("http://{}/v1/jsonrpc", server.address);
    world.marsh().to(&url, KEY).args(["--transport", "jsonrpc"]).env("MARSH_CONFIRM", "destroy")
}

fn delete() -> String {
    format!("dns.zone_delete id 0{ID}")
}

/// What a question shows, from the name of its method on.
fn question(terminal: &mut Terminal, asked: &str) -> String {
    terminal.see(asked);
    terminal.transcript().join("\n")
}

#[test]
fn every_method_that_loses_or_costs_shows_its_object_or_says_why_not() {
    let lines = UNSHOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut open: BTreeMap<&str, &str> = lines.map(|line| line.split_once(" | ").unwrap()).collect();
    let mut counted = Vec::new();
    for source in embedded::all() {
        let catalog = Catalog::open(source).unwrap();
        let (mut shown, mut all) = (0, 0);
        for record in catalog.records() {
            let method = catalog.method(record.name).unwrap().unwrap();
            let effects = method.effects();
            if !effects.has(Effect::Destroy) && !effects.has(Effect::Billable) {
                continue;
            }
            let name = format!("{}:{}", source.id, method.name);
            let why = open.remove(name.as_str());
            assert_eq!(method.showing().is_none(), why.is_some(), "{name}: {why:?}");
            all += 1;
            shown += usize::from(why.is_none());
        }
        counted.push((source.id, shown, all));
    }
    assert_eq!(open, BTreeMap::new());
    assert_eq!(counted, [("artnet", 19, 20), ("caas", 37, 42), ("memset", 23, 23), ("vpsnet", 30, 36)]);
}

#[test]
fn the_object_is_shown_as_the_documents_of_the_providers_do() {
    for (provider, line, answers, shown, typed) in [
        (
            "memset",
            "service.cancel name myserver1",
            vec![include_bytes!("../providers/memset/manual-service-info/response").as_slice()],
            "service.info shows:\n  nickname              www\n  status                LIVE\n  \
             expiry_date           2011-09-17\n  type                  miniserver\n  \
             renewal_price_amount  21.60 GBP\n  start_date            2011-06-17\n",
            "myserver1",
        ),
        (
            "artnet",
            "dns.delete zone_id 789",
            vec![include_bytes!("../providers/artnet/zones-of-both-types/response")],
            "dns.list shows:\n  domain  example.com\n  type    primary\n",
            "example.com",
        ),
        (
            "caas",
            "server.delete server-id c325fe04-7711-4968-962e-c88784eb2",
            vec![
                include_bytes!("../providers/caas/list-of-one-server-stays-a-list/response"),
                include_bytes!("../providers/caas/list-of-one-server-stays-a-list/response.1"),
            ],
            "server.list shows:\n  name           Production LAMP Server\n  state          PENDING_CHANGE\n  \
             privateIp      10.157.3.125\n  publicIp       206.80.63.208\n  location       NA1\n  \
             memoryMb       4096\n  disk           2: 0, 1\n  softwareLabel  1: REDHAT5ES64\n  \
             machineStatus  1\n",
            "Production LAMP Server",
        ),
        (
            "vpsnet",
            "domain.delete id 52",
            vec![include_bytes!("../providers/vpsnet/domain-list/response")],
            "domain.list shows:\n  name        demodomain2.com\n",
            "demodomain2.com",
        ),
    ] {
        let server = Server::answering(answers.into_iter().map(Answer::http));
        let world = World::new();
        let url = format!("http://{}{}", server.address, if provider == "memset" { "/v1/xmlrpc" } else { "" });
        let account = format!("provider = \"{provider}\"\nurl = \"{url}\"\nuser = \"me\"\nkey_env = \"KEY_OF_TEST\"\n");
        world.configure(&format!("[profiles.p]\n{account}"));
        let mut terminal = Terminal::open(world.marsh().args(["-p", "p"]).line(line).env("KEY_OF_TEST", KEY));
        let asked = question(&mut terminal, &format!("Type {typed} to confirm:"));
        assert!(asked.contains(shown), "{asked}");
        terminal.press(CTRL_C);
        assert_eq!(terminal.code(), 10, "{}", terminal.contents());
    }
}

#[test]
fn every_rule_can_be_asked_of_the_simulated_accounts() {
    let told = thread::scope(|scope| {
        let each: Vec<_> = embedded::all().iter().map(|source| scope.spawn(|| asked_of(source))).collect();
        each.into_iter().map(|each| each.join().unwrap()).collect::<Vec<_>>()
    });
    // One example names what no simulated account has, and one does no more than a change.
    let lacking = vec!["server.snapshot_delete".to_owned()];
    let none = Vec::new;
    assert_eq!(told, [("artnet", 18, none()), ("caas", 37, none()), ("memset", 22, lacking), ("vpsnet", 30, none())]);
}

/// How many objects the questions about the examples of a provider show, and those that they do not.
fn asked_of(source: &'static embedded::Embedded) -> (&'static str, usize, Vec<String>) {
    let catalog = Catalog::open(source).unwrap();
    let mut shell = Terminal::prompt(World::new().marsh().arg("--sandbox").env("MARSH_CONFIRM", "change"));
    shell.resize(200, 60);
    shell.run(&format!("use {}", source.id));
    let (mut there, mut missing) = (0, Vec::new());
    for record in catalog.records() {
        let method = catalog.method(record.name).unwrap().unwrap();
        let effects = method.effects();
        if !effects.has(Effect::Destroy) && !effects.has(Effect::Billable) || method.showing().is_none() {
            continue;
        }
        shell.press(CTRL_L);
        shell.press(&method.example.as_ref().unwrap().replace("dry_run true", "dry_run false"));
        shell.press(ENTER);
        shell.until("a question", |t| t.row().contains("to confirm:") || t.row().contains("Continue? [y/N]"));
        let shown = shell.contents();
        let is_there = shown.contains(" shows:") || shown.contains(" shows it.");
        let is_asked = !is_there && (shown.contains("Not in ") || shown.contains("It could not be read: "));
        // With the values of its example, a call may do less.
        assert!(is_there || is_asked || shown.contains("This changes something."), "{shown}");
        assert!(!shown.contains("that match"), "{shown}");
        there += usize::from(is_there);
        missing.extend(is_asked.then(|| record.name.to_string()));
        shell.after(CTRL_C);
    }
    (source.id, there, missing)
}

#[test]
fn what_is_deleted_is_confirmed_by_its_name() {
    for (answer, code, requests) in [("shop", 0, 2), (" shop ", 0, 2), ("Shop", 10, 1), ("other", 10, 1)] {
        let server = Server::answering([zones(&["shop", "other"]), json(r#"{"jsonrpc":"2.0","id":1,"result":true}"#)]);
        let mut terminal = Terminal::open(against(&server).line(&delete()));
        let asked = question(&mut terminal, "Type shop to confirm:");
        assert!(
            asked.contains(
                "dns.zone_list shows:\n  nickname  shop\n  domains   none\n  ttl       0\n  records   2: www, mail\n"
            ),
            "{asked}"
        );
        terminal.press(answer);
        terminal.press(ENTER);
        assert_eq!((terminal.code(), server.requests().len()), (code, requests), "{}", terminal.contents());
    }
}

#[test]
fn a_name_that_cannot_be_typed_or_is_not_the_only_one_is_not_asked_for() {
    let id = format!("Type 0{ID} to confirm:");
    for nicknames in [
        &["shop", "shop"][..],
        &[""],
        &["  "],
        &[r"\u001b]0;owned\u0007"],
        &[r"a\u202eb"],
        &[r"one\nThis changes nothing."],
        &["12"],
        &["yes"],
        &["a name that is much longer than anybody would like to type at a prompt"],
    ] {
        let server = Server::answering([zones(nicknames)]);
        let mut terminal = Terminal::open(against(&server).line(&delete()));
        let asked = question(&mut terminal, &id);
        assert_eq!(asked.contains("2 in dns.zone_list have the name shop."), nicknames.len() == 2, "{asked}");
        assert!(!asked.contains("\nThis changes nothing."), "{asked}");
        let owned: &[u8] = b"\x1b]0;";
        assert!(!terminal.raw.windows(owned.len()).any(|bytes| bytes == owned), "{asked}");
    }
}

#[test]
fn whatever_comes_of_the_reading_the_question_is_asked() {
    let fault =
        |code: i32| format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":"no {KEY}\n\nType y"}}}}"#);
    for (answer, words) in [
        (zones(&[]), "Not in dns.zone_list: it may be gone already."),
        (json(&fault(3)), "Not in dns.zone_list: it may be gone already."),
        (json(&fault(1)), "It could not be read: dns.zone_list "),
        (json("{"), "It could not be read: "),
        (json(r#"{"jsonrpc":"2.0","id":1,"result":7}"#), "It could not be read: "),
        (Answer::HangUp, "It could not be read: "),
    ] {
        let server = Server::answering([answer]);
        let mut terminal = Terminal::open(against(&server).args(["--retries", "0"]).line(&delete()));
        let asked = question(&mut terminal, &format!("Type 0{ID} to confirm:"));
        assert!(asked.contains(words), "{words}: {asked}");
        assert!(!asked.contains(KEY) && !asked.contains("\nType y"), "{asked}");
    }
}

#[test]
fn a_slow_reading_is_given_up_and_ctrl_c_cancels_the_line() {
    let peer = || Peer::new(|_, stream| hold(stream));
    let run = |peer: &Peer| {
        let run = World::new().marsh().args(["-k", KEY, "-u", &peer.url(), "--retries", "0"]).line(&delete());
        run.env("MARSH_CONFIRM", "destroy")
    };
    let silent = peer();
    let mut terminal = Terminal::open(run(&silent).env("MARSH_TIMEOUT", "0.2"));
    let asked = question(&mut terminal, "to confirm:");
    assert!(asked.contains("It could not be read: "), "{asked}");
    let silent = peer();
    let mut terminal = Terminal::open(run(&silent));
    silent.hear("dns.zone_list");
    terminal.press(CTRL_C);
    assert_eq!(terminal.code(), 130, "{}", terminal.contents());
    assert!(!silent.received().iter().any(|request| request.contains("zone_delete")));
}

#[test]
fn nothing_is_read_unless_somebody_is_asked() {
    let server = sandbox::Server::start(sandbox::Options::default()).unwrap();
    let world = World::of(&server, "");
    let run = |line: &str| world.marsh().args(["-p", "memset"]).line(line);
    run("service.cancel name myserver1").run().exits(10);
    assert_eq!(server.requests(), []);
    let mut terminal = Terminal::open(run("service.cancel name myserver1 --dry-run"));
    assert_eq!((terminal.code(), server.requests()), (0, vec![]));
    let mut terminal = Terminal::open(run("service.cancel name myserver1 --yes"));
    assert_eq!(terminal.code(), 0, "{}", terminal.contents());
    let called: Vec<String> = server.requests().into_iter().map(|(method, _)| method).collect();
    assert_eq!(called, ["service.cancel"]);
}

#[test]
fn a_key_is_shown_by_its_end_and_its_comment() {
    let key = "0123456789abcdef0123456789abcdef";
    let answer = format!(
        r#"{{"jsonrpc":"2.0","id":1,"result":{{"key":"{key}","comment":"of {key}, for the cron job","created":"20110617T00:00:00","scopes":{{}}}}}}"#
    );
    let server = Server::answering([json(&answer)]);
    let mut terminal = Terminal::open(against(&server).line(&format!("apikey.delete id {key}")));
    let asked = question(&mut terminal, "Type 89abcdef to confirm:");
    let rows =
        "  id        …89abcdef\napikey.info shows:\n  comment  of (redacted), for the cron job\n  created  2011-06-17";
    assert!(asked.contains(rows), "{asked}");
    assert!(!String::from_utf8_lossy(&terminal.raw).contains(key));
}

#[test]
fn the_key_that_is_in_use_is_named_as_such() {
    for (key, is_own) in [(KEY, true), ("0123456789abcdef0123456789abcdef", false)] {
        let server = Server::answering([json(r#"{"jsonrpc":"2.0","id":1,"result":null}"#)]);
        let mut terminal = Terminal::open(against(&server).line(&format!("apikey.delete id {key}")));
        let asked = question(&mut terminal, "to confirm:");
        assert_eq!(asked.contains("uses this key itself: after the call it can no longer be used."), is_own, "{asked}");
        assert!(!asked.contains(key), "{asked}");
    }
    let null = || json(r#"{"jsonrpc":"2.0","id":1,"result":null}"#);
    let (world, server) = (World::new(), Server::answering([null(), null()]));
    let script = format!("apikey.delete id 0123456789abcdef0123456789abcdef\napikey.delete id {KEY}\n");
    world.put("all.marsh", &script, 0o644);
    let mut terminal = Terminal::open(within(&world, &server).args(["run", "--batch", "all.marsh"]));
    let asked = question(&mut terminal, "Type 2 to confirm:");
    assert_eq!(asked.matches("uses this key itself").count(), 1, "{asked}");
}

#[test]
fn each_call_of_a_batch_shows_its_object_and_a_list_is_read_once() {
    let server = Server::answering([zones(&["shop", "other"])]);
    let world = World::new();
    let line = |nth: usize| format!("dns.zone_delete id {nth}{ID}\n");
    let script = [line(0), line(1), line(2)].concat();
    world.put("all.marsh", &script, 0o644);
    let mut terminal = Terminal::open(within(&world, &server).args(["run", "--batch", "all.marsh"]));
    let asked = question(&mut terminal, "Type 3 to confirm:");
    for nickname in ["shop", "other"] {
        assert!(
            asked.contains(&format!("\n    nickname {nickname}, domains none, ttl 0, records 2: www, mail\n")),
            "{asked}"
        );
    }
    assert!(asked.contains("\n    not in dns.zone_list: it may be gone already\n"), "{asked}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn each_line_of_a_row_and_of_a_script_shows_its_own_object() {
    let world = World::new();
    world.put("both.marsh", "service.cancel name myserver1\nservice.cancel name myserver2\n", 0o644);
    for lines in ["service.cancel name myserver1; service.cancel name myserver2", "source both.marsh"] {
        let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
        shell.press(lines);
        shell.press(ENTER);
        for (name, nickname) in [("myserver1", "www"), ("myserver2", "mail")] {
            shell.see(&format!("Type {name} to confirm:"));
            let shown = shell.transcript().join("\n");
            let (_, question) = shown.rsplit_once("service.cancel: ").unwrap();
            assert!(question.contains(&format!("  nickname              {nickname}\n")), "{question}");
            shell.press(name);
            shell.press(ENTER);
        }
        shell.until("the prompt", Terminal::at_prompt);
    }
}

#[test]
fn what_is_read_for_a_question_shows_no_secret_and_can_be_completed() {
    let response = include_bytes!("../providers/vpsnet/server-get/response");
    let text = String::from_utf8_lossy(response);
    let (_, rest) = text.split_once("\"password\"").unwrap();
    let password = rest.split('"').nth(1).unwrap().to_owned();
    let server = Server::answering([Answer::http(response)]);
    let world = World::new();
    let account = format!("provider = \"vpsnet\"\nurl = \"http://{}\"\nuser = \"me\"", server.address);
    world.configure(&format!("[profiles.p]\n{account}\nkey_env = \"KEY_OF_TEST\"\n"));
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "p"]).env("KEY_OF_TEST", KEY));
    shell.press("virtual_machine.power_off id 1384");
    shell.press(ENTER);
    let asked = question(&mut shell, "to confirm:");
    assert!(asked.contains("virtual_machine.get shows:\n  label "), "{asked}");
    shell.after(CTRL_C);
    assert!(!String::from_utf8_lossy(&shell.raw).contains(&password), "{password}");
    shell.press("virtual_machine.get id ");
    shell.press("\t");
    shell.until("the id", |t| t.row().ends_with("virtual_machine.get id 1384"));
}

#[test]
fn an_id_stays_in_one_piece_on_a_narrow_screen() {
    let mut shell = Terminal::prompt(World::new().marsh().arg("--sandbox"));
    shell.resize(44, 30);
    shell.press("caas:server.delete server-id 37605271-d650-4d8e-a0b0-ad46b25d0952");
    shell.press(ENTER);
    let shown = question(&mut shell, "Type web-1 to confirm:");
    assert!(shown.contains("\n  server-id\n    37605271-d650-4d8e-a0b0-ad46b25d0952\n"), "{shown}");
}
