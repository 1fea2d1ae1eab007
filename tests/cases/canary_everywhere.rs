//! The same for every provider: each method that takes a secret, over whatever may become of its call.

use std::collections::BTreeMap;
use std::io::Write;
use std::thread;

use marsh::lang;
use marsh::model::Effect;
use marsh::model::escape::Escape;
use marsh::registry::embedded;

use super::canary::{DIGITS, KEY, NEVER, SECRET, is_clean, keeps_nothing};
use crate::support::calls::Spoken;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::raw::{Peer, http};

/// For parameters that take no more than a usual password.
const SHORT: &str = "CANARY-pass-1Ab";

/// A line that calls a method with a value for each of its secret parameters.
struct Subject {
    line: String,
    secrets: Vec<&'static str>,
    asked: bool,
}

fn subjects(provider: &str) -> Vec<Subject> {
    let spoken = Spoken::to(provider);
    let methods = spoken.catalog.records().iter().map(|record| spoken.catalog.method(record.name).unwrap().unwrap());
    let with_secrets = methods.filter(|method| method.params.iter().any(|param| param.secret));
    let all = with_secrets.map(|method| {
        let fits = |line: &String| spoken.call(line).is_ok();
        let tried = [SECRET, SHORT, DIGITS].into_iter().map(|secret| (planted(&method, secret), secret));
        let found = tried.into_iter().find(|(line, _)| fits(line));
        let (line, secret) = found.unwrap_or_else(|| panic!("no secret fits {}", method.name));
        let effects = spoken.call(&line).unwrap().effects();
        let asked = effects.has(Effect::Destroy) || effects.has(Effect::Billable);
        Subject { line, secrets: vec![secret], asked }
    });
    all.collect()
}

/// The example of a method with this in the place of each secret, and with those that it leaves out.
fn planted(method: &marsh::model::Method, secret: &str) -> String {
    let mut line = method.example.clone().unwrap();
    let parsed = lang::parse(&line).unwrap().remove(0);
    let given: BTreeMap<String, _> =
        parsed.pairs().unwrap().iter().map(|pair| (pair.name.root().to_owned(), pair.value.span)).collect();
    let mut places: Vec<_> =
        method.params.iter().filter(|param| param.secret).map(|p| (given.get(&p.name), p)).collect();
    // From the end, so that the places in front stay what they are.
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.map_or(usize::MAX, |span| span.start)));
    for (span, param) in places {
        match span {
            Some(span) => line.replace_range(span.range(), &format!("'{secret}'")),
            None => line.push_str(&format!(" {} '{secret}'", param.name)),
        }
    }
    line
}

/// A world whose account at each provider is at one peer.
fn world(url: &str) -> World {
    let world = World::new();
    let profile = |id: &str| {
        format!("[profiles.{id}]\nprovider = \"{id}\"\nurl = \"{url}\"\nuser = \"me\"\nkey_env = \"KEY_OF_TEST\"\n")
    };
    world.configure(&embedded::all().iter().map(|catalog| profile(catalog.id)).collect::<String>());
    world
}

fn marsh(world: &World) -> Run {
    world.marsh().env("KEY_OF_TEST", KEY)
}

/// A peer that lets everybody ask who he is, and answers whatever else with this.
fn peer(answer: Vec<u8>) -> Peer {
    Peer::new(move |request, stream| match request.contains("/myaccount ") {
        true => stream.write_all(&http("200 OK", "text/xml", "<Account><orgId>o1</orgId></Account>")),
        false => stream.write_all(&answer),
    })
}

/// What a provider may say, which may well repeat what it was given.
fn answers(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let xml = |text: &str| Escape::Xml.apply(text).into_owned();
    let echo = format!("no: {secret} {KEY}");
    let status = |result: &str, words: &str| {
        let code = if result == "SUCCESS" { String::new() } else { xml(KEY) };
        format!(
            "<Status><result>{result}</result><resultDetail>{}</resultDetail><resultCode>{code}</resultCode></Status>",
            xml(words)
        )
    };
    let failed = serde_json::json!({"success": false, "errors": [[secret, KEY]],
        "error": {"code": KEY, "description": {"en": echo}}});
    vec![
        ("a success in JSON", http("200 OK", "application/json", r#"{"success":true}"#)),
        ("a success in XML", http("200 OK", "text/xml", status("SUCCESS", "done"))),
        ("a fault in JSON", http("200 OK", "application/json", failed.to_string())),
        ("a fault in JSON under 422", http("422 No", "application/json", failed.to_string())),
        ("a fault in XML", http("400 No", "text/xml", status("ERROR", &echo))),
        ("an echo in a page", http("500 Oops", "text/html", format!("<html><title>{}</title></html>", xml(&echo)))),
        ("an echo in text", http("200 OK", "text/plain", echo)),
    ]
}

/// Whether the bytes of a request hold a secret in one of the notations it may travel in.
fn holds(request: &str, secret: &str) -> bool {
    let json = Escape::Json.apply(secret).into_owned();
    [Escape::Xml.apply(secret), Escape::Form.apply(secret), Escape::Form.apply(&json), json.as_str().into()]
        .iter()
        .any(|form| request.contains(&**form))
}

fn each_provider(test: impl Fn(&'static str, Vec<Subject>) + Sync) {
    thread::scope(|scope| {
        for catalog in embedded::all() {
            let test = &test;
            scope.spawn(move || {
                let subjects = subjects(catalog.id);
                assert!(!subjects.is_empty(), "{} takes no secret", catalog.id);
                test(catalog.id, subjects);
            });
        }
    });
}

#[test]
fn a_secret_goes_to_its_provider_alone_whatever_the_answer() {
    each_provider(|id, subjects| {
        for subject in subjects {
            for (what, answer) in answers(subject.secrets[0]) {
                let peer = peer(answer);
                let world = world(&peer.url());
                let ended = marsh(&world).args(["-y", "-p", id]).stdin(subject.line.clone()).run();
                assert!([0, 3, 4, 5, 7].contains(&ended.code), "{what}: {ended}");
                is_clean(&format!("{} {what}", subject.line), &ended);
                let got = peer.received();
                assert!(
                    subject.secrets.iter().all(|secret| got.iter().any(|request| holds(request, secret))),
                    "{got:?}"
                );
                keeps_nothing(&world);
            }
        }
    });
}

#[test]
fn a_secret_stays_out_of_sight_when_nothing_is_answered_or_nothing_sent() {
    let silent = Peer::silent();
    each_provider(|id, subjects| {
        let world = world(&silent.url());
        for subject in subjects {
            for (options, codes) in [
                (&["-y", "--timeout", "0.1"][..], &[5, 7][..]),
                (&[], &[5, 7, 10]),
                (&["--dry-run"], &[0]),
                (&["--as", "curl"], &[0]),
                (&["--as", "http"], &[0]),
                (&["--as", "nothing"], &[2]),
                (&["--dry-run", "-o", "nonsense"], &[0, 2]),
            ] {
                let line = format!("{} {}", subject.line, options.join(" "));
                let ended = marsh(&world).args(["--timeout", "0.1", "-p", id]).stdin(line.clone()).run();
                assert!(codes.contains(&ended.code), "{line}: {ended}");
                is_clean(&line, &ended);
            }
        }
        keeps_nothing(&world);
    });
}

#[test]
fn a_secret_is_in_no_question_and_in_no_history() {
    each_provider(|id, subjects| {
        let peer = peer(http("500 Oops", "text/plain", format!("{SECRET} {SHORT} {DIGITS} {KEY}")));
        let world = world(&peer.url());
        let mut shell = Terminal::prompt(marsh(&world).args(["--retries", "0", "-p", id]));
        let clean = |shown: &str| assert!(NEVER.iter().all(|never| !shown.contains(never)), "{shown}");
        for subject in subjects {
            for option in ["--dry-run", "--as curl", "--as http", "--nonsense"] {
                clean(&shell.run(&format!("{} {option}", subject.line)));
            }
            if subject.asked {
                shell.press(&subject.line);
                let before = shell.transcript().len();
                shell.press(ENTER);
                shell.until("a question", |t| t.row().contains("to confirm:") || t.row().contains("Continue? [y/N]"));
                clean(&shell.transcript()[before..].join("\n"));
                clean(&shell.after(CTRL_C));
            }
        }
        keeps_nothing(&world);
    });
}

#[test]
fn a_key_stays_out_of_sight_when_many_calls_or_accounts_are_asked() {
    let members = "let m = (json)[{\"id\":\"a\"},{\"id\":\"b\"}]\n";
    let lines = [
        "servers",
        "@all servers",
        "@all expiring 3650d -o csv",
        "@all servers --sort account -o table",
        "@memset,@artnet service.list",
        "@all servers --dry-run",
        "$m | each memset:service.info name {id}",
        "$m | each memset:service.info name {id} --jobs 2 --keep-going -o csv",
        "$m | each memset:server.reboot name {id} --batch --keep-going --again",
        "$m | each memset:service.info name {id} --dry-run",
    ];
    for (what, answer) in answers(KEY) {
        let peer = peer(answer);
        let world = world(&peer.url());
        for line in lines {
            for transport in [&[][..], &["--transport", "jsonrpc"]] {
                let run = marsh(&world).args(["-y", "-v", "--retries", "0", "-p", "memset"]).args(transport);
                let ended = run.stdin(format!("{members}{line}\n")).run();
                is_clean(&format!("{line} {what}"), &ended);
            }
        }
        keeps_nothing(&world);
    }
}
