//! A service of the user's own that takes values in order, without their names, over both wires that can carry them.

use std::io::Write;

use crate::support::cmd::World;
use crate::support::raw::{Peer, http, result};
use crate::support::server::{Answer, Server};

/// The provider says how arguments travel; its methods, and those that only the live list names, obey.
const CATALOG: &str = r#"
id = "py"
title = "A service of ours"
document = "wiki"
host = "http://127.0.0.1:9"
arguments = "positional"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[transport]]
name = "jsonrpc"
protocol = "jsonrpc"
path = "/rpc"
[introspection]
list = "system.listMethods"
help = "system.methodHelp"
[[method]]
name = "system.listMethods"
doc = 1
summary = "List all methods"
effect = "read"
returns = "list:string"
example = "system.listMethods"
[[method]]
name = "system.methodHelp"
doc = 1
summary = "Describe a method"
effect = "read"
returns = "string"
example = "system.methodHelp method drop"
params = [{ name = "method", type = "string", required = true, summary = "Which one" }]
[[method]]
name = "get_state"
doc = 1
summary = "How it goes"
effect = "read"
example = "get_state"
[[method]]
name = "drop"
doc = 1
summary = "Drop something"
effect = "change"
example = "drop name shop"
params = [
  { name = "name", type = "string", required = true, summary = "What to drop" },
  { name = "keep_backups", type = "boolean", summary = "Whether its backups stay" },
  { name = "wait", type = "int", summary = "Seconds to wait" },
]
"#;

fn world(server: &Server) -> World {
    let world = World::new();
    world.put("py.toml", CATALOG, 0o644);
    let (path, url) = (world.at("py.toml"), server.url("/rpc"));
    world.configure(&format!(
        "[profiles.py]\nprovider = \"py\"\ncatalog = \"{}\"\nkey_command = \"printf a-key-of-ours\"\nurl = \"{url}\"\n",
        path.display()
    ));
    world
}

/// What follows the name of the method in each wire's message.
fn sent(server: &Server) -> Vec<String> {
    let inside = |text: &str, from: &str, to: &str| {
        let rest = text.split_once(from).map_or("", |(_, rest)| rest);
        rest.rsplit_once(to).map_or(rest, |(inside, _)| inside).to_owned()
    };
    let requests = server.requests();
    requests
        .iter()
        .map(|request| match request.text().contains("<params>") {
            true => inside(&request.text(), "<params>", "</params>"),
            false => inside(&request.text(), "\"params\":", ",\"id\""),
        })
        .collect()
}

#[test]
fn values_keep_their_places_on_both_wires() {
    let xml = |values: &str| values.to_owned();
    for (line, by_xml, by_json) in [
        ("get_state", xml(""), "[]"),
        ("drop name shop", xml("<param><value><string>shop</string></value></param>"), r#"["shop"]"#),
        (
            "drop wait 0 keep_backups false name shop",
            xml(
                "<param><value><string>shop</string></value></param><param><value><boolean>0</boolean></value></param>\
                 <param><value><int>0</int></value></param>",
            ),
            r#"["shop",false,0]"#,
        ),
        (
            "drop --positional shop yes",
            xml(
                "<param><value><string>shop</string></value></param><param><value><boolean>1</boolean></value></param>",
            ),
            r#"["shop",true]"#,
        ),
    ] {
        for (transport, values) in [("xmlrpc", by_xml.as_str()), ("jsonrpc", by_json)] {
            let answer = match transport {
                "xmlrpc" => Answer::value("<boolean>1</boolean>"),
                _ => Answer::http(
                    b"HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}",
                ),
            };
            let server = Server::answering([answer]);
            world(&server).marsh().args(["--transport", transport]).line(line).run().prints("true\n").exits(0);
            assert_eq!(sent(&server), [values], "{transport} {line}");
        }
    }
}

#[test]
fn a_hole_or_a_name_among_values_is_refused() {
    let server = Server::answering([]);
    let world = world(&server);
    for (line, words) in [
        ("drop name shop wait 0", "`wait` comes after `keep_backups`, which is not given"),
        ("drop --positional wait 0 name shop", "`wait` comes after `keep_backups`, which is not given"),
        ("drop --positional shop wait 0", "`wait` is the name of a parameter"),
        ("drop --positional shop yes 1 2", "drop takes 3 values at most"),
    ] {
        for transport in ["xmlrpc", "jsonrpc"] {
            let run = world.marsh().args(["--transport", transport]).line(line).run();
            run.says(words).says("nothing was sent").exits(2);
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_method_that_only_the_live_list_names_is_called_the_same_way() {
    let list = "<array><data><value><string>stop</string></value></data></array>";
    for (line, values) in [
        ("stop", ""),
        ("stop name sleeper", "<param><value><string>sleeper</string></value></param>"),
        (
            "stop --positional sleeper (int)2",
            "<param><value><string>sleeper</string></value></param><param><value><int>2</int></value></param>",
        ),
    ] {
        let server = Server::answering([Answer::value(list), Answer::value("<boolean>1</boolean>")]);
        world(&server).marsh().line(line).run().prints("true\n").exits(0);
        assert_eq!(sent(&server), ["", values], "{line}");
    }
}

#[test]
fn the_probe_of_a_service_that_takes_no_dictionary_sends_none() {
    let server = Server::answering([Answer::value("<boolean>1</boolean>")]);
    let world = world(&server);
    world.put("py.toml", &CATALOG.replacen("arguments =", "probe = \"get_state\"\narguments =", 1), 0o644);
    world.marsh().arg("doctor").run();
    assert_eq!(sent(&server), [""]);
}

/// A method with optional parameters that only the service knows, over both wires.
#[test]
fn a_method_of_the_live_list_has_no_holes_either() {
    let help = "keep(name, backups=True, wait=5)";
    let json = |value: &str| {
        http("200 OK", "application/json", format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{value}}}"))
    };
    let peer = Peer::new(move |request, stream| {
        let answers = match () {
            () if request.contains("listMethods") => [
                "<array><data><value>keep</value><value>system.methodHelp</value></data></array>".to_owned(),
                "[\"keep\",\"system.methodHelp\"]".to_owned(),
            ],
            () if request.contains("methodHelp") => [format!("<string>{help}</string>"), format!("\"{help}\"")],
            () => ["<boolean>1</boolean>".to_owned(), "true".to_owned()],
        };
        let [by_xml, by_json] = answers;
        stream.write_all(&if request.contains("<methodCall>") { result(&by_xml) } else { json(&by_json) })
    });
    for (wire, sent) in [
        (
            "xmlrpc",
            "<params><param><value><string>shop</string></value></param><param><value><boolean>0</boolean></value>\
             </param><param><value><int>0</int></value></param></params>",
        ),
        ("jsonrpc", "\"params\":[\"shop\",false,0]"),
    ] {
        let world = World::new();
        let url = format!("http://{}/{wire}", peer.host());
        world.configure(&format!(
            "[profiles.it]\nprovider = \"{wire}\"\nurl = \"{url}\"\nauth = \"none\"\narguments = \"positional\"\n"
        ));
        for (line, words) in [
            ("keep name shop wait (int)0", "`wait` comes after `backups`, which is not given"),
            ("keep --positional wait (int)0 name shop", "`wait` comes after `backups`, which is not given"),
            ("keep --positional shop wait (int)0", "`wait` is the name of a parameter"),
            ("keep --positional shop yes (int)0 1", "keep takes 3 values at most"),
            ("keep wait (int)0", "name"),
        ] {
            world.marsh().line(line).run().exits(2).prints("").says(words);
            let sent = |it: &String| it.starts_with(&format!("POST /{wire} ")) && it.contains("shop");
            assert!(!peer.received().iter().any(sent), "{line}");
        }
        for line in ["keep wait (int)0 backups no name shop", "keep --positional shop no (int)0"] {
            world.marsh().line(line).run().prints("true\n").exits(0);
            let last = peer.received().pop().unwrap();
            assert!(last.contains(sent), "{line}: {last}");
        }
    }
}
