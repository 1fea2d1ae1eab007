//! Paths → nested values: `rules[in][0][policy] DROP` and `roles[0].name server` build dictionaries and lists.

use super::error::BindError;
use super::site::{Origin, Site, Sites};
use lang::{Path, Segment};
use model::{Map, Method, Type, Value};

/// Puts every value in its place. Adds faults to the list: a path used twice, a list with a gap.
pub(super) fn assemble(method: &Method, sites: &Sites<'_>, faults: &mut Vec<BindError>) -> Map {
    let mut root = Value::Map(Map::new());
    for site in sites.iter() {
        let Site { pair, value, origin } = site;
        if matches!(origin, Origin::Faulted | Origin::Open) {
            // A value was intended here: its parents do not count as missing.
            hold(&mut root, &pair.name);
        } else if let Err(fault) = place(&mut root, &pair.name, value.clone(), method) {
            faults.push(fault);
        }
    }
    match root {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

/// Creates the place of a faulty value, as far as it can be reached.
fn hold(root: &mut Value, path: &Path) {
    let mut at = root;
    for segment in &path.segments {
        match step(at, segment) {
            Some((next, _)) => at = next,
            None => return,
        }
    }
}

fn place(root: &mut Value, path: &Path, value: Value, method: &Method) -> Result<(), BindError> {
    let misfit = || BindError::Nesting { name: path.text.clone(), span: path.span };
    let (mut at, mut fresh) = (root, false);
    for segment in &path.segments {
        (at, fresh) = step(at, segment).ok_or_else(misfit)?;
    }
    if !fresh {
        let param = method.param(path.root());
        let listed = path.segments.len() == 1 && param.is_some_and(|param| matches!(param.type_, Type::List(_)));
        return Err(BindError::Twice { name: path.text.clone(), listed, span: path.span });
    }
    *at = value;
    Ok(())
}

/// The place that a part of a path leads to, and whether it is new. A list cannot have gaps: they would have to be
/// filled with values that the user did not type.
fn step<'v>(at: &'v mut Value, segment: &Segment) -> Option<(&'v mut Value, bool)> {
    match segment {
        Segment::Key(key) => {
            if matches!(at, Value::Null) {
                *at = Value::Map(Map::new());
            }
            let Value::Map(map) = at else { return None };
            let fresh = map.get(key).is_none();
            Some((map.entry(key), fresh))
        }
        Segment::Index(index) => {
            if matches!(at, Value::Null) {
                *at = Value::List(Vec::new());
            }
            let Value::List(list) = at else { return None };
            let fresh = *index == list.len();
            if fresh {
                list.push(Value::Null);
            }
            list.get_mut(*index).map(|value| (value, fresh))
        }
    }
}
