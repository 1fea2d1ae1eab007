//! A ratchet: which source files have no tests of their own. The list may only get shorter.
//!
//! The rule is in `docs/testing.md`. A file needs tests of its own if it has functions. It has them if there are tests
//! in it, or if a test module in a file beside it names its module.

use std::collections::BTreeSet;

use crate::support::source::{Outline, module, outline, sources};

/// Files without tests of their own. New files do not belong here: they come with tests.
static UNTESTED: &[&str] = &[
    "src/bind/answer.rs",
    "src/bind/check.rs",
    "src/bind/coerce.rs",
    "src/bind/depend.rs",
    "src/bind/error.rs",
    "src/bind/fit.rs",
    "src/bind/later.rs",
    "src/bind/names.rs",
    "src/bind/nest.rs",
    "src/bind/positional.rs",
    "src/bind/site.rs",
    "src/cli/accounts.rs",
    "src/cli/completions/known.rs",
    "src/cli/completions/mod.rs",
    "src/cli/context.rs",
    "src/cli/definition.rs",
    "src/cli/doctor/here.rs",
    "src/cli/doctor/there.rs",
    "src/cli/explain.rs",
    "src/cli/listing.rs",
    "src/cli/login/chosen.rs",
    "src/cli/login/interview.rs",
    "src/cli/login/mod.rs",
    "src/cli/login/wanted.rs",
    "src/cli/mod.rs",
    "src/cli/own_catalog.rs",
    "src/cli/serve.rs",
    "src/cli/settings.rs",
    "src/cli/trial.rs",
    "src/codec/answer.rs",
    "src/codec/error.rs",
    "src/codec/json/error.rs",
    "src/codec/json/guard.rs",
    "src/codec/json/members.rs",
    "src/codec/jsonrpc/batch.rs",
    "src/codec/jsonrpc/encode.rs",
    "src/codec/jsonrpc/envelope.rs",
    "src/codec/message/error.rs",
    "src/codec/message/limits.rs",
    "src/codec/request.rs",
    "src/codec/rest/document.rs",
    "src/codec/rest/error.rs",
    "src/codec/rest/fill.rs",
    "src/codec/rest/form.rs",
    "src/codec/rest/given.rs",
    "src/codec/rest/json.rs",
    "src/codec/rest/judgement.rs",
    "src/codec/rest/narrow.rs",
    "src/codec/rest/path.rs",
    "src/codec/rest/query.rs",
    "src/codec/rest/result.rs",
    "src/codec/rest/status.rs",
    "src/codec/rest/xml.rs",
    "src/codec/xml/error.rs",
    "src/codec/xml/events.rs",
    "src/codec/xmlrpc/encode.rs",
    "src/codec/xmlrpc/grammar.rs",
    "src/codec/xmlrpc/reader.rs",
    "src/codec/xmlrpc/value.rs",
    "src/complete/cursor.rs",
    "src/complete/heads.rs",
    "src/complete/hint.rs",
    "src/complete/options.rs",
    "src/complete/params.rs",
    "src/complete/results.rs",
    "src/complete/standing.rs",
    "src/complete/values.rs",
    "src/config/keyring.rs",
    "src/engine/accounts/account.rs",
    "src/engine/accounts/answer.rs",
    "src/engine/accounts/catalogs.rs",
    "src/engine/accounts/inquiry.rs",
    "src/engine/accounts/lists.rs",
    "src/engine/accounts/probe.rs",
    "src/engine/accounts/roster.rs",
    "src/engine/accounts/rules.rs",
    "src/engine/call/jobs/mod.rs",
    "src/engine/call/jobs/polling.rs",
    "src/engine/call/jobs/reading.rs",
    "src/engine/call/pieces.rs",
    "src/engine/call/variables.rs",
    "src/engine/commands/accounts.rs",
    "src/engine/commands/acts.rs",
    "src/engine/commands/jobs.rs",
    "src/engine/commands/memory.rs",
    "src/engine/commands/methods.rs",
    "src/engine/commands/mod.rs",
    "src/engine/commands/result.rs",
    "src/engine/commands/settings.rs",
    "src/engine/commands/source.rs",
    "src/engine/deliver/delivery.rs",
    "src/engine/deliver/filter.rs",
    "src/engine/deliver/rescue.rs",
    "src/engine/guard/key_change.rs",
    "src/engine/plan/course.rs",
    "src/engine/plan/lookup.rs",
    "src/engine/plan/mod.rs",
    "src/engine/plan/planning.rs",
    "src/engine/plan/sources.rs",
    "src/engine/run/execution.rs",
    "src/engine/run/judge.rs",
    "src/engine/run/lines.rs",
    "src/engine/run/ownership.rs",
    "src/engine/run/pipeline.rs",
    "src/engine/run/script.rs",
    "src/engine/run/session.rs",
    "src/engine/state/error.rs",
    "src/lang/access.rs",
    "src/lang/ast.rs",
    "src/lang/lead.rs",
    "src/lang/lexer.rs",
    "src/lang/parser.rs",
    "src/model/diagnostic.rs",
    "src/model/exits.rs",
    "src/model/spec.rs",
    "src/query/child.rs",
    "src/query/error.rs",
    "src/query/filter.rs",
    "src/query/worker.rs",
    "src/registry/build.rs",
    "src/registry/lint/fields.rs",
    "src/registry/pack.rs",
    "src/registry/raw.rs",
    "src/render/events.rs",
    "src/sandbox/caas/backup/mod.rs",
    "src/sandbox/caas/image/show.rs",
    "src/sandbox/caas/server/mod.rs",
    "src/sandbox/caas/vip/probe.rs",
    "src/sandbox/caas/vip/profile.rs",
    "src/sandbox/caas/vip/real_server.rs",
    "src/sandbox/caas/world.rs",
    "src/sandbox/kit/args.rs",
    "src/sandbox/kit/values.rs",
    "src/sandbox/memset/create/price.rs",
    "src/sandbox/memset/create/sku.rs",
    "src/sandbox/memset/fault.rs",
    "src/sandbox/memset/openstack/mod.rs",
    "src/sandbox/memset/server/mod.rs",
    "src/sandbox/memset/xmlrpc.rs",
    "src/sandbox/tls.rs",
    "src/sandbox/vpsnet/profile.rs",
    "src/shell/assistant.rs",
    "src/shell/editor.rs",
    "src/shell/log.rs",
    "src/shell/mod.rs",
    "src/shell/person.rs",
    "src/start/lib.rs",
    "src/wire/error.rs",
    "src/wire/reach.rs",
    "src/wire/trace.rs",
];

/// A source file, by its path from the root of the project.
struct File {
    path: String,
    module: Vec<String>,
    outline: Outline,
}

impl File {
    fn new(folder: &str, path: &str, text: &str) -> File {
        File { path: format!("{folder}/{path}"), module: module(path), outline: outline(path, text) }
    }

    /// Whether there is anything to test: a file of declarations alone has nothing.
    fn has_functions(&self) -> bool {
        self.outline.functions.iter().any(|function| !function.test)
    }

    fn has_tests_inside(&self) -> bool {
        self.outline.functions.iter().any(|function| function.test)
    }

    /// Whether a file of tests names this file's module.
    fn is_named_by(&self, tests: &File) -> bool {
        tests.outline.paths.iter().any(|path| path.what.starts_with(&self.module))
    }

    fn is_beside(&self, other: &File) -> bool {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        folder(&self.path).is_some_and(|here| other.path.starts_with(&(here + "/")))
    }
}

/// The files of a crate's folder that should have tests of their own and have none.
fn untested(files: &[File]) -> Vec<&str> {
    let declared: BTreeSet<&[String]> =
        files.iter().flat_map(|file| &file.outline.test_modules).map(Vec::as_slice).collect();
    let is_test = |file: &File| (1..=file.module.len()).any(|end| declared.contains(&file.module[..end]));
    let (tests, sources): (Vec<&File>, Vec<&File>) = files.iter().partition(|file| is_test(file));
    let covered = |file: &File| {
        file.has_tests_inside() || tests.iter().any(|tests| file.is_beside(tests) && file.is_named_by(tests))
    };
    let open = sources.into_iter().filter(|file| file.has_functions() && !covered(file));
    open.map(|file| file.path.as_str()).collect()
}

/// The Rust files below a folder.
fn files(folder: &str) -> Vec<File> {
    sources(folder).iter().map(|(path, text)| File::new(folder, path, text)).collect()
}

#[test]
fn every_file_has_its_own_tests_except_for_a_shrinking_list() {
    let all = [files("src"), files("history/src")];
    let found: BTreeSet<&str> = all.iter().flat_map(|files| untested(files)).collect();
    let known: BTreeSet<&str> = UNTESTED.iter().copied().collect();
    let new: Vec<&str> = found.difference(&known).copied().collect();
    let done: Vec<&str> = known.difference(&found).copied().collect();
    assert!(
        new.is_empty(),
        "no tests beside these files: write some, or correct the path in the list if a file on it has moved:\n{}",
        new.join("\n")
    );
    assert!(done.is_empty(), "these files have tests now, or are gone: take them off the list:\n{}", done.join("\n"));
    assert!(UNTESTED.is_sorted(), "the list must be in order");
}

#[test]
fn the_rule_finds_a_file_without_tests() {
    let files: Vec<File> = [
        ("a/mod.rs", "mod b; mod c; mod d; mod e; #[cfg(test)] mod tests;"),
        ("a/b.rs", "pub fn f() {}"),
        ("a/c.rs", "fn f() {} #[cfg(test)] mod tests { #[test] fn g() {} }"),
        ("a/d.rs", "pub fn f() {}"),
        ("a/e.rs", "pub struct E { f: u8 } pub const F: u8 = 1;"),
        ("a/tests.rs", "use super::d::f; #[test] fn g() { f() }"),
        ("g.rs", "pub fn f() {}"),
    ]
    .iter()
    .map(|(path, text)| File::new("src", path, text))
    .collect();
    assert_eq!(untested(&files), ["src/a/b.rs", "src/g.rs"]);
}
