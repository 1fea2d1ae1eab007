//! Checks arguments against the catalogue, as the provider does before anything else.

use super::fault::Fault;
use crate::kit::args::Args;
use crate::kit::check::parameters;
use model::method::Passing;
use model::{Map, Method, Shape, Value};

/// Binds the values of a request to the method's parameters; the error is about the first invalid one.
pub(super) fn arguments(method: &Method, values: Vec<Value>, shapes: &[Shape]) -> Result<Args, Fault> {
    let mut named = by_name(method, values)?;
    parameters(method, &mut named, shapes).map_err(|refusal| Fault::parameter(&refusal.name, &refusal.complaint))?;
    Ok(Args::new(named))
}

/// A call has one dictionary, or nothing; introspection takes its values in order.
fn by_name(method: &Method, mut values: Vec<Value>) -> Result<Map, Fault> {
    match (method.passing(), values.len()) {
        (Passing::Positional, given) if given <= method.params.len() => {
            Ok(method.params.iter().map(|param| param.name.as_str()).zip(values).collect())
        }
        (Passing::Named, 0) => Ok(Map::new()),
        (Passing::Named, 1) => match values.pop() {
            Some(Value::Map(map)) => Ok(map),
            _ => Err(Fault::parameter("params", "Give the parameters as one struct.")),
        },
        _ => Err(Fault::parameter("params", "Too many values.")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::Code;
    use super::*;
    use crate::kit::values::map;
    use model::Param;

    fn of(type_: &str) -> Param {
        Param { type_: type_.parse().unwrap(), ..Param::default() }
    }

    #[test]
    fn a_call_has_one_dictionary_or_values_in_order() {
        let method = |arguments| Method {
            arguments: Some(arguments),
            params: vec![Param { name: "p".into(), ..of("int") }],
            ..Method::default()
        };
        for (passing, values, fits) in [
            (Passing::Named, vec![], true),
            (Passing::Named, vec![Value::Map(Map::new())], true),
            (Passing::Named, vec![Value::Int(1)], false),
            (Passing::Named, vec![Value::Map(Map::new()), Value::Map(Map::new())], false),
            (Passing::Named, vec![map! { "q" => 1 }.into()], false),
            (Passing::Positional, vec![Value::Int(1)], true),
            (Passing::Positional, vec![], true),
            (Passing::Positional, vec![Value::Int(1), Value::Int(2)], false),
        ] {
            let outcome = arguments(&method(passing), values.clone(), &[]);
            assert_eq!(outcome.is_ok(), fits, "{passing:?} {values:?}");
        }
    }

    #[test]
    fn a_refusal_is_a_fault() {
        let params = vec![Param { name: "p".into(), required: true, ..of("int") }];
        let fault = arguments(&Method { params, ..Method::default() }, vec![], &[]).unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), (Code::BadParameters, "p: This field is required."));
    }
}
