//! Tasks that go on after an answer: the rules for following them must name existing methods and fields.

use std::collections::HashSet;

use super::fields::{field_at, fields_of};
use super::finding::found;
use crate::catalog::Catalog;
use model::job::Ended;
use model::{Begins, Effect, JobRule, Method, Type};

/// All faults in the provider's rules.
pub(super) fn rule_findings(catalog: &Catalog) -> Vec<String> {
    let rules = &catalog.provider().jobs;
    let mut names = HashSet::new();
    let twice =
        rules.iter().filter(|rule| !names.insert(&rule.name)).map(|rule| format!("job rule {} twice", rule.name));
    let faults = rules.iter().flat_map(|rule| {
        let of_rule = |fault| format!("job rule {}: {fault}", rule.name);
        one_rule(rule, catalog).into_iter().map(of_rule)
    });
    twice.chain(faults).collect()
}

fn one_rule(rule: &JobRule, catalog: &Catalog) -> Vec<String> {
    let Some(Ok(method)) = catalog.method(&rule.method) else {
        return vec![format!("{} is not a method", rule.method)];
    };
    let parameter = rule.parameter.as_deref();
    // A list inside a larger object is found in the answer; the parameters of the larger object come from the method.
    let wants_more = rule.within.is_none()
        && method.params.iter().any(|param| {
            let given = Some(param.name.as_str()) == parameter || rule.part_names().any(|name| name == param.name);
            param.required && !given
        });
    let strange = rule.part_names().find(|name| method.param(name).is_none());
    let unknown = parameter.filter(|name| method.param(name).is_none());
    let mut findings = found(&[
        (method.effect != Effect::Read, "its method is not a read"),
        (unknown.is_some(), &format!("{} is not a parameter", parameter.unwrap_or_default())),
        (wants_more, "its method requires further parameters"),
        (strange.is_some(), &format!("{} of `parts` is not a parameter", strange.unwrap_or_default())),
        (rule.parts.is_some() && rule.part_names().next().is_none(), "`parts` names no part"),
        (rule.listed && rule.running.is_some(), "`listed` and `running` exclude each other"),
        (rule.ended.is_some() && !rule.listed, "`ended` needs `listed`"),
    ]);
    let inside = |path: &str| rule.within.as_ref().map_or(path.to_owned(), |within| format!("{within}.{path}"));
    let missing = rule.fields().filter(|path| !has(&method, &inside(path), catalog));
    findings.extend(missing.map(|path| format!("{path} is not a field")));
    findings.extend(rule.ended.iter().flat_map(|ended| ended_faults(ended, catalog)));
    let unknown = rule.gone.iter().filter(|code| catalog.provider().error(code).is_none());
    findings.extend(unknown.map(|code| format!("{code} is not one of the provider's codes")));
    findings
}

fn ended_faults(ended: &Ended, catalog: &Catalog) -> Vec<String> {
    let Some(Ok(method)) = catalog.method(&ended.method) else {
        return vec![format!("{} is not a method", ended.method)];
    };
    let mut findings = found(&[
        (method.effect != Effect::Read, "the method of `ended` is not a read"),
        (!matches!(method.returns, Type::List(_)), "the method of `ended` does not return a list"),
        (method.params.iter().any(|param| param.required), "the method of `ended` requires parameters"),
    ]);
    let fields = [&ended.id, &ended.status].into_iter().chain(&ended.reason).map(String::as_str);
    let missing = fields.chain(ended.good.fields()).filter(|path| !has(&method, path, catalog));
    findings.extend(missing.map(|path| format!("{path} is not a field of {}", method.name)));
    findings
}

/// All faults in what a method says about the task it starts.
pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let Some(begins) = &method.job else { return Vec::new() };
    let Some(rule) = catalog.provider().job_rule(begins) else {
        return vec!["the provider does not define this job rule".into()];
    };
    let Some(Ok(reading)) = catalog.method(&rule.method) else { return Vec::new() };
    let ways = [&begins.at, &begins.link, &begins.header, &begins.id, &begins.by].into_iter().flatten().count();
    let listed = matches!(reading.returns, Type::List(_));
    let mut findings = found(&[
        (ways != 1, "a job needs exactly one of `at`, `link`, `header`, `id` and `by`"),
        (
            !rule.listed && rule.running.is_none() && begins.until.is_none(),
            "nothing says when its job is over: give `running`, `listed` or `until`",
        ),
        (begins.gone && !listed && rule.gone.is_empty(), "`gone` needs a rule with `listed` or codes in `gone`"),
        (begins.by.is_some() && !listed, "`by` needs a method that returns a list"),
        (
            begins.by_address() && !has_address(rule, &reading),
            "an address of a job needs a method whose path has the id",
        ),
        (
            begins.link.as_ref().is_some_and(|path| !has(method, path, catalog)),
            "the field with the address of its job is not a field of it",
        ),
    ]);
    let needed = reading.params.iter().filter(|param| param.required && rule.parameter.as_ref() != Some(&param.name));
    let lacking = needed
        .filter(|param| !begins.with.contains_key(&param.name) && !rule.part_names().any(|name| name == param.name));
    findings.extend(lacking.map(|param| format!("{} needs {}", reading.name, param.name)));
    let odd = begins.with.iter().filter(|(to, from)| reading.param(to).is_none() || method.param(from).is_none());
    findings.extend(odd.map(|(to, from)| format!("{to} = {from} does not join two parameters")));
    findings.extend(place_faults(begins, rule, method, catalog));
    let until = begins.until.iter().flat_map(|until| until.fields());
    let missing = until.filter(|path| !has(&reading, path, catalog));
    findings.extend(missing.map(|path| format!("{path} is not a field of {}", reading.name)));
    let params = begins.id.iter().chain(&begins.by).filter(|name| method.param(name).is_none());
    findings.extend(params.map(|name| format!("{name} is not a parameter of it")));
    let shared = begins.by.iter().filter(|name| reading.param(name).is_none());
    findings.extend(shared.map(|name| format!("{name} is not a parameter of {}", reading.name)));
    findings
}

/// Whether the id of a job is a whole part of the path of the method that reads it.
fn has_address(rule: &JobRule, reading: &Method) -> bool {
    let param = rule.parameter.as_ref().and_then(|name| reading.param(name));
    let place = param.map(|param| format!("{{{}}}", param.wire_name()));
    let parts = reading.route.iter().flat_map(|route| route.path.split('/'));
    place.is_some_and(|place| parts.into_iter().any(|part| part == place))
}

fn place_faults(begins: &Begins, rule: &JobRule, method: &Method, catalog: &Catalog) -> Vec<String> {
    let fault = |place: &str| {
        // The result, or the field, may be the id itself.
        let id = |type_: &Type| match type_ {
            Type::List(inner) => matches!(**inner, Type::String | Type::Int),
            type_ => matches!(type_, Type::String | Type::Int),
        };
        let (path, is_id) = match place {
            "." => (rule.id.clone(), id(&method.returns)),
            place => {
                let fields = fields_of(&method.returns, &method.fields, catalog);
                let is_id = fields.iter().any(|field| field.name == place && id(&field.type_));
                (format!("{place}.{}", rule.id), is_id)
            }
        };
        (!is_id && !has(method, &path, catalog)).then(|| format!("{path} is not a field of it"))
    };
    let mixed = begins.places().any(|place| place == ".") && !begins.more.is_empty();
    let mixed = mixed.then(|| "`at` is the whole result, and there is nothing beside it".to_owned());
    begins.places().filter_map(fault).chain(mixed).collect()
}

/// Whether the result of a method, or its members, has a field at a dotted path.
fn has(method: &Method, path: &str, catalog: &Catalog) -> bool {
    field_at(fields_of(&method.returns, &method.fields, catalog), path, catalog).is_some()
}

#[cfg(test)]
mod tests {
    use crate::lint::tests;

    /// What is found with one rule over `thing.list`, and one method that starts such a task.
    fn lint_of(rule: &str, job: &str) -> String {
        let rule = format!(
            r#"job = [{{ name = "thing", method = "thing.list", parameter = "id", id = "id", status = "state", {rule} }}]"#
        );
        let fields = r#"
            { name = "id", type = "string" },
            { name = "state", type = "string" },
            { name = "steps", type = "list:dict", fields = [{ name = "percent", type = "int" }] },
        "#;
        let methods = format!(
            r#"
            [[method]]
            name = "thing.list"
            doc = 1
            summary = "List things"
            effect = "read"
            returns = "list:@thing"
            example = "thing.list"
            params = [{{ name = "id", type = "string", summary = "Id" }}]
            [[method]]
            name = "thing.make"
            doc = 1
            summary = "Make a thing"
            job = {job}
            example = "thing.make name x"
            params = [{{ name = "name", type = "string", summary = "Name" }}]
            "#
        );
        tests::lint_of(&rule, fields, &methods)
    }

    #[test]
    fn rules_name_existing_fields() {
        let running = r#"running = { state = ["BUSY"] }"#;
        for (rule, job, finding) in [
            (running, r#"{ id = "name" }"#, "fit"),
            (r#"percent = "steps.percent", running = { state = ["BUSY"] }"#, r#"{ id = "name", gone = true }"#, "fit"),
            (
                r#"percent = "steps.part", running = { state = ["BUSY"] }"#,
                r#"{ id = "name" }"#,
                "steps.part is not a field",
            ),
            (r#"running = { mood = ["BUSY"] }"#, r#"{ id = "name" }"#, "mood is not a field"),
            (r#"gone = [404]"#, r#"{ id = "name", until = { state = ["UP"] } }"#, "404 is not one"),
            (running, r#"{ rule = "nothing", id = "name" }"#, "does not define this job rule"),
            (running, r#"{ id = "nobody" }"#, "nobody is not a parameter"),
            (running, r#"{ by = "name" }"#, "name is not a parameter of thing.list"),
            (running, r#"{ header = "Location" }"#, "an address of a job needs a method whose path has the id"),
            (running, r#"{ link = "job.href" }"#, "the field with the address of its job is not a field of it"),
            (running, r#"{ link = "a", header = "Location" }"#, "exactly one of"),
            (running, r#"{ id = "name", by = "name" }"#, "exactly one of"),
            (running, r#""job""#, "job.id is not a field of it"),
            (running, r#"{ id = "name", until = { mood = ["UP"] } }"#, "mood is not a field of thing.list"),
            ("", r#"{ id = "name" }"#, "nothing says when"),
            ("listed = true", r#"{ id = "name" }"#, "fit"),
            (r#"within = "steps", listed = true, percent = "percent""#, r#"{ id = "name" }"#, "id is not a field"),
            (r#"listed = true, running = { state = ["BUSY"] }"#, r#"{ id = "name" }"#, "exclude each other"),
            (
                r#"listed = true, ended = { method = "thing.none", id = "id", status = "state", good = {} }"#,
                r#"{ id = "name" }"#,
                "thing.none is not a method",
            ),
            (
                r#"listed = true, ended = { method = "thing.list", id = "id", status = "end", good = {} }"#,
                r#"{ id = "name" }"#,
                "end is not a field of thing.list",
            ),
            ("listed = true", r#"{ id = "name", with = { no = "name" } }"#, "does not join two parameters"),
        ] {
            let findings = lint_of(rule, job);
            assert!(findings.contains(finding), "{rule} {job}: {findings}");
        }
    }
}
