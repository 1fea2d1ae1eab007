//! A read that is repeated: how often, what is shown of it, and how it ends.

use marsh::sandbox::{Options, Server as Sandbox};

use crate::support::cmd::{World, signalled};
use crate::support::keys::{CTRL_C, CTRL_D, ENTER, Terminal};
use crate::support::server::{Answer, Server};

fn row(state: &str) -> Answer {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    Answer::value(&format!("<struct>{}{}</struct>", member("name", "web"), member("state", state)))
}

fn of(answers: Vec<Answer>, line: &[&str]) -> (Server, crate::support::cmd::Outcome) {
    let server = Server::answering(answers);
    let run = World::new().marsh().args(["--retries", "0"]).against(&server).args(line).run();
    (server, run)
}

const WATCH: [&str; 5] = ["watch", "1s", "internal.echo", "--times", "3"];

#[test]
fn each_result_that_differs_is_printed_with_its_time() {
    let (server, run) = of(vec![row("up"), row("up"), row("down")], &[&WATCH[..], &["-q", ".state"]].concat());
    let run = run.exits(0).prints("\"up\"\n\"down\"\n").says("internal.echo  first result").says("1 added, 1 removed");
    assert_eq!((server.requests().len(), run.stderr.lines().count()), (3, 2), "{run}");
}

#[test]
fn a_round_that_fails_is_told_and_the_last_one_counts() {
    let fault = || Answer::fault(2, "broken");
    let (_, run) = of(vec![row("up"), fault(), row("up")], &[&WATCH[..], &["-q", ".state"]].concat());
    run.exits(0).prints("\"up\"\n").says("broken");
    let (_, run) = of(vec![row("up"), fault(), fault()], &[&WATCH[..], &["-q", ".state"]].concat());
    let run = run.exits(5).prints("\"up\"\n");
    assert_eq!(run.stderr.matches("marsh: ").count(), 2, "{run}");
    // A key that is refused is not tried again.
    let (server, run) = of(vec![row("up"), Answer::fault(4, "Bad api_key")], &WATCH);
    run.exits(3);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn nothing_but_reads_is_repeated() {
    for (line, message) in [
        (&["watch", "5s", "dns.reload"][..], "`watch` repeats only reads, and dns.reload is `change`"),
        (&["watch", "5s", "service.cancel", "name", "x"], "repeats only reads"),
        (&["watch", "5s", "call", "no.such"], "repeats only reads"),
        (&["watch", "5s", "jobs"], "repeats calls of a provider, and `jobs` is a command"),
        (&["watch", "service.list"], "is not an interval"),
        (&["watch", "100ms", "service.list"], "at least 1s"),
        (&["watch"], "needs an interval and a method"),
        (&["watch", "5s", "service.list", ">", "f"], "writes no files"),
        (&["watch", "5s", "service.info"], "service.info needs"),
        (&["service.list", "--times", "3"], "--times is an option of `watch`"),
    ] {
        let (server, run) = of(vec![], line);
        run.exits(2).prints("").says(message).says("nothing was sent");
        assert_eq!(server.requests().len(), 0, "{line:?}");
    }
}

#[test]
fn a_script_says_how_often() {
    let server = Server::answering([]);
    let script = "internal.echo\nwatch 1s internal.echo\ninternal.echo\n";
    World::new().marsh().against(&server).stdin(script).run().exits(2).says("would never end").says("stdin:2: ");
    let script = "internal.echo\nwatch 1s dns.reload --times 2\n";
    World::new()
        .marsh()
        .against(&server)
        .stdin(script)
        .run()
        .exits(2)
        .says("repeats only reads")
        .says("nothing was sent");
    let server = Server::answering(vec![row("up"), row("up"), row("down"), row("off")]);
    let script =
        "internal.echo -q .name\nwatch 1s internal.echo -q .state --times 2\ninternal.echo string $_.state -q .state\n";
    World::new().marsh().against(&server).stdin(script).run().exits(0).prints("\"web\"\n\"up\"\n\"down\"\n\"off\"\n");
    assert!(server.requests()[3].text().contains("<string>down</string>"));
}

#[test]
fn ctrl_c_ends_it_outside_a_prompt() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let account = sandbox.accounts().remove(0);
    let world = World::new();
    let run = world.marsh().to(&account.url, &account.key).args(["watch", "1h", "service.list", "-q", "length"]);
    let mut child = run.hearing_signals().spawn();
    let mut first = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    assert_eq!(signalled(child, "INT").0, 130);
}

#[test]
fn at_a_prompt_the_screen_shows_what_changed_and_ctrl_c_comes_back() {
    for (plain, mark) in [(false, "~   \"state\": \"down\""), (true, "~   \"state\": \"down\"")] {
        let list = Answer::value("<array><data></data></array>");
        let rounds = (0..60).map(|_| row("down"));
        let server = Server::answering([list, row("up")].into_iter().chain(rounds).collect::<Vec<_>>());
        let run = World::new().marsh().to(&server.url("/v1/xmlrpc"), crate::support::KEY);
        let run = if plain { run.env("NO_COLOR", "1") } else { run };
        let mut shell = Terminal::prompt(run);
        // The list of methods, which is fetched in the background, is to have the first answer.
        server.asked();
        shell.press("watch 1s internal.echo");
        shell.press(ENTER);
        shell.see(mark);
        if plain {
            let start = shell.raw.windows(5).position(|bytes| bytes == b"watch").unwrap_or(0);
            assert!(!shell.raw[start..].windows(4).any(|bytes| bytes == b"\x1b[2J"));
        } else {
            shell.until("the earlier state is gone", |t| !t.contents().contains("\"up\""));
        }
        shell.after(CTRL_C);
        shell.press(CTRL_D);
        assert_eq!(shell.code(), 0);
    }
}
