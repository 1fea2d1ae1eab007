//! Lists read to their end and work seen to its end: joined pages, waiting, and every way in which either stops early.

use std::io::Write;
use std::time::{Duration, Instant};

use marsh::sandbox::{Options, Server as Sandbox};
use serde_json::Value;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, Terminal};
use crate::support::raw::{Peer, hold, http};
use crate::support::server::{Answer, Server};

/// A job of the XML-RPC account, as its service writes one.
const ID: &str = "0123456789abcdef0123456789abcdef";
/// An image and a network of the sandbox's cloud.
const DEPLOY: &str = "server.deploy description d isStarted true administratorPassword Example-Pass-1 \
                      vlanResourcePath /oec/o/network/2f7460d4-6516-4c45-a3c8-591e70b4ec54 \
                      imageResourcePath /oec/base/image/f084e5c0-87d6-4214-8803-18096c14d573";

/// The program, working on an account of a sandbox.
fn at(sandbox: &Sandbox, provider: &str) -> Run {
    let account = sandbox.accounts().into_iter().find(|account| account.provider == provider).unwrap();
    let world = World::new();
    let user = account.user.map(|user| format!("user = {user:?}\n")).unwrap_or_default();
    world.configure(&format!("[profiles.it]\nprovider = {provider:?}\n{user}"));
    world.marsh().args(["-p", "it"]).to(&account.url, &account.key)
}

fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(Options { job_time: Duration::from_millis(700), ..options }).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A text without its line breaks.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn job(status: &str, finished: bool, failed: bool) -> Answer {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let flag = |name, on| member(name, &format!("<boolean>{}</boolean>", u8::from(on)));
    let text = member("id", ID) + &member("type", "REBOOT") + &member("status", status);
    let flags = flag("finished", finished) + &flag("error", failed);
    Answer::value(&format!("<struct>{text}{flags}</struct>"))
}

fn reboot(server: &Server) -> Run {
    World::new().marsh().against(server).args(["server.reboot", "name", "myserver1"])
}

#[test]
fn a_list_of_1003_servers_is_read_in_five_pages() {
    let sandbox = sandbox(Options { more_servers: 996, ..Options::default() });
    let asked = |sandbox: &Sandbox| sandbox.requests().iter().filter(|(name, _)| name == "server.list").count();
    let outcome = at(&sandbox, "caas").line("server.list --all").run().exits(0).says_nothing();
    let list = json(&outcome.stdout);
    let mut ids: Vec<&str> = list.as_array().unwrap().iter().map(|server| server["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((list.as_array().unwrap().len(), ids.len(), asked(&sandbox)), (1003, 1003, 5));

    let outcome = at(&sandbox, "caas").line("server.list pageSize 100").run().exits(0);
    let outcome =
        outcome.says("note: this page is part of a list of 1003; --all reads every page, pageNumber chooses another");
    assert_eq!(json(&outcome.stdout).as_array().unwrap().len(), 100);
    at(&sandbox, "caas").line("server.list name web-1 --all | one.csv").run().exits(0).says_nothing();
}

#[test]
fn pages_without_a_total_end_at_a_short_one() {
    let sandbox = sandbox(Options::default());
    let all = json(&at(&sandbox, "artnet").line("services.list").run().exits(0).says_nothing().stdout);
    let outcome = at(&sandbox, "artnet").line("services.list limit 4 --all").run().exits(0);
    assert_eq!(json(&outcome.stdout), all, "{outcome}");
    let outcome = at(&sandbox, "artnet").line("services.list limit 4").run().exits(0);
    outcome.says("note: the page is full, so there may be more; --all reads every page, offset chooses another");
}

/// A list of so many ids as the form service answers it.
fn services(ids: std::ops::Range<u32>) -> Answer {
    let members: Vec<String> = ids.map(|id| format!("{{\"id\":{id}}}")).collect();
    let body = format!("{{\"success\":true,\"services_list\":[{}]}}", members.join(","));
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

fn listing(server: &Server, line: &str) -> Run {
    let world = World::new();
    world.configure("[profiles.it]\nprovider = \"artnet\"\nuser = \"1\"\n");
    world.marsh().args(["-p", "it"]).to(&format!("http://{}/", server.address), KEY).line(line)
}

#[test]
fn a_service_that_gives_the_same_page_again_and_again_is_seen_through() {
    let server = Server::answering([services(0..3), services(3..6), services(3..6), services(3..6)]);
    let outcome = listing(&server, "services.list limit 3 --all").run().exits(0).says("contained nothing new");
    assert_eq!((json(&outcome.stdout).as_array().unwrap().len(), server.requests().len()), (6, 3));
    let offsets: Vec<bool> =
        server.requests().iter().zip([0, 3, 6]).map(|(r, n)| r.text().contains(&format!("offset={n}"))).collect();
    assert_eq!(offsets, [true; 3]);
}

#[test]
fn a_page_that_cannot_be_read_leaves_no_file() {
    let refused = r#"{"success":false,"error":{"code":"authorization-failed","description":{"en":"No."}}}"#;
    let refused = || Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{refused}").as_bytes());
    let server = Server::answering([refused()]);
    listing(&server, "services.list limit 3 --all").run().exits(3).prints("").says("services.list was refused");
    let server = Server::answering([services(0..3), services(3..6), refused()]);
    // A reader of the output has the pages before it, and is told that they are not all.
    let run = listing(&server, "services.list limit 3 --all -o jsonl").run().exits(3);
    assert_eq!(run.stdout.lines().count(), 6, "{run}");
    let run = run.says("what was passed on before is incomplete");
    run.says("page 3 of services.list, after 6 members: services.list was refused").says("No.");

    let world = World::new();
    world.configure("[profiles.it]\nprovider = \"artnet\"\nuser = \"1\"\n");
    let server = Server::answering([services(0..3), Answer::xml("<html>502</html>")]);
    let run = world.marsh().args(["-p", "it"]).to(&format!("http://{}/", server.address), KEY);
    run.line("services.list limit 3 --all | all.json").run().exits(5).says("page 2 of services.list, after 3 members");
    assert!(world.names().is_empty(), "{:?}", world.names());
}

#[test]
fn what_has_no_pages_or_nothing_to_wait_for_is_refused_before_it_is_sent() {
    let server = Server::answering([]);
    for (line, words) in [
        ("service.list --all", "does not answer in pages"),
        ("service.list --wait", "service.list only reads"),
        ("service.set_nickname name a nickname b --wait", "it is not known whether service.set_nickname continues"),
        ("server.reboot name myserver1 --wait=soon", "`soon` is not a length of time"),
        ("server.reboot name myserver1 --wait --no-wait", "contradict"),
        ("server.reboot name myserver1 --wait -o raw", "the provider's own bytes"),
        ("wait", "no job of this session is running"),
    ] {
        let run = World::new().marsh().against(&server).line(line).run().exits(2).prints("");
        run.says(words).says("nothing was sent");
    }
    assert_eq!(server.requests().len(), 0);
    let sandbox = sandbox(Options::default());
    let run = at(&sandbox, "caas").line("server.list --all pageNumber 2").run().exits(2).prints("");
    run.says("leave out pageNumber");
    at(&sandbox, "caas").line("server.list --all --wait").run().exits(2).prints("").says("cannot be used with --all");
    at(&sandbox, "caas").line("wait 5").run().exits(2).prints("").says("`server.list id 5 --wait`");
}

#[test]
fn a_job_is_followed_to_its_good_end() {
    let running = || job("IN-PROGRESS", false, false);
    let server = Server::answering([job("PENDING", false, false), running(), running(), job("DONE", true, false)]);
    let outcome = reboot(&server).args(["--wait=1m"]).run().exits(0);
    assert_eq!(json(&outcome.stdout)["status"], "DONE");
    assert_eq!(outcome.stderr, format!("server.reboot {ID}: IN-PROGRESS\n"), "{outcome}");
    let bodies: Vec<String> = server.requests().iter().map(|request| request.text()).collect();
    assert_eq!(bodies.iter().filter(|body| body.contains("server.reboot")).count(), 1, "{bodies:?}");
    assert_eq!(bodies.iter().filter(|body| body.contains("job.status") && body.contains(ID)).count(), 3);
}

#[test]
fn a_job_that_ends_badly_shows_its_result_and_exits_9() {
    let server = Server::answering([job("PENDING", false, false), job("CANCELLED", true, true)]);
    let outcome = reboot(&server).args(["--wait", "-o", "json"]).run().exits(9);
    assert_eq!(json(&outcome.stdout)["error"], true);
    let outcome = outcome.says(r#""kind":"job_failed","code":9"#).says(r#""sent":"yes""#);
    outcome.says(&format!("server.reboot {ID} failed: CANCELLED"));
}

#[test]
fn a_filter_that_fails_after_waiting_hides_neither_the_result_nor_the_end() {
    for (ended, failed, code) in [("DONE", false, 1), ("FAILED", true, 9)] {
        let server = Server::answering([job("PENDING", false, false), job(ended, true, failed)]);
        let outcome = reboot(&server).args(["--wait=1m", "-q", "error(\"no\")"]).run().exits(code);
        assert_eq!(json(&outcome.stdout)["status"], ended, "{outcome}");
        assert!(!outcome.stderr.contains("changed nothing"), "{outcome}");
        let outcome = outcome.says("the filter failed: no");
        outcome.says(if failed { "failed: FAILED" } else { "server.reboot was done, and its whole result" });
    }
}

#[test]
fn a_job_that_does_not_end_in_time_says_how_to_come_back() {
    let server = Server::answering((0..9).map(|_| job("PENDING", false, false)));
    let outcome = reboot(&server).args(["--wait=1"]).run().exits(8);
    assert_eq!(json(&outcome.stdout)["status"], "PENDING");
    let outcome = outcome.says(&format!("server.reboot {ID} has not ended within 1 s: PENDING"));
    assert!(in_one_line(&outcome.stderr).contains(&format!("come back with `wait {ID}`")), "{outcome}");

    let server = Server::answering([job("PENDING", false, false), job("DONE", true, false)]);
    let outcome = World::new().marsh().against(&server).args(["wait", ID]).run().exits(0);
    assert_eq!(json(&outcome.stdout)["finished"], true);
    let server = Server::answering([Answer::fault(3, "no such job")]);
    let run = World::new().marsh().against(&server).args(["wait", ID]).run().exits(4).prints("");
    run.says("job.status was refused").says("no such job");
}

#[test]
fn a_broken_status_read_is_repeated_and_a_refused_one_is_reported() {
    let server = Server::answering([job("PENDING", false, false), Answer::HangUp, job("DONE", true, false)]);
    let outcome = reboot(&server).args(["--wait=1m"]).run().exits(0);
    assert_eq!(json(&outcome.stdout)["status"], "DONE");

    let refused = Answer::fault(4, "Permission denied");
    let server = Server::answering([job("PENDING", false, false), job("PENDING", false, false), refused]);
    let outcome = reboot(&server).args(["--wait=1m"]).run().exits(8);
    assert_eq!(json(&outcome.stdout)["status"], "PENDING");
    let outcome = outcome.says("can no longer be followed").says("Permission denied");
    assert!(in_one_line(&outcome.stderr).contains(&format!("come back with `wait {ID}`")), "{outcome}");
}

#[test]
fn waiting_ends_on_time_although_the_service_asks_for_a_longer_pause() {
    let busy = || Answer::http(b"HTTP/1.1 503 Service Unavailable\nRetry-After: 30\nContent-Length: 0\n\n");
    let server = Server::answering(std::iter::once(job("PENDING", false, false)).chain((0..9).map(|_| busy())));
    let begun = Instant::now();
    let outcome = reboot(&server).args(["--wait=1s"]).run().exits(8).says("has not ended within 1 s");
    assert!(begun.elapsed() < Duration::from_secs(20), "{outcome}");
    assert_eq!(json(&outcome.stdout)["status"], "PENDING");
}

#[test]
fn an_answer_without_a_job_or_without_a_state_is_not_silently_a_success() {
    let server = Server::answering([Answer::value("<struct></struct>")]);
    reboot(&server).args(["--wait"]).run().exits(0).prints("{}\n").says("names nothing to wait for");
    let blank = format!("<struct><member><name>id</name><value>{ID}</value></member></struct>");
    let server = Server::answering([job("PENDING", false, false), Answer::value(&blank)]);
    reboot(&server).args(["--wait"]).run().exits(5).says("the answer of job.status has no finished");
}

#[test]
fn a_job_may_be_left_alone() {
    let server = Server::answering([job("PENDING", false, false)]);
    reboot(&server).args(["--no-wait"]).run().exits(0).says_nothing();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_new_server_is_distinguished_from_one_of_the_same_name() {
    let sandbox = sandbox(Options::default());
    let deploy = |name: &str| at(&sandbox, "caas").line(DEPLOY).args(["name", name, "--wait=1m", "--yes"]).run();
    let first = deploy("web-1").exits(0).says("step 1 of 3 (WAIT_FOR_OPERATION)");
    let server = json(&first.stdout);
    assert_eq!((&server["state"], &server["isStarted"]), (&"NORMAL".into(), &true.into()), "{first}");
    assert_ne!(server["privateIp"], "192.0.2.11", "the one that was there before: {first}");
    let failed = deploy("failing-2").exits(9).says("failed: FAILED_ADD").says("The disk could not be copied.");
    assert_eq!(json(&failed.stdout)["name"], "failing-2");

    let id = server["id"].as_str().unwrap();
    let of = |line: &str| at(&sandbox, "caas").line(line).args(["server-id", id]).run();
    of("server.power_off --yes").exits(0).says_nothing();
    let outcome = at(&sandbox, "caas").args(["server.list", "id", id, "--wait=1m"]).run().exits(0);
    assert_eq!(
        (&json(&outcome.stdout)[0]["state"], &json(&outcome.stdout)[0]["isStarted"]),
        (&"NORMAL".into(), &false.into())
    );
    let outcome = of("server.delete --wait=1m --yes").exits(0);
    assert_eq!(json(&outcome.stdout)["result"], "SUCCESS");
    assert_eq!(at(&sandbox, "caas").args(["server.list", "id", id]).run().exits(0).stdout, "[]\n");
}

#[test]
fn power_is_waited_for_at_every_provider() {
    let sandbox = sandbox(Options::default());
    for (provider, line, field, before, after) in [
        ("memset", "server.reboot name myserver1", "status", "PENDING", "DONE"),
        ("memset", "service.cancel name failingserver1", "status", "PENDING", "FAILED"),
        ("vpsnet", "virtual_machine.shutdown id 1384", "running", "true", "false"),
        ("artnet", "vps.power-off service_id 12347 confirm confirm", "power_state", "", "off"),
        ("caas", "server.shutdown server-id 37605271-d650-4d8e-a0b0-ad46b25d0952", "isStarted", "", "false"),
    ] {
        let outcome = at(&sandbox, provider).line(line).args(["--wait=1m", "--yes"]).run();
        let found = json(&outcome.stdout)[field].to_string();
        assert_eq!(found.trim_matches('"'), after, "{provider} was {before}: {outcome}");
        outcome.exits(if after == "FAILED" { 9 } else { 0 });
    }
}

#[test]
fn a_result_with_a_secret_read_while_waiting_is_for_its_owner_alone() {
    let sandbox = sandbox(Options::default());
    let account = sandbox.accounts().into_iter().find(|account| account.provider == "vpsnet").unwrap();
    let world = World::new();
    world.configure(&format!("[profiles.it]\nprovider = \"vpsnet\"\nuser = {:?}\n", account.user.unwrap()));
    let run = world.marsh().args(["-p", "it"]).to(&account.url, &account.key);
    run.line("virtual_machine.rebuild_network id 1384 --wait=1m --yes | vm.json").run().exits(0);
    assert_eq!(world.bits("vm.json"), 0o600);
    assert!(world.content("vm.json").contains("power_action_pending"));
}

#[test]
fn what_is_only_listed_while_it_is_under_way_is_waited_for() {
    let sandbox = sandbox(Options::default());
    let of = |line: &str| at(&sandbox, "caas").line(line).args(["--wait=1m", "--yes"]).run();
    let image = "5a18d6f0-eaca-11e1-8340-d93da27669ab";
    let outcome = of(&format!("image.export imageId {image} ovfPackagePrefix P1")).exits(0).says("IMAGE_EXPORT, step ");
    assert_eq!(json(&outcome.stdout)["outputFile"][0]["name"], "P1.mf");
    let copy = "ovf_package.copy sourceGeoId 4503ed6e-2e44-11e2-81d1-4b7e977ca8d3 sourceOvfPackage MyImage.mf";
    let outcome = of(copy).exits(0);
    assert_eq!(json(&outcome.stdout)["mfFile"]["name"], "MyImage.mf");
    let source = "server-id 37605271-d650-4d8e-a0b0-ad46b25d0952 backup-client-id 2f357232-bc95-4508-a491-d75b5682e925";
    let outcome = of(&format!("backup.restore {source}")).exits(0).says("Running, ");
    let outcome = outcome.says("is no longer running; its outcome is not known");
    assert_eq!(json(&outcome.stdout)["result"], "SUCCESS");
    of("image.list_exports").exits(0).prints("[]\n");
    let export = format!("image.export imageId {image} ovfPackagePrefix P2");
    let begun = at(&sandbox, "caas").line(&export).args(["--wait=10ms"]).run().exits(8);
    begun.says("hint: it continues; come back with `image.list_exports --wait`");
}

/// An image service that lists no export, and whose history has these records.
fn exports(history: &'static str) -> Peer {
    let export = r#"<ImageExport id="e1" ovfPackagePrefix="p" startDate="2012-02-15T23:10:36.000Z"/>"#;
    Peer::new(move |request, stream| {
        let body = match request.lines().next().unwrap_or_default() {
            line if line.contains("/myaccount") => "<Account><orgId>o1</orgId></Account>".to_owned(),
            line if line.starts_with("POST") => export.to_owned(),
            line if line.contains("/imageExportHistory") => {
                format!("<ImageExportHistory>{history}</ImageExportHistory>")
            }
            _ => "<ImageExports/>".to_owned(),
        };
        stream.write_all(&http("200 OK", "text/xml", &body))
    })
}

#[test]
fn how_it_ended_is_what_the_history_says() {
    let failed = r#"<imageExportRecord id="e0"><result>SUCCESS</result></imageExportRecord>
        <imageExportRecord id="e1"><result>ERROR</result><resultDetail>No space left.</resultDetail></imageExportRecord>"#;
    let world = World::new();
    world.configure("[profiles.it]\nprovider = \"caas\"\nuser = \"me\"\n");
    let at = |peer: &Peer, wait: &str| {
        let run = world.marsh().args(["-p", "it"]).to(&peer.url(), KEY);
        run.args(["image.export", "imageId", "i", "ovfPackagePrefix", "p", wait]).run()
    };
    let outcome = at(&exports(failed), "--wait=1m").exits(9).says("failed: ERROR").says("No space left.");
    assert_eq!(json(&outcome.stdout)["id"], "e1");
    // Neither listed nor recorded: it may not be listed yet.
    at(&exports(""), "--wait=1s").exits(8).says("has not ended within 1 s");
}

#[test]
fn a_wait_for_every_call_says_where_nothing_can_be_waited_for() {
    let sandbox = sandbox(Options::default());
    let run = |line: &str| at(&sandbox, "memset").line(line).env("MARSH_WAIT", "1m").run().exits(0);
    run("service.list").says_nothing();
    run("service.set_nickname name myserver1 nickname web --no-wait").says_nothing();
    run("service.set_nickname name myserver1 nickname web")
        .says("note: did not wait: it is not known whether service.set_nickname continues after its answer");
}

/// A service whose job never ends.
fn endless() -> Peer {
    Peer::new(|request, stream| {
        let listed = request.contains("system.listMethods");
        let Answer::Bytes(bytes) =
            (if listed { Answer::value("<array><data></data></array>") } else { job("COPYING", false, false) })
        else {
            return hold(stream);
        };
        stream.write_all(&bytes)
    })
}

#[test]
fn ctrl_c_leaves_a_job_alone() {
    let peer = endless();
    let run = World::new().marsh().args(["-k", KEY, "-u", &peer.url(), "server.reboot", "name", "myserver1", "--wait"]);
    let mut terminal = Terminal::open(run);
    terminal.see(" s · COPYING");
    terminal.press(CTRL_C);
    assert_eq!(terminal.code(), 8);
}

#[test]
fn a_session_knows_what_it_began() {
    let mut shell = Terminal::sandbox();
    shell.run("set output json");
    assert!(shell.run("jobs").contains("[]"));
    assert!(shell.run("server.reboot name myserver1").contains("(job 1: `wait 1` waits for it)"));
    let listed = shell.run("jobs");
    assert!(listed.contains(r#""method": "server.reboot""#) && listed.contains(r#""under_way": true"#), "{listed}");
    let waited = shell.run("wait");
    assert!(waited.contains(r#""status": "DONE""#), "{waited}");
    let listed = shell.run("jobs");
    assert!(listed.contains(r#""state": "DONE""#) && listed.contains(r#""under_way": false"#), "{listed}");
    assert!(shell.run("wait").contains("no job of this session is running"));
    assert!(shell.run("wait 1").contains(r#""status": "DONE""#));
}

#[test]
fn ctrl_c_at_a_prompt_says_how_to_come_back() {
    let peer = endless();
    let mut shell = Terminal::prompt(World::new().marsh().args(["-k", KEY, "-u", &peer.url()]));
    shell.press("server.reboot name myserver1 --wait\r");
    shell.see(" s · COPYING");
    let shown = in_one_line(&shell.after(CTRL_C));
    assert!(shown.contains("no longer waiting") && shown.contains(&format!("come back with `wait {ID}`")), "{shown}");
    assert!(!shown.contains(" s · COPYING"), "the line of the progress is gone: {shown}");
    let listed = shell.run("jobs");
    assert!(listed.contains(ID) && listed.contains("COPYING") && listed.contains(r#""under_way": true"#), "{listed}");
    peer.hear("server.reboot");
    let sent = peer.received().iter().filter(|request| request.contains("server.reboot")).count();
    assert_eq!(sent, 1, "nothing but readings is sent again");
}

#[test]
fn a_terminal_that_cannot_be_drawn_on_gets_lines() {
    let world = World::new();
    let run = world.marsh().arg("--sandbox").line("server.reboot name myserver1 --wait").env("NO_COLOR", "1");
    let mut terminal = Terminal::open(run);
    assert_eq!(terminal.code(), 0);
    let screen = terminal.contents();
    assert!(screen.contains(": PENDING") && screen.contains("IN-PROGRESS"), "{screen}");
    assert!(!String::from_utf8_lossy(&terminal.raw).contains("\x1b[2K"), "{screen}");
}

#[test]
fn a_job_that_is_waited_for_later_goes_through_the_filter() {
    let sandbox = || World::new().marsh().args(["--sandbox", "--yes", "-o", "json"]);
    let ended = sandbox().stdin("server.reboot name myserver1 | begun.json\nwait 1 -q .status\n").run().exits(0);
    assert_eq!(ended.stdout.trim(), "\"DONE\"", "{ended}");
    sandbox().stdin("server.reboot name myserver1 | begun.json\nwait 1 -q .status[\n").run().exits(2);
}
