//! Shared by the tests of all areas: a client of the service that reads answers by the catalogue.

use super::organization::{KEY, ORGANIZATION, USER};
use super::tree::{self, Element};
use super::{CATALOG, Caas, PREFIX};
use crate::kit::clock::testing::story;
use crate::kit::testing::Shapes;
use crate::{Options, Request, Response, Service};
use model::escape::{form, percent, xml, xml_attribute};
use model::route::{AnswerForm, Place, Sends};
use model::{Code, Date, Field, Map, Method, Type, Value, base64};
use registry::catalog::Catalog;
use registry::embedded;

/// The catalogue.
pub(super) fn catalog() -> Catalog {
    Catalog::open(embedded::find(CATALOG).unwrap()).unwrap()
}

/// The reasons that every call may return: those common to all, those of paging, and that of invalid data, which the
/// document lists for most calls.
const COMMON: [u16; 10] = [5, 51, 60, 70, 71, 72, 73, 140, 320, 420];

/// Reasons that the document does not list for a call, but lists for other calls in the same situation.
const SILENT: [(&str, u16); 1] = [("account.update", 110)];

/// A reason as a code in the catalogue.
fn code_of(reason: u16) -> Code {
    Code::from(format!("REASON_{reason}").as_str())
}

/// All methods of a catalogue.
pub(super) fn methods(catalog: &Catalog) -> Vec<Method> {
    catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap()).collect()
}

/// An organization under test.
pub(super) struct Organization {
    pub(super) service: Caas,
    catalog: Catalog,
    /// Name and password of the caller.
    pub(super) login: (String, String),
}

impl Organization {
    /// A new sandbox's organization.
    pub(super) fn new() -> Organization {
        Organization::of(&Options { starts: story(), ..Options::default() })
    }

    /// The organization of a sandbox with options.
    pub(super) fn of(options: &Options) -> Organization {
        let service = Caas::new(options).unwrap();
        Organization { service, catalog: catalog(), login: (USER.into(), KEY.into()) }
    }

    /// Sends a request unchanged.
    pub(super) fn send(&mut self, request: Request) -> Response {
        let (user, password) = &self.login;
        let login = base64::encode(format!("{user}:{password}").as_bytes());
        self.service.respond(&Request { authorization: Some(format!("Basic {login}")), ..request })
    }

    /// Calls a method; returns the answer, or the number of the reason. Fails the test if the answer does not have the
    /// documented shape.
    pub(super) fn call(&mut self, name: &str, args: Map) -> Result<Value, u16> {
        let method = self.catalog.method(name).unwrap_or_else(|| panic!("{name} is no method")).unwrap();
        let response = self.send(request(&method, &args));
        let text = String::from_utf8(response.body).unwrap();
        if method.answers.as_ref().unwrap().form == AnswerForm::Csv && response.status == 200 {
            return Ok(csv(&method, &text));
        }
        let root = tree::parse(&text).unwrap_or_else(|| panic!("{name}: {text}"));
        let reader = Reader(&self.catalog);
        if root.name == "Status" {
            let status = reader.dictionary(&self.status_fields(), &root);
            let code = status.get("resultCode").and_then(Value::as_str).unwrap().trim_start_matches("REASON_");
            let reason: u16 = code.parse().unwrap();
            assert_eq!((reason == 0, root.namespace.as_str()), (response.status == 200, "general"), "{text}");
            if reason != 0 {
                let documented = COMMON.contains(&reason)
                    || SILENT.contains(&(name, reason))
                    || method.errors.contains(&code_of(reason));
                assert!(documented, "{name}: the document has no REASON_{reason} here: {text}");
                return Err(reason);
            }
            return Ok(with_id(&method, status));
        }
        assert_eq!((root.namespace.as_str(), root.name.as_str()), super::roots::root(name));
        let value = reader.result(&method, &root);
        let fault = Shapes(self.catalog.shapes()).fault(&method.returns, &method.fields, &value);
        assert_eq!(fault, None, "{name} answered {text}");
        Ok(value)
    }

    fn status_fields(&self) -> Vec<Field> {
        self.catalog.shapes().iter().find(|shape| shape.name == "status").unwrap().fields.clone()
    }

    /// Calls a method that must succeed.
    pub(super) fn get(&mut self, name: &str, args: Map) -> Value {
        self.call(name, args.clone()).unwrap_or_else(|reason| panic!("{name} {args:?}: {reason}"))
    }

    /// Calls a method that must succeed, ignoring its result.
    pub(super) fn done(&mut self, name: &str, args: Map) {
        self.get(name, args);
    }

    /// The number of the reason, or 0 if the call succeeds.
    pub(super) fn reason(&mut self, name: &str, args: Map) -> u16 {
        self.call(name, args).map_or_else(|reason| reason, |_| 0)
    }

    /// The member of a list that has that text in a field.
    pub(super) fn find(&mut self, name: &str, args: Map, field: &str, text: &str) -> Option<Value> {
        let members = self.get(name, args);
        let fits = |member: &&Value| member.get(field).and_then(Value::as_str) == Some(text);
        members.as_list().unwrap().iter().find(fits).cloned()
    }

    /// Lets all tasks end.
    pub(super) fn wait(&mut self) {
        let takes = self.service.world.takes;
        self.service.advance(takes);
    }
}

/// A request that calls a method.
pub(super) fn request(method: &Method, args: &Map) -> Request {
    let route = method.route.as_ref().unwrap();
    let mut path = format!("{PREFIX}{}", route.path).replace("{org-id}", ORGANIZATION);
    let (mut query, mut fields, mut body) = (route.query.clone(), Vec::new(), String::new());
    let mut attributes = String::new();
    for (name, value) in args.iter() {
        let param = method.param(name).unwrap_or_else(|| panic!("{name}"));
        let wire = param.wire_name();
        let pair = |value: &Value| format!("{}={}", form(wire), form(&super::write::plain(value)));
        let pairs = || value.as_list().map_or_else(|| vec![pair(value)], |all| all.iter().map(pair).collect());
        match (method.place(param), &method.sends) {
            (Place::Path, _) => path = path.replace(&format!("{{{wire}}}"), &percent(value.as_str().unwrap())),
            (Place::Header | Place::Cookie, _) => panic!("{name} is in the head"),
            (Place::Query, _) => query.extend(pairs()),
            (Place::Body, Some(Sends::Xml { .. })) => element(wire, value, &mut attributes, &mut body),
            (Place::Body, _) => fields.extend(pairs()),
        }
    }
    if let Some(Sends::Xml { root, namespace, .. }) = &method.sends {
        let namespace = namespace.as_ref().unwrap();
        let there = body.clone();
        let empty = super::intake::needed(&method.name).filter(|name| !there.contains(&format!("<{name}>")));
        body.extend(empty.map(|name| format!("<{name}/>")));
        let xmlns = format!("xmlns=\"http://oec.api.opsource.net/schemas/{namespace}\"");
        fields = vec![format!("<{root} {xmlns}{attributes}>{body}</{root}>")];
    }
    let (verb, query, body) = (route.verb.as_str().to_owned(), query.join("&"), fields.join("&").into_bytes());
    Request { verb, path, query, body, ..Request::default() }
}

/// Writes a value at its path on the wire.
fn element(wire: &str, value: &Value, attributes: &mut String, out: &mut String) {
    if let Some((outer, rest)) = wire.split_once('/') {
        let (mut inner_attributes, mut inner) = (String::new(), String::new());
        element(rest, value, &mut inner_attributes, &mut inner);
        return out.push_str(&format!("<{outer}{inner_attributes}>{inner}</{outer}>"));
    }
    match value {
        Value::List(members) => members.iter().for_each(|member| element(wire, member, attributes, out)),
        Value::Map(map) => {
            let (mut inner_attributes, mut inner) = (String::new(), String::new());
            map.iter().for_each(|(name, value)| element(name, value, &mut inner_attributes, &mut inner));
            out.push_str(&format!("<{wire}{inner_attributes}>{inner}</{wire}>"));
        }
        scalar => {
            let text = super::write::plain(scalar);
            match wire.strip_prefix('@') {
                Some(name) => attributes.push_str(&format!(" {name}=\"{}\"", xml_attribute(&text))),
                None => out.push_str(&format!("<{wire}>{}</{wire}>", xml(&text))),
            }
        }
    }
}

/// Puts the id of what was created where the catalogue says that clients find it.
fn with_id(method: &Method, mut status: Map) -> Value {
    let hidden = method.answers.as_ref().and_then(|answers| answers.id.clone());
    if let Some(hidden) = hidden {
        let facts = status.get("additionalInformation").and_then(Value::as_list).unwrap_or_default();
        let named = |name: &String| facts.iter().find(|fact| fact.get("name").unwrap().as_str() == Some(name));
        let sentence = status.get("resultDetail").and_then(Value::as_str).unwrap();
        let told = |pattern: &String| {
            let (before, after) = pattern.split_once("{}").unwrap();
            Some(sentence.split_once(before)?.1.split_once(after)?.0.into())
        };
        let id: Option<Value> = match (&hidden.information, &hidden.detail) {
            (Some(name), _) => named(name).and_then(|fact| fact.get("value").cloned()),
            (_, Some(pattern)) => told(pattern),
            _ => None,
        };
        status.insert(hidden.field, id.unwrap_or_else(|| panic!("{}: no id in {status:?}", method.name)));
    }
    Value::Map(status)
}

/// The cells of a row without quotes.
fn cells(line: &str) -> Vec<&str> {
    line.split(',').map(str::trim).collect()
}

fn csv(method: &Method, text: &str) -> Value {
    let mut lines = text.lines();
    let names: Vec<&str> = method.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(lines.next().map(cells).as_deref(), Some(names.as_slice()));
    let row = |line: &str| -> Value {
        let cells = cells(line);
        assert_eq!(cells.len(), names.len(), "{line}");
        Value::Map(names.iter().copied().zip(cells).collect())
    };
    Value::List(lines.map(row).collect())
}

/// Reads answers into values by the catalogue.
struct Reader<'c>(&'c Catalog);

impl Reader<'_> {
    fn result(&self, method: &Method, root: &Element) -> Value {
        match (&method.returns, method.answers.as_ref().and_then(|answers| answers.list.first())) {
            (Type::List(inner), Some(member)) => {
                assert!(root.children.iter().all(|child| child.name == *member), "{root:?}");
                Value::List(root.children.iter().map(|child| self.value(inner, &method.fields, child)).collect())
            }
            (type_, _) => self.value(type_, &method.fields, root),
        }
    }

    fn value(&self, type_: &Type, fields: &[Field], element: &Element) -> Value {
        match type_ {
            Type::Dict => self.dictionary(fields, element).into(),
            Type::Shape(name) => {
                let shape = self.0.shapes().iter().find(|shape| shape.name == *name).unwrap();
                self.dictionary(&shape.fields, element).into()
            }
            _ => scalar(type_, &element.text),
        }
    }

    fn dictionary(&self, fields: &[Field], element: &Element) -> Map {
        let mut map = Map::new();
        for field in fields {
            let wire = field.wire_name();
            if let Some(text) = wire.strip_prefix('@').and_then(|name| element.attribute(name)) {
                map.insert(field.name.as_str(), scalar(&field.type_, text));
                continue;
            }
            let mut found = vec![element];
            for step in wire.split('/') {
                found = found.into_iter().flat_map(|element| element.all(step)).collect();
            }
            match &field.type_ {
                Type::List(_) if found.is_empty() && field.optional => {}
                Type::List(inner) => {
                    let members: Vec<Value> = found.iter().map(|e| self.value(inner, &field.fields, e)).collect();
                    map.insert(field.name.as_str(), members);
                }
                type_ => {
                    if let Some(found) = found.last() {
                        map.insert(field.name.as_str(), self.value(type_, &field.fields, found));
                    }
                }
            }
        }
        map
    }
}

fn scalar(type_: &Type, text: &str) -> Value {
    match type_ {
        Type::Int => Value::Int(text.parse().unwrap_or_else(|_| panic!("{text} is no number"))),
        Type::Boolean => Value::Bool(text.parse().unwrap_or_else(|_| panic!("{text} is no boolean"))),
        Type::Date => Value::Date(Date::parse(text).unwrap_or_else(|| panic!("{text} is no date"))),
        _ => text.into(),
    }
}
