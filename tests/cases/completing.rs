//! What helps while a line is typed: candidates, hints, and questions for what a line lacks.

use marsh::sandbox::{Options, Server};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, LEFT, PROMPT, TAB, Terminal};
use crate::support::server::{Answer, Server as Scripted};

const RIGHT: &str = "\x1b[C";

/// A simulated account whose calls can be looked at, and a prompt on it.
fn watched(world: &World) -> (Server, Terminal) {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().remove(0);
    let shell = Terminal::prompt(world.marsh().to(&account.url, &account.key));
    (server, shell)
}

/// The parameters of every call of a method.
fn sent(server: &Server, method: &str) -> Vec<String> {
    server.requests().into_iter().filter(|(name, _)| name == method).map(|(_, parameters)| parameters).collect()
}

/// Waits for a question.
fn asked(shell: &mut Terminal, question: &str) {
    shell.until(question, |shell| shell.row() == question);
}

#[test]
fn tab_knows_files_options_types_and_topics() {
    let world = World::new();
    world.put("report one.json", "{}", 0o600);
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    for (typed, completed) in [
        ("service.list | rep", "service.list | 'report one.json'"),
        ("service.list > 'rep", "service.list > 'report one.json'"),
        ("service.list -o js", "service.list -o json"),
        ("service.list --columns nickn", "service.list --columns nickname"),
        ("vlan.add primary (boo", "vlan.add primary (boolean)"),
        ("help safe", "help safety"),
        ("@all expir", "@all expiring"),
        ("dzrcr", "dns.zone_record_create"),
        ("internal.nop", "internal.noop"),
    ] {
        shell.press(typed);
        shell.press(TAB);
        shell.until(completed, |shell| shell.row().starts_with(&format!("{PROMPT} {completed}")));
        shell.after(CTRL_C);
    }
}

#[test]
fn tab_keeps_what_was_typed_where_several_names_fit_by_other_letters() {
    let mut shell = Terminal::sandbox();
    shell.press("z.cr");
    shell.press(TAB);
    shell.see("dns.zone_record_create");
    assert!(shell.contents().contains("dns.zone_create "), "{}", shell.contents());
    shell.typing("z.cr");
    // More letters, and one is left.
    shell.press(&LEFT.repeat(2));
    shell.press("r.");
    shell.typing("z.r.cr");
}

#[test]
fn a_hint_shows_what_must_come_and_the_right_arrow_takes_it() {
    let mut shell = Terminal::sandbox();
    shell.press("dns.zone_record_create");
    shell.until("the first parameter", |shell| shell.hint().trim() == "zone_id (string)");
    shell.press(RIGHT);
    shell.until("its type and meaning", |shell| shell.hint().starts_with("(string) Zone that"));
    shell.typing("dns.zone_record_create zone_id");
    shell.press("x ");
    shell.until("the next parameter", |shell| shell.hint().starts_with("type ("));
    // What is only shown is not part of the line.
    assert!(shell.enter().contains("`zone_id` must be 32 hexadecimal digits"));
}

#[test]
fn a_hint_recalls_the_newest_line_that_began_alike() {
    let mut shell = Terminal::sandbox();
    for line in ["service.info name myserver1", "service.info name myserver2", "internal.noop"] {
        shell.run(line);
    }
    shell.press("serv");
    shell.until("the newest", |shell| shell.hint() == "ice.info name myserver2");
    shell.press(RIGHT);
    shell.typing("service.info name myserver2");
    assert!(shell.enter().contains("  myserver2\n"));
}

#[test]
fn a_hint_recalls_neither_a_secret_nor_a_line_that_made_no_sense() {
    let mut shell = Terminal::sandbox();
    for line in ["memshell.disable name a password canary-7", "memshel.disable name b", "service.info nam c"] {
        shell.run(line);
    }
    for (typed, hint) in [("memshell.dis", ""), ("memshel", ""), ("service.info", "name (string)")] {
        shell.press(typed);
        shell.until("the hint of the method", |shell| {
            shell.row() == format!("{PROMPT} {typed}") && shell.hint().trim() == hint
        });
        assert!(!shell.hint().contains("canary-7"));
        shell.after(CTRL_C);
    }
}

#[test]
fn without_colours_nothing_but_the_line_is_shown() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut shell = Terminal::open(World::new().marsh().arg("--sandbox").env(name, value));
        shell.see(PROMPT);
        shell.press("service.info name myserver1\rservice.info name myserver1\rquit\r");
        assert_eq!(shell.code(), 0);
        let raw = String::from_utf8(shell.raw.clone()).unwrap();
        assert!(!raw.contains("(string)") && raw.contains("miniserver"), "{name}: {raw}");
    }
}

#[test]
fn what_is_missing_is_asked_for_until_it_fits() {
    let world = World::new();
    let (server, mut shell) = watched(&world);
    shell.press("service.set_nickname nickname web\r");
    asked(&mut shell, "name:");
    assert!(shell.contents().contains("service.set_nickname needs these values"), "{}", shell.contents());
    shell.press(ENTER);
    shell.until("the question again", |shell| shell.contents().matches("\nname:").count() == 2);
    shell.press("myserver1");
    let shown = shell.enter();
    assert!(shown.contains("(service.set_nickname result)"), "{shown}");
    assert_eq!(sent(&server, "service.set_nickname"), [r#"{"nickname":"web","name":"myserver1"}"#]);
}

#[test]
fn a_wrong_answer_is_explained_and_asked_again() {
    let world = World::new();
    let (server, mut shell) = watched(&world);
    shell.press("dns.zone_record_create zone_id 0123456789abcdef0123456789abcdef record www address 192.0.2.9\r");
    asked(&mut shell, "type:");
    shell.press("Q\r");
    shell.see("`type` cannot be `Q`; one of A, AAAA");
    shell.press("A");
    shell.enter();
    let calls = sent(&server, "dns.zone_record_create");
    assert!(calls.len() == 1 && calls[0].contains(r#""type":"A""#), "{calls:?}");
}

#[test]
fn a_question_that_is_taken_back_sends_nothing() {
    let world = World::new();
    let (server, mut shell) = watched(&world);
    shell.press("service.set_nickname\r");
    asked(&mut shell, "name:");
    let shown = shell.after(CTRL_C);
    assert!(shown.contains("cancelled") && shown.ends_with("nothing was sent"), "{shown}");
    assert!(sent(&server, "service.set_nickname").is_empty());
}

#[test]
fn a_wrong_line_does_not_end_the_questions() {
    let world = World::new();
    let (_server, mut shell) = watched(&world);
    shell.press("service.cancel nmae myserver1");
    let shown = shell.enter();
    assert!(shown.contains("did you mean name?"), "{shown}");
    shell.press("service.set_nickname nickname web\r");
    asked(&mut shell, "name:");
    shell.after(CTRL_C);
}

#[test]
fn a_secret_that_is_missing_is_not_shown_and_not_kept() {
    let world = World::new();
    let (server, mut shell) = watched(&world);
    shell.press("memshell.disable name myserver1\r");
    asked(&mut shell, "password:");
    shell.press("canary-9");
    shell.enter();
    assert!(shell.contents().contains("\npassword: \n"), "{}", shell.contents());
    assert!(sent(&server, "memshell.disable")[0].contains("canary-9"));
    assert!(!String::from_utf8_lossy(&shell.raw).contains("canary-9"));
    assert_eq!(world.lines(), ["memshell.disable name myserver1"]);
}

#[test]
fn without_a_terminal_what_is_missing_is_listed() {
    let run = World::new().marsh().arg("--sandbox").arg("dns.zone_record_create").run();
    run.exits(2).says("needs `zone_id`, `type`, `address`").says("nothing was sent");
}

#[test]
fn what_came_and_went_in_a_services_list_is_kept() {
    let list = |names: &[&str]| {
        let values: String = names.iter().map(|name| format!("<value><string>{name}</string></value>")).collect();
        Answer::value(&format!("<array><data>{values}</data></array>"))
    };
    let server =
        Scripted::answering([list(&["a.one", "a.two"]), list(&["a.two", "a.three"]), list(&["a.two", "a.three"])]);
    let world = World::new();
    let run = |line: &str| world.marsh().against(&server).line(line).run();
    run("refresh").exits(0);
    // The first list of all is no news, and neither is one that is the same.
    run("methods changes").prints("[]\n").exits(0);
    run("refresh").says("1 added (a.three), 1 removed (a.one)").exits(0);
    run("refresh").says("0 added, 0 removed").exits(0);
    let shown = run("methods changes -o json").exits(0).stdout;
    let rows: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let told: Vec<_> =
        (0..2).map(|at| (rows[at]["change"].as_str().unwrap(), rows[at]["name"].as_str().unwrap())).collect();
    assert_eq!(told, [("added", "a.three"), ("removed", "a.one")]);
    assert!(rows[0]["seen"].as_str().unwrap().starts_with("20") && rows.as_array().unwrap().len() == 2, "{rows}");
    run("methods news").says("`methods` lists `changes`, not `news`").exits(2);
}

#[test]
fn a_method_with_the_name_of_a_command_is_named_beside_it() {
    let list = "<array><data><value><string>add</string></value><value><string>a.two</string></value></data></array>";
    let server = Scripted::answering([Answer::value(list)]);
    let world = World::new();
    let run = |line: &str| world.marsh().against(&server).line(line).run();
    run("refresh").exits(0);
    let shown = run("help add").exits(0).stdout;
    assert!(shown.contains("Add any service") && shown.contains("memset:add` is the service's method"), "{shown}");
    assert!(!run("help search").exits(0).stdout.contains("the service's method"));
}

#[test]
fn search_finds_by_every_word_and_as_data() {
    let run = |line: &str| World::new().marsh().arg("--sandbox").line(line).run().exits(0);
    let shown = run("search zone RECORD create").stdout;
    assert!(shown.starts_with("memset:dns.zone_record_create"), "{shown}");
    let rows: serde_json::Value = serde_json::from_str(&run("search memset:reload -o json").stdout).unwrap();
    assert_eq!((&rows[0]["name"], &rows[0]["effect"]), (&"dns.reload".into(), &"change".into()));
    run("search frobnicate").prints("").says("no method matches \"frobnicate\"");
}

#[test]
fn help_reads_well_on_narrow_and_on_wide_screens() {
    for (width, most) in [("80", 80), ("200", 100)] {
        for line in ["help server.status.list", "help", "help safety", "help options", "help artnet:vps.list"] {
            let shown = World::new().marsh().arg("--sandbox").env("COLUMNS", width).line(line).run().exits(0).stdout;
            // An example is in one piece, to be copied.
            let text = shown.lines().take_while(|line| *line != "Example");
            let widest = text.map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= most, "{line}: {widest} columns\n{shown}");
        }
    }
}

#[test]
fn help_shows_what_a_call_does_and_takes() {
    let page = |line: &str| World::new().marsh().arg("--sandbox").line(line).run().exits(0).stdout;
    for (line, words) in [
        ("help dns.zone_delete", &["Effect: destroy (cannot be undone; asks first"][..]),
        ("help service.list", &["Effect: read (changes nothing)"]),
        ("help dns.reload", &["--wait waits until it has finished"]),
        ("help caas:server.list", &["--all reads all of them", "also as created.MIN, created.MAX"]),
        ("help apikey.create", &["  scopes", "\n    method "]),
        ("help artnet", &["artnet: Artnet\n", "\n  vps.list "]),
        ("help topics", &["scripting  Lines without a prompt"]),
        ("help options", &["-q, --query JQ"]),
        ("help profiles", &["List the accounts of this session", "NAME:METHOD"]),
    ] {
        let shown = page(line);
        // Where a line of help is wrapped does not matter.
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in words {
            assert!(shown.contains(words) || flat.contains(words), "{line}: no {words}\n{shown}");
        }
    }
    for (line, near) in [("help sftey", "did you mean safety?"), ("help serch", "did you mean search?")] {
        World::new().marsh().arg("--sandbox").line(line).run().exits(2).says(near);
    }
}
