//! Bodies as an XML document: each value at the path that the catalogue gives it.

use super::EncodeError;
use super::given::Given;
use super::leaf::{Leaf, leaf};
use model::escape::{Escape, xml, xml_attribute, xml_can_hold};
use model::http::Body;
use model::{Field, Map, Param, Shape, Type, Value};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Writes the root with the constant fields and the values of a call, in this order. Paths with the same beginning
/// share elements. The path of a parameter marked "always" in the catalogue is written even without its value.
pub(super) fn write(
    root: &str,
    namespace: Option<&str>,
    fixed: &Map,
    (params, given): (&[Param], &[&Given<'_>]),
    shapes: &[Shape],
) -> Result<Body, EncodeError> {
    let builder = Builder { shapes };
    let mut element = Element::named(root)?;
    if let Some(uri) = namespace {
        element.attributes.push(("xmlns".into(), Leaf::Plain(uri.into())));
    }
    for (name, value) in fixed.iter() {
        builder.place(&mut element, name, value, Declared::default())?;
    }
    for param in params {
        let declared = Declared { type_: Some(&param.type_), fields: &param.fields };
        for given in given.iter().filter(|given| given.param.is_some_and(|known| known.name == param.name)) {
            builder.place(&mut element, &given.wire, given.value, declared)?;
        }
        if let (true, Some((path, _))) = (param.always, param.wire_name().rsplit_once('/')) {
            path.split('/').try_fold(&mut element, |inner, step| inner.step(step))?;
        }
    }
    for given in given.iter().filter(|given| given.param.is_none()) {
        builder.place(&mut element, &given.wire, given.value, Declared::default())?;
    }
    let mut body = Body::default();
    body.push(DECLARATION);
    element.write(&mut body);
    Ok(body)
}

/// What the catalogue says about a value.
#[derive(Clone, Copy, Default)]
struct Declared<'d> {
    type_: Option<&'d Type>,
    fields: &'d [Field],
}

struct Element<'v> {
    name: String,
    attributes: Vec<(String, Leaf<'v>)>,
    children: Vec<Element<'v>>,
    text: Option<Leaf<'v>>,
    /// It was created as a step of a path, so that other paths may lead into it.
    step: bool,
}

struct Builder<'s> {
    shapes: &'s [Shape],
}

impl<'s> Builder<'s> {
    /// Puts a value at a path below an element: `a/b` is an element inside an element, `@x` an attribute. For a list,
    /// the last step is repeated.
    fn place<'v>(
        &self,
        parent: &mut Element<'v>,
        path: &str,
        value: &'v Value,
        declared: Declared<'s>,
    ) -> Result<(), EncodeError>
    where
        's: 'v,
    {
        if let Some((step, rest)) = path.split_once('/') {
            return self.place(parent.step(step)?, rest, value, declared);
        }
        if let Some(name) = path.strip_prefix('@') {
            let leaf = leaf(value).ok_or_else(|| EncodeError::Nested { name: path.into(), kind: value.kind() })?;
            parent.attributes.push((checked(name)?, held(path, leaf)?));
            return Ok(());
        }
        match value {
            Value::List(list) => list.iter().try_for_each(|member| self.place(parent, path, member, declared)),
            Value::Map(map) => {
                let mut element = Element::named(path)?;
                for (key, member) in map.iter() {
                    let field = self.fields(declared).iter().find(|field| field.name == key);
                    let inner = field.map(|field| Declared { type_: Some(&field.type_), fields: &field.fields });
                    let wire = field.map_or(key, Field::wire_name);
                    self.place(&mut element, wire, member, inner.unwrap_or_default())?;
                }
                parent.children.push(element);
                Ok(())
            }
            single => {
                let mut element = Element::named(path)?;
                element.text = leaf(single).map(|leaf| held(path, leaf)).transpose()?;
                parent.children.push(element);
                Ok(())
            }
        }
    }

    fn fields(&self, declared: Declared<'s>) -> &'s [Field] {
        let shape = declared.type_.and_then(Type::shape);
        let shape = shape.and_then(|name| self.shapes.iter().find(|shape| shape.name == name));
        shape.map_or(declared.fields, |shape| &shape.fields)
    }
}

impl<'v> Element<'v> {
    fn named(name: &str) -> Result<Element<'v>, EncodeError> {
        Ok(Element { name: checked(name)?, attributes: vec![], children: vec![], text: None, step: false })
    }

    /// The element that paths through this name lead into.
    fn step(&mut self, name: &str) -> Result<&mut Element<'v>, EncodeError> {
        let found = self.children.iter().position(|child| child.step && child.name == name);
        let at = found.unwrap_or(self.children.len());
        if found.is_none() {
            self.children.push(Element { step: true, ..Element::named(name)? });
        }
        self.children.get_mut(at).ok_or_else(|| EncodeError::Name { name: name.to_owned() })
    }

    fn write(&self, body: &mut Body) {
        body.push(&format!("<{}", self.name));
        for (name, value) in &self.attributes {
            body.push(&format!(" {name}=\""));
            match value {
                Leaf::Plain(text) => body.push(&xml_attribute(text)),
                Leaf::Sealed(secret) => body.seal(secret, Escape::XmlAttribute),
            }
            body.push("\"");
        }
        if self.children.is_empty() && self.text.is_none() {
            return body.push("/>");
        }
        body.push(">");
        match &self.text {
            Some(Leaf::Plain(text)) => body.push(&xml(text)),
            Some(Leaf::Sealed(secret)) => body.seal(secret, Escape::Xml),
            None => self.children.iter().for_each(|child| child.write(body)),
        }
        body.push(&format!("</{}>", self.name));
    }
}

/// A text that XML can hold; an error for any other.
fn held<'v>(name: &str, leaf: Leaf<'v>) -> Result<Leaf<'v>, EncodeError> {
    let Leaf::Plain(text) = &leaf else { return Ok(leaf) };
    match text.chars().find(|&c| !xml_can_hold(c)) {
        Some(character) => Err(EncodeError::Character { name: name.to_owned(), character }),
        None => Ok(leaf),
    }
}

/// A name that an element or an attribute can have, without a prefix; an error for any other.
fn checked(name: &str) -> Result<String, EncodeError> {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let fits = begins && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if fits { Ok(name.to_owned()) } else { Err(EncodeError::Name { name: name.to_owned() }) }
}
