//! Texts of any length from anywhere: a person reads the first thousand characters, a program 64 KiB of each.

use std::io::Write;
use std::thread;

use serde_json::Value;

use super::own_catalogs::CATALOG;
use crate::support::KEY;
use crate::support::cmd::{Outcome, Run, World};
use crate::support::raw::{Peer, fault, http, result};

/// What a program gets of one text at most, in bytes.
const MOST: usize = 64 * 1024;
/// What a person reads of all of an error at most, in characters: of its first line, the hint and the provider's words.
const SHOWN: usize = 3 * 1000 + 500;

/// The program, about to call a method of the peer in the name of its provider; errors come in a form.
fn run(world: &World, peer: &Peer, form: &str, words: &[&str]) -> Run {
    let provider = words.iter().find_map(|word| word.split_once(':')).map_or("memset", |(provider, _)| provider);
    world.configure(&format!("[profiles.p]\nprovider = \"{provider}\"\nurl = \"{}\"\nuser = \"19052\"\n", peer.url()));
    let words = words.iter().map(|word| word.split_once(':').map_or(*word, |(_, method)| method));
    world.marsh().env("MARSH_KEY", KEY).args(["-p", "p", "-o", form, "--timeout", "60"]).args(words)
}

fn called(answer: &[u8], form: &str, words: &[&str]) -> Outcome {
    run(&World::new(), &Peer::saying(answer), form, words).run()
}

/// A text that nobody wrote by hand, so long.
fn long(length: usize) -> String {
    "All work and no play. ".chars().cycle().take(length).collect()
}

/// Every place where a server's words become part of an error, and the call that shows them.
fn tellings(words: &str) -> Vec<(Vec<u8>, Vec<&'static str>)> {
    let json = |body: String| http("200 OK", "application/json", body);
    let status = |result: &str, detail: &str| {
        format!(
            "<Status><operation>Get</operation><result>{result}</result><resultDetail>{detail}</resultDetail>\
             <resultCode>REASON_0</resultCode></Status>"
        )
    };
    vec![
        (fault(3, words), vec!["service.list"]),
        (fault(-77, words), vec!["service.list"]),
        (
            json(format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":3,"message":"{words}","data":"{words}"}}}}"#)),
            vec!["--transport", "jsonrpc", "service.list"],
        ),
        (
            json(format!(r#"{{"error_type":"ApiErrorDoesNotExist","error_code":3,"error":"{words}"}}"#)),
            vec!["--transport", "json", "service.list"],
        ),
        (http("400 Bad Request", "text/xml", status("ERROR", words)), vec!["caas:account.me"]),
        (http("500 Oh no", "text/plain", words), vec!["caas:account.me"]),
        (http("200 OK", "text/xml", format!("<error>{words}</error>")), vec!["caas:account.me"]),
        (http("200 OK", "text/plain", words), vec!["caas:account.me"]),
        (json(format!(r#"{{"success":false,"error":"{words}"}}"#)), vec!["artnet:services.list"]),
        (json(format!(r#"{{"success":true,"services_list":"{words}"}}"#)), vec!["artnet:services.list"]),
        (http("422 No", "application/json", format!(r#"{{"errors":["{words}"]}}"#)), vec!["vpsnet:profile.get"]),
        (json(format!("\"{words}\"")), vec!["vpsnet:profile.get"]),
        (result(&format!("<string>{words}</string>")), vec!["service.list"]),
        (result(&format!("<{words}/>").replace(' ', "_")), vec!["service.list"]),
        (result(&format!("<int>{words}</int>")), vec!["service.list"]),
    ]
}

#[test]
fn what_a_server_says_at_any_length_is_a_screenful_for_a_person() {
    for (answer, line) in tellings(&long(500_000)) {
        let ended = called(&answer, "table", &line);
        assert!((3..=5).contains(&ended.code), "{line:?}: exit {}", ended.code);
        assert!(ended.stdout.is_empty());
        let shown = ended.stderr.chars().count();
        assert!(shown < SHOWN, "{line:?}: {shown} characters");
    }
}

#[test]
fn a_program_gets_all_that_a_server_says_up_to_a_bound() {
    let (whole, over) = (long(60_000), long(500_000));
    let mut texts = 0;
    for (short, endless) in tellings(&whole).into_iter().zip(tellings(&over)) {
        let line = &short.1;
        let error = |answer: &[u8]| -> Value {
            let ended = called(answer, "json", line);
            serde_json::from_str(&ended.stderr).unwrap_or_else(|_| panic!("{line:?}: {ended}"))
        };
        let (is, bounded) = (error(&short.0), error(&endless.0));
        for (name, member) in bounded["error"].as_object().unwrap() {
            let length = member.as_str().map_or(0, str::len);
            assert!(length <= MOST, "{line:?} {name}: {length}");
        }
        let words = is["error"]["message"].as_str().unwrap_or_default();
        texts += usize::from(words.contains(&whole));
    }
    // The others are no words of the provider but pages, values and names of something else; of these the start is told.
    assert_eq!(texts, 7);
}

/// A catalogue with a key that nobody knows, or a parameter with a great many choices.
fn catalogue(key: &str, choices: &str) -> String {
    let choosy = format!("type = \"string\", choices = [{choices}]");
    CATALOG.replace("[auth]", &format!("{key}\n[auth]")).replace("type = \"boolean\"", &choosy)
}

#[test]
fn what_a_catalogue_says_at_any_length_is_a_screenful_too() {
    let key = format!("{} = 1", long(500_000).replace(['.', ' '], "-"));
    let choices: String = (0..100_000).map(|at| format!("\"choice-{at}\",")).collect();
    for (catalogue, told) in
        [(catalogue(&key, "\"true\""), "All-work-and-no-play"), (catalogue("", &choices), "choice-1")]
    {
        for form in ["table", "json"] {
            let world = World::new();
            world.put("own.toml", &catalogue, 0o600);
            let place = world.at("own.toml");
            world.configure(&format!(
                "[profiles.own]\nprovider = \"own\"\ncatalog = \"{}\"\nkey_env = \"OWN\"\n",
                place.display()
            ));
            let run = world.marsh().env("OWN", KEY).args(["-p", "own", "-o", form, "thing.odd", "flag", "no"]);
            let ended = run.run();
            let (length, most) = (ended.stderr.chars().count(), if form == "json" { 2 * MOST + 500 } else { SHOWN });
            assert!(length < most && ended.stderr.contains(told), "{told} {form}: {length} {}", ended.code);
            assert!([1, 2].contains(&ended.code), "{told} {form}: exit {}", ended.code);
        }
    }
}

#[test]
fn an_answer_of_too_many_members_is_refused_with_what_to_do() {
    // So many small members that they become far more than their text: rooms of lists and dictionaries.
    let member = "<value><struct><member><name>a</name><value/></member></struct></value>";
    let list = format!("<array><data>{}</data></array>", member.repeat(1_600_000));
    let servers = format!("<Servers>{}</Servers>", "<server/>".repeat(1_500_000));
    let (list, servers) = (result(&list), http("200 OK", "text/xml", servers));
    let account = http("200 OK", "text/xml", "<Account><userName>me</userName><orgId>1</orgId></Account>");
    let peer = Peer::new(move |head, stream| match head {
        head if head.contains("myaccount") => stream.write_all(&account),
        head if head.contains("service.list") => stream.write_all(&list),
        _ => stream.write_all(&servers),
    });
    let file = "a file takes it without holding it in memory";
    let lines = [
        (&["caas:server.list"][..], 5, file),
        (&["service.list"], 5, file),
        (&["service.list", "-o", "jsonl", "|", "out.jsonl"], 0, ""),
    ];
    thread::scope(|scope| {
        for (words, code, told) in lines {
            let peer = &peer;
            scope.spawn(move || {
                let world = World::new();
                let ended = run(&world, peer, "table", words).run();
                let refused = ended.stderr.contains("its values would take more than 512 MB of memory");
                assert_eq!((ended.code, refused), (code, code == 5), "{words:?}: {}", ended.stderr);
                assert!(ended.stderr.contains(told), "{words:?}: {}", ended.stderr);
                assert_eq!(world.names().len(), usize::from(code == 0), "{words:?}");
            });
        }
    });
}
