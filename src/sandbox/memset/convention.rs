//! What of `system.*` is there by convention, and in no catalogue.

use model::method::Passing;
use model::{Method, Param, Type};

/// Runs several calls in one. It is no method of the catalogue, as nobody should call it by name.
pub(crate) const MULTICALL: &str = "system.multicall";

/// Whether a method is there by convention alone, documented nowhere: then it can be switched off.
pub(crate) fn is_conventional(name: &str) -> bool {
    matches!(name, "system.methodSignature" | MULTICALL)
}

/// A method that is there and in no catalogue.
pub(crate) fn uncatalogued(name: &str) -> Option<Method> {
    let calls =
        Param { name: "calls".into(), type_: Type::List(Box::new(Type::Dict)), required: true, ..Param::default() };
    (name == MULTICALL).then(|| Method {
        name: name.to_owned(),
        arguments: Some(Passing::Positional),
        params: vec![calls],
        returns: Type::List(Box::new(Type::Any)),
        ..Method::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_that_carries_calls_is_in_no_catalogue() {
        let method = uncatalogued(MULTICALL).unwrap();
        assert_eq!((method.name.as_str(), method.passing()), (MULTICALL, Passing::Positional));
        assert!(is_conventional(MULTICALL) && is_conventional("system.methodSignature"));
        assert!(!is_conventional("system.listMethods") && uncatalogued("system.listMethods").is_none());
    }
}
