//! The manual against the program: links lead somewhere, commands are commands, and what it shows on the simulated
//! accounts does what it says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use marsh::config::keys::KEYS;
use marsh::lang::OPTIONS;
use marsh::registry::embedded;

use crate::support::cmd::World;

/// Accounts that the examples speak of.
static ACCOUNTS: &str = r#"
profile = "work"

[profiles.work]
provider = "memset"
key_env = "A_KEY"

[profiles.prod]
provider = "memset"
key_env = "A_KEY"

[profiles.home]
provider = "memset"
key_env = "A_KEY"

[profiles.web_1]
provider = "memset"
key_env = "A_KEY"

[profiles.cloud]
provider = "caas"
user = "admin"
region = "opsource.eu"
key_env = "A_KEY"

[profiles.panel]
provider = "artnet"
user = "19052"
key_env = "A_KEY"

[profiles.vps]
provider = "vpsnet"
user = "me@example.com"
key_env = "A_KEY"
"#;

/// What the simulated prompt shows in front of a line.
const PROMPT: &str = "[...a32a1fe9]> ";

/// A file of the documentation.
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn read(path: PathBuf) -> Page {
        let text = fs::read_to_string(&path).unwrap();
        Page { path, text }
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap().to_string_lossy().into_owned()
    }

    /// The lines between fences, each with how the fence calls its language.
    fn fenced(&self) -> Vec<(&str, &str)> {
        let mut language = None;
        let mut lines = Vec::new();
        for line in self.text.lines() {
            match (line.strip_prefix("```"), language) {
                (Some(name), None) => language = Some(name),
                (Some(_), Some(_)) => language = None,
                (None, Some(name)) => lines.push((name, line)),
                (None, None) => {}
            }
        }
        lines
    }

    /// The commands that begin with `marsh`.
    fn commands(&self) -> Vec<Command> {
        let line = |(_, line): (&str, &str)| {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            line.starts_with("marsh ").then(|| Command::read(line))
        };
        self.fenced().into_iter().filter_map(line).collect()
    }

    /// The words of the headings as links name them.
    fn anchors(&self) -> BTreeSet<String> {
        let heading = |line: &str| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        };
        self.text.lines().filter(|line| line.starts_with('#')).map(heading).collect()
    }
}

/// A command of an example.
struct Command {
    line: String,
    words: Vec<String>,
    exit: i32,
}

impl Command {
    fn read(line: &str) -> Command {
        let exit = line.split("# exit ").nth(1).map_or(0, |code| code.trim().parse().unwrap());
        let words = shlex::split(before_the_shell(line)).unwrap_or_else(|| panic!("an open quote: {line}"));
        Command { line: line.to_owned(), words: words.into_iter().skip(1).collect(), exit }
    }

    fn is_simulated(&self) -> bool {
        self.words.first().is_some_and(|word| word == "--sandbox")
    }

    /// The command of the program that it begins with, other than a method.
    fn own(&self) -> Option<&str> {
        let own =
            |word: &&String| ["run", "login", "add", "import", "doctor", "config", "sandbox"].contains(&word.as_str());
        self.words.iter().find(own).map(String::as_str)
    }
}

/// A command up to where the shell would hand it on: a bare `|`, `<` or `>`.
fn before_the_shell(line: &str) -> &str {
    let mut quoted = false;
    let bare = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '\'';
        !quoted && matches!(c, '|' | '<' | '>')
    });
    bare.map_or(line, |(at, _)| &line[..at])
}

/// Every page that users or authors read.
fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = |path: &str| {
        let files = fs::read_dir(root.join(path)).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|end| end == "md")).collect::<Vec<_>>()
    };
    let folders = ["docs", "docs/manual", "docs/decisions"].map(folder);
    let mut paths = [vec![root.join("README.md"), root.join("CHANGELOG.md")], folders.concat()].concat();
    paths.sort();
    paths.into_iter().map(Page::read).collect()
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        for link in page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link)) {
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() { page.path.clone() } else { page.path.with_file_name("").join(file) };
            assert!(path.exists(), "{}: {link}", page.name());
            let there = anchor.is_empty() || Page::read(path).anchors().contains(anchor);
            assert!(there, "{}: {link} has no such heading", page.name());
        }
    }
}

#[test]
fn what_is_shown_on_the_simulated_accounts_works() {
    let pages = pages();
    let ran: usize = thread::scope(|scope| {
        let runs: Vec<_> = pages.iter().map(|page| scope.spawn(|| simulate(page))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert!(ran > 40, "{ran} examples");
}

/// Runs the commands of a page, and what it types at a prompt as a script. How many there were.
fn simulate(page: &Page) -> usize {
    let world = World::new();
    let script: Vec<&str> = page
        .fenced()
        .iter()
        .filter(|(name, _)| *name == "text")
        .map(|(_, line)| *line)
        .take_while(|line| !line.starts_with('$'))
        .collect();
    world.put("shop.marsh", &script.join("\n"), 0o644);
    let commands: Vec<Command> = page.commands().into_iter().filter(Command::is_simulated).collect();
    for command in commands.iter().filter(|command| command.words.len() > 1) {
        world.marsh().args(&command.words).run().exits(command.exit);
    }
    // What a screen shows may be half typed; `everyday` makes it again.
    let fenced = page.fenced().into_iter().filter(|(name, _)| *name != "screen");
    let typed: Vec<&str> = fenced.filter_map(|(_, line)| line.strip_prefix(PROMPT)).collect();
    let typed: Vec<&str> = typed.into_iter().filter(|line| *line != "quit" && !line.contains(" typ ")).collect();
    if !typed.is_empty() {
        world.marsh().args(["--sandbox", "--yes"]).stdin(typed.join("\n")).run().exits(0);
    }
    commands.len() + typed.len()
}

#[test]
fn every_other_command_is_one_that_the_program_takes() {
    let world = World::new();
    world.configure(ACCOUNTS);
    for name in ["key", "memset.key", "records.json"] {
        world.put(name, "[]", 0o600);
    }
    let help = world.marsh().arg("--help").run().exits(0).stdout;
    for command in pages().iter().flat_map(Page::commands).filter(|command| !command.is_simulated()) {
        if let Some(own) = command.own() {
            let mut ask: Vec<&str> = vec![own];
            ask.extend((own == "sandbox").then_some("serve").into_iter().chain((own == "config").then_some("explain")));
            let known = help.clone() + &world.marsh().args(ask).arg("--help").run().exits(0).stdout;
            for option in command.words.iter().filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap();
                assert!(known.contains(option), "{}: {option}", command.line);
            }
        } else if command.words.iter().any(|word| word.contains('.') && !word.starts_with(['-', '@'])) {
            world.marsh().arg("--dry-run").args(&command.words).run().exits(0);
        }
    }
}

#[test]
fn whatever_can_be_set_or_said_is_explained() {
    let pages = pages();
    let page = |name: &str| {
        let found = pages.iter().find(|page| page.path.ends_with(format!("docs/manual/{name}")));
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    for key in KEYS {
        assert!(page("accounts.md").text.contains(&format!("`{}`", key.name)), "{}", key.name);
    }
    let all = ["lines.md", "scripting.md"].map(|name| page(name).text.as_str()).concat();
    for option in OPTIONS {
        let short = option.short.map(|letter| format!("`-{letter}"));
        let said = all.contains(&format!("--{}", option.long)) || short.is_some_and(|short| all.contains(&short));
        assert!(said, "--{}", option.long);
    }
    for provider in embedded::all() {
        assert!(page("README.md").text.contains(&format!("({}.md)", provider.id)), "{}", provider.id);
        page(&format!("{}.md", provider.id));
    }
}

#[test]
fn the_index_names_every_page() {
    let pages = pages();
    let manual: Vec<&Page> = pages.iter().filter(|page| page.path.parent().unwrap().ends_with("manual")).collect();
    let index = manual.iter().find(|page| page.name() == "README.md").unwrap();
    for page in manual.iter().filter(|page| page.name() != "README.md") {
        assert!(index.text.contains(&format!("({})", page.name())), "{}", page.name());
    }
}
