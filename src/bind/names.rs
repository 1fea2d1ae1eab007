//! Resolves the names of a line to parameters, and finds what the catalogue says about paths inside them.

use super::error::BindError;
use super::site::shown;
use super::wording::takes;
use lang::{Path, Segment};
use model::{Method, Param, Shape, Spec, Type, suggest};

/// The type of a value between a parameter and one of its parts, for an error.
fn kind(spec: &Spec<'_>) -> String {
    match spec.type_ {
        Type::Any => takes(spec.takes),
        other => other.described().to_owned(),
    }
}

/// Resolves a name: the path gets the parameter's own name and its operator's own spelling. Returns the catalogue's
/// description of that path, `None` where it has none. An unknown name is an error unless names are `free`.
pub(super) fn resolve<'m>(
    method: &'m Method,
    shapes: &'m [Shape],
    path: &mut Path,
    free: bool,
) -> Result<Option<Spec<'m>>, BindError> {
    if let Some(param) = method.param(&path.text) {
        path.segments = vec![Segment::Key(param.name.clone())];
        return Ok(Some(Spec::of(param)));
    }
    let Some(param) = method.param(path.root()) else {
        return if free { Ok(None) } else { Err(unknown(method, path)) };
    };
    if let Some(first) = path.segments.first_mut() {
        *first = Segment::Key(param.name.clone());
    }
    if let [_, Segment::Key(word)] = path.segments.as_slice()
        && !param.operators.is_empty()
    {
        let word = word.clone();
        return operator(param, method.any_case, &word, path, free);
    }
    match inside(param, shapes, path) {
        Err(_) if free => Ok(None),
        found => found.map(Some),
    }
}

/// A parameter with an operator, `created.MIN`, is a separate name without parts.
fn operator<'m>(
    param: &'m Param,
    any_case: bool,
    word: &str,
    path: &mut Path,
    free: bool,
) -> Result<Option<Spec<'m>>, BindError> {
    let same = |known: &&String| *known == word || any_case && known.eq_ignore_ascii_case(word);
    let Some(known) = param.operators.iter().find(same) else {
        if free {
            path.segments = vec![Segment::Key(format!("{}.{word}", param.name))];
            return Ok(None);
        }
        let known = param.operators.clone();
        return Err(BindError::Operator { name: param.name.clone(), word: word.to_owned(), known, span: path.part(1) });
    };
    path.segments = vec![Segment::Key(format!("{}.{known}", param.name))];
    let spec = Spec::of(param);
    Ok(Some(spec.member().unwrap_or(spec)))
}

/// What the catalogue says about a parameter's value with an operator, by the name in its path.
pub(super) fn operated<'m>(method: &'m Method, name: &str) -> Option<Spec<'m>> {
    let (name, operator) = name.rsplit_once('.')?;
    let param = method.params.iter().find(|param| param.name == name)?;
    param.operators.iter().any(|known| known == operator).then(|| Spec::of(param).member().unwrap_or(Spec::of(param)))
}

/// What a path leads to inside a parameter. A number as a key of a dictionary with free names becomes such a name:
/// `licenses[2]`.
fn inside<'m>(param: &'m Param, shapes: &'m [Shape], path: &mut Path) -> Result<Spec<'m>, BindError> {
    let mut spec = Spec::of(param);
    for at in 1..path.segments.len() {
        let Some(segment) = path.segments.get_mut(at) else { break };
        if let (Segment::Index(number), Type::MapOf(_)) = (&*segment, spec.type_) {
            *segment = Segment::Key(number.to_string());
        }
        let segment = segment.clone();
        spec = step(spec, &segment, shapes).map_err(|known| {
            let outer = shown(path.segments.get(..at).unwrap_or_default());
            match (known, segment) {
                (Some(known), Segment::Key(name)) => unknown_field(outer, &name, known, path.part(at)),
                _ => BindError::Inside { name: path.text.clone(), outer, kind: kind(&spec), span: path.span },
            }
        })?;
    }
    Ok(spec)
}

/// What one part of a path leads to. `Err` gives the existing fields, or `None` when there are no parts of that kind.
fn step<'m>(spec: Spec<'m>, segment: &Segment, shapes: &'m [Shape]) -> Result<Spec<'m>, Option<Vec<String>>> {
    match (spec.type_, segment) {
        (Type::List(_), Segment::Index(_)) | (Type::MapOf(_), _) => spec.member().ok_or(None),
        (Type::Dict | Type::Shape(_), Segment::Key(key)) => match spec.fields(shapes) {
            None => Ok(Spec::any()),
            Some((fields, _)) => match fields.iter().find(|field| field.name == *key) {
                Some(field) => Ok(Spec::of_field(field)),
                None => Err(Some(fields.iter().map(|field| field.name.clone()).collect())),
            },
        },
        (Type::Any, _) if spec.takes.is_empty() => Ok(Spec::any()),
        (Type::Any, segment) => {
            let fits = |wanted: &&Type| {
                matches!(
                    (wanted, segment),
                    (Type::List(_), Segment::Index(_))
                        | (Type::Dict | Type::MapOf(_) | Type::Shape(_), Segment::Key(_))
                )
            };
            let wanted = spec.takes.iter().find(fits).ok_or(None)?;
            step(spec.as_type(wanted), segment, shapes)
        }
        _ => Err(None),
    }
}

fn unknown(method: &Method, path: &Path) -> BindError {
    let names = method.params.iter().map(|param| param.name.as_str());
    let mut near = suggest::nearest(path.root(), names.clone());
    if near.is_empty() {
        near = suggest::kin(path.root(), names);
    }
    let near = near.into_iter().map(str::to_owned).collect();
    BindError::Unknown { method: method.name.clone(), name: path.text.clone(), span: path.span, near }
}

/// The error of a key that a dictionary does not have.
pub(super) fn unknown_field(outer: String, name: &str, known: Vec<String>, span: model::Span) -> BindError {
    let near = suggest::nearest(name, known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
    BindError::UnknownField { outer, name: name.to_owned(), span, near, known }
}
