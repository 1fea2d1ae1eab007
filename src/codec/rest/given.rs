//! Matches the arguments of a call to the parameters in the catalogue.

use std::borrow::Cow;

use model::route::{Place, Sends};
use model::{Arguments, Call, Map, Method, Param, Value};

use super::EncodeError;

/// One value of a call.
#[derive(Clone, Debug)]
pub(super) struct Given<'c> {
    /// The name that the user gave it.
    pub(super) name: Cow<'c, str>,
    /// Its name on the wire.
    pub(super) wire: Cow<'c, str>,
    /// The parameter; `None` for a name that is not in the catalogue.
    pub(super) param: Option<&'c Param>,
    pub(super) value: &'c Value,
    pub(super) place: Place,
}

/// The values of a call: first those in the catalogue, in its order, then the others as they were typed.
pub(super) fn given(call: &Call) -> Result<Vec<Given<'_>>, EncodeError> {
    let method = &*call.method;
    let Arguments::Named(arguments) = &call.arguments else {
        return Err(EncodeError::Unnamed { method: method.name.clone() });
    };
    let mut found: Vec<Given<'_>> = method.params.iter().flat_map(|param| known(method, param, arguments)).collect();
    let place = |name: &str| match (&method.route, &method.sends) {
        (Some(route), _) if route.mentions(name) => Place::Path,
        (_, Some(_)) => Place::Body,
        (_, None) => Place::Query,
    };
    for (name, value) in arguments.iter() {
        if !found.iter().any(|given| given.name == name) {
            let place = place(name);
            found.push(Given { name: name.into(), wire: name.into(), param: None, value, place });
        }
    }
    Ok(found)
}

/// The value of a parameter, and those that were given with its operators.
fn known<'c>(method: &Method, param: &'c Param, arguments: &'c Map) -> impl Iterator<Item = Given<'c>> {
    let place = method.place(param);
    let plain = (Cow::from(&param.name), Cow::from(param.wire_name()));
    let operated = param.operators.iter().map(|operator| {
        (format!("{}.{operator}", param.name).into(), format!("{}.{operator}", param.wire_name()).into())
    });
    std::iter::once(plain).chain(operated).filter_map(move |(name, wire)| {
        let value = arguments.get(&name)?;
        Some(Given { name, wire, param: Some(param), value, place })
    })
}

impl Given<'_> {
    /// Whether it is the whole body in one piece.
    pub(super) fn is_whole(&self) -> bool {
        self.param.is_none() && self.name == Sends::WHOLE
    }

    /// Whether its members are sent one by one under the same name.
    pub(super) fn repeats(&self) -> bool {
        self.param.is_some_and(|param| param.repeat)
    }
}
