//! What services of today want on the wire, each said by a catalogue of a user's own: bodies, pages, effects by value,
//! and several pieces of work in one answer.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::cmd::{Outcome, World};
use crate::support::raw::{Peer, http, with_headers};
use crate::support::server::{Answer, Server};

const CATALOG: &str = include_str!("../data/wire/own.toml");

/// An answer in JSON with these headers.
fn json(headers: &str, body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n{headers}\n{body}").as_bytes())
}

fn world(server: &Server) -> World {
    world_at(&server.address.to_string())
}

fn world_at(place: &str) -> World {
    let world = World::new();
    let host = format!("http://{place}");
    world.put("own.toml", &CATALOG.replace("HOST", &host), 0o600);
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{}\"\nretries = 0\n",
        world.at("own.toml").display()
    ));
    world
}

fn run(world: &World, line: &str) -> Outcome {
    world.marsh().args(["-p", "own"]).line(line).run()
}

/// The first lines and the bodies of all requests.
fn seen(server: &Server) -> Vec<String> {
    let one = |request: &crate::support::server::Request| {
        format!("{} {}", request.start().trim_end_matches(" HTTP/1.1"), request.text()).trim_end().to_owned()
    };
    server.requests().iter().map(one).collect()
}

#[test]
fn bodies_have_the_form_that_the_catalogue_gives_them() {
    let done = || Answer::http(b"HTTP/1.1 204 No Content\n\n");
    for (line, request, media) in [
        (
            "server.create name a memory 512 networks[0].id 7 networks[0].ip 192.0.2.1",
            r#"POST /v1/servers {"version":2,"server":{"start":true,"name":"a","limits":{"memory":512},"networks":[{"id":7,"ip":"192.0.2.1"}]}}"#,
            "application/json",
        ),
        (
            "zone.patch id z operations[0].op add operations[0].path /a operations[0].value 1",
            r#"PATCH /v1/zones/z [{"op":"add","path":"/a","value":"1"}]"#,
            "application/json-patch+json",
        ),
        (
            r#"zone.put id z zone (json){"name":"a","serial":7}"#,
            r#"PUT /v1/zones/z {"name":"a"}"#,
            "application/merge-patch+json",
        ),
        ("zone.clear id z reason old --yes", r#"DELETE /v1/zones/z {"reason":"old"}"#, "application/json"),
    ] {
        let answer = if line.starts_with("server") { json("", "{\"server\":{}}") } else { done() };
        let server = Server::answering([answer]);
        run(&world(&server), line).exits(0);
        assert_eq!(seen(&server), [request]);
        assert_eq!(server.requests()[0].header("content-type"), Some(media), "{line}");
    }
}

/// Every byte there is, often enough that it is read in several pieces.
fn content() -> Vec<u8> {
    (0..200_000_u32).map(|at| at as u8).collect()
}

#[test]
fn a_file_is_sent_as_it_is_and_the_journal_knows_it() {
    let done = || Answer::http(b"HTTP/1.1 204 No Content\n\n");
    let server = Server::answering([done(), done(), done()]);
    let world = world(&server);
    std::fs::write(world.at("disk.img"), content()).unwrap();
    run(&world, "image.put id 7 image (file)disk.img").exits(0);
    run(&world, "image.upload label a image (file)disk.img").exits(0);
    world.marsh().args(["-p", "own"]).line("image.put id 8 image (file)-").stdin("piped").run().exits(0);
    let requests = server.requests();
    assert_eq!((requests[0].body.as_slice(), requests[0].start()), (&content()[..], "PUT /v1/images/7 HTTP/1.1"));
    assert_eq!(requests[0].header("content-length"), Some("200000"));
    assert_eq!(requests[0].header("content-type"), Some("application/gzip"));
    assert_eq!(requests[2].text(), "piped");

    let media = requests[1].header("content-type").unwrap();
    let boundary = media.strip_prefix("multipart/form-data; boundary=").unwrap();
    let head = |rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name={rest}\r\n\r\n");
    let file = "\"image\"; filename=\"disk.img\"\r\nContent-Type: application/octet-stream";
    let before = head("\"kind\"") + "disk\r\n" + &head("\"label\"") + "a\r\n" + &head(file);
    let body = [before.as_bytes(), &content(), format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    assert!(requests[1].body == body, "{}", requests[1].text().chars().take(400).collect::<String>());
    assert_eq!(requests[1].header("content-length"), Some(body.len().to_string().as_str()));

    let calls = world.calls();
    let told = |at: usize| calls[at].call.text.clone();
    assert!(told(0).contains(" # disk.img: 200000 bytes, sha256 "), "{}", told(0));
    let known = told(0).rsplit(' ').next().unwrap().to_owned();
    assert_eq!((known.len(), told(1).contains(&known)), (64, true));
    // Another content is another change.
    assert_ne!(calls[0].call.request, calls[2].call.request);
}

#[test]
fn what_is_no_file_is_not_sent() {
    let server = Server::answering([]);
    let world = world(&server);
    std::fs::write(world.at("disk.img"), "abc").unwrap();
    for (line, said, exit) in [
        ("zone.put id z zone.name a zone.serial 7", "`zone.serial` is set by the service and cannot be given", 2),
        ("image.put id 7 image disk.img", "a file, as (file)PATH", 2),
        ("image.put id 7 image (file)none.img", "cannot read none.img", 1),
        ("image.put id 7 image (file).", "it is not a file", 1),
        ("image.upload image (file)disk.img --as curl", "cannot be shown as a command", 2),
    ] {
        run(&world, line).says(said).exits(exit);
    }
    let shown = run(&world, "image.put id 7 image (file)disk.img --as curl");
    assert!(shown.stdout.contains("--data-binary @") && shown.stdout.contains("disk.img"), "{shown}");
    let shown = run(&world, "image.upload image (file)disk.img --as http");
    assert!(shown.stdout.contains("(disk.img: 3 bytes, sha256 ba7816bf"), "{shown}");
    assert!(server.requests().is_empty());
}

#[test]
fn pages_are_followed_by_link_address_cursor_and_header() {
    let link = |page: u32| format!("Link: </v1/servers?page={page}&per_page=2>; rel=\"next\"\n");
    for (line, answers, requests) in [
        (
            "server.list per_page 2 filter.name x expand a,b",
            vec![
                json(&link(2), r#"{"servers":[{"id":1},{"id":2}],"meta":{}}"#),
                json(&link(3), r#"{"servers":[{"id":3},{"id":4}],"meta":{}}"#),
                json("", r#"{"servers":[{"id":5}],"meta":{}}"#),
            ],
            vec![
                "GET /v1/servers?per_page=2&filter%5Bname%5D=x&expand%5B%5D=a&expand%5B%5D=b",
                "GET /v1/servers?page=2&per_page=2",
                "GET /v1/servers?page=3&per_page=2",
            ],
        ),
        (
            "server.url",
            vec![
                json("", r#"{"servers":[{"id":1},{"id":2}],"links":{"next":"?page=2"}}"#),
                json("", r#"{"servers":[],"links":{"next":"/other?page=3"}}"#),
                json("", r#"{"servers":[{"id":3},{"id":4},{"id":5}],"links":{"next":null}}"#),
            ],
            vec!["GET /v1/servers", "GET /v1/servers?page=2", "GET /other?page=3"],
        ),
        (
            "server.cursor",
            vec![
                json("", r#"{"data":[{"id":1},{"id":2}],"has_more":true}"#),
                json("", r#"{"data":[{"id":3},{"id":4}],"has_more":true}"#),
                json("", r#"{"data":[{"id":5}],"has_more":false}"#),
            ],
            vec![
                "GET /v1/servers?limit=2",
                "GET /v1/servers?starting_after=2&limit=2",
                "GET /v1/servers?starting_after=4&limit=2",
            ],
        ),
        (
            "server.token",
            vec![json("X-Next-Token: t 2\n", r#"[{"id":1},{"id":2},{"id":3}]"#), json("", r#"[{"id":4},{"id":5}]"#)],
            vec!["GET /v1/servers", "GET /v1/servers?next_token=t%202"],
        ),
    ] {
        for form in ["-o jsonl", "-q map(.id)"] {
            let server = Server::answering(answers.clone());
            let printed = match form {
                "-o jsonl" => "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n{\"id\":4}\n{\"id\":5}\n".to_owned(),
                _ => "[\n  1,\n  2,\n  3,\n  4,\n  5\n]\n".to_owned(),
            };
            run(&world(&server), &format!("{line} --all {form}")).prints(&printed).exits(0);
            assert_eq!(seen(&server), requests, "{line}");
        }
    }
    // One page, and that it is one.
    let server = Server::answering([json(&link(2), r#"{"servers":[{"id":1}],"meta":{}}"#)]);
    run(&world(&server), "server.list")
        .says("note: this is one page of a longer list; --all reads every page")
        .exits(0);
}

#[test]
fn a_list_that_goes_elsewhere_or_in_a_circle_is_an_error() {
    let page = |id: u32, next: &str| json("", &format!(r#"{{"servers":[{{"id":{id}}}],"links":{{"next":"{next}"}}}}"#));
    for (answers, said, exit, asked, printed) in [
        (
            vec![page(1, "https://example.com/v1/servers?page=2")],
            "the next page is said to be at https://example.com, and the key belongs to http://127.0.0.1",
            5,
            1,
            "{\"id\":1}\n",
        ),
        (
            vec![page(1, "?page=2"), page(2, "?page=2")],
            "what follows page 2 was read before; 2 members had come",
            5,
            2,
            "{\"id\":1}\n{\"id\":2}\n",
        ),
        (
            vec![page(1, "?page=2"), page(1, "?page=3")],
            "what follows page 2 was read before; 1 members had come",
            5,
            2,
            "{\"id\":1}\n",
        ),
    ] {
        let server = Server::answering(answers);
        let done = run(&world(&server), "server.url --all -o jsonl");
        assert_eq!((seen(&server).len(), done.stdout.as_str()), (asked, printed), "{done}");
        done.says(said).exits(exit);
    }
}

#[test]
fn what_a_call_does_depends_on_its_values_and_what_is_unknown_is_the_worst() {
    let server = Server::answering([]);
    let world = world(&server);
    for (line, asked) in [
        ("server.act id 1 type rebuild", "destroy and billable"),
        ("server.act id 1 type newer", "destroy and billable"),
        ("server.act id 1 type resize", "billable"),
        ("zone.change id z rrsets[0].name a rrsets[0].changetype DELETE", "destroy"),
        ("zone.change id z rrsets[0].name a rrsets[0].changetype PRUNE", "destroy"),
    ] {
        let told = if asked == "billable" { "own may cost money" } else { "own cannot be undone" };
        run(&world, line).says(told).exits(10);
    }
    assert!(server.requests().is_empty());
    let done = || Answer::http(b"HTTP/1.1 204 No Content\n\n");
    let server = Server::answering([done(), done()]);
    let world = self::world(&server);
    run(&world, "server.act id 1 type reboot").says_nothing().exits(0);
    run(&world, "zone.change id z rrsets[0].name a rrsets[0].changetype REPLACE").says_nothing().exits(0);
    assert_eq!(seen(&server).len(), 2);
    assert_eq!(world.calls().iter().map(|call| call.call.effect.as_str()).collect::<Vec<_>>(), ["change", "change"]);
    let help = world.marsh().args(["-p", "own"]).line("help zone.change").run();
    assert!(help.stdout.contains("If every rrsets.changetype is REPLACE or EXTEND: change."), "{help}");
    let methods = world.marsh().args(["-p", "own"]).line("methods -o json").run();
    assert!(methods.stdout.contains("if every rrsets.changetype is REPLACE or EXTEND"), "{methods}");
}

#[test]
fn every_piece_of_work_of_an_answer_is_waited_for() {
    let action = |id: u32, rest: &str| format!(r#"{{"id":{id},{rest}}}"#);
    let (running, success) = (r#""status":"running","progress":0"#, r#""status":"success","progress":100"#);
    let made =
        format!(r#"{{"server":{{"id":9}},"action":{},"next_actions":[{}]}}"#, action(1, running), action(2, running));
    let read = |id: u32, rest: &str| json("", &format!(r#"{{"action":{}}}"#, action(id, rest)));
    let broken = format!(r#"{success},"error":{{"message":"no disk"}}"#);
    for (last, exit, said) in [(success, 0, ""), (broken.as_str(), 9, "no disk")] {
        let answers = vec![json("", &made), read(1, running), read(1, last), read(2, running), read(2, success)];
        let server = Server::answering(answers);
        let world = world(&server);
        let done = run(&world, "server.create name a --wait");
        let reads: Vec<String> = seen(&server).into_iter().skip(1).collect();
        let (one, two) = ("GET /v1/actions/1", "GET /v1/actions/2");
        assert_eq!(reads, [one, one, two, two], "{done}");
        let shown = done.stdout.matches("\"success\"").count();
        assert_eq!(shown, 2, "{done}");
        done.says(said).exits(exit);
        assert_eq!(world.calls()[0].job.as_deref(), Some("1,2"));
    }
}

#[test]
fn an_id_that_has_a_part_of_the_address_is_followed() {
    let upid = "UPID:pve1:0000A:17:qmstart:100:root@pam:";
    let state = |rest: &str| json("", &format!(r#"{{"data":{{"upid":"{upid}",{rest}}}}}"#));
    let started = || json("", &format!(r#"{{"data":"{upid}"}}"#));
    let server = Server::answering([
        started(),
        state(r#""status":"running""#),
        state(r#""status":"stopped","exitstatus":"OK""#),
    ]);
    let world = world(&server);
    run(&world, "machine.start vmid 100 --wait").exits(0);
    let status = "GET /v1/nodes/pve1/tasks/UPID%3Apve1%3A0000A%3A17%3Aqmstart%3A100%3Aroot%40pam%3A/status";
    assert_eq!(seen(&server), ["POST /v1/machines/100/start", status, status]);
    let failed = Server::answering([started(), state(r#""status":"stopped","exitstatus":"no space""#)]);
    run(&self::world(&failed), "machine.start vmid 100 --wait").exits(9);
}

#[test]
fn the_parts_of_a_body_have_the_media_types_of_the_catalogue() {
    let server = Server::answering([Answer::http(b"HTTP/1.1 204 No Content\n\n")]);
    let world = world(&server);
    std::fs::write(world.at("disk.img"), "abc").unwrap();
    run(&world, "image.describe about.os debian notes *new* image (file)disk.img").exits(0);
    let request = &server.requests()[0];
    let boundary = request.header("content-type").unwrap().split_once("boundary=").unwrap().1;
    let part = |name: &str, media: &str, body: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\r\nContent-Type: {media}\r\n\r\n{body}\r\n"
        )
    };
    let wanted = part("about\"", "application/json", r#"{"os":"debian"}"#)
        + &part("text\"", "text/markdown", "*new*")
        + &part("image\"; filename=\"disk.img\"", "application/gzip", "abc")
        + &format!("--{boundary}--\r\n");
    assert_eq!(request.text(), wanted);
}

/// A service that says where the work is, in a header and in the result; HOST is its own place.
fn working(place: &'static str) -> Peer {
    let reads = AtomicUsize::new(0);
    Peer::new(move |request, stream| {
        let host = request.split("\r\nhost: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let place = place.replace("HOST", host);
        let json = |body: &str| http("200 OK", "application/json", body);
        let answer = match request {
            request if request.contains("/stop ") => {
                with_headers("202 Accepted", &format!("Location: {place}\r\nContent-Length: 0\r\n"), "")
            }
            request if request.contains("/start ") => json(&format!(r#"{{"links":{{"action":"{place}"}}}}"#)),
            _ if reads.fetch_add(1, Ordering::SeqCst) == 0 => json(r#"{"action":{"id":7,"status":"running"}}"#),
            _ => json(r#"{"action":{"id":7,"status":"success"}}"#),
        };
        stream.write_all(&answer)
    })
}

#[test]
fn work_is_followed_from_its_address_and_never_to_another_place() {
    let asked = |peer: &Peer| -> Vec<String> {
        peer.received().iter().map(|request| request.split(" HTTP/").next().unwrap().to_owned()).collect()
    };
    for place in ["/v1/actions/7", "../../actions/7", "//HOST/v1/actions/7", "http://HOST/v1/actions/7?wait=1", "7"] {
        for name in ["stop", "start"] {
            let peer = working(place);
            let world = world_at(&peer.host());
            let done = run(&world, &format!("server.{name} id 5 --wait"));
            let requests = [&format!("POST /v1/servers/5/{name}"), "GET /v1/actions/7", "GET /v1/actions/7"];
            assert_eq!(asked(&peer), requests, "{place}: {done}");
            let call = &world.calls()[0];
            assert_eq!((done.code, call.job.as_deref(), call.outcome.name()), (0, Some("7"), "done"), "{done}");
        }
    }
    for (place, said) in [
        ("https://example.com/v1/actions/7", "at https://example.com, and the key belongs to http://127.0.0.1"),
        ("//example.com/v1/actions/7", "at http://example.com, and the key belongs to http://127.0.0.1"),
        ("/v1/servers/5", "/v1/servers/5, which is no address of action.get"),
    ] {
        for name in ["stop", "start"] {
            let peer = working(place);
            let done = run(&world_at(&peer.host()), &format!("server.{name} id 5 --wait"));
            assert_eq!(asked(&peer).len(), 1, "{place}: {done}");
            done.says(said).says("the answer names nothing to wait for").exits(0);
        }
    }
}

#[test]
fn a_read_only_account_takes_a_call_whose_every_part_only_reads() {
    let done = || Answer::http(b"HTTP/1.1 204 No Content\n\n");
    let server = Server::answering([done(), done()]);
    let world = world(&server);
    let line = |rest: &str| {
        let line = format!("zone.check id z {rest}");
        world.marsh().args(["-p", "own", "--read-only", "-y"]).line(&line).run()
    };
    line("checks[0].name a checks[0].mode try").exits(0);
    line("checks[0].name a checks[0].mode try checks[1].name b checks[1].mode show").exits(0);
    assert_eq!(seen(&server).len(), 2);
    for rest in [
        "checks[0].name a checks[0].mode apply",
        "checks[0].name a checks[0].mode try checks[1].name b checks[1].mode apply",
        "checks[0].name a checks[0].mode try checks[1].name b",
        "checks[0].name a checks[0].mode TRY",
        "checks (json)[]",
        "",
    ] {
        line(rest).says("read-only").exits(10);
        let script = format!("zone.check id z {rest}\n");
        world.marsh().args(["-p", "own", "--read-only", "-y", "run", "-"]).stdin(script).run().exits(10);
    }
    assert_eq!(seen(&server).len(), 2);
}
