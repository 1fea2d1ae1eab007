//! The manners of the prompt: when it asks, how much it shows at once, and that nothing ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use marsh::sandbox::{Options, Server};

use crate::support::KEY;
use crate::support::cmd::World;
use crate::support::keys::{BACKSPACE, CTRL_C, CTRL_D, CTRL_L, ENTER, PROMPT, TAB, Terminal, UP};
use crate::support::raw::{Peer, fault, result};

/// How long anything may take that is asked for again and again.
const PATIENCE: Duration = Duration::from_secs(30);

/// A simulated account whose calls can be looked at.
fn account() -> (Server, String, String) {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().remove(0);
    (server, account.url, account.key)
}

/// A prompt on such an account.
fn watched() -> (Server, Terminal) {
    let (server, url, key) = account();
    (server, Terminal::prompt(World::new().marsh().to(&url, &key)))
}

fn calls(server: &Server, method: &str) -> usize {
    server.requests().into_iter().filter(|(name, _)| name == method).count()
}

/// A prompt on the sandbox with a program that shows what is long.
fn paging(world: &World, script: &str) -> Terminal {
    world.put("pager", &format!("#!/bin/sh\n{script}\n"), 0o700);
    Terminal::prompt(world.marsh().env("MARSH_PAGER", world.at("pager")).arg("--sandbox"))
}

/// A server that lists its methods only when it is told to, in these words.
fn late_list(list: Vec<u8>) -> (Arc<AtomicBool>, Peer) {
    let told = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&told);
    let peer = Peer::new(move |request, stream| {
        let asked = Instant::now();
        while request.contains("system.listMethods") && !gate.load(Ordering::Relaxed) && asked.elapsed() < PATIENCE {
            thread::yield_now();
        }
        std::io::Write::write_all(stream, if request.contains("listMethods") { &list } else { b"" })
    });
    (told, peer)
}

#[test]
fn ctrl_l_clears_the_screen_and_keeps_the_line() {
    let mut shell = Terminal::sandbox();
    shell.press("help qu");
    shell.typing("help qu");
    shell.press(CTRL_L);
    shell.until("an empty screen", |shell| shell.contents().trim_end() == format!("{PROMPT} help qu"));
    shell.press("it");
    assert!(shell.enter().contains("Leave."));
}

#[test]
fn a_line_that_was_kept_without_its_secret_does_not_run() {
    let (server, url, key) = account();
    let world = World::new();
    let lines = [
        "memshell.disable password canary-1 name myserver1",
        "memshell.disable name myserver1 password (string)canary-2",
        "memshell.disable name myserver1 password=canary-3",
    ];
    let mut shell = Terminal::prompt(world.marsh().to(&url, &key));
    for line in lines {
        shell.run(line);
        // In the session in which it was typed, a line is whole.
        shell.press(UP);
        shell.typing(line);
        shell.after(CTRL_C);
    }
    drop(shell);
    let before = calls(&server, "memshell.disable");
    let mut shell = Terminal::prompt(world.marsh().to(&url, &key));
    for times in 1..=lines.len() {
        shell.press(&UP.repeat(times));
        shell.until("a recalled line", |shell| shell.row().contains("memshell.disable"));
        let shown = shell.enter();
        assert!(shown.contains("saved without its secret") && shown.contains("nothing was sent"), "{shown}");
        assert!(shown.contains("^^^^^^^^^^"), "{shown}");
    }
    // Nor does any line beside it.
    shell.paste("internal.version\nmemshell.disable name myserver1 password (string)(redacted)");
    assert!(shell.enter().contains("saved without its secret"));
    assert_eq!((calls(&server, "memshell.disable"), calls(&server, "internal.version")), (before, 0));
}

#[test]
fn what_is_longer_than_the_screen_goes_through_the_pager() {
    let world = World::new();
    let mut shell = paging(&world, "echo \"paged [$LESS]\"; sed 's/^/| /'");
    let shown = shell.run("service.list -o json");
    assert!(shown.starts_with("(service.list result)\npaged [FRX]\n| [\n") && shown.ends_with("\n| ]"), "{shown}");
    let shown = shell.run("service.info name myserver1 -o json");
    assert_eq!(shown.contains("paged"), shown.lines().count() > 22, "{shown}");
    assert!(shell.run("help remote").starts_with("paged"));
    assert!(!shell.run("help quit").contains("paged"));
    // A larger window needs none.
    shell.resize(80, 250);
    shell.enter();
    assert!(!shell.run("service.list -o json").contains("paged"));
}

#[test]
fn the_users_own_settings_for_less_hold() {
    let world = World::new();
    world.put("pager", "#!/bin/sh\necho \"paged [$LESS]\"; cat >rest\n", 0o700);
    let run = world.marsh().env("MARSH_PAGER", world.at("pager")).env("LESS", "-S").arg("--sandbox");
    assert_eq!(Terminal::prompt(run).run("service.list -o json"), "(service.list result)\npaged [-S]");
}

#[test]
fn a_pager_that_is_not_there_costs_one_note() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().env("MARSH_PAGER", "no-such-pager -x").arg("--sandbox"));
    let shown = shell.run("service.list -o json");
    assert!(shown.contains("note: no pager: cannot find the program `no-such-pager`"), "{shown}");
    assert!(shown.ends_with("\n]"), "{shown}");
    assert!(!shell.run("service.list -o json").contains("no pager"));
}

#[test]
fn nothing_is_paged_in_one_shot_or_on_a_dumb_terminal() {
    let world = World::new();
    world.put("pager", "#!/bin/sh\necho paged; cat\n", 0o700);
    let run = || world.marsh().env("MARSH_PAGER", world.at("pager")).arg("--sandbox");
    let mut shell = Terminal::open(run().arg("service.list"));
    assert_eq!(shell.code(), 0);
    assert!(!String::from_utf8_lossy(&shell.raw).contains("paged"));
    let mut shell = Terminal::open(run().env("TERM", "dumb"));
    shell.see(PROMPT);
    shell.press("service.list\rquit\r");
    assert_eq!(shell.code(), 0);
    let raw = String::from_utf8_lossy(&shell.raw);
    assert!(raw.contains("myserver1") && !raw.contains("paged"), "{raw}");
}

#[test]
fn ctrl_c_in_the_pager_is_for_the_pager() {
    let world = World::new();
    // A `read` that has just begun would not notice the signal, so the key is read only after it.
    let script = "trap 'echo caught; heard=1' INT; cat >rest; echo waiting\n\
                  until [ \"$heard\" ]; do sleep 0.05; done; read key </dev/tty; echo \"got $key\"";
    let mut shell = paging(&world, script);
    shell.press("service.list -o json; internal.version\r");
    shell.see("waiting");
    shell.press(CTRL_C);
    shell.see("caught");
    let shown = shell.after("q\r");
    assert!(shell.contents().contains("got q") && shown.contains("(internal.version result)"), "{shown}");
    assert!(!shown.contains("left out"), "{shown}");
}

#[test]
fn ctrl_c_stops_a_long_result_and_the_lines_after_it() {
    let world = World::new();
    let numbers = "<value><int>1</int></value>".repeat(100_000);
    let peer = Peer::in_turn(vec![result(&format!("<array><data>{numbers}</data></array>"))]);
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    shell.press("service.list; internal.version\r");
    shell.see("\n  1,\n");
    // More may have come than the terminal keeps: what counts is on the screen.
    shell.press(CTRL_C);
    shell.see(" more lines\nnote: the line after it was skipped\n");
    shell.see("\nnote: stopped before ");
    shell.press("help quit");
    shell.press(ENTER);
    shell.see("\nLeave.");
}

#[test]
fn a_line_can_be_edited_elsewhere_and_waits_for_enter() {
    const ELSEWHERE: &str = "\x18\x05";
    let world = World::new();
    world.put("editor", "#!/bin/sh\nsed -i s/quit/methods/ \"$1\"\n", 0o700);
    let run = world.marsh().env("EDITOR", world.at("editor")).arg("--sandbox");
    let mut shell = Terminal::prompt(run);
    shell.press("help quit");
    shell.press(ELSEWHERE);
    shell.typing("help methods");
    let told = shell.enter();
    assert!(told.contains("List every method"), "{told}");
    for (editor, words) in
        [("no-such-editor", "cannot find the program"), ("false", "`false` ended with"), ("", "VISUAL")]
    {
        let mut shell = Terminal::prompt(world.marsh().env("VISUAL", editor).arg("--sandbox"));
        shell.press("help quit");
        shell.press(ELSEWHERE);
        shell.see(words);
        // The line is there as it was.
        shell.until("the line", |shell| shell.row().ends_with("> help quit"));
        assert!(shell.enter().contains("Leave."));
    }
}

#[test]
fn pasted_lines_that_only_read_just_run() {
    let (server, mut shell) = watched();
    let told = "service.cancel name myserver1 --help\nservice.cancel name myserver1 --dry-run";
    shell.paste(&format!("service.info name myserver1\n# two\nservice.info name myserver2\n{told}\nhelp quit"));
    let shown = shell.enter();
    assert!(shown.contains("Leave.") && !shown.contains("[y/N]"), "{shown}");
    assert_eq!((calls(&server, "service.info"), calls(&server, "service.cancel")), (2, 0));
}

#[test]
fn pasted_lines_that_change_something_are_asked_about_once() {
    let (server, mut shell) = watched();
    let block = "service.info name myserver1\n\
                 service.set_nickname name myserver1 nickname a\n\
                 service.set_nickname name myserver2 nickname b";
    for (answer, run) in [("\r", 0), ("n\r", 0), (CTRL_C, 0), (CTRL_D, 0), ("y\r", 2), ("YES\r", 4)] {
        shell.paste(block);
        shell.press(ENTER);
        shell.until("the question", |shell| shell.row().ends_with("3 lines: 1 read, 2 change; run them? [y/N]"));
        let shown = shell.after(answer);
        assert_eq!(shown.contains("nothing was run"), run == 0, "{shown}");
        assert_eq!(calls(&server, "service.set_nickname"), run, "{answer:?}");
    }
    // A block that is recalled is asked about, too.
    shell.press(UP);
    shell.until("the block", |shell| shell.row().ends_with("nickname b"));
    shell.press(ENTER);
    shell.until("the question", |shell| shell.row().ends_with("[y/N]"));
    assert!(shell.after("n\r").contains("nothing was run"));
}

#[test]
fn a_block_with_a_wrong_line_is_refused_whole() {
    let (server, mut shell) = watched();
    shell.paste("service.list\nno.such name x\nservice.info nam x\nquit");
    let shown = shell.enter();
    assert!(shown.contains("unknown method `no.such`") && shown.contains("no parameter `nam`"), "{shown}");
    assert!(shown.ends_with("nothing was sent") && !shown.contains("left out"), "{shown}");
    assert_eq!(calls(&server, "service.list"), 0);
}

#[test]
fn a_block_with_lines_that_cannot_be_judged_yet_is_asked_about() {
    let (server, mut shell) = watched();
    shell.paste("service.list -q '\"internal.noop\"' -o value | later.marsh\nsource later.marsh\nservice.list");
    shell.press(ENTER);
    let question = "3 lines: 1 read, 1 change, 1 unknown; run them? [y/N]";
    shell.until("the question", |shell| shell.row().ends_with(question));
    let shown = shell.after("y\r");
    assert!(shown.contains("(internal.noop result)"), "{shown}");
    assert_eq!((calls(&server, "service.list"), calls(&server, "internal.noop")), (2, 1));
}

#[test]
fn lines_after_a_failing_line_are_skipped_with_a_note() {
    let (server, mut shell) = watched();
    shell.paste("service.info name nobody\nservice.list\nservice.list");
    let shown = shell.enter();
    assert!(shown.ends_with("note: the 2 lines after it were skipped"), "{shown}");
    assert_eq!(calls(&server, "service.list"), 0);
}

#[test]
fn lines_on_one_row_are_not_asked_about() {
    let (server, mut shell) = watched();
    let shown = shell.run("service.set_nickname name myserver1 nickname a; internal.noop");
    assert!(!shown.contains("[y/N]"), "{shown}");
    assert_eq!(calls(&server, "service.set_nickname"), 1);
}

#[test]
fn news_do_not_break_into_the_line_being_typed() {
    let (told, peer) = late_list(fault(9, "was not refreshed"));
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    peer.hear("system.listMethods");
    shell.press("help qu");
    shell.typing("help qu");
    told.store(true, Ordering::Relaxed);
    let started = Instant::now();
    while !shell.transcript().iter().any(|line| line.contains("was not refreshed")) {
        shell.press("it");
        shell.typing("help quit");
        assert!(shell.enter().contains("Leave."));
        shell.press("help qu");
        shell.typing("help qu");
        assert!(started.elapsed() < PATIENCE, "{}", shell.contents());
    }
    // It stands on a line of its own, above a prompt.
    let shown = shell.transcript();
    let at = shown.iter().position(|line| line.contains("was not refreshed")).unwrap();
    assert!(shown[at].starts_with("note: the method list of "), "{shown:?}");
}

#[test]
fn a_list_that_arrives_while_a_line_is_typed_serves_the_next_tab() {
    let list = result("<array><data><value>brand.new_thing</value></data></array>");
    let (told, peer) = late_list(list);
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    peer.hear("system.listMethods");
    shell.press("brand.n");
    shell.press(TAB);
    shell.press("!");
    shell.typing("brand.n!");
    told.store(true, Ordering::Relaxed);
    let started = Instant::now();
    while !shell.row().ends_with("brand.new_thing !") {
        assert!(started.elapsed() < PATIENCE, "{}", shell.contents());
        shell.press(BACKSPACE);
        shell.typing("brand.n");
        shell.press(TAB);
        shell.press("!");
        shell.until("a mark behind it", |shell| shell.row().ends_with('!'));
    }
}

#[test]
fn the_window_may_change_its_size() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    let widest = |shown: &str| shown.lines().map(|line| line.chars().count()).max().unwrap();
    let narrow = shell.run("help dns.zone_record_create");
    let cut = shell.run("service.list | out.json -o json").lines().count();
    shell.resize(200, 50);
    shell.enter();
    let wide = shell.run("help dns.zone_record_create");
    assert!(widest(&wide) > 90 && wide.lines().count() < narrow.lines().count(), "{wide}");
    assert_eq!(shell.run("service.list | out.json -o json").lines().count(), cut + 26);
}

#[test]
fn the_lines_that_were_typed_are_listed_without_secrets() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    assert_eq!(shell.run(" history"), "");
    for line in ["internal.noop", "memshell.disable name a password canary-1", " service.list", "service.info name a"] {
        shell.run(line);
    }
    let kept = "internal.noop\nmemshell.disable name a password (redacted)\nservice.info name a";
    // The last column.
    let texts = |shown: &str| -> String {
        let rows: Vec<&str> = shown.lines().collect();
        let at = rows.first().and_then(|head| head.find("line")).unwrap_or_default();
        rows.iter().skip(1).map(|row| row[at..].to_owned() + "\n").collect()
    };
    assert_eq!(texts(&shell.run(" history")), kept.to_owned() + "\n");
    assert_eq!(texts(&shell.run(" history NAME service")), "service.info name a\n");
    assert_eq!(shell.run(" history noop -o value -q '.[] | .text'"), "internal.noop");
    shell.run("history | lines.txt");
    assert_eq!(texts(&world.content("lines.txt")), format!("{kept}\nhistory | lines.txt\n"));
}

#[test]
fn without_a_place_for_lines_the_list_of_them_says_so() {
    let world = World::new();
    world.put("in-the-way", "a file", 0o600);
    let run = world.marsh().arg("--sandbox").env("XDG_STATE_HOME", world.at("in-the-way"));
    let mut shell = Terminal::prompt(run);
    assert_eq!(shell.run("history"), "note: the history is turned off");
    // In this session they are recalled all the same.
    shell.press(UP);
    shell.typing("history");
}

/// Two accounts whose keys are printed by commands that leave a trace.
fn with_commands(world: &World, url: &str) {
    let profile = |name: &str| {
        let command = format!("sh -c 'echo {name} >>asked; echo {KEY}'");
        format!("[profiles.{name}]\nprovider = \"memset\"\nurl = \"{url}\"\nkey_command = \"{command}\"\n")
    };
    world.configure(&format!("profile = \"one\"\n{}{}", profile("one"), profile("two")));
}

#[test]
fn no_prompt_waits_for_the_keys_of_other_accounts() {
    let (server, url, _) = account();
    drop(server);
    let world = World::new();
    let list = result("<array><data><value>brand.new_thing</value></data></array>");
    let peer = Peer::saying(list);
    with_commands(&world, &peer.url());
    assert!(!url.is_empty());
    let mut shell = Terminal::prompt(world.marsh());
    // Nothing is known of the current account, so that its key is asked for; the other one's is not.
    assert_eq!((world.content("asked").as_str(), shell.row().as_str()), ("one\n", "memset:one>"));
    let started = Instant::now();
    while !shell.run("brand.new_thing").contains(" result)") {
        assert!(started.elapsed() < PATIENCE, "{}", shell.contents());
    }
    shell.press("quit\r");
    assert_eq!(shell.code(), 0);
    // The list is kept: the next session asks for no key before a call needs it.
    let mut shell = Terminal::prompt(world.marsh());
    assert_eq!((world.content("asked").as_str(), shell.row().as_str()), ("one\n", "memset:one>"));
    // Nothing is known of the other account until it is the current one.
    shell.run("use two");
    assert_eq!((world.content("asked").as_str(), shell.row().as_str()), ("one\ntwo\n", "memset:two>"));
}

#[test]
fn the_terminal_is_left_as_it_was_found() {
    for (before, leave) in [("", "quit\r"), ("", CTRL_D), ("service.set_nickname nickname 'open\r", CTRL_D)] {
        let mut shell = Terminal::sandbox();
        shell.press(before);
        shell.after(CTRL_C);
        shell.press(leave);
        assert_eq!(shell.code(), 0);
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        let (begun, ended) = (raw.rfind("\x1b[?2004h").unwrap(), raw.rfind("\x1b[?2004l").unwrap());
        assert!(begun < ended, "{raw:?}");
    }
}

#[test]
fn a_question_is_plain_without_colours_and_on_a_dumb_terminal() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut shell = Terminal::open(World::new().marsh().arg("--sandbox").env(name, value));
        shell.see(PROMPT);
        // Without bracketed paste, each line is a line of its own.
        shell.press("service.set_nickname name myserver1 nickname a\r");
        shell.see("(service.set_nickname result)");
        shell.press("history nickname\rquit\r");
        assert_eq!(shell.code(), 0);
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        let listed = raw.contains("  done ") && raw.contains("  service.set_nickname name myserver1 nickname\r\n");
        assert!(listed && raw.contains("  history nickname\r\n"), "{raw:?}");
        assert!(!raw.contains("\x1b[1m") && !raw.contains("\x1b[0m"), "{raw:?}");
    }
}
