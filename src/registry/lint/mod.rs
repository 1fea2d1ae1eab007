//! Checks that every catalogue must pass. Each finding names the method and the fault.
//!
//! Whether the example lines bind and encode is tested above this module, where binding and codecs are available.

mod address;
mod auth;
mod chart;
mod columns;
mod fields;
mod finding;
mod house;
mod idempotency;
mod identity;
mod job;
mod paging;
mod provider;
mod reconcile;
mod safety;
mod unit;
mod view;
mod wire_name;

use std::collections::HashSet;
use std::fmt;

use super::catalog::Catalog;
use fields::{alias_findings, field_findings, param_findings, rule_findings, shape_findings, type_fault};
use model::{Method, Type};
pub use view::view_findings;

/// A fault, and the part of the catalogue that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A method, a shape as `@name`, or `provider`.
    pub part: String,
    /// What is wrong with it.
    pub fault: String,
}

impl Finding {
    /// A finding from its words, which begin with the part.
    fn of(words: &str) -> Finding {
        let (part, fault) = words.split_once(": ").unwrap_or(("provider", words));
        Finding { part: part.to_owned(), fault: fault.to_owned() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.fault)
    }
}

/// All faults of a catalogue of the program, which follows the rules of the house too; empty when it is valid.
pub fn lint(catalog: &Catalog) -> Vec<Finding> {
    let mut findings = lint_user(catalog);
    let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok());
    for method in methods {
        let faults = house::findings(&method, catalog);
        findings.extend(faults.into_iter().map(|fault| Finding { part: method.name.clone(), fault }));
    }
    findings.extend(house::provider_findings(catalog.provider()).iter().map(|words| Finding::of(words)));
    findings
}

/// The faults that keep a user's catalogue from being used; empty when it is valid.
pub fn lint_user(catalog: &Catalog) -> Vec<Finding> {
    let mut findings = provider::findings(catalog);
    let mut seen = HashSet::new();
    for alias in catalog.aliases() {
        if !seen.insert(alias.name) {
            findings.push(format!("{}: the alias {} is taken", alias.method, alias.name));
        }
    }
    for record in catalog.records() {
        if !seen.insert(record.name) {
            findings.push(format!("{}: named twice", record.name));
        }
        match catalog.method(record.name) {
            Some(Ok(method)) => {
                let faults = method_findings(&method, catalog);
                findings.extend(faults.into_iter().map(|fault| format!("{}: {fault}", method.name)));
            }
            Some(Err(error)) => findings.push(format!("{}: {}", record.name, error.cause)),
            None => findings.push(format!("{}: is not found by its own name", record.name)),
        }
    }
    findings.extend(shape_findings(catalog));
    findings.extend(identity::findings(catalog));
    findings.extend(columns::shape_findings(catalog));
    findings.iter().map(|words| Finding::of(words)).collect()
}

fn method_findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let mut findings = Vec::new();
    let mut names = HashSet::new();
    for param in &method.params {
        if !names.insert(&param.name) {
            findings.push(format!("parameter {} twice", param.name));
        }
        findings.extend(param_findings(param, catalog).into_iter().map(|fault| format!("{}: {fault}", param.name)));
    }
    let names: Vec<String> = method.params.iter().map(|param| param.name.clone()).collect();
    let last = method.params.len().saturating_sub(1);
    let early = method.params.iter().enumerate().filter(|(nth, param)| param.variadic && *nth != last);
    findings.extend(early.map(|(_, param)| format!("{}: only the last parameter can be variadic", param.name)));
    let single = method.params.iter().filter(|param| param.variadic && !matches!(param.type_, Type::List(_)));
    findings.extend(single.map(|param| format!("{}: a variadic parameter is a list", param.name)));
    findings.extend(alias_findings(&method.params));
    findings.extend(rule_findings(&method.rules, &names));
    findings.extend(type_fault(&method.returns, catalog));
    findings.extend(field_findings(&method.fields, catalog));
    findings.extend(columns::findings(method, catalog));
    for code in &method.errors {
        if catalog.provider().error(code).is_none() {
            findings.push(format!("error {code} is not defined by the provider"));
        }
    }
    findings.extend(auth::method_findings(method, catalog.provider()));
    findings.extend(job::findings(method, catalog));
    findings.extend(paging::findings(method, catalog));
    findings.extend(safety::findings(method, catalog));
    findings.extend(idempotency::findings(method));
    findings.extend(reconcile::findings(method, catalog));
    findings.extend(address::findings(method, catalog));
    findings.extend(chart::findings(method, catalog));
    if method.example.as_ref().is_some_and(|line| line.split_whitespace().next() != Some(&method.name)) {
        findings.push("the example calls another method".into());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::embedded;

    /// What is found in a catalogue with this provider's further keys, a shape `thing` with these fields, and these
    /// methods; `fit` if nothing is.
    pub(super) fn lint_of(provider: &str, fields: &str, methods: &str) -> String {
        let text = format!(
            r#"
            id = "t"
            title = "T"
            document = "t.txt"
            host = "https://example.com"
            auth = {{ scheme = "none" }}
            {provider}
            [[transport]]
            name = "xmlrpc"
            protocol = "xmlrpc"
            path = "/"
            [[shape]]
            name = "thing"
            fields = [{fields}]
            {methods}
            "#
        );
        match check(&text).0.as_slice() {
            [] => "fit".into(),
            findings => findings.iter().map(|finding| format!("{finding}\n")).collect(),
        }
    }

    #[test]
    fn every_catalogue_is_valid() {
        for source in embedded::all().iter().chain(embedded::generic()) {
            let findings = lint(&Catalog::open(source).unwrap());
            let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
            assert!(findings.is_empty(), "{}:\n{}", source.id, findings.join("\n"));
        }
    }

    #[test]
    fn faults_are_found() {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        let bad: Method = serde_json::from_str(
            r#"{"name":"a.b","summary":"Ends with a stop.","returns":"@nowhere","errors":[999],"job":"x",
                "fields":[{"name":"t","form":"epoch"}],"example":"c.d","params":[{"name":"p","type":"int","summary":"P","choices":["one"],"min":3,"max":1},
                {"name":"p","type":"string","summary":"P","min":1,"variadic":true},
                {"name":"q","type":"int","summary":"Q","aliases":["p"],"pattern":"word","distinct":true,"min_length":1,
                 "takes":["int"],"form":"day","always":true,"sorts":{"by":[]},"step":0},
                {"name":"r","type":"dict","summary":"R","fields":[{"name":"s","type":"string","max":1}],
                 "rules":[{"needs":["t"]}]}],
                "rules":[{"when":{"p":[]},"note":"N."},{"not_both":["p"]}]}"#,
        )
        .unwrap();
        let house = house::findings(&bad, &catalog);
        let findings = [method_findings(&bad, &catalog), house].concat().join("\n");
        for fault in [
            "full stop",
            "`doc` is missing",
            "p twice",
            "p: only the last parameter can be variadic",
            "p: a variadic parameter is a list",
            "not of its type",
            "min is above max",
            "limits on something that is not a number",
            "@nowhere is not defined",
            "999",
            "form `epoch` needs type int",
            "x.id is not a field",
            "calls another method",
            "the name p is taken",
            "q: a pattern for something that is not a text",
            "q: rules for members of something that is not a list",
            "q: a length limit on something without a length",
            "q: `takes` needs type any",
            "q: a date form for something that is not a date",
            "q: `always` needs a path as its name on the wire",
            "q: `sorts` needs a text",
            "q: `sorts.by` is empty",
            "q: a step below 1",
            "r: field s: limits on something that is not a number",
            "r: rule: there is no t",
            "rule: it has no effect",
            "rule: a name without values",
            "rule: `note` needs `days`",
            "rule: its note ends with a full stop",
            "rule: `not_both` needs at least two names",
        ] {
            assert!(findings.contains(fault), "{fault} is missing from:\n{findings}");
        }
    }
}
