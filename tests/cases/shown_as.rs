//! `--as curl` and `--as http`: what is printed is what would be sent, can be run, and holds no secret.

use std::process::Command;
use std::thread;

use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;
use marsh::sandbox;

use crate::support::KEY;
use crate::support::cmd::World;
use crate::support::server::{Answer, Request, Server};

#[expect(clippy::print_stderr, reason = "the person who runs the tests should know what was not tried")]
fn there_is_curl() -> bool {
    let found = Command::new("curl").arg("--version").output().is_ok();
    if !found {
        eprintln!("curl is not there: nothing is tried");
    }
    found
}

/// Runs a command of the shell with these variables and returns what it prints.
fn sh(command: &str, variables: &[(&str, &str)]) -> String {
    let output = Command::new("sh").args(["-c", command]).envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn world(accounts: &[sandbox::Account]) -> World {
    let world = World::new();
    let profile = |account: &sandbox::Account| {
        let sandbox::Account { provider, url, user, key } = account;
        world.put(provider, key, 0o600);
        let (user, file) = (user.clone().unwrap_or_default(), world.at(provider));
        let user = if user.is_empty() { user } else { format!("user = \"{user}\"\n") };
        let file = file.display();
        format!("[profiles.{provider}]\nprovider = \"{provider}\"\nurl = \"{url}\"\n{user}key_file = \"{file}\"\n")
    };
    world.configure(&accounts.iter().map(profile).collect::<String>());
    world
}

#[test]
fn the_command_does_what_the_line_does() {
    if !there_is_curl() {
        return;
    }
    let server = sandbox::Server::start(sandbox::Options::default()).unwrap();
    let accounts = server.accounts();
    let world = world(&accounts);
    let me = world.marsh().line("-p caas account.me -o json").run().exits(0).stdout;
    let org = me.split("\"orgId\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for (options, line) in [
        ("-p memset", "service.list"),
        ("-p memset", "dns.zone_list"),
        ("-p memset", "service.set_nickname name myserver1 nickname it's&<you>"),
        ("-p memset --transport jsonrpc", "service.list"),
        ("-p memset --transport json", "service.info name myserver1"),
        ("-p caas", "account.me"),
        ("-p caas", "server.list"),
        ("-p artnet", "services.list limit 3"),
        ("-p artnet", "vps.list"),
        ("-p vpsnet", "node.list"),
        ("-p vpsnet", "invoice.list"),
    ] {
        let run = |more: &[&str]| world.marsh().line(options).line(line).args(more).run().exits(0).stdout;
        let (key, command) = (key_of(&accounts, options), run(&["--as", "curl"]));
        assert!(!command.contains(key), "{command}");
        let printed = sh(&command, &[("MARSH_KEY", key), ("ORG_ID", org)]);
        assert_eq!(words(&printed), words(&run(&["-o", "raw"])), "{command}");
    }
}

/// The words of an answer without the names of XML's namespaces, which one of the services makes up anew each time.
fn words(answer: &str) -> Vec<&str> {
    let own = |word: &&str| !word.is_empty() && !word.starts_with("xmlns");
    let bare = |word: &'_ str| -> usize {
        let digits =
            word.trim_start_matches('/').strip_prefix("ns").map(|rest| rest.trim_start_matches(char::is_numeric));
        digits.filter(|rest| rest.starts_with(':')).map_or(0, |rest| word.len() - rest.len() + 1)
    };
    answer.split(['<', '>', ' ', '\n']).filter(own).map(|word| &word[bare(word)..]).collect()
}

#[test]
fn the_command_sends_what_the_line_sends() {
    if !there_is_curl() {
        return;
    }
    thread::scope(|scope| {
        for catalog in embedded::all() {
            scope.spawn(|| each_example(catalog.id));
        }
    });
}

/// One method of several: its example as it is sent, and as the command sends it.
fn each_example(provider: &str) {
    let catalog = Catalog::open(embedded::find(provider).unwrap()).unwrap();
    let methods = catalog.records().iter().step_by(7).map(|record| catalog.method(record.name).unwrap().unwrap());
    for method in methods.filter(|method| method.params.iter().all(|param| !param.secret)) {
        let line = method.example.unwrap();
        let server = Server::answering([Answer::xml("<Account><orgId>o1</orgId></Account>")]);
        let (world, address) = (World::new(), server.address);
        world.configure(&format!(
            "[profiles.a]\nprovider = \"{provider}\"\nurl = \"http://{address}\"\nuser = \"me\"\nkey_env = \"A_KEY\"\n"
        ));
        let run = |line: &str| world.marsh().env("A_KEY", KEY).arg("-y").stdin(line).run();
        let ended = run(&line);
        let command = run(&format!("{line} --as curl")).exits(0).stdout;
        sh(&command, &[("MARSH_KEY", KEY), ("ORG_ID", "o1")]);
        let requests = server.requests();
        let [.., by_line, by_command] = &requests[..] else { panic!("{line}: {ended}") };
        assert_eq!(told(by_command), told(by_line), "{line}: {command}");
    }
}

/// What matters of a request.
fn told(request: &Request) -> (&str, [Option<&str>; 3], String) {
    (request.start(), ["authorization", "content-type", "accept"].map(|name| request.header(name)), request.text())
}

fn key_of<'a>(accounts: &'a [sandbox::Account], options: &str) -> &'a str {
    let profile = options.split_whitespace().nth(1).unwrap();
    &accounts.iter().find(|account| account.provider == profile).unwrap().key
}

#[test]
fn other_secrets_are_variables_of_their_own() {
    let server = Server::answering([]);
    let world = World::new();
    let address = server.address;
    world.configure(&format!(
        "[profiles.a]\nprovider = \"artnet\"\nurl = \"http://{address}/api\"\nuser = \"me\"\nkey_env = \"A_KEY\"\n"
    ));
    let line = ["cloud-instance.delete", "instance_id", "678", "instance_password", "p&ss w%rd'1"];
    let shown = |form: &str| world.marsh().env("A_KEY", KEY).args(line).args(["--as", form]).run().exits(0);
    shown("curl").says("note: $SECRET_1 is the value of instance_password\n").prints(&format!(
        "curl -sS -X POST http://{address}/api/cloud-instance/delete \\\n  -H 'accept: application/json' \\\n  \
         -H 'content-type: application/x-www-form-urlencoded' \\\n  --data-urlencode 'api_key='\"$MARSH_KEY\" \\\n  \
         --data-binary 'id=me&instance_id=678' \\\n  --data-urlencode 'instance_password='\"$SECRET_1\"\n"
    ));
    shown("http").says("note: $SECRET_1 is the value of instance_password, as a form writes it\n").prints(&format!(
        "POST /api/cloud-instance/delete HTTP/1.1\nHost: {address}\naccept: application/json\n\
         content-type: application/x-www-form-urlencoded\n\n\
         api_key=$MARSH_KEY&id=me&instance_id=678&instance_password=$SECRET_1\n"
    ));
    let wrong = world.marsh().env("A_KEY", KEY).args(line).args(["--as", "crul"]).run().exits(2);
    wrong.says("a request cannot be shown as `crul`, only as curl or http").says("did you mean curl?");
    assert_eq!(server.requests().len(), 0);
    if there_is_curl() {
        let command = shown("curl").stdout.replace("curl -sS", "curl -sS -m 5");
        sh(&format!("{} || true", command.trim_end()), &[("MARSH_KEY", KEY), ("SECRET_1", line[4])]);
        // A blank is written in either way, depending on curl's age.
        let sent = server.requests()[0].text().replace("%20", "+");
        assert_eq!(sent, format!("api_key={KEY}&id=me&instance_id=678&instance_password=p%26ss+w%25rd%271"));
    }
}
