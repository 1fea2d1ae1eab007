//! Parameters, fields and shapes: their types, limits and names.

use std::collections::HashSet;

use super::Catalog;
use super::address::is_wire;
use model::{Field, Form, Param, Type, Value};

pub(super) fn param_findings(param: &Param, catalog: &Catalog) -> Vec<String> {
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

pub(super) fn field_findings(fields: &[Field], catalog: &Catalog) -> Vec<String> {
    let mut names = HashSet::new();
    let mut findings = Vec::new();
    for field in fields {
        if !names.insert(&field.name) {
            findings.push(format!("field {} twice", field.name));
        }
        if field.wire.as_ref().is_some_and(|wire| !is_wire(wire, true)) {
            findings.push(format!("field {}: its name on the wire is none", field.name));
        }
        if field.form == Some(Form::Epoch) && field.type_ != Type::Int {
            findings.push(format!("field {}: seconds that are no int", field.name));
        }
        findings.extend(type_fault(&field.type_, catalog));
        findings.extend(field_findings(&field.fields, catalog));
    }
    findings
}

pub(super) fn shape_findings(catalog: &Catalog) -> Vec<String> {
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

pub(super) fn type_fault(declared: &Type, catalog: &Catalog) -> Option<String> {
    let name = declared.shape()?;
    (!catalog.shapes().iter().any(|shape| shape.name == name)).then(|| format!("@{name} is described nowhere"))
}

pub(super) fn summary_fault(summary: &str) -> Option<String> {
    match summary {
        "" => Some("no summary".into()),
        long if long.chars().count() > 80 => Some("the summary is over 80 characters".into()),
        stopped if stopped.ends_with('.') => Some("the summary ends with a full stop".into()),
        _ => None,
    }
}

/// The fields of a result, wherever they are described.
pub(super) fn fields_of(declared: &Type, own: &[Field], catalog: &Catalog) -> Vec<Field> {
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
