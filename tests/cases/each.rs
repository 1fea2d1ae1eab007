//! A call for each member of a result: what is sent, what stops it, what is asked, and what is reported.

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::server::{Answer, Server};

/// The id of a zone that begins with this letter.
fn id(letter: &str) -> String {
    format!("{letter:0<32}")
}

/// A list of zones with these ids and nicknames.
fn listed<'z>(zones: impl IntoIterator<Item = (String, &'z str)>) -> Answer {
    let zone = |(id, nickname): (String, &str)| {
        format!(
            "<value><struct><member><name>id</name><value><string>{id}</string></value></member>\
             <member><name>nickname</name><value><string>{nickname}</string></value></member>\
             <member><name>ttl</name><value><int>60</int></value></member></struct></value>"
        )
    };
    Answer::value(&format!("<array><data>{}</data></array>", zones.into_iter().map(zone).collect::<String>()))
}

/// A list of zones whose ids begin with these letters.
fn zones(letters: &[&str]) -> Answer {
    listed(letters.iter().map(|letter| (id(letter), *letter)))
}

fn done() -> Answer {
    Answer::value("<struct></struct>")
}

/// The outcomes in a list of results.
fn outcomes(json: &str) -> Vec<String> {
    let list: serde_json::Value = serde_json::from_str(json).unwrap();
    let outcome = |one: &serde_json::Value| {
        format!("{} {}", one["item"].as_str().unwrap().trim_end_matches('0'), one["outcome"].as_str().unwrap())
    };
    list.as_array().unwrap().iter().map(outcome).collect()
}

#[test]
fn each_member_gets_its_call_and_every_value_arrives_as_one() {
    let texts = ["plain", "with space", "-dash", "it's", "(int)5", "$_", "a;b|c", "{id}", "é", "--yes", "[1,2]", ""];
    let list = listed(texts.iter().map(|text| (id("a"), *text)));
    let server = Server::answering([list].into_iter().chain(vec![done(); texts.len()]));
    let line = "dns.zone_list | each internal.echo string {nickname} integer {ttl} list (list){nickname},x -o jsonl";
    let ran = World::new().marsh().against(&server).line(line).run().exits(0);
    let ran = ran.says("12 calls of internal.echo, all done");
    let sent: Vec<String> = server.requests().iter().skip(1).map(|request| request.text()).collect();
    assert_eq!((sent.len(), server.connections()), (texts.len(), 2));
    for (text, sent) in texts.iter().zip(&sent) {
        let plain = sent.replace("&apos;", "'").replace("&#39;", "'");
        assert_eq!(plain.matches(&format!("<string>{text}</string>")).count(), 2, "{text}: {sent}");
        assert!(sent.contains("<int>60</int>") && sent.contains("<string>x</string>"), "{text}: {sent}");
    }
    let second: serde_json::Value = serde_json::from_str(ran.stdout.lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["item"], serde_json::json!({"nickname": "with space", "ttl": 60}));
    assert_eq!((&second["outcome"], &second["journal"]), (&"done".into(), &serde_json::Value::Null));
}

#[test]
fn nothing_is_read_for_a_call_that_cannot_be_made() {
    for (call, code, said) in [
        ("dns.zone_info idd {id}", 2, "idd"),
        ("dns.zone_info", 2, "uses no field"),
        ("dns.zone_info id 5", 2, "uses no field"),
        ("dns.zone_info id x{id}", 2, "whole value"),
        ("dns.zone_info id {id", 2, "whole value"),
        ("dns.zone_info id {id} --wait", 2, "--wait cannot be used for many calls"),
        ("dns.zone_info id {id} -o jsn", 2, "jsn"),
        ("dns.zone_record_create zone_id {id}", 2, "type"),
        ("dns.zone_delete id {id} > /nowhere/at/all --yes", 2, "/nowhere/at/all"),
        ("help id {id}", 2, "`help` is a command"),
        ("", 2, "each has no call after it"),
    ] {
        let server = Server::answering([]);
        let world = World::new();
        let words = ["dns.zone_list", "|", "each"].into_iter().chain(call.split_whitespace());
        world.marsh().against(&server).args(words).run().exits(code).prints("").says(said);
        assert_eq!(server.requests().len(), 0, "{call}");
    }
    for (source, said) in [
        ("dns.reload", "`each` needs a read before it"),
        ("profiles", "`profiles` is a command"),
        ("dns.zone_list -o json", "--output has no effect before `each`"),
    ] {
        let server = Server::answering([]);
        let words = source.split_whitespace().chain("| each dns.zone_info id {id}".split_whitespace());
        World::new().marsh().against(&server).args(words).run().exits(2).prints("").says(said);
        assert_eq!(server.requests().len(), 0, "{source}");
    }
}

#[test]
fn a_member_without_the_field_stops_all_before_the_first() {
    let list = "<array><data><value><struct><member><name>id</name><value>0123456789abcdef0123456789abcdef</value></member></struct></value>\
                <value><struct><member><name>name</name><value>b</value></member></struct></value>\
                <value><struct></struct></value></data></array>";
    let server = Server::answering([Answer::value(list)]);
    let ran = World::new().marsh().against(&server).line("dns.zone_list | each dns.zone_delete id {id} --yes").run();
    ran.exits(2).prints("").says("member 2 of 3: `{}` has no `id` (and one other)");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_first_failure_ends_it_and_keep_going_does_not() {
    let fault = || Answer::fault(3, "no such zone");
    for (options, answers, code, found) in [
        ("", vec![done(), fault()], 11, &["a done", "b refused", "c not sent"][..]),
        ("--keep-going", vec![done(), fault(), done()], 11, &["a done", "b refused", "c done"]),
        ("", vec![fault()], 4, &["a refused", "b not sent", "c not sent"]),
        ("--keep-going", vec![fault(), fault(), fault()], 4, &["a refused", "b refused", "c refused"]),
        // A key that is refused is refused for all.
        ("--keep-going", vec![Answer::fault(4, "Bad api_key")], 3, &["a refused", "b not sent", "c not sent"]),
        // Nobody knows what became of a change whose answer was lost.
        ("", vec![done(), Answer::HangUp], 11, &["a done", "b unknown", "c not sent"]),
        ("--keep-going", vec![Answer::HangUp, done(), done()], 11, &["a unknown", "b done", "c done"]),
    ] {
        let (world, count) = (World::new(), answers.len());
        let server = Server::answering([zones(&["a", "b", "c"])].into_iter().chain(answers));
        let line = format!("dns.zone_list | each dns.zone_update id {{id}} nickname x {options}");
        let ran = world.marsh().against(&server).line(&line).run().exits(code);
        assert_eq!(outcomes(&ran.stdout), found, "{line}: {ran}");
        assert_eq!(server.requests().len(), count + 1, "{line}");
        let rows: Vec<String> = world
            .calls()
            .iter()
            .filter(|call| call.call.method == "dns.zone_update")
            .map(|call| call.outcome.name().to_owned())
            .collect();
        let sent: Vec<&str> = found
            .iter()
            .filter_map(|one| one.split_once(' '))
            .map(|(_, outcome)| outcome)
            .filter(|outcome| *outcome != "not sent")
            .collect();
        assert_eq!(rows, sent, "{line}");
    }
}

#[test]
fn every_failure_is_told_with_its_member() {
    let answers = [zones(&["a", "b"]), Answer::fault(3, "no such zone"), done()];
    let server = Server::answering(answers);
    let line = "dns.zone_list | each dns.zone_update id {id} nickname x --keep-going -o json";
    let ran = World::new().marsh().against(&server).line(line).run().exits(11);
    assert!(ran.stderr.contains("member 1 (a000") && ran.stderr.contains("no such zone"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 of 2 calls were not done: 1 done, 1 refused"), "{}", ran.stderr);
    let list: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&list[0]["error"]["code"], &list[0]["error"]["sent"]), (&4.into(), &"yes".into()));
    assert!(list[0]["journal"].is_i64() && list[0].get("result").is_none());
}

#[test]
fn a_filter_and_a_variable_give_members_too() {
    let server = Server::answering([zones(&["a", "b", "c"]), done(), done()]);
    let words =
        ["dns.zone_list", "-q", ".[] | select(.nickname != \"b\") | .id", "|", "each", "dns.zone_info", "id", "{}"];
    let ran = World::new().marsh().against(&server).args(words).run().exits(0);
    assert_eq!(outcomes(&ran.stdout), ["a done", "c done"]);
    let server = Server::answering([zones(&["a", "b"]), done(), done(), zones(&[])]);
    let script = "dns.zone_list > l.json\n\nlet z = (json)[{\"a\": {\"b\": \"0123456789abcdef0123456789abcdef\"}}, {\"a\": {\"b\": \"1123456789abcdef0123456789abcdef\"}}]\n\
                  $z | each dns.zone_info id {a.b}\n$_ | each dns.zone_info id {item} --dry-run\n\
                  dns.zone_list | each dns.zone_info id {id}\n";
    let world = World::new();
    let ran = world.marsh().stdin(script).against(&server).run().exits(0).says("no member, and nothing was sent");
    assert!(
        ran.stdout.contains("\"item\": \"1123456789abcdef0123456789abcdef\"")
            && ran.stdout.contains("POST ")
            && ran.stdout.ends_with("[]\n"),
        "{ran}"
    );
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn lines_are_judged_with_their_calls() {
    for (script, said) in [
        ("internal.echo\ndns.zone_list | each dns.zone_infoo id {id}\n", "dns.zone_infoo"),
        ("internal.echo\n$nothing | each dns.zone_info id {id}\n", "`$nothing` is not set"),
        ("internal.echo\nlet x = 5 | each dns.zone_info id {}\n", "`let` is a command"),
        ("internal.echo\ndns.zone_list | each dns.zone_info id $1\n", "$1"),
    ] {
        let server = Server::answering([]);
        let ran = World::new().marsh().against(&server).stdin(script).run().exits(2);
        ran.says(said);
        assert_eq!(server.requests().len(), 0, "{script}");
    }
}

#[test]
fn a_large_part_of_a_list_needs_more_than_a_yes() {
    let ids: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let words = |few: &str, options: &str| -> Vec<String> {
        let words = ["dns.zone_list", "-q", few, "|", "each", "dns.zone_delete", "id", "{id}"].into_iter();
        words.chain(options.split_whitespace()).map(str::to_owned).collect()
    };
    for (few, options, limit, code, sent) in [
        (".[:3]", "--yes", None, 0, 3),
        (".[:4]", "--yes", None, 10, 0),
        (".", "--yes", None, 10, 0),
        (".[:4]", "--yes --destroy-limit 40", None, 0, 4),
        (".", "--yes --destroy-limit=100%", None, 0, 10),
        (".[:2]", "--yes --destroy-limit 0", None, 0, 2),
        (".[:4]", "--yes", Some("50"), 0, 4),
        (".[:3]", "--yes", Some("10"), 10, 0),
    ] {
        let server = Server::answering([zones(&ids)].into_iter().chain(vec![done(); sent]));
        let mut run = World::new().marsh().against(&server).args(words(few, options));
        if let Some(limit) = limit {
            run = run.env("MARSH_DESTROY_LIMIT", limit);
        }
        let ran = run.run().exits(code);
        assert_eq!(server.requests().len(), sent + 1, "{few} {options} {limit:?}: {ran}");
        assert!(code == 0 || ran.stderr.contains("of the 10 members of the list"), "{ran}");
    }
}

#[test]
fn one_question_is_asked_for_all() {
    for (typed, sent) in [("3", 3), ("y", 0), (CTRL_C, 0)] {
        let names = Answer::value("<array><data></data></array>");
        let server = Server::answering([names, zones(&["a", "b", "c"]), done(), done(), done()]);
        let mut shell = Terminal::prompt(World::new().marsh().against(&server));
        shell.press(&format!("dns.zone_list | each dns.zone_delete id {{id}} --yes{ENTER}"));
        shell.see("Type 3 to confirm: ");
        shell.see("3 of the 3 members of the list");
        let shown = if typed == CTRL_C { shell.after(CTRL_C) } else { shell.run(typed) };
        let asked = server.requests().iter().filter(|request| request.text().contains("dns.zone_delete")).count();
        assert_eq!(asked, sent, "{typed}: {shown}");
    }
}

#[test]
fn the_same_change_a_second_time_waits_for_the_first() {
    let line = "dns.zone_list | each dns.zone_update id {id} ttl 300 --keep-going";
    for jobs in ["", " --jobs 4"] {
        let run = |answers: Vec<Answer>| {
            let server = Server::answering([zones(&["a", "a", "b"])].into_iter().chain(answers));
            let world = World::new();
            let ended = world.marsh().against(&server).args(["--retries", "0"]).line(&format!("{line}{jobs}")).run();
            (outcomes(&ended.stdout), server.requests().len() - 1, ended)
        };
        let (outcomes, sent, ended) = run(vec![done(), done(), done()]);
        assert_eq!((outcomes.as_slice(), sent), (&["a done", "a done", "b done"].map(str::to_owned)[..], 3), "{ended}");
        ended.exits(0);
        let (outcomes, sent, ended) = run(vec![Answer::HangUp, done(), done()]);
        let expected = ["a unknown", "a not sent", "b done"].map(str::to_owned);
        assert_eq!((outcomes.as_slice(), sent), (&expected[..], 2), "{ended}");
        ended.exits(11).says("may have been done already");
    }
}

#[test]
fn what_a_service_says_about_a_member_is_one_remark() {
    let fault = || Answer::fault(3, &format!("no\nhint: all is well {}", "x".repeat(70_000)));
    let server = Server::answering([zones(&["a", "b"]), fault(), fault()]);
    let line = "dns.zone_list | each dns.zone_update id {id} ttl 300 --keep-going -o csv --columns item";
    let ended = World::new().marsh().against(&server).line(line).run().exits(4);
    assert!(!ended.stderr.lines().any(|line| line.starts_with("hint: all is well")), "{ended}");
    assert!(ended.stderr.len() < 4000, "{}", ended.stderr.len());
}

#[test]
fn a_view_is_shown_before_its_rows_are_used() {
    let run = |line: &str| World::new().marsh().args(["--sandbox", "-"]).stdin(line.to_owned()).run();
    run("servers | each server.info name {id}").exits(2).says("`servers` is a view: show it first");
    run("jobs | each server.info name {id}").exits(2).says("`jobs` is a command");
    run("servers -q length\n$_ -q '.[:1]' | each server.info name {id} -q length\n").exits(0).prints("6\n1\n");
}

#[test]
fn a_field_that_is_given_for_a_secret_is_in_no_result() {
    let secret = "CANARY-of-a-member-1";
    let list = listed([(id("a"), secret), (id("b"), secret)]);
    let server = Server::answering([list, done(), Answer::fault(3, &format!("bad password {secret}"))]);
    let line = "dns.zone_list | each memshell.enable name {id} password {nickname} --keep-going";
    let world = World::new();
    let ended = world.marsh().against(&server).line(line).run().exits(11);
    assert!(server.requests()[1].text().contains(secret));
    assert!(!ended.to_string().contains("CANARY"), "{ended}");
    let list: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(list[0]["item"], serde_json::json!({"id": id("a"), "nickname": "(redacted)"}));
    assert!(!world.remembered().contains("CANARY"));
}
