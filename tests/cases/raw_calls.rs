//! Calls by a name or an address that no catalogue has: what they send, and that they open no way round a guard.

use std::io::Write;

use marsh::model::{Effect, Span};
use marsh::registry::catalog::Catalog;
use marsh::registry::raw::{Named, called};
use marsh::registry::{Source, embedded};
use marsh::sandbox;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{ENTER, Terminal};
use crate::support::raw::{Peer, http};
use crate::support::server::{Answer, Server};

fn started() -> sandbox::Server {
    sandbox::Server::start(sandbox::Options::default()).unwrap()
}

fn at(world: &World, profile: &str, line: &str) -> Run {
    world.marsh().args(["-p", profile]).line(line)
}

/// One account whose service is somewhere else.
fn elsewhere(provider: &str, url: &str) -> World {
    let world = World::new();
    world.configure(&format!(
        "[profiles.it]\nprovider = \"{provider}\"\nurl = \"{url}\"\nuser = \"me\"\nkey_env = \"KEY_OF_TEST\"\n"
    ));
    world
}

#[test]
fn what_is_called_is_what_was_typed() {
    let sandbox = started();
    let world = World::of(&sandbox, "");
    let value = |profile: &str, line: &str| at(&world, profile, line).run().exits(0).stdout;
    assert_eq!(value("memset", "call internal.echo integer (int)5 -q .integer"), "5\n");
    assert!(value("artnet", "call POST /vps/details service_id 12347 -q .id").contains("12347"));
    assert!(value("caas", "call GET /{org-id}/network -q length").starts_with(|c: char| c.is_ascii_digit()));
    assert!(
        value("vpsnet", "call GET /virtual_machines.api10json -q length").starts_with(|c: char| c.is_ascii_digit())
    );
    at(&world, "memset", "call no.such a 1").run().exits(4).says("no.such was refused");
    at(&world, "artnet", "call POST /dns/info").run().exits(4).says("POST /dns/info was refused");
    // A script, a batch and a prompt take the same line.
    let script = world.marsh().args(["-p", "memset"]).stdin("call internal.echo integer (int)7 -q .integer\n").run();
    script.exits(0).prints("7\n");
    let mut shell = Terminal::open(world.marsh().args(["-p", "memset"]));
    shell.see("memset");
    shell.press("call internal.echo string canary-of-mine");
    shell.press(ENTER);
    shell.see("canary-of-mine");
}

#[test]
fn the_request_is_the_one_that_was_meant() {
    let world = World::new();
    let account = |id: &str| format!("[profiles.{id}]\nprovider = \"{id}\"\nuser = \"me\"\n");
    world.configure(&["artnet", "caas", "vpsnet", "memset"].map(account).concat());
    world.put("body.xml", "<A><b>1</b></A>", 0o600);
    for (profile, line, parts) in [
        ("memset", "call no.such a 1 b (int)2", &["<methodName>no.such</methodName>", "<int>2</int>"][..]),
        ("artnet", "call POST /dns/info a[0].b x", &["POST https://", "/dns/info", "a%5B0%5D%5Bb%5D=x"]),
        ("artnet", "call POST /api/dns/info", &["/dns/info"]),
        ("vpsnet", "call GET /never.api10json page 2", &["GET https://", "/never.api10json?page=2"]),
        ("vpsnet", "call GET /never.api10json?page=1 size 2", &["/never.api10json?page=1&size=2"]),
        ("vpsnet", "call PATCH /never.api10json a (int)1", &["PATCH https://", r#"{"a":1}"#, "application/json"]),
        ("caas", "call POST /{org-id}/never a 1", &["POST https://", "/oec/0.9/{org-id}/never", "a=1"]),
        ("caas", "call POST /{org-id}/never @ (file)body.xml", &["application/xml", "<A><b>1</b></A>"]),
        // The body of an address that the catalogue has is written as its entry says.
        ("caas", "call POST /{org-id}/account userName joe", &["<Account xmlns=", "<userName>joe</userName>"]),
        ("vpsnet", "call PUT /virtual_machines/5.api10json label web", &[r#"{"virtual_machine":{"label":"web"}}"#]),
    ] {
        let shown = at(&world, profile, &format!("{line} --dry-run")).run().exits(0).stdout;
        assert!(parts.iter().all(|part| shown.contains(part)), "{line}: {shown}");
    }
    for (profile, line, words) in [
        ("memset", "call GET /x", "have names and no addresses"),
        ("artnet", "call GET /x", "the key of Artnet is sent in the body"),
        ("artnet", "call POST /x @ (file)body.xml", "`@` gives the whole body"),
        ("caas", "call POST /x @ (file)body.xml a 1", "`@` gives the whole body"),
        ("caas", "call POST /x/../y", "is not the path of an address"),
        ("caas", "call POST https://example.com/", "is not the path of an address"),
        ("caas", "call FETCH /x", "there is no verb `FETCH`"),
        ("caas", "call POST", "`call` needs a method or an address"),
        ("caas", "call /x", "could be called by its name alone"),
        ("caas", "nobody:call GET /x", "unknown profile `nobody`"),
    ] {
        at(&world, profile, line).run().exits(2).says(words).says("nothing was sent");
    }
}

#[test]
fn no_guard_is_gone_round() {
    let sandbox = started();
    let open = World::of(&sandbox, "");
    let closed = World::of(&sandbox, "read_only = true\n");
    let careful = World::of(&sandbox, "confirm = \"change\"\n");
    let delete = "/{org-id}/server/37605271-d650-4d8e-a0b0-ad46b25d0952?delete";
    for (profile, line) in [
        ("memset", "call service.cancel name myserver1".to_owned()),
        ("memset", "call create.memstore sku CLOUDF5 dry_run false".into()),
        ("caas", format!("call GET {delete}")),
        ("caas", format!("call GET {}", delete.replace("/server/", "//SERVER/"))),
        ("caas", format!("call GET {}", delete.replace("delete", "%64elete=1"))),
        ("artnet", "call POST /vps/power-off service_id 12347 confirm confirm".into()),
        ("artnet", "call POST /customer/regenerate-api-key".into()),
        ("vpsnet", "call DELETE /virtual_machines/1384.api10json".into()),
    ] {
        at(&open, profile, &line).run().exits(10).says("nobody can be asked").says("nothing was sent");
        at(&closed, profile, &format!("{line} --yes")).run().exits(10).says("is read-only");
    }
    for (profile, line) in [("memset", "call no.such"), ("artnet", "call POST /x"), ("caas", "call GET /x")] {
        at(&closed, profile, line).run().exits(10).says("is a change call, and").says("is read-only");
        at(&careful, profile, line).run().exits(10).says("changes something, and nobody can be asked");
    }
    assert_eq!(sandbox.requests(), []);
    // A service that keeps GET for reading.
    at(&closed, "vpsnet", "call GET /virtual_machines.api10json").run().exits(0);
}

#[test]
fn what_may_have_changed_something_is_not_sent_again() {
    let server = Server::answering([Answer::HangUp, Answer::HangUp, Answer::HangUp, Answer::HangUp]);
    let outcome = World::new().marsh().against(&server).line("call no.such a 1").run().exits(7);
    outcome.says("check whether no.such took effect");
    assert_eq!(server.requests().len(), 1);
    let peer = Peer::new(|_, stream| stream.write_all(&http("503 Busy", "text/plain", "later")));
    let world = elsewhere("vpsnet", &peer.url());
    let at = |line: &str| {
        let before = peer.received().len();
        let code = world.marsh().env("KEY_OF_TEST", KEY).args(["-p", "it", "--retries", "1"]).line(line).run().code;
        (code, peer.received().len() - before)
    };
    assert_eq!(at("call POST /never.api10json a 1").1, 1);
    assert_eq!(at("call GET /never.api10json").1, 2);
}

#[test]
fn secrets_are_hidden_whatever_the_call() {
    let canary = "canary-Of-13-secrets";
    let peer = Peer::new(move |_, stream| {
        let echo = format!(
            "{{\"success\":false,\"error\":{{\"code\":\"x\",\"description\":{{\"en\":\"no {canary} {KEY}\"}}}}}}"
        );
        stream.write_all(&http("200 OK", "application/json", echo))
    });
    let world = elsewhere("artnet", &peer.url());
    for line in [
        // The catalogue knows the address and its secret; it knows neither; it only sounds like a secret.
        "call POST /cloud-instance/password-change instance_id 678 instance_password 'CANARY' instance_new_password x",
        "call POST /never/heard some_password CANARY",
        "call POST /never/heard api_token CANARY",
    ] {
        let line = line.replace("CANARY", canary);
        for more in ["", " --dry-run", " --as curl", " --as http", " -o nonsense", " --nonsense", " other"] {
            let run = world.marsh().env("KEY_OF_TEST", KEY).args(["-p", "it"]).stdin(format!("{line}{more}\n")).run();
            let shown = format!("{}{}", run.stdout, run.stderr);
            assert!(!shown.contains(canary) && !shown.contains(KEY), "{line}{more}: {shown}");
        }
    }
}

#[test]
fn help_explains_it() {
    let world = World::new();
    let shown = world.marsh().line("help call").run().exits(0).stdout;
    assert!(shown.contains("call VERB /path name value …") && shown.contains("treated as a change"), "{shown}");
    world.configure("[profiles.it]\nprovider = \"artnet\"\n");
    let of_line = |line: &str| world.marsh().args(["-p", "it"]).line(line).run().exits(0).stdout;
    assert_eq!(of_line("call POST /never --help"), shown);
    assert!(of_line("call /vps/power-off --help").contains("Effect: destroy"));
}

/// What such a call goes to: whether its parameters are free, its effects and its address; or what is wrong with it.
fn meant(provider: &str, line: &str) -> String {
    let source = Source::new("here", Catalog::open(embedded::find(provider).unwrap()).unwrap());
    let (verb, name) = match line.split_once(' ') {
        Some((verb, name)) => (Some((verb, Span::default())), name),
        None => (None, line),
    };
    match called(&source, Named { verb, name, span: Span::default(), given: &[] }) {
        Ok(method) => {
            let free = if method.untyped { "free" } else { "own" };
            let path = method.route.as_ref().map_or("-", |route| &route.path);
            format!("{free} {} {path}", method.effects())
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_the_catalogue_has_goes_by_its_entry() {
    for (provider, line, said) in [
        ("memset", "no.such", "free change -"),
        ("memset", "service.cancel", "own destroy and billable -"),
        ("memset", "GET /x", "the methods of Memset have names and no addresses, so GET cannot be used"),
        ("artnet", "POST /dns/info", "free change /dns/info"),
        ("artnet", "POST /api/dns/info", "free change /dns/info"),
        ("artnet", "POST /vps/power-off", "free destroy /vps/power-off"),
        ("artnet", "/vps/power-off", "own destroy /vps/power-off"),
        ("artnet", "/dns/info", "Artnet has no method `/dns/info` that could be called by its name alone"),
        ("artnet", "GET /dns/info", "the key of Artnet is sent in the body, and a GET has none"),
        ("artnet", "FETCH /x", "there is no verb `FETCH`"),
        ("caas", "GET /{org-id}/server/s1?delete", "free destroy /{org-id}/server/s1?delete"),
        ("caas", "GET /oec/0.9/o1/server/s1?delete", "free destroy /o1/server/s1?delete"),
        // The same address in other letters.
        ("caas", "GET //o1/SERVER/s1/?delete=1", "free destroy //o1/SERVER/s1/?delete=1"),
        ("caas", "GET /o1/%73erver/s1?%64elete", "free destroy /o1/%73erver/s1?%64elete"),
        ("caas", "GET /o1/x/../server/s1?delete", "`/o1/x/../server/s1?delete` is not the path of an address"),
        ("caas", "GET server", "`server` is not the path of an address"),
        ("caas", "GET https://example.com/x", "`https://example.com/x` is not the path of an address"),
        // Two calls share this one: the worse counts, and what either warns of.
        ("caas", "POST /o1/server/s1", "free billable /o1/server/s1"),
        ("caas", "GET /o1/never/heard", "free change /o1/never/heard"),
        ("vpsnet", "GET /never/heard.api10json", "free read /never/heard.api10json"),
        ("vpsnet", "PUT /never/heard.api10json", "free change /never/heard.api10json"),
        ("vpsnet", "DELETE /virtual_machines/5.api10json", "free destroy and billable /virtual_machines/5.api10json"),
        ("vpsnet", "GET /a b#c", "free read /a%20b%23c"),
    ] {
        assert_eq!(meant(provider, line), said, "{provider} {line}");
    }
}

#[test]
fn entries_that_share_an_address_are_taken_together() {
    let source = Source::new("here", Catalog::open(embedded::find("caas").unwrap()).unwrap());
    let span = Span::default();
    let named = Named { verb: Some(("POST", span)), name: "/o1/server/s1", span, given: &[] };
    let method = called(&source, named).unwrap();
    assert!(method.caution.is_some() && method.charge.is_some(), "{method:?}");
    assert!(method.param("privateIp").is_some() && method.param("memory").is_some());
    assert_eq!((method.job.is_some(), method.name.as_str()), (false, "POST /o1/server/s1"));
    // What is given to a GET is a part of its query.
    for (verb, given, destroys) in [("GET", "DELETE", true), ("GET", "never", false), ("POST", "delete", false)] {
        let given = ["x".to_owned(), given.to_owned()];
        let named = Named { verb: Some((verb, span)), name: "/o1/server/s1", span, given: &given };
        assert_eq!(called(&source, named).unwrap().effects().has(Effect::Destroy), destroys, "{verb} {given:?}");
    }
}

#[test]
fn a_document_that_no_catalogue_describes_is_what_it_says_it_is() {
    for (media, body, line, printed) in [
        ("application/json", "[1,2,3]", "-q length", "3\n"),
        ("application/json; charset=utf-8", r#"{"a":{"b":5}}"#, "-q .a.b", "5\n"),
        ("application/vnd.x+json", "[{\"n\":1}]", "-o csv", "n\n1\n"),
        ("application/json", "\"text\"", "-q length", "4\n"),
        ("application/json", "17", "-q .+1", "18\n"),
        ("text/plain", "[1,2]", "-q length", "2\n"),
        ("application/json", "not JSON at all", "-q length", "15\n"),
        ("text/plain", "plain words", "-q length", "11\n"),
        ("text/html", "<html>x</html>", "-q length", "14\n"),
        ("application/json", "[1,2]", "-o raw", "[1,2]"),
    ] {
        let peer = Peer::saying(http("200 OK", media, body));
        let world = World::new();
        let run = world.marsh().args(["-u", &peer.url(), "--provider", "rest", "--auth", "none"]);
        run.line(&format!("call GET /servers/localhost/statistics {line}")).run().prints(printed).exits(0);
    }
}
