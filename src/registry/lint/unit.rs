//! What the values of fields measure, and of which currency they are.

use super::finding::found;
use model::{Field, Type, Unit, Value};

/// A unit must suit the type of its field, and a currency must be one, or a field beside it.
pub(super) fn findings(field: &Field, beside: &[Field], fits: fn(&Value, &Type) -> bool) -> Vec<String> {
    let number = matches!(field.type_, Type::Int | Type::Float | Type::String | Type::Any);
    let text = matches!(field.type_, Type::String | Type::Any);
    let money = field.unit == Some(Unit::Money);
    let known = |currency: &String| {
        let code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        code || beside.iter().any(|other| other.name == *currency && other.type_ == Type::String)
    };
    found(&[
        (field.unit.is_some_and(Unit::counts) && !number, "a unit of numbers for what is not a number"),
        (field.unit == Some(Unit::Text) && !text, "free text, but not a text"),
        (money && field.currency.is_none(), "money without its currency"),
        (!money && field.currency.is_some(), "a currency of what is not money"),
        (
            field.currency.as_ref().is_some_and(|it| !known(it)),
            "its currency is neither a currency nor a field beside it",
        ),
        (!field.empty.iter().all(|value| fits(value, &field.type_)), "an empty value that is not of its type"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_suits_its_field() {
        let fields = |json: &str| -> Vec<Field> { serde_json::from_str(json).unwrap() };
        for (json, finding) in [
            (r#"[{"name":"a","type":"int","unit":"bytes","empty":[0]}]"#, None),
            (r#"[{"name":"a","type":"date","unit":"bytes"}]"#, Some("a unit of numbers for what is not a number")),
            (r#"[{"name":"a","type":"int","unit":"text"}]"#, Some("free text, but not a text")),
            (r#"[{"name":"a","type":"int","unit":"money","currency":"b"},{"name":"b","type":"string"}]"#, None),
            (
                r#"[{"name":"a","type":"int","unit":"money","currency":"b"}]"#,
                Some("its currency is neither a currency nor a field beside it"),
            ),
        ] {
            let fields = fields(json);
            let found = findings(&fields[0], &fields, |_, _| true);
            assert_eq!(found.first().map(String::as_str), finding, "{json}");
        }
    }
}
