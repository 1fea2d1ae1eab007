//! Arguments meet parameters: a parsed line and a method become a call, or every fault of the line at once.
//!
//! Pure but for the files and the standard input that a value may name; those come in through [`Sources`].

mod answer;
mod check;
mod coerce;
mod error;
mod json;
mod later;
mod nest;

use std::sync::Arc;

pub use answer::{answer, secret_answer};
pub use error::{Absent, BindError, Faults};
use lang::{Item, Line, Pair, Path, Segment, Variable, Word};
use model::method::Passing;
use model::{Arguments, Call, Map, Method, Param, Type, Value, suggest};

/// Where values that are not in the line itself come from.
pub trait Sources {
    /// The bytes of a file; the error says why not.
    fn file(&mut self, path: &str) -> Result<Vec<u8>, String>;
    /// All of standard input; the error says why not.
    fn stdin(&mut self) -> Result<Vec<u8>, String>;
    /// What a variable holds; the error says what is missing.
    fn variable(&mut self, variable: &Variable) -> Result<Value, Absent> {
        Err(Absent { message: format!("`{}` is not set", variable.text), hint: None })
    }

    /// Whether what comes from there is not known before the line runs: then any value will do.
    fn is_open(&self, _: &Origin<'_>) -> bool {
        false
    }
}

/// Where a value that is not in the line itself comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'o> {
    /// A variable, or a part of one.
    Variable(&'o Variable),
    /// The file of that path.
    File(&'o str),
    /// Standard input.
    Stdin,
}

/// No files and no standard input: for looking at a line without taking anything from anywhere.
pub struct Nowhere;

impl Sources for Nowhere {
    fn file(&mut self, _: &str) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn variable(&mut self, _: &Variable) -> Result<Value, Absent> {
        Ok(Value::Null)
    }
}

/// How strictly to bind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Send parameters and values that the catalogue does not allow.
    pub unchecked: bool,
    /// Send the values as separate parameters in the order typed.
    pub positional: bool,
}

/// Binds the arguments of a line to a method's parameters.
pub fn bind(method: &Arc<Method>, line: &Line, rules: Rules, sources: &mut dyn Sources) -> Result<Call, Faults> {
    bind_with(method, line, &[], rules, sources)
}

/// Binds the arguments of a line, and values of further parameters that are not in it.
pub fn bind_with(
    method: &Arc<Method>,
    line: &Line,
    given: &[(String, Value)],
    rules: Rules,
    sources: &mut dyn Sources,
) -> Result<Call, Faults> {
    let mut pairs = line.pairs().map_err(|error| Faults::from(BindError::Syntax(error)))?;
    for pair in &mut pairs {
        join_operator(method, &mut pair.name);
        if let Some(param) = param_of(method, &pair.name) {
            nest::name_keys(param, &mut pair.name);
        }
    }
    let free = method.untyped || rules.unchecked;
    let mut faults = Vec::new();
    let mut values: Vec<(&Pair<'_>, Value)> = Vec::new();
    for pair in &pairs {
        match value_of(method, pair, free, sources) {
            Ok(value) => values.push((pair, value)),
            Err(fault) => faults.push(fault),
        }
    }
    if !free {
        faults.extend(missing(method, &pairs, given, line, &faults));
    }
    let mut named = nest::assemble(values.into_iter().map(|(pair, value)| (&pair.name, value)), &mut faults);
    for (name, value) in given {
        named.insert(&**name, value.clone());
    }
    if !faults.is_empty() {
        return Err(Faults::new(faults));
    }
    if !free {
        confirm(method, &mut named);
    }
    let order = pairs.iter().map(|pair| pair.name.root()).chain(given.iter().map(|(name, _)| name.as_str()));
    Ok(Call { method: Arc::clone(method), arguments: arguments(method, named, order, rules) })
}

/// The value of an item that belongs to no parameter, such as what a variable is set to: read as its own type says.
pub fn value(name: &Word, item: &Item, sources: &mut dyn Sources) -> Result<Value, Faults> {
    let name = Path::parse(name).map_err(|error| Faults::from(BindError::Syntax(error)))?;
    let pair = Pair { name, tag: item.tag.as_ref(), value: &item.word };
    Ok(coerce::value(&pair, &Type::Any, sources)?)
}

/// The same value, its texts sealed: they must not be shown from here on.
pub fn seal(value: Value) -> Value {
    coerce::seal(value)
}

/// A parameter with an operator, `created.MIN`, is a name of its own and leads into nothing.
fn join_operator(method: &Method, path: &mut Path) {
    if operated(method, &path.text).is_some() {
        path.segments = vec![Segment::Key(path.text.clone())];
    }
}

/// The parameter that a name with an operator belongs to.
fn operated<'m>(method: &'m Method, name: &str) -> Option<&'m Param> {
    let (name, operator) = name.rsplit_once('.')?;
    method.param(name).filter(|param| param.operators.iter().any(|known| known == operator))
}

/// Answers the provider's own questions whether one is sure: whoever gave the line has been asked by the shell.
fn confirm(method: &Method, named: &mut Map) {
    for param in &method.params {
        if let (Some(answer), None) = (param.answer(), named.get(&param.name)) {
            named.insert(&*param.name, answer.clone());
        }
    }
}

fn value_of(method: &Method, pair: &Pair<'_>, free: bool, sources: &mut dyn Sources) -> Result<Value, BindError> {
    let param = param_of(method, &pair.name);
    if param.is_none() && !free {
        return Err(unknown(method, &pair.name));
    }
    let declared = declared_type(param, &pair.name);
    let value = coerce::value(pair, &declared, sources)?;
    let Some(param) = param else { return Ok(value) };
    if !free && pair.name.segments.len() == 1 {
        check::allowed(param, &value, pair)?;
    }
    Ok(if param.secret { coerce::seal(value) } else { value })
}

fn param_of<'m>(method: &'m Method, path: &Path) -> Option<&'m Param> {
    method.param(&path.text).or_else(|| operated(method, &path.text)).or_else(|| method.param(path.root()))
}

/// The type to read the value as: the parameter's own, or nothing known inside a dictionary or a list.
fn declared_type(param: Option<&Param>, path: &Path) -> Type {
    match param {
        Some(param) if path.segments.len() == 1 => param.type_.clone(),
        Some(param) => nest::inner_type(param, path),
        None => Type::Any,
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

/// The required parameters that are given nowhere. One that a mistyped name may have been meant for is not missing:
/// that name is told already.
fn missing(
    method: &Method,
    pairs: &[Pair<'_>],
    given: &[(String, Value)],
    line: &Line,
    faults: &[BindError],
) -> Option<BindError> {
    let meant = |name: &String| {
        faults.iter().any(|fault| matches!(fault, BindError::Unknown { near, .. } if near.contains(name)))
    };
    let given = |param: &Param| {
        pairs.iter().any(|pair| pair.name.root() == param.name)
            || given.iter().any(|(name, _)| *name == param.name)
            || meant(&param.name)
    };
    let params: Vec<Param> = method
        .params
        .iter()
        .filter(|param| param.required && param.answer().is_none() && !given(param))
        .cloned()
        .collect();
    (!params.is_empty()).then(|| BindError::Missing {
        method: method.name.clone(),
        names: params.into_iter().map(|param| (param.name, param.type_.keyword())).collect(),
        span: line.head.span,
    })
}

fn arguments<'n>(method: &Method, named: Map, order: impl Iterator<Item = &'n str>, rules: Rules) -> Arguments {
    // A server of unknown habits may refuse an argument that nobody gave, if only an empty dictionary.
    if method.untyped && named.is_empty() {
        return Arguments::Positional(Vec::new());
    }
    if rules.positional {
        return Arguments::Positional(pick(named, order));
    }
    match method.arguments {
        Passing::Named => Arguments::Named(named),
        Passing::Positional => Arguments::Positional(pick(named, method.params.iter().map(|p| p.name.as_str()))),
    }
}

fn pick<'n>(mut named: Map, order: impl Iterator<Item = &'n str>) -> Vec<Value> {
    order.filter_map(|name| named.remove(name)).collect()
}

#[cfg(test)]
mod tests;
