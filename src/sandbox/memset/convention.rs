//! The methods of `system.*` that exist by convention, but are not in the catalogue.

use model::method::Passing;
use model::{Method, Param, Type};

/// Runs several calls in one. It is not in the catalogue, because it should not be called by name.
pub(crate) const MULTICALL: &str = "system.multicall";

/// Whether a method exists only by convention and is not documented: such a method can be switched off.
pub(crate) fn is_conventional(name: &str) -> bool {
    matches!(name, "system.methodSignature" | MULTICALL)
}

/// A method that exists but is not in the catalogue.
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
    fn only_the_method_that_carries_calls_is_uncatalogued() {
        let method = uncatalogued(MULTICALL).unwrap();
        assert_eq!((method.name.as_str(), method.passing()), (MULTICALL, Passing::Positional));
        assert!(is_conventional(MULTICALL) && is_conventional("system.methodSignature"));
        assert!(!is_conventional("system.listMethods") && uncatalogued("system.listMethods").is_none());
    }
}
