//! Binding: a parsed line and a method become a call, or all faults of the line at once.
//!
//! `names` resolves the names of the line, `coerce` reads the words, `nest` puts the values into each other, `check`
//! compares them with the catalogue at every depth, with `limits` for single values and `depend` for the rules between
//! them. `scalar` and `fit` convert a value to a type, `site` has the position of every part in the line, `wording` its
//! name in an error. Pure, except for the files and standard input that a value may name; those come through
//! [`Sources`].

mod answer;
mod broken;
mod check;
mod coerce;
mod depend;
mod error;
mod fit;
mod json;
mod later;
mod limits;
mod names;
mod nest;
mod positional;
mod scalar;
mod site;
mod sources;
mod wording;

use std::sync::Arc;

use lang::{Item, Line, Pair, Path, Segment, Word};
use model::call::Misplaced;
use model::{Arguments, Call, Map, Method, Param, Shape, Value};

pub use answer::{answer, secret_answer};
pub use broken::{Broken, Depend};
pub use error::{Absent, BindError, Faults};
use site::{Origin, Site, Sites};
pub use sources::{Nowhere, Outside, Sources};

/// How strictly to bind, and with which shapes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'s> {
    /// Accept parameters and values that the catalogue does not allow.
    pub unchecked: bool,
    /// Take values without names, in the order of the method, and send them so.
    pub positional: bool,
    /// The dictionaries that parameters may be described by.
    pub shapes: &'s [Shape],
}

/// Binds the arguments of a line to a method's parameters.
pub fn bind(method: &Arc<Method>, line: &Line, rules: Rules<'_>, sources: &mut dyn Sources) -> Result<Call, Faults> {
    bind_with(method, line, &[], rules, sources)
}

/// Binds the arguments of a line, with values of further parameters that are not in it.
pub fn bind_with(
    method: &Arc<Method>,
    line: &Line,
    given: &[(String, Value)],
    rules: Rules<'_>,
    sources: &mut dyn Sources,
) -> Result<Call, Faults> {
    let free = method.untyped || rules.unchecked;
    let mut faults = Vec::new();
    let (pairs, rest) = match rules.positional {
        true => positional::pairs(method, line, free, &mut faults),
        false => (line.pairs().map_err(|error| Faults::from(BindError::Syntax(error)))?, &[][..]),
    };
    // The values would be assigned to the wrong parameters, so further errors would mean nothing.
    if !faults.is_empty() {
        return Err(Faults::new(faults));
    }
    let sites = read(method, pairs, line, free, rules.shapes, sources);
    let mut named = nest::assemble(method, &sites, &mut faults);
    for (name, value) in given {
        named.insert(&**name, value.clone());
    }
    if !free {
        faults.extend(missing(method, &sites, given));
        faults.extend(check::parameters(method, rules.shapes, &sites, &mut named));
    }
    let rest = rest.iter().map(|item| unnamed(method, item, sources)).collect::<Result<Vec<_>, _>>();
    faults.extend(sites.faults().iter().cloned());
    let rest = rest.unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    if !faults.is_empty() {
        return Err(Faults::new(faults));
    }
    check::seal(method, rules.shapes, &mut named);
    if !free {
        confirm(method, &mut named);
    }
    let arguments = passed(method, named, rest, rules.positional);
    let arguments = arguments.map_err(|wrong| Faults::from(misplaced(method, wrong, &sites)))?;
    Ok(Call { method: Arc::clone(method), arguments })
}

/// Warnings for the user about a bound call that its provider accepts, but may not treat as intended.
pub fn remarks(call: &Call) -> Vec<String> {
    match &call.arguments {
        Arguments::Named(given) => depend::remarks(&call.method.rules, given),
        Arguments::Positional(_) => Vec::new(),
    }
}

/// The value of an item that belongs to no parameter, such as that of a variable assignment: read as its own type says.
pub fn value(name: &Word, item: &Item, sources: &mut dyn Sources) -> Result<Value, Faults> {
    let name = Path::parse(name).map_err(|error| Faults::from(BindError::Syntax(error)))?;
    let pair = Pair { name, tag: item.tag.as_ref(), value: &item.word };
    Ok(coerce::value(&pair, None, sources)?.0)
}

/// The value of an item that has no name at all; errors call it `what`.
pub fn nameless(what: &str, item: &Item, sources: &mut dyn Sources) -> Result<Value, Faults> {
    Ok(coerce::value(&positional::pair(what, item), None, sources)?.0)
}

/// The value with its texts sealed, so that they cannot be shown from now on.
pub fn seal(value: Value) -> Value {
    coerce::seal(value)
}

/// Reads the values of a line, each on its own.
fn read<'l>(
    method: &Method,
    pairs: Vec<Pair<'l>>,
    line: &Line,
    free: bool,
    shapes: &[Shape],
    sources: &mut dyn Sources,
) -> Sites<'l> {
    let (mut sites, mut faults) = (Vec::new(), Vec::new());
    for mut pair in pairs {
        let spec = match method.untyped {
            true => Ok(None),
            false => names::resolve(method, shapes, &mut pair.name, free),
        };
        let (value, origin) = spec.and_then(|spec| coerce::value(&pair, spec, sources)).unwrap_or_else(|fault| {
            faults.push(fault);
            (Value::Null, Origin::Faulted)
        });
        sites.push(Site { pair, value, origin });
    }
    Sites::new(sites, line.head.span, faults)
}

/// A value for a parameter that is not in the catalogue. It may be a secret in the wrong place.
fn unnamed(method: &Method, item: &Item, sources: &mut dyn Sources) -> Result<Value, BindError> {
    let value = coerce::value(&positional::pair("", item), None, sources)?.0;
    Ok(if method.params.iter().any(|param| param.secret) { coerce::seal(value) } else { value })
}

/// Answers the provider's own "are you sure?" parameters: the shell has asked the user.
fn confirm(method: &Method, named: &mut Map) {
    for param in &method.params {
        if let (Some(answer), None) = (param.answer(), named.get(&param.name)) {
            named.insert(&*param.name, answer.clone());
        }
    }
}

/// The required parameters that are missing. Not those that a mistyped name may have been meant for: that name has been
/// reported.
fn missing(method: &Method, sites: &Sites<'_>, given: &[(String, Value)]) -> Option<BindError> {
    let meant = |name: &String| {
        sites.faults().iter().any(|fault| matches!(fault, BindError::Unknown { near, .. } if near.contains(name)))
    };
    let is_given = |param: &Param| {
        sites.iter().any(|site| site.pair.name.root() == param.name)
            || given.iter().any(|(name, _)| *name == param.name)
            || meant(&param.name)
    };
    let params = method.params.iter().filter(|param| param.required && param.answer().is_none() && !is_given(param));
    let names: Vec<(String, String)> = params.map(|param| (param.name.clone(), param.type_.keyword())).collect();
    (!names.is_empty()).then(|| BindError::Missing { method: method.name.clone(), names, span: sites.head() })
}

/// The arguments as they are sent: by name, or in order.
fn passed(method: &Method, named: Map, rest: Vec<Value>, positional: bool) -> Result<Arguments, Misplaced> {
    if !positional {
        return Arguments::passed(method, named);
    }
    let mut values = Arguments::in_order(method, named)?;
    values.extend(rest);
    Ok(Arguments::Positional(values))
}

fn misplaced(method: &Method, wrong: Misplaced, sites: &Sites<'_>) -> BindError {
    let path = |name: &str| [Segment::Key(name.to_owned())];
    match wrong {
        Misplaced::Gap { name, missing } => BindError::Gap { span: sites.key(&path(&name)), name, missing },
        Misplaced::Unknown { name } => {
            BindError::Placeless { method: method.name.clone(), span: sites.key(&path(&name)), name }
        }
    }
}

#[cfg(test)]
mod tests;
