//! Whose account a line is for: every method of every built-in provider from a prompt at each of them, and the ways by
//! which a line gets in.

use std::io;
use std::sync::{Arc, Mutex};

use marsh::bind::{Nowhere, Sources};
use marsh::config::KeySource;
use marsh::engine::session::Parts;
use marsh::engine::{
    AccountParts, CallError, Console, Manner, Place, Records, Rules, Session, Settings, Stream, Surroundings,
};
use marsh::model::{Class, Diagnostic, Effect, Secret};
use marsh::registry::catalog::Catalog;
use marsh::registry::{Registry, Source, embedded};
use marsh::sandbox::{Account, Options, Server};

use crate::support::accounts::Accounts;
use crate::support::keys::{TAB, Terminal, UP};

/// What a session says.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn account(account: &Account) -> AccountParts {
    AccountParts {
        profile: account.provider.to_owned(),
        named: true,
        catalog: Catalog::open(embedded::find(account.provider).unwrap()).unwrap(),
        place: Place { url: Some(account.url.clone()), user: account.user.clone(), ..Place::default() },
        key: Some(KeySource::Argument(Secret::new(account.key.clone()))),
        secrets: Default::default(),
        renewal: None,
        rules: Rules { retries: 0, ..Rules::default() },
    }
}

/// A prompt at one provider's account, with an account at each of the others.
fn session(server: &Server, here: &str) -> (Session, Paper) {
    let (own, others): (Vec<Account>, Vec<Account>) =
        server.accounts().into_iter().partition(|account| account.provider == here);
    let said = Paper::default();
    let session = Session::new(Parts {
        account: account(&own[0]),
        others: others.iter().map(account).collect(),
        left_out: Vec::new(),
        manner: Manner::Prompt,
        settings: Settings {
            surroundings: Surroundings { shell: || None, has: |_| false },
            yes: true,
            network: marsh::wire::Network::default(),
            home: marsh::model::Home::default(),
            program: env!("CARGO_BIN_EXE_marsh").into(),
            search_path: std::ffi::OsString::new(),
            errors_as_json: false,
            trace: None,
            waits: None,
            stdout_closed: false,
            kept: None,
            calls_at_once: 8,
            simulated: false,
            named: false,
        },
        console: Console {
            out: Stream::plain(Box::new(io::sink())),
            err: Stream::plain(Box::new(said.clone())),
            person: None,
            width: 80,
            height: 24,
            window: Default::default(),
            ability: Default::default(),
        },
        sources: Box::new(Nowhere) as Box<dyn Sources>,
        paths: None,
        records: Records::Off,
        lines: None,
    });
    (session.unwrap(), said)
}

/// The names that the current account does not have, each with the profiles that have it.
fn foreign(registry: &Registry) -> Vec<(String, Vec<String>)> {
    let mut names: Vec<String> = registry.others().flat_map(Source::entries).map(|it| it.name.to_owned()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| !registry.here().has(name));
    let owners = |name: &String| {
        registry.others().filter(|source| source.has(name)).map(|source| source.profile().to_owned()).collect()
    };
    names.into_iter().map(|name| (name.clone(), owners(&name))).collect()
}

/// The line that help shows for a method.
fn example(registry: &Registry, profile: &str, name: &str) -> (String, Effect) {
    let method = registry.source(profile).unwrap().method(name).unwrap().unwrap();
    (method.example.clone().unwrap_or_else(|| name.to_owned()), method.effect)
}

#[test]
fn every_foreign_method_is_read_and_named_or_refused_before_anything_is_sent() {
    let (mut reads, mut refused, mut shared) = (0, 0, 0);
    for own in embedded::all() {
        let server = Server::start(Options::default()).unwrap();
        let (mut session, said) = session(&server, own.id);
        for (name, owners) in foreign(&session.accounts.registry) {
            let (line, effect) = example(&session.accounts.registry, &owners[0], &name);
            let before = server.received();
            let ended = session.run_typed(&line);
            let (sent, said) = (server.received() - before, said.take());
            if let ([owner], Effect::Read) = (owners.as_slice(), effect) {
                assert!(said.starts_with(&format!("reading {name} from {owner}: {} has no", own.id)), "{line}: {said}");
                let reached = ended
                    .as_ref()
                    .err()
                    .is_none_or(|error| matches!(error.class(), Class::Refused | Class::Credentials | Class::Failed));
                assert!(reached && sent > 0, "{}: {line}: {sent} sent: {said}", own.id);
                // The bytes of a document have no header.
                let is_document =
                    session.accounts.registry.source(owner).unwrap().method(&name).unwrap().unwrap().returns_document();
                if ended.is_ok() && !line.contains("-o raw") && !is_document {
                    assert!(said.contains(&format!("({owner}:{name} result)")), "{line}: {said}");
                }
                reads += 1;
                continue;
            }
            assert!(matches!(ended, Err(CallError::Resolve(_))), "{}: {line}: {said}", own.id);
            assert_eq!((ended.unwrap_err().class().exit_code(), sent), (2, 0), "{}: {line}: {said}", own.id);
            let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
            for owner in &owners {
                assert!(flat.contains(&format!("`{owner}:{name}")), "{}: {line}: {said}", own.id);
            }
            assert!(said.ends_with("nothing was sent\n"), "{}: {line}: {said}", own.id);
            *if owners.len() > 1 { &mut shared } else { &mut refused } += 1;
        }
    }
    assert!(reads > 400 && refused > 400, "read {reads}, refused {refused}, of several {shared}");
}

/// Accounts, and a second one at a provider, so that a name can be of several.
fn accounts() -> Accounts {
    Accounts::with(|url| {
        format!("[profiles.shop]\nprovider = \"artnet\"\nuser = \"me\"\nurl = \"{url}\"\nkey_env = \"NONE\"\n")
    })
}

const CHANGE: &str = "virtual_machine.reboot id 1384";
const READ: &str = "virtual_machine.list";

#[test]
fn the_rule_is_the_same_wherever_a_line_comes_from() {
    let accounts = accounts();
    let world = &accounts.world;
    world.put("change.marsh", &format!("{CHANGE}\n"), 0o600);
    world.put("read.marsh", &format!("{READ}\n"), 0o600);
    world.put("outer.marsh", "source change.marsh\n", 0o600);
    for (arguments, stdin) in [
        (CHANGE, ""),
        ("run change.marsh", ""),
        ("run outer.marsh", ""),
        ("run --batch change.marsh", ""),
        ("source change.marsh", ""),
        ("source --batch change.marsh", ""),
        ("--keep-going run change.marsh", ""),
        ("", CHANGE),
        ("", "let x = (int)1384; virtual_machine.reboot id $x"),
        ("-p artnet virtual_machine.reboot id 1384", ""),
        // What is only looked at is refused as well, so that it shows what would happen.
        ("virtual_machine.reboot id 1384 --dry-run", ""),
        // Two accounts have it.
        ("services.list", ""),
        ("-p vpsnet services.list", ""),
    ] {
        let ended = world.marsh().line(arguments).stdin(stdin).run().exits(2).prints("");
        ended.says("name the account: `").says("nothing was sent");
        assert_eq!(accounts.calls(), 0, "{arguments} {stdin}");
    }
    for (arguments, stdin) in [(READ, ""), ("run read.marsh", ""), ("", READ), ("run --batch read.marsh", "")] {
        let before = accounts.calls();
        let ended = world.marsh().line(arguments).stdin(stdin).run().exits(0);
        let note = "reading virtual_machine.list from vpsnet: memset has no method of that name\n";
        assert_eq!(ended.stderr, note, "{ended}");
        assert_eq!(accounts.calls(), before + 1);
    }
    for named in
        ["-p vpsnet virtual_machine.list", "vpsnet:virtual_machine.list", "vpsnet:virtual_machine.reboot id 1384"]
    {
        let ended = world.marsh().line(named).run();
        assert!(!ended.stderr.contains("reading ") && accounts.calls() > 4, "{ended}");
    }
    // Help is help, whichever account has the method.
    for help in ["help virtual_machine.reboot", "virtual_machine.reboot --help"] {
        let ended = world.marsh().line(help).run().exits(0).says_nothing();
        assert!(ended.stdout.starts_with("vpsnet:virtual_machine.reboot id "), "{ended}");
    }
}

#[test]
fn the_line_to_type_is_the_whole_line_without_its_secrets() {
    let accounts = accounts();
    for (words, hint) in [
        (
            &["virtual_machine.reboot", "id", "(int) 5", "-o", "json", "|", "a b"][..],
            "`vpsnet:virtual_machine.reboot id '(int)5' --output json '|' 'a b'`",
        ),
        (
            &["account.create", "userName", "joe", "password", "S3cr3t"],
            "`caas:account.create userName joe password '(redacted)'`",
        ),
        (&["account.create", "password", "ab"], "`caas:account.create password '(redacted)'`"),
        (&["services.list"], "`artnet:services.list` or `shop:services.list`"),
    ] {
        let ended = accounts.world.marsh().args(words).run().exits(2).prints("");
        let flat = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(hint) && !flat.contains("S3cr3t"), "{ended}");
    }
    let script = "account.create userName joe password 'S3cr3t;x' -o json | 'a b'\n";
    let ended = accounts.world.marsh().stdin(script).run().exits(2);
    let hint = "`caas:account.create userName joe password (redacted) --output json | 'a b'`";
    let flat = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(hint) && !flat.contains("S3cr3t"), "{ended}");
    assert_eq!(accounts.calls(), 0);
}

#[test]
fn at_the_prompt_results_lines_and_names_of_others_carry_their_account() {
    let accounts = accounts();
    let mut shell = Terminal::prompt(accounts.world.marsh());
    let shown = shell.run(READ);
    assert!(shown.contains("(vpsnet:virtual_machine.list result)"), "{shown}");
    assert!(shell.run("vpsnet:virtual_machine.list").starts_with("(vpsnet:virtual_machine.list result)"));
    shell.run("use vpsnet");
    assert!(shell.run(READ).starts_with("(virtual_machine.list result)"));
    // A line that was right at one account is not sent to it from another.
    shell.run(CHANGE);
    let before = accounts.calls();
    shell.run("use memset");
    // It is recalled after the three lines that were typed for this account, and after `use memset`.
    shell.press(&UP.repeat(5));
    shell.until("the line typed before", |shell| shell.row().ends_with(CHANGE));
    let shown = shell.enter();
    assert!(shown.contains("`vpsnet:virtual_machine.reboot id 1384`"), "{shown}");
    assert_eq!(accounts.calls(), before);
    // And not offered as the end of what is typed.
    shell.press("virtual_machine.reboo");
    shell.until("no hint of an older line", |shell| !shell.hint().contains("1384"));
    shell.press(TAB);
    shell.until("the name of the account", |shell| shell.row().contains("> vpsnet:virtual_machine.reboot"));
    shell.press(" id 1384");
    shell.enter();
    assert_eq!(accounts.calls(), before + 1);
}

#[test]
fn tab_lists_what_others_have_last_and_with_its_account() {
    let accounts = accounts();
    let mut shell = Terminal::prompt(accounts.world.marsh());
    shell.press("server.re");
    shell.press(TAB);
    shell.see("caas:server.restart");
    let screen = shell.contents();
    let names: Vec<&str> = screen.lines().filter(|row| row.contains("server.re") && !row.contains('>')).collect();
    let names: Vec<&str> = names.iter().filter_map(|row| row.split_whitespace().next()).collect();
    let own = names.iter().position(|name| name.contains(':')).unwrap();
    assert!(own > 0 && names[..own].contains(&"server.reboot"), "{screen}");
    assert_eq!(names[own..], ["caas:server.reset", "caas:server.restart"], "{screen}");
    shell.until("what was typed stays", |shell| shell.row().ends_with("> server.re"));
}
