//! Keys stay where they belong: not in the programs that are started, not at another company, not in a call that
//! carries calls, and not lost when two accounts are set up at once.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use marsh::model::{Field, Type};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

use super::canary::KEY;
use crate::support::cmd::World;
use crate::support::keys::{CTRL_D, ENTER, Terminal};
use crate::support::raw::{Peer, http, result};

/// What the document's answer about a new client of a backup has in the address of its installer.
const TOKEN: &str = "7786ecd024ed47900a068f27e7867a08049d6d8c";

/// Words in the names of secrets.
const SECRETS: [&str; 4] = ["passw", "secret", "token", "api_key"];

/// A script that writes down the environment it was started with.
fn witness(world: &World, name: &str) -> String {
    let script = format!("#!/bin/sh\ncat /proc/$$/environ >'{}'\n", world.at(&format!("{name}.env")).display());
    world.put(name, &script, 0o755);
    world.at(name).display().to_string()
}

#[test]
fn no_program_that_is_started_inherits_a_key() {
    let world = World::new();
    let peer = Peer::saying(result("<struct></struct>"));
    let profile =
        |name: &str, key: &str| format!("[profiles.{name}]\nprovider = \"memset\"\nurl = \"{}\"\n{key}\n", peer.url());
    let command = format!("key_command = \"sh -c '{} && echo the-key'\"", witness(&world, "key-command"));
    world.configure(&(profile("a", "key_env = \"KEY_OF_A\"") + &profile("b", &command)));
    let marsh = || {
        let run =
            world.marsh().env("KEY_OF_A", KEY).env("MARSH_B_KEY", "").env("MARSH_C_KEY", KEY).env("OTHER", "kept");
        run.env("MARSH_KEY", "")
    };
    let pipe = witness(&world, "pipe");
    marsh().args(["-p", "a"]).args(["internal.version", "|!", &pipe]).run().exits(0);
    // Neither one's own key nor that of an account that is not even asked.
    marsh().args(["-p", "b"]).args(["internal.version", "|!", &witness(&world, "other")]).run().exits(0);
    let with_key = marsh().to(&peer.url(), KEY).args(["internal.version", "|!", &witness(&world, "bare")]);
    with_key.run().exits(0);
    let login = marsh().line("login --provider memset --name n --key-env KEY_OF_N").env("KEY_OF_N", KEY);
    login.args(["--url", &peer.url()]).run().exits(0);
    let (editor, pager) = (witness(&world, "editor"), witness(&world, "pager"));
    let mut shell = Terminal::prompt(marsh().args(["-p", "a"]).env("VISUAL", editor).env("MARSH_PAGER", pager));
    shell.press("internal.version");
    shell.press("\x18\x05");
    shell.until("the editor", |_| world.at("editor.env").exists());
    shell.after(ENTER);
    shell.run("help internal.version");
    shell.run("methods");
    shell.press(CTRL_D);
    shell.code();
    for name in ["pipe", "key-command", "other", "bare", "editor", "pager"] {
        let inherited = world.content(&format!("{name}.env"));
        assert!(inherited.contains("OTHER=kept"), "{name}: {inherited:?}");
        assert!(!inherited.contains("CANARY") && !inherited.contains("_KEY="), "{name}: {inherited:?}");
    }
}

#[test]
fn a_key_goes_only_to_regions_of_its_own_company() {
    let catalog = Catalog::open(embedded::find("caas").unwrap()).unwrap();
    let regions = &catalog.provider().regions;
    let vendors: BTreeMap<&str, &str> =
        regions.iter().map(|region| (region.vendor.as_str(), region.name.as_str())).collect();
    assert!(vendors.len() == 12 && regions.iter().all(|region| region.name.split('.').next() == Some(&region.vendor)));
    let world = World::new();
    world.configure("[profiles.c]\nprovider = \"caas\"\nuser = \"me\"\nkey_env = \"K\"\nregion = \"opsource.eu\"\n");
    let (mut taken, mut refused) = (0, 0);
    for region in regions {
        let run = || world.marsh().env("K", "canary-1").args(["-p", "c", "--region", &region.name]);
        let tried = run().line("account.me --dry-run").run();
        if region.vendor == "opsource" {
            tried
                .exits(0)
                .prints(&format!("GET {}/oec/0.9/myaccount\naccept: application/xml, text/xml\n\n\n", region.host));
            taken += 1;
        } else {
            tried.exits(2).says("the key of c belongs to euapi.opsourcecloud.net:443").says("nothing was sent");
            refused += 1;
        }
        // A key that is given for it goes there.
        run().args(["-k", "another-1"]).line("account.me --dry-run").run().exits(0);
    }
    assert!(taken == 5 && refused == regions.len() - 5, "{taken} {refused}");
}

#[test]
fn two_logins_at_once_keep_both() {
    let world = World::new();
    let login = |name: &str| {
        let run = world.marsh().args(["-k", "-", "login", "--provider", "memset", "--url", "http://127.0.0.1:9"]);
        run.args(["--no-test", "--name", name]).stdin(format!("{KEY}-{name}\n"))
    };
    let names: Vec<String> = (0..10).map(|number| format!("p{number}")).collect();
    let children: Vec<_> = names.iter().map(|name| login(name).spawn()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let folder = world.at("../home/.config/marsh");
    let config = fs::read_to_string(folder.join("config.toml")).unwrap();
    assert!(names.iter().all(|name| config.contains(&format!("[profiles.{name}]"))), "{config}");
    for name in &names {
        let path = folder.join("keys").join(name);
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{KEY}-{name}\n"));
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    // Of several with one name, one comes to its end.
    let mut ended: Vec<bool> =
        (0..5).map(|_| login("same").spawn()).map(|mut child| child.wait().unwrap().success()).collect();
    ended.sort_unstable();
    assert_eq!(ended, [false, false, false, false, true]);
}

#[test]
fn a_call_that_carries_calls_cannot_be_made() {
    let calls =
        r#"[{"methodName":"memstore.user.create","params":[{"name":"a","username":"b","password":"CANARY-1"}]}]"#;
    let listed = "<array><data><value><string>system.multicall</string></value>\
                  <value><string>System.Multicall</string></value><value><string>new.one</string></value></data></array>";
    let peer = Peer::new(move |request, stream| match request.contains("system.listMethods") {
        true => stream.write_all(&result(listed)),
        false => stream.write_all(&http("500 Oops", "text/plain", "it was sent")),
    });
    let world = World::new();
    let marsh = || world.marsh().to(&peer.url(), KEY);
    marsh().arg("refresh").run().exits(0).says("new.one");
    let listed = marsh().args(["methods", "-o", "value"]).run().exits(0).stdout;
    assert!(!listed.to_lowercase().contains("multicall"), "{listed}");
    let before = peer.received().len();
    for name in ["system.multicall", "System.Multicall", "memset:system.multicall", "call system.multicall"] {
        for options in [
            &[][..],
            &["--no-check"],
            &["--yes"],
            &["--positional"],
            &["--dry-run"],
            &["--as", "curl"],
            &["-o", "json"],
        ] {
            let ended = marsh().line(name).args(["calls", calls]).args(options).run().exits(2).says("carries calls");
            assert!(!ended.stderr.contains("CANARY") && !ended.stdout.contains("CANARY"), "{ended}");
            let script = marsh().stdin(format!("{name} calls '{calls}' {}\n", options.join(" "))).run().exits(2);
            assert!(!script.stderr.contains("CANARY"), "{script}");
        }
        marsh().arg("help").line(name).run().exits(2);
    }
    let mut shell = Terminal::prompt(marsh().arg("--yes"));
    let shown = shell.run(&format!("system.multicall calls '{calls}'"));
    assert!(shown.contains("carries calls") && !shown.contains("CANARY"), "{shown}");
    let kept = world.remembered();
    assert!(!kept.contains("CANARY") && kept.contains("system.multicall"), "{kept}");
    let sent = peer.received();
    let calls = sent[before..].iter().filter(|request| !request.contains("system.listMethods"));
    assert_eq!(calls.count(), 0);
}

#[test]
fn a_token_in_the_facts_of_an_answer_is_not_on_the_screen() {
    let told = include_str!("../providers/caas/backup-client-add/response.1");
    let (_, body) = told.split_once("\n\n").unwrap();
    assert!(body.contains(TOKEN));
    let peer = Peer::new(move |request, stream| match request.contains("/myaccount ") {
        true => stream.write_all(&http("200 OK", "text/xml", "<Account><orgId>o1</orgId></Account>")),
        false => stream.write_all(&http("200 OK", "text/xml", body)),
    });
    let world = World::new();
    let account = format!("provider = \"caas\"\nurl = \"{}\"\nuser = \"me\"\nkey_env = \"K\"\n", peer.url());
    world.configure(&format!("[profiles.x]\n{account}"));
    let mut shell = Terminal::prompt(world.marsh().env("K", KEY).args(["-p", "x", "--yes"]));
    for line in [
        "backup.client_add server-id s type FA.Linux storagePolicyName a schedulePolicyName b",
        "backup.client_update server-id s backup-client-id c storagePolicyName a schedulePolicyName b",
    ] {
        let shown = shell.run(line);
        assert!(shown.contains("2f357232-bc95-4508-a491-d75b5682e925") && !shown.contains(TOKEN), "{line}: {shown}");
    }
}

/// The paths of fields that are called like secrets, or said to have one in them, and are none.
fn unsealed(fields: &[Field], path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for field in fields {
        let path = format!("{path}.{}", field.name);
        let said = field.summary.to_lowercase();
        let sounds = SECRETS.iter().any(|word| field.name.to_lowercase().contains(word)) || said.contains("token");
        if sounds && !field.secret && matches!(field.type_, Type::String | Type::Any) {
            found.push(path.clone());
        }
        found.extend(unsealed(&field.fields, &path));
    }
    found
}

#[test]
fn what_the_catalogues_call_a_secret_is_one() {
    let mut tried = 0;
    for embedded in embedded::all() {
        let catalog = Catalog::open(embedded).unwrap();
        for record in catalog.records() {
            let method = catalog.method(record.name).unwrap().unwrap();
            let open = method.params.iter().filter(|param| !param.secret && param.type_ == Type::String);
            let open = open.map(|param| param.name.to_lowercase());
            let open: Vec<_> = open.filter(|name| SECRETS.iter().any(|word| name.contains(word))).collect();
            assert!(open.is_empty(), "{}: {open:?}", method.name);
            assert_eq!(unsealed(&method.fields, &method.name), Vec::<String>::new());
            tried += 1;
        }
        for shape in catalog.shapes() {
            assert_eq!(unsealed(&shape.fields, &shape.name), Vec::<String>::new());
        }
    }
    assert!(tried > 300, "{tried}");
}
