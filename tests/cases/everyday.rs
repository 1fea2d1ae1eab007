//! Everyday tasks, key by key at the prompt, as `docs/manual/everyday.md` has them; and what must not be said beside a result.

use std::fs;
use std::panic::catch_unwind;
use std::process::Command;
use std::time::Duration;

use marsh::sandbox::{Options, Server};

use crate::support::cmd::{World, spawning};
use crate::support::keys::{BACKSPACE, CTRL_C, ENTER, TAB, Terminal, UP};

/// The page with the table of tasks.
const PAGE: &str = "docs/manual/everyday.md";

/// How the page writes keys that are no characters.
const KEYS: [(char, &str); 5] = [('⏎', ENTER), ('⇥', TAB), ('↑', UP), ('⌫', BACKSPACE), ('␃', CTRL_C)];

/// A task: its number, and its keys in pieces, each with what the terminal must show after it.
type Task = (usize, &'static [(&'static str, &'static str)]);

static TASKS: &[Task] = &[
    (1, &[("@all servers⏎", "(@all servers result)")]),
    (2, &[("@all expiring 60d⏎", "(@all expiring result)")]),
    (
        3,
        &[
            ("dns.zone_list⏎", "parked"),
            ("zr.cr⇥", "dns.zone_record_create"),
            ("zone_id pa⇥", "zone_id 4cb3cadfb82763522903e8e915d7dd83"),
            ("type A record www address 192.0.2.7⏎", "(dns.zone_record_create result)"),
            ("dns.rel⇥", "dns.reload"),
            ("--wait⏎", "(job.status result)"),
        ],
    ),
    (
        4,
        &[
            ("firewalling.rule_group_list⏎", "mygroup-fw1"),
            ("firewalling.rule_create⏎", "rule_group_name:"),
            ("mygroup-fw1⏎", "action:"),
            ("acc⇥", "ACCEPT"),
            ("⏎", "dest_ports:"),
            ("443⏎", "ordering:"),
            ("9⏎", "(firewalling.rule_create result)"),
        ],
    ),
    (
        5,
        &[
            ("service.list⏎", "myserver2"),
            ("server.reb⇥", "server.reboot"),
            ("name mai⇥", "name myserver2"),
            ("--wait⏎", "(job.status result)"),
        ],
    ),
    (
        6,
        &[
            ("caas:network.list⏎", "2f7460d4"),
            ("caas:image.list location-id NA1⏎", "c325fe04"),
            ("caas:server.deploy name web-9 isStarted true vlanR⇥", "vlanResourcePath"),
            ("2f⇥", "2f7460d4-6516-4c45-a3c8-591e70b4ec54"),
            ("imageR⇥", "imageResourcePath"),
            ("LA⇥", "c325fe04-7711-4968-962e-c88784eb2a1f"),
            ("--wait --yes⏎", "administratorPassword:"),
            ("correct-horse-9⏎", "result)"),
        ],
    ),
    (
        7,
        &[
            ("service.list⏎", "myserver1"),
            ("b.mon⇥", "bandwidth.monthly_usage"),
            ("name www⇥", "name myserver1"),
            ("-o chart⏎", "bytes_in"),
        ],
    ),
    (8, &[("invoice.list | invoices.csv⏎", "invoices.csv")]),
    (9, &[("vpsnet:invoice.list⏎", "9130"), ("vpsnet:invoice.get id 91⇥", "id 9130"), ("| inv.pdf⏎", "inv.pdf")]),
    (10, &[("service.list | services.json⏎", "services.json")]),
    (
        11,
        &[
            ("@memset,@lab service.set_nickname name myserver1 nickname web⏎", "Continue? [y/N]"),
            ("y⏎", "(@memset,@lab service.set_nickname result)"),
        ],
    ),
    (
        12,
        &[
            ("artnet:c.reg⇥", "artnet:customer.regenerate-api-key"),
            ("--yes⏎", "(artnet:customer.regenerate-api-key result)"),
        ],
    ),
    (13, &[("service.info name myservr1⏎", "marsh: "), ("↑", "myservr1"), ("⌫⌫er1⏎", "(service.info result)")]),
    (14, &[("run rename myserver3 db2⏎", "\"db2\"")]),
    (15, &[("set ou⇥", "set output"), ("reco⇥", "set output record"), ("⏎", "set output record")]),
    (16, &[("server.reboot name myserver1 --wait⏎", "PENDING"), ("␃", "it continues; come back with")]),
    (17, &[("⏎", "run them? [y/N]"), ("y⏎", "(dns.reload result)")]),
    (
        18,
        &[
            ("create.monthly_miniserver sku MSVM001 os debian_buster_64 dry_run false⏎", "Continue? [y/N]"),
            ("y⏎", "(create.monthly_miniserver result)"),
        ],
    ),
];

/// The rows of the table on the page: the number of a task, its keys, how many they are, and how many were needed before.
fn rows() -> Vec<(usize, String, usize, usize)> {
    let page = fs::read_to_string(PAGE).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [number, _, keys, now, before] = cells[..] else { return None };
        let keys = keys.trim_matches('`').replace("\\|", "|");
        Some((number.parse().ok()?, keys, now.parse().ok()?, before.parse().ok()?))
    };
    page.lines().filter_map(row).collect()
}

/// The keys as the terminal gets them.
pub(super) fn pressed(keys: &str) -> String {
    keys.chars().fold(String::new(), |mut out, key| {
        match KEYS.iter().find(|(name, _)| *name == key) {
            Some((_, sent)) => out.push_str(sent),
            None => out.push(key),
        }
        out
    })
}

/// A world with an account at each provider, and a second one at the first of them.
fn world(options: Options) -> (Server, World) {
    let sandbox = Server::start(options).unwrap();
    let world = World::of(&sandbox, "");
    let memset = &sandbox.accounts()[0];
    let lab = format!(
        "[profiles.lab]\nprovider = \"memset\"\nurl = \"{}\"\nkey_file = \"{}\"\n",
        memset.url,
        world.at("memset").display()
    );
    let path = world.at("../home/.config/marsh/config.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap() + &lab).unwrap();
    world.put("rename", "service.set_nickname name $1 nickname $2\nservice.info name $1 -q .nickname\n", 0o600);
    (sandbox, world)
}

#[test]
fn the_page_has_every_task_with_the_number_of_its_keys() {
    let rows = rows();
    assert_eq!(rows.len(), 18);
    for ((number, keys, now, before), (task, pieces)) in rows.iter().zip(TASKS) {
        let all: String = pieces.iter().map(|(keys, _)| *keys).collect();
        assert_eq!((number, keys), (task, &all));
        assert_eq!(*now, all.chars().count(), "{number}");
        assert!(now <= before, "{number}: {now} keys, and {before} before");
    }
}

#[test]
fn every_task_is_done_with_the_keys_of_the_page() {
    let failed: Vec<usize> =
        TASKS.iter().filter(|task| catch_unwind(|| done(task)).is_err()).map(|(number, _)| *number).collect();
    assert!(failed.is_empty(), "tasks {failed:?}");
}

/// Does a task.
fn done((number, pieces): &Task) {
    let job_time = Duration::from_secs(if *number == 16 { 600 } else { 0 });
    let (_sandbox, world) = world(Options { job_time, ..Options::default() });
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    if *number == 17 {
        shell.paste("dns.zone_list -q length\nservice.list -q length\ndns.reload");
    }
    for (keys, shown) in *pieces {
        shell.see_after(&pressed(keys), shown, &format!("task {number}, {keys}"));
    }
    let made = ["invoices.csv", "inv.pdf", "services.json"];
    let file = made.iter().find(|file| pieces.iter().any(|(keys, _)| keys.contains(*file)));
    if let Some(file) = file {
        shell.until(file, |_| fs::metadata(world.at(file)).is_ok_and(|found| found.len() > 0));
    }
}

#[test]
fn a_table_without_a_secret_does_not_say_that_secrets_are_hidden() {
    let mut shell = Terminal::sandbox();
    for (line, hidden) in [
        ("apikey.list -o table", true),
        ("apikey.list -o table --columns comment", false),
        ("apikey.list -o record --columns comment", false),
        ("apikey.list -o csv --columns comment", false),
        ("apikey.list -q 'map({comment})' -o table", false),
        ("apikey.list -o table --columns key", true),
        ("service.list -o table", false),
    ] {
        let shown = shell.run(line);
        assert_eq!(shown.contains("secrets are hidden"), hidden, "{line}: {shown}");
    }
}

#[test]
fn a_result_that_is_not_shown_has_no_header() {
    let mut shell = Terminal::sandbox();
    for line in [
        "service.list -q 'error(\"no\")'",
        "service.list -q '.[0].name | tonumber'",
        "service.list -q .name",
        "service.list -o chart --columns name",
        "service.info name nobody",
    ] {
        let shown = shell.run(line);
        assert!(shown.contains("marsh: ") && !shown.contains("result)"), "{line}: {shown}");
    }
    let shown = shell.run("service.list -q length");
    assert!(shown.contains("(service.list result)"), "{shown}");
}

/// Places where Tab can stand, each with what it must offer or insert.
static PLACES: &[(&str, &str)] = &[
    ("serv", "service.list"),
    ("zr.cr", "dns.zone_record_create"),
    ("hel", "help"),
    ("arti", "artnet:"),
    ("caas:server.li", "caas:server.list"),
    ("help server.reb", "help server.reboot"),
    ("help outp", "help output"),
    ("dns.zone_record_create ", "zone_id"),
    ("dns.zone_record_create zone_id ", "4cb3ca"),
    ("dns.zone_record_create zone_id par", "4cb3cadfb82763522903e8e915d7dd83"),
    ("dns.zone_record_create type ", "CNAME"),
    ("service.info name myserver", "myserver2"),
    ("service.info name mai", "name myserver2"),
    ("server.reboot name (str", "(string)"),
    ("service.list --col", "--columns"),
    ("service.list -o ta", "-o table"),
    ("service.list --columns nam", "--columns name"),
    ("service.list --sort expi", "--sort expiry_date"),
    ("service.list -q .[].expi", ".[].expiry_date"),
    ("service.list | ", "rename"),
    ("run ren", "run rename"),
    ("use caa", "use caas"),
    ("set out", "set output"),
    ("set output reco", "set output record"),
    ("let x = $_[0].nick", "$_[0].nickname"),
    ("service.info name $kno", "$known"),
    ("wait ", "wait d9085fce958c72be33bd1376ecca041c"),
    ("forget hel", "forget hello"),
    ("call GET /x --dry", "--dry-run"),
    ("history --fai", "--failed"),
    ("watch 5s service.li", "service.list"),
    ("watch 5s caas:server.li", "caas:server.list"),
    ("watch 5s service.info name mai", "name myserver2"),
    ("watch 5s dns.zone_record_create type ", "CNAME"),
    ("watch 5s service.list --ti", "--times"),
    ("watch 5s --times 3 service.li", "service.list"),
    ("save mine service.info name mai", "name myserver2"),
    ("save mine service.list -o ta", "-o table"),
    ("service.list | each service.info name {na", "{name}"),
    ("@all service.info name mai", "name myserver2"),
    ("!cat ren", "!cat rename"),
    ("let x = !cat ren", "!cat rename"),
    ("service.list |! grep x ren", "x rename"),
    ("run rename ren", "run rename rename"),
];

#[test]
fn tab_completes_wherever_it_can_stand() {
    let (_sandbox, world) = world(Options { job_time: Duration::from_secs(600), ..Options::default() });
    let mut shell = Terminal::prompt(world.marsh().args(["-p", "memset"]));
    for line in [
        "save hello service.list",
        "let known = myserver1",
        "server.reboot name myserver1",
        "dns.zone_list",
        "service.list",
    ] {
        shell.run(line);
    }
    for (typed, offered) in PLACES {
        shell.see_after(&format!("{typed}{TAB}"), offered, typed);
        shell.after(CTRL_C);
    }
}

#[test]
fn the_screens_of_the_manual_are_what_a_terminal_shows() {
    // Without tmux there is nothing to capture from.
    if Command::new("tmux").arg("-V").output().is_err() {
        return;
    }
    let world = World::new();
    let page = world.at("screens.md");
    let made = {
        let _alone = spawning();
        Command::new("docs/screens/capture").arg(env!("CARGO_BIN_EXE_marsh")).arg(&page).output().unwrap()
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let shown = fs::read_to_string("docs/manual/screens.md").unwrap();
    assert_eq!(fs::read_to_string(page).unwrap(), shown, "docs/screens/capture makes the page again");
    assert_eq!(shown.matches("```screen").count(), 4);
    assert!(shown.is_ascii() && shown.lines().all(|line| line.len() <= 160), "{shown}");
}
