//! Shared by the tests of all providers: checks of answers against the catalogue.

use super::rest::json;
use super::sample;
use model::Pattern;
use model::route::{Place, Sends};
use model::{Field, Map, Method, Param, Shape, Type, Value};

/// The shapes of a catalogue, for checking answers.
pub(crate) struct Shapes<'c>(pub(crate) &'c [Shape]);

impl Shapes<'_> {
    /// What is wrong with a value of that type, if anything.
    pub(crate) fn fault(&self, wanted: &Type, fields: &[Field], value: &Value) -> Option<String> {
        match (wanted, value) {
            (Type::Any | Type::None, _) => None,
            (Type::String, Value::Text(_)) | (Type::Int, Value::Int(_)) | (Type::Boolean, Value::Bool(_)) => None,
            (Type::Float, Value::Decimal(_) | Value::Int(_)) => None,
            (Type::Date, Value::Date(_)) | (Type::Bytes, Value::Bytes(_)) => None,
            (Type::List(inner), Value::List(members)) => {
                members.iter().find_map(|member| self.fault(inner, fields, member))
            }
            (Type::MapOf(inner), Value::Map(map)) => map.iter().find_map(|(_, value)| self.fault(inner, fields, value)),
            (Type::Dict, Value::Map(map)) => self.dictionary(fields, map),
            (Type::Shape(name), Value::Map(map)) => {
                let shape = self.0.iter().find(|shape| shape.name == *name);
                self.dictionary(&shape.unwrap().fields, map)
            }
            _ => Some(format!("{value:?} is no {wanted}")),
        }
    }

    /// An empty dictionary means no value: `server.info` sends one where there is no rule group.
    fn dictionary(&self, fields: &[Field], map: &Map) -> Option<String> {
        if map.is_empty() {
            return None;
        }
        let unknown = map.keys().find(|key| !fields.is_empty() && !fields.iter().any(|field| field.name == *key));
        let member = |field: &Field| match map.get(&field.name) {
            // Some documents say which values may be null.
            Some(Value::Null) if field.summary.contains("null") => None,
            Some(value) => {
                self.fault(&field.type_, &field.fields, value).map(|fault| format!("{}: {fault}", field.name))
            }
            None if field.optional => None,
            None => Some(format!("{} is missing", field.name)),
        };
        unknown.map(|key| format!("{key} is not documented")).or_else(|| fields.iter().find_map(member))
    }
}

/// A valid value for a parameter.
pub(crate) fn sample_of(param: &Param, shapes: &[Shape]) -> Value {
    let text = match param.pattern {
        Some(Pattern::Hex32) => "0123456789abcdef0123456789abcdef",
        Some(Pattern::Name64) => "myserver1",
        Some(Pattern::Domain) => "example.com",
        Some(Pattern::Ip) => "192.0.2.1",
        Some(Pattern::Month) => "2011-07",
        Some(Pattern::Email) => "admin@example.com",
        Some(Pattern::Ipv4 | Pattern::Ipv4From11 | Pattern::Ipv4Of11To254) => "192.0.2.12",
        Some(Pattern::Netmask) => "255.255.255.255",
        Some(Pattern::Ipv4List | Pattern::Ipv6List | Pattern::PortList) => "any",
        Some(Pattern::FullDomain) => "www.example.com",
        Some(Pattern::Digits) => "10",
        Some(Pattern::Country) => "GB",
        Some(Pattern::Mixed) => "Aa345678.",
        Some(_) => "word",
        None => "",
    };
    let listed = |member: Value| if matches!(param.type_, Type::List(_)) { Value::List(vec![member]) } else { member };
    match param.choices.first() {
        Some(choice) if !matches!(param.type_, Type::MapOf(_)) => listed(choice.clone()),
        _ if !text.is_empty() => listed(text.into()),
        _ if param.min.is_some() => param.min.unwrap_or_default().into(),
        _ => {
            let (name, returns, fields) = (param.name.clone(), param.type_.clone(), param.fields.clone());
            sample::answer(&Method { name, returns, fields, ..Method::default() }, shapes)
        }
    }
}

/// A call of a method as its route describes it, in JSON: verb, path with query, body.
pub(crate) fn request_of(method: &Method, args: &Map) -> (String, String, String) {
    let route = method.route.as_ref().unwrap();
    let word = |name: &str| args.get(name).map(Value::plain).unwrap_or_default();
    let chosen = route.by.as_ref().and_then(|by| by.paths.get(&word(&by.param)));
    let mut path = chosen.unwrap_or(&route.path).clone();
    let (mut query, mut body) =
        (Vec::new(), method.sends.as_ref().map_or_else(Map::new, |sends| sends.fixed().clone()));
    for param in method.params.iter().filter(|param| args.get(&param.name).is_some()) {
        let (place, value) = (format!("{{{}}}", param.wire_name()), args.get(&param.name).unwrap());
        let in_path = path.contains(&place);
        path = path.replace(&place, &value.plain());
        match method.place(param) {
            _ if route.by.as_ref().is_some_and(|by| by.param == param.name) => {}
            Place::Header | Place::Cookie => panic!("{} is in the head", param.name),
            Place::Query => query.push(format!("{}={}", param.wire_name(), value.plain())),
            Place::Body => drop(body.insert(param.wire_name(), value.clone())),
            Place::Path => assert!(in_path, "{} {}", method.name, param.name),
        }
    }
    let body = match &method.sends {
        Some(Sends::Json { wrap: Some(key), .. }) => json::write(&Map::from_iter([(key.as_str(), body)]).into()),
        Some(_) => json::write(&body.into()),
        None => Vec::new(),
    };
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    (route.verb.as_str().into(), format!("{path}{query}"), String::from_utf8(body).unwrap())
}
