//! Arguments of scripts: where they go, that they stay values, and that those used for secrets are shown nowhere.

use marsh::sandbox::{Options, Server as Sandbox};

use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_D, Terminal};
use crate::support::server::{Answer, Server};

const SECRET: &str = "CANARY-arg-Zq77";

fn with(script: &str) -> World {
    let world = World::new();
    world.put("deploy.marsh", script, 0o755);
    world
}

fn five() -> Answer {
    Answer::value("<int>5</int>")
}

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).unwrap()
}

fn on(world: &World, sandbox: &Sandbox) -> Run {
    let account = sandbox.accounts().remove(0);
    world.marsh().to(&account.url, &account.key)
}

/// Ways to give a script with arguments.
fn ways<'a>(arguments: &[&'a str]) -> Vec<(Vec<&'a str>, bool)> {
    let with = |front: &[&'a str]| front.iter().chain(arguments).copied().collect::<Vec<_>>();
    vec![
        (with(&["run", "deploy.marsh"]), false),
        (with(&["source", "deploy.marsh"]), false),
        (with(&["run", "-"]), true),
        (with(&["-"]), true),
    ]
}

#[test]
fn arguments_fill_their_places_however_the_script_is_given() {
    let script = "internal.echo string $1 other (list)$@, c count (int)$# --no-check\n";
    for (args, by_stdin) in ways(&["a b", "$x; y"]) {
        let server = Server::answering([five()]);
        let run = with(script).marsh().against(&server).args(&args);
        let run = if by_stdin { run.stdin(script) } else { run };
        run.run().exits(0).prints("5\n").says_nothing();
        let text = server.requests()[0].text();
        for part in ["<string>a b</string>", "<string>$x; y</string>", "<string>c</string>", "<int>2</int>"] {
            assert!(text.contains(part), "{args:?}: {part}: {text}");
        }
    }
}

#[test]
fn an_argument_is_never_read_as_a_part_of_the_line() {
    let script = "internal.echo string $1\n";
    for argument in [
        "; internal.echo string b",
        "a\ninternal.echo string b",
        "'",
        "\"",
        "$_",
        "$1",
        "$@",
        "@-",
        "(int)5",
        "--dry-run",
        "-o",
        "| out.json",
        "> out.json",
        "|! touch out",
        "#",
        "a,b",
        "\\",
        "",
        " ",
    ] {
        for (args, by_stdin) in ways(&[argument]) {
            // What begins like an option is one of the program until `--` says otherwise.
            let at = args.len() - 1;
            let option = argument.starts_with('-') && args[0] == "run";
            let dashes = if option { &["--"][..] } else { &[] };
            let words: Vec<&str> = args[..at].iter().chain(dashes).copied().collect();
            if args[0] == "source" && argument.starts_with(['-', '(', '|', '>', '@']) {
                continue;
            }
            let server = Server::answering([five()]);
            let world = with(script);
            let run = world.marsh().against(&server).args(words).arg(argument);
            let run = if by_stdin { run.stdin(script) } else { run };
            run.run().exits(0).prints("5\n").says_nothing();
            let text = server.requests()[0].text();
            let sent = argument.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(text.contains(&format!("<string>{sent}</string>")), "{argument:?}: {text}");
            assert_eq!(world.names(), ["deploy.marsh"]);
        }
    }
}

#[test]
fn arguments_go_into_options_files_and_words_of_commands() {
    let sandbox = sandbox();
    let world =
        with("service.info name $1 -o $2 -q $3 > $4\nlet n = $1\nservice.info name $n -q $3\nsource inner $@\n");
    world.put("inner", "service.info name (string)$1 -q $3 --output $2 >! $4\n", 0o644);
    let ended = on(&world, &sandbox).args(["run", "deploy.marsh", "myserver1", "json", ".name", "a b.json"]).run();
    ended.exits(0).prints("\"myserver1\"\n").says_nothing();
    assert_eq!(world.content("a b.json"), "\"myserver1\"\n");
}

#[test]
fn nothing_is_sent_when_the_arguments_do_not_fit() {
    for (script, arguments, code, place, message) in [
        (
            "internal.echo\ninternal.echo string $2\n",
            &["a"][..],
            2,
            "deploy.marsh:2: ",
            "$2 is missing: one argument was given",
        ),
        ("internal.echo\ninternal.echo | $1\n", &[], 2, "deploy.marsh:2: ", "$1 is missing: no argument was given"),
        ("internal.echo string $0\n", &["a"], 2, "deploy.marsh:1: ", "$0 is not an argument"),
        ("internal.echo\n", &["a"], 2, "", "deploy.marsh uses no arguments, and 1 was given"),
        ("internal.echo string $2 b $1\n", &["a", "b", "c"], 2, "", "deploy.marsh uses 2 arguments, and 3 were given"),
        ("internal.echo\n$1 string x\n", &["internal.echo"], 2, "deploy.marsh:2: ", "cannot be a method"),
        ("internal.echo\ncall POST $1\n", &["/x"], 2, "deploy.marsh:2: ", "cannot be a method or an address"),
        ("internal.echo\nservice.info name $@\n", &["a", "b"], 2, "deploy.marsh:2: ", "`name` must be"),
        ("internal.echo\nserver.set_bandwidth_quota x $1\n", &["a"], 2, "deploy.marsh:2: ", ""),
        ("internal.echo\nservice.list -o $1\n", &["jsn"], 2, "deploy.marsh:2: ", "jsn"),
        ("internal.echo\nuse $1\n", &["nobody"], 2, "deploy.marsh:2: ", "nobody"),
        ("internal.echo\nsource other $1\n", &["x"], 1, "deploy.marsh:2: ", "cannot read other"),
    ] {
        for (args, by_stdin) in ways(arguments) {
            let server = Server::answering([]);
            let run = with(script).marsh().against(&server).args(&args);
            let run = if by_stdin { run.stdin(script) } else { run };
            let named = |text: &str| if by_stdin { text.replace("deploy.marsh", "stdin") } else { text.to_owned() };
            let ended = run.run().exits(code).prints("").says(&named(place)).says(&named(message));
            ended.says("nothing was sent");
            assert_eq!(server.requests().len(), 0, "{script}");
        }
    }
}

#[test]
fn outside_a_script_there_are_no_arguments() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    for line in ["service.info name $1", "service.list | $1", "service.list --columns $@", "let n = $#"] {
        let shown = shell.run(line);
        assert!(shown.contains("is an argument of a script, and this line is not in one"), "{line}: {shown}");
        assert!(shown.contains("quote it"), "{line}: {shown}");
    }
    assert!(shell.run("let n = '$1'; $n").contains("\"$1\""));
    shell.press(CTRL_D);
    assert!(world.names().is_empty());
}

#[test]
fn a_script_runs_at_the_prompt_with_values_of_any_kind() {
    let world = with("service.info name $1 -q .name\nlet all = (list)$@\n$all\n");
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.run("service.info name myserver2");
    let shown = shell.run("run deploy.marsh $_.name (int)5 'a b' (list)c,d");
    for part in ["\"myserver2\"", "\"5\"", "\"a b\"", "\"c\"", "\"d\""] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // A value that only an earlier line tells is not known when the lines are checked.
    world.put("outer.marsh", "service.info name myserver3\nrun deploy.marsh $_.name\n", 0o644);
    let shown = shell.run("run outer.marsh");
    assert!(shown.contains("\"myserver3\"") && !shown.contains("marsh:"), "{shown}");
}

#[test]
fn a_script_is_a_program_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_marsh")).parent().unwrap();
    let world = with("#!/usr/bin/env -S marsh run\ninternal.echo string $1 b $2 --no-check\n");
    let server = Server::answering([five()]);
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let run = world.marsh().to(&server.url("/v1/xmlrpc"), crate::support::KEY).env("PATH", path);
    run.through("exec ./deploy.marsh 'a b' '; c'").run().exits(0).prints("5\n").says_nothing();
    let text = server.requests()[0].text();
    assert!(text.contains("<string>a b</string>") && text.contains("<string>; c</string>"), "{text}");
}

/// Scripts that use their second argument for a secret.
const SECRETIVE: [&str; 6] = [
    "memshell.disable name $1 password $2\n",
    "memshell.disable password (string)$2 name $1\n",
    "let password = $2\nmemshell.disable name $1 password $password\n",
    "let x = $2\nmemshell.disable name $1 password $x\n",
    "run inner.marsh $2 $1\n",
    "memshell.disable name $1 pasword $2\n",
];

#[test]
fn an_argument_that_is_used_for_a_secret_is_shown_and_kept_nowhere() {
    for script in SECRETIVE {
        let world = with(script);
        world.put("inner.marsh", "memshell.disable password $1 name $2\n", 0o644);
        for way in [&["run"][..], &["source"], &["-v", "run"], &["-o", "json", "run"]] {
            let run = world.marsh().arg("--sandbox").args(way).args(["deploy.marsh", "myserver3", SECRET]).run();
            assert_ne!(run.code, 0, "{run}");
            // The outcome itself names the command.
            assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{script}: {run}");
        }
        let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
        let shown = shell.run(&format!("run deploy.marsh myserver3 {SECRET}"));
        assert!(!shown.contains(SECRET), "{script}: {shown}");
        shell.press(CTRL_D);
        assert_eq!(shell.code(), 0);
        assert_eq!(world.lines(), ["run deploy.marsh myserver3 (redacted)"], "{script}");
        let holding = |(_, bytes): &(_, Vec<u8>)| String::from_utf8_lossy(bytes).contains(SECRET);
        let files: Vec<_> = world.everything().into_iter().filter(holding).collect();
        assert!(files.is_empty(), "{script}: {files:?}");
    }
}

#[test]
fn arguments_of_a_script_that_cannot_be_read_are_not_kept() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.run(&format!("run nowhere.marsh a {SECRET}"));
    world.put("plain.marsh", "service.info name $1\n", 0o644);
    shell.run("run plain.marsh myserver1");
    assert_eq!(world.lines(), ["run nowhere.marsh (redacted) (redacted)", "run plain.marsh myserver1"]);
}
