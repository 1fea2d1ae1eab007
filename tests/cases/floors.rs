//! No circle of files, and no import upwards between the floors of the engine: computed from the imports.

use crate::support::imports::Imports;
use crate::support::source::{outline, sources};

/// The folders of `src/engine/`, the lowest first. A floor imports from itself and from those before it.
static FLOORS: &[&str] = &["state", "accounts", "call", "deliver", "plan", "guard", "run", "commands"];

/// The files that may see the whole session: the order of the steps, and the table of the commands. Every other step
/// is lent what it needs.
static SESSION_SEEN: &[&str] = &[
    "engine/commands/acts.rs",
    "engine/commands/mod.rs",
    "engine/run/across.rs",
    "engine/run/batch.rs",
    "engine/run/beside.rs",
    "engine/run/each.rs",
    "engine/run/execution.rs",
    "engine/run/judge.rs",
    "engine/run/leafing.rs",
    "engine/run/lines.rs",
    "engine/run/passing.rs",
    "engine/run/pipeline.rs",
    "engine/run/prompt.rs",
    "engine/run/report.rs",
    "engine/run/viewing.rs",
    "engine/run/watch.rs",
];

/// Prints figures, which `--nocapture` shows.
#[expect(clippy::print_stdout, reason = "they are what the test is run for by hand")]
fn tell(figures: &str) {
    println!("{figures}");
}

/// The floor that a file is on.
fn floor(path: &str) -> Option<usize> {
    let folder = path.strip_prefix("engine/")?.split_once('/')?.0;
    let found = FLOORS.iter().position(|floor| *floor == folder);
    Some(found.unwrap_or_else(|| panic!("{path} is on no floor of the table")))
}

/// Imports from a floor into one above it.
fn upward(imports: &Imports) -> Vec<(&str, &str)> {
    let arrows = imports.arrows.keys().map(|(from, to)| (from.as_str(), to.as_str()));
    arrows.filter(|(from, to)| floor(from).zip(floor(to)).is_some_and(|(from, to)| to > from)).collect()
}

#[test]
fn files_import_each_other_in_no_circle() {
    for folder in ["src", "history/src", "benches"] {
        let imports = Imports::of(&sources(folder));
        let circles = imports.circles();
        let (files, arrows) = (imports.files.len(), imports.arrows.len());
        tell(&format!("{folder}: {files} files, {arrows} imports, circles {}", circles.len()));
        assert!(circles.is_empty(), "these files of {folder} import each other in a circle: {circles:#?}");
    }
}

#[test]
fn no_floor_of_the_engine_imports_from_one_above_it() {
    let imports = Imports::of(&sources("src"));
    let inside = |path: &str| path.starts_with("engine/");
    let arrows = imports.arrows.keys().filter(|(from, to)| inside(from) && inside(to)).count();
    let files = imports.files.iter().filter(|path| inside(path)).count();
    let upward = upward(&imports);
    tell(&format!("engine: {files} files, {arrows} imports, upward arrows {}", upward.len()));
    assert!(upward.is_empty(), "these run upwards: {upward:#?}");
}

/// Files of the engine that name the session, apart from the one that declares it and from tests.
fn seeing_the_session(files: &[(String, String)]) -> Vec<&str> {
    let names = |path: &str, text: &str| {
        let reached = outline(path, text).reached;
        reached.iter().any(|place| !place.test && place.what.ends_with(&["session".into(), "Session".into()]))
    };
    let mut found = Vec::new();
    for (path, text) in files {
        let apart = ["engine/mod.rs", "engine/run/session.rs"].contains(&path.as_str()) || path.ends_with("/tests.rs");
        if path.starts_with("engine/") && !apart && names(path, text) {
            found.push(path.as_str());
        }
    }
    found
}

#[test]
fn only_the_order_of_the_steps_sees_the_session() {
    assert_eq!(seeing_the_session(&sources("src")), SESSION_SEEN);
}

#[test]
fn a_step_that_sees_the_session_is_found() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let files = [
        file("engine/call/a.rs", "use crate::engine::run::session::Session; fn f(_: &Session) {}"),
        file("engine/call/b.rs", "fn f(_: &crate::engine::run::session::Session) {}"),
        file("engine/call/c.rs", "use crate::engine::run::session::Lines; fn f(_: &dyn Lines) {}"),
        file("engine/call/d.rs", "#[cfg(test)]\nmod tests { use crate::engine::run::session::Session; }"),
        file("shell/e.rs", "use crate::engine::run::session::Session;"),
    ];
    assert_eq!(seeing_the_session(&files), ["engine/call/a.rs", "engine/call/b.rs"]);
}

#[test]
fn an_import_upwards_is_seen() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let imports = Imports::of(&[
        file("engine/state/a.rs", "use crate::engine::run::b::B; pub struct A;"),
        file("engine/run/b.rs", "use crate::engine::state::a::A; pub struct B;"),
        file("engine/run/mod.rs", "pub mod b;"),
    ]);
    assert_eq!(upward(&imports), [("engine/state/a.rs", "engine/run/b.rs")]);
}
