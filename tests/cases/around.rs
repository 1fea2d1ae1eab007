//! Around the program: completion in the user's own shell, the manual page, the help page, options of one command.

use std::fs;
use std::path::Path;
use std::process::Command;

use marsh::model::EXITS;
use marsh::sandbox::{Options, Server};

use crate::support::cmd::{Outcome, World};

const CONFIG: &str = "[profiles.work]\nprovider = \"memset\"\nkey_env = \"NOWHERE\"\n\
                      [profiles.cloud]\nprovider = \"caas\"\nuser = \"a\"\nkey_command = \"false\"\n";

/// The texts that the program offers for the last of some words.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let outcome = world.marsh().args(["__complete", "zsh"]).args(words).run().exits(0).says_nothing();
    texts(&outcome)
}

fn texts(outcome: &Outcome) -> Vec<String> {
    outcome.stdout.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
}

#[test]
fn the_shells_words_are_completed() {
    let world = World::new();
    world.configure(CONFIG);
    world.put("a report.json", "{}", 0o600);
    for (words, expected) in [
        (&["-p", "w"][..], &["work"][..]),
        (&["--profile=cl"], &["--profile=cloud"]),
        (&["doc"], &["doctor"]),
        (&["config", ""], &["explain", "path"]),
        (&["config", "explain", "time"], &["timeout"]),
        (&["completions", "f"], &["fish"]),
        (&["login", "--provider", "v"], &["vpsnet"]),
        (&["--tran"], &["--transport"]),
        (&["-p", "work", "--transport", "jsonr"], &["jsonrpc"]),
        (&["--as", ""], &["curl", "http"]),
        (&["-o", "js"], &["json", "jsonl"]),
        // What only another account has, with its name.
        (&["service.lis"], &["work:service.list"]),
        (&["-p", "work", "service.lis"], &["service.list"]),
        (&["cloud:server.list", "--dry"], &["--dry-run"]),
        (&["cloud:server.reb"], &["cloud:server.reboot"]),
        (&["-p", "work", "dzrcr"], &["dns.zone_record_create"]),
        (&["service.list", "ty"], &["type"]),
        (&["vlan.add", "primary", "t"], &["true"]),
        (&["vlan.add", "primary", "(boo"], &["(boolean)"]),
        (&["service.list", "--output=jsonl", "--outp"], &[]),
        (&["service.list", "--output=cs"], &["--output=csv"]),
        (&["service.list", "|", "a"], &["a report.json"]),
        (&["service.list", "|"], &[]),
        (&["run", "a"], &["a report.json"]),
        (&["-k", "@a"], &["@a report.json"]),
        (&["methods", "--ch"], &["--changes"]),
        (&["service.list", "--ch"], &[]),
        (&["help", "exi"], &["exit"]),
        (&["frobnicate", "a", ""], &[]),
    ] {
        let found = offered(&world, words);
        assert_eq!(found, expected, "{words:?}");
    }
    // With two accounts a session begins with the first by name.
    assert!(offered(&world, &["server."]).contains(&"server.reboot".to_owned()));
}

#[test]
fn completion_needs_no_configuration_that_works() {
    for config in [None, Some("profile = \n[profiles.work]\nprovider = 5\n"), Some("profile = \"gone\"\n")] {
        let world = World::new();
        if let Some(config) = config {
            world.configure(config);
        }
        assert_eq!(offered(&world, &["service.lis"]), ["service.list"], "{config:?}");
        assert_eq!(offered(&world, &["--sandbox", "caas:server.reb"]), ["caas:server.reboot"], "{config:?}");
        let names = if config.is_some_and(|config| config.contains("work")) { &["work"][..] } else { &[] };
        assert_eq!(offered(&world, &["-p", ""]), names, "{config:?}");
    }
    let world = World::new();
    world.configure("profile = \n");
    let outcome = world.marsh().line("help exit").run().exits(0).says("line 1");
    assert!(outcome.stdout.contains("no usable answer"), "{outcome}");
    let outcome = World::new().marsh().args(["__complete", "tcsh", "a"]).run();
    outcome.exits(0).prints("").says_nothing();
}

/// What bash makes of Tab at the end of a line: the candidates, and whether a blank may follow.
fn in_bash(world: &World, line: &str, replaced: &str) -> Option<String> {
    let script = world.marsh().args(["completions", "bash"]).run().exits(0).stdout;
    world.put("marsh.bash", &script, 0o600);
    let program = Path::new(env!("CARGO_BIN_EXE_marsh"));
    let driver = "source ./marsh.bash; compopt() { echo \"compopt $*\"; }
                  COMP_LINE=$1 COMP_POINT=${#1}; read -ra COMP_WORDS <<< \"$1\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                  _marsh \"$3\" \"$2\" ''; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut command = Command::new("bash");
    command.args(["--norc", "-c", driver, "bash", line, replaced]).arg(program);
    command.current_dir(world.at("")).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", world.at(""));
    match command.output() {
        Ok(output) => {
            assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        // Without bash there is nothing to try.
        Err(_) => None,
    }
}

#[test]
fn bash_completes_words_with_signs_in_them() {
    let world = World::new();
    world.put("a report.json", "{}", 0o600);
    fs::create_dir(world.at("folder")).unwrap();
    for (line, replaced, expected) in [
        ("marsh service.lis", "service.lis", "service.list\n"),
        ("marsh --sandbox caas:server.reb", "server.reb", "server.reboot\n"),
        ("marsh --sandbox caas:server.reb", "caas:server.reb", "caas:server.reboot\n"),
        ("marsh service.list --output=cs", "cs", "csv\n"),
        ("marsh service.list '|' a", "a", "a\\ report.json\n"),
        ("marsh service.list '|' 'a", "a", "a report.json\n"),
        ("marsh service.list \\| fol", "fol", "compopt -o nospace\nfolder/\n"),
        ("marsh vlan.add primary '(boo", "(boo", "compopt -o nospace\n(boolean)\n"),
        ("marsh vlan.add primary \"(boo", "(boo", "compopt -o nospace\n(boolean)\n"),
        ("marsh frobnicate x ", "", "\n"),
    ] {
        let Some(found) = in_bash(&world, line, replaced) else { return };
        assert_eq!(found, expected, "{line}");
    }
    // Names that are found by other letters leave what was typed in its place.
    if let Some(found) = in_bash(&world, "marsh zo.cr", "zo.cr") {
        assert!(found.contains("dns.zone_create\n") && found.ends_with("\n \n"), "{found:?}");
    }
}

#[test]
fn ids_and_names_that_were_seen_are_completed_without_a_key_and_without_the_network() {
    let sandbox = Server::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    world.marsh().args(["-p", "memset", "dns.zone_list"]).run().exits(0);
    let before = sandbox.requests().len();
    fs::remove_file(world.at("memset")).unwrap();
    let asked = |words: &[&str]| world.marsh().args(["__complete", "fish"]).args(words).run().exits(0).stdout;
    let zone = asked(&["-p", "memset", "dns.zone_info", "id", "4c"]);
    assert!(zone.starts_with("4cb3cadfb82763522903e8e915d7dd83\t"), "{zone}");
    assert!(asked(&["memset:dns.zone_info", "id", "par"]).contains("4cb3cadfb82763522903e8e915d7dd83"));
    for words in
        [&["-p", "caas", "memset:service.info", "name", "zzz"][..], &["--sandbox", "dns.zone_info", "id", "4c"]]
    {
        assert_eq!(asked(words), "", "{words:?}");
    }
    assert_eq!(sandbox.requests().len(), before);
}

#[test]
fn every_shell_has_a_script_that_it_can_read() {
    let world = World::new();
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute"), ("powershell", "")] {
        let script = world.marsh().args(["completions", shell]).run().exits(0).says_nothing().stdout;
        assert!(script.contains(&format!("__complete {shell}")), "{shell}");
        world.put("script", &script, 0o600);
        if check.is_empty() {
            continue;
        }
        // A shell that is not on this machine has no opinion.
        if let Ok(output) = Command::new(shell).arg(check).arg(world.at("script")).output() {
            assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    world.marsh().args(["completions", "tcsh"]).run().exits(2).says("possible values: bash, zsh, fish, powershell");
}

#[test]
fn groff_understands_the_manual_page() {
    let page = World::new().marsh().arg("man").run().exits(0).says_nothing().stdout;
    assert!(page.starts_with(".TH MARSH 1 "));
    for section in
        ["NAME", "SYNOPSIS", "OPTIONS", "LINES", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]
    {
        assert!(page.contains(&format!("\n.SH \"{section}\"\n")), "{section}");
    }
    let world = World::new();
    world.put("marsh.1", &page, 0o600);
    let checked = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(world.at("marsh.1")).output();
    if let Ok(output) = checked {
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn help_fits_one_screen_and_every_subcommand_has_its_own() {
    let help = |words: &[&str]| World::new().marsh().args(words).arg("--help").run().exits(0).says_nothing().stdout;
    let page = help(&[]);
    assert!(page.lines().count() <= 40 && page.lines().all(|line| line.chars().count() <= 80), "{page}");
    for (words, said) in [
        (&["login"][..], "--key-command"),
        (&["doctor"], "--offline"),
        (&["config", "explain"], "--profile"),
        (&["run"], "--batch"),
        (&["sandbox", "serve"], "--job-time"),
        (&["completions"], "~/.bashrc"),
        (&["man"], "manual page"),
    ] {
        let page = help(words);
        assert!(page.contains(said) && page.contains("Usage: marsh"), "{words:?}\n{page}");
    }
    for (line, said) in [("help", "Commands"), ("help exit", "no usable answer"), ("help methods", "--changes")] {
        let outcome = World::new().marsh().line(line).run().exits(0);
        assert!(outcome.stdout.contains(said), "{outcome}");
    }
}

#[test]
fn the_exit_codes_are_the_same_everywhere() {
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/manual/scripting.md")).unwrap();
    let help = World::new().marsh().line("help exit").run().exits(0).stdout;
    for exit in EXITS {
        assert!(manual.contains(&format!("\n| {} | ", exit.code)), "{}", exit.code);
        let row = help.lines().find(|line| line.split_whitespace().next() == Some(&exit.code.to_string()));
        assert!(row.is_some_and(|row| row.ends_with(exit.meaning)), "{}\n{help}", exit.code);
    }
}

#[test]
fn an_option_of_one_command_is_refused_elsewhere() {
    let run = |line: &str| World::new().marsh().arg("--sandbox").line(line).run();
    run("methods --changes").exits(0).prints("[]\n");
    run("methods changes").exits(0).prints("[]\n");
    for (line, hint) in [
        ("service.list --changes", "hint: try methods --changes"),
        ("profiles --changes", "hint: try methods --changes"),
        ("methods --batch", "hint: write the lines into a file: source --batch FILE"),
        ("service.list --keep-going", "hint: write the lines into a file: source --keep-going FILE"),
    ] {
        run(line).exits(2).prints("").says(hint);
    }
    let at_prompt = World::new().marsh().arg("--sandbox").stdin("methods --changes\n").run();
    at_prompt.exits(0).prints("[]\n");
}
