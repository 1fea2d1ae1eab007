//! What must hold for every catalogue. A table of checks; each finding names the method and the fault.
//!
//! Whether the example lines bind and encode is tested above this module, where binding and codecs are known.

use std::collections::HashSet;

use super::catalog::Catalog;
use crate::model::provider::{Protocol, Transport};
use crate::model::{Field, Method, Param, Type, Value};

/// Every fault of a catalogue; empty when it is fit to ship.
pub fn lint(catalog: &Catalog) -> Vec<String> {
    let mut findings = provider_findings(catalog);
    let mut seen = HashSet::new();
    for record in catalog.records() {
        if !seen.insert(&record.name) {
            findings.push(format!("{}: named twice", record.name));
        }
        match catalog.method(&record.name) {
            Some(Ok(method)) => {
                let faults = method_findings(&method, catalog);
                findings.extend(faults.into_iter().map(|fault| format!("{}: {fault}", method.name)));
            }
            Some(Err(error)) => findings.push(error.to_string()),
            None => findings.push(format!("{}: is not found by its own name", record.name)),
        }
    }
    findings.extend(shape_findings(catalog));
    findings
}

fn provider_findings(catalog: &Catalog) -> Vec<String> {
    let provider = catalog.provider();
    let known = |name: &str| catalog.method(name).is_some();
    let mut findings = Vec::new();
    if provider.transports.is_empty() {
        findings.push("provider: no transport".to_owned());
    }
    findings.extend(transport_findings(&provider.transports));
    if let Some(rule) = &provider.introspection {
        for name in [&rule.list, &rule.help] {
            if !known(name) {
                findings.push(format!("provider: introspection names {name}, which is no method"));
            }
        }
    }
    if let Some(rule) = &provider.job {
        match catalog.method(&rule.method) {
            Some(Ok(method)) => {
                if method.param(&rule.parameter).is_none() {
                    findings.push(format!("provider: job rule names {}, which is no parameter", rule.parameter));
                }
                let fields = fields_of(&method.returns, &method.fields, catalog);
                for field in [&rule.id, &rule.status, &rule.finished, &rule.failed] {
                    if !fields.iter().any(|f| &f.name == field) {
                        findings.push(format!("provider: job rule names {field}, which is no field"));
                    }
                }
            }
            _ => findings.push(format!("provider: job rule names {}, which is no method", rule.method)),
        }
    }
    let mut codes = HashSet::new();
    findings.extend(
        provider.errors.iter().filter(|e| !codes.insert(&e.code)).map(|e| format!("provider: error {} twice", e.code)),
    );
    findings
}

fn transport_findings(transports: &[Transport]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut names = HashSet::new();
    for Transport { name, protocol, path, batch } in transports {
        let mut finding = |fault: &str| findings.push(format!("provider: transport {name}{fault}"));
        if !names.insert(name) {
            finding(" twice");
        }
        if !path.is_empty() && !path.starts_with('/') {
            finding("'s path does not begin with /");
        }
        if batch.is_some_and(|most| most == 0 || *protocol != Protocol::JsonRpc) {
            finding(" cannot carry a batch");
        }
    }
    findings
}

fn method_findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let mut findings = Vec::new();
    findings.extend(summary_fault(&method.summary));
    if method.doc.is_none() {
        findings.push("no pointer into the document".into());
    }
    let mut names = HashSet::new();
    for param in &method.params {
        if !names.insert(&param.name) {
            findings.push(format!("parameter {} twice", param.name));
        }
        findings.extend(param_findings(param, catalog).into_iter().map(|fault| format!("{}: {fault}", param.name)));
    }
    findings.extend(type_fault(&method.returns, catalog));
    findings.extend(field_findings(&method.fields, catalog));
    for code in &method.errors {
        if catalog.provider().error(code).is_none() {
            findings.push(format!("error {code} is none of the provider's"));
        }
    }
    findings.extend(job_fault(method, catalog));
    match &method.example {
        None => findings.push("no example".into()),
        Some(line) => {
            if line.split_whitespace().next() != Some(&method.name) {
                findings.push("the example calls another method".into());
            }
        }
    }
    findings
}

fn job_fault(method: &Method, catalog: &Catalog) -> Option<String> {
    let place = method.job.as_deref()?;
    if catalog.provider().job.is_none() {
        return Some("returns a job, but the provider has no job rule".into());
    }
    let fields = fields_of(&method.returns, &method.fields, catalog);
    (place != "." && !fields.iter().any(|field| field.name == place)).then(|| format!("{place} is no field of it"))
}

fn param_findings(param: &Param, catalog: &Catalog) -> Vec<String> {
    let mut findings: Vec<String> = summary_fault(&param.summary).into_iter().collect();
    findings.extend(type_fault(&param.type_, catalog));
    findings.extend(field_findings(&param.fields, catalog));
    let values = param.choices.iter().chain(&param.default);
    findings.extend(values.filter(|v| !fits(v, &param.type_)).map(|v| format!("{v:?} is not of its type")));
    if param.min.zip(param.max).is_some_and(|(min, max)| min > max) {
        findings.push("min is above max".into());
    }
    if (param.min.is_some() || param.max.is_some()) && !matches!(param.type_, Type::Int | Type::Float) {
        findings.push("limits on what is no number".into());
    }
    findings
}

fn field_findings(fields: &[Field], catalog: &Catalog) -> Vec<String> {
    let mut names = HashSet::new();
    let mut findings = Vec::new();
    for field in fields {
        if !names.insert(&field.name) {
            findings.push(format!("field {} twice", field.name));
        }
        findings.extend(type_fault(&field.type_, catalog));
        findings.extend(field_findings(&field.fields, catalog));
    }
    findings
}

fn shape_findings(catalog: &Catalog) -> Vec<String> {
    let mut names = HashSet::new();
    let mut findings = Vec::new();
    for shape in catalog.shapes() {
        if !names.insert(&shape.name) {
            findings.push(format!("@{}: described twice", shape.name));
        }
        let faults = field_findings(&shape.fields, catalog);
        findings.extend(faults.into_iter().map(|fault| format!("@{}: {fault}", shape.name)));
    }
    findings
}

fn type_fault(declared: &Type, catalog: &Catalog) -> Option<String> {
    let name = declared.shape()?;
    (!catalog.shapes().iter().any(|shape| shape.name == name)).then(|| format!("@{name} is described nowhere"))
}

fn summary_fault(summary: &str) -> Option<String> {
    match summary {
        "" => Some("no summary".into()),
        long if long.chars().count() > 80 => Some("the summary is over 80 characters".into()),
        stopped if stopped.ends_with('.') => Some("the summary ends with a full stop".into()),
        _ => None,
    }
}

/// The fields of a result, wherever they are described.
fn fields_of(declared: &Type, own: &[Field], catalog: &Catalog) -> Vec<Field> {
    match declared.shape() {
        Some(name) => {
            catalog.shapes().iter().find(|shape| shape.name == name).map(|s| s.fields.clone()).unwrap_or_default()
        }
        None => own.to_vec(),
    }
}

fn fits(value: &Value, declared: &Type) -> bool {
    match declared {
        Type::String => matches!(value, Value::Text(_)),
        Type::Int => matches!(value, Value::Int(_)),
        Type::Float => matches!(value, Value::Int(_) | Value::Decimal(_)),
        Type::Boolean => matches!(value, Value::Bool(_)),
        Type::List(inner) => match value {
            Value::List(list) => list.iter().all(|member| fits(member, inner)),
            member => fits(member, inner),
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::embedded;

    #[test]
    fn every_catalogue_is_fit_to_ship() {
        for source in embedded::all() {
            let findings = lint(&Catalog::open(source).unwrap());
            assert!(findings.is_empty(), "{}:\n{}", source.id, findings.join("\n"));
        }
    }

    #[test]
    fn faults_of_transports_are_found() {
        let transport = |name: &str, protocol, path: &str, batch| Transport {
            name: name.into(),
            protocol,
            path: path.into(),
            batch,
        };
        let findings = transport_findings(&[
            transport("a", Protocol::JsonRpc, "/rpc", Some(100)),
            transport("a", Protocol::JsonRpc, "rpc", Some(0)),
            transport("b", Protocol::XmlRpc, "/", Some(1)),
        ]);
        assert_eq!(
            findings,
            [
                "provider: transport a twice",
                "provider: transport a's path does not begin with /",
                "provider: transport a cannot carry a batch",
                "provider: transport b cannot carry a batch",
            ]
        );
    }

    #[test]
    fn faults_are_found() {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        let bad: Method = serde_json::from_str(
            r#"{"name":"a.b","summary":"Ends with a stop.","returns":"@nowhere","errors":[999],"job":"x",
                "example":"c.d","params":[{"name":"p","type":"int","summary":"P","choices":["one"],"min":3,"max":1},
                {"name":"p","type":"string","summary":"P","min":1}]}"#,
        )
        .unwrap();
        let findings = method_findings(&bad, &catalog).join("\n");
        for fault in [
            "full stop",
            "no pointer",
            "p twice",
            "not of its type",
            "min is above max",
            "limits on what is no number",
            "@nowhere is described nowhere",
            "999",
            "x is no field",
            "calls another method",
        ] {
            assert!(findings.contains(fault), "{fault} is missing from:\n{findings}");
        }
    }
}
