//! Confirmation before a call and handling of keys: the names in these rules must exist.

use super::finding::found;
use crate::catalog::Catalog;
use model::{Arguments, Effect, EffectWhen, Method, PriceRule, Type};

pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let required = |name: &String| method.param(name).is_some_and(|param| param.required && !param.secret);
    let returned =
        |name: &String| method.result_fields(catalog.shapes()).iter().any(|field| field.name == *name && field.secret);
    let holds_bytes = |name: &String| {
        method.result_fields(catalog.shapes()).iter().any(|field| field.name == *name && field.type_ == Type::Bytes)
    };
    let mut findings = found(&[
        (
            method.object.as_ref().is_some_and(|name| !required(name)),
            "its object is not a parameter that is always given",
        ),
        (
            method.new_key.as_ref().is_some_and(|name| !returned(name)),
            "the new key is not a secret field of the result",
        ),
        (method.document.as_ref().is_some_and(|name| !holds_bytes(name)), "the document is not a field of bytes"),
        (method.price.is_some() && !method.effects().has(Effect::Billable), "has a price and costs nothing"),
        (method.loses.is_some() && !method.effects().has(Effect::Destroy), "says what it loses and loses nothing"),
        (method.charge.is_some() && !method.effects().has(Effect::Billable), "names a charge and costs nothing"),
    ]);
    findings.extend(method.effect_when.iter().flat_map(|rule| by_value(rule, method)));
    let unnamed = method.meanings.keys().filter(|code| !method.errors.iter().any(|named| named.as_str() == **code));
    findings.extend(unnamed.map(|code| format!("{code} has a meaning here and is not one of its errors")));
    if let Some(rule) = &method.price {
        findings.extend(price_faults(rule, method, catalog).into_iter().map(|fault| format!("price: {fault}")));
    }
    findings
}

/// The method's own effect applies whatever the values; a rule may only reduce it.
fn by_value(rule: &EffectWhen, method: &Method) -> Vec<String> {
    let unknown = rule.parameters().filter(|name| method.param(name).is_none());
    let mut findings: Vec<String> = unknown.map(|name| format!("effect_when: {name} is not a parameter")).collect();
    let bare = rule.parameters().next().is_none();
    findings.extend(found(&[
        (bare, "effect_when: it always holds"),
        (!rule.effects().is_within(method.effects()), "effect_when: it does more than the method is said to do"),
    ]));
    findings
}

fn price_faults(rule: &PriceRule, method: &Method, catalog: &Catalog) -> Vec<String> {
    let asked = match &rule.method {
        Some(name) => catalog.method(name).and_then(Result::ok),
        None => Some(method.clone()),
    };
    let Some(asked) = asked else { return vec!["there is no method of that name".into()] };
    let fields = asked.result_fields(catalog.shapes());
    let root = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let told = |path: &String| fields.iter().any(|field| field.name == root(path));
    found(&[
        (rule.method.is_some() && asked.effect != Effect::Read, "it is asked of a method that does more than read"),
        (
            rule.method.is_none() && !method.effects_of(&Arguments::Named(rule.rehearse.clone())).only_reads(),
            "what it is rehearsed with does more than read",
        ),
        (rule.method.is_some() != rule.rehearse.is_empty(), "it is either asked of a method or rehearsed"),
        (!rule.rehearse.keys().all(|name| method.param(name).is_some()), "what is rehearsed with is not a parameter"),
        (!rule.with.keys().all(|name| asked.param(name).is_some()), "what is asked with is not a parameter"),
        (
            !rule.with.values().chain(rule.find.values()).all(|name| method.param(name).is_some()),
            "it takes a value from no parameter",
        ),
        (
            rule.tells.is_empty() || !rule.tells.iter().chain(rule.find.keys()).all(told),
            "it names no field of the answer",
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    #[test]
    fn unknown_names_are_found() {
        let catalog = Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap();
        for (rules, fault) in [
            (r#""object":"x""#, "not a parameter that is always given"),
            (r#""object":"p""#, "not a parameter that is always given"),
            (r#""new_key":"open""#, "not a secret field"),
            (r#""document":"open""#, "not a field of bytes"),
            (r#""effect":"billable","price":{"tells":["open"]}"#, "either asked of a method or rehearsed"),
            (r#""effect":"billable","price":{"method":"no.such","tells":["x"]}"#, "no method of that name"),
            (
                r#""effect":"billable","price":{"rehearse":{"x":1},"tells":["open"]}"#,
                "rehearsed with is not a parameter",
            ),
            (r#""effect":"billable","price":{"rehearse":{"p":1},"tells":["none"]}"#, "no field of the answer"),
            (r#""effect":"change","price":{"rehearse":{"p":1},"tells":["open"]}"#, "costs nothing"),
            (r#""effect":"billable","price":{"rehearse":{"p":1},"tells":["open"]}"#, "does more than read"),
            (r#""effect":"billable","loses":"it""#, "loses nothing"),
            (r#""effect":"destroy","charge":"it""#, "costs nothing"),
            (r#""meanings":{"3":"x"}"#, "3 has a meaning here"),
            (r#""effect_when":[{"with":{"q":[1]},"effect":"read"}]"#, "q is not a parameter"),
            (r#""effect_when":[{"effect":"read"}]"#, "it always holds"),
            (r#""effect_when":[{"without":["p"],"effect":"destroy"}]"#, "more than the method is said to do"),
        ] {
            let method: Method = serde_json::from_str(&format!(
                r#"{{"name":"a.b","fields":[{{"name":"open","type":"string"}}],
                    "params":[{{"name":"p","type":"int"}}],{rules}}}"#
            ))
            .unwrap();
            let findings = findings(&method, &catalog).join("\n");
            assert!(findings.contains(fault), "{rules}: {findings}");
        }
    }
}
