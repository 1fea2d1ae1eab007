//! Paths → nested values: `rules[in][0][policy] DROP` and `roles[0].name server` build dictionaries and lists.

use super::error::BindError;
use lang::{Path, Segment};
use model::{Field, Map, Param, Type, Value};

/// Puts every value in its place. Faults are added to the list: a place taken twice, a list with a gap.
pub(super) fn assemble<'a>(values: impl Iterator<Item = (&'a Path, Value)>, faults: &mut Vec<BindError>) -> Map {
    let mut root = Value::Map(Map::new());
    for (path, value) in values {
        if let Err(fault) = place(&mut root, path, value) {
            faults.push(fault);
        }
    }
    match root {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

fn place(root: &mut Value, path: &Path, value: Value) -> Result<(), BindError> {
    let misfit = || BindError::Nesting { name: path.text.clone(), span: path.span };
    let mut at = root;
    let mut fresh = false;
    for segment in &path.segments {
        fresh = false;
        at = match segment {
            Segment::Key(key) => {
                if matches!(at, Value::Null) {
                    *at = Value::Map(Map::new());
                }
                let Value::Map(map) = at else { return Err(misfit()) };
                fresh |= map.get(key).is_none();
                map.entry(key)
            }
            Segment::Index(index) => {
                if matches!(at, Value::Null) {
                    *at = Value::List(Vec::new());
                }
                let Value::List(list) = at else { return Err(misfit()) };
                // Members come in order: a gap would have to be filled with something nobody typed.
                if *index == list.len() {
                    fresh = true;
                    list.push(Value::Null);
                }
                list.get_mut(*index).ok_or_else(misfit)?
            }
        };
    }
    if !fresh {
        return Err(BindError::Twice { name: path.text.clone(), span: path.span });
    }
    *at = value;
    Ok(())
}

/// The declared type of what a path leads to inside a parameter; `Any` where the catalogue does not say.
pub(super) fn inner_type(param: &Param, path: &Path) -> Type {
    let mut fields: &[Field] = &param.fields;
    path.segments.iter().skip(1).fold(param.type_.clone(), |type_, segment| step(type_, &mut fields, segment))
}

/// A number that leads into a dictionary of free names is one of them: `licenses[2]`.
pub(super) fn name_keys(param: &Param, path: &mut Path) {
    let mut fields: &[Field] = &param.fields;
    let mut type_ = param.type_.clone();
    for segment in path.segments.iter_mut().skip(1) {
        if let (Segment::Index(number), Type::MapOf(_)) = (&*segment, &type_) {
            *segment = Segment::Key(number.to_string());
        }
        type_ = step(type_, &mut fields, segment);
    }
}

/// The type of a member, and what is declared inside it.
fn step(outer: Type, fields: &mut &[Field], segment: &Segment) -> Type {
    match (segment, outer) {
        (Segment::Index(_), Type::List(inner)) => *inner,
        (Segment::Key(_), Type::MapOf(inner)) => *inner,
        (Segment::Key(key), Type::Dict) => match fields.iter().find(|field| &field.name == key) {
            Some(field) => {
                *fields = &field.fields;
                field.type_.clone()
            }
            None => Type::Any,
        },
        _ => Type::Any,
    }
}
