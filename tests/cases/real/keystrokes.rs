//! What a user types from nothing to a change, as `docs/manual/tried-services.md` has it: the keys are counted, and pressed
//! where the server is there.

use std::fs;

use super::servers::{self, KEY};
use crate::cases::everyday::pressed;
use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};
use crate::support::real::Real;

const PAGE: &str = "docs/manual/tried-services.md";
/// How the page writes that the key is pasted.
const PASTED: char = '⎘';

/// What is done with one service, in an order in which it can be done. Each task is keys in pieces, each with what the
/// terminal shows after it. The first one is a command, the others are typed at the prompt of the account.
struct Service {
    name: &'static str,
    start: fn() -> Option<Real>,
    /// The port that the page has.
    port: &'static str,
    account: &'static str,
    tasks: &'static [&'static [(&'static str, &'static str)]],
}

static SERVICES: &[Service] = &[
    Service {
        name: "supervisor",
        start: servers::supervisor,
        port: "9001",
        account: "sup",
        tasks: &[
            &[
                ("marsh add sup http://user@127.0.0.1:9001/RPC2⏎", "How is it sent"),
                ("⏎", "Key (not shown):"),
                ("⎘⏎", "accepts the key"),
            ],
            &[("methods⏎", "supervisor.startProcess")],
            &[("search start process⏎", "Start a process")],
            &[("help s.startAll⇥", "help supervisor.startAllProcesses"), ("⏎", "Start all processes listed")],
            &[("s.getSt⇥", "supervisor.getState"), ("⏎", "RUNNING")],
            &[
                ("s.startAll⇥", "supervisor.startAllProcesses "),
                ("w⇥", "wait "),
                ("f⇥", "wait false"),
                ("⏎", "(supervisor.startAllProcesses result)"),
            ],
            &[
                ("s.clearA⇥", "supervisor.clearAllProcessLogs"),
                ("⏎", "Type sup to confirm:"),
                ("sup⏎", "(supervisor.clearAllProcessLogs result)"),
            ],
        ],
    },
    Service {
        name: "aria2, JSON-RPC",
        start: servers::aria2,
        port: "6800",
        account: "dl",
        tasks: &[
            &[
                ("marsh add dl http://127.0.0.1:6800/jsonrpc --auth token⏎", "Key (not shown):"),
                ("⎘⏎", "accepts the key"),
            ],
            &[("methods⏎", "aria2.addUri")],
            &[("search pause⏎", "aria2.unpauseAll")],
            &[("a.getV⇥", "aria2.getVersion"), ("⏎", "1.")],
            &[
                ("a.addU⇥", "aria2.addUri"),
                (
                    "--positional (json)'[\"http://127.0.0.1:9/x\"]' (json)'{\"pause\":\"true\"}'⏎",
                    "(aria2.addUri result)",
                ),
            ],
            &[
                ("a.purgeD⇥", "aria2.purgeDownloadResult"),
                ("⏎", "Type dl to confirm:"),
                ("dl⏎", "(aria2.purgeDownloadResult result)"),
            ],
        ],
    },
    Service {
        name: "aria2, XML-RPC",
        start: servers::aria2,
        port: "6800",
        account: "dl",
        tasks: &[
            &[("marsh add dl http://127.0.0.1:6800/rpc --auth token⏎", "Key (not shown):"), ("⎘⏎", "accepts the key")],
            &[("a.getV⇥", "aria2.getVersion"), ("⏎", "1.")],
        ],
    },
    Service {
        name: "PowerDNS",
        start: servers::powerdns,
        port: "8081",
        account: "dns",
        tasks: &[
            &[
                ("marsh add dns http://127.0.0.1:8081 --catalog powerdns.toml⏎", "Key (not shown):"),
                ("⎘⏎", "accepts the key"),
            ],
            &[("zone.l⇥", "zone.list"), ("⏎", "(zone.list result)")],
            &[("zone.c⇥", "zone.create "), ("name example.org. kind Native⏎", "(zone.create result)")],
            &[
                ("r.ch⇥", "record.change "),
                ("id e⇥", "id example.org."),
                (
                    "rrsets[0].name www.example.org. rrsets[0].type A rrsets[0].ttl 300 rrsets[0].changetype R⇥",
                    "REPLACE",
                ),
                ("rrsets[0].records[0].content 192.0.2.5⏎", "(record.change result)"),
            ],
            &[
                ("zone.d⇥", "zone.delete "),
                ("id e⇥", "id example.org."),
                ("⏎", "Type example.org. to confirm:"),
                ("example.org.⏎", "(zone.delete result)"),
            ],
        ],
    },
    Service {
        name: "PowerDNS, from its document",
        start: servers::powerdns,
        port: "8081",
        account: "dns",
        tasks: &[
            &[
                ("marsh add dns http://127.0.0.1:8081⏎", "How is it sent"),
                ("⏎", "Key (not shown):"),
                ("⎘⏎", "accepts the key"),
            ],
            &[
                ("servers.zones.create server_id localhost name example.org. kind N⇥", "kind Native"),
                ("⏎", "(servers.zones.create result)"),
            ],
            &[("zones⏎", "(zones result)")],
            &[
                ("servers.zones.delete server_id localhost zone_id e⇥", "zone_id example.org."),
                ("⏎", "Type example.org. to confirm:"),
                ("example.org.⏎", "(servers.zones.delete result)"),
            ],
        ],
    },
    Service {
        name: "Transmission",
        start: servers::transmission,
        port: "9091",
        account: "tr",
        tasks: &[
            &[
                ("marsh add tr http://user@127.0.0.1:9091 --catalog transmission.toml⏎", "Key (not shown):"),
                ("⎘⏎", "accepts the key"),
            ],
            &[("torrent.l⇥", "torrent.list"), ("⏎", "(torrent.list result)")],
            &[
                ("torrent.a⇥", "torrent.add "),
                ("metainfo (base64)notes.torrent paused t⇥", "paused true"),
                ("⏎", "(torrent.add result)"),
            ],
            &[
                ("torrent.r⇥", "torrent.remove "),
                ("id n⇥", "id 1"),
                ("⏎", "Type notes.txt to confirm:"),
                ("notes.txt⏎", "(torrent.remove result)"),
            ],
        ],
    },
];

/// The rows of the table on the page: the service, the keys, and how many they are.
fn rows() -> Vec<(String, String, usize)> {
    let page = fs::read_to_string(PAGE).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [service, _, keys, count] = cells[..] else { return None };
        let keys = keys.strip_prefix('`')?.strip_suffix('`')?.replace("\\|", "|");
        Some((service.to_owned(), keys, count.parse().ok()?))
    };
    page.lines().filter_map(row).collect()
}

#[test]
fn the_page_has_the_keys_of_every_task_and_their_number() {
    let tasks = SERVICES.iter().flat_map(|service| service.tasks.iter().map(|task| (service.name, *task)));
    let expected: Vec<(String, String, usize)> = tasks
        .map(|(name, task)| {
            let keys: String = task.iter().map(|(keys, _)| *keys).collect();
            let count = keys.chars().count();
            (name.to_owned(), keys, count)
        })
        .collect();
    assert_eq!(rows(), expected);
}

#[test]
fn every_service_is_used_with_the_keys_of_the_page() {
    for service in SERVICES {
        let Some(server) = (service.start)() else { continue };
        let world = World::new();
        world.put("key", KEY, 0o600);
        fs::write(world.at("notes.torrent"), servers::torrent()).unwrap();
        for name in ["powerdns.toml", "transmission.toml"] {
            world.put(name, &fs::read_to_string(servers::catalog(name)).unwrap(), 0o644);
        }
        let (add, typed) = service.tasks.split_first().unwrap();
        added(service, &world, server.port, add);
        let mut shell = Terminal::prompt(world.marsh().args(["-p", service.account]));
        for (keys, shown) in typed.iter().copied().flatten() {
            shell.see_after(&pressed(keys), shown, &format!("{}: {keys}", service.name));
        }
        assert!(!String::from_utf8_lossy(&shell.raw).contains(KEY), "{}", service.name);
    }
}

/// Runs the command of the first task, and answers its questions.
fn added(service: &Service, world: &World, port: u16, task: &[(&str, &str)]) {
    let ((command, shown), questions) = task.split_first().unwrap();
    let command = command.trim_end_matches('⏎').replace(service.port, &port.to_string());
    let mut shell = Terminal::open(world.marsh().args(command.split(' ').skip(1)));
    shell.see(shown);
    for (keys, shown) in questions {
        let keys = pressed(keys).replace(PASTED, KEY);
        let words = format!("{}: {shown}", service.name);
        match keys.strip_suffix(ENTER) {
            Some(keys) => {
                shell.press(keys);
                shell.see_after(ENTER, shown, &words);
            }
            None => shell.see_after(&keys, shown, &words),
        }
    }
    assert_eq!(shell.code(), 0, "{}", service.name);
    assert!(!String::from_utf8_lossy(&shell.raw).contains(KEY), "{}", service.name);
}
