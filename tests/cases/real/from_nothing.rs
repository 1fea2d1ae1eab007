//! From nothing, in one shot and in scripts: a service is added in one line, and then listed, searched, completed, read and
//! changed like a built-in provider.

use super::servers::{self, KEY};
use crate::support::cmd::{Outcome, World};

/// A world in which a service has been added by one line.
fn added(name: &str, url: &str, more: &[&str]) -> World {
    let world = World::new();
    world.put("key", KEY, 0o600);
    world.marsh().args(["add", name, url]).args(more).run().exits(0).prints("");
    world
}

/// One line for an account.
fn line(world: &World, account: &str, line: &str) -> Outcome {
    world.marsh().args(["-p", account]).args(shlex::split(line).unwrap()).run()
}

/// Each of these lines ends with that exit code, and prints or says those words.
fn all(world: &World, account: &str, rows: &[(&str, i32, &str)]) {
    for (text, code, words) in rows {
        let run = line(world, account, text).exits(*code);
        assert!(run.stdout.contains(words) || run.stderr.contains(words), "{text}: {words}\n{run}");
        assert!(!run.stdout.contains(KEY) && !run.stderr.contains(KEY), "{run}");
    }
}

fn completed(world: &World, line: &str) -> String {
    world.marsh().args(["__complete", "zsh"]).args(line.split(' ').skip(1)).run().stdout
}

#[test]
fn supervisor_is_used_from_nothing() {
    let Some(server) = servers::supervisor() else { return };
    let url = server.url("/RPC2").replace("//", "//user@");
    let world = added("sup", &url, &["--key-file", "key"]);
    all(
        &world,
        "sup",
        &[
            ("methods -q length", 0, "40"),
            ("methods -q '.[]|select(.name==\"supervisor.startProcess\")|[.parameters[].type]|tojson'", 0, "string"),
            ("help remote", 0, "supervisor.startProcess"),
            ("search start process", 0, "Start a process"),
            ("help supervisor.startProcess", 0, "supervisor.startProcess [name STRING] [wait BOOLEAN]"),
            ("supervisor.getState -q .statename", 0, "RUNNING"),
            ("supervisor.getProcessInfo name sleeper -q .statename", 0, "RUNNING"),
            ("supervisor.startProcess name other wait false", 0, "true"),
            // A false that arrives as a text would be true.
            ("supervisor.startProcess name other wait perhaps", 2, "wait"),
            ("supervisor.startProcess wait false", 2, "comes after `name`, which is not given"),
            ("supervisor.clearAllProcessLogs", 10, "--yes"),
            ("supervisor.clearAllProcessLogs --yes -q '.[0].description'", 0, "OK"),
            ("supervisor.startProcess name nothing", 4, "BAD_NAME: nothing (code 10)"),
            ("supervisor.startProces name other", 2, "did you mean"),
            ("doctor", 0, "accepts the key (system.listMethods"),
        ],
    );
    assert!(completed(&world, "marsh -p sup supervisor.startP").contains("supervisor.startProcessGroup"));
    assert!(completed(&world, "marsh -p sup supervisor.startProcess ").contains("wait"));
    assert!(completed(&world, "marsh -p sup supervisor.startProcess wait ").contains("false"));
    world.put(
        "restart.marsh",
        "supervisor.stopProcess name $1\nsupervisor.startProcess name $1\nsupervisor.getProcessInfo name $1 -q .statename\n",
        0o644,
    );
    let run = world.marsh().args(["-p", "sup", "run", "restart.marsh", "sleeper"]).run();
    run.prints("true\ntrue\n\"RUNNING\"\n").exits(0);
    // A wrong key is a wrong key, also where the list is asked for first.
    let world = added("sup", &url, &["--key-file", "key", "--yes"]);
    world.put("key", "wrong", 0o600);
    for text in ["supervisor.getState", "refresh", "doctor"] {
        line(&world, "sup", text).exits(3);
    }
}

#[test]
fn aria2_is_used_from_nothing_over_both_wires() {
    let Some(server) = servers::aria2() else { return };
    for path in ["/rpc", "/jsonrpc"] {
        let world = added("dl", &server.url(path), &["--auth", "token", "--key-file", "key"]);
        all(
            &world,
            "dl",
            &[
                ("methods -q length", 0, "35"),
                ("search pause", 0, "aria2.unpauseAll"),
                ("aria2.getVersion -q .version", 0, "1."),
                ("aria2.addUri --positional '(json)[\"http://127.0.0.1:9/x\"]' '(json){\"pause\":\"true\"}'", 0, "\""),
                ("aria2.tellWaiting --positional '(int)0' '(int)10' -q '.[0].status'", 0, "paused"),
                ("aria2.remove --positional 0123456789abcdef", 10, "--yes"),
                ("aria2.remove --positional 0123456789abcdef --yes", 4, "0123456789abcdef"),
                ("aria2.getVersion --dry-run", 0, "token:(redacted)"),
            ],
        );
        assert!(completed(&world, "marsh -p dl aria2.unp").contains("aria2.unpauseAll"));
        world.put("pause.marsh", "aria2.pauseAll\naria2.unpauseAll\naria2.pauseAll\n", 0o644);
        let run = world.marsh().args(["-p", "dl", "run", "pause.marsh"]).run();
        run.prints("\"OK\"\n\"OK\"\n\"OK\"\n").exits(0);
    }
}

#[test]
fn a_server_without_a_list_is_called_by_names() {
    let Some(server) = servers::frontier() else { return };
    let world = added("old", &server.url("/RPC2"), &[]);
    all(
        &world,
        "old",
        &[
            ("call validator1.simpleStructReturnTest --positional '(int)5' -q .times10", 0, "50"),
            ("validator1.simpleStructReturnTest --positional '(int)5'", 4, "`call` sends what no catalogue has"),
        ],
    );
}

#[test]
fn an_argument_that_may_be_left_out_leaves_no_hole() {
    let Some(server) = servers::python() else { return };
    let world = added("py", &server.url("/RPC2"), &[]);
    all(
        &world,
        "py",
        &[
            ("help drop", 0, "drop name ANY [keep_backups BOOLEAN] [wait ANY]"),
            ("drop name shop wait '(int)0' --yes", 2, "`wait` comes after `keep_backups`, which is not given"),
            ("drop --positional wait '(int)0' name shop --yes", 2, "`wait` comes after `keep_backups`"),
            ("drop --positional shop wait '(int)0' --yes", 2, "`wait` is the name of a parameter"),
            ("drops -q length", 0, "0"),
            ("drop name shop", 10, "--yes"),
            ("drop name shop keep_backups yes wait '(int)0' --yes -q tojson -o value", 0, "[\"shop\",true,0]"),
            ("drop wait '(int)1' name billing keep_backups no --yes -q tojson -o value", 0, "[\"billing\",false,1]"),
            ("drop --positional shop --yes -q tojson -o value", 0, "[\"shop\",true,5]"),
            ("drops -q length", 0, "3"),
        ],
    );
}
