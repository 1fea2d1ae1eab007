//! The documents against the source: the files, types and tests that they name exist, the decisions have the form that
//! the index promises, and the architecture links to all of them. `manual` follows the links.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::support::rust::tokens;

/// Where paths of the project begin.
static FOLDERS: &[&str] = &["src/", "tests/", "docs/", "benches/", "history/", ".ci/"];
/// Folders with sources of our own.
static SOURCES: &[&str] = &["src", "tests", "benches", "history"];
/// Pages for users: most of what has a slash in them belongs to a provider.
static FOR_USERS: &[&str] =
    &["docs/catalog-keys.md", "README.md", "CHANGELOG.md", "docs/catalog-format.md", "docs/manual/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below some folders whose names end so, from the root of the project.
fn files(folders: &[&str], end: &str) -> Vec<String> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == end) {
                found.push(path.strip_prefix(root()).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// The pages of the project.
fn pages() -> Vec<String> {
    [vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()], files(&["docs"], "md")].concat()
}

/// The pages of the decisions, in the order of their numbers.
fn decisions() -> Vec<String> {
    let names = files(&["docs/decisions"], "md").into_iter();
    let names = names.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
    names.filter(|name| name != "README.md").collect()
}

/// The texts between backticks, outside fences.
fn spans(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// Whether a text is made of nothing but letters, digits and such signs.
fn made_of(text: &str, signs: &[char]) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(&c))
}

/// Whether a path from the root or from `src/` is there. What comes after a `<` is a word for many names.
fn is_there(place: &str) -> bool {
    let known = place.split('<').next().unwrap_or_default();
    root().join(known).exists() || root().join("src").join(known).exists()
}

/// The places in a piece of text. After `Inside`, a folder, single words are files and folders in it; in a table there,
/// those of the first column.
fn places(text: &str, inside: Option<&str>, for_users: bool) -> Vec<String> {
    let mut places = Vec::new();
    if let Some(folder) = inside {
        let first_cells = text.lines().filter_map(|row| row.strip_prefix('|')?.split('|').next());
        let cells = if text.starts_with('|') { first_cells.collect() } else { vec![text] };
        let words = cells.into_iter().flat_map(spans).filter(|span| made_of(span.trim_end_matches('/'), &['_']));
        places.extend(words.filter(|word| !word.contains(char::is_uppercase)).map(|word| {
            let path = format!("{folder}{word}");
            if is_there(&path) { path } else { path + ".rs" }
        }));
    }
    let paths = spans(text).into_iter().filter(|span| {
        let begins = FOLDERS.iter().any(|folder| span.starts_with(folder));
        let is_path = made_of(span.split('<').next().unwrap_or_default(), &['/', '.', '_', '-']);
        let is_word = inside.is_some() && made_of(span.trim_end_matches('/'), &['_']);
        is_path && !is_word && (begins || !for_users && span.contains('/'))
    });
    places.extend(paths.map(str::to_owned));
    places
}

/// The places that a page names.
fn all_places(page: &str, for_users: bool) -> Vec<String> {
    let mut all = Vec::new();
    let mut inside = None;
    for paragraph in page.split("\n\n") {
        inside = if paragraph.starts_with('|') { inside } else { None };
        for (at, piece) in paragraph.split("Inside `").enumerate() {
            let (folder, text) = piece.split_once('`').filter(|(folder, _)| at > 0 && folder.ends_with('/')).unzip();
            inside = folder.or(inside);
            all.extend(places(text.unwrap_or(piece), inside, for_users));
        }
    }
    all
}

#[test]
fn every_place_that_a_page_names_exists() {
    let (mut lost, mut count) = (Vec::new(), 0);
    for page in pages() {
        let for_users = FOR_USERS.iter().any(|users| page.starts_with(users));
        let all = all_places(&read(&page), for_users);
        count += all.len();
        lost.extend(all.into_iter().filter(|place| !is_there(place)).map(|place| format!("{page}: {place}")));
    }
    assert!(lost.is_empty(), "these pages name what is not there:\n{}", lost.join("\n"));
    assert!(count > 250, "{count} places");
}

#[test]
fn a_place_that_is_not_there_is_found() {
    let page = "`src/lang/lib.rs` and `lang/lost.rs`, `a b/c`\n\nInside `codec/`: `xml/`, `lost`. Inside `wire/`:\n\n\
                | files | what |\n|---|---|\n| `client`, `gone/` | `Wire` by `word` |\n\n`word`\n\n`tests/<name>/x`";
    let all = all_places(page, false);
    let lost: Vec<&str> = all.iter().map(String::as_str).filter(|place| !is_there(place)).collect();
    assert_eq!(lost, ["lang/lost.rs", "codec/lost.rs", "wire/gone/.rs"]);
    assert_eq!(all.len(), 7, "{all:?}");
    assert_eq!(all_places("`a/b`, `src/lost.rs`", true), ["src/lost.rs"]);
}

/// All words of the sources.
static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let texts = files(SOURCES, "rs").into_iter().map(|path| read(&path));
    texts.flat_map(|text| tokens(&text).iter().map(|token| token.text.to_owned()).collect::<Vec<_>>()).collect()
});

#[test]
fn every_name_of_the_code_that_a_page_names_is_in_the_code() {
    let mut count = 0;
    for page in pages().into_iter().filter(|page| !FOR_USERS.iter().any(|users| page.starts_with(users))) {
        let text = read(&page);
        let is_name =
            |span: &&str| made_of(span, &['_', ':']) && (span.contains("::") || span.contains(char::is_uppercase));
        for name in spans(&text).into_iter().filter(is_name) {
            count += 1;
            let lost = name.split("::").find(|part| !WORDS.contains(*part));
            assert_eq!(lost, None, "{page} names `{name}`");
        }
    }
    assert!(count > 80, "{count} names");
}

/// What a command of cargo on a page leads to: a crate, or a module of tests. None if it leads nowhere in particular.
fn leads_to(command: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let after = |option: &str| words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1)).copied();
    if let Some(member) = after("-p") {
        return Some(vec![format!("src/{member}/Cargo.toml"), format!("{member}/Cargo.toml")]);
    }
    let module = after("--lib").or_else(|| words.iter().copied().find(|word| word.starts_with("cases::")))?;
    let path = module.replace("::", "/");
    let folder = if after("--lib").is_some() { "src" } else { "tests" };
    Some(vec![format!("{folder}/{path}.rs"), format!("{folder}/{path}/mod.rs")])
}

#[test]
fn commands_of_cargo_lead_somewhere() {
    let mut count = 0;
    for page in pages() {
        let text = read(&page);
        for command in spans(&text)
            .into_iter()
            .filter(|span| span.starts_with("cases::") || span.split_whitespace().any(|word| word == "cargo"))
        {
            let Some(paths) = leads_to(command) else { continue };
            assert!(paths.iter().any(|path| is_there(path)), "{page}: {command} leads to none of {paths:?}");
            count += 1;
        }
    }
    assert!(count > 4, "{count} commands");
}

/// The pages in `docs/` that a text names.
fn named_pages(text: &str) -> Vec<&str> {
    let begins = text.match_indices("docs/").map(|(at, _)| text.get(at..).unwrap_or_default());
    let paths = begins.map(|rest| rest.split(|c: char| !made_of(&c.to_string(), &['/', '.', '_', '-'])).next());
    paths.flatten().filter(|path| path.ends_with(".md")).collect()
}

#[test]
fn every_page_that_a_source_names_exists() {
    let mut count = 0;
    for source in [files(SOURCES, "rs"), files(&["src", "tests/cases"], "toml")].concat() {
        // This file names pages that are not there.
        let text = if source.ends_with("cases/documents.rs") { String::new() } else { read(&source) };
        for page in named_pages(&text) {
            assert!(is_there(page), "{source} names {page}");
            count += 1;
        }
    }
    assert!(count > 5, "{count} pages");
    assert_eq!(named_pages("see `docs/a.md`, docs/b/c.md#d and docs/"), ["docs/a.md", "docs/b/c.md"]);
}

/// The rows of the glossary: the word, and where it lives.
fn words(glossary: &str) -> Vec<(&str, &str)> {
    let rows = glossary.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| word |"));
    rows.map(|row| {
        let inner = row.trim_start_matches("| ").trim_end_matches(" |");
        let (word, rest) = inner.split_once(" | ").unwrap();
        (word, rest.rsplit_once(" | ").unwrap_or_else(|| panic!("{word} has no place")).1)
    })
    .collect()
}

#[test]
fn every_word_of_the_glossary_lives_somewhere() {
    let glossary = read("docs/glossary.md");
    let words = words(&glossary);
    assert!(words.len() > 80, "{} words", words.len());
    for (word, place) in words {
        let spans = spans(place);
        let (places, types): (Vec<&str>, Vec<&str>) = spans.into_iter().partition(|span| span.contains('/'));
        assert!(!places.is_empty(), "{word} lives nowhere");
        let texts: Vec<String> =
            places.iter().filter(|place| place.ends_with(".rs")).map(|place| read(place)).collect();
        let declared = |name: &str, text: &str| {
            let tokens: Vec<&str> = tokens(text).into_iter().map(|token| token.text).collect();
            tokens.windows(2).any(|pair| matches!(pair, ["struct" | "enum" | "trait", found] if *found == name))
        };
        for name in types {
            assert!(texts.iter().any(|text| declared(name, text)), "{word}: {name} is declared in none of {places:?}");
        }
    }
}

#[test]
fn every_decision_has_its_page_in_the_form_of_the_others() {
    let (index, architecture) = (read("docs/decisions/README.md"), read("docs/architecture.md"));
    let section = architecture.split_once("## Decisions worth knowing").unwrap().1;
    for (at, name) in decisions().iter().enumerate() {
        let number = at + 1;
        assert!(name.starts_with(&format!("{number:02}-")), "{name} is number {number}");
        let page = read(&format!("docs/decisions/{name}"));
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
        let [title, parts @ ..] = &headings[..] else { panic!("{name} is empty") };
        assert_eq!(parts, ["## Context", "## Decision", "## Alternatives", "## What it costs"], "{name}");
        let title = title.strip_prefix(&format!("# {number}. ")).unwrap_or_else(|| panic!("{name}: {title}"));
        assert!(
            index.contains(&format!("{number}. [{title}]({name})")),
            "docs/decisions/README.md does not list {name}"
        );
        assert!(section.contains(&format!("(decisions/{name})")), "docs/architecture.md does not link to {name}");
    }
}

#[test]
fn the_architecture_says_no_more_of_a_decision_than_its_page() {
    let architecture = read("docs/architecture.md");
    let section = architecture.split_once("## Decisions worth knowing").unwrap().1;
    for line in section.lines().filter(|line| line.starts_with("- ")) {
        assert!(
            line.contains("](decisions/"),
            "write a page for this decision in docs/decisions and link to it: {line}"
        );
    }
}

#[test]
fn the_glossary_is_without_doubles() {
    let glossary = read("docs/glossary.md");
    let mut seen = BTreeSet::new();
    for (word, _) in words(&glossary) {
        assert!(seen.insert(word), "{word} is explained twice");
    }
}
