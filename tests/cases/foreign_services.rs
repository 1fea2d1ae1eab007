//! Services that nobody of the project wrote differ from the built-in providers. Each difference that was once got wrong is
//! held by a test, here or where its subject is:
//!
//! | what must not come back | held by |
//! |---|---|
//! | a value takes the place of one that was left out, names are taken for values, the line's order counts | `positional` |
//! | a test of a key, or a method without parameters, sends an empty dictionary | `positional`, `nothing_is_sent_where_nothing_is_given` |
//! | values of a method that only the service lists go out as one dictionary | `positional`, `dialects` |
//! | a list that is refused or broken makes a name unknown | `outcomes`, `dialects`, `a_refused_list_is_never_an_unknown_method` |
//! | a list that is none replaces the one before it | `outcomes` |
//! | a refusal of the key in JSON is another error | `outcomes`, `powerdns` |
//! | the unreadable answer to a change is a plain failure | `the_outcome_of_a_change_whose_answer_cannot_be_read_is_unknown`, `hostile`, `together` |
//! | keys in headers, addresses and arguments; several; sessions | `authentication`, `dialects` |
//! | PATCH, nested bodies, constants beside them | `wire_forms`, `powerdns`, `a_service_with_one_address_for_all_its_methods` |
//! | a key is asked for where none is sent, or a user name is dropped | `checked_catalogues`, `dialects`, `a_user_and_a_key_are_both_sent` |
//! | any number of values | `a_method_takes_any_number_of_values` |
//! | the media type has a character set where a service wants none | `requests_have_the_media_type_of_the_specification` |
//! | a harmless DOCTYPE costs the answer, a harmful one does not | `harmless_oddities_of_xml_are_read` |
//! | lists, help, search and Tab do not know what the service lists, or its types | `dialects`, `adding` |
//! | a catalogue needs what the service lists itself; one bad catalogue costs others | `checked_catalogues` |
//! | several calls in one XML-RPC request | `together` |
//! | accounts share a list | `adding`, `each_account_has_its_own_list` |
//! | help is indented as its source is | `help_begins_at_the_margin` |
//! | a foreign address is taken for a built-in provider | `dialects` |
//! | a method has the name of a command | `checked_catalogues` |
//! | blanks after a type are lost | `src/lang/advice.rs` |

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::support::cmd::{Outcome, World};
use crate::support::keys::{ENTER, Terminal};
use crate::support::raw::{Peer, document, http, result, with_headers};

const WIRES: [&str; 2] = ["xmlrpc", "jsonrpc"];

/// A value over the wire of a request.
fn value(request: &str, xml: &str, json: &str) -> Vec<u8> {
    match request.contains("<methodCall>") {
        true => result(xml),
        false => http("200 OK", "application/json", format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{json}}}")),
    }
}

/// The answer to a request for the list of methods.
fn list(request: &str) -> Option<Vec<u8>> {
    let names = "<array><data><value>thing.get</value><value>thing.set</value></data></array>";
    request.contains("system.listMethods").then(|| value(request, names, r#"["thing.get","thing.set"]"#))
}

/// A service that lists two methods, and answers every call with five.
fn service() -> Peer {
    Peer::new(|request, stream| {
        let answer = list(request).unwrap_or_else(|| value(request, "<int>5</int>", "5"));
        stream.write_all(&answer)
    })
}

/// A profile of such a service.
fn profile(name: &str, provider: &str, url: &str) -> String {
    format!("[profiles.{name}]\nprovider = \"{provider}\"\nurl = \"{url}\"\nauth = \"none\"\nretries = 0\n")
}

fn world(profiles: &[String]) -> World {
    let world = World::new();
    world.configure(&profiles.concat());
    world
}

fn run(world: &World, words: &str) -> Outcome {
    world.marsh().args(shlex::split(words).unwrap()).run()
}

/// What a request carries besides the name of its method.
fn carried(request: &str) -> String {
    let (from, to) = if request.contains("<params>") { ("<params>", "</params>") } else { ("\"params\":", ",\"id\"") };
    let inside = request.split_once(from).and_then(|(_, rest)| rest.rsplit_once(to));
    inside.map(|(inside, _)| inside.to_owned()).unwrap_or_default()
}

#[test]
fn a_refused_list_is_never_an_unknown_method() {
    let good = service();
    for provider in WIRES {
        for (answer, code) in [
            (http("401 Unauthorized", "text/html", "no"), 3),
            (http("403 Forbidden", "application/json", "{\"error\":\"no\"}"), 3),
            (http("503 Busy", "text/html", "no"), 5),
            (http("200 OK", "text/html", "<html>Welcome</html>"), 5),
        ] {
            let peer = Peer::saying(answer);
            let url = |peer: &Peer| format!("http://{}/rpc", peer.host());
            // The other account has methods of that name, and its list is known.
            let world = world(&[profile("bad", provider, &url(&peer)), profile("good", provider, &url(&good))]);
            run(&world, "-p good refresh").exits(0);
            let before = good.received().len();
            for line in
                ["-p bad thing.set", "-p bad thing.set --positional a", "bad:thing.get", "-p bad thing.set --dry-run"]
            {
                let ended = run(&world, line).exits(code).prints("");
                ended.says("bad could not be asked for its methods");
            }
            assert_eq!(good.received().len(), before);
            // Both together: what is not known is said, and nothing is made up.
            run(&world, "@bad,good thing.set").exits(0).says("the methods of bad are not known yet; `refresh bad`");
            run(&world, "@bad thing.set").exits(2).says("`refresh bad` asks its service");
            let mut shell = Terminal::prompt(world.marsh().args(["-p", "bad"]));
            shell.press("thing.set");
            shell.see_after(ENTER, "and bad could not be asked for", "at the prompt");
        }
    }
}

#[test]
fn values_without_names_need_no_list_that_is_on_disk() {
    let peer = service();
    for provider in WIRES {
        for count in 1..=3 {
            let values = ["a", "b", "c"][..count].join(" ");
            let url = format!("http://{}/{provider}{count}", peer.host());
            let world = world(&[profile("it", provider, &url)]);
            run(&world, &format!("-p it thing.set --positional {values}")).prints("5\n").exits(0);
            let sent = carried(&peer.received().pop().unwrap());
            assert!(["a", "b", "c"][..count].iter().all(|value| sent.contains(value)), "{sent}");
        }
        // Two values that look like a name and a value: if the name is left out, that is said.
        let world = world(&[profile("it", provider, &format!("http://{}/pair", peer.host()))]);
        let ended = run(&world, "-p it thing.set a b").prints("5\n").exits(0);
        let sent = carried(&peer.received().pop().unwrap());
        match provider {
            "xmlrpc" => drop(ended.says("note: only the values are sent, in their order, and no names")),
            _ => assert_eq!(sent, r#"{"a":"b"}"#),
        }
    }
}

#[test]
fn nothing_is_sent_where_nothing_is_given() {
    let peer = service();
    let catalog = r#"
id = "own"
host = "http://127.0.0.1:9"
probe = "state"
[[transport]]
name = "WIRE"
protocol = "WIRE"
path = "/rpc"
[[method]]
name = "state"
effect = "read"
"#;
    for wire in WIRES {
        for (arguments, sent) in [("", ""), ("arguments = \"positional\"\n", ""), ("arguments = \"struct\"\n", "")] {
            let world = World::new();
            world.put("own.toml", &(arguments.to_owned() + &catalog.replace("WIRE", wire)), 0o644);
            let (file, host) = (world.at("own.toml").display().to_string(), peer.host());
            world.configure(&format!(
                "[profiles.own]\nprovider = \"own\"\ncatalog = \"{file}\"\nurl = \"http://{host}/rpc\"\n"
            ));
            for line in ["state", "doctor"] {
                run(&world, line).exits(0);
                let request = peer.received().pop().unwrap();
                assert!(request.contains("state"), "{request}");
                let bare = carried(&request);
                assert!(bare == sent || bare == "[]" || bare == "{}", "{wire} {arguments}{line}: {bare}");
                assert!(!bare.contains("<struct"), "{wire} {arguments}{line}: {bare}");
            }
        }
    }
}

#[test]
fn the_outcome_of_a_change_whose_answer_cannot_be_read_is_unknown() {
    let json = |body: &str| http("200 OK", "application/json", body);
    for (wire, answer) in [
        ("xmlrpc", http("200 OK", "text/plain", "This is the endpoint")),
        ("xmlrpc", document("<methodResponse><params><param><value><int>5")),
        ("xmlrpc", result("<thing>5</thing>")),
        ("xmlrpc", document("")),
        ("jsonrpc", http("200 OK", "text/plain", "This is the endpoint")),
        ("jsonrpc", json(r#"{"jsonrpc":"2.0","id":1,"result":"#)),
        ("jsonrpc", json(r#"{"jsonrpc":"2.0","id":77,"result":5}"#)),
        ("jsonrpc", json("[]")),
        ("jsonrpc", json("")),
    ] {
        let peer = Peer::new(move |request, stream| stream.write_all(&list(request).unwrap_or_else(|| answer.clone())));
        let world = world(&[profile("it", wire, &format!("http://{}/rpc", peer.host()))]);
        let ended = run(&world, "thing.set name a").exits(7).prints("");
        ended.says("check whether thing.set took effect").says("it is call 1 in the journal");
        // The same once more is asked about, in a script too.
        world.put("again.marsh", "thing.set name a\n", 0o644);
        run(&world, "run again.marsh").exits(10).says("may have been done already");
        let told = run(&world, "thing.set name a --again -o json").exits(7);
        assert!(told.stderr.contains(r#""kind":"unknown","code":7"#), "{told}");
        assert_eq!(run(&world, "pending -q length").exits(0).stdout, "2\n");
    }
}

#[test]
fn a_user_and_a_key_are_both_sent() {
    let peer = service();
    let url = |user: &str| format!("http://{user}{}/rpc", peer.host());
    // `bob:secret` in Base64, and `secret:`.
    let (both, key) = ("Basic Ym9iOnNlY3JldA==", "Basic c2VjcmV0Og==");
    for provider in WIRES {
        for (words, header) in [
            (format!("-u {} --user bob -k secret", url("")), both),
            (format!("-u {} -k secret", url("bob@")), both),
            (format!("-u {} -k secret", url("bob:%s@")), both),
            (format!("-u {} --auth key -k secret", url("")), key),
            (format!("-u {} --auth none", url("")), ""),
            (format!("-u {}", url("")), ""),
        ] {
            run(&World::new(), &format!("{words} --provider {provider} thing.get")).prints("5\n").exits(0);
            let request = peer.received().pop().unwrap();
            let sent = request.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or_default();
            assert_eq!(sent, header, "{words} {provider}");
        }
    }
}

#[test]
fn requests_have_the_media_type_of_the_specification() {
    let peer = service();
    run(&World::new(), &format!("-u http://{}/rpc --provider xmlrpc thing.set name ä", peer.host())).exits(0);
    let request = peer.received().pop().unwrap();
    assert!(request.contains("\r\ncontent-type: text/xml\r\n"), "{request}");
    // What the letters are is said by the message itself.
    assert!(request.contains("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") && request.contains("ä"), "{request}");
}

#[test]
fn harmless_oddities_of_xml_are_read() {
    let response = |before: &str, value: &str| {
        document(format!(
            "<?xml version=\"1.0\"?>{before}<methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
        ))
    };
    for (answer, code, printed) in [
        (response("<!DOCTYPE methodResponse>", "<int>5</int>"), 0, "5\n"),
        (response("<!DOCTYPE methodResponse SYSTEM \"http://127.0.0.1:9/x.dtd\">", "<int>5</int>"), 0, "5\n"),
        (response("<!DOCTYPE a [<!ENTITY b 'c'>]>", "<int>5</int>"), 5, ""),
        (response("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", "<string>&b;</string>"), 5, ""),
        (response("", "<boolean> 1 </boolean>"), 0, "true\n"),
        (response("", "<boolean>true</boolean>"), 0, "true\n"),
        (response("", "<boolean>2</boolean>"), 5, ""),
        (response("", "<int> 5 </int>"), 0, "5\n"),
    ] {
        let peer = Peer::new(move |request, stream| stream.write_all(&list(request).unwrap_or_else(|| answer.clone())));
        let catalog = "id = \"own\"\nhost = \"http://127.0.0.1:9\"\n[[transport]]\nname = \"xmlrpc\"\nprotocol = \"xmlrpc\"\npath = \"/rpc\"\n[[method]]\nname = \"thing.get\"\neffect = \"read\"\n";
        let world = World::new();
        world.put("own.toml", catalog, 0o644);
        let file = world.at("own.toml").display().to_string();
        let url = format!("http://{}/rpc", peer.host());
        world.configure(&format!("[profiles.own]\nprovider = \"own\"\ncatalog = \"{file}\"\nurl = \"{url}\"\n"));
        run(&world, "thing.get").exits(code).prints(printed);
    }
}

#[test]
fn a_method_takes_any_number_of_values() {
    let catalog = r#"
id = "own"
host = "http://127.0.0.1:9"
arguments = "positional"
[[transport]]
name = "WIRE"
protocol = "WIRE"
path = "/rpc"
[[method]]
name = "item.set"
effect = "change"
params = [
  { name = "item", type = "string", required = true },
  { name = "values", type = "list:string", variadic = true },
]
"#;
    let peer = service();
    for wire in WIRES {
        let world = World::new();
        world.put("own.toml", &catalog.replace("WIRE", wire), 0o644);
        let (file, host) = (world.at("own.toml").display().to_string(), peer.host());
        world.configure(&format!(
            "[profiles.own]\nprovider = \"own\"\ncatalog = \"{file}\"\nurl = \"http://{host}/rpc\"\nretries = 0\n"
        ));
        for (line, values) in [
            ("item.set item a", &["a"][..]),
            ("item.set item a values b=1,c=2", &["a", "b=1", "c=2"]),
            ("item.set values '[\"b, c\", \"d\"]' item a", &["a", "b, c", "d"]),
            ("item.set --positional a", &["a"]),
            ("item.set --positional a b=1", &["a", "b=1"]),
            ("item.set --positional a b=1 c=2 d=3 e=4", &["a", "b=1", "c=2", "d=3", "e=4"]),
        ] {
            for line in [line.to_owned(), format!("{line} --again")] {
                run(&world, &line).prints("5\n").exits(0);
                let one = |value: &&str| match wire {
                    "xmlrpc" => format!("<param><value><string>{value}</string></value></param>"),
                    _ => format!("\"{value}\""),
                };
                let sent: Vec<String> = values.iter().map(one).collect();
                let sent = if wire == "xmlrpc" { sent.concat() } else { format!("[{}]", sent.join(",")) };
                assert_eq!(carried(&peer.received().pop().unwrap()), sent, "{wire} {line}");
            }
        }
        run(&world, "item.set values b=1").exits(2).says("item");
        assert!(run(&world, "help item.set").exits(0).stdout.contains("values"));
    }
}

#[test]
fn each_account_has_its_own_list() {
    let names = |names: &str| names.split(' ').map(|name| format!("<value>{name}</value>")).collect::<String>();
    let peer = Peer::new(move |request, stream| {
        let mine = if request.contains("Basic YWRtaW46") { "thing.get admin.only" } else { "thing.get" };
        let list = format!("<array><data>{}</data></array>", names(mine));
        stream.write_all(&result(if request.contains("system.listMethods") { &list } else { "<int>5</int>" }))
    });
    let account = |user: &str| {
        let url = format!("http://{}/rpc", peer.host());
        let key = format!("user = \"{user}\"\nkey_command = \"printf key\"\n");
        profile(user, "xmlrpc", &url).replace("auth = \"none\"\n", &key)
    };
    let world = world(&[account("admin"), account("guest")]);
    for (user, count) in [("admin", "2\n"), ("guest", "1\n"), ("admin", "2\n")] {
        let own = format!("methods -q '[.[]|select(.profile==\"{user}\")]|length'");
        world.marsh().args(["-p", user]).args(shlex::split(&own).unwrap()).run().prints(count).exits(0);
    }
    run(&world, "-p admin admin.only").prints("5\n").exits(0);
    run(&world, "-p guest admin.only").exits(2).says("guest has no method `admin.only`");
    let shown = run(&world, "__complete bash marsh -p guest admin").stdout;
    assert!(!shown.contains("admin.only"), "{shown}");
}

#[test]
fn help_begins_at_the_margin() {
    let help = "Start a process\n\n        @param string name  The process\n        @param boolean wait\n              Whether to wait\n        @return boolean result";
    let peer = Peer::new(move |request, stream| {
        let names = "<array><data><value>p.start</value><value>system.methodHelp</value></data></array>";
        stream.write_all(&result(&match () {
            () if request.contains("listMethods") => names.to_owned(),
            () if request.contains("methodHelp") => format!("<string>{help}</string>"),
            () => "<int>5</int>".to_owned(),
        }))
    });
    let world = world(&[profile("it", "xmlrpc", &format!("http://{}/rpc", peer.host()))]);
    let page = run(&world, "help p.start").exits(0).stdout;
    assert!(page.contains("name STRING") && page.contains("wait BOOLEAN"), "{page}");
    assert!(page.contains("\nStart a process") || page.contains("Start a process\n"), "{page}");
    assert!(!page.contains("        @param"), "{page}");
}

/// Transmission's RPC, from its specification: a refusal with a token first, then one address for everything, and a text in
/// each answer that says whether it worked.
#[test]
fn a_service_with_one_address_for_all_its_methods() {
    let peer = Peer::new(|request, stream| {
        let method = request.split("\"method\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let answer = match method {
            "torrent-get" => r#"{"arguments":{"torrents":[{"id":3,"name":"a","percentDone":0.5}]},"result":"success"}"#,
            "torrent-add" => r#"{"arguments":{"torrent-duplicate":{"id":3,"name":"a"}},"result":"success"}"#,
            "torrent-start" => r#"{"arguments":{},"result":"no such torrent"}"#,
            "torrent-remove" => r#"{"arguments":{},"result":"success"}"#,
            _ => r#"{"arguments":{"version":"4.0"},"result":"success"}"#,
        };
        stream.write_all(&match request.contains("\r\nx-transmission-session-id: token-1\r\n") {
            true => http("200 OK", "application/json", answer),
            false => {
                let headers = "X-Transmission-Session-Id: token-1\r\nContent-Length: 0\r\n";
                with_headers("409 Conflict", headers, "")
            }
        })
    });
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/transmission.toml");
    let world = World::new();
    world.marsh().args(["catalogue", "check"]).arg(&catalog).run().exits(0);
    world.put("transmission.toml", &fs::read_to_string(catalog).unwrap(), 0o644);
    let url = format!("http://{}", peer.host());
    let added = world.marsh().args(["add", "tr", &url, "--catalog", "transmission.toml"]).run();
    added.exits(0).prints("").says("Transmission answers (session.get");
    let sent = |line: &str, code: i32, said: &str| {
        run(&world, line).exits(code).says(said);
        let request = peer.received().pop().unwrap();
        assert!(request.starts_with("POST /transmission/rpc HTTP/1.1\r\n"), "{request}");
        request.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    let read = sent("torrent.list", 0, "");
    let start = r#"{"method":"torrent-get","arguments":{"fields":["id","name","status","#;
    assert!(read.starts_with(start), "{read}");
    world.put("a.torrent", "d4:infode", 0o644);
    assert_eq!(
        sent("torrent.add metainfo (base64)a.torrent paused yes", 0, ""),
        r#"{"method":"torrent-add","arguments":{"metainfo":"ZDQ6aW5mb2Rl","paused":true}}"#
    );
    assert_eq!(sent("torrent.start id 9", 4, "no such torrent"), r#"{"method":"torrent-start","arguments":{"ids":9}}"#);
    run(&world, "torrent.remove id 3").exits(10).says("torrent.remove on tr cannot be undone");
    assert_eq!(
        sent("torrent.remove id 3 delete_data yes --yes", 0, ""),
        r#"{"method":"torrent-remove","arguments":{"ids":3,"delete-local-data":true}}"#
    );
    // One session serves a whole script.
    world.put("all.marsh", "torrent.list -q '.[0].percentDone'\nsession.get -q .version\n", 0o644);
    let before = peer.received().len();
    run(&world, "-p tr run all.marsh").prints("0.5\n\"4.0\"\n").exits(0);
    assert_eq!(peer.received().len() - before, 3);
}
