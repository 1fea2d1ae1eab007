//! Lines that people type out of habit, and what they are told: in one shot, in a script, and at the prompt.

use marsh::sandbox::{Options, Server};

use crate::support::cmd::World;
use crate::support::keys::Terminal;

/// A line, and what the message about it must contain, wherever it breaks. A `-` in front of a line: it is not tried as
/// the words of a command line, where it means something else.
static MISTAKES: &[(&str, &str)] = &[
    ("reboot myserver1", "unknown method `reboot` hint: did you mean `server.reboot name myserver1`?"),
    ("server.reboot myserver1", "server.reboot takes NAME VALUE pairs"),
    ("server.reboot myserver1", "did you mean `server.reboot name myserver1`?"),
    ("service.info name=myserver1", "did you mean `service.info name myserver1`?"),
    ("service.info name = myserver1", "did you mean `service.info name myserver1`?"),
    ("service.info name: myserver1", "did you mean `service.info name myserver1`?"),
    ("service.info name:myserver1", "did you mean `service.info name myserver1`?"),
    ("service.info --name myserver1", "did you mean `service.info name myserver1`?"),
    ("service.info --name=myserver1", "did you mean `service.info name myserver1`?"),
    ("invoice.info 9130", "did you mean `invoice.info ref 9130`?"),
    ("dns.zone_create shop", "did you mean `dns.zone_create nickname shop`?"),
    ("service.list name=myserver1", "write `service.list`, or `service.list type"),
    ("internal.noop x", "`internal.noop` takes no parameters"),
    ("service list", "unknown method `service` hint: did you mean `service.list`?"),
    ("list services", "did you mean `service.list`?"),
    ("list servers", "did you mean `server.list`?"),
    ("server reboot myserver1", "did you mean `server.reboot name myserver1`?"),
    ("dns zone list", "did you mean `dns.zone_list`?"),
    ("create zone", "did you mean dns.zone_create? write `dns.zone_create nickname STRING`"),
    ("Service.List", "did you mean `service.list`?"),
    ("service_list", "did you mean `service.list`?"),
    ("service/list", "did you mean `service.list`?"),
    ("service::list", "did you mean `service.list`?"),
    ("service.list()", "did you mean `service.list`?"),
    ("memset.service.list", "did you mean `service.list`?"),
    ("memset service.list", "did you mean `service.list`?"),
    ("caas server.list", "did you mean `caas:server.list`?"),
    ("caas: server.list", "did you mean `caas:server.list`?"),
    ("caas:server list", "did you mean `caas:server.list`?"),
    ("marsh service.list", "did you mean `service.list`?"),
    ("marsh -p memset service.list", "did you mean `service.list`?"),
    ("@home server.list", "no account is called `home`"),
    ("@ca server.list", "no account is called `ca`"),
    ("-man service.list", "did you mean `help service.list`?"),
    ("describe service.list", "did you mean `help service.list`?"),
    ("ls", "`search WORDS` finds a method"),
    ("cd caas", "did you mean `use caas`?"),
    ("pwd", "`profiles` lists all"),
    ("clear", "Ctrl-L clears the screen"),
    ("echo $_", "a variable alone shows its value"),
    ("accounts", "did you mean `profiles`?"),
    ("quit()", "did you mean `quit`?"),
    ("bye", "did you mean `quit`?"),
    (":q!", "did you mean `quit`?"),
    ("exit 3", "did you mean `quit`?"),
    ("output table", "did you mean `set output table`?"),
    ("set output=table", "did you mean `set output table`?"),
    ("x = 5", "did you mean `let x = 5`?"),
    ("x=5", "did you mean `let x = 5`?"),
    ("let x 5", "did you mean `let x = 5`?"),
    ("$x = 5", "did you mean `let x = 5`?"),
    ("export X=1", "`let NAME = VALUE` gives a value a name"),
    ("if true then", "without conditions or loops"),
    ("SELECT * FROM service", "marsh is not SQL"),
    ("curl https://example.com", "`call GET /path name value …`"),
    ("GET /services", "`call VERB /path name value …`"),
    ("grep foo", "|! COMMAND"),
    ("vim x", "Ctrl-X Ctrl-E"),
    ("sudo reboot", "runs no program of this machine"),
    ("-!!", "Up brings the last line back"),
    ("-!$", "Up brings the last line back"),
    ("-!12", "`history` lists them"),
    ("service.list --colums id", "did you mean --columns?"),
    ("service.list --json", "did you mean `service.list -o json`?"),
    ("service.list table", "did you mean `service.list -o table`?"),
    ("service.list as csv", "did you mean `service.list -o csv`?"),
    ("-service.list limit 5", "did you mean `service.list -q '.[:5]'`?"),
    ("-service.list | grep foo", "did you mean `service.list |! grep foo`?"),
    ("service.list && server.list", "`;` separates lines"),
    ("whoami", "apikey.info"),
    ("rename server", "`search rename server` finds more"),
    ("status", "`profiles` lists all"),
    ("frobnicate", "`help remote` lists all methods"),
];

fn flat(text: &str) -> String {
    // The mark below a word is of no interest here, nor is the line itself.
    text.split_whitespace().filter(|word| !word.starts_with('^')).collect::<Vec<_>>().join(" ")
}

/// Whether a message has the words; a headline and its hint have the line between them.
fn tells(message: &str, line: &str, wanted: &str) -> bool {
    flat(message).replacen(&format!("{} hint:", flat(line)), "hint:", 1).contains(wanted)
}

fn world() -> (Server, World) {
    let sandbox = Server::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    (sandbox, world)
}

#[test]
fn a_natural_mistake_gets_a_message_that_helps_everywhere() {
    let (_sandbox, world) = world();
    let mut shell = Terminal::open(world.marsh().args(["-p", "memset"]));
    shell.see("memset:memset>");
    let mut misses = Vec::new();
    for (line, wanted) in MISTAKES {
        let (only_lines, line) = line.strip_prefix('-').map_or((false, *line), |line| (true, line));
        let mut said = vec![("a script", world.marsh().args(["-p", "memset"]).stdin(format!("{line}\n")).run().stderr)];
        if !only_lines {
            said.push(("one shot", world.marsh().args(["-p", "memset"]).line(line).run().stderr));
        }
        said.push(("the prompt", shell.run(line)));
        for (mode, said) in said {
            if !tells(&said, line, wanted) {
                misses.push(format!("{line}: {mode}: no {wanted}\n{said}"));
            }
        }
    }
    assert!(misses.is_empty(), "{} of {}\n{}", misses.len(), MISTAKES.len(), misses.join("\n"));
}

#[test]
fn every_line_that_is_suggested_works() {
    let (_sandbox, world) = world();
    let suggested: Vec<String> = MISTAKES
        .iter()
        .filter_map(|(line, _)| {
            let line = line.strip_prefix('-').unwrap_or(line);
            let said = world.marsh().args(["-p", "memset"]).stdin(format!("{line}\n")).run().stderr;
            let said = flat(&said);
            let (_, rest) = said.split_once("did you mean `")?;
            rest.split_once("`?").map(|(line, _)| line.to_owned())
        })
        .collect();
    assert!(suggested.len() > 40, "{suggested:?}");
    // The last line is wrong, so that all lines are checked and none runs.
    let script = format!("{}\nfrobnicate.it\n", suggested.join("\n"));
    let done = world.marsh().args(["-p", "memset"]).stdin(script).run().exits(2);
    assert_eq!(done.stderr.matches("marsh:").count(), 1, "{}", done.stderr);
    done.says("unknown method `frobnicate.it`");
}

#[test]
fn a_suggestion_shows_no_secret() {
    let (_sandbox, world) = world();
    let secret = "hunter2-0123456789";
    for line in [
        format!("memshell.set_password name=myserver1 password={secret}"),
        format!("memshell set_password myserver1 {secret}"),
        format!("reboot {secret}"),
        format!("@all memshell.set_password password {secret}"),
        format!("memset memshell.set_password name myserver1 password {secret}"),
        format!("memshell.enable --name myserver1 --password {secret}"),
    ] {
        for said in [
            world.marsh().args(["-p", "memset"]).stdin(format!("{line}\n")).run().stderr,
            world.marsh().args(["-p", "memset"]).line(&line).run().stderr,
        ] {
            assert!(!line.contains("password") || !said.contains(secret), "{line}: {said}");
        }
    }
}
