//! Secrets that are asked for, or typed in a line, at every kind of terminal: what was typed is never on the screen
//! again. Every secret parameter of every method of every provider.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use marsh::lang;
use marsh::model::{Method, Param};
use marsh::registry::embedded;

use crate::support::calls::Spoken;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::raw::{Peer, http};

/// What a terminal says of itself. An empty value takes the variable away.
static SETTINGS: &[(&str, &[(&str, &str)])] =
    &[("colour", &[]), ("NO_COLOR", &[("NO_COLOR", "1")]), ("dumb", &[("TERM", "dumb")]), ("no TERM", &[("TERM", "")])];

/// Secrets that fit some parameter or other; the number makes each its own.
static FORMS: &[fn(usize) -> String] =
    &[|number| format!("Zq{number:03}-CaNaRy77"), |number| format!("ca9a12{number:04}aaca9a12ca9a12feedbee5")];

/// A secret parameter, and a line with everything else that its method must have.
struct Subject {
    /// The line, as far as it is typed openly.
    line: String,
    /// The secrets that are asked for, by the names of their parameters.
    asked: BTreeMap<String, String>,
    /// The one that is typed in the line, where nobody asks for it.
    typed: Option<String>,
}

fn subjects(provider: &str) -> Vec<Subject> {
    let spoken = Spoken::to(provider);
    let methods = spoken.catalog.records().iter().map(|record| spoken.catalog.method(record.name).unwrap().unwrap());
    let mut subjects = Vec::new();
    for method in methods {
        for param in method.params.iter().filter(|param| param.secret) {
            subjects.push(subject(&spoken, &method, param, subjects.len()));
        }
    }
    subjects
}

fn subject(spoken: &Spoken, method: &Method, param: &Param, number: usize) -> Subject {
    let others: BTreeMap<String, String> = example(method).into_iter().collect();
    let build = |secrets: &BTreeMap<String, String>| {
        let given = others.iter().filter(|(name, _)| method.param(name).is_none_or(|param| !param.secret));
        let pairs = given.map(|(name, text)| format!(" {name} {text}"));
        let pairs = pairs.chain(secrets.iter().map(|(name, secret)| format!(" {name} {secret}")));
        method.name.clone() + &pairs.collect::<String>()
    };
    for form in FORMS {
        let wanted = method.params.iter().filter(|other| other.secret && (other.required || other.name == param.name));
        let secrets: BTreeMap<_, _> =
            wanted.enumerate().map(|(at, param)| (param.name.clone(), form(number * 10 + at))).collect();
        if spoken.call(&build(&secrets)).is_ok() {
            let (asked, mut typed) =
                secrets.clone().into_iter().partition(|(name, _)| method.param(name).unwrap().required);
            return Subject { line: build(&typed), asked, typed: typed.remove(&param.name) };
        }
    }
    panic!("no secret fits {} {}", method.name, param.name);
}

/// The names and values of a method's example.
fn example(method: &Method) -> Vec<(String, String)> {
    let example = method.example.clone().unwrap();
    let line = lang::parse(&example).unwrap().remove(0);
    let text = |pair: &lang::Pair<'_>| {
        let start = pair.tag.map_or(pair.value.span.start, |tag| tag.span.start);
        (pair.name.text.clone(), example[start..pair.value.span.end].to_owned())
    };
    line.pairs().unwrap().iter().map(text).collect()
}

fn marsh(world: &World, settings: &[(&str, &str)]) -> Run {
    settings.iter().fold(world.marsh(), |run, (name, value)| run.env(name, *value))
}

/// An account of a provider at a peer that gives back all that it is sent.
fn world(provider: &str) -> (Peer, World) {
    let peer = Peer::new(|request, stream| match request.contains("/myaccount ") {
        true => stream.write_all(&http("200 OK", "text/xml", "<Account><orgId>o1</orgId></Account>")),
        false => stream.write_all(&http("500 Oops", "text/plain", request)),
    });
    let world = World::new();
    world.put("../home/key", "the-key\n", 0o600);
    let profile = format!(
        "[profiles.x]\nprovider = \"{provider}\"\nurl = \"{}\"\nuser = \"me\"\nkey_file = \"~/key\"\nretries = 0\n",
        peer.url()
    );
    world.configure(&profile);
    (peer, world)
}

/// Types a line, and whatever is asked for, and gives back what the screen shows after the line.
fn converse(shell: &mut Terminal, subject: &Subject) -> String {
    // What became of the call is never known here, and several subjects differ in their secrets alone.
    let line = format!("{} --again", subject.line);
    shell.press(&line);
    let end = &line[line.len().saturating_sub(24)..];
    shell.until(&subject.line, |shell| shell.contents().replace('\n', "").contains(end));
    let before = shell.transcript().len();
    shell.press(ENTER);
    for _ in &subject.asked {
        shell.until("a question", |shell| subject.asked.keys().any(|name| shell.row() == format!("{name}:")));
        let name = shell.row().trim_end_matches(':').to_owned();
        shell.press(&subject.asked[&name]);
        shell.press(ENTER);
        shell.until("what follows", |shell| shell.row() != format!("{name}:"));
    }
    shell.until("the next prompt", Terminal::at_prompt);
    shell.transcript()[before..].join("\n")
}

#[test]
fn a_secret_is_never_on_the_screen_whatever_the_terminal() {
    let (asked, typed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for (setting, variables) in SETTINGS {
            let (asked, typed) = (&asked, &typed);
            scope.spawn(move || {
                for catalog in embedded::all() {
                    let (peer, world) = world(catalog.id);
                    let mut shell = Terminal::echoing(marsh(&world, variables).args(["--yes", "-p", "x"]));
                    shell.until("the first prompt", Terminal::at_prompt);
                    for subject in subjects(catalog.id) {
                        let shown = converse(&mut shell, &subject);
                        let secrets: Vec<&String> = subject.asked.values().chain(&subject.typed).collect();
                        for secret in &secrets {
                            assert!(!shown.contains(*secret), "{setting}: {}: {shown}", subject.line);
                            assert!(
                                peer.received().iter().any(|request| request.contains(*secret)),
                                "{}",
                                subject.line
                            );
                        }
                        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
                        assert!(
                            subject.asked.values().all(|secret| !raw.contains(secret)),
                            "{setting}: {}",
                            subject.line
                        );
                        let history = world.remembered();
                        assert!(secrets.iter().all(|secret| !history.contains(*secret)), "{history}");
                        asked.fetch_add(subject.asked.len(), Ordering::Relaxed);
                        typed.fetch_add(usize::from(subject.typed.is_some()), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let parameters: usize = embedded::all().iter().map(|catalog| subjects(catalog.id).len()).sum();
    let (asked, typed) = (asked.into_inner(), typed.into_inner());
    // Of 31 parameters 25 are asked for, and some together with another one that has its own turn.
    assert!(parameters >= 31, "{parameters}");
    assert!(asked >= 25 * SETTINGS.len() && asked + typed >= parameters * SETTINGS.len(), "{asked} {typed}");
}

#[test]
fn one_call_and_login_ask_as_quietly() {
    for (setting, variables) in SETTINGS {
        let secret = "ZqCaNaRyTyped77";
        let world = World::new();
        let run = marsh(&world, variables).line("--sandbox memshell.disable name myserver1 --yes");
        let mut shell = Terminal::echoing(run);
        shell.until("a question", |shell| shell.row() == "password:");
        shell.press(secret);
        shell.press(ENTER);
        shell.code();
        let login =
            marsh(&world, variables).line("login --provider memset --name a --no-test --url http://127.0.0.1:9");
        let mut other = Terminal::echoing(login);
        other.until("a yes or a no", |shell| shell.row().starts_with("Refuse all calls"));
        other.press(ENTER);
        other.until("where the key is kept", |shell| shell.row().starts_with("Which"));
        other.press(ENTER);
        other.until("a question", |shell| shell.row() == "Key (not shown):");
        other.press(&format!("x\x7f{secret}"));
        other.press(ENTER);
        assert_eq!(other.code(), 0, "{setting}: {}", other.contents());
        for shell in [&shell, &other] {
            let raw = String::from_utf8_lossy(&shell.raw);
            assert!(!raw.contains(secret) && !raw.contains("***"), "{setting}: {raw}");
        }
        let kept = std::fs::read_to_string(world.at("../home/.config/marsh/keys/a")).unwrap();
        assert_eq!(kept, format!("{secret}\n"), "{setting}");
    }
}

#[test]
fn a_secret_can_be_kept_back_whatever_the_terminal() {
    for (setting, variables) in SETTINGS {
        let run = marsh(&World::new(), variables).line("--sandbox memshell.disable name myserver1");
        let mut shell = Terminal::echoing(run);
        shell.until("a question", |shell| shell.row() == "password:");
        shell.press("abc");
        shell.press(CTRL_C);
        assert_eq!(shell.code(), 10, "{setting}: {}", shell.contents());
        assert!(shell.contents().contains("nothing was sent"), "{setting}: {}", shell.contents());
    }
}

#[test]
fn a_key_from_standard_input_is_typed_as_quietly() {
    let login = "-k - login --provider memset --name a --no-test --url http://127.0.0.1:9";
    for (setting, variables) in SETTINGS {
        let (secret, world) = ("ZqCaNaRyTyped77", World::new());
        let mut shell = Terminal::echoing(marsh(&world, variables).line(login));
        shell.until("a question", |shell| shell.row() == "Key (not shown):");
        shell.press(secret);
        shell.press(ENTER);
        assert_eq!(shell.code(), 0, "{setting}: {}", shell.contents());
        assert!(!String::from_utf8_lossy(&shell.raw).contains("Typed"), "{setting}");
        let kept = std::fs::read_to_string(world.at("../home/.config/marsh/keys/a")).unwrap();
        assert_eq!(kept, format!("{secret}\n"), "{setting}");
        let mut shell = Terminal::echoing(marsh(&World::new(), variables).line(login));
        shell.until("a question", |shell| shell.row() == "Key (not shown):");
        shell.press("abc");
        shell.press(CTRL_C);
        assert_eq!(shell.code(), 130, "{setting}: {}", shell.contents());
    }
}
