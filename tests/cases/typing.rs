//! The line while it is typed: completion, continuation, pasting, dropping, recalling, and what is kept of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use marsh::sandbox::{Options, Server};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, CTRL_D, DOWN, ENTER, LEFT, PROMPT, TAB, Terminal, UP};

/// A simulated account whose calls can be looked at, and a prompt on it.
fn watched() -> (Server, Terminal) {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().remove(0);
    let shell = Terminal::prompt(World::new().marsh().to(&account.url, &account.key));
    (server, shell)
}

/// Ways to type a secret (`§`), each with what is kept of the line, if anything is.
static WAYS: &[(&str, &str)] = &[
    ("-k § service.list", "-k (redacted) service.list"),
    ("-k§ service.list", "-k(redacted) service.list"),
    ("marsh -k § service.list", "marsh -k (redacted) service.list"),
    ("x -k §", ""),
    ("login §", ""),
    ("login memset §", ""),
    ("doctor §", ""),
    ("help memshell.enable password §", "help memshell.enable password (redacted)"),
    ("explain memshell.enable password §", "(redacted) memshell.enable password (redacted)"),
    ("? memshell.enable password §", "? memshell.enable password (redacted)"),
    ("?memshell.enable password §", "?memshell.enable password (redacted)"),
    ("memshell.enable name myserver1 password:§", "memshell.enable name myserver1 password:(redacted)"),
    ("@all memshell.enable name myserver1 password §", "@all memshell.enable name myserver1 password (redacted)"),
    ("memshell.enable name myserver1 § password", "memshell.enable name myserver1 (redacted) password"),
    ("memshell.enable --positional myserver1 §", "memshell.enable --positional (redacted) (redacted)"),
    ("memshell.enable myserver1 §", "memshell.enable (redacted) (redacted)"),
    ("memshell.enable name myserver1 pw §", "memshell.enable name myserver1 pw (redacted)"),
    ("memshell.enable name myserver1 pasword §", "memshell.enable name myserver1 pasword (redacted)"),
    ("memshell.enable name myserver1 --password §", "memshell.enable name myserver1 --password (redacted)"),
    ("memshell.enable name myserver1 --pw=§", "memshell.enable name myserver1 --pw=(redacted)"),
    ("memshell.enable name myserver1 §", "memshell.enable name myserver1 (redacted)"),
    ("memshell.enable name myserver1 password=(string)§", "memshell.enable name myserver1 password=(redacted)"),
    ("memshell.enable name myserver1 password (json)\"§\"", "memshell.enable name myserver1 password (json)(redacted)"),
    ("memshell.enable name myserver1 password[0] §", "memshell.enable name myserver1 password[0] (redacted)"),
    ("memshell.enable name myserver1 # §", "memshell.enable name myserver1 (redacted)"),
    ("memshell.enabel nam a passwrd §", "memshell.enabel nam (redacted) passwrd (redacted)"),
    ("service.info name http://u:§@h/", "service.info name http://u:(redacted)@h/"),
    ("service.info name '{\"pw\":\"§\"}'", "service.info name '{\"pw\":\"(redacted)\"}'"),
    ("let api_key = §", "let api_key = (redacted)"),
    ("let x = §; memshell.enable name m password $x", "let x = (redacted); memshell.enable name m password $x"),
    ("MARSH_KEY=§ service.list", "MARSH_KEY=(redacted) service.list"),
    ("export MARSH_KEY=§", ""),
    ("login --key §", ""),
    ("http://u:§@h/", ""),
    ("§", ""),
    ("memset:§", ""),
    ("system.multicall calls [{\"password\":\"§\"}]", "system.multicall (redacted) (redacted)"),
];

#[test]
fn no_way_to_type_a_secret_leaves_it_among_the_lines_that_are_kept() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    for (number, (way, as_kept)) in WAYS.iter().enumerate() {
        let secret = format!("Zq{number}CaNaRy77");
        let before = kept_so_far(&world).len();
        let shown = shell.run(&way.replace('§', &secret));
        let added = kept_so_far(&world)[before..].join("\n");
        assert_eq!(added, *as_kept, "{way}");
        // Of a name that nobody knows, an error must say what it is.
        let named = ["§", "memset:§", "memshell.enable name myserver1 # §"].contains(way);
        assert!(named || !shown.contains(&secret), "{way}: {shown}");
    }
}

/// The lines that are kept; none while nothing was.
fn kept_so_far(world: &World) -> Vec<String> {
    if world.journal().exists() { world.lines() } else { Vec::new() }
}

/// The parameters of every call of a method.
fn sent(server: &Server, method: &str) -> Vec<String> {
    server.requests().into_iter().filter(|(name, _)| name == method).map(|(_, parameters)| parameters).collect()
}

#[test]
fn names_and_values_come_in_any_order_and_of_any_type() {
    let (server, mut shell) = watched();
    for line in [
        "service.set_nickname name myserver1 nickname web",
        "service.set_nickname nickname web name myserver1",
        "service.set_nickname nickname (string) 42 name 'myserver1'",
        "vlan.add host \"myserver1\" primary (boolean) false name myvlan1",
    ] {
        let shown = shell.run(line);
        assert!(shown.contains(" result)"), "{shown}");
    }
    let expected = [
        r#"{"name":"myserver1","nickname":"web"}"#,
        r#"{"nickname":"web","name":"myserver1"}"#,
        r#"{"nickname":"42","name":"myserver1"}"#,
    ];
    assert_eq!(sent(&server, "service.set_nickname"), expected);
    assert_eq!(sent(&server, "vlan.add"), [r#"{"host":"myserver1","primary":false,"name":"myvlan1"}"#]);
}

#[test]
fn tab_completes_what_is_clear() {
    let mut shell = Terminal::sandbox();
    for (typed, completed) in [
        ("dns.rel", "dns.reload"),
        ("zr.cr", "dns.zone_record_create"),
        ("service.set_nickname nick", "service.set_nickname nickname"),
        ("dns.zone_record_create type AA", "dns.zone_record_create type AAAA"),
        ("help rem", "help remote"),
        ("service.list --dry", "service.list --dry-run"),
        ("service.i", "service.info"),
    ] {
        shell.press(typed);
        shell.press(TAB);
        // The next word can be typed at once.
        shell.press("next");
        shell.typing(&format!("{completed} next"));
        shell.after(CTRL_C);
    }
}

#[test]
fn tab_types_what_all_that_may_be_meant_have_in_common() {
    let mut shell = Terminal::sandbox();
    for (typed, common) in [
        ("d.zone_rec", "dns.zone_record_"),
        ("dns.zone_rec", "dns.zone_record_"),
        ("DNS.ZONE_REC", "dns.zone_record_"),
        ("zone_rec", "dns.zone_record_"),
        // Nothing of what was typed is lost.
        ("zone_l", "zone_l"),
    ] {
        shell.press(typed);
        shell.press(TAB);
        shell.see("dns.zone_record_list");
        shell.typing(common);
        // The rest is typed on, and Tab goes on from there.
        if common != typed {
            shell.press("inf");
            shell.press(TAB);
            shell.typing("dns.zone_record_info");
        }
        shell.after(CTRL_C);
    }
}

#[test]
fn tab_lists_what_is_not_clear() {
    let mut shell = Terminal::sandbox();
    shell.press("service.");
    shell.press(TAB);
    shell.see("\nservice.set_nickname  Give a service a nickname");
    for name in ["service.cancel", "service.info", "service.list"] {
        assert!(shell.contents().contains(&format!("\n{name} ")), "{}", shell.contents());
    }
    shell.typing("service.");
    shell.after(CTRL_C);
    shell.press("no.such.thing");
    shell.press(TAB);
    shell.press("s");
    shell.typing("no.such.things");
}

#[test]
fn tab_lists_parameters_with_the_required_ones_first_and_marked() {
    let mut shell = Terminal::sandbox();
    shell.press("dns.zone_record_create ");
    shell.press(TAB);
    shell.see("relative  (boolean)");
    let screen = shell.contents();
    let listed: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with("zone_id ")).take(7).collect();
    let marks: Vec<bool> = listed.iter().map(|line| line.contains("  * (string) ")).collect();
    assert_eq!(marks, [true, true, true, false, false, false, false], "{screen}");
    shell.press("type ");
    shell.press(TAB);
    shell.see("\nA      AAAA   CNAME  MX     NS     SRV    TXT\n");
    shell.typing("dns.zone_record_create type");
}

#[test]
fn a_line_continues_after_an_open_quote_and_a_final_backslash() {
    let (server, mut shell) = watched();
    for (first, rest) in [
        ("service.set_nickname name myserver1 nickname 'two", "lines'"),
        ("service.set_nickname name myserver1 \\", "nickname web"),
    ] {
        shell.press(first);
        shell.press(ENTER);
        shell.until("the first half", |shell| shell.contents().contains(first) && shell.row().is_empty());
        let shown = shell.run(rest);
        assert!(shown.contains("(service.set_nickname result)"), "{shown}");
    }
    let expected = [r#"{"name":"myserver1","nickname":"two\nlines"}"#, r#"{"name":"myserver1","nickname":"web"}"#];
    assert_eq!(sent(&server, "service.set_nickname"), expected);
    shell.press("service.set_nickname nickname 'never");
    shell.press(ENTER);
    shell.until("the first half", |shell| shell.row().is_empty());
    assert!(shell.after(CTRL_C).ends_with("(Ctrl-D or `quit` leaves)"));
    assert_eq!(sent(&server, "service.set_nickname").len(), 2);
}

#[test]
fn pasted_lines_wait_for_enter_and_run_in_order() {
    let (server, mut shell) = watched();
    shell.press("\x1b[200~service.info name myserver2\nservice.info name myserver1\x1b[201~");
    shell.see("service.info name myserver1");
    assert!(sent(&server, "service.info").is_empty());
    let shown = shell.enter();
    let (first, second) = (shown.find("\"myserver2\"").unwrap(), shown.find("\"myserver1\"").unwrap());
    assert!(first < second, "{shown}");
    assert_eq!(sent(&server, "service.info"), [r#"{"name":"myserver2"}"#, r#"{"name":"myserver1"}"#]);
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let (server, mut shell) = watched();
    shell.press("service.info name myserver1\rservice.info name myserver2\rquit\r");
    assert_eq!(shell.code(), 0);
    assert_eq!(sent(&server, "service.info"), [r#"{"name":"myserver1"}"#, r#"{"name":"myserver2"}"#]);
}

#[test]
fn ctrl_c_drops_the_line_and_says_once_how_to_leave() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.press("service.cancel name myserver1");
    assert_eq!(shell.after(CTRL_C), "(Ctrl-D or `quit` leaves)");
    shell.press("service.li");
    assert_eq!(shell.after(CTRL_C), "");
    assert!(shell.run("internal.noop").contains("(internal.noop result)"));
    assert_eq!(world.lines(), ["internal.noop"]);
}

#[test]
fn ctrl_d_is_an_end_on_an_empty_line_only() {
    let mut shell = Terminal::sandbox();
    shell.press("serv");
    shell.press(CTRL_D);
    shell.press("ice.list");
    assert!(shell.enter().contains("(service.list result)"));
    shell.press(CTRL_D);
    assert_eq!(shell.code(), 0);
}

#[test]
fn the_arrows_go_through_all_lines_or_those_that_begin_alike() {
    let mut shell = Terminal::sandbox();
    for line in ["internal.noop", "service.info name myserver1", "internal.version", " internal.noop"] {
        shell.run(line);
    }
    for (key, line) in [
        (UP, "internal.version"),
        (UP, "service.info name myserver1"),
        (UP, "internal.noop"),
        (DOWN, "service.info name myserver1"),
        (DOWN, "internal.version"),
        (DOWN, ""),
    ] {
        shell.press(key);
        shell.typing(line);
    }
    shell.press("int");
    for line in ["internal.version", "internal.noop"] {
        shell.press(UP);
        shell.typing(line);
    }
    shell.after(CTRL_C);
    // A recalled line is searched for again once the cursor stands inside it.
    shell.press(UP);
    shell.typing("internal.version");
    shell.press(&LEFT.repeat("version".len()));
    shell.press(UP);
    shell.typing("internal.noop");
    assert!(shell.enter().contains("(internal.noop result)"));
}

#[test]
fn lines_are_kept_one_by_one_for_the_next_session() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    let mut expected = Vec::new();
    for (line, as_kept) in [
        ("internal.noop", Some("internal.noop")),
        (" service.list", None),
        ("internal.noop", None),
        ("no.such", None),
        ("service.info nam x", Some("service.info nam x")),
        ("service.list '\r'", Some("service.list '\n'")),
        ("", None),
    ] {
        shell.run(line);
        expected.extend(as_kept);
        // On disk at once, and not when the session ends.
        assert_eq!(world.lines(), expected);
    }
    let mode = world.journal().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    drop(shell);
    let mut second = Terminal::prompt(world.marsh().arg("--sandbox"));
    second.press("int");
    second.press(UP);
    second.typing("internal.noop");
}

#[test]
fn lines_of_an_older_version_are_taken_over_once() {
    let world = World::new();
    fs::create_dir_all(world.journal().parent().unwrap()).unwrap();
    world.put("../home/.state/marsh/history", "service.list\nservice.info name\\n'a'\n", 0o600);
    let lines = ["service.list", "service.info name\n'a'"];
    for _ in 0..2 {
        let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
        shell.press("service.l");
        shell.press(UP);
        shell.typing("service.list");
        drop(shell);
        assert_eq!(world.lines(), lines);
    }
    assert_eq!(world.content("../home/.state/marsh/history").lines().count(), 2);
}

#[test]
fn a_damaged_journal_costs_a_note() {
    let world = World::new();
    fs::create_dir_all(world.journal().parent().unwrap()).unwrap();
    world.put("../home/.state/marsh/journal.db", &"no journal ".repeat(999), 0o600);
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    assert!(shell.contents().contains("note: lines are not saved: "), "{}", shell.contents());
    assert!(shell.contents().contains("damaged"), "{}", shell.contents());
    assert!(shell.run("internal.noop").contains("result)"));
    assert_eq!(shell.run("history"), "note: the history is turned off");
}

/// Makes the journal refuse something, as a full disk or another program might.
fn refusing(world: &World, what: &str) {
    let journal = rusqlite::Connection::open(world.journal()).unwrap();
    let trigger = format!("CREATE TRIGGER refusing BEFORE {what} BEGIN SELECT RAISE(ABORT, 'not now'); END");
    journal.execute_batch(&trigger).unwrap();
}

#[test]
fn a_failure_of_the_journal_is_reported_once_and_later_lines_are_kept() {
    // Old rows cannot be removed.
    let world = World::new();
    world.configure("history_lines = 1\n");
    let start = || Terminal::prompt(world.marsh().arg("--sandbox"));
    for line in ["help quit", "help use"] {
        start().run(line);
    }
    refusing(&world, "DELETE ON lines");
    let mut shell = start();
    assert!(shell.run("internal.noop").contains("note: old lines and calls could not be removed"));
    let shown = ["help methods", "history"].map(|line| shell.run(line)).concat();
    assert!(!shown.contains("note: "), "{shown}");
    assert_eq!(world.lines(), ["help use", "internal.noop", "help methods", "history"]);
    // Lines cannot be kept for a while.
    refusing_no_more(&world);
    refusing(&world, "INSERT ON lines");
    assert!(shell.run("help quit").contains("note: lines cannot be saved at the moment: not now"));
    assert!(!shell.run("help use").contains("note: "));
    refusing_no_more(&world);
    assert!(!shell.run("internal.version").contains("note: "));
    assert_eq!(world.lines().last().map(String::as_str), Some("internal.version"));
    refusing(&world, "INSERT ON lines");
    assert!(shell.run("help search").contains("note: lines cannot be saved at the moment: not now"));
    shell.press(UP);
    shell.typing("help search");
}

fn refusing_no_more(world: &World) {
    rusqlite::Connection::open(world.journal()).unwrap().execute_batch("DROP TRIGGER refusing").unwrap();
}

#[test]
fn a_line_is_kept_without_what_is_secret_in_it() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    // Each has a secret of its own: one that was seen before would be known wherever it stands.
    for (line, as_kept) in [
        ("memshell.disable name a password canary-1", "memshell.disable name a password (redacted)"),
        ("memshell.disable password 'canary-2 two' name a", "memshell.disable password (redacted) name a"),
        (
            "memshell.disable password (string)canary-3 nam a",
            "memshell.disable password (string)(redacted) nam (redacted)",
        ),
        ("memshell.disable password canary-4 name a |", "memshell.disable password (redacted) name a |"),
        ("memshell.disable password canary-5 --nonsense", "memshell.disable password (redacted) --nonsense"),
        (
            "internal.noop; memshell.disable password canary-6 x",
            "internal.noop; memshell.disable password (redacted) (redacted)",
        ),
    ] {
        shell.run(line);
        assert_eq!(world.lines().last().unwrap(), as_kept);
    }
    let shown = shell.transcript();
    let told: Vec<_> = shown.iter().filter(|line| line.contains("canary") && !line.starts_with(PROMPT)).collect();
    assert!(told.is_empty(), "{told:?}");
}
