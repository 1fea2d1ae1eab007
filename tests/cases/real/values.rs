//! What is read from a server is what Python's own client reads from it.

use serde_json::{Value, json};

use super::Side;
use super::servers::{self, KEY, call};
use crate::support::cmd::World;
use crate::support::real::asked;

/// A world with one account: `more` is what its profile says besides the address.
fn world(provider: &str, url: &str, more: &str) -> World {
    let world = World::new();
    world.put("key", KEY, 0o600);
    world.configure(&format!("[profiles.it]\nprovider = \"{provider}\"\nurl = \"{url}\"\n{more}"));
    world
}

fn key_file(world: &World) -> String {
    world.at("key").display().to_string()
}

/// The same with a key.
fn keyed(provider: &str, url: &str, more: &str) -> World {
    let made = world(provider, url, "");
    let file = key_file(&made);
    made.configure(&format!(
        "[profiles.it]\nprovider = \"{provider}\"\nurl = \"{url}\"\nkey_file = \"{file}\"\n{more}"
    ));
    made
}

/// The rows of a table whose parameters are JSON.
fn rows<'r>(table: &[(&'r str, &'r str, &str)]) -> Vec<(&'r str, &'r str, Value)> {
    let row = |(line, method, params): &(&'r str, &'r str, &str)| (*line, *method, params.parse().unwrap());
    table.iter().map(row).collect()
}

#[test]
fn supervisor_is_read_as_its_own_client_reads_it() {
    let Some(server) = servers::supervisor() else { return };
    let url = server.url("/RPC2");
    let world = keyed("xmlrpc", &url, "user = \"user\"\n");
    let mut client = call(&url, "xmlrpc", "", json!([]));
    (client["user"], client["key"]) = ("user".into(), KEY.into());
    let side = Side { world: &world, account: "it", call: client, volatile: &["now", "description"] };
    let equal = side.agree(&rows(&[
        ("supervisor.getState", "supervisor.getState", "[]"),
        ("supervisor.getAPIVersion", "supervisor.getAPIVersion", "[]"),
        ("supervisor.getSupervisorVersion", "supervisor.getSupervisorVersion", "[]"),
        ("supervisor.getIdentification", "supervisor.getIdentification", "[]"),
        ("supervisor.getPID", "supervisor.getPID", "[]"),
        ("supervisor.getAllProcessInfo", "supervisor.getAllProcessInfo", "[]"),
        ("supervisor.getAllConfigInfo", "supervisor.getAllConfigInfo", "[]"),
        ("supervisor.getProcessInfo name sleeper", "supervisor.getProcessInfo", r#"["sleeper"]"#),
        ("supervisor.getProcessInfo --positional sleeper", "supervisor.getProcessInfo", r#"["sleeper"]"#),
        (
            "supervisor.readProcessStdoutLog name sleeper offset 0 length 0",
            "supervisor.readProcessStdoutLog",
            r#"["sleeper", 0, 0]"#,
        ),
        (
            "supervisor.tailProcessStdoutLog name sleeper offset 0 length 10",
            "supervisor.tailProcessStdoutLog",
            r#"["sleeper", 0, 10]"#,
        ),
        ("system.listMethods", "system.listMethods", "[]"),
        (
            "system.methodHelp --positional supervisor.startProcess",
            "system.methodHelp",
            r#"["supervisor.startProcess"]"#,
        ),
        (
            "system.methodSignature --positional supervisor.startProcess",
            "system.methodSignature",
            r#"["supervisor.startProcess"]"#,
        ),
        ("supervisor.getProcessInfo name nothing", "supervisor.getProcessInfo", r#"["nothing"]"#),
        ("supervisor.startProcess name nothing wait false", "supervisor.startProcess", r#"["nothing", false]"#),
        ("supervisor.removeProcessGroup name nothing", "supervisor.removeProcessGroup", r#"["nothing"]"#),
    ]));
    assert_eq!(equal, 17);
}

#[test]
fn aria2_is_read_the_same_over_both_wires() {
    let Some(server) = servers::aria2() else { return };
    let table = [
        ("aria2.getVersion", "aria2.getVersion", "[]"),
        ("aria2.getGlobalOption", "aria2.getGlobalOption", "[]"),
        ("aria2.getGlobalStat", "aria2.getGlobalStat", "[]"),
        ("aria2.getSessionInfo", "aria2.getSessionInfo", "[]"),
        ("aria2.tellActive", "aria2.tellActive", "[]"),
        ("aria2.tellWaiting --positional '(int)0' '(int)10'", "aria2.tellWaiting", "[0, 10]"),
        (
            "aria2.tellStopped --positional '(int)0' '(int)10' '(json)[\"gid\"]'",
            "aria2.tellStopped",
            r#"[0, 10, ["gid"]]"#,
        ),
        ("aria2.tellStatus --positional 0123456789abcdef", "aria2.tellStatus", r#"["0123456789abcdef"]"#),
        ("aria2.remove --positional 0123456789abcdef", "aria2.remove", r#"["0123456789abcdef"]"#),
        ("system.listMethods", "system.listMethods", "[]"),
        ("system.listNotifications", "system.listNotifications", "[]"),
    ];
    let secret = format!("token:{KEY}");
    for (wire, path) in [("xmlrpc", "/rpc"), ("jsonrpc", "/jsonrpc")] {
        let url = server.url(path);
        let world = keyed(wire, &url, "auth = \"token\"\narguments = \"positional\"\n");
        // The reference client sends the secret as an argument like any other.
        let mut rows = rows(&table);
        for (_, method, params) in &mut rows {
            if method.starts_with("aria2.") {
                params.as_array_mut().unwrap().insert(0, secret.as_str().into());
            }
        }
        let side = Side { world: &world, account: "it", call: call(&url, wire, "", json!([])), volatile: &[] };
        assert_eq!(side.agree(&rows), table.len(), "{wire}");
        // The same with a wrong secret.
        world.put("key", "wrong", 0o600);
        world.marsh().line("-p it aria2.getVersion").run().exits(4).says("Unauthorized (code 1)");
    }
}

#[test]
fn every_value_of_python_is_read_and_sent() {
    let Some(server) = servers::python() else { return };
    let url = server.url("/RPC2");
    let world = world("xmlrpc", &url, "");
    let names = asked(&[call(&url, "xmlrpc", "names", json!([]))]).remove(0);
    let names: Vec<String> = names["result"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().into()).collect();
    let lines: Vec<String> = names.iter().map(|name| format!("value name {name}")).collect();
    let reads = lines.iter().zip(&names).map(|(line, name)| (line.as_str(), "value", json!([name])));
    let side = Side { world: &world, account: "it", call: call(&url, "xmlrpc", "", json!([])), volatile: &[] };
    assert_eq!(side.agree(&reads.collect::<Vec<_>>()), 30);

    let equal = side.agree(&rows(&[
        ("echo value text", "echo", r#"["text"]"#),
        ("echo value ''", "echo", r#"[""]"#),
        ("echo value 5", "echo", r#"["5"]"#),
        ("echo value '(int)5'", "echo", "[5]"),
        ("echo value '(int)-2147483648'", "echo", "[-2147483648]"),
        ("echo value '(float)0.1'", "echo", "[0.1]"),
        ("echo value '(boolean)yes'", "echo", "[true]"),
        ("echo value '(string)  lead and trail  '", "echo", r#"["  lead and trail  "]"#),
        ("echo value '  lead and trail  '", "echo", r#"["  lead and trail  "]"#),
        ("echo value '(json)[1, \"two\", {\"three\": [4, false]}]'", "echo", r#"[[1, "two", {"three": [4, false]}]]"#),
        ("echo value '<a>&amp;]]></a>'", "echo", r#"["<a>&amp;]]></a>"]"#),
        ("echo value 'ä 日本 🐟'", "echo", r#"["ä 日本 🐟"]"#),
        ("echo --positional '(int)5'", "echo", "[5]"),
    ]));
    assert_eq!(equal, 13);
}

#[test]
fn perl_is_read_as_python_reads_it() {
    let Some(server) = servers::described_perl() else { return };
    let url = server.url("/RPC2");
    let world = world("xmlrpc", &url, "");
    let side = Side { world: &world, account: "it", call: call(&url, "xmlrpc", "", json!([])), volatile: &["date"] };
    let equal = side.agree(&rows(&[
        ("kinds", "kinds", "[]"),
        ("sum --positional 3 4", "sum", "[3, 4]"),
        ("sum --positional 0.5 0.25", "sum", "[0.5, 0.25]"),
        ("sum arg1 -3 arg2 4", "sum", "[-3, 4]"),
        ("sum --positional '(string)a' 4", "sum", r#"["a", 4]"#),
        ("reversed --positional '[1, \"two\"]'", "reversed", r#"[[1, "two"]]"#),
        ("system.methodSignature --positional sum", "system.methodSignature", r#"["sum"]"#),
        ("system.methodHelp --positional sum", "system.methodHelp", r#"["sum"]"#),
        ("system.listMethods", "system.listMethods", "[]"),
        ("system.methodHelp --positional nothing", "system.methodHelp", r#"["nothing"]"#),
    ]));
    assert_eq!(equal, 10);
}

#[test]
fn the_validation_suite_is_passed() {
    let Some(server) = servers::frontier() else { return };
    let url = server.url("/RPC2");
    let world = world("xmlrpc", &url, "");
    let side = Side { world: &world, account: "it", call: call(&url, "xmlrpc", "", json!([])), volatile: &[] };
    let equal = side.agree(&rows(&[
        (
            "call validator1.arrayOfStructsTest --positional '(json)[{\"curly\": 3}, {\"curly\": -5}]'",
            "validator1.arrayOfStructsTest",
            r#"[[{"curly": 3}, {"curly": -5}]]"#,
        ),
        (
            "call validator1.countTheEntities --positional \"<<>&'\\\"'&\"",
            "validator1.countTheEntities",
            r#"["<<>&'\"'&"]"#,
        ),
        (
            "call validator1.easyStructTest --positional '(json){\"moe\": 1, \"larry\": 2, \"curly\": 3}'",
            "validator1.easyStructTest",
            r#"[{"moe": 1, "larry": 2, "curly": 3}]"#,
        ),
        (
            "call validator1.echoStructTest --positional '(json){\"a\": {\"b\": [1, \"2\", 0.5, true]}}'",
            "validator1.echoStructTest",
            r#"[{"a": {"b": [1, "2", 0.5, true]}}]"#,
        ),
        (
            "call validator1.moderateSizeArrayCheck --positional '(json)[\"first\", \"middle\", \"last\"]'",
            "validator1.moderateSizeArrayCheck",
            r#"[["first", "middle", "last"]]"#,
        ),
        (
            "call validator1.nestedStructTest --positional '(json){\"2000\": {\"04\": {\"01\": {\"moe\": 1, \"larry\": 2, \"curly\": 3}}}}'",
            "validator1.nestedStructTest",
            r#"[{"2000": {"04": {"01": {"moe": 1, "larry": 2, "curly": 3}}}}]"#,
        ),
        ("call validator1.simpleStructReturnTest --positional '(int)5'", "validator1.simpleStructReturnTest", "[5]"),
        ("call validator1.manyTypesTest --positional '(int)5'", "validator1.manyTypesTest", "[5]"),
    ]));
    assert_eq!(equal, 8);
}
