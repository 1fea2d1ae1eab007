//! Checks arguments against the catalogue, as the provider does before anything else.

use model::{Date, Field, Map, Method, Param, Pattern, Shape, Type, Value};

/// The complaint about a missing value.
const REQUIRED: &str = "This field is required.";

/// A complaint about one value, without its name.
type Complaint = String;

/// An invalid parameter, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The name of the parameter.
    pub(crate) name: String,
    /// What is wrong with its value.
    pub(crate) complaint: Complaint,
}

impl Refusal {
    /// A required value is missing.
    pub(crate) fn missing(name: &str) -> Refusal {
        Refusal::new(name, REQUIRED)
    }

    /// Whether a required value was left out.
    pub(crate) fn is_missing(&self) -> bool {
        self.complaint == REQUIRED
    }

    /// A refusal with its words.
    pub(crate) fn new(name: &str, complaint: impl Into<String>) -> Refusal {
        Refusal { name: name.to_owned(), complaint: complaint.into() }
    }
}

/// Checks named values against the method's parameters; the error is about the first invalid one.
pub(crate) fn parameters(method: &Method, named: &mut Map, shapes: &[Shape]) -> Result<(), Refusal> {
    if let Some(unknown) = named.keys().find(|name| method.param(name).is_none()) {
        return Err(Refusal::new(unknown, "No such parameter."));
    }
    for param in &method.params {
        match named.get_mut(&param.name) {
            Some(value) => {
                parameter(param, value, shapes).map_err(|complaint| Refusal::new(&param.name, complaint))?;
            }
            None if param.required => return Err(Refusal::missing(&param.name)),
            None => {}
        }
    }
    Ok(())
}

fn parameter(param: &Param, value: &mut Value, shapes: &[Shape]) -> Result<(), Complaint> {
    of_type(&param.type_, &param.fields, value, shapes)?;
    // Some required parameters may be empty: their documents say so.
    if param.required && value.as_str() == Some("") && !param.summary.contains("empty") {
        return Err(REQUIRED.into());
    }
    let members: Vec<&Value> = match &*value {
        Value::List(list) => list.iter().collect(),
        Value::Map(map) => map.iter().map(|(_, value)| value).collect(),
        single => vec![single],
    };
    if !param.choices.is_empty()
        && let Some(bad) = members.into_iter().find(|member| !param.choices.contains(member))
    {
        return Err(format!("Select a valid choice. {} is not one of the available choices.", word(bad)));
    }
    range(param, value)?;
    length(param, value)?;
    match (param.pattern, value.as_str()) {
        (Some(pattern), Some(text)) if !text.is_empty() => matches(pattern, text),
        _ => Ok(()),
    }
}

/// Checks a value against a type; a whole number becomes a decimal and a text a date if the type requires it.
fn of_type(wanted: &Type, fields: &[Field], value: &mut Value, shapes: &[Shape]) -> Result<(), Complaint> {
    let fits = match (wanted, &mut *value) {
        (Type::Any | Type::None, _) => true,
        (Type::String, Value::Text(_)) | (Type::Int, Value::Int(_)) | (Type::Boolean, Value::Bool(_)) => true,
        (Type::Float, Value::Decimal(_) | Value::Int(_)) => true,
        (Type::Bytes, Value::Bytes(_)) | (Type::Date, Value::Date(_)) => true,
        (Type::Date, Value::Text(text)) => match Date::parse(text) {
            Some(date) => {
                *value = Value::Date(date);
                true
            }
            None => false,
        },
        (Type::Dict, Value::Map(map)) => return dictionary(fields, map, shapes),
        (Type::Shape(name), Value::Map(map)) => {
            let shape = shapes.iter().find(|shape| shape.name == *name);
            return dictionary(shape.map_or(&[], |shape| &shape.fields), map, shapes);
        }
        (Type::MapOf(inner), Value::Map(map)) => {
            return map.values_mut().try_for_each(|member| of_type(inner, fields, member, shapes));
        }
        (Type::List(inner), Value::List(members)) => {
            return members.iter_mut().try_for_each(|member| of_type(inner, fields, member, shapes));
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("Enter a value of type {wanted}, not {}.", value.kind())) }
}

/// Checks a dictionary against its possible fields; without fields, any are allowed.
fn dictionary(fields: &[Field], map: &mut Map, shapes: &[Shape]) -> Result<(), Complaint> {
    if fields.is_empty() {
        return Ok(());
    }
    if let Some(unknown) = map.keys().find(|key| !fields.iter().any(|field| field.name == *key)) {
        return Err(format!("{unknown}: No such key."));
    }
    for field in fields {
        if let Some(value) = map.get_mut(&field.name) {
            of_type(&field.type_, &field.fields, value, shapes)
                .map_err(|complaint| format!("{}: {complaint}", field.name))?;
            if !field.choices.is_empty() && !field.choices.contains(value) {
                return Err(format!("{}: {} is not one of the available choices.", field.name, word(value)));
            }
        }
    }
    Ok(())
}

fn range(param: &Param, value: &Value) -> Result<(), Complaint> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Decimal(number) => number.to_f64(),
        _ => return Ok(()),
    };
    match (param.min, param.max) {
        (Some(min), _) if number < min as f64 => Err(format!("Ensure this value is greater than or equal to {min}.")),
        (_, Some(max)) if number > max as f64 => Err(format!("Ensure this value is less than or equal to {max}.")),
        _ => Ok(()),
    }
}

fn length(param: &Param, value: &Value) -> Result<(), Complaint> {
    let (length, unit) = match value {
        Value::Text(text) => (text.chars().count(), "characters"),
        Value::List(members) => (members.len(), "members"),
        _ => return Ok(()),
    };
    match (param.min_length, param.max_length) {
        (Some(min), _) if length < min => Err(format!("Ensure this value has at least {min} {unit}.")),
        (_, Some(max)) if length > max => Err(format!("Ensure this value has at most {max} {unit}.")),
        _ => Ok(()),
    }
}

fn matches(pattern: Pattern, text: &str) -> Result<(), Complaint> {
    let (fits, what) = match pattern {
        Pattern::Hex32 => (text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()), "32 hex digits"),
        Pattern::Name64 => (is_name(text), "a name of 1-64 characters A-Z, a-z, 0-9, -, . and _"),
        Pattern::Domain => (is_domain(text), "a domain name"),
        Pattern::Ip => (text.parse::<std::net::IpAddr>().is_ok(), "an IP address"),
        Pattern::Month => (is_month(text), "a month as yyyy-mm"),
        Pattern::Email => {
            let parts = text.split_once('@');
            (parts.is_some_and(|(user, host)| !user.is_empty() && is_domain(host)), "an e-mail address")
        }
        // Which addresses are excluded is up to the service.
        Pattern::Ipv4 | Pattern::Ipv4From11 | Pattern::Ipv4Of11To254 => {
            (text.parse::<std::net::Ipv4Addr>().is_ok(), "an IPv4 address")
        }
        Pattern::Netmask => (pattern.fits(text), "a netmask"),
        // Many services have their own codes for the other patterns, and check them in their own code.
        _ => return Ok(()),
    };
    if fits { Ok(()) } else { Err(format!("Enter a valid value: {what}.")) }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

pub(crate) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_month(text: &str) -> bool {
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4 && is_digits(year) && month.len() == 2 && is_digits(month) && ("01"..="12").contains(&month)
    })
}

pub(crate) fn word(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        other => other.as_str().map_or_else(|| other.kind().to_owned(), str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::map;
    use super::*;
    use model::Decimal;

    fn check(param: Param, value: Value) -> Result<(), Refusal> {
        let method = Method { params: vec![Param { name: "p".into(), ..param }], ..Method::default() };
        parameters(&method, &mut map! { "p" => value }, &[])
    }

    fn of(type_: &str) -> Param {
        Param { type_: type_.parse().unwrap(), ..Param::default() }
    }

    fn matching(pattern: Pattern) -> Param {
        Param { pattern: Some(pattern), ..of("string") }
    }

    #[test]
    fn values_are_checked_against_their_parameter() {
        let decimal = || Value::Decimal(Decimal::from(1.5));
        let list = |members: &[Value]| Value::List(members.to_vec());
        let field = |type_: &str| Field { name: "f".into(), type_: type_.parse().unwrap(), ..Field::default() };
        for (param, value, fits) in [
            (of("string"), "".into(), true),
            (Param { required: true, ..of("string") }, "".into(), false),
            (of("string"), 5.into(), false),
            (of("int"), 5.into(), true),
            (of("int"), "5".into(), false),
            (of("float"), 5.into(), true),
            (of("float"), decimal(), true),
            (of("int"), decimal(), false),
            (of("boolean"), 1.into(), false),
            (of("date"), "2011-06-17".into(), true),
            (of("date"), "June".into(), false),
            (of("bytes"), Value::Bytes(vec![1]), true),
            (of("list:int"), list(&[1.into()]), true),
            (of("list:int"), list(&["1".into()]), false),
            (of("map:int"), map! { "a" => 1 }.into(), true),
            (of("map:int"), map! { "a" => "1" }.into(), false),
            (of("any"), list(&[]), true),
            (Param { fields: vec![field("int")], ..of("dict") }, map! { "f" => 1 }.into(), true),
            (Param { fields: vec![field("int")], ..of("dict") }, map! { "f" => "1" }.into(), false),
            (Param { fields: vec![field("int")], ..of("list:dict") }, list(&[map! { "g" => 1 }.into()]), false),
            (Param { choices: vec![1.into(), 3.into()], ..of("int") }, 3.into(), true),
            (Param { choices: vec![1.into(), 3.into()], ..of("int") }, 2.into(), false),
            (Param { choices: vec!["a".into()], ..of("list:string") }, list(&["a".into(), "b".into()]), false),
            (Param { min: Some(0), max: Some(9), ..of("int") }, 9.into(), true),
            (Param { min: Some(0), max: Some(9), ..of("int") }, 10.into(), false),
            (Param { min: Some(0), max: Some(9), ..of("int") }, (-1).into(), false),
            (Param { max_length: Some(2), ..of("string") }, "éé".into(), true),
            (Param { max_length: Some(2), ..of("string") }, "abc".into(), false),
            (Param { min_length: Some(1), ..of("list") }, list(&[]), false),
        ] {
            assert_eq!(check(param.clone(), value.clone()).is_ok(), fits, "{param:?} {value:?}");
        }
    }

    #[test]
    fn patterns_are_distinguished() {
        let long = "a".repeat(64);
        for (pattern, good, bad) in [
            (Pattern::Hex32, "0123456789abcdef0123456789ABCDEF", "0123456789abcdef0123456789abcdeg"),
            (Pattern::Name64, long.as_str(), "my server"),
            (Pattern::Domain, "www.example.com", "www..example.com"),
            (Pattern::Domain, "localhost", "-a.example"),
            (Pattern::Ip, "2001:db8::1", "192.0.2.256"),
            (Pattern::Month, "2011-12", "2011-13"),
            (Pattern::Month, "2011-01", "11-1"),
            (Pattern::Email, "jane@example.com", "jane"),
        ] {
            assert!(check(matching(pattern), good.into()).is_ok(), "{good}");
            assert!(check(matching(pattern), bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_complaint_names_the_parameter() {
        let refusal = check(Param { required: true, ..of("string") }, "".into()).unwrap_err();
        assert_eq!(refusal, Refusal::new("p", "This field is required."));
        let deep = Param {
            fields: vec![Field { name: "f".into(), type_: model::Type::Int, ..Field::default() }],
            ..of("dict")
        };
        let refusal = check(deep, map! { "f" => "x" }.into()).unwrap_err();
        assert_eq!(refusal, Refusal::new("p", "f: Enter a value of type int, not string."));
    }
}
