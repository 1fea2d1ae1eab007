//! How a result is drawn: from fields that it has, and that can be drawn.

use super::fields::{field_at, fields_of};
use super::finding::found;
use crate::catalog::Catalog;
use model::{Field, Form, Method, Type};

pub(super) fn findings(method: &Method, catalog: &Catalog) -> Vec<String> {
    let Some(chart) = &method.chart else { return Vec::new() };
    let fields = fields_of(&method.returns, &method.fields, catalog);
    let mut findings = found(&[
        (chart.y.is_empty(), "no numbers in y"),
        (chart.x.is_none() && !matches!(method.returns, Type::MapOf(_)), "no x, and the result has no keys"),
        (chart.unit.as_deref().is_some_and(|unit| unit.trim().is_empty()), "an empty unit"),
    ]);
    let mut check = |path: &str, what: &str, fits: fn(&Field) -> bool| match field_at(fields.clone(), path, catalog) {
        None => findings.push(format!("there is no field {path}")),
        Some(field) if field.secret => findings.push(format!("{path} is secret")),
        Some(field) if !fits(&field) => findings.push(format!("{path} is not {what}")),
        Some(_) => {}
    };
    chart.y.iter().for_each(|path| check(path, "a number", is_number));
    chart.x.iter().for_each(|path| check(path, "a date, a time or a name", is_axis));
    chart.by.iter().for_each(|path| check(path, "a name", is_name));
    findings.into_iter().map(|finding| format!("chart: {finding}")).collect()
}

fn is_number(field: &Field) -> bool {
    matches!(field.type_, Type::Int | Type::Float) && field.form.is_none()
}

fn is_axis(field: &Field) -> bool {
    matches!(field.type_, Type::String | Type::Date) || field.form == Some(Form::Epoch)
}

fn is_name(field: &Field) -> bool {
    matches!(field.type_, Type::String | Type::Int | Type::Boolean) && field.form.is_none()
}

#[cfg(test)]
mod tests {
    use super::super::tests::lint_of;

    const FIELDS: &str = r#"{ name = "at", type = "int", form = "epoch", summary = "A" },
        { name = "n", type = "int", summary = "N" }, { name = "s", type = "string", summary = "S" },
        { name = "key", type = "string", secret = true, summary = "K" }"#;

    fn with(returns: &str, chart: &str) -> String {
        let method = format!(
            "[[method]]\nname = \"t.list\"\nsummary = \"T\"\ndoc = 1\neffect = \"read\"\nreturns = \"{returns}\"\nexample = \"t.list\"\nchart = {chart}"
        );
        lint_of("", FIELDS, &method)
    }

    #[test]
    fn charts_are_drawn_from_fields_that_are_there() {
        for (returns, chart, fault) in [
            ("list:@thing", r#"{ x = "at", y = ["n"], by = "s", unit = "bytes" }"#, "fit"),
            ("list:@thing", r#"{ x = "s", y = ["n"], kind = "bar" }"#, "fit"),
            ("map:@thing", r#"{ y = ["n"] }"#, "fit"),
            ("list:@thing", r#"{ y = ["n"] }"#, "no x, and the result has no keys"),
            ("list:@thing", r#"{ x = "at", y = [] }"#, "no numbers in y"),
            ("list:@thing", r#"{ x = "at", y = ["s"] }"#, "s is not a number"),
            ("list:@thing", r#"{ x = "at", y = ["at"] }"#, "at is not a number"),
            ("list:@thing", r#"{ x = "n", y = ["n"] }"#, "n is not a date"),
            ("list:@thing", r#"{ x = "key", y = ["n"] }"#, "key is secret"),
            ("list:@thing", r#"{ x = "s", y = ["n"], by = "at" }"#, "at is not a name"),
            ("list:@thing", r#"{ x = "gone", y = ["n"] }"#, "there is no field gone"),
            ("list:@thing", r#"{ x = "s", y = ["n"], unit = " " }"#, "an empty unit"),
        ] {
            let found = with(returns, chart);
            assert!(if fault == "fit" { found == "fit" } else { found.contains(fault) }, "{chart}: {found}");
        }
    }
}
