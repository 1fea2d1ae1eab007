//! Completion of what was seen: ids and names of earlier answers at the prompt, in questions and in one-shot calls; and
//! that no secret gets there.

use std::fs;

use marsh::sandbox::{Options, Server};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, TAB, Terminal};
use crate::support::raw::{Peer, result};

/// The zones of the simulated account.
const MY_ZONE: &str = "0123456789abcdef0123456789abcdef";
const PARKED: &str = "4cb3cadfb82763522903e8e915d7dd83";

/// Drops the line.
fn drop_line(shell: &mut Terminal) {
    shell.after(CTRL_C);
}

#[test]
fn tab_offers_what_a_list_showed_by_name_id_and_age() {
    let mut shell = Terminal::sandbox();
    shell.run("dns.zone_list -q length");
    shell.press("dns.zone_record_create zone_id ");
    shell.press(TAB);
    shell.see("my-zone  012345…  now");
    shell.see("parked   4cb3ca…  now");
    shell.press("pa");
    shell.press(TAB);
    shell.typing(&format!("dns.zone_record_create zone_id {PARKED}"));
    drop_line(&mut shell);
    // The beginning of an id, and a record inside the zone that the list has shown.
    shell.press("dns.zone_info id 01");
    shell.press(TAB);
    shell.typing(&format!("dns.zone_info id {MY_ZONE}"));
    drop_line(&mut shell);
    shell.press("dns.zone_record_info id ftp");
    shell.press(TAB);
    shell.typing("dns.zone_record_info id 3ddcf4469620ad3b2401b9fa54f9b6a7");
}

#[test]
fn a_name_is_offered_where_calls_take_names() {
    let mut shell = Terminal::sandbox();
    shell.run("service.list -q length");
    shell.press("server.reboot name myserver2");
    shell.press(TAB);
    shell.typing("server.reboot name myserver2");
    drop_line(&mut shell);
    // By its nickname.
    shell.press("server.info name mai");
    shell.press(TAB);
    shell.typing("server.info name myserver2");
}

#[test]
fn what_was_deleted_is_not_offered_and_what_was_made_is() {
    let mut shell = Terminal::sandbox();
    shell.run("dns.zone_list -q length");
    shell.run("dns.zone_create nickname quarry -q .nickname");
    shell.run(&format!("dns.zone_delete id {PARKED} --yes -q .id"));
    shell.press("dns.zone_info id ");
    shell.press(TAB);
    shell.see("quarry");
    shell.see("my-zone");
    assert!(!shell.contents().contains("parked "), "{}", shell.contents());
}

#[test]
fn questions_complete_their_answers() {
    let mut shell = Terminal::sandbox();
    shell.run("dns.zone_list -q length");
    shell.press("dns.zone_info");
    shell.press(ENTER);
    shell.see("id:");
    shell.press("par");
    shell.press(TAB);
    shell.see(PARKED);
    let shown = shell.enter();
    assert!(shown.contains("\nnickname  parked\n"), "{shown}");
}

#[test]
fn values_of_one_shot_calls_and_earlier_sessions_are_known_at_the_prompt() {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().remove(0);
    let world = World::new();
    world.marsh().to(&account.url, &account.key).line("dns.zone_list").run().exits(0);
    assert!(world.opened().path().parent().unwrap().join("journal.seen").exists());
    let mut shell = Terminal::prompt(world.marsh().to(&account.url, &account.key));
    shell.press("dns.zone_info id my");
    shell.press(TAB);
    shell.typing(&format!("dns.zone_info id {MY_ZONE}"));
    drop_line(&mut shell);
    // What was given to a parameter that names no object comes again, for the same method.
    shell.run("service.set_nickname name myserver1 nickname lighthouse -q .");
    shell.press("service.set_nickname name myserver1 nickname li");
    shell.press(TAB);
    shell.typing("service.set_nickname name myserver1 nickname lighthouse");
}

#[test]
fn refresh_reads_the_lists_of_an_account() {
    let mut shell = Terminal::sandbox();
    let shown = shell.run("refresh --values -o csv");
    for row in ["dns.zone,2", "server,6", "job,"] {
        assert!(shown.contains(row) || row == "job,", "{shown}");
    }
    shell.press("dns.zone_info id par");
    shell.press(TAB);
    shell.typing(&format!("dns.zone_info id {PARKED}"));
    drop_line(&mut shell);
    for account in ["caas", "artnet", "vpsnet"] {
        let shown = shell.run(&format!("refresh --values {account} -q length"));
        assert!(!shown.contains("marsh:"), "{account}: {shown}");
    }
    shell.run("use vpsnet");
}

/// What is listed for a text, as soon as that contains another text.
fn listed(shell: &mut Terminal, typed: &str, wanted: &str) -> String {
    shell.press(typed);
    shell.press(TAB);
    let list = |shell: &Terminal| {
        let contents = shell.contents();
        let parts: Vec<&str> = contents.split(typed.trim_end()).collect();
        // The text stands above the list and below it.
        parts.len().checked_sub(2).filter(|at| *at > 0).map(|at| parts[at].to_owned()).unwrap_or_default()
    };
    shell.until(typed, |shell| list(shell).contains(wanted));
    let listed = list(shell);
    drop_line(shell);
    listed
}

#[test]
fn results_that_pass_into_files_and_commands_are_looked_at() {
    for line in [
        "dns.zone_list | zones.json",
        "dns.zone_list > zones.csv",
        "dns.zone_list -o xml | zones.xml",
        "dns.zone_list -o raw | zones",
        "dns.zone_list -o raw",
        "dns.zone_list |! cat",
        "dns.zone_list --columns ttl | ttl.csv",
    ] {
        let server = Server::start(Options::default()).unwrap();
        let account = server.accounts().remove(0);
        let world = World::new();
        world.marsh().to(&account.url, &account.key).stdin(format!("{line}\n")).arg("-").run().exits(0);
        let mut shell = Terminal::prompt(world.marsh().to(&account.url, &account.key));
        shell.press("dns.zone_info id par");
        shell.press(TAB);
        shell.until(line, |shell| shell.row().ends_with(PARKED));
    }
}

#[test]
fn records_are_offered_of_the_domain_that_the_line_names() {
    let mut shell = Terminal::sandbox();
    for line in [
        "use vpsnet",
        "domain.create name two.example custom_template '' ip_address 192.0.2.1 -q .name",
        "domain_record.list domain_id 51 -q length",
        "domain_record.list domain_id 52 -q length",
    ] {
        let shown = shell.run(line);
        assert!(!shown.contains("marsh: "), "{line}: {shown}");
    }
    let ids = |shell: &mut Terminal, domain: &str| {
        let shown = shell.run(&format!("domain_record.list domain_id {domain} -q 'map(.id)|tostring' -o json"));
        let numbers = shown.split(|c: char| !c.is_ascii_digit()).filter(|it| it.len() > 5);
        numbers.map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (ids(&mut shell, "51"), ids(&mut shell, "52"));
    assert!(first.len() > 2 && second.len() > 2 && first[0] != second[0], "{first:?} {second:?}");
    shell.run("let domain = (int)52");
    for typed in ["domain_record.get domain_id 52 id ", "domain_record.get domain_id $domain id "] {
        let list = listed(&mut shell, typed, &second[0]);
        assert!(!first.iter().any(|id| list.contains(id)), "{list}");
    }
    // Of a domain in which nothing was seen, all are offered; and in a question too.
    let list = listed(&mut shell, "domain_record.get domain_id 99 id ", &first[0]);
    assert!(list.contains(&second[0]), "{list}");
    // Answers name it, too.
    shell.press("domain_record.get");
    shell.press(ENTER);
    shell.see("domain_id:");
    shell.press("52\r");
    shell.until("the next question", |shell| shell.row() == "id:");
    shell.press(TAB);
    let list = |shell: &Terminal| shell.contents().rsplit("domain_id: 52").next().unwrap_or_default().to_owned();
    shell.until("the records", |shell| list(shell).contains(&second[0]));
    assert!(!list(&shell).contains(&first[0]), "{}", list(&shell));
}

#[test]
fn refresh_reads_the_lists_that_need_an_id_and_says_so_before() {
    let mut shell = Terminal::sandbox();
    let shown = shell.run("refresh --values vpsnet -o csv");
    for words in ["reading ", "(Ctrl-C stops)", "for what these showed: ", "domain_record.list (1)", "domain_record,4"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[test]
fn ctrl_c_ends_a_refresh() {
    let peer = Peer::silent();
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), "0123456789abcdef0123456789abcdef"));
    shell.press("refresh --values");
    shell.press(ENTER);
    shell.see("(Ctrl-C stops)");
    shell.see("Ctrl-C stops waiting");
    shell.after(CTRL_C);
    let shown = shell.contents();
    assert!(shown.contains("interrupted") && !shown.contains("what these showed"), "{shown}");
}

#[test]
fn a_value_that_cannot_be_is_marked_before_enter() {
    // What follows the value shows that the screen has been drawn since.
    for (line, marked) in [
        ("dns.zone_info id abc --dry", true),
        ("dns.zone_create nickname abc --dry", false),
        ("dns.zone_info id abc", false),
    ] {
        let mut shell = Terminal::prompt(World::new().marsh().arg("--sandbox").env("TERM", "xterm-256color"));
        shell.press(line);
        shell.typing(line);
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        let red = ["\x1b[1;31mabc", "\x1b[31mabc", "\x1b[31;1mabc"].iter().any(|mark| raw.contains(mark));
        assert_eq!(red, marked, "{line}: {raw:?}");
    }
}

#[test]
fn nothing_is_kept_without_a_journal() {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().remove(0);
    let world = World::new();
    let off = world.marsh().to(&account.url, &account.key).env("MARSH_JOURNAL", "off");
    off.line("dns.zone_list").run().exits(0);
    assert!(!world.opened().path().parent().unwrap().join("journal.seen").exists());
}

/// A secret in every place of an answer and of a line from which it could get into the store.
#[test]
fn no_secret_of_an_answer_or_a_line_is_kept_or_offered() {
    const CANARY: &str = "Zq77CaNaRySecret";
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let key = format!("<string>{CANARY}</string>");
    // The key is a secret field; the comment repeats it.
    let row = ["key", "comment"].map(|name| member(name, &key)).concat();
    let peer = Peer::new(move |request, stream| {
        use std::io::Write;
        let answer = match request {
            it if it.contains("apikey.list") => {
                format!("<array><data><value><struct>{row}</struct></value></data></array>")
            }
            it if it.contains("memshell.enable") => format!("<struct>{}</struct>", member("password", &key)),
            it if it.contains("set_nickname") => format!("<struct>{}</struct>", member("nickname", &key)),
            _ => format!("<struct>{}{}</struct>", member("id", &key), member("nickname", &key)),
        };
        stream.write_all(&result(&answer))
    });
    let world = World::new();
    let lines = format!(
        "apikey.list\napikey.list | keys.json\napikey.list -o raw | keys\nmemshell.enable name myserver1 password {CANARY}\ndns.zone_info id {MY_ZONE}\n\
         service.set_nickname name myserver1 nickname x{CANARY}x\n"
    );
    // The key of the account is a secret from the beginning.
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), CANARY));
    for line in lines.lines() {
        shell.run(line);
    }
    shell.press("dns.zone_info id ");
    shell.press(TAB);
    drop_line(&mut shell);
    shell.press("quit");
    shell.press(ENTER);
    assert_eq!(shell.code(), 0);
    let folder = world.opened().path().parent().unwrap().to_owned();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!content.contains(CANARY), "{}", path.display());
    }
}
