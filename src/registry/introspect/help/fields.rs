//! `@param TYPE NAME text` of Java, PHP and JavaScript, and `:param TYPE NAME: text` of reStructuredText.

use super::words::{parameter, type_of};
use crate::introspect::signature;
use crate::listed::Parameter;
use model::Type;

/// The text without its fields, and the parameters among them. What is moved in below a field belongs to it.
pub(super) fn read(text: &str) -> (String, Vec<Parameter>) {
    let (mut rest, mut fields) = (Vec::new(), Vec::<String>::new());
    let mut inside = false;
    for row in text.lines() {
        let begins = is_field(row);
        inside = begins || inside && row.starts_with([' ', '\t']);
        match (begins, inside, fields.last_mut()) {
            (true, ..) => fields.push(row.trim().to_owned()),
            (false, true, Some(field)) => {
                field.push(' ');
                field.push_str(row.trim());
            }
            _ => rest.push(row),
        }
    }
    let mut params: Vec<Parameter> = fields.iter().filter_map(|field| java(field).or_else(|| rest_of(field))).collect();
    for (name, type_) in fields.iter().filter_map(|field| typed(field)) {
        if let Some(param) = params.iter_mut().find(|param| param.name == name && param.type_ == Type::Any) {
            param.type_ = type_;
        }
    }
    (rest.join("\n"), params)
}

fn is_field(row: &str) -> bool {
    let row = row.trim_start();
    let java = ["@param", "@return", "@throws", "@exception", "@type", "@rtype"];
    let rest = [":param", ":parameter", ":arg", ":argument", ":type", ":return", ":rtype", ":raise", ":except", ":key"];
    java.iter().any(|word| row.starts_with(word))
        || rest.iter().any(|word| row.starts_with(word)) && row.get(1..).is_some_and(|row| row.contains(':'))
}

fn java(field: &str) -> Option<Parameter> {
    let said = field.strip_prefix("@param")?.strip_prefix([' ', '\t'])?.trim_start();
    let (first, rest) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    if first.starts_with('$') {
        return parameter(first, Type::Any, rest);
    }
    let is_type = signature::named(first).is_some() || first.starts_with('{') || first.contains('|');
    match rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim_start(), "")) {
        (name, about) if !name.is_empty() && (is_type || name.starts_with('$')) => {
            parameter(name, type_of(first), about)
        }
        _ => parameter(first, Type::Any, rest),
    }
}

fn rest_of(field: &str) -> Option<Parameter> {
    let (head, about) = field.strip_prefix(':')?.split_once(':')?;
    let (kind, rest) = head.split_once(' ')?;
    if !["param", "parameter", "arg", "argument", "key"].contains(&kind) {
        return None;
    }
    match rest.trim().rsplit_once(' ') {
        Some((type_, name)) => parameter(name, type_of(type_), about),
        None => parameter(rest.trim(), Type::Any, about),
    }
}

/// `:type NAME: TYPE`.
fn typed(field: &str) -> Option<(&str, Type)> {
    let (name, type_) = field.strip_prefix(":type ")?.split_once(':')?;
    Some((name.trim(), type_of(type_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_field_is_read() {
        for (field, read) in [
            ("@param string name Which one", Some(("name", "string", "Which one"))),
            ("@param string", Some(("string", "any", ""))),
            ("@param string $name", Some(("name", "string", ""))),
            ("@param $name Which one", Some(("name", "any", "Which one"))),
            ("@param int|null $n How many", Some(("n", "any", "How many"))),
            ("@param struct[] rows Rows", Some(("rows", "list:dict", "Rows"))),
            ("@param 5", None),
            ("@param", None),
            (":param name: Which", Some(("name", "any", "Which"))),
            (":param str name: Which", Some(("name", "string", "Which"))),
            (":raises ValueError: Never", None),
        ] {
            let param = java(field).or_else(|| rest_of(field));
            let shown = param.map(|it| (it.name, it.type_.to_string(), it.summary));
            assert_eq!(shown, read.map(|(a, b, c)| (a.into(), b.into(), c.into())), "{field}");
        }
    }

    #[test]
    fn the_text_around_fields_stays() {
        let (text, params) = read("Before\n:param a: one\n   and on\nAfter: all\n:odd");
        assert_eq!((text.as_str(), params.len()), ("Before\nAfter: all\n:odd", 1));
        assert_eq!(params[0].summary, "one and on");
    }
}
