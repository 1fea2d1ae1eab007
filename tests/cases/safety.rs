//! Calls that lose something or cost money: who is asked what, and what is sent on which answer.

use marsh::sandbox;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, CTRL_D, ENTER, Terminal, UP};
use crate::support::raw::{Peer, hold};
use crate::support::server::{Answer, Server};

/// A simulated provider whose calls can be counted, and a home with a profile for each account there.
struct Place {
    sandbox: sandbox::Server,
    world: World,
}

impl Place {
    fn new() -> Place {
        let sandbox = sandbox::Server::start(sandbox::Options::default()).unwrap();
        let world = World::of(&sandbox, "");
        Place { sandbox, world }
    }

    fn marsh(&self, profile: &str) -> Run {
        self.world.marsh().args(["-p", profile])
    }

    /// How many times a method has been called.
    fn calls(&self, method: &str) -> usize {
        self.sandbox.requests().iter().filter(|(called, _)| called == method).count()
    }

    /// One line at a terminal, up to its question.
    fn asked(&self, profile: &str, line: &str, question: &str) -> Terminal {
        let mut terminal = Terminal::open(self.marsh(profile).line(line));
        terminal.see(question);
        terminal
    }
}

const CANCEL: &str = "service.cancel name myserver1";
const ORDER: &str = "create.memstore sku CLOUDF5 dry_run false";

#[test]
fn without_a_terminal_and_without_yes_nothing_is_sent() {
    let place = Place::new();
    for (profile, line) in [
        ("memset", CANCEL),
        ("memset", ORDER),
        ("caas", "server.delete server-id 37605271-d650-4d8e-a0b0-ad46b25d0952"),
        ("artnet", "dns.delete zone_id 1"),
        ("artnet", "customer.regenerate-api-key"),
        ("vpsnet", "node.create quantity 2"),
    ] {
        let ended = place.marsh(profile).line(line).run().exits(10).prints("");
        ended.says("nobody can be asked").says("hint: add --yes to run it without a question").says("nothing was sent");
        let script = place.marsh(profile).stdin(format!("{line}\n")).run();
        script.exits(10).prints("").says("nothing was sent");
        place.marsh(profile).args(["-o", "json"]).line(line).run().exits(10).says(r#""kind":"blocked","code":10"#);
    }
    assert_eq!(place.sandbox.requests(), []);
    place.marsh("memset").line(CANCEL).arg("-y").run().exits(0);
    place.marsh("memset").arg("--yes").line("service.cancel name myserver2").run().exits(0);
    assert_eq!(place.calls("service.cancel"), 2);
}

#[test]
fn reads_changes_and_price_requests_are_not_asked_about() {
    let place = Place::new();
    for line in
        ["service.list", "create.memstore sku CLOUDF5 dry_run true", "service.set_nickname name myserver1 nickname x"]
    {
        place.marsh("memset").line(line).run().exits(0);
    }
    assert_eq!(place.calls("create.memstore"), 1);
}

#[test]
fn a_key_without_a_profile_is_ma_shells_way_but_for_a_prompt() {
    let five = || Answer::value("<int>5</int>");
    let server = Server::answering([five(), five()]);
    World::new().marsh().against(&server).line(CANCEL).run().exits(0);
    World::new().marsh().against(&server).stdin(CANCEL).run().exits(0);
    assert_eq!(server.requests().len(), 2);
    let mut shell = Terminal::sandbox();
    shell.press(CANCEL);
    shell.press(ENTER);
    shell.see("Type myserver1 to confirm:");
}

#[test]
fn a_line_that_was_wrong_takes_no_question_away() {
    let mut shell = Terminal::sandbox();
    shell.press("service.info nam myserver1");
    shell.press(ENTER);
    shell.see("nothing was sent");
    shell.press(CANCEL);
    shell.press(ENTER);
    shell.see("Type myserver1 to confirm:");
}

#[test]
fn what_is_lost_for_good_is_typed() {
    let place = Place::new();
    for (answer, words) in [("yes", "`yes` does not match; cancelled"), ("", "`` does not match; cancelled")] {
        let mut terminal = place.asked("memset", CANCEL, "Type myserver1 to confirm:");
        terminal.press(answer);
        terminal.press(ENTER);
        assert_eq!(terminal.code(), 10, "{}", terminal.contents());
        let shown = terminal.contents();
        let sent = "only what had to be read first was sent";
        assert!(shown.contains(words) && shown.contains(sent), "{shown}");
    }
    for key in [CTRL_C, CTRL_D] {
        let mut terminal = place.asked("memset", CANCEL, "Type myserver1 to confirm:");
        terminal.press(key);
        assert_eq!(terminal.code(), 10, "{}", terminal.contents());
        assert!(terminal.contents().contains("cancelled"), "{}", terminal.contents());
    }
    let sent = place.sandbox.requests();
    assert!(sent.len() == 4 && sent.iter().all(|(method, _)| method == "service.info"), "{sent:?}");
    let mut terminal = place.asked("memset", CANCEL, "Type myserver1 to confirm:");
    let shown = terminal.contents();
    let rows = ["service.cancel: ", "provider  Memset", "profile   memset", "name      myserver1"];
    let effects = [
        "This cannot be undone. You will lose: the service with what is on it.",
        "This may cost money: a cancellation invoice may be generated.",
        "price     unknown",
    ];
    for told in rows.into_iter().chain(effects) {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    terminal.press("myserver1");
    terminal.press(ENTER);
    assert_eq!((terminal.code(), place.calls("service.cancel")), (0, 1), "{}", terminal.contents());
}

#[test]
fn the_object_is_the_one_that_is_lost() {
    let place = Place::new();
    for (profile, line, word) in [
        ("caas", "disk.delete server-id s1 disk-id d1", "d1"),
        ("memset", "memstore.user.delete name mystorage1 username bob", "bob"),
        ("vpsnet", "domain_record.delete domain_id 5 id 9", "9"),
        ("memset", "apikey.delete id 0123456789abcdef0123456789abcdef", "89abcdef"),
    ] {
        place.asked(profile, line, &format!("Type {word} to confirm:"));
    }
}

#[test]
fn what_costs_money_is_asked_about_with_its_price() {
    let place = Place::new();
    for (profile, line, prices) in [
        ("memset", ORDER, &["price     Set-up and rent due in advance, without VAT: ", "currency"][..]),
        ("artnet", "additional-ip.order parent_service_id 12345 ips_number 2", &["Price of one address", "EUR"]),
        ("artnet", "offer-dedicated.express-order server_id 555", &["prices.regular: price "]),
        ("vpsnet", "node.create quantity 2", &["price     unknown", "paid for at once for the rest of the term"]),
        ("vpsnet", "ip.create quantity 1", &["price     unknown"]),
        // There is no such server, so that the price cannot be had either.
        ("artnet", "additional-ip.order parent_service_id 1 ips_number 2", &["unknown"]),
    ] {
        let mut terminal = place.asked(profile, line, "Continue? [y/N]");
        let shown = terminal.contents();
        assert!(prices.iter().all(|price| shown.contains(price)), "{shown}");
        assert!(shown.contains("This may cost money"), "{shown}");
        terminal.press("n");
        terminal.press(ENTER);
        assert_eq!(terminal.code(), 10, "{}", terminal.contents());
        assert!(terminal.contents().contains("the answer was no"), "{}", terminal.contents());
    }
    // The price was asked for with the call itself, made harmless.
    let asked: Vec<_> =
        place.sandbox.requests().into_iter().filter(|(method, _)| method == "create.memstore").collect();
    assert!(asked.len() == 1 && asked[0].1.contains(r#""dry_run":true"#), "{asked:?}");
    let mut terminal = place.asked("memset", ORDER, "Continue? [y/N]");
    terminal.press("y");
    terminal.press(ENTER);
    assert_eq!((terminal.code(), place.calls("create.memstore")), (0, 3), "{}", terminal.contents());
}

#[test]
fn ctrl_c_during_the_price_question_is_reported_as_such() {
    let peer = Peer::new(|_, stream| hold(stream));
    let run = World::new().marsh().args(["-k", KEY, "-u", &peer.url()]).line(ORDER).env("MARSH_CONFIRM", "destroy");
    let mut terminal = Terminal::open(run);
    peer.hear("create.memstore");
    terminal.press(CTRL_C);
    assert_eq!(terminal.code(), 130, "{}", terminal.contents());
    let shown = terminal.contents();
    assert!(shown.contains("interrupted") && shown.contains("only what had to be read first was sent"), "{shown}");
}

#[test]
fn a_line_that_is_recalled_asks_again() {
    let place = Place::new();
    let mut shell = Terminal::prompt(place.marsh("memset"));
    for (nth, line) in [(1, CANCEL), (2, UP)] {
        shell.press(line);
        shell.press(ENTER);
        shell.until("the question", |t| t.contents().matches("Type myserver1 to confirm:").count() == nth);
        let shown = shell.after(CTRL_C);
        assert!(shown.contains("cancelled"), "{shown}");
    }
    assert_eq!(place.calls("service.cancel"), 0);
}

#[test]
fn a_yes_to_a_script_that_is_recalled_is_asked_for_again() {
    let place = Place::new();
    place.world.put("all.marsh", CANCEL, 0o644);
    place.world.put("sure.marsh", &CANCEL.replace('1', "2 --yes"), 0o644);
    let mut shell = Terminal::prompt(place.marsh("memset"));
    let shown = shell.run("source --yes all.marsh");
    assert!(shown.contains("(service.cancel result)"), "{shown}");
    shell.press(UP);
    shell.press(ENTER);
    shell.see("Type myserver1 to confirm:");
    shell.after(CTRL_C);
    assert_eq!(place.calls("service.cancel"), 1);
    // What a line of the script itself says was not recalled.
    shell.run("source sure.marsh");
    shell.press(UP);
    shell.enter();
    assert_eq!(place.calls("service.cancel"), 3, "{}", shell.contents());
}

#[test]
fn an_error_names_the_account_that_the_line_was_for() {
    let place = Place::new();
    for line in ["caas:server.delete server-id x", "caas:server.list nope 1", "account.me nope 1"] {
        let ended = place.marsh("memset").args(["-o", "json"]).line(line).run();
        ended.says(r#""profile":"caas""#);
    }
    place.marsh("memset").args(["-o", "json"]).line("nobody:server.list").run().exits(2).says(r#""profile":"nobody""#);
}

#[test]
fn a_new_key_has_a_place_before_it_is_made() {
    let place = Place::new();
    let line = "customer.regenerate-api-key";
    let ask = |answer: &str| {
        let mut terminal = place.asked("artnet", line, "with the new one? [y/N]");
        terminal.press(answer);
        terminal.press(ENTER);
        terminal
    };
    let old = place.world.content("artnet");
    let mut terminal = ask("n");
    assert_eq!((terminal.code(), place.sandbox.requests()), (10, vec![]), "{}", terminal.contents());
    assert!(terminal.contents().contains("add `| FILE` to save it"), "{}", terminal.contents());
    assert_eq!(place.world.content("artnet"), old);
    let mut terminal = ask("y");
    terminal.see("Type artnet to confirm:");
    assert!(terminal.contents().contains("The old key stops working at once."), "{}", terminal.contents());
    terminal.press("artnet");
    terminal.press(ENTER);
    assert_eq!(terminal.code(), 0, "{}", terminal.contents());
    let new = place.world.content("artnet");
    assert!(new != old && !terminal.contents().contains(new.trim()), "{}", terminal.contents());
    assert_eq!(place.world.bits("artnet"), 0o600);
    // With the file as it is now, the next call is let in.
    place.marsh("artnet").line("services.list").run().exits(0);
}

#[test]
fn a_new_key_that_would_go_nowhere_is_not_made() {
    let mut shell = Terminal::sandbox();
    shell.run("use artnet");
    let shown = shell.run("customer.regenerate-api-key");
    assert!(shown.contains("it would be lost") && shown.contains("nothing was sent"), "{shown}");
    shell.press("customer.regenerate-api-key | key");
    shell.press(ENTER);
    shell.see("Type artnet to confirm:");
    shell.press("artnet");
    shell.enter();
    // The session has taken it over.
    let shown = shell.run("services.list limit 1");
    assert!(shown.contains("(services.list result)"), "{shown}");
}

#[test]
fn a_session_goes_on_with_the_new_key() {
    let answer =
        |json: &str| Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{json}").as_bytes());
    for format in ["json", "raw"] {
        let server = Server::answering([
            answer(r#"{"api_key":"n3wkeyn3wkeyn3wkey","success":true}"#),
            answer(r#"{"success":false,"error":{"code":"x","description":{"en":"no n3wkeyn3wkeyn3wkey"}}}"#),
        ]);
        let world = World::new();
        let address = server.address;
        world.configure(&format!(
            "[profiles.a]\nprovider = \"artnet\"\nurl = \"http://{address}/api\"\nuser = \"me\"\nkey_env = \"OLD\"\n"
        ));
        let script = format!("customer.regenerate-api-key -o {format} | key\nservices.list\n");
        let ended = world.marsh().env("OLD", KEY).arg("-y").stdin(script).run().exits(4).prints("");
        let ended = ended.says("save it where the key of a comes from");
        assert!(!ended.stderr.contains("n3wkey"), "{ended}");
        let bodies: Vec<String> = server.requests().iter().map(|request| request.text()).collect();
        assert!(bodies[0].contains(KEY) && bodies[1].contains("api_key=n3wkeyn3wkeyn3wkey"), "{bodies:?}");
        assert!(world.content("key").contains("n3wkeyn3wkeyn3wkey"));
        assert_eq!(world.bits("key"), 0o600);
    }
}
