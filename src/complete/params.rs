//! The names of a method's parameters, and paths inside those that are dictionaries or lists.

use super::candidate::Candidate;
use super::cursor::tag_kind;
use super::fit::fitting;
use lang::TagKind;
use model::{Field, Method, Param, Shape, Type};
use registry::Source;

/// Required parameters first, deprecated ones last; those already given and those that the shell answers itself are
/// left out. After a dot or a bracket, the names inside.
pub(super) fn names(word: &str, method: &Method, source: Option<&Source>, used: &[&str]) -> Vec<Candidate> {
    if let Some(at) = word.find(['.', '[']) {
        let param = word.get(..at).and_then(|root| method.param(root));
        return param.map(|param| inner(word, param, source, used)).unwrap_or_default();
    }
    let open =
        |param: &&Param| !used.iter().any(|used| *used == param.name) && (param.answer().is_none() || !word.is_empty());
    let mut found = fitting(word, method.params.iter().filter(open).collect(), |param| param.name.as_str());
    found.sort_by_key(|param| (!is_due(param), param.deprecated.is_some()));
    found.into_iter().map(|param| Candidate::new(&*param.name, describe(param))).collect()
}

/// Whether the provider refuses a call without it, and the shell cannot answer it.
pub(super) fn is_due(param: &Param) -> bool {
    param.required && param.answer().is_none()
}

fn describe(param: &Param) -> String {
    let mark = match (is_due(param), &param.deprecated) {
        (true, _) => "* ",
        (_, Some(_)) => "deprecated: ",
        _ => "",
    };
    format!("{mark}({}) {}", param.type_.keyword(), param.summary)
}

/// What is known about a place in nested data: its type, and the fields of it or of its members.
#[derive(Clone)]
pub(super) struct Node<'n> {
    pub(super) type_: &'n Type,
    fields: &'n [Field],
    shapes: &'n [Shape],
}

impl<'n> Node<'n> {
    pub(super) fn new(type_: &'n Type, fields: &'n [Field], source: Option<&'n Source>) -> Node<'n> {
        Node { type_, fields, shapes: source.map(Source::shapes).unwrap_or_default() }
    }

    /// The fields of it, or of its members.
    pub(super) fn fields(&self) -> &'n [Field] {
        let shape = self.type_.shape().and_then(|name| self.shapes.iter().find(|shape| shape.name == name));
        shape.map_or(self.fields, |shape| &shape.fields)
    }

    /// The place that a name leads to; that of a list is inside its members.
    pub(super) fn inside(self, name: &str) -> Option<Node<'n>> {
        let mut inner = self;
        while let Type::List(_) | Type::MapOf(_) = inner.type_ {
            inner = inner.step(name)?;
        }
        inner.step(name)
    }

    /// The place that a key or an index leads to.
    fn step(&self, piece: &str) -> Option<Node<'n>> {
        match self.type_ {
            Type::List(inner) | Type::MapOf(inner) => Some(Node { type_: inner, ..self.clone() }),
            _ => {
                let field = self.fields().iter().find(|field| field.name == piece)?;
                Some(Node { type_: &field.type_, fields: &field.fields, shapes: self.shapes })
            }
        }
    }
}

/// The place that a name with dots and brackets leads to.
pub(super) fn at<'n>(path: &str, method: &'n Method, source: Option<&'n Source>) -> Option<Node<'n>> {
    let mut pieces = path.split(['.', '[', ']']).filter(|piece| !piece.is_empty());
    let param = method.param(pieces.next()?)?;
    pieces.try_fold(Node::new(&param.type_, &param.fields, source), |node, piece| node.step(piece))
}

/// The operators, keys and indexes that can follow a name.
fn inner(word: &str, param: &Param, source: Option<&Source>, used: &[&str]) -> Vec<Candidate> {
    // A key follows a closed bracket, with or without a dot.
    let cut = word.rfind(['.', '[', ']']).unwrap_or(0);
    let (base, begun) = (word.get(..cut).unwrap_or(""), word.get(cut + 1..).unwrap_or(""));
    let base = if word.get(cut..).is_some_and(|rest| rest.starts_with(']')) { format!("{base}]") } else { base.into() };
    let mut pieces = base.split(['.', '[', ']']).filter(|piece| !piece.is_empty()).skip(1);
    let root = Node::new(&param.type_, &param.fields, source);
    let Some(node) = pieces.try_fold(root, |node, piece| node.step(piece)) else { return Vec::new() };
    let mut found: Vec<Candidate> = Vec::new();
    if base == param.name {
        let operators = param.operators.iter().map(|operator| (format!("{base}.{operator}"), operator));
        found.extend(operators.map(|(name, operator)| Candidate::new(name, format!("{operator} of {base}"))));
    }
    match node.type_ {
        Type::List(_) => found.extend(indexes(&base, used).map(|name| Candidate::new(name, "").open())),
        Type::MapOf(_) => {}
        _ => {
            let fields = node.fields().iter().filter(|field| field.name.starts_with(begun));
            found.extend(fields.map(|field| key(&base, field)));
        }
    }
    found.retain(|it| it.insert.starts_with(&base) && it.insert.get(cut..).is_some_and(|rest| fits(rest, begun)));
    found.retain(|it| !used.contains(&it.insert.as_str()));
    found
}

/// Whether the part after the base begins with what was typed of it.
fn fits(rest: &str, begun: &str) -> bool {
    rest.trim_start_matches(['.', '[', ']']).starts_with(begun)
}

/// The list members that the line already has, and the next one: a list has no gaps.
fn indexes(base: &str, used: &[&str]) -> impl Iterator<Item = String> {
    let opened = format!("{base}[");
    let index = |name: &&str| name.strip_prefix(&opened)?.split(']').next()?.parse::<usize>().ok();
    let next = used.iter().filter_map(index).max().map_or(0, |most| most.saturating_add(1));
    (next.saturating_sub(1)..=next).map(move |index| format!("{opened}{index}]"))
}

fn key(base: &str, field: &Field) -> Candidate {
    let name = format!("{base}.{}", field.name);
    Candidate::new(name, format!("({}) {}", field.type_.keyword(), field.summary))
}

/// The types that can be written before a value, the parameter's own first.
pub(super) fn tags(word: &str, method: Option<&Method>, name: &str) -> Vec<Candidate> {
    let own = method.and_then(|method| method.param(name)).map(|param| param.type_.keyword());
    let mut names: Vec<&str> = TagKind::NAMES.to_vec();
    names.sort_by_key(|name| Some(*name) != own.as_deref());
    let tags = names.into_iter().map(|name| format!("({name})")).filter(|tag| tag.starts_with(word));
    tags.map(|tag| Candidate { summary: explain(&tag).to_owned(), ..Candidate::new(tag, "") }.open()).collect()
}

fn explain(tag: &str) -> &'static str {
    match tag_kind(tag) {
        Some(TagKind::String) => "text as it stands",
        Some(TagKind::Int) => "a whole number",
        Some(TagKind::Float) => "a decimal number",
        Some(TagKind::Boolean) => "true or false",
        Some(TagKind::Date) => "a date, or a date and a time",
        Some(TagKind::Json) => "any JSON",
        Some(TagKind::Null) => "no value",
        Some(TagKind::File) => "the text of a file",
        Some(TagKind::Base64) => "the bytes of a file",
        Some(TagKind::List(_)) => "members between commas",
        None => "",
    }
}

/// The fields of the result, or of its rows, each with a summary.
pub(super) fn result_fields<'m>(method: &'m Method, source: Option<&'m Source>) -> Vec<(&'m str, &'m str)> {
    let fields = Node::new(&method.returns, &method.fields, source).fields();
    fields.iter().map(|field| (field.name.as_str(), field.summary.as_str())).collect()
}
