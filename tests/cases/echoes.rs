//! A service that gives back the key, in every notation that services have, wherever words of a service are shown.

use std::collections::BTreeMap;
use std::io::Write;
use std::thread;

use marsh::model::base64;
use marsh::model::escape::{form, json, percent, xml};

use crate::support::cmd::{Outcome, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, fault, http, with_headers};

/// A key of one provider's form, and one with all that other notations write otherwise.
const DIGITS: &str = "ca9a12ca9a12ca9a12ca9a12feedbee5";
const SIGNS: &str = "Canary+Pa/ss=w&ord<9>\"x%41'Zq~7ü";

/// A key as every kind of service may write it.
fn notations(key: &str) -> Vec<String> {
    let bytes = |format: fn(u8) -> String| key.bytes().map(format).collect::<String>();
    let signs = |format: fn(char) -> String| key.chars().map(format).collect::<String>();
    let encoded = |text: &str| base64::encode(text.as_bytes());
    let url_safe = |text: &str| encoded(text).replace('+', "-").replace('/', "_");
    let bare = |text: String| text.trim_end_matches('=').to_owned();
    let (first, second) = key.split_at(key.len() / 2);
    vec![
        key.to_owned(),
        encoded(key),
        bare(encoded(key)),
        encoded(&format!("me:{key}")),
        bare(encoded(&format!("me:{key}"))),
        url_safe(&format!("me:{key}")),
        encoded(&format!("me:{key}\n")),
        encoded(&format!("{key}:")),
        percent(key).into_owned(),
        percent(key).to_lowercase(),
        form(key).into_owned(),
        percent(&percent(key)).into_owned(),
        bytes(|byte| format!("%{byte:02X}")),
        bytes(|byte| format!("%{byte:02x}")),
        json(key).into_owned(),
        signs(|c| if c == '/' { r"\/".into() } else { json(&c.to_string()).into_owned() }),
        signs(|c| if c.is_alphanumeric() && c.is_ascii() { c.into() } else { format!("\\u{:04x}", u32::from(c)) }),
        signs(|c| if c.is_alphanumeric() && c.is_ascii() { c.into() } else { format!("\\u{:04X}", u32::from(c)) }),
        xml(key).replace('\'', "&#39;").replace('"', "&quot;"),
        xml(key).replace('\'', "&#x27;"),
        signs(|c| format!("&#{};", u32::from(c))),
        signs(|c| format!("&#x{:x};", u32::from(c))),
        format!("https://me:{}@h/", percent(key)),
        bytes(|byte| format!("{byte:02x}")),
        bytes(|byte| format!("{byte:02X}")),
        format!(
            "b'{}'",
            bytes(|byte| match byte {
                b'\'' => r"\'".into(),
                b' '..=b'~' => char::from(byte).into(),
                byte => format!("\\x{byte:02x}"),
            })
        ),
        key.bytes().map(char::from).collect(),
        key.to_uppercase(),
        format!("{first}..."),
        format!("{first}…"),
        key.chars().take(key.chars().count() * 3 / 4).collect(),
        format!("{first}\n{second}"),
        format!("{first}\u{200b}{second}"),
    ]
}

/// A place in an answer whose words are shown.
struct Channel {
    name: &'static str,
    provider: &'static str,
    line: &'static str,
    answer: fn(&str) -> Vec<u8>,
    /// What is longer is cut, and then a text of several keys would hide most of them.
    roomy: bool,
}

/// A text as a header can carry it.
fn header(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn status(detail: &str) -> Vec<u8> {
    let words = format!("<result>ERROR</result><resultDetail>{}</resultDetail>", xml(detail));
    http("400 No", "text/xml", format!("<Status>{words}<resultCode>REASON_320</resultCode></Status>"))
}

fn json_of(words: serde_json::Value) -> Vec<u8> {
    http("200 OK", "application/json", words.to_string())
}

static CHANNELS: &[Channel] = &[
    Channel {
        name: "fault of XML-RPC",
        provider: "memset",
        line: "service.list",
        answer: |text| fault(4, &xml(text)),
        roomy: true,
    },
    Channel {
        name: "error of JSON-RPC",
        provider: "memset",
        line: "service.list",
        answer: |text| json_of(serde_json::json!({"jsonrpc": "2.0", "id": 1, "error": {"code": 4, "message": text}})),
        roomy: true,
    },
    Channel {
        name: "page under 500",
        provider: "memset",
        line: "service.list",
        answer: |text| http("500 Oops", "text/html", format!("<html><h1>{text}</h1></html>")),
        roomy: false,
    },
    Channel {
        name: "text under 403",
        provider: "memset",
        line: "service.list",
        answer: |text| http("403 No", "text/plain", text),
        roomy: false,
    },
    Channel { name: "resultDetail", provider: "caas", line: "datacenter.list", answer: status, roomy: true },
    Channel {
        name: "a body that is no XML",
        provider: "caas",
        line: "datacenter.list",
        answer: |text| http("200 OK", "text/plain", text),
        roomy: false,
    },
    Channel {
        name: "error",
        provider: "artnet",
        line: "customer.details",
        answer: |text| {
            json_of(serde_json::json!({"success": false, "error": {"code": "x", "description": {"en": text}}}))
        },
        roomy: true,
    },
    Channel {
        name: "code of an error",
        provider: "artnet",
        line: "customer.details",
        answer: |text| {
            json_of(serde_json::json!({"success": false, "error": {"code": text, "description": {"en": "no"}}}))
        },
        roomy: true,
    },
    Channel {
        name: "warnings",
        provider: "artnet",
        line: "customer.details",
        answer: |text| json_of(serde_json::json!({"success": true, "customer": {}, "warnings": [text]})),
        roomy: true,
    },
    Channel {
        name: "errors",
        provider: "vpsnet",
        line: "cloud.list",
        answer: |text| http("422 No", "application/json", serde_json::json!({"errors": [["name", text]]}).to_string()),
        roomy: true,
    },
    Channel {
        name: "Location",
        provider: "memset",
        line: "service.list",
        answer: |text| with_headers("302 Found", &format!("Location: /{}\r\n", header(text)), ""),
        roomy: false,
    },
    Channel {
        name: "content type",
        provider: "memset",
        line: "service.list",
        answer: |text| http("200 OK", &format!("x/{}", header(text)), "<a/>"),
        roomy: false,
    },
    Channel {
        name: "charset",
        provider: "memset",
        line: "service.list",
        answer: |text| http("200 OK", &format!("text/xml; charset={}", header(text)), "<a/>"),
        roomy: false,
    },
];

/// The texts that are answered with: several keys in one where there is room.
fn texts(key: &str, channel: &Channel) -> Vec<Vec<String>> {
    let notations = notations(key);
    if channel.roomy { vec![notations] } else { notations.into_iter().map(|text| vec![text]).collect() }
}

#[track_caller]
fn hides(outcome: &Outcome, notations: &[String], what: &str) {
    assert!([0, 3, 4, 5].contains(&outcome.code), "{what}: {outcome}");
    for notation in notations {
        // However the words are wrapped, and whatever a terminal would be spared.
        for shown in [&outcome.stderr, &outcome.stdout] {
            if outcome.code == 0 && std::ptr::eq(shown, &outcome.stdout) {
                // A result is what the service says, whole: it is not for a terminal here.
                continue;
            }
            let flat: String = shown.split_whitespace().collect();
            let bare: String = notation.split_whitespace().collect();
            assert!(!shown.contains(notation.as_str()) && !flat.contains(&bare), "{what}: {notation}: {outcome}");
        }
    }
}

#[test]
fn a_key_that_comes_back_is_shown_in_no_notation_and_nowhere() {
    let mut tried = BTreeMap::new();
    for channel in CHANNELS {
        let key = if channel.provider == "memset" { DIGITS } else { SIGNS };
        for notations in texts(key, channel) {
            *tried.entry(channel.name).or_insert(0) += notations.len();
            let text = notations.iter().map(|text| format!("<{text}>")).collect::<Vec<_>>().join(" or ");
            let text = if channel.roomy { text } else { notations[0].clone() };
            let answer = (channel.answer)(&text);
            let peer = Peer::new(move |request, stream| match request.contains("/myaccount ") {
                true => stream.write_all(&http("200 OK", "text/xml", "<Account><orgId>o1</orgId></Account>")),
                false => stream.write_all(&answer),
            });
            let world = World::new();
            let transport = if channel.name.contains("JSON-RPC") { "transport = \"jsonrpc\"\n" } else { "" };
            world.configure(&format!(
                "[profiles.x]\nprovider = \"{}\"\nurl = \"{}\"\nuser = \"me\"\nkey_env = \"K\"\nretries = 0\n{transport}",
                channel.provider,
                peer.url()
            ));
            thread::scope(|scope| {
                for options in [&[][..], &["-o", "json"], &["-v"]] {
                    let (world, notations) = (&world, &notations);
                    scope.spawn(move || {
                        let run = world.marsh().env("K", key).args(options).args(["-p", "x", channel.line]).run();
                        hides(&run, notations, &format!("{} {options:?}", channel.name));
                        // The words are shown apart from the key.
                        assert!(!channel.roomy || run.stderr.contains("> or <"), "{}: {run}", channel.name);
                    });
                }
            });
            for (path, bytes) in world.everything() {
                let text = String::from_utf8_lossy(&bytes);
                assert!(notations.iter().all(|notation| !text.contains(notation)), "{}: {text}", path.display());
            }
        }
    }
    assert!(tried.len() >= 13 && tried.values().all(|count| *count >= 33), "{tried:?}");
}

#[test]
fn a_secret_of_a_line_that_comes_back_is_shown_in_no_notation() {
    for secret in ["S3cret-Par&ameter/+<x>", "ab1!", "x"] {
        for notation in notations(secret).into_iter().filter(|_| secret.len() > 5).chain([secret.to_owned()]) {
            let peer = Peer::saying(fault(7, &xml(&format!("wrong password {notation} given"))));
            let world = World::new();
            let line = format!("memshell.disable name a password '{secret}'");
            for options in [&[][..], &["-o", "json"]] {
                let run = world.marsh().to(&peer.url(), DIGITS).arg("-y").args(options).stdin(line.clone()).run();
                assert_eq!(run.code, 4, "{run}");
                assert!(!run.stderr.contains(&format!("password {notation} given")), "{notation}: {run}");
                assert!(run.stderr.contains("(redacted)"), "{notation}: {run}");
            }
        }
    }
}

#[test]
fn a_key_that_is_typed_is_in_no_preview_of_a_request() {
    let world = World::new();
    let mut tried = 0;
    for notation in notations(DIGITS).into_iter().filter(|text| text.len() >= DIGITS.len()) {
        for options in [&["--dry-run"][..], &["--as", "curl"], &["--as", "http"], &["--dry-run", "-o", "json"]] {
            let run = world.marsh().to("http://127.0.0.1:9", DIGITS).args(["internal.echo", "string", &notation]);
            let run = run.args(options).run().exits(0);
            assert!(run.stdout.contains("(redacted)"), "{run}");
            let flat: String = (run.stdout.clone() + &run.stderr).split_whitespace().collect();
            let bare: String = notation.split_whitespace().collect();
            assert!(!flat.contains(&bare) && !flat.contains(DIGITS), "{notation}: {run}");
        }
        tried += 1;
    }
    assert!(tried >= 28 && world.everything().is_empty(), "{tried}");
}

#[test]
fn a_key_that_is_typed_is_kept_in_no_notation() {
    let world = World::new();
    let peer = Peer::saying(fault(7, "no"));
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), DIGITS));
    let whole =
        notations(DIGITS).into_iter().filter(|text| text.len() >= DIGITS.len() && !text.contains(['\n', '\u{200b}']));
    let (mut lines, mut kept) = (0, String::new());
    for notation in whole {
        shell.run(&format!("service.info name \"{}\"", notation.replace('\\', r"\\").replace('"', r#"\""#)));
        let history = world.remembered();
        assert!(!history.contains(&notation), "{notation}: {history}");
        lines += 1;
        kept = history;
    }
    assert!(lines > 20 && kept.contains("service.info name \"(redacted)"), "{lines}: {kept}");
}
