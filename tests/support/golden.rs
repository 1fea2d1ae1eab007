//! Conversations with a provider, a folder each: what is typed, what must travel, what comes back, what is then seen.
//!
//! | file | holds |
//! |---|---|
//! | `line` | the arguments behind the key and the address, one a line |
//! | `script` | what stands on standard input |
//! | `request`, `request.1`, … | what must be sent, to the byte; see [`Style`] |
//! | `response`, `response.1`, … | the answer, head and body, with bare line feeds; empty: the connection is closed |
//! | `stdout`, `stderr`, `exit` | what must come of it; `{host}` is the server's address; no file: nothing |
//! | `given/` | files that are there beforehand |
//! | `files/` | files that must be there afterwards, beside those of `given/` that are not named again |
//!
//! Every question is answered with yes, and no call is repeated.
//!
//! With `MARSH_BLESS=1` what came of it is written to `stdout`, `stderr` and `exit`. The other files are written by
//! hand, from the provider's document: they are what the program is held against.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::cmd::{Outcome, Run, World};
use super::server::{Answer, Request, Server};
use super::{KEY, KEY_IN_HEADER};

/// Files by their names, folders in them.
type Files = BTreeMap<String, Vec<u8>>;

/// A provider whose conversations are played.
pub(crate) struct Provider {
    /// Its folder in `tests/providers`, which is its id.
    pub(crate) folder: &'static str,
    /// How its methods are reached.
    pub(crate) style: Style,
}

/// What a `request` file holds, and how the program is led to the server.
pub(crate) enum Style {
    /// Every method at one address: the file is the body. The key and the address stand on the command line.
    Rpc {
        /// The path of its service.
        path: &'static str,
        /// How the media type of every request begins.
        media: &'static str,
    },
    /// An address for each method: the file is the first line without the version, `content-type` where there must be
    /// one and other headers that matter, and behind a blank line the body, if there is one. A key in the body is
    /// written `{key}`. The account is a profile named as the folder.
    Rest {
        /// The path in the account's address.
        path: &'static str,
        /// The account's name.
        user: &'static str,
        /// Where name and key travel.
        login: Login,
        /// Further lines of the profile.
        profile: &'static str,
    },
}

/// Where the credentials of a REST service travel.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Login {
    /// In a header of every request.
    Basic,
    /// In the body, where the `request` file shows them.
    Body,
}

/// A folder, read.
struct Case {
    files: Files,
}

/// Plays one conversation; the error says all that is wrong with it.
pub(crate) fn play(provider: &Provider, folder: &Path, bless: bool) -> Result<(), String> {
    let case = Case { files: read(folder) };
    let mut faults = case.unknown();
    let exchanges = case.exchanges(&mut faults);
    let server = Server::answering(exchanges.iter().map(|(_, answer)| answer.clone()));
    let world = World::new();
    for (name, content) in &case.below("given/") {
        let path = world.at(name);
        fs::create_dir_all(path.parent().expect("a folder around it")).expect("a folder to start with");
        fs::write(path, content).expect("a file to start with");
    }
    let outcome = provider
        .led(&world, &server)
        .args(["--yes", "--retries", "0"])
        .args(case.text("line").lines())
        .stdin(case.text("script"))
        .run();

    let host = server.address.to_string();
    let seen = [
        ("stdout", outcome.stdout.replace(&host, "{host}")),
        ("stderr", outcome.stderr.replace(&host, "{host}")),
        ("exit", format!("{}\n", outcome.code)),
    ];
    if bless {
        store(folder, &seen);
    } else {
        faults.extend(seen.iter().filter_map(|(name, found)| differs(name, case.text(name), found)));
    }
    faults.extend(leaks(&outcome));
    let expected: Vec<&[u8]> = exchanges.iter().map(|(request, _)| request.as_slice()).collect();
    faults.extend(traffic(&provider.style, &host, &expected, &server.requests()));
    faults.extend(left(&read(&world.at("")), &case));
    match faults.is_empty() {
        true => Ok(()),
        false => Err(format!("== {}\n{}\n{outcome}\n", folder.display(), faults.join("\n"))),
    }
}

impl Provider {
    /// The program, led to the server with the account that the conversations have there.
    fn led(&self, world: &World, server: &Server) -> Run {
        match self.style {
            Style::Rpc { path, .. } => world.marsh().args(["-k", KEY, "-u"]).arg(server.url(path)),
            Style::Rest { path, user, profile, .. } => {
                let (name, address) = (self.folder, server.address);
                world.configure(&format!(
                    "[profiles.{name}]\nprovider = \"{name}\"\nurl = \"http://{address}{path}\"\n\
                     user = \"{user}\"\nkey_env = \"GOLDEN_KEY\"\n{profile}"
                ));
                world.marsh().env("GOLDEN_KEY", KEY).args(["-p", name])
            }
        }
    }
}

impl Case {
    fn text(&self, name: &str) -> &str {
        let bytes = self.files.get(name).map(Vec::as_slice).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is not UTF-8"))
    }

    /// Files in a folder of the case.
    fn below(&self, folder: &str) -> Files {
        let inside =
            |(name, content): (&String, &Vec<u8>)| Some((name.strip_prefix(folder)?.to_owned(), content.clone()));
        self.files.iter().filter_map(inside).collect()
    }

    /// A misspelt name would make a case that checks less than it seems to.
    fn unknown(&self) -> Vec<String> {
        let known = |name: &str| {
            let numbered = name.rsplit_once('.').filter(|(_, number)| number.parse::<usize>().is_ok());
            let stem = numbered.map_or(name, |(stem, _)| stem);
            matches!(name, "line" | "script" | "stdout" | "stderr" | "exit")
                || matches!(stem, "request" | "response")
                || name.starts_with("given/")
                || name.starts_with("files/")
        };
        let unknown = self.files.keys().filter(|name| !known(name));
        unknown.map(|name| format!("{name} is no file of a conversation")).collect()
    }

    /// Requests with their answers, in order.
    fn exchanges(&self, faults: &mut Vec<String>) -> Vec<(Vec<u8>, Answer)> {
        let mut exchanges = Vec::new();
        for number in 0.. {
            let suffix = if number == 0 { String::new() } else { format!(".{number}") };
            let files = [format!("request{suffix}"), format!("response{suffix}")].map(|name| self.files.get(&name));
            match files {
                [Some(request), Some(response)] => {
                    let answer = if response.is_empty() { Answer::HangUp } else { Answer::http(response) };
                    exchanges.push((request.clone(), answer));
                }
                [None, None] if number == 0 => {}
                [None, None] => break,
                _ => faults.push(format!("request{suffix} and response{suffix} belong together")),
            }
        }
        let read = self.files.keys().filter(|name| name.starts_with("request")).count();
        if read != exchanges.len() {
            faults.push("the numbers of the requests have a gap".to_owned());
        }
        exchanges
    }
}

/// What was sent, against what should have been.
fn traffic(style: &Style, host: &str, expected: &[&[u8]], requests: &[Request]) -> Vec<String> {
    let mut faults = Vec::new();
    if requests.len() != expected.len() {
        faults.push(format!("{} requests were expected, {} came:", expected.len(), requests.len()));
        faults.extend(requests.iter().map(|request| format!("{}\n{}", request.start(), request.text())));
    }
    for (number, (request, expected)) in requests.iter().zip(expected).enumerate() {
        let expected = String::from_utf8_lossy(expected);
        let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
        let mut compare = |part: &str, expected: &str, found: &str| {
            faults.extend(differs(&format!("{part} of request {}", number + 1), expected, found));
        };
        match style {
            Style::Rpc { path, media } => {
                let found = header("content-type").get(..media.len()).unwrap_or_default().to_owned();
                compare("body", &expected, &request.text());
                compare("first line", &format!("POST {path} HTTP/1.1"), request.start());
                compare("media type", media, &found);
                compare("key", &format!("Basic {KEY_IN_HEADER}"), &header("authorization"));
            }
            Style::Rest { user, login, .. } => {
                let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{KEY}")));
                compare("text", &expected, &told(request, &expected, *login));
                compare("key", if *login == Login::Basic { &basic } else { "" }, &header("authorization"));
            }
        }
        compare("host", host, &header("host"));
        if header("user-agent").is_empty() {
            faults.push(format!("user-agent of request {} is missing", number + 1));
        }
    }
    faults
}

/// A request as its file tells it, with the headers that the file names.
fn told(request: &Request, file: &str, login: Login) -> String {
    let head = file.split("\n\n").next().unwrap_or_default();
    let mut names: Vec<&str> = head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    if !names.contains(&"content-type") {
        names.insert(0, "content-type");
    }
    let start = request.start();
    let mut text = format!("{}\n", start.strip_suffix(" HTTP/1.1").unwrap_or(start));
    for name in names {
        text.extend(request.header(name).map(|value| format!("{name}: {value}\n")));
    }
    if !request.body.is_empty() {
        text.push('\n');
        text.push_str(&request.text());
    }
    // Where the key travels in a header it has no place here, and stays to be seen.
    if login == Login::Body { text.replace(KEY, "{key}") } else { text }
}

fn leaks(outcome: &Outcome) -> Option<String> {
    let shown = [&outcome.stdout, &outcome.stderr];
    let leaks = shown.iter().any(|text| text.contains(KEY) || text.contains(KEY_IN_HEADER));
    leaks.then(|| "the key is shown".to_owned())
}

/// The files that are there afterwards, against those that should be.
fn left(found: &Files, case: &Case) -> Vec<String> {
    let mut expected = case.below("given/");
    expected.extend(case.below("files/"));
    let names = expected.keys().chain(found.keys().filter(|name| !expected.contains_key(*name)));
    let text = |files: &Files, name: &str| match files.get(name) {
        Some(content) => String::from_utf8_lossy(content).into_owned(),
        None => "(no such file)".to_owned(),
    };
    names.filter_map(|name| differs(&format!("file {name}"), &text(&expected, name), &text(found, name))).collect()
}

fn differs(what: &str, expected: &str, found: &str) -> Option<String> {
    (expected != found).then(|| format!("{what}\n--- expected\n{expected}\n--- found\n{found}\n---"))
}

fn store(folder: &Path, seen: &[(&str, String)]) {
    for (name, text) in seen {
        let path = folder.join(name);
        match text.is_empty() {
            false => fs::write(path, text).expect("an expectation to write"),
            true if path.exists() => fs::remove_file(path).expect("an expectation to remove"),
            true => {}
        }
    }
}

/// Every file below a folder.
fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(read(&path).into_iter().map(|(inner, content)| (format!("{name}/{inner}"), content)));
        } else {
            files.insert(name, fs::read(&path).expect("a file to read"));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(provider: &Provider, good: &[(&str, &str)], changes: &[(&str, &str)]) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in good.iter().chain(changes) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        play(provider, folder.path(), false)
    }

    #[test]
    fn the_harness_sees_every_kind_of_fault() {
        let provider = Provider { folder: "", style: Style::Rpc { path: "/x", media: "text/xml" } };
        let good = [
            ("line", "service.list"),
            (
                "request",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodCall><methodName>service.list</methodName>\
                 <params><param><value><struct></struct></value></param></params></methodCall>\n",
            ),
            (
                "response",
                "HTTP/1.1 200 OK\nContent-Type: text/xml\n\n<methodResponse><params><param>\
                 <value><array><data></data></array></value></param></params></methodResponse>",
            ),
            ("stdout", "[]\n"),
            ("exit", "0\n"),
        ];
        let play = |changes: &[(&str, &str)]| played(&provider, &good, changes);
        assert_eq!(play(&[]), Ok(()));
        for (changes, fault) in [
            (&[("stdout", "6\n")][..], "stdout\n--- expected\n6\n"),
            (&[("stderr", "words\n")], "stderr\n--- expected\nwords\n"),
            (&[("exit", "1\n")], "exit\n--- expected\n1\n"),
            (&[("request", "<a/>")], "body of request 1\n--- expected\n<a/>\n"),
            (&[("request.1", "<a/>"), ("response.1", "")], "2 requests were expected, 1 came"),
            (&[("request.1", "<a/>")], "request.1 and response.1 belong together"),
            (&[("request.2", "<a/>"), ("response.2", "")], "the numbers of the requests have a gap"),
            (&[("files/out.json", "5\n")], "file out.json\n--- expected\n5\n"),
            (&[("line", "service.list\n|\nout.json")], "file out.json\n--- expected\n(no such file)"),
            (&[("strout", "")], "strout is no file of a conversation"),
            (
                &[(
                    "response",
                    "HTTP/1.1 200 OK\n\n<methodResponse><params><param><value><array><data><value>\
                 0123456789abcdef01234567a32a1fe9</value></data></array></value></param></params></methodResponse>",
                )],
                "the key is shown",
            ),
        ] {
            let found = play(changes).expect_err(fault);
            assert!(found.contains(fault), "no `{fault}` in:\n{found}");
        }
    }

    #[test]
    fn the_harness_sees_where_a_request_goes() {
        let style = Style::Rest { path: "/oec/0.9", user: "jpublic", login: Login::Basic, profile: "" };
        let provider = Provider { folder: "caas", style };
        let good = [
            ("line", "account.make_primary\nuserName\njpublic"),
            ("request", "GET /oec/0.9/myaccount\n"),
            ("response", "HTTP/1.1 200 OK\n\n<Account><orgId>1831c1a9</orgId></Account>"),
            ("request.1", "GET /oec/0.9/1831c1a9/account/jpublic?primary\n"),
            ("response.1", "HTTP/1.1 200 OK\n\n<Status><result>SUCCESS</result></Status>"),
            ("stdout", "{\n  \"result\": \"SUCCESS\",\n  \"additionalInformation\": []\n}\n"),
            ("exit", "0\n"),
        ];
        assert_eq!(played(&provider, &good, &[]), Ok(()));
        for request in [
            "POST /oec/0.9/1831c1a9/account/jpublic?primary\n",
            "GET /oec/0.9/1831c1a9/account/jpublic\n",
            "GET /oec/0.9/1831c1a9/account/jpublic?primary\ncontent-type: application/xml\n",
            "GET /oec/0.9/1831c1a9/account/jpublic?primary\n\n<body/>",
        ] {
            let found = played(&provider, &good, &[("request.1", request)]).expect_err(request);
            let fault = format!("text of request 2\n--- expected\n{request}");
            assert!(found.contains(&fault), "no `{fault}` in:\n{found}");
        }
    }
}
