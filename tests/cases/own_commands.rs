//! Commands of the user's own shell: what they get, what becomes of their output, and how they end.

use marsh::sandbox::{Options, Server as Sandbox};

use super::canary::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, CTRL_D, ENTER, Terminal};

/// A world with a profile at each provider, and the sandbox that answers them.
fn world() -> (Sandbox, World) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    (sandbox, world)
}

fn on(world: &World) -> Run {
    world.marsh().env("PATH", "/usr/bin:/bin").args(["-p", "memset"])
}

fn script(world: &World, text: &str) -> crate::support::cmd::Outcome {
    on(world).stdin(text).arg("-").run()
}

#[test]
fn a_command_in_a_script_writes_to_standard_output_in_its_turn() {
    let (_sandbox, world) = world();
    let text = "service.info name myserver2 -q .name\n!echo one | tr o 0; echo two >&2 # a comment of the shell\nservice.info name myserver3 -q .name\n";
    script(&world, text).exits(0).prints("\"myserver2\"\n0ne\n\"myserver3\"\n").says("two");
    // Its shell is the user's own.
    world.put("sh", "#!/bin/sh\nprintf '%s,' \"$@\"\n", 0o755);
    on(&world).env("SHELL", world.at("sh")).stdin("!a 'b c' | d\n").arg("-").run().exits(0).prints("-c,a 'b c' | d,");
    on(&world)
        .env("SHELL", "/no/shell")
        .stdin("!true\n")
        .arg("-")
        .run()
        .exits(1)
        .says("cannot start your shell `/no/shell`");
}

#[test]
fn of_a_command_that_fails_nobody_says_that_nothing_was_sent() {
    let (sandbox, world) = world();
    for line in ["!exit 3", "let x = !exit 3", "!no-such-program-here", "!!"] {
        let run = script(&world, &format!("{line}\n"));
        assert!(run.code > 0 && !run.stderr.contains("sent"), "{line}: {run}");
    }
    script(&world, "nothing.here\n").exits(2).says("nothing was sent");
    // Nor is a service asked for what is a command, one whose list is not known either.
    for line in [&["!ls"][..], &["!ls", "-l"], &["generic:!ls"]] {
        let peer = crate::support::raw::Peer::silent();
        let run = world.marsh().to(&peer.url(), KEY).args(line.iter().copied()).run();
        assert!(run.code == 2 && peer.received().is_empty(), "{line:?}: {run}");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn what_a_command_writes_becomes_a_value() {
    let (sandbox, world) = world();
    let text = "let nick = !printf 'from\\na shell\\n'\nservice.set_nickname name myserver1 nickname $nick | f\n$nick\n\
                let count = !echo 2\nlet name = !echo myserver$count\nservice.info name $name -q .name\n";
    script(&world, text).exits(0).prints("\"from\\na shell\"\n\"myserver2\"\n");
    let sent = sandbox.requests();
    assert!(sent.iter().any(|(name, _)| name == "service.set_nickname"), "{sent:?}");
    // A command that fails gives no value, and the name does not keep its old one.
    let run = script(&world, "let x = old\nlet x = !echo new; false\nservice.list\n");
    run.exits(1).prints("").says("the command ended with exit status 1").says("stdin:2");
    let mut shell = Terminal::prompt(on(&world));
    shell.run("let x = old");
    let shown = shell.run("let x = !false");
    assert!(shown.contains("exit status 1"), "{shown}");
    let shown = shell.run("$x");
    assert!(shown.contains("`$x` is not set"), "{shown}");
}

#[test]
fn a_command_that_fails_ends_a_script_and_sends_nothing_after_it() {
    let (sandbox, world) = world();
    for (line, message) in [
        ("!exit 3", "the command ended with exit status 3"),
        ("!kill -9 $$", "signal: 9"),
        ("!no-such-program-here", "exit status 127"),
        ("let x = !exit 3", "the command ended with exit status 3"),
        ("let x = !cat /dev/zero", "more than 1 MiB"),
        ("let x = !printf '\\377'", "not UTF-8"),
    ] {
        script(&world, &format!("{line}\nservice.list\n")).exits(1).prints("").says(message);
    }
    assert!(sandbox.requests().is_empty());
    let run = on(&world).stdin("!exit 3\n!echo on\n").args(["--keep-going", "-"]).run();
    assert_eq!((run.code, run.stdout.as_str()), (1, "on\n"), "{run}");
}

#[test]
fn nothing_runs_before_all_lines_are_checked() {
    let (sandbox, world) = world();
    script(&world, "!touch made\nlet x = !touch made\nservice.lsit\n").exits(2).says("service.list");
    assert!(!world.at("made").exists() && sandbox.requests().is_empty());
    // What a command will have made is not known before it has run.
    let text = "!printf myserver2 > name\n!echo 'service.info name myserver3 -q .name' > more\nservice.info name (file)name -q .name\nrun more\n";
    script(&world, text).exits(0).prints("\"myserver2\"\n\"myserver3\"\n");
}

#[test]
fn variables_and_arguments_reach_a_command_without_being_a_part_of_it() {
    let (_sandbox, world) = world();
    let odd = "a b'; touch made; \"$(touch made)";
    world.put("odd", odd, 0o600);
    let text = "let odd = (file)odd\nlet n = (int)5\nlet PATH = nowhere\nlet a-b = no\n\
                !printf '%s|' \"$odd\" \"$n\"; printf '%s|' \"$1\" \"$2\" \"$#\"; printenv a-b; ls made; true\n";
    world.put("script", text, 0o600);
    let run = on(&world).args(["run", "script", odd, "two"]).run().exits(0);
    assert_eq!(run.stdout, format!("{odd}|5|{odd}|two|2|"));
    // A line that is saved may be such a command.
    on(&world).args(["save", "hello", "!echo hello \"$1\""]).run().exits(0);
    on(&world).args(["hello", odd]).run().exits(0).prints(&format!("hello {odd}\n"));
    on(&world).args(["hello", "a", "b"]).run().exits(2).says("hello uses one argument");
    assert!(!world.at("made").exists());
}

#[test]
fn no_key_and_no_secret_reaches_a_command() {
    let (_sandbox, world) = world();
    let text = "let password = hunter22\nlet plain = x\nlet token = !echo hunter33\n!env\n!echo $password$token\n";
    let run =
        on(&world).env("MARSH_KEY", KEY).env("MARSH_OTHER_KEY", "canary-other").stdin(text).arg("-").run().exits(0);
    assert!(run.stdout.contains("plain=x") && run.stdout.ends_with("\n\n"), "{run}");
    for secret in [KEY, "canary-other", "hunter22", "hunter33"] {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{run}");
    }
}

#[test]
fn at_the_prompt_ctrl_c_ends_the_command_and_not_the_session() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::prompt(on(&world));
    let shown = shell.run("!echo $((40+2))");
    assert!(shown.contains("42"), "{shown}");
    // It waits without a program of its own, which might begin just when the key is pressed.
    shell.press(&format!("!echo begun; read -r nothing{ENTER}"));
    shell.until("the command", |t| t.contents().matches("begun").count() == 2);
    shell.after(CTRL_C);
    shell.see("Ctrl-C ended the command");
    // A command that heeds Ctrl-C itself does not stop what follows.
    shell.press(&format!(
        "!trap 'exit 0' INT; echo again; while :; do sleep 1; done\nservice.info name myserver2 -q .name{ENTER}"
    ));
    shell.until("the command", |t| t.contents().matches("again").count() >= 2);
    shell.after(CTRL_C);
    assert_eq!(shell.contents().matches("Ctrl-C ended").count(), 1, "{}", shell.contents());
    let shown = shell.run("service.info name myserver2 -q .name");
    assert!(shown.contains("\"myserver2\""), "{shown}");
    // It can ask its own questions.
    shell.press(&format!("!printf 'which? '; read answer; echo \"it was $answer\"{ENTER}"));
    shell.until("the question", |t| t.contents().matches("which?").count() == 2);
    shell.press("seven\r");
    shell.see("it was seven");
    shell.until("the next prompt", Terminal::at_prompt);
    for (line, message) in [("!!", "Up brings the last line back"), ("!5", "Up brings"), ("!", "! has no command")] {
        let shown = shell.run(line);
        assert!(shown.contains(message), "{line}: {shown}");
    }
    shell.press(CTRL_D);
    assert_eq!(shell.code(), 0);
    let lines = world.lines();
    assert!(lines.contains(&"!echo $((40+2))".to_owned()), "{lines:?}");
}

#[test]
fn what_is_given_as_a_secret_is_not_kept_with_the_line() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::prompt(on(&world));
    for line in [
        "!true --password §",
        "!true --token=§",
        "!PGPASSWORD=§ true",
        "!true http://u:§@h/",
        "let x = !echo --api-key §",
    ] {
        shell.run(&line.replace('§', "CANARY-own-77"));
    }
    shell.run("!grep -c token /dev/null; true");
    shell.press(CTRL_D);
    assert_eq!(shell.code(), 0);
    let lines = world.lines();
    assert!(lines.contains(&"!true --password (redacted)".to_owned()), "{lines:?}");
    assert!(lines.contains(&"!grep -c token /dev/null; true".to_owned()), "{lines:?}");
    for (path, bytes) in world.everything() {
        assert!(!String::from_utf8_lossy(&bytes).contains("CANARY-own-77"), "{}", path.display());
    }
}

#[test]
fn a_pasted_block_with_a_command_is_asked_about() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::prompt(on(&world));
    shell.paste("service.list -q length\n!touch made");
    shell.press(ENTER);
    shell.see("2 lines: 1 read, 1 change; run them? [y/N]");
    shell.after("n\r");
    assert!(!world.at("made").exists());
}

#[test]
fn a_one_shot_line_is_no_command_and_says_what_to_do() {
    let (_sandbox, world) = world();
    on(&world).arg("!touch made").run().exits(2).prints("").says("your own shell runs a command without marsh");
    assert!(!world.at("made").exists());
    // A read-only account forbids changes at its provider, not work on this machine.
    on(&world).args(["--read-only", "-"]).stdin("!echo yes\n").run().exits(0).prints("yes\n");
}
