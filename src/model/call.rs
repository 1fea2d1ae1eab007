//! A call: a method with its arguments, ready to be encoded.

use std::sync::Arc;

use super::method::Passing;
use super::{Arguments, Effects, Map, Method, Value};

/// Why named values cannot be put in the order of the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// A parameter before this one was left out, so the value would be read as that one's.
    Gap {
        /// The parameter that was given.
        name: String,
        /// The first parameter before it that was not given.
        missing: String,
    },
    /// The method has no parameter of that name, and the names are not sent.
    Unknown {
        /// The name.
        name: String,
    },
}

impl Arguments {
    /// Named values in the form that the method's arguments are sent in. Where names are not sent, the values of a
    /// method with known parameters are put in their order.
    ///
    /// Fails when a parameter before a given one is left out, or a name is unknown.
    pub fn passed(method: &Method, named: Map) -> Result<Arguments, Misplaced> {
        // A server may refuse an argument that the user did not give, even an empty dictionary.
        let needless = match method.arguments {
            None => method.params.is_empty(),
            Some(passing) => passing == Passing::Struct,
        };
        if named.is_empty() && (method.untyped || needless) {
            return Ok(Arguments::Positional(Vec::new()));
        }
        match method.passing() {
            Passing::Named | Passing::Struct => Ok(Arguments::Named(named)),
            Passing::Positional if method.untyped => {
                Ok(Arguments::Positional(named.into_iter().map(|(_, value)| value).collect()))
            }
            Passing::Positional => Arguments::in_order(method, named).map(Arguments::Positional),
        }
    }

    /// Named values in the order of the method's parameters.
    ///
    /// Fails when a parameter before a given one is left out, or a name is unknown.
    pub fn in_order(method: &Method, mut named: Map) -> Result<Vec<Value>, Misplaced> {
        let (mut values, mut missing) = (Vec::new(), None);
        for param in &method.params {
            match (named.remove(&param.name), missing.take()) {
                (Some(Value::List(members)), None) if param.variadic => values.extend(members),
                (Some(value), None) => values.push(value),
                (Some(_), Some(missing)) => return Err(Misplaced::Gap { name: param.name.clone(), missing }),
                (None, before) => missing = before.or_else(|| Some(param.name.clone())),
            }
        }
        match named.keys().next() {
            Some(name) => Err(Misplaced::Unknown { name: name.to_owned() }),
            None => Ok(values),
        }
    }
}

/// A method with bound and checked arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The method that is called.
    pub method: Arc<Method>,
    /// Its arguments.
    pub arguments: Arguments,
}

impl Call {
    /// What the call does to the account, given its values.
    pub fn effects(&self) -> Effects {
        self.method.effects_of(&self.arguments)
    }

    /// The value that it has for a parameter, by name or by position.
    pub fn argument(&self, name: &str) -> Option<&Value> {
        match &self.arguments {
            Arguments::Named(map) => map.get(name),
            Arguments::Positional(values) => values.get(self.method.position(name)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(passing: &str) -> Method {
        let params = r#"[{"name":"a"},{"name":"b"},{"name":"c"}]"#;
        serde_json::from_str(&format!(r#"{{"name":"x.y","arguments":"{passing}","params":{params}}}"#)).unwrap()
    }

    #[test]
    fn values_without_names_keep_their_order_and_leave_no_gap() {
        let gap = |name: &str, missing: &str| Err(Misplaced::Gap { name: name.into(), missing: missing.into() });
        for (given, passed) in [
            ("{}", Ok(vec![])),
            (r#"{"a":1}"#, Ok(vec![1])),
            (r#"{"b":2,"a":1}"#, Ok(vec![1, 2])),
            (r#"{"c":3,"b":2,"a":1}"#, Ok(vec![1, 2, 3])),
            (r#"{"a":1,"c":3}"#, gap("c", "b")),
            (r#"{"b":2}"#, gap("b", "a")),
            (r#"{"c":3}"#, gap("c", "a")),
            (r#"{"a":1,"d":4}"#, Err(Misplaced::Unknown { name: "d".into() })),
        ] {
            let given: Map = serde_json::from_str(given).unwrap();
            let values = |values: Vec<i64>| Arguments::Positional(values.into_iter().map(Value::Int).collect());
            assert_eq!(Arguments::passed(&method("positional"), given.clone()), passed.map(values), "{given:?}");
            assert_eq!(Arguments::passed(&method("named"), given.clone()), Ok(Arguments::Named(given)));
        }
    }

    #[test]
    fn a_value_is_found_by_name_and_by_position() {
        let method = Arc::new(method("positional"));
        let named = Arguments::Named(Map::from_iter([("b", 2)]));
        let values = Arguments::Positional(vec![1.into(), 2.into()]);
        for (arguments, found) in [(named, [None, Some(2), None]), (values, [Some(1), Some(2), None])] {
            let call = Call { method: Arc::clone(&method), arguments };
            assert_eq!(["a", "b", "c"].map(|name| call.argument(name).cloned()), found.map(|it| it.map(Value::Int)));
            assert_eq!(call.argument("x"), None);
        }
    }

    #[test]
    fn nothing_is_sent_where_nothing_is_given() {
        let bare = |passing| Method { name: "x.y".into(), arguments: passing, ..Method::default() };
        let nothing = Ok(Arguments::Positional(Vec::new()));
        assert_eq!(Arguments::passed(&bare(None), Map::new()), nothing);
        assert_eq!(Arguments::passed(&bare(Some(Passing::Named)), Map::new()), Ok(Arguments::Named(Map::new())));
        for (passing, empty) in [("struct", nothing), ("named", Ok(Arguments::Named(Map::new())))] {
            assert_eq!(Arguments::passed(&method(passing), Map::new()), empty, "{passing}");
        }
        let given = Map::from_iter([("a", 1)]);
        assert_eq!(Arguments::passed(&method("struct"), given.clone()), Ok(Arguments::Named(given)));
    }

    #[test]
    fn the_members_of_a_variadic_parameter_are_values_of_their_own() {
        let mut method = method("positional");
        method.params[2].variadic = true;
        let given: Map = serde_json::from_str(r#"{"a":1,"b":2,"c":[3,4]}"#).unwrap();
        let values = (1..5).map(Value::Int).collect();
        assert_eq!(Arguments::passed(&method, given), Ok(Arguments::Positional(values)));
    }

    #[test]
    fn a_method_known_only_to_the_server_takes_what_is_given() {
        let unknown = |passing| Method { arguments: passing, ..Method::discovered("x.y") };
        let given = Map::from_iter([("b", 2), ("a", 1)]);
        let values = Arguments::Positional(vec![2.into(), 1.into()]);
        assert_eq!(Arguments::passed(&unknown(Some(Passing::Positional)), given.clone()), Ok(values));
        assert_eq!(Arguments::passed(&unknown(None), given.clone()), Ok(Arguments::Named(given)));
        assert_eq!(Arguments::passed(&unknown(None), Map::new()), Ok(Arguments::Positional(vec![])));
    }
}
