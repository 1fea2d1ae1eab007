//! Parameters, fields and shapes: their types, limits and names.

use std::collections::HashSet;

use super::finding::found;
use super::unit;
use super::wire_name::{Notation, is_wire};
use crate::catalog::Catalog;
use model::{Field, Form, Param, Rule, Spec, Type, Value};

pub(super) fn param_findings(param: &Param, catalog: &Catalog) -> Vec<String> {
    let mut findings: Vec<String> = type_fault(&param.type_, catalog).into_iter().collect();
    findings.extend(field_findings(&param.fields, catalog));
    findings.extend(spec_findings(&Spec::of(param)));
    findings.extend(
        param.default.iter().filter(|v| !fits(v, &param.type_)).map(|v| format!("{} is not of its type", shown(v))),
    );
    let inside = names_of(&param.type_, &param.fields, catalog);
    findings.extend(rule_findings(&param.rules, &inside));
    let text = matches!(param.type_, Type::String);
    findings.extend(found(&[
        (!can_be_typed(&param.name), "a name that cannot be typed"),
        (param.sorts.is_some() && !text, "`sorts` needs a text"),
        (param.always && !param.wire_name().contains('/'), "`always` needs a path as its name on the wire"),
        (param.sorts.as_ref().is_some_and(|sorts| sorts.by.is_empty()), "`sorts.by` is empty"),
    ]));
    findings
}

/// A value as a catalogue writes it.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        value => value.plain(),
    }
}

/// Whether a line can give a value by this name.
pub(super) fn can_be_typed(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "_-@$:*+".contains(c);
    !name.is_empty() && !name.starts_with('-') && name.chars().all(fits)
}

/// Names that match two parameters of a method.
pub(super) fn alias_findings(params: &[Param]) -> Vec<String> {
    let mut names: HashSet<String> = params.iter().map(|param| param.name.clone()).collect();
    let aliases = params.iter().flat_map(|param| &param.aliases);
    aliases.filter(|alias| !names.insert((*alias).clone())).map(|alias| format!("the name {alias} is taken")).collect()
}

pub(super) fn field_findings(fields: &[Field], catalog: &Catalog) -> Vec<String> {
    let mut names = HashSet::new();
    let mut findings = Vec::new();
    for field in fields {
        if !names.insert(&field.name) {
            findings.push(format!("field {} twice", field.name));
        }
        let mut own = found(&[
            (
                field.wire.as_ref().is_some_and(|wire| !is_wire(wire, Notation::Xml)),
                "its name on the wire is not valid",
            ),
            (field.form == Some(Form::Epoch) && field.type_ != Type::Int, "form `epoch` needs type int"),
            (field.form == Some(Form::Written) && field.type_ != Type::String, "form `written` needs type string"),
        ]);
        own.extend(spec_findings(&Spec::of_field(field)));
        own.extend(unit::findings(field, fields, fits));
        own.extend(rule_findings(&field.rules, &names_of(&field.type_, &field.fields, catalog)));
        findings.extend(own.into_iter().map(|finding| format!("field {}: {finding}", field.name)));
        findings.extend(type_fault(&field.type_, catalog));
        findings.extend(field_findings(&field.fields, catalog));
    }
    findings
}

/// The limits of a value must fit its type and each other.
fn spec_findings(spec: &Spec<'_>) -> Vec<String> {
    let one = spec.member().map_or(spec.type_, |member| member.type_);
    let is = |wanted: &dyn Fn(&Type) -> bool| wanted(one) || *one == Type::Any && spec.takes.iter().any(wanted);
    let number = is(&|it| matches!(it, Type::Int | Type::Float));
    let text =
        is(&|it| matches!(it, Type::String)) || is(&|it| matches!(it, Type::List(inner) if **inner == Type::String));
    let listed = matches!(spec.type_, Type::List(_));
    let counted = text || listed || spec.type_.holds_dict() || matches!(spec.type_, Type::MapOf(_));
    let numbers = spec.min.is_some() || spec.max.is_some() || spec.step.is_some();
    let texts = spec.pattern.is_some() || !spec.not.is_empty();
    let dated = matches!(spec.form, Some(Form::Day | Form::Moment | Form::Iso | Form::Minute));
    let mut findings = found(&[
        (spec.min.zip(spec.max).is_some_and(|(min, max)| min > max), "min is above max"),
        (spec.min_length.zip(spec.max_length).is_some_and(|(min, max)| min > max), "min_length is above max_length"),
        (numbers && !number, "limits on something that is not a number"),
        (spec.step.is_some_and(|step| step < 1), "a step below 1"),
        (texts && !text, "a pattern for something that is not a text"),
        (
            (spec.min_length.is_some() || spec.max_length.is_some()) && !counted,
            "a length limit on something without a length",
        ),
        ((spec.distinct || !spec.alone.is_empty()) && !listed, "rules for members of something that is not a list"),
        (!spec.takes.is_empty() && *spec.type_ != Type::Any, "`takes` needs type any"),
        (dated && *one != Type::Date, "a date form for something that is not a date"),
    ]);
    findings.extend(spec.choices.iter().filter(|v| !fits(v, one)).map(|v| format!("{} is not of its type", shown(v))));
    findings
}

/// Rules must use existing names and require something.
pub(super) fn rule_findings(rules: &[Rule], known: &[String]) -> Vec<String> {
    rules.iter().flat_map(|rule| rule_faults(rule, known)).map(|finding| format!("rule: {finding}")).collect()
}

fn rule_faults(rule: &Rule, known: &[String]) -> Vec<String> {
    let unknown = rule.names().filter(|name| !known.contains(name)).map(|name| format!("there is no {name}"));
    let mut findings: Vec<String> = unknown.collect();
    findings.extend(found(&[
        (rule.sentences().is_empty(), "it has no effect"),
        (rule.not_both.len() == 1, "`not_both` needs at least two names"),
        (rule.days.is_some() && rule.order.is_none(), "`days` needs `order`"),
        (rule.note.is_some() && rule.days.is_none(), "`note` needs `days`"),
        (rule.note.as_ref().is_some_and(|note| note.ends_with('.')), "its note ends with a full stop"),
        (rule.when.values().chain(rule.only.values()).any(Vec::is_empty), "a name without values"),
    ]));
    findings
}

/// The names inside a dictionary, or inside the members of a list.
fn names_of(declared: &Type, own: &[Field], catalog: &Catalog) -> Vec<String> {
    fields_of(declared, own, catalog).into_iter().map(|field| field.name).collect()
}

pub(super) fn shape_findings(catalog: &Catalog) -> Vec<String> {
    let mut names = HashSet::new();
    let mut findings = Vec::new();
    for shape in catalog.shapes() {
        if !names.insert(&shape.name) {
            findings.push(format!("@{}: described twice", shape.name));
        }
        let mut faults = field_findings(&shape.fields, catalog);
        let names: Vec<String> = shape.fields.iter().map(|field| field.name.clone()).collect();
        faults.extend(rule_findings(&shape.rules, &names));
        findings.extend(faults.into_iter().map(|fault| format!("@{}: {fault}", shape.name)));
    }
    findings
}

pub(super) fn type_fault(declared: &Type, catalog: &Catalog) -> Option<String> {
    let name = declared.shape()?;
    (!catalog.shapes().iter().any(|shape| shape.name == name)).then(|| format!("@{name} is not defined"))
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

/// The field at a dotted path below some fields. `*` is every value of a dictionary: where its values are dictionaries,
/// they share their fields, and of named ones the first counts for all.
pub(super) fn field_at(mut fields: Vec<Field>, path: &str, catalog: &Catalog) -> Option<Field> {
    let mut at: Option<Field> = None;
    for step in path.split('.') {
        let field = match (step, &at) {
            ("*", Some(Field { type_: Type::MapOf(inner), fields, .. })) => {
                Field { type_: (**inner).clone(), fields: fields.clone(), ..Field::default() }
            }
            ("*", _) => fields.first()?.clone(),
            _ => fields.iter().find(|field| field.name == step)?.clone(),
        };
        fields = fields_of(&field.type_, &field.fields, catalog);
        at = Some(field);
    }
    at
}

/// Whether a value is of a type.
pub(super) fn fits(value: &Value, declared: &Type) -> bool {
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
