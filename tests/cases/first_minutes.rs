//! The first minutes with the program: what is said at the start, and an account that is set up at the prompt.

use marsh::sandbox::{Account, Options, Server};

use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, ENTER, Terminal};

/// Where a simulated account's service is, as `login` asks for it.
fn root(account: &Account) -> String {
    account.url.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// The screen without its line ends: long notes are wrapped.
fn flat(shell: &Terminal) -> String {
    shell.contents().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Answers the questions of `login` up to the prompt that follows.
fn log_in(shell: &mut Terminal, account: &Account, name: &str, prompt: &str) {
    shell.press("login");
    shell.press(ENTER);
    let url = root(account);
    for (question, answer) in [
        ("Provider [memset]:", account.provider),
        ("Name of the profile", name),
        ("Address [", &url),
        ("Refuse all calls except reads? [y/N]", ""),
        ("Which [1]:", ""),
        ("Key (not shown):", &account.key),
    ] {
        shell.until(question, |t| t.row().starts_with(question));
        shell.press(answer);
        shell.press(ENTER);
    }
    shell.until(prompt, |t| t.at_prompt() && t.row().starts_with(prompt));
}

#[test]
fn without_an_account_the_prompt_says_how_to_get_one_and_login_gives_it() {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().into_iter().find(|account| account.provider == "memset").unwrap();
    for name in ["memset", "lab"] {
        let world = World::new();
        let mut shell = Terminal::open(world.marsh());
        shell.until("the prompt", Terminal::at_prompt);
        assert!(
            flat(&shell).contains("No account yet: `login` sets one up, `marsh --sandbox` has simulated ones, `help`")
        );
        assert!(shell.run("service.list").contains("hint: `marsh login` sets up an account"), "{}", shell.contents());
        log_in(&mut shell, &account, name, &format!("memset:{name}>"));
        assert!(flat(&shell).contains(&format!("{name} is the current account")), "{}", shell.contents());
        assert!(shell.run("internal.echo x 5").contains('5'), "{}", shell.contents());
        let accounts = shell.run("profiles -q length");
        assert!(accounts.contains('1'), "{accounts}");
        let checks = shell.run("doctor");
        assert!(checks.contains("accepts the key"), "{checks}");
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        assert!(!raw.contains(&account.key), "{raw}");
        // It is there at the next start.
        let mut shell = Terminal::open(world.marsh());
        shell.until("the prompt", Terminal::at_prompt);
        assert!(flat(&shell).contains(&format!("1 account: {name} (Memset).")), "{}", shell.contents());
    }
}

#[test]
fn a_further_account_does_not_become_the_current_one() {
    let server = Server::start(Options::default()).unwrap();
    let account = server.accounts().into_iter().find(|account| account.provider == "memset").unwrap();
    let world = World::of(&server, "");
    let mut shell = Terminal::open(world.marsh().args(["-p", "caas"]));
    shell.until("the prompt", |t| t.at_prompt() && t.row().starts_with("caas:caas>"));
    assert!(flat(&shell).contains("4 accounts, caas (CaaS)"), "{}", shell.contents());
    log_in(&mut shell, &account, "lab", "caas:caas>");
    assert!(flat(&shell).contains("the current account is still caas; `use lab` switches"), "{}", shell.contents());
    assert!(shell.run("lab:internal.noop; use lab").contains("lab is Memset"), "{}", shell.contents());
}

#[test]
fn a_login_can_be_cancelled_and_is_refused_where_nobody_answers() {
    let world = World::new();
    let mut shell = Terminal::open(world.marsh());
    shell.until("the prompt", Terminal::at_prompt);
    shell.press("login artnet");
    shell.press(ENTER);
    shell.until("a question", |t| t.row().starts_with("Name of the profile"));
    shell.press(CTRL_C);
    shell.until("the prompt", |t| t.at_prompt() && t.row().starts_with("memset>"));
    assert!(shell.contents().contains("login cancelled; nothing was written"), "{}", shell.contents());
    world.marsh().stdin("login\n").run().exits(10).says("nobody can answer here");
    let mut shell = Terminal::sandbox();
    assert!(shell.run("login").contains("the simulated accounts need no key"), "{}", shell.contents());
}

#[test]
fn a_build_without_the_keyring_does_not_offer_it() {
    let help = World::new().marsh().args(["login", "--help"]).run().exits(0).stdout;
    let login = ["login", "--provider", "memset", "--name", "kr", "--keyring", "--no-test"];
    let world = World::new();
    let done = world.marsh().args(login).run();
    assert_eq!(help.contains("--keyring"), cfg!(feature = "keyring"), "{help}");
    if cfg!(not(feature = "keyring")) {
        done.exits(2).says("this build of marsh has no keyring");
        assert!(world.everything().is_empty(), "{:?}", world.everything());
    }
}
