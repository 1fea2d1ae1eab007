//! Names and types as authors write them.

use crate::introspect::signature;
use crate::introspect::text;
use crate::listed::Parameter;
use model::Type;

/// A parameter with a name as authors write it: `$name`, `*names`, `name=`, and a type.
pub(super) fn parameter(name: &str, type_: Type, about: &str) -> Option<Parameter> {
    let bare = name.trim_start_matches('$').trim_end_matches([':', ',', '=']);
    let word = bare.trim_start_matches('*');
    let fits = word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    // Values that have names of their own cannot be sent in an order.
    if !fits || bare.starts_with("**") {
        return None;
    }
    let summary = text::line(about.trim_start_matches(['-', '–', ':', ' '])).trim_end_matches('.').to_owned();
    let variadic = bare.starts_with('*');
    let type_ = if variadic { Type::List(Box::new(Type::Any)) } else { type_ };
    Some(Parameter { name: text::name(word)?, type_, summary, variadic, ..Parameter::default() })
}

/// A type in the words of an author: `int`, `{string}`, `list of int`, `str, optional`, `string|null`.
pub(super) fn type_of(words: &str) -> Type {
    let first = words.split([',', '|']).next().unwrap_or_default().trim();
    let first = first.split_whitespace().next().unwrap_or_default();
    match signature::named(first) {
        Some(Type::None) | None => Type::Any,
        Some(_) if words.contains('|') => Type::Any,
        Some(type_) => type_,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_are_read_as_they_are_written() {
        for (name, read) in
            [("$a", Some("a")), ("*rest", Some("rest")), ("a=", Some("a")), ("**named", None), ("1a", None)]
        {
            assert_eq!(parameter(name, Type::Any, "").map(|it| it.name).as_deref(), read, "{name}");
        }
        for (words, type_) in
            [("int", "int"), ("{string}", "string"), ("str, optional", "string"), ("int|null", "any"), ("Pet", "any")]
        {
            assert_eq!(type_of(words).to_string(), type_, "{words}");
        }
    }
}
