//! Converts a request's query and body to arguments of the types in the catalogue.

use super::fault::Fault;
use super::forms;
use super::tree::{self, Element};
use crate::kit::args::Args;
use crate::kit::check;
use model::route::Place;
use model::{Field, Map, Method, Param, Shape, Type, Value};

/// A request's query and body.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    /// Names and values; a word alone has an empty value.
    pub(super) query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    xml: Option<Element>,
}

impl Given {
    /// Parses a request: a body that begins with `<` is XML, any other is a form, whatever its content type.
    pub(super) fn read(query: &str, body: &[u8]) -> Result<Given, Fault> {
        let query = pairs(query);
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        match text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
            true => Ok(Given { query, form: Vec::new(), xml: Some(tree::parse(text).ok_or_else(unreadable)?) }),
            false => Ok(Given { query, form: pairs(text.trim()), xml: None }),
        }
    }

    /// Whether a parameter is given.
    pub(super) fn has(&self, param: &Param) -> bool {
        let wire = param.wire_name();
        let named = |(name, _): &(String, String)| name.split('.').next().is_some_and(|n| n.eq_ignore_ascii_case(wire));
        self.query.iter().any(named)
            || self.form.iter().any(named)
            || self.xml.as_ref().is_some_and(|root| !found(root, wire).is_empty())
    }

    /// The arguments of a method, checked against the catalogue.
    pub(super) fn arguments(
        &self,
        method: &Method,
        captured: &[(String, String)],
        shapes: &[Shape],
    ) -> Result<Args, Fault> {
        self.fits(method)?;
        self.is_whole(method)?;
        let mut named = Map::new();
        for param in &method.params {
            let value = match method.place(param) {
                // This service takes no values in headers or cookies.
                Place::Header | Place::Cookie => None,
                Place::Path => from_texts(param, captured)?,
                Place::Query => from_texts(param, &self.query)?,
                Place::Body => match &self.xml {
                    Some(root) => from_xml(param, root)?,
                    None => from_texts(param, &self.form)?,
                },
            };
            if let Some(value) = value {
                named.insert(param.name.as_str(), value);
            }
        }
        let documented = |reason: u16| method.errors.contains(&format!("REASON_{reason}").as_str().into());
        check::parameters(method, &mut named, shapes).map_err(|bad| match bad.is_missing() {
            true => Fault::data(&bad.name, &bad.complaint),
            false => forms::refusal(documented, &bad.name, &bad.complaint),
        })?;
        let args = Args::new(named);
        match forms::fault(&method.name, &args) {
            Some((name, complaint)) => Err(forms::refusal(documented, name, &complaint)),
            None => Ok(args),
        }
    }

    /// Refuses a body that lacks one of the elements that the schema requires.
    fn is_whole(&self, method: &Method) -> Result<(), Fault> {
        let Some(root) = &self.xml else { return Ok(()) };
        match needed(&method.name).find(|name| root.all(name).next().is_none()) {
            Some(name) => Err(Fault::data(name, "the element is missing")),
            None => Ok(()),
        }
    }

    /// Refuses a body of another kind than the method's, or with another root.
    fn fits(&self, method: &Method) -> Result<(), Fault> {
        use model::route::Sends;
        let fits = match (&method.sends, &self.xml) {
            (Some(Sends::Xml { root, namespace, .. }), Some(found)) => {
                found.name == *root && namespace.as_ref().is_none_or(|namespace| *namespace == found.namespace)
            }
            (Some(Sends::Xml { .. }), None) | (Some(Sends::Form { .. }), Some(_)) => false,
            _ => true,
        };
        if fits { Ok(()) } else { Err(unreadable()) }
    }
}

/// Elements that are required even if empty: the document says that their contents are optional, but not the elements.
const WHOLE: [(&str, &str); 2] = [("acl_rule.create", "sourceIpRange"), ("acl_rule.create", "destinationIpRange")];

/// The elements that a method's body must have.
pub(super) fn needed(method: &str) -> impl Iterator<Item = &'static str> {
    WHOLE.into_iter().filter(move |(known, _)| *known == method).map(|(_, name)| name)
}

fn unreadable() -> Fault {
    Fault::new(60, "Request XML could not be unmarshalled")
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let words = text.split('&').filter(|word| !word.is_empty());
    words.map(|word| word.split_once('=').unwrap_or((word, ""))).map(|(n, v)| (decoded(n), decoded(v))).collect()
}

/// Decodes text from a query or a form; invalid escapes are kept.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn from_texts(param: &Param, given: &[(String, String)]) -> Result<Option<Value>, Fault> {
    let named = given.iter().filter(|(name, _)| name.eq_ignore_ascii_case(param.wire_name()));
    let values: Vec<&str> = named.map(|(_, value)| value.as_str()).collect();
    let Some(last) = values.last() else { return Ok(None) };
    match &param.type_ {
        Type::List(inner) => {
            let members: Result<Vec<Value>, Fault> =
                values.iter().map(|text| scalar(&param.name, inner, text)).collect();
            Ok(Some(Value::List(members?)))
        }
        type_ => scalar(&param.name, type_, last).map(Some),
    }
}

fn scalar(name: &str, type_: &Type, text: &str) -> Result<Value, Fault> {
    let refused = || Fault::data(name, &format!("'{text}' is no {type_}"));
    match type_ {
        Type::Int => text.trim().parse().map(Value::Int).map_err(|_| refused()),
        Type::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true.into()),
            "false" | "0" => Ok(false.into()),
            _ => Err(refused()),
        },
        _ => Ok(text.into()),
    }
}

fn from_xml(param: &Param, root: &Element) -> Result<Option<Value>, Fault> {
    typed(&param.name, &param.type_, &param.fields, found(root, param.wire_name()))
}

/// What a path below an element leads to.
#[derive(Clone, Copy)]
enum Found<'e> {
    Attribute(&'e str),
    Inside(&'e Element),
}

fn found<'e>(element: &'e Element, path: &'e str) -> Vec<Found<'e>> {
    match path.split_once('/') {
        Some((outer, rest)) => element.all(outer).flat_map(|inner| found(inner, rest)).collect(),
        None => match path.strip_prefix('@') {
            Some(name) => element.attribute(name).map(Found::Attribute).into_iter().collect(),
            None => element.all(path).map(Found::Inside).collect(),
        },
    }
}

/// Fields that may be an element or an attribute: the document's requests have elements where its answers and the
/// provider's schema have attributes.
const EITHER: [&str; 1] = ["trigger"];

fn either<'e>(element: &'e Element, path: &'e str) -> Vec<Found<'e>> {
    let name = path.trim_start_matches('@');
    match found(element, path) {
        none if none.is_empty() && EITHER.contains(&name) => {
            let attribute = element.attribute(name).map(Found::Attribute);
            attribute.into_iter().chain(element.all(name).map(Found::Inside)).collect()
        }
        found => found,
    }
}

fn typed(name: &str, type_: &Type, fields: &[Field], found: Vec<Found<'_>>) -> Result<Option<Value>, Fault> {
    let Some(last) = found.last() else { return Ok(None) };
    match type_ {
        Type::List(inner) => {
            let members: Result<Vec<Value>, Fault> =
                found.iter().map(|one| single(name, inner, fields, *one)).collect();
            Ok(Some(Value::List(members?)))
        }
        _ => single(name, type_, fields, *last).map(Some),
    }
}

fn single(name: &str, type_: &Type, fields: &[Field], found_: Found<'_>) -> Result<Value, Fault> {
    let element = match found_ {
        Found::Attribute(text) => return scalar(name, type_, text),
        Found::Inside(element) => element,
    };
    if *type_ != Type::Dict {
        return scalar(name, type_, &element.text);
    }
    let mut map = Map::new();
    for field in fields {
        let inside = either(element, field.wire_name());
        if let Some(value) = typed(&format!("{name}.{}", field.name), &field.type_, &field.fields, inside)? {
            map.insert(field.name.as_str(), value);
        }
    }
    Ok(map.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;

    fn arguments(method: &str, query: &str, body: &str) -> Result<Args, u16> {
        let catalog = catalog();
        let method = catalog.method(method).unwrap().unwrap();
        let captured = ["org-id", "network-id", "server-id", "username"].map(|name| (name.to_owned(), "x".to_owned()));
        let given = Given::read(query, body.as_bytes()).map_err(|fault| fault.reason)?;
        given.arguments(&method, &captured, catalog.shapes()).map_err(|fault| fault.reason)
    }

    #[test]
    fn values_are_read_from_the_right_place() {
        let args = arguments("server.add_storage", "addLocalStorage&amount=5&speed=a%20b+c%", "").unwrap();
        assert_eq!((args.text("server-id"), args.int("amount"), args.text("speed")), ("x", Some(5), "a b c%"));
        let farm = "<v:NewServerFarm xmlns:v='http://oec.api.opsource.net/schemas/vip'><v:name>f</v:name>\
            <v:predictor>ROUND_ROBIN</v:predictor><v:realServer><v:id>r</v:id><v:port>80</v:port></v:realServer>\
            <v:realServer><v:id>s</v:id></v:realServer></v:NewServerFarm>";
        let args = arguments("server_farm.create", "", farm).unwrap();
        let ports: Vec<Option<i64>> =
            args.maps("realServer").map(|server| server.get("port").and_then(Value::as_int)).collect();
        assert_eq!(ports, [Some(80), None]);
        for alerting in ["<alerting trigger='ON_FAILURE'>", "<alerting><trigger>ON_FAILURE</trigger>"] {
            let client = format!(
                "<NewBackupClient xmlns='http://oec.api.opsource.net/schemas/backup'><type>FA.Linux</type>\
                <storagePolicyName>s</storagePolicyName><schedulePolicyName>p</schedulePolicyName>{alerting}\
                <emailAddress>ops@example.com</emailAddress></alerting></NewBackupClient>"
            );
            let args = arguments("backup.client_add", "", &client).unwrap();
            assert_eq!(args.get("alerting").unwrap().get("trigger"), Some(&"ON_FAILURE".into()), "{alerting}");
        }
        let backup = "<NewBackup xmlns='http://oec.api.opsource.net/schemas/backup' servicePlan='Advanced'/>";
        assert_eq!(arguments("backup.enable", "", backup).unwrap().text("servicePlan"), "Advanced");
    }

    #[test]
    fn bodies_are_refused_with_the_right_reason() {
        let acl = |ranges: &str| {
            format!(
                "<AclRule xmlns='http://oec.api.opsource.net/schemas/network'><name>r</name><position>110</position>\
                <action>PERMIT</action><protocol>IP</protocol>{ranges}<portRange><type>ALL</type></portRange></AclRule>"
            )
        };
        let wrong = |root: &str| format!("<{root} xmlns='http://oec.api.opsource.net/schemas/backup'/>");
        for (method, body, reason) in [
            ("backup.enable", "<NewBackup", 60),
            ("backup.enable", "servicePlan=Advanced", 60),
            ("backup.enable", wrong("Backup").as_str(), 60),
            ("backup.enable", "<NewBackup servicePlan='Advanced'/>", 60),
            ("backup.enable", wrong("NewBackup").as_str(), 320),
            ("acl_rule.create", &acl(""), 320),
            ("acl_rule.create", &acl("<sourceIpRange/>"), 320),
            ("acl_rule.create", &acl("<sourceIpRange/><destinationIpRange/>"), 0),
            ("server.update", "<a/>", 60),
            ("server.update", "cpuCount=two", 320),
            ("network.multicast", "enabled=maybe", 320),
        ] {
            assert_eq!(
                arguments(method, "", body).map(|_| 0).unwrap_or_else(|reason| reason),
                reason,
                "{method} {body}"
            );
        }
    }
}
