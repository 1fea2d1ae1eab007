//! What became of a document, in words.

use std::collections::BTreeMap;

use model::{Effect, Map, Value};
use openapi::{Imported, Report};
use registry::lint::Finding;

/// The report of an import.
pub(super) fn text(imported: &Imported, name: &str) -> String {
    let report = &imported.report;
    let mut out = format!("{name}: {}, {}\n", titled(report), counted(report.operations, "operation"));
    let files = if report.files > 1 { format!(" in {} files", report.files) } else { String::new() };
    out.push_str(&format!("  {}{files}\n", report.format));
    out.push_str(&format!("  {}: {}\n", counted(report.methods, "method"), effects(report)));
    out.push_str(&format!("  the effects come from {}\n", rules(&imported.methods)));
    out.push_str(&format!("  calls go to {}\n", place(report)));
    let others: Vec<&str> =
        report.others.iter().filter(|other| !report.elsewhere.contains_key(*other)).map(String::as_str).collect();
    if !others.is_empty() {
        out.push_str(&format!("  not used: {}; --server chooses one\n", others.join(", ")));
    }
    out.push_str(&format!("  the key is sent as {}\n", key(&imported.provider)));
    if !report.unknown_schemes.is_empty() {
        out.push_str(&format!(
            "  ways to send a key that marsh does not have: {}\n",
            report.unknown_schemes.join(", ")
        ));
    }
    if report.reviewed > 0 {
        out.push_str(&format!("  {} reviewed by a person\n", counted(report.reviewed, "method")));
    }
    let outdated = report.outdated.iter().cloned();
    section(&mut out, "reviewed before, and changed or gone since:", outdated);
    if report.hidden > 0 {
        out.push_str(&format!("  {} left out, as their vendor wishes\n", counted(report.hidden, "operation")));
    }
    for (address, operations) in &report.elsewhere {
        let are = if operations.len() == 1 {
            "1 operation is".into()
        } else {
            format!("{} are", counted(operations.len(), "operation"))
        };
        out.push_str(&format!("  {are} at {address}: for a provider of them, add --server {address} --name OTHER\n"));
    }
    let refused = report.refused.iter().map(|(operation, reason)| format!("{operation}: {reason}"));
    section(&mut out, "cannot be called:", refused);
    let renamed =
        report.renamed.iter().map(|(name, operation, taken)| format!("{name}: {operation}, because {taken} is taken"));
    section(&mut out, "have another name than their path:", renamed);
    let guess = |guess: &openapi::Guess| {
        format!("{:<8}  {} ({}): {}", guess.effect.as_str(), guess.method, guess.operation, guess.because)
    };
    section(&mut out, "have an effect that is only likely; look at them once:", report.guesses.iter().map(guess));
    out
}

fn titled(report: &Report) -> String {
    let title = if report.title.is_empty() { "a service without a title" } else { &report.title };
    format!("{title} {}", report.version).trim_end().to_owned()
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn effects(report: &Report) -> String {
    let all = [
        (Effect::Read, "only read"),
        (Effect::Change, "change something"),
        (Effect::Destroy, "lose something"),
        (Effect::Billable, "may cost money"),
    ];
    let shown = all.into_iter().map(|(effect, words)| (report.count(effect), words)).filter(|(count, _)| *count > 0);
    shown.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}

/// How many effects each rule decided.
fn rules(methods: &[Value]) -> String {
    let from = |method: &Value| match method.get("derived").and_then(Value::as_str) {
        None => "a review",
        Some(because) if because.starts_with("the permission") => "a permission",
        Some(because) if because.starts_with("its verb") => "the verb",
        Some(because) if because.starts_with("the word") => "a word",
        Some(because) if because.starts_with("values of") => "a value",
        Some(_) => "what is ordered or charged",
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    methods.iter().for_each(|method| *counts.entry(from(method)).or_default() += 1);
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(rule, count)| format!("{rule} ({count})")).collect::<Vec<_>>().join(", ")
}

fn place(report: &Report) -> String {
    match report.host.is_empty() {
        true => format!("the address of the account; the document names none, only {}/…", report.path),
        false => format!("{}{}", report.host, report.path),
    }
}

/// How the key is sent.
fn key(provider: &Map) -> String {
    let auth = provider.get("auth");
    let said = |key: &str| auth.and_then(|auth| auth.get(key)).and_then(Value::as_str).unwrap_or_default();
    let usual = match said("scheme") {
        "bearer" => "`Authorization: Bearer KEY`".to_owned(),
        "basic" => "HTTP Basic with a user name".to_owned(),
        "header" => format!("`{}: {}`", said("name"), said("value").replace("{key}", "KEY").replace("{user}", "USER")),
        "query" => format!("`{}=KEY` in the address", said("name")),
        _ => "nothing: the document names no way".to_owned(),
    };
    let ways = provider.get("auths").and_then(Value::as_map).map(|ways| ways.keys().collect::<Vec<_>>().join(", "));
    format!("{usual}; `auth` in the profile chooses another way: {}", ways.unwrap_or_default())
}

fn section(out: &mut String, head: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(&format!("  {} {head}\n", rows.len()));
    rows.iter().for_each(|row| out.push_str(&format!("    {row}\n")));
}

/// The most findings that are shown.
const FINDINGS: usize = 10;

/// What is wrong with a catalogue that was made, and which of its names are those of commands.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) findings: Vec<Finding>,
    pub(super) collisions: Vec<String>,
}

impl Checked {
    /// The same in words; empty if there is nothing to say.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let more = self.findings.len().saturating_sub(FINDINGS);
        let shown = self.findings.iter().take(FINDINGS).map(Finding::to_string);
        let shown: Vec<String> = shown.chain((more > 0).then(|| format!("and {more} more"))).collect();
        if !shown.is_empty() {
            out.push_str(&format!("  {} not as a catalogue should have it:\n", counted(self.findings.len(), "thing")));
            shown.iter().for_each(|row| out.push_str(&format!("    {row}\n")));
        }
        self.collisions.iter().for_each(|note| out.push_str(&format!("  note: {note}\n")));
        out
    }
}

/// A method as data.
pub(super) fn row(method: &Value, hashes: &BTreeMap<String, String>) -> Value {
    let said = |key: &str| method.get(key).cloned().unwrap_or_default();
    let hash = method.get("ref").and_then(Value::as_str).and_then(|operation| hashes.get(operation));
    let words = |name: &'static str, key: &str| (name, said(key));
    Value::Map(Map::from_iter([
        words("name", "name"),
        words("operation", "ref"),
        words("effect", "effect"),
        words("derived_from", "derived"),
        words("summary", "summary"),
        ("hash", hash.map(|hash| hash.as_str().into()).unwrap_or_default()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi::Guess;

    #[test]
    fn the_report_names_everything_that_a_person_must_look_at() {
        let report = Report {
            format: "OpenAPI 3.0.3".into(),
            title: "Cloud".into(),
            version: "1".into(),
            host: "https://api.example".into(),
            path: "/v1".into(),
            others: vec!["https://b.example".into()],
            files: 2,
            operations: 3,
            methods: 2,
            refused: vec![("POST /x".into(), "it needs the cookie s".into())],
            elsewhere: BTreeMap::from([("https://b.example/v1".into(), vec!["GET /b".into(), "GET /c".into()])]),
            effects: BTreeMap::from([(Effect::Read, 1), (Effect::Destroy, 1)]),
            guesses: vec![Guess {
                method: "a.rebuild".into(),
                operation: "POST /a/rebuild".into(),
                effect: Effect::Destroy,
                because: "the word `rebuild` in its path".into(),
            }],
            ..Report::default()
        };
        let provider = Map::from_iter([
            ("auth", Value::Map(Map::from_iter([("scheme", "header"), ("name", "X-Key"), ("value", "{key}")]))),
            ("auths", Value::Map(Map::from_iter([("none", Map::new())]))),
        ]);
        let methods = r#"[{"name":"a","derived":"its verb GET"},{"name":"b","derived":"its verb PUT"},{"name":"c"}]"#;
        let methods: Vec<Value> = serde_json::from_str(methods).unwrap();
        let text = text(&Imported { provider, report, methods, ..Imported::default() }, "own");
        assert_eq!(
            text,
            "own: Cloud 1, 3 operations\n  OpenAPI 3.0.3 in 2 files\n  2 methods: 1 only read, 1 lose something\n  \
             the effects come from the verb (2), a review (1)\n  calls go to https://api.example/v1\n  not used: https://b.example; --server chooses one\n  \
             the key is sent as `X-Key: KEY`; `auth` in the profile chooses another way: none\n  \
             2 operations are at https://b.example/v1: for a provider of them, add --server https://b.example/v1 --name OTHER\n  \
             1 cannot be called:\n    POST /x: it needs the cookie s\n  \
             1 have an effect that is only likely; look at them once:\n    \
             destroy   a.rebuild (POST /a/rebuild): the word `rebuild` in its path\n"
        );
    }

    #[test]
    fn what_is_wrong_with_the_catalogue_is_told() {
        assert_eq!(Checked::default().text(), "");
        let finding = Finding { part: "a.get".into(), fault: "parameter x twice".into() };
        let checked = Checked { findings: vec![finding], collisions: vec!["`search` is a command too".into()] };
        assert_eq!(
            checked.text(),
            "  1 thing not as a catalogue should have it:\n    a.get: parameter x twice\n  note: `search` is a command too\n"
        );
    }

    #[test]
    fn a_method_is_a_row() {
        let method: Value = serde_json::from_str(r#"{"name":"a.get","ref":"GET /a","effect":"read"}"#).unwrap();
        let row = row(&method, &BTreeMap::from([("GET /a".to_owned(), "1f".to_owned())]));
        assert_eq!(row.get("hash").and_then(Value::as_str), Some("1f"));
        assert_eq!(row.get("operation").and_then(Value::as_str), Some("GET /a"));
        assert_eq!(row.get("derived_from"), Some(&Value::Null));
    }
}
