//! Lines that are recalled: which of them, and in which order.

use marsh::sandbox::{Options, Server};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, CTRL_R, Terminal, UP};

#[test]
fn lines_of_another_shell_are_recalled_after_own_lines() {
    let world = World::new();
    let mut one = Terminal::prompt(world.marsh().arg("--sandbox"));
    let mut other = Terminal::prompt(world.marsh().arg("--sandbox"));
    one.run("internal.noop");
    other.run("internal.version");
    other.run("service.info name myserver1");
    // They are there with the next prompt.
    one.enter();
    for line in ["internal.noop", "service.info name myserver1", "internal.version"] {
        one.press(UP);
        one.typing(line);
    }
    one.after(CTRL_C);
    other.enter();
    other.press("int");
    for line in ["internal.version", "internal.noop"] {
        other.press(UP);
        other.typing(line);
    }
}

#[test]
fn lines_of_the_account_in_use_are_recalled_first() {
    let sandbox = Server::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    let start = |profile: &str| Terminal::prompt(world.marsh().args(["-p", profile]));
    let recalls = |shell: &mut Terminal, begun: &str, lines: &[&str]| {
        shell.press(begun);
        for line in lines {
            shell.press(UP);
            shell.until(line, |shell| shell.row().ends_with(&format!("> {line}")));
        }
        shell.after(CTRL_C);
    };
    // An earlier session, in two accounts. Which account a line is for is decided when it is typed.
    let mut earlier = start("memset");
    for line in ["help methods", "help quit", "use vpsnet", "help search", "help use"] {
        earlier.run(line);
    }
    drop(earlier);
    let of_memset = ["use vpsnet", "help quit", "help methods"];
    let mut shell = start("memset");
    recalls(&mut shell, "", &[&of_memset[..], &["help use", "help search"]].concat());
    recalls(&mut shell, "help", &["help quit", "help methods", "help use", "help search"]);
    // The order changes with the account.
    shell.run("use vpsnet");
    recalls(&mut shell, "", &["help use", "help search", "use vpsnet", "help quit", "help methods"]);
    // A line that was typed in both belongs to both.
    shell.run("help quit");
    recalls(&mut shell, "", &["help quit", "help use", "help search", "use vpsnet", "help methods"]);
    shell.run("use memset");
    recalls(&mut shell, "", &["use vpsnet", "help quit", "help methods", "use memset", "help use", "help search"]);
    // What another shell types in an account comes where that account is.
    start("vpsnet").run("help jobs");
    start("memset").run("help wait");
    shell.enter();
    recalls(&mut shell, "", &["use vpsnet", "help wait", "help quit", "help methods", "use memset", "help jobs"]);
    // Ctrl-R searches in the same order.
    shell.press(CTRL_R);
    shell.press("help");
    shell.see("`help': help wait");
    for line in ["help quit", "help methods", "help jobs", "help use"] {
        shell.press(CTRL_R);
        shell.see(&format!("`help': {line}"));
    }
    shell.after(CTRL_C);
    // A new session with the other account.
    recalls(
        &mut start("vpsnet"),
        "",
        &["help jobs", "use memset", "help quit", "help use", "help search", "help wait"],
    );
}

#[test]
fn a_line_that_was_run_again_is_recalled_once() {
    let mut shell = Terminal::sandbox();
    for line in ["internal.noop", "help quit", "internal.version", "help quit"] {
        shell.run(line);
    }
    for line in ["help quit", "internal.version", "internal.noop", "internal.noop"] {
        shell.press(UP);
        shell.typing(line);
    }
}

#[test]
fn ctrl_r_finds_a_line_by_any_part_of_it() {
    let mut shell = Terminal::sandbox();
    for line in ["service.info name myserver1", "internal.noop", "service.info name myserver2", "help quit"] {
        shell.run(line);
    }
    shell.press(CTRL_R);
    shell.press("INFO");
    shell.see("(reverse-i-search)`INFO': service.info name myserver2");
    shell.press(CTRL_R);
    shell.see("(reverse-i-search)`INFO': service.info name myserver1");
    let shown = shell.enter();
    assert!(shown.contains("\nname  ") && shown.contains("  myserver1\n"), "{shown}");
}

#[test]
fn a_line_that_questions_completed_is_kept_once_in_its_complete_form() {
    let sandbox = Server::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    shell.see_after("service.info\r", "name:", "the question");
    shell.run("myserver2");
    shell.see_after("service.info\r", "name: ", "the question again");
    // What was typed is kept as it was when nothing came of it.
    shell.after(CTRL_C);
    let shown = shell.run("history service.info");
    assert_eq!(shown.matches("service.info name myserver2").count(), 1, "{shown}");
    let lines = world.lines();
    assert_eq!(lines, ["service.info name myserver2", "service.info", "history service.info"]);
    let ended: Vec<Option<i32>> =
        world.opened().lines(&history::Filter::default()).unwrap().iter().map(|line| line.exit_code).collect();
    assert_eq!(ended[..2], [Some(0), Some(10)]);
}
