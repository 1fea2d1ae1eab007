//! Where the key comes from, and that it is seen nowhere but in the header it travels in.

use crate::support::cmd::{Outcome, World};
use crate::support::server::{Answer, Server};
use crate::support::{KEY, KEY_IN_HEADER};

const VERSION: &str = "<struct><member><name>version</name><value>0.9</value></member></struct>";
const SHOWN: &str = "{\n  \"version\": \"0.9\"\n}\n";

/// A server that expects so many calls of `internal.version`.
fn server(calls: usize) -> Server {
    Server::answering(vec![Answer::value(VERSION); calls])
}

#[track_caller]
fn carried(server: &Server, key_in_header: &str) {
    for request in server.requests() {
        assert_eq!(request.header("authorization"), Some(format!("Basic {key_in_header}").as_str()));
    }
}

#[test]
fn without_a_key_nothing_is_sent() {
    let server = server(0);
    let run = World::new().marsh().args(["-u", &server.url("/v1/xmlrpc"), "internal.version"]).run();
    run.exits(3).prints("").says("nothing was sent").says("MARSH_KEY");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn the_key_comes_from_a_file_at_home_that_the_users_shell_has_not_expanded() {
    let (server, world) = (server(1), World::new());
    world.put("../home/.key", &format!("{KEY}\n"), 0o600);
    let run = world.marsh().args(["-k", "@~/.key", "-u", &server.url("/")]).arg("internal.version");
    run.run().exits(0).prints(SHOWN).says_nothing();
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn the_key_comes_from_the_first_line_of_standard_input() {
    let server = server(1);
    let run = World::new().marsh().args(["-k", "-", "-u", &server.url("/")]).arg("internal.version");
    run.stdin(format!("{KEY}\n")).run().exits(0).prints(SHOWN).says_nothing();
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn after_the_key_standard_input_contains_a_script() {
    let server = server(2);
    let run = World::new().marsh().args(["-k", "-", "-u", &server.url("/")]);
    let outcome = run.stdin(format!("{KEY}\ninternal.version\ninternal.version\n")).run();
    outcome.exits(0).prints(&SHOWN.repeat(2)).says_nothing();
    assert_eq!(server.requests().len(), 2);
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn after_the_key_standard_input_contains_a_value() {
    let server = Server::answering([Answer::value("<int>5</int>")]);
    let run = World::new().marsh().args(["-k", "-", "-u", &server.url("/")]).line("internal.echo string @-");
    run.stdin(format!("{KEY}\nthe value\n")).run().exits(0);
    assert!(server.requests()[0].text().contains("<string>the value</string>"));
}

#[test]
fn an_empty_standard_input_is_not_a_key() {
    let server = server(0);
    for stdin in ["", "\n", "two words\n"] {
        let run = World::new().marsh().args(["-k", "-", "-u", &server.url("/"), "internal.version"]);
        run.stdin(stdin).run().exits(3).prints("").says("standard input");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn the_key_comes_from_a_file_of_ones_own() {
    let (server, world) = (server(1), World::new());
    world.put("key", &format!("{KEY}\n"), 0o600);
    let run = world.marsh().args(["-k", "@key", "-u", &server.url("/")]).arg("internal.version");
    run.run().exits(0).prints(SHOWN).says_nothing();
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_remedy() {
    let (server, world) = (server(0), World::new());
    for bits in [0o644, 0o640, 0o604] {
        world.put("key", KEY, bits);
        let run = world.marsh().args(["-k", "@key", "-u", &server.url("/")]).arg("internal.version");
        run.run().exits(3).prints("").says("can be read by others").says("chmod 600 key");
    }
    world.marsh().args(["-k", "@missing", "internal.version"]).run().exits(3).says("missing");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn key_and_address_come_from_the_environment() {
    let server = server(1);
    let run = World::new().marsh().env("MARSH_KEY", KEY).env("MARSH_URL", server.url("/v1/xmlrpc"));
    run.arg("internal.version").run().exits(0).prints(SHOWN).says_nothing();
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn the_command_line_goes_before_the_environment() {
    let server = server(1);
    let run = World::new().marsh().env("MARSH_KEY", "another-key").env("MARSH_URL", "http://127.0.0.1:1/");
    run.against(&server).arg("internal.version").run().exits(0);
    carried(&server, KEY_IN_HEADER);
}

#[test]
fn a_key_that_cannot_travel_is_refused_and_not_shown() {
    let server = server(0);
    for key in ["", " ", "canary one", "canary\u{1}two"] {
        let run = World::new().marsh().args(["-k", key, "-u", &server.url("/"), "internal.version"]).run();
        let outcome = run.exits(3).prints("").says("the key from the command line is not usable");
        assert!(!outcome.stderr.contains("canary"), "{outcome}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn spaces_around_a_key_are_removed() {
    let (server, world) = (server(4), World::new());
    let run = |content: &str| {
        world.put("key", content, 0o600);
        world.marsh().args(["-k", "@key", "-u", &server.url("/")]).arg("internal.version").run()
    };
    for content in ["\u{feff}KEY\n", "\n\nKEY", "  KEY  \r\nmore"] {
        run(&content.replace("KEY", KEY)).exits(0).prints(SHOWN).says_nothing();
    }
    let piped = world.marsh().args(["-k", "-", "-u", &server.url("/")]).arg("internal.version");
    piped.stdin(format!("\u{feff}{KEY}\n")).run().exits(0);
    carried(&server, KEY_IN_HEADER);
    for (content, words) in [
        ("\"KEY\"", "it is in quotes; remove them"),
        ("'KEY'", "it is in quotes"),
        ("KEY\u{200b}", "it contains an invisible character (U+200B)"),
        ("KEYé", "it contains a letter that no key has, such as é"),
        ("\u{feff}", "it is empty"),
    ] {
        hidden(&run(&content.replace("KEY", KEY)).exits(3).prints("").says(words).says("nothing was sent"));
    }
    std::fs::write(world.at("key"), b"\xff\xfek\0e\0y\0").unwrap();
    let run = world.marsh().args(["-k", "@key", "-u", &server.url("/"), "internal.version"]).run();
    run.exits(3).says("it is not UTF-8 text");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_key_that_the_provider_cannot_have_given_is_not_sent_to_it() {
    let world = World::new();
    for (key, code) in [("0123456789abcdef0123456789abcde", 3), ("0123456789abcdef0123456789abcdeg", 3)] {
        let run = world.marsh().env("MARSH_KEY", key).line("--timeout 1 --retries 0 internal.version").run();
        run.exits(code).says("a key of this provider has 32 hexadecimal digits").says("nothing was sent");
        // Nothing is sent here, so that any text will do.
        world.marsh().env("MARSH_KEY", key).line("internal.version --dry-run").run().exits(0);
    }
}

#[test]
fn a_user_name_with_a_colon_is_refused() {
    let server = server(0);
    let world = World::new();
    let profile = |provider: &str| {
        let url = server.url("/");
        format!(
            "[profiles.{provider}]\nprovider = \"{provider}\"\nuser = \"us:er\"\nkey_env = \"K\"\nurl = \"{url}\"\n"
        )
    };
    world.configure(&(profile("caas") + &profile("vpsnet")));
    for (profile, method) in [("caas", "account.me"), ("vpsnet", "cloud.list")] {
        let run = world.marsh().env("K", "key").args(["-p", profile, method]).run();
        run.exits(2).says("the user name `us:er` contains a colon").says("nothing was sent");
    }
    let login = "login --provider caas --name x --region opsource.eu --user a:b --key-env K --no-test";
    world.marsh().env("K", "key").line(login).run().exits(2).says("contains a colon");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_byte_order_mark_is_removed() {
    let server = Server::answering(vec![Answer::value("<int>5</int>"); 3]);
    let world = World::new();
    world.put("v.txt", "\u{feff}hello\n", 0o600);
    for value in ["(file)v.txt", "@-", "(file)-"] {
        let run = world.marsh().against(&server).args(["internal.echo", "string", value]);
        run.stdin("\u{feff}hello\n").run().exits(0);
    }
    for request in server.requests() {
        assert!(request.text().contains("<string>hello"), "{}", request.text());
    }
}

#[test]
fn a_key_in_the_address_is_not_sent_from_there() {
    let server = server(1);
    let url = format!("http://canary-user:canary-password@{}/v1/xmlrpc", server.address);
    let run = World::new().marsh().args(["-k", KEY, "-u", &url, "internal.version"]).run();
    hidden(&run.exits(2).says("the address contains a password"));
    assert_eq!(server.requests().len(), 0);
}

#[track_caller]
fn hidden(outcome: &Outcome) {
    for shown in [&outcome.stdout, &outcome.stderr] {
        assert!(!shown.contains(KEY) && !shown.contains(KEY_IN_HEADER), "{outcome}");
    }
}

#[test]
fn the_key_is_not_shown_wherever_it_is_typed() {
    for (code, line) in [
        (2, format!("service.info name {KEY} odd x")),
        (2, format!("service.info {KEY} x")),
        (2, format!("service.{KEY}")),
        (2, format!("service.list | {KEY}/out.json")),
        (2, format!("service.list -o {KEY}")),
        (2, format!("service.list --{KEY}")),
        (2, format!("internal.echo integer {KEY}")),
        (2, format!("internal.echo string ({KEY})x")),
        (1, format!("internal.echo string (file){KEY}")),
        (2, format!("{KEY}:service.list")),
        (2, format!("service.list |! {KEY}")),
        (0, format!("internal.echo string {KEY} --dry-run")),
    ] {
        for form in ["", "-o json"] {
            // A name that is in no catalogue is asked for.
            let no_more = || Answer::value("<array><data></data></array>");
            let server = Server::answering([no_more(), no_more()]);
            hidden(&World::new().marsh().line(form).against(&server).line(&line).run().exits(code));
            hidden(&World::new().marsh().line(form).against(&server).stdin(line.clone()).run().exits(code));
        }
    }
}

#[test]
fn the_key_is_not_shown_when_the_provider_repeats_it() {
    for form in ["", "-o json"] {
        let server = Server::answering([Answer::fault(4, &format!("Bad api_key {KEY} {KEY_IN_HEADER}"))]);
        hidden(&World::new().marsh().line(form).against(&server).arg("service.list").run().exits(3));
        let page = format!("HTTP/1.1 500 {KEY}\nContent-Type: text/html\n\n<html><h1>{KEY}</h1></html>");
        let server = Server::answering([Answer::http(page.as_bytes())]);
        hidden(&World::new().marsh().line(form).against(&server).arg("service.list").run().exits(5));
    }
}
