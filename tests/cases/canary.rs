//! A key and secrets that must show up at the provider and nowhere else, whatever becomes of the call.

use std::fs;
use std::io::Write;
use std::thread;

use serde_json::{Value, json};

use crate::support::cmd::{Outcome, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, fault, http, result, with_headers};

/// The end of a key is shown in the prompt: there is no canary in it.
pub(super) const KEY: &str = "CANARY-key-0123456789abcdef-a32a1fe9";
/// Text that a terminal, JSON and XML each write in another way, too long for one line of a report.
pub(super) const SECRET: &str =
    r#"CANARY "1" <b&c> \ é and so on and so forth, until the line is long enough to be cut CANARY"#;
/// For parameters that take nothing but hexadecimal digits.
pub(super) const DIGITS: &str = "ca9a127ca9a127ca9a127ca9a127ca91";
/// What no output may hold: the beginnings of all of them, and of the key as it travels.
pub(super) const NEVER: [&str; 3] = ["CANARY", "ca9a127", "Q0FOQVJZ"];

const FORMATS: [&[&str]; 3] = [&[], &["-o", "json"], &["-o", "raw"]];

/// A method that takes a secret, with a value for everything it wants.
struct Subject {
    name: String,
    /// Each parameter's name and value, and whether it is secret.
    arguments: Vec<(String, String, bool)>,
    /// It changes nothing.
    reads: bool,
}

impl Subject {
    /// The line, with something else in place of each value.
    fn line(&self, value: impl Fn(&str, bool) -> String) -> Vec<String> {
        let pairs = self.arguments.iter().flat_map(|(name, given, secret)| [name.clone(), value(given, *secret)]);
        std::iter::once(self.name.clone()).chain(pairs).collect()
    }

    fn plain(&self) -> Vec<String> {
        self.line(|value, _| value.to_owned())
    }

    /// Lines with each secret under another name, before its name or without one, and the exit codes they end with.
    fn misplaced(&self) -> Vec<(&'static str, Vec<String>, i32)> {
        let of = |words: &dyn Fn(&str, &str, bool) -> Vec<String>| {
            let words = self.arguments.iter().flat_map(|(name, value, secret)| words(name, value, *secret));
            std::iter::once(self.name.clone()).chain(words).collect::<Vec<_>>()
        };
        let glued = |sign: &str| of(&|name, value, _| vec![format!("{name}{sign}{value}")]);
        let renamed = |rename: &dyn Fn(&str) -> String| {
            of(&|name, value, secret| vec![if secret { rename(name) } else { name.into() }, value.into()])
        };
        let swapped = of(&|name, value, secret| match secret {
            true => vec![value.into(), name.into()],
            false => vec![name.into(), value.into()],
        });
        let stray = of(&|_, value, _| vec![value.into()]);
        let mistyped = renamed(&|name| name[1..].to_owned());
        let with =
            |line: &[String], more: &[&str]| [line, &more.iter().map(|&word| word.into()).collect::<Vec<_>>()].concat();
        vec![
            ("pairs with =", glued("="), 2),
            ("pairs with :", glued(":"), 2),
            ("a mistyped name that is not checked", with(&mistyped, &["--no-check", "--dry-run"]), 0),
            ("a mistyped name", mistyped, 2),
            ("a name that nobody knows", renamed(&|_| "zzz".to_owned()), 2),
            ("a short name", renamed(&|_| "pw".to_owned()), 2),
            ("an option in place of a name", renamed(&|name| format!("--{name}")), 2),
            ("a secret before its name", swapped, 2),
            ("no names and one value too many, by position", with(&stray, &["beside", "--positional"]), 2),
            ("no names at all", stray, 2),
        ]
    }
}

/// Every method of the catalogue that takes a secret.
fn subjects() -> Vec<Subject> {
    let world = World::new();
    let list = world.marsh().args(["methods", "-o", "json"]).run();
    let methods: Vec<Value> = serde_json::from_str(&list.stdout).unwrap();
    let takes_secret = |method: &&Value| parameters(method).iter().any(|parameter| parameter["secret"] == true);
    methods.iter().filter(takes_secret).map(|method| subject(&world, method)).collect()
}

fn parameters(method: &Value) -> &[Value] {
    method["parameters"].as_array().unwrap()
}

fn subject(world: &World, method: &Value) -> Subject {
    let arguments = parameters(method).iter().map(|parameter| {
        let value = match (&parameter["choices"][0], &parameter["type"]) {
            (Value::String(choice), _) => choice.clone(),
            (_, kind) if kind == "boolean" => "true".to_owned(),
            _ if parameter["secret"] == true => SECRET.to_owned(),
            _ if parameter["name"] == "email" => "me@example.com".to_owned(),
            _ => "example1".to_owned(),
        };
        (parameter["name"].as_str().unwrap().to_owned(), value, parameter["secret"] == true)
    });
    let mut subject = Subject {
        name: method["name"].as_str().unwrap().to_owned(),
        arguments: arguments.collect(),
        reads: method["effect"] == "read",
    };
    let tried = world.marsh().args(subject.plain()).arg("--dry-run").run();
    if tried.stderr.contains("hexadecimal") {
        subject
            .arguments
            .iter_mut()
            .filter(|argument| argument.2)
            .for_each(|argument| DIGITS.clone_into(&mut argument.1));
    }
    subject
}

/// Nothing of it shows a secret.
#[track_caller]
pub(super) fn is_clean(what: &str, ended: &Outcome) {
    for never in NEVER {
        assert!(!ended.stderr.contains(never) && !ended.stdout.contains(never), "{what}: {ended}");
    }
    assert!(!ended.stderr.contains("panicked"), "{what}: {ended}");
}

/// No file holds one.
#[track_caller]
pub(super) fn keeps_nothing(world: &World) {
    for (path, bytes) in world.everything() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(NEVER.iter().all(|never| !text.contains(never)), "{}: {text}", path.display());
    }
}

/// The provider got the key, and the secrets as XML writes them.
#[track_caller]
fn arrived(peer: &Peer, subject: &Subject) {
    let request = peer.hear(&subject.name);
    assert!(request.contains("Q0FOQVJZ"), "{request}");
    for (_, value, _) in subject.arguments.iter().filter(|argument| argument.2) {
        assert!(request.contains(&xml(value)), "{request}");
    }
}

fn run(world: &World, url: &str, line: Vec<String>, options: &[&str]) -> Outcome {
    // The same changes are made over and over, and of some nobody knows what became.
    world.marsh().args(["-k", KEY, "-u", url]).args(options).args(line).arg("--again").run()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn there_are_methods_to_try() {
    let names: Vec<String> = subjects().into_iter().map(|subject| subject.name).collect();
    assert!(names.len() > 5 && names.iter().any(|name| name.contains("password")), "{names:?}");
}

/// What a provider may say. It may well repeat what it was given, and is not to be trusted to know what may be shown.
fn answers(subject: &Subject) -> Vec<(&'static str, Vec<u8>, i32)> {
    let secret = subject.arguments.iter().find(|argument| argument.2).unwrap().1.as_str();
    let echo = xml(&format!("no: {secret} {KEY}"));
    let page = format!("<html><title>{echo}</title></html>");
    let unreadable = if subject.reads { 5 } else { 7 };
    vec![
        ("success", result("<struct></struct>"), 0),
        ("fault", fault(7, "no"), 4),
        ("an echo in a fault", fault(7, &echo), 4),
        ("an echo in an unknown fault", fault(4711, &echo), 4),
        ("an echo in a page", http("200 OK", "text/html", &page), unreadable),
        ("an echo in an error page", http("500 Oops", "text/html", &page), 5),
        ("an echo in no XML", http("200 OK", "text/plain", format!("no: {secret} {KEY}")), unreadable),
        (
            "an echo in JSON",
            http("200 OK", "application/json", json!({"error": [KEY, secret]}).to_string()),
            unreadable,
        ),
        ("an echo as a type", result(&format!("<{KEY}>1</{KEY}>")), unreadable),
        ("an echo in a number", result(&format!("<int>{echo}</int>")), unreadable),
        ("an echo in an address", with_headers("302 Found", &format!("Location: /{KEY}\r\n"), ""), 4),
    ]
}

#[test]
fn a_secret_reaches_only_the_provider_whatever_the_answer() {
    for subject in subjects() {
        let world = World::new();
        for (what, answer, code) in answers(&subject) {
            let peer = Peer::saying(answer);
            // What cannot be read is shown as it came when that is what was asked for.
            let formats = if matches!(code, 5 | 7) { &FORMATS[..2] } else { &FORMATS };
            for options in formats {
                let ended = run(&world, &peer.url(), subject.plain(), options);
                let what = format!("{} {what} {options:?}", subject.name);
                assert_eq!(ended.code, code, "{what}: {ended}");
                is_clean(&what, &ended);
                arrived(&peer, &subject);
            }
        }
        keeps_nothing(&world);
    }
}

#[test]
fn a_secret_stays_out_of_sight_when_there_is_no_answer() {
    let (silent, dead) = (Peer::silent(), Peer::silent().url());
    let attempt = |subject: &Subject| {
        let world = World::new();
        for format in &FORMATS[..2] {
            let options = [format, &["--timeout", "0.2"][..]].concat();
            let lost = run(&world, &silent.url(), subject.plain(), &options);
            assert!([5, 7].contains(&lost.code), "{lost}");
            is_clean("a timeout", &lost);
            arrived(&silent, subject);
            let dead = run(&world, &dead, subject.plain(), &options);
            assert_eq!(dead.code, 6, "{dead}");
            is_clean("a dead server", &dead);
        }
        keeps_nothing(&world);
    };
    let subjects = subjects();
    // Most of it is waiting.
    thread::scope(|scope| {
        for subject in &subjects {
            scope.spawn(|| attempt(subject));
        }
    });
}

#[test]
fn a_secret_stays_out_of_sight_when_something_beside_it_is_wrong() {
    let peer = Peer::in_turn(vec![result("<struct></struct>")]);
    for subject in subjects() {
        let world = World::new();
        let plain = subject.plain();
        let with = |more: &[&str]| plain.iter().cloned().chain(more.iter().map(|word| (*word).to_owned())).collect();
        let mistyped: Vec<String> = std::iter::once(format!("{}x", plain[0])).chain(plain[1..].to_vec()).collect();
        // Where nothing stands beside the secret, a value of another type is put there.
        let wrong_type = subject.line(|value, secret| if secret { value.into() } else { format!("(int){value}") });
        let wrong_type = wrong_type.into_iter().chain(["beside".to_owned(), "(int)x".to_owned()]).collect();
        let wrong_tag = subject.line(|value, secret| if secret { format!("(itn){value}") } else { value.into() });
        // Without its first name, as long as that is not the one that tells of the secret.
        let left_out = if subject.arguments[0].2 { 2 } else { 1 };
        let shifted: Vec<String> = plain[..left_out].iter().chain(&plain[left_out + 1..]).cloned().collect();
        let doubled: Vec<String> = plain.iter().chain(&plain[1..]).cloned().collect();
        for (what, line, code) in [
            ("an unknown parameter", with(&["no_such_parameter", "x"]), 2),
            ("a name without value", with(&["dangling"]), 2),
            ("an unknown option", with(&["--nonsense"]), 2),
            ("an option without value", with(&["-o"]), 2),
            ("a pipe to nowhere", with(&["|"]), 2),
            ("a file that cannot be", with(&["|", "/no/such/folder/x"]), 2),
            ("an unknown method", mistyped, 2),
            ("a wrong type", wrong_type, 2),
            ("an unknown type", wrong_tag, 2),
            ("a value twice", doubled, 2),
            ("a value in the place of a name", shifted, 2),
            ("a dry run", with(&["--dry-run"]), 0),
        ]
        .into_iter()
        .chain(subject.misplaced())
        {
            for options in &FORMATS[..2] {
                let ended = run(&world, &peer.url(), line.clone(), options);
                assert_eq!(ended.code, code, "{what}: {ended}");
                is_clean(&format!("{} {what} {options:?}", subject.name), &ended);
            }
        }
        keeps_nothing(&world);
    }
    let calls = peer.received().into_iter().filter(|request| NEVER[..2].iter().any(|never| request.contains(never)));
    assert_eq!(calls.count(), 0);
}

#[test]
fn a_secret_from_a_file_or_a_script_is_one_too() {
    let echo = fault(7, &xml(&format!("no: {SECRET}")));
    let peer = Peer::saying(echo);
    for subject in subjects().into_iter().filter(|subject| subject.arguments.iter().any(|a| a.1 == SECRET)) {
        let world = World::new();
        world.put("secret", SECRET, 0o600);
        let line = subject.line(|value, secret| if secret { "(file)secret".into() } else { value.into() });
        let ended = run(&world, &peer.url(), line, &[]);
        assert_eq!(ended.code, 4, "{ended}");
        is_clean("a file", &ended);
        arrived(&peer, &subject);
        let quoted = subject.line(|value, _| format!("'{value}'")).join(" ");
        for (script, code) in
            [(format!("{quoted}\n"), 4), (format!("{quoted} |\n"), 2), (quoted[..quoted.len() - 1].to_owned(), 2)]
        {
            let ended = world.marsh().to(&peer.url(), KEY).stdin(script).run();
            assert_eq!(ended.code, code, "{ended}");
            is_clean("a script", &ended);
        }
    }
}

#[test]
fn a_secret_that_is_typed_is_in_no_history() {
    let (world, subjects) = (World::new(), subjects());
    // It gives back the whole request, key and all.
    let peer = Peer::new(|request, stream| stream.write_all(&fault(7, &xml(request))));
    let mut shell = Terminal::prompt(world.marsh().arg("--yes").to(&peer.url(), KEY));
    for subject in &subjects {
        let line = subject.line(|value, _| format!("'{value}'")).join(" ");
        let mistyped = line.replacen(' ', "x ", 1);
        for line in [&mistyped, &format!("{line} |"), &format!("{line} beside"), &line, &format!("{line} --dry-run")] {
            let shown = shell.run(line);
            assert!(NEVER.iter().all(|never| !shown.contains(never)), "{line}: {shown}");
        }
        arrived(&peer, subject);
    }
    assert_eq!(world.lines().len(), subjects.len() * 5);
    keeps_nothing(&world);
}

#[test]
fn the_key_is_shown_by_nothing() {
    let echo = Peer::saying(fault(4, &format!("unknown key {KEY}")));
    let world = World::new();
    world.put("key", &format!("{KEY}\n"), 0o600);
    for line in ["service.list", "help", "help service.list", "help remote", "methods", "refresh", "no.such", KEY] {
        for key in [KEY, "@key"] {
            let ended = world.marsh().args(["-k", key, "-u", &echo.url()]).line(line).run();
            is_clean(line, &ended);
        }
    }
    assert!(echo.received().iter().all(|request| request.contains("Q0FOQVJZ")));
    for url in [
        format!("http://{KEY}:@127.0.0.1:1/"),
        format!("http://{KEY}@127.0.0.1:1/"),
        format!("{KEY}@127.0.0.1"),
        format!("{KEY}:x@127.0.0.1"),
        format!("http://{KEY}:@"),
        format!("http://{KEY}:@[bad/"),
        format!("ftp://{KEY}:@127.0.0.1/"),
        format!("http://{KEY}:@127.0.0.1:99999/"),
        format!("http://{KEY}:@192.0.2.1/"),
    ] {
        let ended = world.marsh().args(["-k", KEY, "-u", &url, "--timeout", "0.2", "service.list"]).run();
        assert_ne!(ended.code, 0, "{url}: {ended}");
        is_clean(&url, &ended);
    }
    for bad in
        [&["-k", KEY, "--nonsense"][..], &["-k", KEY, "-o", "no", "service.list"], &["-k", KEY, "-k", KEY, "help"]]
    {
        let ended = world.marsh().args(bad).run();
        assert_eq!(ended.code, 2, "{ended}");
        is_clean(&bad.join(" "), &ended);
    }
    fs::remove_file(world.at("key")).unwrap();
    keeps_nothing(&world);
}
