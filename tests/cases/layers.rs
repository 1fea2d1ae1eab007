//! The borders inside the program, held by a machine: who may import whom, where each outside crate is named, where
//! a secret is opened, where the environment is read, and how long a file may grow.
//!
//! The tables are the picture of `docs/architecture.md`; a border that moves is moved here too, in the open.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::source::{MEMBERS, Outline, module, outline, sources};

/// Each module with those it may import. All stand above it in the table, so that no circle can close.
static ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("signals", &["model"]),
    ("start", &[]),
    ("disk", &["signals"]),
    ("lang", &["model"]),
    ("registry", &["model"]),
    ("openapi", &["model", "registry"]),
    ("codec", &["model"]),
    ("child", &[]),
    ("render", &["model"]),
    ("wire", &["model", "signals"]),
    ("sink", &["model", "disk", "child"]),
    ("config", &["model", "signals", "disk", "child"]),
    ("query", &["model", "child"]),
    ("bind", &["model", "lang"]),
    ("complete", &["model", "lang", "registry"]),
    (
        "engine",
        &[
            "model", "signals", "start", "disk", "lang", "registry", "openapi", "codec", "render", "wire", "sink",
            "config", "query", "bind",
        ],
    ),
    ("sandbox", &["model", "registry", "openapi", "codec"]),
    ("shell", &["model", "signals", "lang", "complete", "render", "engine"]),
    (
        "cli",
        &[
            "model", "signals", "start", "disk", "child", "lang", "registry", "openapi", "codec", "render", "wire",
            "sink", "config", "query", "bind", "complete", "engine", "sandbox", "shell",
        ],
    ),
    ("main", &["cli"]),
];

/// Outside crates with the files or folders that name them. What is everybody's tool stands in `EVERYWHERE`.
static CRATES: &[(&str, &[&str])] = &[
    ("base64", &["model/base64.rs"]),
    ("bytes", &["wire/incoming.rs", "wire/line.rs", "wire/outgoing.rs", "sandbox/server.rs"]),
    (
        "clap",
        &[
            "cli/account_args.rs",
            "cli/args.rs",
            "cli/completions/",
            "cli/definition.rs",
            "cli/import_args.rs",
            "cli/line_options.rs",
            "cli/mod.rs",
            "cli/parsed.rs",
            "cli/serve_args.rs",
        ],
    ),
    ("ctor", &["start/lib.rs"]),
    ("csv", &["codec/csv.rs", "render/delimited.rs"]),
    ("encoding_rs", &["codec/message/charset/"]),
    ("etcetera", &["config/paths.rs"]),
    ("flate2", &["wire/unpack.rs"]),
    ("foldhash", &["model/value.rs"]),
    ("history", &["cli/args.rs", "cli/doctor/journal.rs", "cli/journal.rs", "cli/mod.rs", "engine/", "shell/"]),
    ("http_body_util", &["sandbox/server.rs"]),
    ("hyper", &["sandbox/server.rs", "wire/"]),
    ("hyper_util", &["sandbox/server.rs", "wire/client.rs", "wire/connect.rs", "wire/proxy.rs"]),
    ("icy_sixel", &["render/picture.rs"]),
    ("indexmap", &["model/value.rs"]),
    ("jaq_core", &["query/compile.rs", "query/divide.rs", "query/moments.rs"]),
    ("jaq_json", &["query/compile.rs", "query/tree.rs"]),
    ("jaq_std", &["query/compile.rs"]),
    ("jiff", &["model/date.rs", "model/moment.rs"]),
    ("keyring_core", &["config/keyring.rs"]),
    ("nu_ansi_term", &["render/style.rs"]),
    ("png", &["render/picture.rs"]),
    ("quick_xml", &["codec/xml/library.rs"]),
    ("rcgen", &["sandbox/tls.rs"]),
    ("h2", &["wire/frames.rs"]),
    ("ring", &["cli/upload.rs", "engine/call/entry.rs", "engine/call/idempotency.rs", "sandbox/tls.rs"]),
    (
        "rustix",
        &[
            "config/silent.rs",
            "config/trusted.rs",
            "disk/spare.rs",
            "query/worker.rs",
            "shell/device.rs",
            "shell/mode.rs",
            "shell/plain.rs",
            "shell/terminal.rs",
            "signals.rs",
            "sink/check.rs",
            "sink/target.rs",
            "start/lib.rs",
            "wire/shared.rs",
            "wire/transport.rs",
        ],
    ),
    ("rust_stemmers", &["registry/search/words.rs"]),
    ("rustls", &["sandbox/tls.rs", "wire/client.rs", "wire/connect.rs", "wire/tls.rs", "wire/trust.rs"]),
    ("rustls_platform_verifier", &["wire/client.rs"]),
    ("rustyline", &["shell/"]),
    ("serde_saphyr", &["openapi/read.rs"]),
    (
        "serde_json",
        &[
            "codec/json/",
            "openapi/kept.rs",
            "openapi/read.rs",
            "render/json.rs",
            "registry/build.rs",
            "registry/catalog.rs",
            "registry/check/",
            "registry/own_catalog.rs",
            "registry/own_views.rs",
            "registry/pack.rs",
            "registry/search/lexicon.rs",
            "registry/shapes.rs",
            "registry/views.rs",
            "bind/json.rs",
            "query/",
            "engine/accounts/cache.rs",
            "cli/serve.rs",
            "sandbox/kit/rest/json.rs",
        ],
    ),
    ("shlex", &["lang/command.rs", "sink/command.rs", "config/credentials.rs", "engine/plan/notation.rs"]),
    ("signal_hook", &["signals.rs"]),
    ("strsim", &["model/suggest.rs"]),
    ("tempfile", &["disk/spare.rs"]),
    ("similar", &["render/changes.rs"]),
    ("terminal_size", &["cli/context.rs"]),
    ("textwrap", &["render/text.rs"]),
    ("toml", &["config/file.rs", "config/groups.rs", "registry/check/", "registry/pack.rs"]),
    ("toml_edit", &["config/edit.rs", "config/saved.rs"]),
    (
        "tokio",
        &[
            "wire/connect.rs",
            "wire/line.rs",
            "wire/transport.rs",
            "wire/shared.rs",
            "wire/waiting.rs",
            "wire/watch.rs",
            "sandbox/server.rs",
        ],
    ),
    ("tokio_rustls", &["sandbox/server.rs", "sandbox/tls.rs", "wire/connect.rs"]),
    ("tower_service", &["wire/connect.rs"]),
    ("url", &["wire/target.rs"]),
    ("unicode_width", &["render/text.rs"]),
    ("webpki_roots", &["wire/client.rs"]),
    ("zbus_secret_service_keyring_store", &["config/keyring.rs"]),
    ("zeroize", &["model/secret/mod.rs"]),
];

/// Traits and derives that are part of how every module is written.
static EVERYWHERE: &[&str] = &["serde", "thiserror"];

/// A provider's name belongs into data, into what simulates it, and into the list of what is built in.
static PROVIDERS: &[&str] = &["memset", "caas", "opsource", "artnet", "vpsnet", "vps.net"];
static PROVIDERS_LIVE_IN: &[&str] = &["catalogs/", "sandbox/", "registry/embedded.rs"];
/// A secret is opened where it leaves and where it is read, and by the type itself.
static SECRETS_OPEN_IN: &[&str] =
    &["wire/auth.rs", "wire/client.rs", "wire/proxy.rs", "wire/transport.rs", "config/credentials.rs", "model/secret/"];
/// Functions of `std::env` that ask the process for something, unlike those that only take a text apart.
static READS: &[&str] =
    &["var", "var_os", "vars", "vars_os", "args", "args_os", "current_dir", "current_exe", "temp_dir"];
static ENVIRONMENT_IS_READ_IN: &[&str] = &["cli/context.rs", "registry/build.rs"];

/// How a sequence that drives a terminal begins, in the notations of a literal.
static SEQUENCES: &[&str] = &["\\x1b[", "\\u{1b}[", "\\u{9b}"];
/// The colours, and the one line that is drawn over again.
static SEQUENCES_STAND_IN: &[&str] = &["render/style.rs", "engine/call/progress.rs", "shell/mode.rs"];
/// A process is built in one place, so that none inherits a key.
static PROCESSES_ARE_BUILT_IN: &[&str] = &["child.rs"];

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 60;
/// Files, and functions as `file name`, that may be longer, each with the reason.
static LONG: &[(&str, &str)] = &[];

/// Every break of a border, as `file:line: what`.
fn findings(files: &[(String, String)]) -> Vec<String> {
    let outlines: Vec<(&str, &str, Outline)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str(), outline(path, text))).collect();
    let tests: BTreeSet<&[String]> =
        outlines.iter().flat_map(|(_, _, outline)| &outline.test_modules).map(Vec::as_slice).collect();
    let mut findings = Vec::new();
    for (path, text, outline) in &outlines {
        let module = module(path);
        let is_test_file = (1..=module.len()).any(|end| tests.contains(&module[..end]));
        let mut found = |line: usize, what: String| findings.push(format!("{path}:{line}: {what}"));
        imports(path, outline, &mut found);
        if !is_test_file {
            crates(path, outline, &mut found);
        }
        words(path, text, &mut found);
        if !is_test_file {
            sequences(path, text, &mut found);
        }
        environment(path, outline, &mut found);
        processes(path, outline, &mut found);
        lengths(path, text, outline, is_test_file, &mut found);
    }
    findings
}

fn within(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path == *place || place.ends_with('/') && path.starts_with(place))
}

fn layer(path: &str) -> &str {
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn imports(path: &str, outline: &Outline, found: &mut impl FnMut(usize, String)) {
    let here = layer(path);
    if here == "lib" {
        return;
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == here) else {
        return found(1, format!("{here} is no module of the table"));
    };
    for place in &outline.paths {
        let ["crate" | "marsh", to, ..] = place.what.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
            continue;
        };
        if to != here && !allowed.contains(&to) {
            found(place.line, format!("{here} imports {to}"));
        }
    }
}

fn crates(path: &str, outline: &Outline, found: &mut impl FnMut(usize, String)) {
    for place in outline.paths.iter().filter(|place| !place.test) {
        let name = place.what[0].as_str();
        if CRATES.iter().any(|(known, files)| *known == name && !within(path, files)) {
            found(place.line, format!("{name} is named outside its file"));
        }
    }
}

fn words(path: &str, text: &str, found: &mut impl FnMut(usize, String)) {
    for (number, line) in (1..).zip(text.lines()) {
        let lower = line.to_lowercase();
        for name in PROVIDERS.iter().filter(|name| has_word(&lower, name)) {
            if !within(path, PROVIDERS_LIVE_IN) {
                found(number, format!("{name} is named"));
            }
        }
        if line.contains(".expose(") && !within(path, SECRETS_OPEN_IN) {
            found(number, "a secret is opened".to_owned());
        }
    }
}

/// Colours come from the crate that knows them, in one file; anything else that a terminal obeys is named in a table.
fn sequences(path: &str, text: &str, found: &mut impl FnMut(usize, String)) {
    let code = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
    for (number, line) in (1..).zip(code) {
        let lower = line.to_lowercase();
        if SEQUENCES.iter().any(|sequence| lower.contains(sequence)) && !within(path, SEQUENCES_STAND_IN) {
            found(number, "a sequence for the terminal is written by hand".to_owned());
        }
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    line.match_indices(word)
        .any(|(at, _)| edge(line[..at].chars().next_back()) && edge(line[at + word.len()..].chars().next()))
}

fn environment(path: &str, outline: &Outline, found: &mut impl FnMut(usize, String)) {
    for place in &outline.paths {
        let names: Vec<&str> = place.what.iter().map(String::as_str).skip_while(|name| *name == "std").collect();
        let read = matches!(names[..], ["env", function] if function == "*" || READS.contains(&function));
        if read && !within(path, ENVIRONMENT_IS_READ_IN) {
            found(place.line, "the environment is read".to_owned());
        }
    }
}

fn processes(path: &str, outline: &Outline, found: &mut impl FnMut(usize, String)) {
    for place in outline.paths.iter().filter(|place| !place.test) {
        let names: Vec<&str> = place.what.iter().map(String::as_str).collect();
        let built = matches!(names[..], ["std", "process", "Command" | "*", ..]);
        if built && !within(path, PROCESSES_ARE_BUILT_IN) {
            found(place.line, "a process is built".to_owned());
        }
    }
}

fn lengths(path: &str, text: &str, outline: &Outline, is_test: bool, found: &mut impl FnMut(usize, String)) {
    let excused = |name: &str| LONG.iter().any(|(long, _)| *long == name);
    let lines = text.lines().count();
    if lines > LONGEST_FILE && !excused(path) {
        found(1, format!("{lines} lines"));
    }
    for place in outline.functions.iter().filter(|place| !place.test && !is_test) {
        let (name, lines) = &place.what;
        if *lines > LONGEST_FUNCTION && !excused(&format!("{path} {name}")) {
            found(place.line, format!("{name} has {lines} lines"));
        }
    }
}

#[test]
fn the_borders_hold() {
    let findings = findings(&sources("src"));
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

#[test]
fn no_file_of_the_tests_or_of_the_history_is_too_long() {
    for folder in ["tests", "history", "benches"] {
        let mut findings = Vec::new();
        for (path, text) in sources(folder) {
            lengths(&path, &text, &outline(&path, &text), false, &mut |line, what| {
                findings.push(format!("{folder}/{path}:{line}: {what}"));
            });
        }
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }
}

#[test]
fn arrows_point_up_the_table() {
    for (at, (name, imports)) in ARROWS.iter().enumerate() {
        let above: Vec<&str> = ARROWS[..at].iter().map(|(name, _)| *name).collect();
        assert!(imports.iter().all(|import| above.contains(import)), "{name} imports what does not stand above it");
    }
}

#[test]
fn the_tables_say_what_is() {
    let files = sources("src");
    let layers: BTreeSet<&str> = files.iter().map(|(path, _)| layer(path)).filter(|name| *name != "lib").collect();
    assert_eq!(layers, ARROWS.iter().map(|(name, _)| *name).collect());
    let manifests = MEMBERS.iter().map(|member| format!("src/{member}/Cargo.toml")).chain(["Cargo.toml".to_owned()]);
    let mut dependencies: BTreeSet<String> = manifests.flat_map(|manifest| dependencies(&manifest)).collect();
    dependencies.retain(|name| !MEMBERS.contains(&name.as_str()));
    let known = CRATES.iter().map(|(name, _)| *name).chain(EVERYWHERE.iter().copied());
    assert_eq!(dependencies, known.map(str::to_owned).collect());
    for (name, places) in CRATES {
        for place in *places {
            let mut there = files.iter().filter(|(path, _)| within(path, &[place]));
            let named = there.any(|(path, text)| outline(path, text).paths.iter().any(|path| path.what[0] == *name));
            assert!(named, "{place} does not name {name}");
        }
    }
}

/// What a manifest depends on, by the names that code uses.
fn dependencies(manifest: &str) -> Vec<String> {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest)).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
}

#[test]
fn a_process_that_is_built_is_seen() {
    for (text, built) in [
        ("use std::process::{Command, Stdio};", true),
        ("fn f() { std::process::Command::new(x) }", true),
        ("use std::process::Stdio;", false),
    ] {
        let found = findings(&[("sink/a.rs".to_owned(), text.to_owned())]);
        assert_eq!(found == ["sink/a.rs:1: a process is built"], built, "{text}: {found:?}");
    }
}

#[test]
fn every_break_is_seen() {
    let long_file = "\n".repeat(LONGEST_FILE + 1);
    let long_function = format!("fn f() {{{}}}", "\n".repeat(LONGEST_FUNCTION));
    for (path, text, finding) in [
        ("render/json.rs", "use crate::wire::Wire;", Some("render/json.rs:1: render imports wire")),
        ("render/json.rs", "use crate::{model::Value, wire};", Some("render/json.rs:1: render imports wire")),
        ("render/json.rs", "\nfn f() { crate::wire::send() }", Some("render/json.rs:2: render imports wire")),
        ("render/json.rs", "use super::super::wire::send;", Some("render/json.rs:1: render imports wire")),
        ("render/json.rs", "use super::super::render::style;", None),
        (
            "render/json.rs",
            "#[cfg(test)] mod tests { use crate::bind; }",
            Some("render/json.rs:1: render imports bind"),
        ),
        ("codec/json.rs", "use crate::xml::Reader;", None),
        ("codec/json.rs", "use model::{Value, base64};", None),
        ("codec/json.rs", "use registry::Source;", Some("codec/json.rs:1: codec imports registry")),
        ("codec/json.rs", "fn f() { sandbox::start() }", Some("codec/json.rs:1: codec imports sandbox")),
        ("model/value.rs", "use lang::Word;", Some("model/value.rs:1: model imports lang")),
        ("engine/a.rs", "use crate::complete::at;", Some("engine/a.rs:1: engine imports complete")),
        ("main.rs", "fn main() { marsh::engine::run() }", Some("main.rs:1: main imports engine")),
        ("main.rs", "fn main() { marsh::cli::main() }", None),
        ("lib.rs", "pub use crate::engine::run;", None),
        ("extra/a.rs", "", Some("extra/a.rs:1: extra is no module of the table")),
        ("lang/a.rs", "// use crate::wire;\nconst A: &str = \"crate::wire::x\";", None),
        ("wire/retry.rs", "use hyper_util::X;", Some("wire/retry.rs:1: hyper_util is named outside its file")),
        ("wire/retry.rs", "fn f() -> tokio::io::X {}", Some("wire/retry.rs:1: tokio is named outside its file")),
        ("wire/connect.rs", "use hyper_util::X;", None),
        ("sink/new.rs", "#[cfg(test)] mod tests { fn f() { tempfile::tempdir() } }", None),
        ("sink/new.rs", "fn f(bytes: &[u8]) { bytes.len() }", None),
        ("lang/a.rs", "// as Memset does", Some("lang/a.rs:1: memset is named")),
        ("lang/a.rs", "const A: &str = \"api.vps.net\";", Some("lang/a.rs:1: vps.net is named")),
        ("lang/a.rs", "fn memset_rule() {}", Some("lang/a.rs:1: memset is named")),
        ("lang/a.rs", "fn offsets() { let memsets = 1; }", None),
        ("sandbox/a.rs", "mod memset;", None),
        ("engine/a.rs", "fn f() { key.expose() }", Some("engine/a.rs:1: a secret is opened")),
        ("wire/auth.rs", "fn f() { key.expose() }", None),
        ("config/paths.rs", "fn f() { std::env::var(\"HOME\") }", Some("config/paths.rs:1: the environment is read")),
        (
            "config/paths.rs",
            "use std::env;\nfn f() { env::args() }",
            Some("config/paths.rs:2: the environment is read"),
        ),
        (
            "config/paths.rs",
            "use std::{env::{var, split_paths}, fs};",
            Some("config/paths.rs:1: the environment is read"),
        ),
        ("config/paths.rs", "use std::env;\nfn f() { env::split_paths(x) }", None),
        ("config/paths.rs", "fn f() { env!(\"CARGO_PKG_VERSION\") }", None),
        ("cli/context.rs", "use std::env;\nfn f() { env::var(\"HOME\") }", None),
        ("lang/a.rs", &long_file, Some("lang/a.rs:1: 501 lines")),
        ("lang/a.rs", &long_function, Some("lang/a.rs:1: f has 61 lines")),
    ] {
        let found = findings(&[(path.to_owned(), text.to_owned())]);
        assert_eq!(found, finding.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{path}: {text}");
    }
    let test_file = [("lang/mod.rs", "#[cfg(test)]\nmod far;"), ("lang/far.rs", "use tempfile::tempdir;")];
    assert_eq!(findings(&test_file.map(|(path, text)| (path.to_owned(), text.to_owned()))), [""; 0]);
}

#[test]
fn a_colour_written_by_hand_is_seen() {
    for (path, text, seen) in [
        ("engine/a.rs", "const RED: &str = \"\\x1B[31m\";", true),
        ("shell/a.rs", "\nfn f() { print(\"\\u{1b}[2J\") }", true),
        ("engine/a.rs", "fn f() {}\n#[cfg(test)]\nconst RED: &str = \"\\u{1b}[31m\";", false),
        ("render/style.rs", "fn f() -> &str { \"\\x1b[\" }", false),
    ] {
        assert_eq!(!findings(&[(path.to_owned(), text.to_owned())]).is_empty(), seen, "{path}: {text}");
    }
}

/// Public parts of the journal that the program does not use: it begins a change only after a look for the same one.
static SPARE: &[&str] = &["begin_changes"];

#[test]
fn the_program_uses_all_that_the_journal_offers() {
    let product = |folder: &str| {
        let files = sources(folder).into_iter().filter(|(path, _)| !path.ends_with("tests.rs"));
        files
            .map(|(_, text)| text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned())
            .collect::<String>()
    };
    let (journal, program) = (product("history/src"), product("src"));
    let words: BTreeSet<&str> = program.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let name = |line: &str| {
        let rest = line.trim_start().strip_prefix("pub ")?;
        let rest = rest.strip_prefix("fn ").or_else(|| rest.contains(": ").then_some(rest))?;
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned)
    };
    let offered: BTreeSet<String> = journal.lines().filter_map(name).collect();
    assert!(offered.len() > 60, "{offered:?}");
    let unused = |name: &&String| !words.contains(name.as_str()) && !SPARE.contains(&name.as_str());
    let unused: Vec<&String> = offered.iter().filter(unused).collect();
    assert!(unused.is_empty(), "nobody uses these of the journal: {unused:?}");
}
